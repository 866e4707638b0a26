"""The recorded variables of one place, whoever kept them, and the signals that they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.bluepyopt.kinds import (
    DENSITY,
    PICOAMPERE,
    VariableKind,
    kind_of,
    totals,
)
from neo_currentscape.adapters.neuron.segments import sides_of_jumps
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, UnitsError, warn
from neo_currentscape.recording.sampling import regular_step

#: A membrane of 1 uF/cm**2 is charged by 1e-3 mA/cm**2 for each mV/ms.
_CHARGING = 1e-3

#: Voltage (mV) by which a membrane must have moved, and times that its currents may exceed what charges it,
#: before they are taken for something else than densities.
_MOVED, _TOO_MUCH = 30.0, 300.0

#: Membrane (um**2) that a place has at the least, where its area is not told, and 1 mA/cm**2 um**2 in pA.
_LEAST_AREA, _PICOAMPERES = 100.0, 10.0

#: Part of the peak of an ion's total below which what its parts leave is rounding.
_NOTHING = 1e-6

_RECORD = (
    "currents of a fixed step are recorded one step late: call "
    "neo_currentscape.adapters.bluepyopt.record(protocol) before the run"
)


@dataclass
class PlaceTraces:
    """What was recorded at one place.

    Attributes
    ----------
    site : str
    times : ndarray, shape (time,)
        In ms, those of every variable.
    values : dict of str to ndarray, shape (time,)
        By variable.
    area : Quantity or None
    capacitance : Quantity or None
        Per area, or of the place.
    stimulus : ndarray or None
        In nA, inward positive.
    """

    site: str
    times: np.ndarray
    values: dict[str, np.ndarray] = field(default_factory=dict)
    area: Any = None
    capacitance: Any = None
    stimulus: np.ndarray | None = None


def add_place(segment: neo.Segment, place: PlaceTraces, given: str | Mapping[str, Any] | None) -> None:
    """Put the signals of a place into a Segment.

    Parameters
    ----------
    segment : neo.Segment
    place : PlaceTraces
    given : str, mapping or None
        Units, as for `neo_currentscape.adapters.bluepyopt.to_segment`.

    Raises
    ------
    UnitsError
        When currents are taken for densities, and cannot be.
    SignalError
        When values or times cannot be used.

    Warns
    -----
    CurrentscapeWarning
        When currents in pA are as small as densities.
    """
    kinds = {name: kind_of(name, place.site, given) for name in place.values}
    values = _without_totals(place, kinds)
    _check_sizes(place, kinds)
    is_fixed = regular_step(place.times) is not None
    kept, times = (slice(1, None), place.times[1:]) if is_fixed else sides_of_jumps(place.times)
    writer = Writer(Clock(times), site=place.site, area=place.area)
    for name, numbers in values.items():
        kind = kinds.get(name) or VariableKind("current", DENSITY, "outward")
        notes = _of_voltage(place, is_fixed, kinds) if kind.role == "voltage" else {}
        writer.add(name, numbers[kept], kind.unit, kind.role, kind.positive, **notes)
    if place.stimulus is not None:
        writer.add("stimulus", place.stimulus[kept], "nA", "electrode", "inward")
    writer.into(segment)


def _of_voltage(place: PlaceTraces, is_fixed: bool, kinds: Mapping[str, VariableKind]) -> dict[str, Any]:
    notes: dict[str, Any] = {}
    if place.capacitance is not None:
        notes["capacitance"] = place.capacitance
    if is_fixed and any(kind.role == "current" for kind in kinds.values()):
        notes.update(derivative="backward", unaligned=_RECORD)
    return notes


def _without_totals(place: PlaceTraces, kinds: dict[str, VariableKind]) -> dict[str, np.ndarray]:
    """The variables, with what mechanisms' own currents leave of an ion's total in its place."""
    values = dict(place.values)
    for total, parts in totals(values).items():
        rest = values[total] - sum(values[part] for part in parts)
        peak = np.abs(values[total]).max()
        del values[total]
        if np.abs(rest).max() > _NOTHING * max(peak, *(np.abs(values[part]).max() for part in parts)):
            values[f"{total}_other"] = rest
            kinds[f"{total}_other"] = kinds[total]
    return values


def _check_sizes(place: PlaceTraces, kinds: Mapping[str, VariableKind]) -> None:
    """Compare currents with what charges the membrane: the voltage tells densities and pA apart."""
    voltage = place.values.get("v")
    if voltage is None or np.ptp(voltage) < _MOVED:
        return
    intervals = np.diff(place.times)
    moving = intervals > 0
    charging = _CHARGING * np.abs(np.diff(voltage)[moving] / intervals[moving]).max()
    for wanted, check in ((DENSITY, _check_densities), (PICOAMPERE, _check_absolute)):
        peaks = {
            name: float(np.abs(place.values[name]).max()) * float(unit.rescale(wanted))
            for name, unit in _units_of_currents(place, kinds).items()
            if units.same_dimension(unit, units.parse_units(wanted))
        }
        if peaks:
            largest = max(peaks, key=peaks.__getitem__)
            check(place, largest, peaks[largest], charging)


def _units_of_currents(place: PlaceTraces, kinds: Mapping[str, VariableKind]) -> dict[str, Any]:
    return {
        name: units.parse_units(kind.unit)
        for name, kind in kinds.items()
        if kind.role == "current" and name in place.values
    }


def _check_absolute(place: PlaceTraces, largest: str, peak: float, charging: float) -> None:
    """Tell of currents in pA that are far less than what charges a membrane, as densities are."""
    area = _LEAST_AREA if place.area is None else float(place.area.rescale("um**2"))
    wanted = charging * area * _PICOAMPERES
    if 0 < peak < wanted / _TOO_MUCH:
        warn(
            f"Current {largest!r} at {place.site!r} reaches {peak:.3g} pA, {peak / wanted:.2g} of what "
            f"charges a membrane of {area:g} um**2 as fast as the voltage moved: where it is as NEURON has "
            "it, in mA/cm**2, leave units= out."
        )


def _check_densities(place: PlaceTraces, largest: str, peak: float, charging: float) -> None:
    """Refuse currents that are far more than what charges a membrane, as those in pA are."""
    if peak > _TOO_MUCH * charging:
        raise UnitsError(
            f"Current {largest!r} at {place.site!r} reaches {peak:.3g}, {peak / charging:.2g} times the "
            "mA/cm**2 that charge a membrane as fast as the voltage moved: BluePyEModel records pA, write "
            'units="pA".'
        )


def scalar_area(area: Any) -> Any:
    """An area as a Quantity; a number is in um**2, as NEURON's."""
    if area is None:
        return None
    value = units.scalar(area, "um**2", "area") if isinstance(area, pq.Quantity) else float(area)
    if not 0 < value < np.inf:
        raise UnitsError(f"area={area!r} is no area: write that of the recorded compartment in um**2.")
    return value * pq.um**2


def scalar_capacitance(capacitance: Any) -> Any:
    """A capacitance as a Quantity; a number is in uF/cm**2, as NEURON's ``cm``."""
    if capacitance is None or isinstance(capacitance, pq.Quantity):
        return capacitance
    return float(capacitance) * pq.uF / pq.cm**2


def as_trace(name: str, values: Any) -> np.ndarray:
    """The numbers of a recording."""
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or len(numbers) < 3:
        raise SignalError(f"Response {name!r} has {numbers.size} samples: at least three are needed.")
    if not np.isfinite(numbers).all():
        raise SignalError(
            f"Response {name!r} holds NaN or infinite values at sample "
            f"{int(np.flatnonzero(~np.isfinite(numbers))[0])}: the simulation went astray."
        )
    return numbers
