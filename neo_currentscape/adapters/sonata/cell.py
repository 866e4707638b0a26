"""The whole of one cell from SONATA reports over all sections, with a morphology that they do not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.capacitance import per_site
from neo_currentscape.adapters.neuron.slopes import from_reversal
from neo_currentscape.adapters.signals import Clock, Writer, capacitive_current
from neo_currentscape.adapters.sonata.segment import to_segment
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    UnitsError,
    unknown_name,
)
from neo_currentscape.conventions.given import mapping
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.recording.regions import section_of

#: What sites of a report are called.
_REPORTED = re.compile(r"sec\[\d+\]")

#: Distance to a reversal potential (mV) below which the quotient is lost in rounding.
CLOSE = 1e-6


def cell_segment(
    reports: Any,
    morphology: Morphology,
    *,
    sections: Sequence[Any] | None = None,
    node: int | None = None,
    capacitance: Any = None,
    reversal: Mapping[str, Any] | None = None,
    electrodes: Mapping[str, Any] | None = None,
    **options: Any,
) -> neo.Segment:
    """Put the reports of one cell over all its sections into a Segment, with its morphology.

    Parameters
    ----------
    reports : mapping of str to path
        The voltage, every membrane current, and the electrodes, each over all sections (of a current: all
        that have it); synapses of BMTK from its netcon_report of the variable "i".
    morphology : Morphology
        Of the cell, e.g. `neo_currentscape.adapters.neuron.morphology` of the cell that the simulation
        built.
    sections : sequence of str or NEURON sections, optional
        The section that each ``element_id`` means, 0, 1, 2 ...; of BMTK ``list(cell.hobj.all)``.
        May be left out where the sites of the morphology are called as in the reports, "sec[3](0.5)".
    node : int, optional
        Which node; may be left out where the reports hold one.
    capacitance : Quantity or mapping of str to Quantity, optional
        Of the membrane per area, for the capacitive current where no report holds it; one sample is lost
        to the difference quotient. One for all, an array (for each compartment of the morphology, or
        for each of the sections), or by site, section or region. Left out, it is that of the
        morphology, or of the sections where they are NEURON's, if these tell it.
    reversal : mapping of str to Quantity, optional
        Reversal potentials of currents by report, for reports of NEURON with a fixed step (BMTK's): their
        currents were evaluated at the voltage before the step, and what flowed is
        ``i[k] (v[k] - e) / (v[k-1] - e)``, as `neo_currentscape.adapters.neuron.ledger` has it (the
        first sample stays as it is). Without it such a recording does not balance while the voltage
        changes fast.
    electrodes : mapping of str to Quantity of shape (time,), optional
        What electrodes inject (nA, inward positive) at the times of the reports, by site of the morphology
        or of the reports. BMTK's clamp_report neither says where, nor holds the clamps of a
        configuration. Of an IClamp, ``amp * ((t > delay) & (t <= delay + dur))``.
    **options
        As for `neo_currentscape.adapters.sonata.to_segment`.

    Returns
    -------
    neo.Segment
        For `neo_currentscape.CellRecording.from_segment`. Reports in single precision, which the
        specification has, hold a voltage of -70 mV to 4e-6 mV, which limits the balance where
        compartments are tightly coupled; BMTK's are in double precision.

    Raises
    ------
    SelectionError
        When a compartment of the reports, or the site of an electrode, is not one of the morphology.
    ArgumentError
        When the sections are fewer than the reports have, or an electrode has other samples.

    Examples
    --------
    >>> segment = cell_segment(                                          # doctest: +SKIP
    ...     ["v.h5", "ina.h5", "ik.h5", "i_pas.h5"],
    ...     morphology,
    ...     sections=sections,
    ...     capacitance=1 * pq.uF / pq.cm**2,
    ... )
    """
    if not isinstance(morphology, Morphology):
        raise ArgumentTypeError(
            f"cell_segment takes the Morphology of the cell, not {brief(morphology)}: write e.g. "
            "adapters.neuron.morphology(section)."
        )
    places = _Places(morphology, sections)
    areas = {site: float(a) for site, a in zip(morphology.sites, np.asarray(morphology.area), strict=True)}
    found = to_segment(reports, node=node, **options)
    kept: list[Any] = []
    has_capacitive = any(s.annotations.get("role") == "capacitive" for s in found.analogsignals)
    for signal in found.analogsignals:
        site = places.find(str(signal.annotations.get("site")))
        signal.annotations["site"] = site
        if "area" not in signal.annotations:
            signal.annotate(area=areas[site] * units.parse_units("um**2"))
        kept.append(signal)
    for site, given in mapping(electrodes, "electrodes= takes {site: current}").items():
        if site not in places.known and not _REPORTED.match(site):
            raise unknown_name("site in electrodes=", site, morphology.sites)
        kept.append(_injected(kept, places.find(site), given))
    if reversal is not None:
        kept = _aligned(kept, reversal)
    per_area = {} if has_capacitive else per_site(capacitance, morphology, sections)
    if per_area:
        kept = _with_capacitive(kept, areas, per_area)
    segment = neo.Segment(name="SONATA reports")
    segment.analogsignals.extend(kept)
    morphology.annotate(segment)
    return segment


class _Places:
    """Translates the sites of reports into those of a morphology."""

    def __init__(self, morphology: Morphology, sections: Sequence[Any] | None) -> None:
        self.known = set(morphology.sites)
        self.sections = (
            None if sections is None else [s if isinstance(s, str) else s.name() for s in sections]
        )
        self.of_section: dict[str, list[str]] = {}
        for site, joint in zip(morphology.sites, morphology.is_joint, strict=True):
            if not joint:
                self.of_section.setdefault(section_of(site), []).append(site)
        for sites in self.of_section.values():
            sites.sort(key=_position)

    def find(self, site: str) -> str:
        """The site of the morphology that a site of a report means."""
        if site in self.known and (self.sections is None or not _REPORTED.match(site)):
            return site
        stem = section_of(site)
        number = int(stem.partition("[")[2].partition("]")[0] or 0)
        if self.sections is not None and number >= len(self.sections):
            raise ArgumentError(
                f"The reports have section {number}, and sections= lists {len(self.sections)}: list "
                "all, in the order of their numbers."
            )
        name = stem if self.sections is None else self.sections[number]
        if name not in self.of_section:
            raise SelectionError(
                f"{site} of the reports is in no section of the morphology ({name!r}): give "
                "sections=[...], the section that each number means."
            )
        inside = self.of_section[name]
        return inside[min(int(_position(site) * len(inside)), len(inside) - 1)]


def _position(site: str) -> float:
    return float(site.rpartition("(")[2].rstrip(")"))


def _report_of(signal: Any) -> str:
    """The name of the report of a signal, without the number of a synapse."""
    return str(signal.name).partition("[")[0]


def _injected(signals: list[Any], site: str, given: Any) -> Any:
    """The signal of an electrode, on the times of the reports."""
    clock = signals[0]
    if not units.same_dimension(getattr(given, "units", pq.dimensionless), pq.nA):
        raise UnitsError(
            f"electrodes[{site!r}] is no current: give a Quantity of shape (time,), e.g. values * pq.nA."
        )
    values = np.asarray(given.rescale("nA").magnitude, dtype=float).ravel()
    if len(values) != len(clock):
        raise ArgumentError(
            f"The electrode at {site} has {len(values)} samples, and the reports {len(clock)}: give its "
            "current at their times."
        )
    writer = Writer(Clock.of(clock), site=site)
    return writer.add("electrode", values, "nA", "electrode", "inward")


def _aligned(signals: list[Any], reversal: Mapping[str, Any]) -> list[Any]:
    """Bring currents from the voltage before each step to the voltage after it."""
    names = {_report_of(signal) for signal in signals}
    for name in reversal:
        if name not in names:
            raise unknown_name("report in reversal=", name, sorted(names))
    potentials = {
        name: units.scalar(value, "mV", f"reversal[{name!r}]") for name, value in reversal.items()
    }
    voltage = {
        signal.annotations["site"]: np.asarray(signal.rescale("mV").magnitude, dtype=float)
        for signal in signals
        if signal.annotations["role"] == "voltage"
    }
    out = []
    for signal in signals:
        name = _report_of(signal)
        if name not in potentials:
            out.append(signal)
            continue
        force = voltage[signal.annotations["site"]] - potentials[name]
        driving = np.where(np.abs(force[:-1]) < CLOSE, 0.0, force[:-1])
        moved = np.array(signal.magnitude, dtype=float)
        moved[1:] = from_reversal(moved[1:, 0], driving[:, 0])[:, None] * force[1:]
        out.append(signal.duplicate_with_new_data(moved))
    return out


def _with_capacitive(signals: list[Any], areas: dict[str, float], per_area: dict[str, float]) -> list[Any]:
    out = []
    for signal in signals:
        kept = signal[1:]
        out.append(kept)
        if signal.annotations["role"] != "voltage":
            continue
        site = signal.annotations["site"]
        if site not in per_area:
            continue  # a joint
        nanofarad = per_area[site] * areas[site] * 1e-5
        out.append(capacitive_current(signal, nanofarad, Clock.of(kept)))
    return out
