"""Why nothing, or something else, was found where membrane currents are needed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neo_currentscape.conventions import amplifier, roles, units
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.conventions.roles import plain_name
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import describe
from neo_currentscape.recording.patterns import matching

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


def refuse_taken(name: str, currents: Sequence[Variable]) -> None:
    """Say of an electrode that its signal was chosen as a membrane current already.

    Raises
    ------
    SelectionError
    """
    for variable in matching(currents, name):
        raise SelectionError(
            f"electrode= names {name!r}, and so does currents=: {variable.name!r} is either injected or "
            "one of the membrane's currents, so leave it out of one of them."
        )


def no_current(variables: Sequence[Variable], named: bool, said: Sequence[Variable] = ()) -> str:
    """Say why there is no current, and what to write.

    Parameters
    ----------
    variables : sequence of Variable
        Those at the site.
    named : bool
        Whether the caller named currents.
    said : sequence of Variable
        What the caller said to be an electrode's.

    Returns
    -------
    str
    """
    listed = describe(variables)
    if named:
        return f"currents= names no current, and a Recording needs one or more ({listed})."
    reasons = [v.signal.annotations["lacks"] for v in variables if "lacks" in v.signal.annotations]
    if said:
        names = ", ".join(repr(v.name) for v in said[:5])
        return f"No membrane current is left beside {names}, which electrode= says is injected: {RECORD}"
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
    return _of_amplifier(variables) or (
        f"No signal has the unit and name of a membrane current ({listed}): name the currents with "
        "currents=[...], or record them."
    )


#: What to do where all that was recorded is what an electrode injects or measures.
RECORD = (
    "a currentscape is of several currents that flow through the membrane, so record those; how the "
    "voltage answers to what is injected show neo_currentscape.protocols.passive, current_clamp and fi."
)

#: What a current is called that is none of the membrane's, and what can be done with it.
_AMPLIFIERS = {
    "electrode": ("what an electrode injects", RECORD),
    "command": ("a command", RECORD),
    "membrane": (
        "the total of the membrane, as measured in voltage clamp",
        "a currentscape is of the currents that it is made of, so record those, or isolate them one "
        "blocker after the other.",
    ),
}


def _of_amplifier(variables: Sequence[Variable]) -> str | None:
    """Say what the only currents are, where they are an electrode's or may be; None where there is none."""
    unsaid = next((v for v in variables if amplifier.is_unsaid(v)), None)
    if unsaid is not None:
        name = f"{unsaid.name!r} ({units.label(unsaid.units)})"
        return (
            f"Nothing says that {name} is one of the membrane's currents: it may be what an amplifier "
            f"injects in current clamp (write electrode={unsaid.name!r} for a protocol, or "
            "segment.annotate(clamp='current')), or all that flows through the membrane in voltage clamp "
            "(segment.annotate(clamp='voltage')), and neither has shares; only if it is a model's or an "
            "isolated current, annotate the signal with role='current'."
        )
    for role, (what, advice) in _AMPLIFIERS.items():
        found = [v for v in variables if v.role == role and v.kind != "voltage"]
        if found:
            names = ", ".join(repr(v.name) for v in found[:5])
            are = "is" if len(found) == 1 else "are each"
            return f"No signal is one of the membrane's currents: {names} {are} {what}: {advice}"
    return None


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
        if of_pynn and "role" not in notes and roles.is_all_of(_PARTS, name):
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
