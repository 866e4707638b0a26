"""Choosing from a Segment the voltage, currents, ions and electrode of one neuron and site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions import roles
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import describe, matching, not_found

Names = str | Sequence[str] | Mapping[str, str] | bool | None


@dataclass(frozen=True)
class Choice:
    """A variable that was chosen, the label it gets, and the role that it plays."""

    label: str
    variable: Variable
    role: str


def choose(
    variables: Sequence[Variable],
    *,
    neuron: int | None,
    site: str | None,
    voltage: str | bool | None,
    currents: Names,
    ions: Names,
    electrode: Names,
) -> tuple[dict[str, list[Choice]], int | None, str | None]:
    """Choose the variables of a Recording.

    Parameters
    ----------
    variables : sequence of Variable
        The inventory of a Segment.
    neuron, site, voltage, currents, ions, electrode
        As for `neo_currentscape.Recording.from_segment`.

    Returns
    -------
    choices : dict of list of Choice
        Under the keys "currents", "voltage", "ions", "electrode" and "capacitive".
    neuron : int or None
        The neuron that all of them belong to.
    site : str or None
        The site that all of them belong to.

    Raises
    ------
    SelectionError
        When something is missing or ambiguous, with what there is.
    """
    if not variables:
        raise SelectionError("The segment holds no signal: record the voltage and the currents first.")
    here = _at_site(variables, site)
    chosen = {"currents": _pick(here, currents, "current", "currents=")}
    if not chosen["currents"]:
        raise SelectionError(_no_current(here))
    site = site or _only_site(chosen["currents"])
    here = _at_site(variables, site)
    taken = {id(choice.variable) for choice in chosen["currents"]}
    left = [variable for variable in here if id(variable) not in taken]
    chosen["voltage"] = _pick_voltage(left, voltage)
    chosen["ions"] = _pick(left, ions, "ion", "ions=")
    chosen["electrode"] = _pick(left, electrode, "electrode", "electrode=")
    chosen["capacitive"] = _pick(left, None, "capacitive", "")
    chosen["axial"] = _pick(left, None, "axial", "")
    everything = [choice for group in chosen.values() for choice in group]
    return chosen, _resolve_neuron(everything, neuron), site


def _at_site(variables: Sequence[Variable], site: str | None) -> list[Variable]:
    if site is None:
        return list(variables)
    sites = sorted({v.site for v in variables if v.site is not None})
    if site not in sites and not any(v.name.startswith(f"{site}.") for v in variables):
        found = ", ".join(repr(known) for known in sites) or "none is named"
        raise SelectionError(f"Site {site!r} was not recorded: the sites are {found}.")
    return [v for v in variables if v.site in (None, site) or v.name.startswith(f"{site}.")]


def _pick(variables: Sequence[Variable], names: Names, role: str, what: str) -> list[Choice]:
    """Choose by role where nothing is named, else by name, glob or {label: name}."""
    if names is False:
        return []
    if names is None or names is True:
        found = [v for v in variables if v.role == role]
        return [Choice(v.short_name, v, role) for v in found]
    if isinstance(names, str):
        names = [names]
    if isinstance(names, Mapping):
        return [
            Choice(str(label), _only(variables, name, f"{what[:-1]} {label!r}:"), role)
            for label, name in names.items()
        ]
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise ArgumentTypeError(
            f"{what} takes one name, a list of names or patterns, or {{label: name}}, not {names!r}."
        )
    found = []
    for name in names:
        matches = matching(variables, name)
        if not matches:
            raise not_found(variables, name, what)
        found += [v for v in matches if not any(v is other for other in found)]
    return [Choice(v.short_name, v, role) for v in found]


def _only(variables: Sequence[Variable], name: str, what: str) -> Variable:
    found = matching(variables, name)
    if not found:
        raise not_found(variables, name, what)
    if len(found) > 1:
        raise SelectionError(f"{what} {name!r} matches several signals: {describe(found)}: name one.")
    return found[0]


def _no_current(variables: Sequence[Variable]) -> str:
    unitless = [v for v in variables if v.role == "other" and v.kind == "dimensionless"]
    listed = describe(variables)
    if unitless:
        name = unitless[0].name
        return (
            f"No signal has the unit of a current ({listed}): "
            f"for signals stored without a unit write units={{{name!r}: 'pA'}}."
        )
    return (
        f"No signal has the unit of a current ({listed}): name the currents with currents=[...], or "
        "record them."
    )


def _pick_voltage(variables: Sequence[Variable], voltage: str | bool | None) -> list[Choice]:
    if voltage is False:
        return []
    if isinstance(voltage, str):
        return [Choice(voltage, _only(variables, voltage, "voltage="), "voltage")]
    if voltage is not None and voltage is not True:
        raise ArgumentTypeError(f"voltage= takes the name of a signal, or False for none, not {voltage!r}.")
    found = [v for v in variables if v.role == "voltage"]
    if not found:
        raise SelectionError(
            f"No signal has the unit of a voltage ({describe(variables)}): name it with voltage=..., "
            "or write voltage=False to do without."
        )
    if len(found) > 1:
        named = [v for v in found if roles.looks_like_membrane_potential(v.short_name)]
        found = named or found
    if len(found) > 1 and len({v.name for v in found}) > 1:
        raise SelectionError(
            f"Several signals could be the membrane potential ({describe(found)}): name it with voltage=..."
        )
    return [Choice(v.short_name, v, "voltage") for v in found]


def _only_site(choices: Sequence[Choice]) -> str | None:
    sites = sorted({c.variable.site for c in choices if c.variable.site is not None})
    if len(sites) > 1:
        shown = ", ".join(repr(site) for site in sites[:20]) + (", ..." if len(sites) > 20 else "")
        raise SelectionError(
            f"The currents come from {len(sites)} sites ({shown}) and a currentscape is of one: "
            f"write site={sites[0]!r}."
        )
    return sites[0] if sites else None


def _resolve_neuron(choices: Sequence[Choice], neuron: int | None) -> int | None:
    if neuron is not None:
        if isinstance(neuron, bool) or not isinstance(neuron, (int, np.integer)):
            raise ArgumentTypeError(f"neuron= takes the index of one neuron, not {neuron!r}.")
        return int(neuron)
    known = [c.variable.neurons for c in choices if c.variable.neurons is not None]
    indices = sorted({int(index) for neurons in known for index in neurons})
    if len(indices) > 1:
        shown = ", ".join(map(str, indices[:20])) + (", ..." if len(indices) > 20 else "")
        raise SelectionError(
            f"The chosen signals hold {len(indices)} neurons ({shown}) and a currentscape is of one: "
            f"write neuron={indices[0]}."
        )
    return indices[0] if indices else None


def column_of(choice: Choice, neuron: int | None) -> int | None:
    """Find the channel of a chosen variable that belongs to a neuron.

    Returns
    -------
    int or None
        None when the variable was recorded, but not for this neuron.
    """
    variable = choice.variable
    if variable.neurons is None or neuron is None:
        return int(variable.columns[0]) if len(variable.columns) == 1 else None
    at = np.flatnonzero(variable.neurons == neuron)
    return int(variable.columns[at[0]]) if len(at) == 1 else None
