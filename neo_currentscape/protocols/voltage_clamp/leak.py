"""Leak and capacitive currents: P/N, an ohmic fit, or a stored transient, and the sweeps without them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SignalError, unknown_name
from neo_currentscape.conventions.result import Result, Table
from neo_currentscape.protocols.voltage_clamp.averaging import averaged, slack
from neo_currentscape.protocols.voltage_clamp.epochs import SAME_LEVEL, Epoch, epochs_of
from neo_currentscape.protocols.voltage_clamp.measure import STEADY
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps, check_selection, sweeps_of

#: Ways to the leak.
METHODS = ("p/n", "ohmic", "transient")


@dataclass(frozen=True)
class LeakSubtraction(Result):
    """Sweeps with their leak, and without it; see `subtract_leak`.

    ``to_dataframe()`` has a row for each sweep: the largest step of its command, and the leak at its end.

    Attributes
    ----------
    recorded, sweeps : Sweeps
        With the leak, and without.
    leak : ndarray, shape (sweep, time)
        What was subtracted, in pA.
    method : {"p/n", "ohmic", "transient"}
    conductance, conductance_error : Quantity
        Slope of the steady leak over the voltage in nS, and its standard error (NaN where not told).
    reversal : Quantity or None
        Where an ohmic leak turns, in mV.
    """

    recorded: Sweeps
    sweeps: Sweeps
    leak: np.ndarray
    method: str
    conductance: pq.Quantity
    conductance_error: pq.Quantity
    reversal: pq.Quantity | None = None

    @property
    def leaks(self) -> Sweeps:
        """What was subtracted, as sweeps."""
        return replace(self.recorded, current=self.leak, what="the leak")

    def _table(self) -> Table:
        command = self.recorded.command
        moved = command - command[:, :1]
        at = np.abs(moved).argmax(axis=1)
        rows = np.arange(len(command))
        columns = {"step": moved[rows, at], "leak": self.leak[rows, at]}
        return Table(columns, units={"step": "mV", "leak": "pA"})

    def plot(self, **options: Any) -> Any:
        """Draw recorded, subtracted and remaining currents, and the command.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.protocols.voltage_clamp.figures import leak_figure

        return leak_figure(self, **options)

    def __str__(self) -> str:
        turn = "" if self.reversal is None else f", reversal {float(self.reversal):.3g} mV"
        g, error = float(self.conductance), float(self.conductance_error)
        spread = f" ± {error:.2g}" if np.isfinite(error) else ""
        return f"Leak by {self.method}: {g:.4g}{spread} nS{turn}; {len(self.recorded)} sweeps"


def subtract_leak(
    source: Any,
    leak: Any = None,
    *,
    method: str | None = None,
    between: Any = None,
    baseline: bool = True,
    **selection: Any,
) -> LeakSubtraction:
    r"""Take leak and capacitive currents off the sweeps of a voltage clamp.

    Parameters
    ----------
    source : neo.Block, sequence of neo.Segment, Sweeps, or a result that has ``sweeps``
        A Segment for each sweep.
    leak : likewise, optional
        For "p/n" sweeps of the same command made smaller, turned, or both, in any number, that opens no
        channel: they are scaled by the ratio of the commands, averaged and subtracted. For "transient"
        sweeps of one small step: each change of the command is taken to add such a response.
    method : {"p/n", "ohmic", "transient"}, optional
        "p/n" where ``leak`` is given, else "ohmic": g (V - E) is fitted to the steady currents of levels
        that open no channel. Capacitive currents stay.
    between : tuple of Quantity, optional
        Voltages from and to which the ohmic leak is fitted; by default all levels up to the one before the
        step.
    baseline : bool
        With "p/n" and "transient": whether the mean current before the first step is taken off as well,
        as they leave it, whatever it is.
    **selection
        See `neo_currentscape.protocols.sweeps_of`.

    Returns
    -------
    LeakSubtraction
        ``sweeps`` of which go on to `neo_currentscape.protocols.iv` and the others.

    Raises
    ------
    SignalError
        When the commands of the leak do not fit, or too few levels tell an ohmic leak.

    Examples
    --------
    >>> from neo_currentscape.protocols import Sweeps, subtract_leak
    >>> t = np.arange(0, 30, 0.1)
    >>> def sweeps(steps, opened=0.0):  # 2 nS from -70 mV, 10 pF through 0.5 ms
    ...     on = (t >= 10) & (t < 20)
    ...     moved = np.where(on, np.array(steps)[:, None], 0.0)
    ...     charging = np.where(t < 10, 0, np.exp(-np.clip(t - 10, 0, None) / 0.5))
    ...     return Sweeps(
    ...         t,
    ...         2 * (moved - 20)
    ...         + 20 * np.array(steps)[:, None] * charging
    ...         + opened * on,
    ...         moved - 90,
    ...     )
    >>> found = subtract_leak(sweeps([100.0, 120.0], 300.0), sweeps([-25.0]))  # P/4
    >>> print(found)
    Leak by p/n: 2 nS; 2 sweeps
    >>> bool(np.allclose(found.sweeps.current, 300.0 * ((t >= 10) & (t < 20))))
    True
    """
    chosen = method or ("ohmic" if leak is None else "p/n")
    if chosen not in METHODS:
        raise unknown_name("method", chosen, METHODS)
    check_selection(subtract_leak, selection)
    recorded = sweeps_of(source, **selection)
    if chosen == "ohmic":
        return _ohmic(recorded, between)
    if leak is None:
        raise ArgumentError(
            f"method={chosen!r} needs the sweeps that show the leak: pass them second, as in "
            "subtract_leak(block, leak_block)."
        )
    stored = sweeps_of(leak, "the leak", **selection)
    found = _scaled(recorded, stored) if chosen == "p/n" else _superposed(recorded, stored)
    rest = _before(recorded)
    held = recorded.current[:, rest].mean(axis=1, keepdims=True) if baseline else 0.0
    slope = _slope(recorded, found)
    whole = found + held
    left = replace(recorded, current=recorded.current - whole, what="the sweeps without leak")
    return LeakSubtraction(recorded, left, whole, chosen, slope * pq.nS, np.nan * pq.nS)


def _before(sweeps: Sweeps) -> slice:
    """The samples before any command changes: their second half, when the cell has settled."""
    stop = epochs_of(sweeps)[0].stop
    return slice(stop // 2, stop)


def _slope(sweeps: Sweeps, leak: np.ndarray) -> float:
    """Steady leak over the step, in nS, by least squares over all sweeps."""
    moves, flows = [], []
    for epoch in epochs_of(sweeps)[1:]:
        if not epoch.is_held:
            continue
        late = _late(epoch)
        moves.append(epoch.levels - sweeps.command[:, 0])
        flows.append(leak[:, late].mean(axis=1))
    move, flow = np.concatenate(moves), np.concatenate(flows)
    size = float(move @ move)
    return float(move @ flow) / size if size > 0 else float("nan")


def _late(epoch: Epoch) -> slice:
    n = max(1, round(STEADY * (epoch.stop - epoch.start)))
    return slice(epoch.stop - n, epoch.stop)


def _scaled(recorded: Sweeps, stored: Sweeps) -> np.ndarray:
    """The leak of each sweep: scaled responses to commands of the same form, weighted by their noise."""
    if len(stored.times) != len(recorded.times):
        raise SignalError(
            f"The sweeps of the leak last {stored.times[-1]:g} ms, and the others "
            f"{recorded.times[-1]:g} ms: P/N needs the same command made smaller; for another one use "
            "method='transient'."
        )
    means, rest = averaged(stored), _before(stored)
    moves = means.command - np.median(means.command[:, rest], axis=1, keepdims=True)
    answers = means.current - means.current[:, rest].mean(axis=1, keepdims=True)
    before = _before(recorded)
    found = np.zeros_like(recorded.current)
    for k, command in enumerate(recorded.command):
        move = command - np.median(command[before])
        factors = moves @ move / np.maximum(np.einsum("gt,gt->g", moves, moves), 1e-300)
        apart = np.abs(move - factors[:, None] * moves).max(axis=1)
        most = slack(command, command) + np.abs(factors) * np.array([slack(c, c) for c in means.command])
        fits = (apart <= most) & (np.ptp(moves, axis=1) > SAME_LEVEL)
        if not fits.any() and np.ptp(move) > SAME_LEVEL:
            raise SignalError(
                f"The command of sweep {k} of {recorded.what} is no multiple of one of the leak's (off by "
                f"{apart.min():.3g} mV): P/N needs the same command made smaller; for another one use "
                "method='transient'."
            )
        if fits.any():
            weights = means.counts[fits] / np.maximum(factors[fits] ** 2, 1e-12)
            found[k] = (weights * factors[fits] / weights.sum()) @ answers[fits]
    return found


def _superposed(recorded: Sweeps, stored: Sweeps) -> np.ndarray:
    """The leak of each sweep: for each change of its command a response of that size."""
    if abs(stored.step - recorded.step) > 1e-3 * recorded.step:
        raise SignalError(
            f"The stored transient is sampled every {stored.step:g} ms, and the sweeps every "
            f"{recorded.step:g} ms: record both alike."
        )
    response = _step_response(stored)
    before = _before(recorded)
    found = np.zeros_like(recorded.current)
    for k, command in enumerate(recorded.command):
        held = np.median(command[before])
        changes = np.diff(command, prepend=held)
        # A recorded command changes by its noise at every sample: its levels count.
        at = np.flatnonzero(np.abs(changes) > slack(command, command))
        for j in at:
            n = len(command) - j
            tail = response[: min(n, len(response))]
            found[k, j : j + len(tail)] += changes[j] * tail
            found[k, j + len(tail) :] += changes[j] * response[-1]
    return found


def _step_response(stored: Sweeps) -> np.ndarray:
    """Current in pA for a step of 1 mV, from the step on."""
    epochs = epochs_of(stored)
    if len(epochs) < 2:
        raise SignalError("The stored transient holds no step of the command: record one small step.")
    rest, step = epochs[0], epochs[1]
    size = (step.levels - rest.levels)[:, None]
    if np.abs(size).min() <= SAME_LEVEL:
        raise SignalError("A sweep of the stored transient holds no step: leave it out.")
    held = stored.current[:, _before(stored)].mean(axis=1, keepdims=True)
    answers = stored.current[:, step.window] - held
    # Least squares over the sweeps: larger steps stand further out of the noise.
    return np.asarray((answers * size).sum(axis=0) / (size**2).sum())


def _ohmic(recorded: Sweeps, between: Any) -> LeakSubtraction:
    v, i = _steady(recorded)
    if between is None:
        held = float(np.median(recorded.command[:, _before(recorded)]))
        low, high = -np.inf, held + SAME_LEVEL
    else:
        if np.shape(between)[:1] != (2,):
            raise ArgumentError(
                f"between={between!r} are not two voltages: write e.g. between=(-100 * pq.mV, -70 * pq.mV)."
            )
        low, high = (units.scalar(end, "mV", "between") for end in between)
    used = (v >= low) & (v <= high)
    if used.sum() < 2 or np.ptp(v[used]) <= SAME_LEVEL:
        raise SignalError(
            f"{used.sum()} steady levels lie between {low:g} and {high:g} mV, which tell no ohmic "
            "leak: give between=, voltages at which the channels are closed, e.g. between=(-100 * "
            "pq.mV, -70 * pq.mV)."
        )
    x, y = v[used], i[used]
    basis = np.column_stack([x, np.ones(len(x))])
    (slope, start), *_ = np.linalg.lstsq(basis, y, rcond=None)
    rest = y - basis @ [slope, start]
    free = len(x) - 2
    error = np.sqrt(rest @ rest / free / ((x - x.mean()) @ (x - x.mean()))) if free > 0 else np.nan
    leak = slope * recorded.command + start
    left = replace(recorded, current=recorded.current - leak, what="the sweeps without leak")
    turn = None if slope == 0 else -start / slope * pq.mV
    return LeakSubtraction(recorded, left, leak, "ohmic", slope * pq.nS, error * pq.nS, turn)


def _steady(sweeps: Sweeps) -> tuple[np.ndarray, np.ndarray]:
    """Levels in mV and steady currents in pA at the ends of all stretches of all sweeps."""
    epochs = [epoch for epoch in epochs_of(sweeps) if epoch.is_held]
    levels = [epoch.levels for epoch in epochs]
    currents = [sweeps.current[:, _late(epoch)].mean(axis=1) for epoch in epochs]
    return np.concatenate(levels), np.concatenate(currents)
