"""The terms of a balance gathered from a Recording: in one unit, at the same times, with their errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conservation import differences
from neo_currentscape.conservation.terms import CAPACITIVE, Terms
from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import SKIPPED, annotation, channel_names, remainders_of
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, SignalError, UnitsError
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording


def collect(recording: Recording, capacitance: Any = None, derivative: str | None = None) -> Terms:
    """Compute the terms of the balance of a Recording.

    Parameters
    ----------
    recording, capacitance, derivative
        As for `neo_currentscape.balance`.

    Returns
    -------
    Terms
    """
    if recording.capacitive is not None and capacitance is None and derivative is None:
        return _gather(recording, "recorded", None)
    if recording.voltage is None:
        raise SelectionError(
            "The balance needs the voltage, and this Recording holds none: choose one with voltage=..., "
            "or record the capacitive current."
        )
    capacitance = _capacitance_of(recording, capacitance)
    rule = derivative or annotation(recording.voltage, "derivative") or "central"
    return _gather(recording, differences.check_rule(str(rule)), capacitance)


def _capacitance_of(recording: Recording, given: Any) -> Any:
    found = annotation(recording.voltage, "capacitance") if given is None else given
    if found is None and _is_per_capacitance(recording):
        return None  # dV/dt itself, in mV/ms, is in pA/pF
    if found is None:
        raise ArgumentError(
            "The capacitance is not known: write capacitance=... (e.g. 100 * pq.pF, or 1 * pq.uF / "
            "pq.cm**2 together with area=...), or annotate the voltage signal with it."
        )
    if not isinstance(found, pq.Quantity):
        number = 200 if isinstance(found, str) else found
        raise UnitsError(
            f"capacitance = {found!r} has no units: write e.g. capacitance={number!r} * pq.pF."
        )
    if found.size != 1 or not np.isfinite(found.magnitude).all() or not (found.magnitude > 0).all():
        raise ArgumentError(f"capacitance is {found}: give one positive value.")
    return pq.Quantity(float(found.magnitude.ravel()[0]), found.dimensionality)


def _is_per_capacitance(recording: Recording) -> bool:
    return units.kind(recording.currents) == "current per capacitance"


def _factor(recording: Recording, capacitance: Any) -> float:
    """What dV/dt in (unit of the voltage)/ms is multiplied by to be in the unit of the currents."""
    unit = units.parse_units(recording.currents.units)
    slope = units.parse_units(recording.voltage.units) / pq.ms
    if _is_per_capacitance(recording):
        return float(slope.rescale(unit.units))
    number = in_unit(capacitance * slope, unit, recording.area)
    if number is None:
        shown = capacitance.dimensionality.string
        raise UnitsError(
            f"capacitance is in {shown} and the currents are in {units.label(unit) or 'no unit'}, which "
            "do not fit: give the capacitance of the whole site for absolute currents, that of an area "
            "for densities, a time for currents in mV, or the area of the site with area=...."
        )
    return number


def in_unit(quantity: Any, unit: Any, area: Any, capacitance: Any = None) -> float | None:
    """Express one value in another unit: with the area between densities and absolute currents, with the
    capacitance between these and currents per capacitance.

    Returns
    -------
    float or None
        None where the units do not fit.
    """
    known = [
        1.0,
        *(() if area is None else (area, 1 / area)),
        *(() if capacitance is None else (1 / capacitance,)),
    ]
    for factor in known:
        if units.same_dimension(quantity * factor, unit):
            return float((quantity * factor).rescale(unit.units))
    return None


def _gather(recording: Recording, rule: str, capacitance: Any) -> Terms:
    names, roles, columns = _recorded_terms(recording, capacitance)
    rows = differences.rows_of(rule)
    numbers = np.empty((len(range(*rows.indices(len(recording)))), len(names) + 1))
    numbers[:, 1:] = differences.at_rows(columns, rule)
    unit = units.parse_units(recording.currents.units)
    used = _used(recording, rule)
    if not used.any():
        raise SignalError(
            f"None of the {len(recording)} samples can be used for the balance, as all are gaps or clamped:"
            " choose another stretch of time."
        )
    voltage = None if recording.voltage is None else values.magnitudes(recording.voltage)[:, 0]
    if rule == "recorded" or voltage is None:
        numbers[:, 0] = _column(recording, "capacitive", unit)[:, 0]
        error = np.zeros(len(numbers))
    else:
        factor = _factor(recording, capacitance)
        times = timebase.float_times(recording.currents, "ms")
        numbers[:, 0] = factor * differences.slope(times, voltage, rule)
        error = _error(recording, rule, factor, columns, used)
    times, durations = _times(recording, rule)
    return Terms(
        names=[CAPACITIVE, *names],
        roles=["capacitive", *roles],
        numbers=numbers,
        rule=rule,
        times=times,
        durations=np.where(used, durations, 0.0),
        used=used,
        error=np.nan_to_num(error, posinf=0.0),
        change=np.nan_to_num(differences.change(columns, rule)),
        voltage=None if voltage is None else differences.at_rows(voltage, rule),
        unit=unit,
        voltage_unit=None if voltage is None else units.parse_units(recording.voltage.units),
        capacitance=capacitance,
        remainder=_remainder(recording),
        resolution=_resolution(recording),
        means=_are_means(recording),
        unaligned=None if recording.voltage is None else annotation(recording.voltage, "unaligned"),
    )


def _error(
    recording: Recording, rule: str, factor: float, columns: np.ndarray, used: np.ndarray
) -> np.ndarray:
    """What the sampling may leave, from how the currents were sampled."""
    times, voltage = (
        timebase.float_times(recording.currents, "ms"),
        values.magnitudes(recording.voltage)[:, 0],
    )
    resolution = _resolution(recording)
    if resolution is not None and np.median(np.diff(times)) > SKIPPED * resolution:
        found = differences.error(times, voltage, factor, columns, rule)
        return np.hypot(found, differences.unseen(columns, used))
    of = differences.error_of_means if _are_means(recording) else differences.error
    return of(times, voltage, factor, columns, rule)


def _are_means(recording: Recording) -> bool:
    return recording.voltage is not None and annotation(recording.voltage, "means") is True


def _remainder(recording: Recording) -> tuple[str, ...]:
    """Names of the terms that the balance itself was solved for."""
    found: list[str] = []
    for part in ("currents", "electrode", "axial"):
        signal = getattr(recording, part)
        if signal is not None:
            names = channel_names(signal) or [part]
            found += [name for name, is_one in zip(names, remainders_of(signal), strict=True) if is_one]
    if recording.capacitive is not None and any(remainders_of(recording.capacitive)):
        found.append(CAPACITIVE)
    return tuple(found)


def _resolution(recording: Recording) -> float | None:
    given = None if recording.voltage is None else annotation(recording.voltage, "resolution")
    return None if given is None else units.scalar(given, "ms", "The annotation resolution of the voltage")


def _recorded_terms(recording: Recording, capacitance: Any) -> tuple[list[str], list[str], np.ndarray]:
    unit = units.parse_units(recording.currents.units)
    names = list(recording.names)
    roles, parts = ["current"] * len(names), [values.magnitudes(recording.currents)]
    for part in ("electrode", "axial"):
        signal = getattr(recording, part)
        if signal is None:
            continue
        # Both are inward positive, and stand on the other side of the equation.
        parts.append(-_column(recording, part, unit, capacitance))
        names += channel_names(signal) or [part]
        roles += [part] * signal.shape[1]
    return names, roles, np.hstack(parts)


def _column(recording: Recording, part: str, unit: Any, capacitance: Any = None) -> np.ndarray:
    signal = getattr(recording, part)
    number = in_unit(units.parse_units(signal.units), unit, recording.area, capacitance)
    if number is None and _is_per_capacitance(recording):
        raise UnitsError(
            f"The {part} current is in {units.label(signal.units)} and the membrane currents are in "
            f"{units.label(unit)}: give capacitance=... (e.g. 20 * pq.pF), to combine them."
        )
    if number is None:
        raise UnitsError(
            f"The {part} current is in {units.label(signal.units)} and the membrane currents are in "
            f"{units.label(unit)}: give area=... when you make the Recording, to combine them."
        )
    return values.magnitudes(signal) * number


def _used(recording: Recording, rule: str) -> np.ndarray:
    bad = np.zeros(len(recording), dtype=bool)
    for marked in (recording.gaps, recording.clamped):
        if marked is not None:
            bad |= marked
    return ~differences.touched(bad, rule)


def _times(recording: Recording, rule: str) -> tuple[np.ndarray, np.ndarray]:
    times = timebase.float_times(recording.currents, "ms")
    if rule in ("central", "recorded"):
        durations = timebase.sample_durations(recording.currents, "ms")
        return times, np.broadcast_to(durations, times.shape)
    return differences.at_rows(times, rule), np.diff(times)
