"""The terms of the current balance as plain numbers, and how far the sampling lets one trust them.

All terms are signed such that their sum is the residual:
``C dV/dt + membrane currents - electrode currents - axial inflow``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conservation import differences
from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import SKIPPED, annotation, channel_names, remainders_of
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, SignalError, UnitsError
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording

#: Name of the term C dV/dt.
CAPACITIVE = "C dV/dt"

#: Part of the local current that a residual may always have: rounding and the solvers' tolerances.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Terms:
    """The terms of a balance at the samples where it can be computed.

    Attributes
    ----------
    names, roles : list of str
        One for each term; roles are "capacitive", "current", "electrode" and "axial".
    numbers : ndarray, shape (time, term)
        Signed such that a row sums to the residual; in `unit`.
    rule : str
        How dV/dt was computed, a key of `neo_currentscape.conservation.differences.RULES`, or "recorded".
    times : ndarray, shape (time,)
        In ms.
    durations : ndarray, shape (time,)
        The time in ms that each sample stands for; 0 for those that are not `used`.
    used : ndarray of bool, shape (time,)
        False in gaps, where the voltage is clamped, and where the difference quotient reaches there.
    error : ndarray, shape (time,)
        What the sampling alone may leave as a residual, estimated at each sample.
    change : ndarray, shape (time,)
        What the currents change by between neighbouring samples, all added up.
    voltage : ndarray, shape (time,), or None
        In `voltage_unit`.
    unit, voltage_unit : Quantity
    capacitance : Quantity or None
        None where the capacitive current was recorded.
    remainder : tuple of str
        Names of the terms that are what a balance left, and were not recorded.
    resolution : float or None
        The step of the simulation in ms, where the voltage's annotation tells it.
    unaligned : str or None
        What would align the currents with the step, where they are not.
    means : bool
        Whether the currents are known to be means over the steps of the simulation.
    """

    names: list[str]
    roles: list[str]
    numbers: np.ndarray
    rule: str
    times: np.ndarray
    durations: np.ndarray
    used: np.ndarray
    error: np.ndarray
    change: np.ndarray
    voltage: np.ndarray | None
    unit: Any
    voltage_unit: Any
    capacitance: Any
    remainder: tuple[str, ...] = ()
    resolution: float | None = None
    unaligned: str | None = None
    means: bool = False

    @cached_property
    def residual(self) -> np.ndarray:
        """Sum of all terms, shape (time,); NaN at samples that are not used."""
        return np.where(self.used, self.numbers.sum(axis=1), np.nan)

    @cached_property
    def outward(self) -> np.ndarray:
        """Sum of the outward terms, C dV/dt and the electrode among them, shape (time,)."""
        return np.where(self.used, np.maximum(self.numbers, 0).sum(axis=1), np.nan)

    @cached_property
    def total(self) -> np.ndarray:
        """The larger one of the outward and the inward sum, shape (time,); they are equal in balance."""
        return np.maximum(self.outward, self.outward - self.residual)

    @cached_property
    def level(self) -> np.ndarray:
        """The smaller one of the two sums: it stays true where one term is far too large."""
        return np.minimum(self.outward, self.outward - self.residual)

    @cached_property
    def scatter(self) -> np.ndarray:
        """How large a residual means nothing, shape (time,): the sampling error and `TOLERANCE`."""
        floor = TOLERANCE / 10 * self.mean(self.level) + 1e-12 * self.mean(self.total)
        floor = max(floor, np.finfo(float).tiny ** 0.25)
        return np.sqrt(self.error**2 + (TOLERANCE * np.nan_to_num(self.level)) ** 2 + floor**2)

    @property
    def skips_steps(self) -> bool:
        """Whether the recording is known to have left out steps of the simulation."""
        if self.resolution is None or len(self.times) < 2:
            return False
        return float(np.median(np.diff(self.times))) > SKIPPED * self.resolution

    def mean(self, numbers: np.ndarray) -> float:
        """Mean over the time of the used samples."""
        return float(np.average(numbers[self.used], weights=self.durations[self.used]))

    def averaged(self, width: int) -> Terms:
        """The same terms averaged over so many samples at a time.

        Errors of sampling that change their sign from sample to sample average out, which those of a
        wrong or missing current do not. But a current that jumps at events and decays in between is
        off to one side in every step, so that no less than the mean error is allowed for.
        """
        starts = np.arange(0, len(self.times), width)
        weights = self.durations

        def sums(numbers: np.ndarray) -> np.ndarray:
            return np.add.reduceat(numbers, starts, axis=0)

        time = sums(weights)
        used = time > 0
        per_time = 1 / np.where(used, time, 1.0)
        random = np.sqrt(sums((self.error * weights) ** 2))
        overrated = 3.0 if self.rule in ("central", "midpoint") else 2.0
        clean = np.where(self.used[:, None], self.numbers, 0.0)
        voltage = None
        if self.voltage is not None:
            voltage = sums(np.where(self.used, self.voltage, 0.0) * weights) * per_time
        return replace(
            self,
            numbers=sums(clean * weights[:, None]) * per_time[:, None],
            times=np.where(used, sums(self.times * weights) * per_time, self.times[starts]),
            durations=time,
            used=used,
            error=np.maximum(random, sums(self.error * weights) / overrated) * per_time,
            change=sums(self.change * weights) * per_time,
            voltage=voltage,
        )

    def signal(self, recording: Recording, numbers: np.ndarray, name: str) -> Any:
        """Make a Neo signal of numbers, shape (time,), in the unit of the currents."""
        template = recording.currents[differences.rows_of(self.rule)]
        if self.rule == "midpoint":
            if timebase.is_regular(template):
                template = template.time_shift(template.sampling_period / 2)
            else:
                shift = pq.Quantity(self.times - timebase.float_times(template, "ms"), "ms")
                template = template.duplicate_with_new_data(template.magnitude)
                template.times = template.times + shift.rescale(template.times.units)
        arrays = {"name": np.array([name])}
        return values.like(
            template, numbers[:, None], self.unit, name, role="other", array_annotations=arrays
        )


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
    if found is None:
        raise ArgumentError(
            "The capacitance is not known: write capacitance=... (e.g. 100 * pq.pF, or 1 * pq.uF / "
            "pq.cm**2 together with area=...), or annotate the voltage signal with capacitance=...."
        )
    if not isinstance(found, pq.Quantity):
        number = 200 if isinstance(found, str) else found
        raise UnitsError(
            f"capacitance = {found!r} has no units: write e.g. capacitance={number!r} * pq.pF."
        )
    if found.size != 1 or not np.isfinite(found.magnitude).all() or not (found.magnitude > 0).all():
        raise ArgumentError(f"capacitance is {found}: give one positive value.")
    return pq.Quantity(float(found.magnitude.ravel()[0]), found.dimensionality)


def _factor(recording: Recording, capacitance: Any) -> float:
    """What dV/dt in (unit of the voltage)/ms is multiplied by to be in the unit of the currents."""
    unit = units.parse_units(recording.currents.units)
    slope = units.parse_units(recording.voltage.units) / pq.ms
    number = in_unit(capacitance * slope, unit, recording.area)
    if number is None:
        shown = capacitance.dimensionality.string
        raise UnitsError(
            f"capacitance is in {shown} and the currents are in {units.label(unit) or 'no unit'}, which "
            "do not fit: give the capacitance of the whole site for absolute currents, that of an area "
            "for densities, a time for currents in mV, or the area of the site with area=...."
        )
    return number


def in_unit(quantity: Any, unit: Any, area: Any) -> float | None:
    """Express one value in another unit, with the area between densities and absolute currents.

    Returns
    -------
    float or None
        None where the units do not fit.
    """
    for factor in (1.0, area, None if area is None else 1 / area):
        if factor is not None and units.same_dimension(quantity * factor, unit):
            return float((quantity * factor).rescale(unit.units))
    return None


def _gather(recording: Recording, rule: str, capacitance: Any) -> Terms:
    names, roles, columns = _recorded_terms(recording)
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
    return tuple(found)


def _resolution(recording: Recording) -> float | None:
    given = None if recording.voltage is None else annotation(recording.voltage, "resolution")
    return None if given is None else units.scalar(given, "ms", "The annotation resolution of the voltage")


def _recorded_terms(recording: Recording) -> tuple[list[str], list[str], np.ndarray]:
    unit = units.parse_units(recording.currents.units)
    names = list(recording.names)
    roles, parts = ["current"] * len(names), [values.magnitudes(recording.currents)]
    for part in ("electrode", "axial"):
        signal = getattr(recording, part)
        if signal is None:
            continue
        # Both are inward positive, and stand on the other side of the equation.
        parts.append(-_column(recording, part, unit))
        names += channel_names(signal) or [part]
        roles += [part] * signal.shape[1]
    return names, roles, np.hstack(parts)


def _column(recording: Recording, part: str, unit: Any) -> np.ndarray:
    signal = getattr(recording, part)
    number = in_unit(units.parse_units(signal.units), unit, recording.area)
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
