"""Choosing from a Segment the voltage, currents, ions and electrode of one neuron and site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.annotations import membranes_of
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, warn
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.cells import index_of
from neo_currentscape.recording.choices import Choice, Names, labelled, meant, one_variable
from neo_currentscape.recording.inventory import Variable, prefix_of
from neo_currentscape.recording.match import as_names, not_found
from neo_currentscape.recording.parts import Parts, in_parts
from neo_currentscape.recording.patterns import matching
from neo_currentscape.recording.refusals import (
    no_current,
    refuse_other_roles,
    refuse_part_of_pynn,
    refuse_taken,
)
from neo_currentscape.recording.regions import section_of
from neo_currentscape.recording.voltages import membrane_potential


def choose(
    variables: Sequence[Variable],
    *,
    neuron: int | None,
    site: str | None,
    voltage: str | bool | None,
    currents: Names,
    ions: Names,
    electrode: Names,
    parts: Parts = None,
) -> tuple[dict[str, list[Choice]], int | None, str | None]:
    """Choose the variables of a Recording.

    Parameters
    ----------
    variables : sequence of Variable
        The inventory of a Segment.
    neuron, site, voltage, currents, ions, electrode, parts
        As for `neo_currentscape.Recording.from_segment`.

    Returns
    -------
    choices : dict of list of Choice
        Under the keys "currents", "voltage", "ions", "electrode", "capacitive" and "axial"; under "parts"
        those that are to add up.
    neuron : int or None
        The neuron that all of them belong to.
    site : str or None
        The site that all of them belong to.

    Raises
    ------
    SelectionError
        When something is missing or ambiguous, with what there is.
    """
    currents, ions, electrode = (as_names(names) for names in (currents, ions, electrode))
    if not variables:
        raise SelectionError("The segment holds no signal: record the voltage and the currents first.")
    if site is None and not is_named(currents):
        variables = _at_membranes(variables)
    site = _find_site(variables, site)
    here = _at_site(variables, site)
    chosen = {"currents": _currents(here, currents, electrode, site)}
    site = site or _only_site(chosen["currents"])
    here = _at_site(variables, site)
    chosen["currents"], chosen["parts"] = in_parts(chosen["currents"], here, parts)
    left = _without(here, chosen["currents"])
    chosen["voltage"] = _pick_voltage(left, voltage, site, here)
    chosen["ions"] = _without_other_places(_pick(left, ions, "ion", "ions="), ions, site)
    chosen["electrode"] = _electrodes(left, electrode, site, chosen["currents"])
    chosen["capacitive"] = _pick(left, None, "capacitive", "")
    chosen["axial"] = _pick(left, None, "axial", "")
    neuron = resolve_neuron(chosen, neuron)
    if currents in (None, True):
        chosen["currents"] = _without_other_populations(chosen["currents"], neuron)
    named = {"ions": ions, "electrode": electrode}
    for part in ("ions", "electrode", "capacitive", "axial"):
        if named.get(part) in (None, True):
            # What nobody asked for may be recorded of other neurons only: then there is none here.
            chosen[part] = [c for c in chosen[part] if column_of(c, neuron) is not None]
    return chosen, neuron, site


def _currents(
    here: Sequence[Variable], currents: Names, electrode: Names, site: str | None
) -> list[Choice]:
    """The membrane currents, without what is said to be an electrode's."""
    named = is_named(currents)
    said = [] if named or not is_named(electrode) else _pick(here, electrode, "electrode", "electrode=")
    picked = _pick(_without(here, said), currents, "current", "currents=")
    found = _without_other_places(picked, currents, site)
    if not named:
        refuse_part_of_pynn([choice.variable for choice in found])
    if not found:
        raise SelectionError(no_current(here, named, [choice.variable for choice in said]))
    refuse_other_roles([choice.variable for choice in found])
    return found


def is_named(names: Names) -> bool:
    """Whether the caller chose signals, which None and True leave to what they are."""
    return names is not None and names is not True


def _without(variables: Sequence[Variable], taken: Sequence[Choice]) -> list[Variable]:
    ids = {id(choice.variable) for choice in taken}
    return [variable for variable in variables if id(variable) not in ids]


def _electrodes(
    left: Sequence[Variable], names: Names, site: str | None, taken: Sequence[Choice]
) -> list[Choice]:
    """The injected currents; what was commanded stands for them where none was recorded."""
    if isinstance(names, str) and not matching(left, names):
        refuse_taken(names, [choice.variable for choice in taken])
    found = _without_other_places(_pick(left, names, "electrode", "electrode="), names, site)
    if found or is_named(names):
        return found
    commands = [v for v in left if v.role == "command" and v.kind != "voltage"]
    return [Choice(v.short_name, v, "electrode") for v in commands]


def _without_other_populations(choices: list[Choice], neuron: int | None) -> list[Choice]:
    """Leave out what only another population has, as in an assembly of two cell types."""
    told = [_population(choice) for choice in choices]
    own = {
        population
        for choice, population in zip(choices, told, strict=True)
        if column_of(choice, neuron) is not None
    }
    if not own or None in own:
        return choices
    return [
        c for c, population in zip(choices, told, strict=True) if population is None or population in own
    ]


def _population(choice: Choice) -> tuple[Any, Any] | None:
    notes = choice.variable.signal.annotations
    told = (notes.get("source_population"), notes.get("model"))
    return None if told == (None, None) else told


def _at_membranes(variables: Sequence[Variable]) -> Sequence[Variable]:
    """Leave out what lies outside the membranes, where nothing else is asked for."""
    # A signal may hold thousands of channels, and be that of many variables.
    told = {
        key: membranes_of(signal) for key, signal in {id(v.signal): v.signal for v in variables}.items()
    }
    inside = [v for v in variables if not any(told[id(v.signal)][column] for column in v.columns)]
    return inside or variables


def _find_site(variables: Sequence[Variable], site: str | None) -> str | None:
    """The recorded site that is meant: "soma" may stand for "soma(0.5)", and the other way round."""
    sites = sorted({v.site for v in variables if v.site is not None})
    if site is None or site in sites or any(v.name.startswith(f"{site}.") for v in variables):
        near = [] if site is None or site in sites else [s for s in sites if s == section_of(site)]
        return near[0] if near else site
    near = [known for known in sites if section_of(known) == site]
    if len(near) != 1:
        listed = f"the sites are {quoted(sites)}" if sites else "no signal names a site, so leave site= out"
        raise SelectionError(f"Site {brief(site)} was not recorded: {listed}.")
    return near[0]


def _at_site(variables: Sequence[Variable], site: str | None) -> list[Variable]:
    if site is None:
        return list(variables)
    return [v for v in variables if v.site in (None, site) or v.name.startswith(f"{site}.")]


def _without_other_places(choices: list[Choice], names: Names, site: str | None) -> list[Choice]:
    """Leave out what nobody named and is elsewhere by its name, as "tree.ica" for "soma"; say so."""
    named = [prefix_of(choice.variable.name) == site for choice in choices]
    if site is None or names not in (None, True) or not any(named):
        return choices
    kept = [
        choice
        for choice, is_here in zip(choices, named, strict=True)
        if is_here or choice.variable.site == site or not prefix_of(choice.variable.name)
    ]
    here = {id(choice) for choice in kept}
    left = [choice.variable.name for choice in choices if id(choice) not in here]
    if left:
        warn(
            f"Left out {quoted(left, 5)}, whose names do not say site {site!r} as others do: name all that "
            f"are there with {choices[0].role}{'' if choices[0].role == 'electrode' else 's'}=[...]."
        )
    return kept


def quoted(values: Sequence[Any], limit: int = 20) -> str:
    """List values in an error message, the first few of many."""
    return ", ".join(repr(value) for value in values[:limit]) + (", ..." if len(values) > limit else "")


def _pick(variables: Sequence[Variable], names: Names, role: str, what: str) -> list[Choice]:
    """Choose by role where nothing is named, else by name, glob or {label: name}."""
    if names is False:
        return []
    if names is None or names is True:
        found = [v for v in variables if v.role == role]
        if role == "ion":  # units first: names count only where no signal has the unit
            found = [v for v in found if v.kind == "concentration"] or found
        return [Choice(v.short_name, v, role) for v in found]
    if isinstance(names, str):
        names = [names]
    if isinstance(names, Mapping):
        return labelled(variables, names, role, what)
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise ArgumentTypeError(
            f"{what} takes one name, a list of names or patterns, or {{label: name}}, not {brief(names)}."
        )
    taken: dict[int, Variable] = {}
    for name in names:
        matches = matching(variables, name)
        if not matches:
            raise not_found(variables, name, what)
        taken.update({id(v): v for v in meant(matches, name, role) if id(v) not in taken})
    return [Choice(v.short_name, v, role) for v in taken.values()]


def _pick_voltage(
    variables: Sequence[Variable],
    voltage: str | bool | None,
    site: str | None,
    everything: Sequence[Variable],
) -> list[Choice]:
    if voltage is False:
        return []
    if isinstance(voltage, str):
        return [Choice(v.short_name, v, "voltage") for v in one_variable(variables, voltage, "voltage=")]
    if voltage is not None and voltage is not True:
        told = brief(voltage)
        raise ArgumentTypeError(f"voltage= takes the name of a signal, or False for none, not {told}.")
    found = membrane_potential(variables, site, everything)
    return [Choice(v.short_name, v, "voltage") for v in found]


def _only_site(choices: Sequence[Choice]) -> str | None:
    sites = sorted({c.variable.site for c in choices if c.variable.site is not None})
    if len(sites) > 1:
        raise SelectionError(
            f"The currents come from {len(sites)} sites ({quoted(sites)}) and a currentscape is of one: "
            f"write site={sites[0]!r}."
        )
    return sites[0] if sites else None


def _number_of(neuron: Any) -> int:
    """The number of a neuron that is given as such, or as a collection of one (NEST's ``nodes[2]``)."""
    if not isinstance(neuron, (bool, int, np.integer)) and hasattr(neuron, "tolist"):
        found = neuron.tolist()
        neuron = found[0] if isinstance(found, list) and len(found) == 1 else neuron
    if isinstance(neuron, bool) or not isinstance(neuron, (int, np.integer)):
        raise ArgumentTypeError(
            f"neuron= takes the index of one neuron, not {brief(neuron)} (on NEST its node id, or "
            "nodes[k])."
        )
    return int(neuron)


def resolve_neuron(chosen: Mapping[str, Sequence[Choice]], neuron: int | None) -> int | None:
    """Decide which neuron is meant.

    Parameters
    ----------
    chosen : mapping of str to sequence of Choice
        The variables of each part.
    neuron : int or None
        What the caller says.

    Returns
    -------
    int or None
        None where the signals do not tell neurons apart.

    Raises
    ------
    SelectionError
        When several are possible, or there is nothing to choose from.
    """
    # The currents decide: a voltage may well have been recorded of more neurons than they.
    neuron = index_of(neuron, [choice.variable for choice in chosen["currents"]])
    indices = _neurons(chosen["currents"]) or _neurons([c for part in chosen.values() for c in part])
    if neuron is not None:
        neuron = _number_of(neuron)
        if not indices and neuron != 0:
            raise SelectionError(
                f"neuron={neuron} was asked for, but the signals hold one neuron and do not number it: "
                "leave neuron= out."
            )
        return neuron
    if len(indices) > 1:
        raise SelectionError(
            f"The chosen signals hold {len(indices)} neurons ({quoted(indices)}) and a currentscape is of "
            f"one: write neuron={indices[0]}."
        )
    return indices[0] if indices else None


def _neurons(choices: Sequence[Choice]) -> list[int]:
    known = [c.variable.neurons for c in choices if c.variable.neurons is not None]
    return sorted({int(index) for neurons in known for index in neurons})


def column_of(choice: Choice, neuron: int | None) -> int | None:
    """Find the channel of a chosen variable that belongs to a neuron.

    Returns
    -------
    int or None
        None when the variable was recorded, but not for this neuron, or more than once for it.
    """
    variable = choice.variable
    if variable.neurons is None or neuron is None:
        return int(variable.columns[0]) if len(variable.columns) == 1 else None
    return variable.column_of_neuron.get(int(neuron))
