"""The capacitance of each compartment of a cell, however it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.recording.regions import region_of, section_of

_UNIT = "uF/cm**2"


def per_site(given: Any, morphology: Morphology, sections: Sequence[Any] | None = None) -> dict[str, float]:
    """The capacitance of every compartment.

    Parameters
    ----------
    given : Quantity, mapping of str to Quantity, or None
        One for all; an array with one for each compartment of the morphology (or each of its nodes), or for
        each of `sections`; or by site, section or region, where a site goes before its section, and that
        before its region. None for that of the morphology, or of the sections.
    morphology : Morphology
    sections : sequence of str or NEURON sections, optional

    Returns
    -------
    dict of str to float
        In uF/cm**2 by site; empty where nothing tells it.

    Raises
    ------
    ArgumentError
        When a compartment has none, an array has another length, or a value is not positive.
    UnknownNameError
        When a name is no site, section or region.

    Examples
    --------
    >>> two = Morphology(["soma(0.5)", "dend[3](0.5)"], [-1, 0], [0, 2], [100, 50], [0, 60])
    >>> per_site({"soma": 1 * pq.uF / pq.cm**2, "dend": 2.12 * pq.uF / pq.cm**2}, two)
    {'soma(0.5)': 1.0, 'dend[3](0.5)': 2.12}
    """
    sites = [site for site, joint in zip(morphology.sites, morphology.is_joint, strict=True) if not joint]
    if given is None:
        return _of_cell(sites, morphology, sections)
    if isinstance(given, Mapping):
        return _of_names(given, sites)
    several = _each(given)
    if len(several) == 1:
        return dict.fromkeys(sites, units.positive(several[0], _UNIT, "capacitance"))
    return _of_array(several, sites, morphology, sections)


def _each(given: Any) -> list[Any]:
    if isinstance(given, pq.Quantity):
        return [given] if given.ndim == 0 else list(given.ravel())
    return list(given) if isinstance(given, (list, tuple, np.ndarray)) else [given]


def _of_cell(sites: list[str], morphology: Morphology, sections: Sequence[Any] | None) -> dict[str, float]:
    if morphology.capacitance is not None:
        return {site: float(morphology.capacitance[morphology.index(site)]) for site in sites}
    built = {s.name(): s for s in sections or () if not isinstance(s, str) and hasattr(s, "cm")}
    if not sites or any(section_of(site) not in built for site in sites):
        return {}
    return {site: float(built[section_of(site)](_position(site)).cm) for site in sites}


def _of_names(given: Mapping[str, Any], sites: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    known = {name for site in sites for name in (site, section_of(site), region_of(site))}
    for name in given:
        if name not in known:
            raise unknown_name("site, section or region in capacitance=", name, sorted(known))
    values = {name: units.positive(value, _UNIT, f"capacitance[{name!r}]") for name, value in given.items()}
    for site in sites:
        names = [name for name in (site, section_of(site), region_of(site)) if name in values]
        if not names:
            raise ArgumentError(
                f"capacitance= says nothing of {site}: add {section_of(site)!r} or {region_of(site)!r}."
            )
        found[site] = values[names[0]]
    return found


def _of_array(
    given: list[Any], sites: list[str], morphology: Morphology, sections: Sequence[Any] | None
) -> dict[str, float]:
    values = [units.positive(value, _UNIT, f"capacitance[{k}]") for k, value in enumerate(given)]
    names = [s if isinstance(s, str) else s.name() for s in sections or ()]
    meanings = []
    if len(values) == len(sites):
        meanings.append(dict(zip(sites, values, strict=True)))
    if len(values) == len(morphology) != len(sites):
        meanings.append({site: values[morphology.index(site)] for site in sites})
    if names and len(values) == len(names) and {section_of(site) for site in sites} <= set(names):
        meanings.append({site: values[names.index(section_of(site))] for site in sites})
    if not meanings or any(meaning != meanings[0] for meaning in meanings):
        of_sections = f" or {len(names)} (for each of sections=)" if names else ""
        what = "could be meant for compartments or for sections" if meanings else "fits neither"
        raise ArgumentError(
            f"capacitance= has {len(values)} values, where {len(sites)} (for each compartment of the "
            f"morphology){of_sections} are needed, and {what}: write {{section: value}}."
        )
    return meanings[0]


def _position(site: str) -> float:
    return float(site.rpartition("(")[2].rstrip(")"))
