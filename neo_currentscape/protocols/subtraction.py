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
from neo_currentscape.protocols.averaging import Averages, aligned, averaged, check_same_commands
from neo_currentscape.protocols.saturation import refuse_cut_off
from neo_currentscape.protocols.sweeps import Sweeps, sweeps_of

#: What flows at 1 pA in 1 ms.
PER_PA_MS = 1e-3 * units.PICOCOULOMB

#: Standard errors by which a blocker must have made a current larger, to be told.
CLEAR = 5.0


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
        ``current``, ``command``, ``neuron``, ``units``; see `neo_currentscape.protocols.sweeps.sweeps_of`.

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
    """Say so where a blocker made the current larger, in the direction that it has.

    Of steps only: under the clamp of an action potential what is blocked may have hidden another current.

    Warns
    -----
    CurrentscapeWarning
    """
    isolated = before.current - after.current
    stepped = np.array([len(np.unique(np.round(c, 1))) < 20 for c in before.command])
    along = np.einsum("gt,gt->g", before.current, isolated)
    error = np.sqrt(np.einsum("gt,gt->g", before.current**2, before.error**2 + after.error**2))
    size = np.einsum("gt,gt->g", before.current, before.current)
    grown = stepped & (along < -CLEAR * np.nan_to_num(error)) & (along < -0.02 * size)
    if grown.any():
        k = int(np.argmin(np.where(grown, along / np.maximum(size, 1e-300), 0)))
        warn(
            f"The current of {after.what} is larger than that of {before.what}, by "
            f"{-along[k] / size[k]:.0%} under {'the' if len(grown) == 1 else 'a'} command: a blocker "
            f"takes current away, so look for "
            "rundown, a leak that grew, or sweeps given in the wrong order."
        )
