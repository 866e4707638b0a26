"""Why nothing, or something else, was found where membrane currents are needed."""

from __future__ import annotations

from collections.abc import Sequence

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import SelectionError
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
    unitless = [v for v in variables if v.role == "other" and v.kind == "dimensionless"]
    if unitless:
        name = unitless[0].name
        return (
            f"No signal has the unit of a membrane current ({listed}): "
            f"for signals stored without a unit write units={{{name!r}: 'pA'}}."
        )
    population = _pynn_population(variables)
    if population is not None:
        return (
            f"PyNN's population {population!r} recorded no membrane current ({listed}): call "
            "neo_currentscape.adapters.pynn.record_currents(population) before sim.run(), and take "
            "pynn.to_segment(population) instead of get_data()."
        )
    return (
        f"No signal has the unit and name of a membrane current ({listed}): name the currents with "
        "currents=[...], or record them."
    )


def _pynn_population(variables: Sequence[Variable]) -> str | None:
    """Name of the PyNN population that signals are of; PyNN writes it on all that it records."""
    labels = [variable.signal.annotations.get("source_population") for variable in variables]
    return next((str(label) for label in labels if label), None)
