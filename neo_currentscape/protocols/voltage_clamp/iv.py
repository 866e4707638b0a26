"""Current against voltage: peak and steady currents of a family of steps, reversal, and Boltzmann curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, unknown_name
from neo_currentscape.conventions.result import Table
from neo_currentscape.protocols.voltage_clamp.averaging import Averages
from neo_currentscape.protocols.voltage_clamp.boltzmann import Boltzmann, fit_current, zero_crossings
from neo_currentscape.protocols.voltage_clamp.epochs import SAME_LEVEL, Epoch, step_of
from neo_currentscape.protocols.voltage_clamp.inactivation import Inactivation, inactivation
from neo_currentscape.protocols.voltage_clamp.kinetics import Relaxation, relaxation_of_step
from neo_currentscape.protocols.voltage_clamp.measure import CLEAR, Reading, by_level, read
from neo_currentscape.protocols.voltage_clamp.read_off import ReadOff
from neo_currentscape.protocols.voltage_clamp.series import SeriesCorrection, given_resistance
from neo_currentscape.protocols.voltage_clamp.sweeps import check_selection, sweeps_of
from neo_currentscape.protocols.voltage_clamp.tails import Tails, tails

#: The currents that a curve can be of.
KINDS = ("peak", "steady")

#: Nearer than so many mV to the reversal a conductance is not told.
NEAR = 5.0


@dataclass(frozen=True)
class IV(ReadOff):
    """Currents of a family of voltage steps; see `iv`.

    ``to_dataframe()`` has a row for each level: the ``level``, the ``voltage`` less the error of the series
    resistance, ``peak``, ``steady``, their errors, ``t_peak``, ``conductance``, and ``tau`` with its error.

    Attributes
    ----------
    means : Averages
        By level.
    epoch : Epoch
        The step.
    reading : Reading
    of : {"peak", "steady"}
        Which current reversal, conductance and activation are of.
    resistance : float
        Series resistance in Mohm that is not compensated.
    given_reversal : float or None
        In mV.
    """

    means: Averages
    epoch: Epoch
    reading: Reading
    of: str = "peak"
    resistance: float = 0.0
    given_reversal: float | None = None

    @property
    def windows(self) -> tuple[tuple[float, float], ...]:
        """Where the current was read, in ms."""
        return self.reading.windows[:1] if self.of == "peak" else self.reading.windows[1:]

    @property
    def levels(self) -> pq.Quantity:
        """Of the command in mV, shape (level,)."""
        return self.reading.levels * pq.mV

    @property
    def voltages(self) -> pq.Quantity:
        """Of the membrane in mV, shape (level,): the level less I R_s."""
        return self.levels - self.voltage_error

    def voltages_of(self, kind: str) -> pq.Quantity:
        """Voltages of the membrane in mV at "peak" or "steady" current, shape (level,).

        Parameters
        ----------
        kind : {"peak", "steady"}

        Returns
        -------
        Quantity
            Of shape (level,), in mV.
        """
        return self.levels - getattr(self, kind).magnitude * self.resistance * 1e-3 * pq.mV

    @property
    def voltage_error(self) -> pq.Quantity:
        """What the series resistance takes of the command, I R_s in mV, shape (level,)."""
        return self.current.magnitude * self.resistance * 1e-3 * pq.mV

    @property
    def peak(self) -> pq.Quantity:
        """In pA, outward positive, shape (level,)."""
        return self.reading.peak * pq.pA

    @property
    def steady(self) -> pq.Quantity:
        """Mean over the last tenth of the step, in pA, shape (level,)."""
        return self.reading.steady * pq.pA

    @property
    def current(self) -> pq.Quantity:
        """The one of both that the curve is of."""
        return self.peak if self.of == "peak" else self.steady

    @property
    def current_error(self) -> pq.Quantity:
        """Standard error of `current` in pA."""
        found = self.reading.peak_error if self.of == "peak" else self.reading.steady_error
        return found * pq.pA

    @cached_property
    def activation(self) -> Boltzmann:
        """The conductance's Boltzmann curve, fitted to the currents together with the reversal.

        Raises
        ------
        SignalError
            When the levels do not tell it.
        """
        args = (self.voltages.magnitude, self.current.magnitude, self.current_error.magnitude)
        return fit_current(*args, reversal=self.given_reversal)

    @cached_property
    def fitted(self) -> Boltzmann | None:
        """`activation`, or None where the levels do not tell it."""
        try:
            return self.activation
        except SignalError:
            return None

    @property
    def reversal(self) -> pq.Quantity | None:
        """In mV: given, or fitted, or else where the current crosses zero; None where it does not."""
        if self.given_reversal is not None:
            return self.given_reversal * pq.mV
        if self.fitted is not None:
            return self.fitted.reversal
        return self.crossing

    @property
    def crossing(self) -> pq.Quantity | None:
        """Voltage in mV at the last change of sign of the current, straight between two levels."""
        v, i = self.voltages.magnitude, self.current.magnitude
        noise = np.nan_to_num(self.current_error.magnitude)
        clear = (np.abs(i) > CLEAR * noise) | (noise == 0)
        v, i = v[clear], i[clear]
        turns = zero_crossings(v, i)[1]
        return float(turns[-1]) * pq.mV if len(turns) else None

    @cached_property
    def inactivation(self) -> Inactivation | None:
        """Availability, where one test step follows the levels; None where the holding level does."""
        epochs, k = step_of(self.sweeps, self._onset)
        if k + 1 >= len(epochs) or not epochs[k + 1].is_held:
            return None
        after, before = (float(np.median(epochs[j].levels)) for j in (k + 1, 0))
        if epochs[k + 1].is_varied or abs(after - before) <= SAME_LEVEL:
            return None
        return inactivation(self.sweeps, onset=self.means.times[epochs[k + 1].start] * pq.ms)

    @cached_property
    def tails(self) -> Tails | None:
        """The tail currents after the step; None where it is the end, or the level is varied again."""
        epochs, k = step_of(self.sweeps, self._onset)
        if k + 1 >= len(epochs) or epochs[k + 1].is_varied or not epochs[k + 1].is_held:
            return None
        return tails(self.sweeps, onset=self.means.times[epochs[k + 1].start] * pq.ms)

    @property
    def _onset(self) -> pq.Quantity:
        return self.means.times[self.epoch.start] * pq.ms

    @cached_property
    def relaxations(self) -> tuple[Relaxation | None, ...]:
        """Exponentials of each level: of the fall from the peak where there is one, else of the rise."""
        step, rows = self.means.step, enumerate(self.means.current)
        return tuple(relaxation_of_step(row, step, self.epoch, self.reading, k) for k, row in rows)

    @property
    def taus(self) -> pq.Quantity:
        """Time constants in ms, shape (level,); NaN where a current does not relax. See `relaxations`."""
        return np.array([np.nan if fit is None else fit.tau for fit in self.relaxations]) * pq.ms

    @property
    def tau_errors(self) -> pq.Quantity:
        """Standard errors of `taus` in ms."""
        return np.array([np.nan if fit is None else fit.tau_error for fit in self.relaxations]) * pq.ms

    @property
    def conductance(self) -> pq.Quantity:
        """I / (V - E) in nS, shape (level,); NaN near the reversal, and where it is not known."""
        if self.reversal is None:
            return np.full(len(self.levels), np.nan) * pq.nS
        away = (self.voltages - self.reversal).magnitude
        away = np.where(np.abs(away) < NEAR, np.nan, away)
        return self.current.magnitude / away * pq.nS

    @property
    def conductance_error(self) -> pq.Quantity:
        """Standard error of the conductance in nS, of the current's alone."""
        ratio = np.abs(
            self.conductance.magnitude / np.where(self.current == 0, np.nan, self.current.magnitude)
        )
        return ratio * self.current_error.magnitude * pq.nS

    def rows(self) -> list[tuple[str, Any]]:
        """Names and values of what was found.

        Returns
        -------
        list of tuple
        """
        found: list[tuple[str, Any]] = [("levels", len(self.levels)), ("current", self.of)]
        fit = self.fitted
        found.append(("reversal", self.reversal))
        if fit is not None:
            found += [("maximal conductance", fit.maximum * pq.nS), ("half activation", fit.half)]
            found.append(("slope", fit.slope))
            found += [(f"error of {name}", value) for name, value in fit.errors.items()]
        if self.resistance:
            found.append(("largest error of the voltage", np.abs(self.voltage_error).max()))
        return found

    def _table(self) -> Table:
        read_off = self.reading
        columns = {
            "level": read_off.levels,
            "voltage": self.voltages.magnitude,
            "peak": read_off.peak,
            "peak_error": read_off.peak_error,
            "t_peak": read_off.t_peak,
            "steady": read_off.steady,
            "steady_error": read_off.steady_error,
            "conductance": self.conductance.magnitude,
            "tau": self.taus.magnitude,
            "tau_error": self.tau_errors.magnitude,
        }
        labels = {"level": "mV", "voltage": "mV", "t_peak": "ms", "conductance": "nS"}
        labels |= {"tau": "ms", "tau_error": "ms"}
        labels |= dict.fromkeys(("peak", "peak_error", "steady", "steady_error"), "pA")
        return Table(columns, units=labels)

    def plot(self, **options: Any) -> Any:
        """Draw the sweeps, the command, current against voltage, and the conductance with its curve.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.voltage_clamp.figures import iv_figure

        return iv_figure(self, **options)


def iv(
    source: Any,
    *,
    of: str = "peak",
    reversal: Any = None,
    series_resistance: Any = None,
    onset: Any = None,
    duration: Any = None,
    skip: Any = None,
    width: Any = None,
    peak: str = "largest",
    **selection: Any,
) -> IV:
    r"""Read current against voltage off a family of voltage steps.

    Sweeps of the same command are averaged. The step is the stretch in which the levels differ most. The
    activation is fitted to the currents themselves, so that the reversal and its error come with it:

    .. math:: I(V) = G \frac{V - E}{1 + e^{(V_{1/2} - V) / k}}

    Parameters
    ----------
    source : neo.Block, sequence of neo.Segment, Sweeps, or a result that has ``sweeps``
        A Segment for each sweep, free of leak and capacity where these matter; see
        `neo_currentscape.protocols.subtract_leak`.
    of : {"peak", "steady"}
        The current that reversal, conductance and activation are of.
    reversal : Quantity, optional
        Where it is known; else it is fitted.
    series_resistance : Quantity, optional
        What is left of it: voltages are corrected by I R_s.
    onset, duration : Quantity, optional
        The step, in the time of the sweep, where another one is meant.
    skip : Quantity, optional
        What is left out at the begin of the step, for the charging of the membrane; 0.2 ms unless told.
    width : Quantity, optional
        Of the means in which a peak is looked for: 0.1 ms unless told. Its size is that of a cubic through
        what is near to it; one sample of currents without noise.
    peak : {"largest", "inward", "outward"}
        Which extreme is the peak.
    **selection
        As `neo_currentscape.protocols.sweeps_of` takes it, e.g. ``current``, ``command`` and ``site``.

    Returns
    -------
    IV

    Raises
    ------
    SelectionError
        When a sweep is of current clamp, or a signal is missing.
    SignalError
        When there is no family of steps, sweeps differ, or one is saturated where it is read.

    Warns
    -----
    CurrentscapeWarning
        When peaks look like the charging of the membrane.

    Examples
    --------
    >>> from neo_currentscape.protocols import Sweeps, iv
    >>> t, levels = np.arange(0, 60, 0.1), np.arange(-80.0, 61.0, 10.0)
    >>> on = (t >= 10) & (t < 50)
    >>> command = np.where(on, levels[:, None], -80)
    >>> opened = (
    ...     5
    ...     / (1 + np.exp((-30 - command) / 7))
    ...     * -np.expm1(-np.clip(t - 10, 0, None) / 2)
    ... )
    >>> found = iv(Sweeps(t, opened * (command - 50), command), of="steady")
    >>> print(found.activation)
    V½ -30 ± 0 mV, k 7 ± 0 mV, reversal 50 ± 0 mV
    """
    if of not in KINDS:
        raise unknown_name("current in of=", of, KINDS)
    check_selection(iv, selection)
    sweeps = sweeps_of(source, **selection)
    epochs, k = step_of(sweeps, onset, duration)
    means, levels = by_level(sweeps, epochs[k].levels)
    reading = read(means, levels, epochs[k], skip=skip, width=width, peak=peak, steady_only=of == "steady")
    known = None if reversal is None else units.scalar(reversal, "mV", "reversal")
    left = given_resistance(series_resistance)
    if series_resistance is None and isinstance(source, SeriesCorrection) and not source.scaled:
        left = source.resistance
    return IV(means, epochs[k], reading, of, left, known)
