"""From the recordings of a BlueCelluLab cell to a Neo Segment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import neo
import quantities as pq

from neo_currentscape.adapters.bluepyopt.kinds import DENSITY, kind_of
from neo_currentscape.adapters.bluepyopt.traces import PlaceTraces, add_place, as_trace
from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    SelectionError,
    SignalError,
    UnitsError,
    warn,
)

_TIME = "neuron.h._ref_t"
_NAME = re.compile(
    r"(?P<section>(self|neuron\.h)\..+?)\((?P<x>[\d.eE+-]+)\)\.((?P<mechanism>\w+)\.)?_ref_(?P<variable>\w+)"
)
_CURRENT = re.compile(r"i(?!nf)[a-z]{0,4}")
_OF_CELL = re.compile(r"self\.(?P<name>\w+)(\[(?P<index>\d+)\])?")


def cell_segment(cell: Any, *, units: str | Mapping[str, Any] | None = None) -> neo.Segment:
    """Put what a BlueCelluLab cell recorded into a Neo Segment.

    Parameters
    ----------
    cell : bluecellulab.Cell
        After ``add_currents_recordings``, ``add_variable_recording`` and a run. Its sections still exist.
    units : str or mapping, optional
        As for `to_segment`: BlueCelluLab keeps densities.

    Returns
    -------
    neo.Segment
        Each place a ``site``, "soma[0](0.5)", with its area and capacitance. Places without currents have
        their voltage. The totals of ions hold the currents of point processes, divided by the area.

    Raises
    ------
    SelectionError
        When nothing is recorded at a place.
    SignalError
        When recordings have a sampling interval of their own.
    UnitsError
        When `units` says that currents of mechanisms are no densities.

    Warns
    -----
    CurrentscapeWarning
        When a mechanism there has a current that is in none of those that were recorded, as the leak of
        ``hh`` is, which ``add_currents_recordings`` leaves out.

    Notes
    -----
    For every current as it flowed, with its mechanism, and an exact balance, record with
    ``neo_currentscape.adapters.neuron.Recorder(cell.soma)`` instead: it takes BlueCelluLab's sections.

    Examples
    --------
    >>> cell.add_currents_recordings(cell.soma)                      # doctest: +SKIP
    >>> simulation.run(300, cvode=True)                              # doctest: +SKIP
    >>> segment = cell_segment(cell)                                 # doctest: +SKIP
    """
    recordings = getattr(cell, "recordings", None)
    if not isinstance(recordings, Mapping) or not hasattr(cell, "get_recording"):
        raise ArgumentTypeError(f"A bluecellulab.Cell is needed, not {type(cell).__name__}.")
    if _TIME not in recordings:
        raise SelectionError(f"The cell does not record the time: call cell.add_recording({_TIME!r}).")
    times = as_trace(_TIME, cell.get_recording(_TIME))
    segment = neo.Segment(name="BlueCelluLab cell")
    places = _places(cell, times)
    for place in places.values():
        _check_units(place, units)
        add_place(segment, place, units)
    if not segment.analogsignals and not segment.irregularlysampledsignals:
        raise SelectionError(
            "The cell records nothing at a place: call cell.add_currents_recordings(cell.soma)."
        )
    _tell_missing(cell, places)
    return segment


def _check_units(place: PlaceTraces, units: str | Mapping[str, Any] | None) -> None:
    """Refuse other units of the currents of mechanisms than those that NEURON has them in."""
    for name in place.values:
        kind = kind_of(name, place.site, units)
        if kind.role == "current" and unit_tools.kind(kind.unit) != "current density":
            raise UnitsError(
                f"units= gives {name!r} at {place.site!r} in {kind.unit}, and BlueCelluLab records it as "
                f"NEURON has it, in {DENSITY}: leave units= out."
            )


def _places(cell: Any, times: Any) -> dict[tuple[str, float], PlaceTraces]:
    found: dict[tuple[str, float], PlaceTraces] = {}
    for name in cell.recordings:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        section, x = _section(cell, match["section"]), float(match["x"])
        compartment = section(x)
        key = (section.name(), float(compartment.x))
        if key not in found:
            found[key] = PlaceTraces(
                site=f"{section.name().rpartition('.')[2]}({compartment.x:g})",
                times=times,
                area=float(compartment.area()) * pq.um**2,
                capacitance=float(compartment.cm) * pq.uF / pq.cm**2,
            )
        values = as_trace(name, cell.get_recording(name))
        if len(values) != len(times):
            raise SignalError(
                f"Recording {name!r} has {len(values)} samples where the time has {len(times)}: record it "
                "without dt=, or with that of the cell."
            )
        mechanism = match["mechanism"]
        label = match["variable"] if mechanism is None else f"{match['variable']}_{mechanism}"
        found[key].values[label] = values
    return found


def _section(cell: Any, name: str) -> Any:
    """The section that a recording's name means."""
    own = _OF_CELL.fullmatch(name)
    if own is not None:
        sections = getattr(cell, own["name"])
        return sections if own["index"] is None else sections[int(own["index"])]
    wanted = name.removeprefix("neuron.h.")
    for section in cell.sections.values():
        if section.name() == wanted:
            return section
    raise SelectionError(f"Recording {name!r} is at no section of the cell: it was removed since.")


def _tell_missing(cell: Any, places: Mapping[tuple[str, float], PlaceTraces]) -> None:
    """Say which currents of mechanisms are in none that was recorded."""
    sections = {section.name(): section for section in cell.sections.values()}
    missing: dict[str, None] = {}
    for (name, _), place in places.items():
        held = {variable for variable in place.values if variable.startswith("i")}
        if not held or name not in sections:
            continue
        for mechanism, variables in sections[name].psection()["density_mechs"].items():
            for variable in filter(_CURRENT.fullmatch, variables):
                label = f"{variable}_{mechanism}"
                if variable not in held and label not in held:
                    missing[f"{label} at {place.site}"] = None
    if missing:
        warn(
            f"Currents that were not recorded: {', '.join(missing)}: call "
            "cell.add_variable_recording for each, or use neo_currentscape.adapters.neuron.Recorder."
        )
