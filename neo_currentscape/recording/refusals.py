"""Why nothing, or something else, was found where membrane currents are needed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.described import plain_name
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import describe

#: What a signal is by its unit or annotation that is no current, and where it belongs instead.
_OTHERS = {"voltage": ("a voltage", "voltage="), "ion": ("an ion concentration", "ions=")}


def refuse_other_roles(chosen: Sequence[Variable]) -> None:
    """Refuse the membrane potential and concentrations among the currents.

    What stands in mV may be a current all the same, as in NEST's ht_neuron; so it is refused where
    its name or its annotation says that it is the membrane potential.

    Raises
    ------
    SelectionError
    """
    for variable in chosen:
        if variable.role not in _OTHERS or not _is_surely(variable):
            continue
        what, place = _OTHERS[variable.role]
        unit = units.label(variable.units)
        given = f"[{variable.name!r}]" if place == "ions=" else repr(variable.name)
        raise SelectionError(
            f"currents= names {variable.name!r}, which is {what} ({unit}) and no current: write "
            f"{place}{given}, and leave it out of currents=."
        )


def _is_surely(variable: Variable) -> bool:
    if variable.role == "voltage":
        annotated = variable.reason.startswith("its annotation")
        return annotated or roles.looks_like_membrane_potential(variable.short_name)
    return variable.kind == "concentration"


def _is_told(variable: Variable) -> bool:
    """Whether its annotation says what it is: a gate, a rate or a counter is no current."""
    return variable.reason.startswith("its annotation")


def no_current(variables: Sequence[Variable], named: bool) -> str:
    """Say why there is no current, and what to write.

    Parameters
    ----------
    variables : sequence of Variable
        Those at the site.
    named : bool
        Whether the caller named currents.

    Returns
    -------
    str
    """
    listed = describe(variables)
    if named:
        return f"currents= names no current, and a Recording needs one or more ({listed})."
    reasons = [v.signal.annotations["lacks"] for v in variables if "lacks" in v.signal.annotations]
    if reasons:
        return f"No signal is a membrane current ({listed}): {reasons[0]}."
    if is_of_pynn(variables):
        return f"PyNN recorded no membrane current{_of_population(variables)} ({listed}): {DERIVE}"
    unitless = [v for v in variables if v.role == "other" and v.kind == "dimensionless" and not _is_told(v)]
    if unitless:
        name = unitless[0].name
        return (
            f"No signal has the unit of a membrane current ({listed}): "
            f"for signals stored without a unit write units={{{name!r}: 'pA'}}."
        )
    return (
        f"No signal has the unit and name of a membrane current ({listed}): name the currents with "
        "currents=[...], or record them."
    )


#: How currents come out of what PyNN recorded.
DERIVE = (
    "take neo_currentscape.adapters.pynn.to_segment(data, population), which derives all currents; before "
    "saving, pynn.annotate(data, population) stores what that needs, so that a file (.nix, .pkl or .mat) "
    "is enough."
)

#: Currents that PyNN records of its standard cell types, none of which is all that flows.
_PARTS = re.compile(r"w|i_eta|(\w+\.)?isyn(_exc|_inh)?|(esyn|isyn|adexp)\.i")


def refuse_part_of_pynn(currents: Sequence[Variable]) -> None:
    """Refuse a current that PyNN recorded beside others that it does not, if nobody asked for it alone.

    Raises
    ------
    SelectionError
    """
    for variable in currents:
        notes = variable.signal.annotations
        name = plain_name(variable.name)
        of_pynn = "source_population" in notes or name != variable.name
        if of_pynn and "role" not in notes and _PARTS.fullmatch(name):
            raise SelectionError(
                f"{variable.name!r} is one of several currents of a PyNN cell, the others of which are not "
                f"recorded but derived: {DERIVE}"
            )


def is_of_pynn(variables: Sequence[Variable]) -> bool:
    """Whether PyNN recorded signals, which says so on each, or names conductances as nobody else does."""
    marked = any("source_population" in variable.signal.annotations for variable in variables)
    return marked or any(plain_name(variable.name) in ("gsyn_exc", "gsyn_inh") for variable in variables)


def _of_population(variables: Sequence[Variable]) -> str:
    labels = [variable.signal.annotations.get("source_population") for variable in variables]
    return next((f" of population {str(label)!r}" for label in labels if label), "")
