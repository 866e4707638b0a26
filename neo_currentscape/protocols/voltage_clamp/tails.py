"""Tail currents: what still flows through channels that close, or turn, after a step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.conventions.result import Table
from neo_currentscape.protocols.voltage_clamp.averaging import Averages
from neo_currentscape.protocols.voltage_clamp.boltzmann import Boltzmann, fit_curve, zero_crossings
from neo_currentscape.protocols.voltage_clamp.epochs import SAME_LEVEL, Epoch, step_of
from neo_currentscape.protocols.voltage_clamp.kinetics import Relaxation, relaxation
from neo_currentscape.protocols.voltage_clamp.measure import SKIP, STEADY, by_level
from neo_currentscape.protocols.voltage_clamp.read_off import ReadOff
from neo_currentscape.protocols.voltage_clamp.sweeps import check_selection, sweeps_of


@dataclass(frozen=True)
class Tails(ReadOff):
    """Tail currents by level; see `tails`.

    ``to_dataframe()`` has a row for each level: ``level``, ``amplitude``, ``instantaneous``, ``end``,
    ``tau`` and ``tau_error``.

    Attributes
    ----------
    means : Averages
        By level.
    levels : ndarray, shape (level,)
        In mV: of the tail where it was varied, else of the step before it.
    epoch : Epoch
        The tail.
    fits : tuple of Relaxation or None
        None where the current does not relax.
    begin, end : ndarray, shape (level,)
        Mean current in pA at the begin and at the end of the tail, where nothing was fitted.
    varied : bool
        Whether the level of the tail was varied, and not that of the step before.
    skipped : float
        What was left out at its begin, in ms.
    """

    means: Averages
    levels: np.ndarray
    epoch: Epoch
    fits: tuple[Relaxation | None, ...]
    begin: np.ndarray
    end: np.ndarray
    varied: bool
    skipped: float

    @property
    def windows(self) -> tuple[tuple[float, float], ...]:
        """Where the tails are, in ms."""
        times = self.means.times
        return ((float(times[self.epoch.start]) + self.skipped, float(times[self.epoch.stop - 1])),)

    @property
    def voltages(self) -> pq.Quantity:
        """`levels` as a Quantity in mV."""
        return self.levels * pq.mV

    @property
    def instantaneous(self) -> pq.Quantity:
        """Current at the begin of the tail in pA, traced back to it, shape (level,)."""
        found = [b if fit is None else fit.start for fit, b in zip(self.fits, self.begin, strict=True)]
        return np.array(found) * pq.pA

    @property
    def amplitude(self) -> pq.Quantity:
        """What relaxes, in pA: the instantaneous current less the one at the end."""
        ends = [e if fit is None else fit.end for fit, e in zip(self.fits, self.end, strict=True)]
        return self.instantaneous - np.array(ends) * pq.pA

    @property
    def amplitude_error(self) -> pq.Quantity:
        """Standard error of the begin of the fit, in pA; NaN where nothing was fitted."""
        return np.array([np.nan if fit is None else fit.start_error for fit in self.fits]) * pq.pA

    @property
    def taus(self) -> pq.Quantity:
        """Time constant that carries most, in ms, shape (level,); NaN where the current does not relax."""
        return np.array([np.nan if fit is None else fit.tau for fit in self.fits]) * pq.ms

    @property
    def tau_errors(self) -> pq.Quantity:
        """Standard errors of `taus` in ms."""
        return np.array([np.nan if fit is None else fit.tau_error for fit in self.fits]) * pq.ms

    @property
    def reversal(self) -> pq.Quantity | None:
        """Level in mV at which the tail turns, straight between two; None where it does not."""
        if not self.varied:
            return None
        v, i = self.levels, self.amplitude.magnitude
        at, turns = zero_crossings(v, i)
        if not len(at):
            return None
        # Noise makes small tails change their sign more than once: the largest change is the one.
        return float(turns[np.abs(i[at + 1] - i[at]).argmax()]) * pq.mV

    @cached_property
    def curve(self) -> Boltzmann:
        """The Boltzmann curve of activation, of tails at one level after steps to several.

        Raises
        ------
        SignalError
            When the levels do not tell it, or it was the tail's that was varied.
        """
        if self.varied:
            raise SignalError(
                "The level of the tails was varied, not that of the step before, whose activation "
                "they show: they tell .reversal and .taus."
            )
        return fit_curve(self.levels, self.amplitude.magnitude, base=True)

    @cached_property
    def fitted(self) -> Boltzmann | None:
        """`curve`, or None where the levels do not tell it."""
        try:
            return self.curve
        except SignalError:
            return None

    @property
    def fraction(self) -> np.ndarray:
        """`amplitude` over the largest one, shape (level,)."""
        found = self.amplitude.magnitude
        return found / (found[np.abs(found).argmax()] or 1.0)

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found.

        Returns
        -------
        list of tuple
        """
        found: list[tuple[str, Any]] = [("levels", len(self.levels))]
        if self.varied:
            found.append(("reversal", self.reversal))
        elif self.fitted is not None:
            found += [("half activation", self.fitted.half), ("slope", self.fitted.slope)]
            found += [(f"error of {name}", value) for name, value in self.fitted.errors.items()]
        return [*found, ("taus", self.taus)]

    def _table(self) -> Table:
        columns = {
            "level": self.levels,
            "amplitude": self.amplitude.magnitude,
            "instantaneous": self.instantaneous.magnitude,
            "end": self.end,
            "tau": self.taus.magnitude,
            "tau_error": self.tau_errors.magnitude,
        }
        labels = {"level": "mV", "amplitude": "pA", "instantaneous": "pA", "end": "pA"}
        return Table(columns, units={**labels, "tau": "ms", "tau_error": "ms"})

    def plot(self, **options: Any) -> Any:
        """Draw the tails, the command, their amplitudes and their time constants over the level.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.voltage_clamp.figures import tails_figure

        return tails_figure(self, **options)


def tails(source: Any, *, onset: Any = None, skip: Any = None, terms: int = 1, **selection: Any) -> Tails:
    """Read tail currents off a family of voltage steps.

    Parameters
    ----------
    source : neo.Block, sequence of neo.Segment, Sweeps, or a result that has ``sweeps``
        Either steps to several levels and then one level, whose tails show activation; or one step and
        then several levels, whose tails show reversal and closing.
    onset : Quantity, optional
        Of the tail, in the time of the sweep, where another one is meant.
    skip : Quantity, optional
        What is left out at its begin, for the charging of the membrane; 0.2 ms unless told.
    terms : {1, 2}
        Exponentials, at most.
    **selection
        See `neo_currentscape.protocols.sweeps_of`.

    Returns
    -------
    Tails

    Raises
    ------
    SignalError
        When there is no tail, or the sweeps cannot be used.

    Examples
    --------
    >>> from neo_currentscape.protocols import Sweeps, tails
    >>> t, levels = np.arange(0, 60, 0.1), np.arange(-110.0, -29.0, 20.0)
    >>> after = np.clip(t - 20, 0, None)
    >>> command = np.where(t < 5, -80, np.where(t < 20, 20, levels[:, None]))
    >>> current = 3 * (command + 80) * np.where(t < 20, t > 5, np.exp(-after / 4))
    >>> found = tails(Sweeps(t, current, command))
    >>> found.reversal.round(1), found.taus.round(2)[[0, 4]]
    (array(-80.) * mV, array([4., 4.]) * ms)
    """
    check_selection(tails, selection)
    sweeps = sweeps_of(source, **selection)
    epochs, k = step_of(sweeps)
    varied = k > 1 and abs(float(np.median(epochs[k - 1].levels - epochs[0].levels))) > SAME_LEVEL
    at = k if varied else k + 1
    if onset is not None:
        _, at = step_of(sweeps, onset)
        varied = epochs[at].is_varied
    if at >= len(epochs):
        raise SignalError(
            f"Nothing follows the step, which ends at {sweeps.times[epochs[k].stop - 1]:g} ms: record the "
            "tails after it, or choose them with onset=..."
        )
    means, levels = by_level(sweeps, epochs[at].levels if varied else epochs[k].levels)
    return _tails(
        means, levels, epochs[at], varied, SKIP if skip is None else units.scalar(skip, "ms", "skip"), terms
    )


def _tails(
    means: Averages, levels: np.ndarray, epoch: Epoch, varied: bool, skip: float, terms: int
) -> Tails:
    first = epoch.start + max(1, round(skip / means.step))
    n = epoch.stop - first
    if n < 12:
        raise SignalError(
            f"The tails last {(epoch.stop - epoch.start) * means.step:g} ms, of which skip= leaves "
            f"{max(n, 0)} samples: choose others with onset=..., or a shorter skip=."
        )
    part = means.current[:, first : epoch.stop]
    since = (first - epoch.start) * means.step
    fits = tuple(relaxation(row, means.step, since, terms) for row in part)
    few = max(1, round(0.02 * n))
    late = max(1, round(STEADY * n))
    return Tails(
        means, levels, epoch, fits, part[:, :few].mean(axis=1), part[:, -late:].mean(axis=1), varied, since
    )
