"""What a blocker takes away: the current before it less the current after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import warn
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.protocols.response.saturation import refuse_cut_off
from neo_currentscape.protocols.voltage_clamp.averaging import (
    Averages,
    aligned,
    averaged,
    check_same_commands,
)
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps, check_selection, sweeps_of

#: What flows at 1 pA in 1 ms.
PER_PA_MS = 1e-3 * units.PICOCOULOMB

#: Standard errors by which a blocker must have made a current larger, to be told.
CLEAR = 5.0

#: The least part of a current by which it must have grown.
LEAST = 0.05

#: A command of more values than that has no levels.
FEW = 20


@dataclass(frozen=True)
class Subtraction(Result):
    """The current that a blocker takes away, for each command; see `subtract`.

    ``to_dataframe()`` has a row for each command: ``peak`` (with its sign) and its time ``t_peak``,
    ``charge`` and ``charge_error``, and the numbers of sweeps.

    Attributes
    ----------
    control, blocked : Averages
        Means before and after the blocker, in the same order.
    """

    control: Averages
    blocked: Averages

    @property
    def times(self) -> pq.Quantity:
        """Since the begin of the sweep, in ms, shape (time,)."""
        return self.control.times * pq.ms

    @property
    def current(self) -> pq.Quantity:
        """Isolated current in pA, outward positive, shape (command, time)."""
        return (self.control.current - self.blocked.current) * pq.pA

    @property
    def error(self) -> pq.Quantity:
        """Its standard error in pA, shape (command, time); NaN where one sweep tells nothing."""
        return np.hypot(self.control.error, self.blocked.error) * pq.pA

    @property
    def command(self) -> pq.Quantity:
        """In mV, shape (command, time)."""
        return self.control.command * pq.mV

    @property
    def charge(self) -> pq.Quantity:
        """Integral of each isolated current in pC, outward positive, shape (command,)."""
        return self.current.magnitude.sum(axis=1) * self.control.step * PER_PA_MS

    @property
    def charge_error(self) -> pq.Quantity:
        """Standard error of `charge` in pC, from the charges of the sweeps, shape (command,)."""
        return np.hypot(self.control.charge_error, self.blocked.charge_error) * PER_PA_MS

    @property
    def errors(self) -> np.ndarray:
        """The numbers of `error`, for the panel of the sweeps."""
        return self.error.magnitude

    @cached_property
    def sweeps(self) -> Sweeps:
        """The isolated currents as sweeps, e.g. for `neo_currentscape.protocols.iv`."""
        return Sweeps(
            self.control.times,
            self.current.magnitude,
            self.control.command,
            self.control.voltage,
            "the subtracted sweeps",
        )

    def _table(self) -> Table:
        values, at = self.current.magnitude, np.abs(self.current.magnitude).argmax(axis=1)
        columns = {
            "peak": values[np.arange(len(values)), at],
            "t_peak": self.control.times[at],
            "charge": self.charge.magnitude,
            "charge_error": self.charge_error.magnitude,
            "n_control": self.control.counts,
            "n_blocked": self.blocked.counts,
        }
        labels = {"peak": "pA", "t_peak": "ms", "charge": "pC", "charge_error": "pC"}
        return Table(columns, units=labels)

    def plot(self, **options: Any) -> Any:
        """Draw the means before and after, the isolated current with its band, and the command.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.figures import subtraction_figure

        return subtraction_figure(self, **options)

    def __str__(self) -> str:
        charge, error = units.readable(self.charge[0]), units.readable(self.charge_error[0])
        return (
            f"Subtraction of {self.blocked.counts.sum()} sweeps from {self.control.counts.sum()}, of "
            f"{len(self.charge)} commands; charge of the first {charge}, standard error {error}"
        )


def subtract(
    control: Any, blocked: Any, *, t_start: Any = None, t_stop: Any = None, **selection: Any
) -> Subtraction:
    r"""Isolate the current that a blocker takes away.

    The sweeps of each command are averaged before and after, brought onto the same time where the command
    of one set is late, and subtracted: :math:`I = \bar I_c - \bar I_b`, with the standard error
    :math:`\sqrt{s_c^2 / n_c + s_b^2 / n_b}`, where :math:`s` is the scatter of the sweeps at each time.

    Parameters
    ----------
    control, blocked : neo.Block, sequence of neo.Segment, or Sweeps
        A Segment for each sweep, before and after the blocker.
    t_start, t_stop : Quantity, optional
        The stretch of each sweep that is used.
    **selection
        As `neo_currentscape.protocols.sweeps_of` takes it, e.g. ``current``, ``command`` and ``site``.

    Returns
    -------
    Subtraction

    Raises
    ------
    SelectionError
        When a sweep is of current clamp, or a signal is missing.
    SignalError
        When commands differ, or a sweep is saturated.

    Warns
    -----
    CurrentscapeWarning
        When the blocker made the current larger.

    Examples
    --------
    >>> from neo_currentscape.protocols import Sweeps, subtract
    >>> t = np.arange(0, 20, 0.1)
    >>> def sweeps(size):
    ...     noise = np.random.default_rng(int(size)).normal(size=(4, 200))
    ...     return Sweeps(t, size * np.exp(-t / 5) + noise, np.full((4, 200), -20.0))
    >>> found = subtract(sweeps(100), sweeps(40))
    >>> found.current.shape, round(float(found.charge[0]), 1)        # 60 pA x 5 ms
    ((1, 200), 0.3)
    """
    check_selection(subtract, selection)
    before, after = (
        sweeps_of(source, what, **selection).window(t_start, t_stop)
        for source, what in ((control, "the control"), (blocked, "the blocked Block"))
    )
    return Subtraction(*_pair(before, after))


def _pair(before: Sweeps, after: Sweeps) -> tuple[Averages, Averages]:
    before, after = aligned(before, after)
    for sweeps in (before, after):
        refuse_cut_off(
            sweeps.times, sweeps.current, sweeps.what, "choose a stretch with t_start= and t_stop="
        )
    one, other = averaged(before), averaged(after)
    order = check_same_commands(one, other)
    other = Averages(
        other.times,
        other.command[order],
        other.current[order],
        other.error[order],
        other.charge_error[order],
        other.counts[order],
        None if other.voltage is None else other.voltage[order],
        other.what,
    )
    warn_of_increase(one, other)
    return one, other


def warn_of_increase(before: Averages, after: Averages) -> None:
    """Say so where a blocker made the current larger.

    Of a family of levels it is told by the isolated current at the highest ones, where channels are open:
    it would fall with the voltage, which no open channel does. Of one level it is told where the whole
    current became larger in its own direction. Of an action potential nothing tells it.

    Warns
    -----
    CurrentscapeWarning
    """
    levels = before.command[:, int(np.ptp(before.command, axis=0).argmax())]
    if len(levels) > 2 and np.ptp(levels) > 1:
        size = _falls_with_voltage(before, after, levels)
    else:
        size = _has_grown(before, after)
    if size > 0:
        warn(
            f"The current of {after.what} is larger than that of {before.what}, by {size:.0%}: a blocker "
            "takes current away, so look for rundown, a leak that grew, or sweeps in the wrong order; "
            "or it blocks a current that flows against another."
        )


def _falls_with_voltage(before: Averages, after: Averages, levels: np.ndarray) -> float:
    """By what part of the control the isolated current falls between the two highest levels."""
    low, high = np.argsort(levels)[-2:]
    step = np.ptp(before.command, axis=0) > 0.5 * np.ptp(levels)
    rise = [(a.current[high] - a.current[low])[step] for a in (before, after)]
    both = np.concatenate([a.error[[low, high]][:, step] for a in (before, after)])
    error = np.sqrt(np.sum(np.nan_to_num(both) ** 2, axis=0))
    change = rise[0] - rise[1]
    whole, spread = float(change.sum()), float(np.sqrt(np.sum(error**2)))
    about = float(np.abs(rise[0]).sum())
    return -whole / about if whole < -CLEAR * spread and whole < -LEAST * about else 0.0


def _has_grown(before: Averages, after: Averages) -> float:
    """By what part the whole current of one level became larger in its own direction."""
    if len(np.unique(np.round(before.command, 1))) > FEW:
        return 0.0
    isolated = before.current - after.current
    along = float(np.sum(before.current * isolated))
    errors = np.nan_to_num(before.error) ** 2 + np.nan_to_num(after.error) ** 2
    spread = float(np.sqrt(np.sum(before.current**2 * errors)))
    size = float(np.sum(before.current**2))
    return -along / size if along < -CLEAR * spread and along < -LEAST * size else 0.0
