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
from neo_currentscape.conventions.annotations import SKIPPED
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
