"""Availability: the peak current of a test step after conditioning steps to several levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.conventions.result import Table
from neo_currentscape.protocols.voltage_clamp.averaging import Averages
from neo_currentscape.protocols.voltage_clamp.boltzmann import Boltzmann, fit_curve
from neo_currentscape.protocols.voltage_clamp.epochs import step_of
from neo_currentscape.protocols.voltage_clamp.measure import Reading, by_level, read
from neo_currentscape.protocols.voltage_clamp.read_off import ReadOff
from neo_currentscape.protocols.voltage_clamp.sweeps import check_selection, sweeps_of


@dataclass(frozen=True)
class Inactivation(ReadOff):
    """Peak currents of a test step by the level before it; see `inactivation`.

    ``to_dataframe()`` has a row for each level: ``level``, ``peak``, ``peak_error`` and ``fraction``.

    Attributes
    ----------
    means : Averages
        By level.
    reading : Reading
        Of the test step; its ``levels`` are those before it.
    test : float
        Level of the test step in mV.
    """

    means: Averages
    reading: Reading
    test: float

    @property
    def windows(self) -> tuple[tuple[float, float], ...]:
        """Where the peak was looked for, in ms."""
        return self.reading.windows[:1]

    @property
    def voltages(self) -> pq.Quantity:
        """Of the conditioning step in mV, shape (level,)."""
        return self.reading.levels * pq.mV

    @property
    def peak(self) -> pq.Quantity:
        """Of the test step, in pA, shape (level,)."""
        return self.reading.peak * pq.pA

    @property
    def peak_error(self) -> pq.Quantity:
        """Its standard error in pA."""
        return self.reading.peak_error * pq.pA

    @cached_property
    def curve(self) -> Boltzmann:
        """The Boltzmann curve of the peak, with what does not inactivate as its base.

        Raises
        ------
        SignalError
            When the levels do not tell it.
        """
        return fit_curve(self.reading.levels, self.reading.peak, self.reading.peak_error, base=True)

    @cached_property
    def fitted(self) -> Boltzmann | None:
        """`curve`, or None where the levels do not tell it."""
        try:
            return self.curve
        except SignalError:
            return None

    @property
    def fraction(self) -> np.ndarray:
        """The peak over the largest that is fitted, or found, shape (level,)."""
        return self.reading.peak / self.largest

    @property
    def largest(self) -> float:
        """The fitted peak in pA where all channels are available; the largest one without a fit."""
        ends = self.reading.peak
        if self.fitted is not None:
            ends = np.array([self.fitted.base, self.fitted.base + self.fitted.maximum])
        return float(ends[np.abs(ends).argmax()]) or 1.0

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found.

        Returns
        -------
        list of tuple
        """
        found: list[tuple[str, Any]] = [("levels", len(self.voltages)), ("test step", self.test * pq.mV)]
        if self.fitted is not None:
            found += [("half inactivation", self.fitted.half), ("slope", self.fitted.slope)]
            found += [(f"error of {name}", value) for name, value in self.fitted.errors.items()]
        return found

    def _table(self) -> Table:
        columns = {
            "level": self.reading.levels,
            "peak": self.reading.peak,
            "peak_error": self.reading.peak_error,
            "fraction": self.fraction,
        }
        return Table(columns, units={"level": "mV", "peak": "pA", "peak_error": "pA"})

    def plot(self, **options: Any) -> Any:
        """Draw the sweeps, the command, and the availability with its curve.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.voltage_clamp.figures import inactivation_figure

        return inactivation_figure(self, **options)


def inactivation(
    source: Any,
    *,
    onset: Any = None,
    skip: Any = None,
    width: Any = None,
    peak: str = "largest",
    **selection: Any,
) -> Inactivation:
    """Read the availability of channels off a test step that follows steps to several levels.

    Parameters
    ----------
    source : neo.Block, sequence of neo.Segment, Sweeps, or a result that has ``sweeps``
        A Segment for each sweep: levels that differ, and right after them, or after a gap, one that is the
        same for all.
    onset : Quantity, optional
        Of the test step, in the time of the sweep, where it does not follow the others at once.
    skip, width, peak
        As for `neo_currentscape.protocols.iv`.
    **selection
        See `neo_currentscape.protocols.sweeps_of`.

    Returns
    -------
    Inactivation

    Raises
    ------
    SignalError
        When no test step follows, or the sweeps cannot be used.

    Examples
    --------
    >>> from neo_currentscape.protocols import Sweeps, inactivation
    >>> t, levels = np.arange(0, 40, 0.1), np.arange(-110.0, -9.0, 10.0)
    >>> command = np.where(t < 20, levels[:, None], np.where(t < 30, 0, -80))
    >>> available = 1 / (1 + np.exp((levels[:, None] + 60) / 6))
    >>> test, since = (t >= 20) & (t < 30), np.clip(t - 20, 0, None)
    >>> current = -900 * available * test * np.exp(-since / 3) * -np.expm1(-since)
    >>> print(inactivation(Sweeps(t, current, command)).curve.half.round(2))
    -60.0 mV
    """
    check_selection(inactivation, selection)
    sweeps = sweeps_of(source, **selection)
    epochs, k = step_of(sweeps)
    if onset is not None:
        _, j = step_of(sweeps, onset)
    else:
        j = k + 1
    if j >= len(epochs) or j == k:
        raise SignalError(
            f"No test step follows the levels, which end at {sweeps.times[epochs[k].stop - 1]:g} ms: pass "
            "sweeps in which one level follows them, or choose it with onset=..."
        )
    if epochs[j].is_varied:
        raise SignalError(
            f"The step at {sweeps.times[epochs[j].start]:g} ms has different levels too, where a test step "
            "has one: choose it with onset=..."
        )
    means, levels = by_level(sweeps, epochs[k].levels)
    reading = read(means, levels, epochs[j], skip=skip, width=width, peak=peak)
    return Inactivation(means, reading, float(np.median(epochs[j].levels)))
