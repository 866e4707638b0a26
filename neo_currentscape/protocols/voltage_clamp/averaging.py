"""Means of sweeps that had the same command, and their standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps

#: Two commands are the same that differ by less than this part of their range, or so many of their noise.
TOLERANCE, NOISE = 0.005, 6.0

#: Degrees of freedom from which a variance over sweeps is good to a fifth.
ENOUGH = 40


@dataclass(frozen=True)
class Averages:
    """Means over the sweeps of each command.

    Attributes
    ----------
    times : ndarray, shape (time,)
        In ms.
    command : ndarray, shape (group, time)
        In mV.
    current, error : ndarray, shape (group, time)
        Mean current and its standard error, in pA; the error is NaN where there is one sweep.
    charge_error : ndarray, shape (group,)
        Standard error of the mean charge in pA ms, from the charges of the sweeps.
    counts : ndarray of int, shape (group,)
        Sweeps in each mean.
    voltage : ndarray, shape (group, time), or None
        Mean of the recorded potential.
    """

    times: np.ndarray
    command: np.ndarray
    current: np.ndarray
    error: np.ndarray
    charge_error: np.ndarray
    counts: np.ndarray
    voltage: np.ndarray | None
    what: str

    @property
    def sweeps(self) -> Sweeps:
        """The means as sweeps, one for each command."""
        return Sweeps(self.times, self.current, self.command, self.voltage, self.what)

    @property
    def errors(self) -> np.ndarray:
        """Standard errors of the means in pA, shape (group, time)."""
        return self.error

    @property
    def step(self) -> float:
        """The sampling interval in ms."""
        return float((self.times[-1] - self.times[0]) / (len(self.times) - 1))


def averaged(sweeps: Sweeps) -> Averages:
    """Average the sweeps of each command, in the order in which the commands come first."""
    groups = grouped(sweeps.command)
    dt = sweeps.step

    def means(rows: np.ndarray) -> np.ndarray:
        return np.array([rows[group].mean(axis=0) for group in groups])

    charges = [sweeps.current[g].sum(axis=1) * dt for g in groups]
    return Averages(
        times=sweeps.times,
        command=means(sweeps.command),
        current=means(sweeps.current),
        error=np.array([standard_error(sweeps.current[g]) for g in groups]),
        charge_error=np.array([c.std(ddof=1) / np.sqrt(len(c)) if len(c) > 1 else np.nan for c in charges]),
        counts=np.array([len(g) for g in groups]),
        voltage=None if sweeps.voltage is None else means(sweeps.voltage),
        what=sweeps.what,
    )


def standard_error(traces: np.ndarray) -> np.ndarray:
    """Standard error of the mean at each time, from the scatter of sweeps about it.

    Few sweeps tell little of a variance: it is averaged over as many neighbouring samples as make `ENOUGH`
    degrees of freedom.

    Parameters
    ----------
    traces : ndarray, shape (sweep, time)

    Returns
    -------
    ndarray, shape (time,)
        NaN where there is one sweep, which tells nothing.
    """
    n_sweeps, n_samples = traces.shape
    if n_sweeps < 2:
        return np.full(n_samples, np.nan)
    width = min(-(-ENOUGH // (n_sweeps - 1)), n_samples)
    return np.sqrt(smoothed(traces.var(axis=0, ddof=1), width) / n_sweeps)


def smoothed(values: np.ndarray, width: int) -> np.ndarray:
    """Mean over so many neighbouring samples of the last axis; over fewer at the ends.

    Examples
    --------
    >>> smoothed(np.array([0.0, 3.0, 0.0, 3.0]), 3)
    array([1.5, 1. , 2. , 1.5])
    """
    if width <= 1:
        return values
    n = values.shape[-1]
    first = np.maximum(np.arange(n) - (width - 1) // 2, 0)
    last = np.minimum(np.arange(n) + width // 2 + 1, n)
    sums = np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
    # Rounding of large sums may leave less than nothing of small squares.
    found = (sums[..., last] - sums[..., first]) / (last - first)
    return np.clip(found, values.min(axis=-1, keepdims=True), values.max(axis=-1, keepdims=True))


def grouped(commands: np.ndarray) -> list[np.ndarray]:
    """Which sweeps have the same command: indices of each group, in the order in which they come first."""
    # Commands that a protocol tells are the same to the last bit, and need not be compared.
    exact: dict[bytes, list[int]] = {}
    for k, command in enumerate(commands):
        exact.setdefault(command.tobytes(), []).append(k)
    leaders: list[tuple[np.ndarray, float, float]] = []
    groups: list[list[int]] = []
    for members in exact.values():
        own = _looked_at(commands[members[0]])
        at = next((g for g, leader in enumerate(leaders) if _are_same(leader, own)), None)
        if at is None:
            leaders.append(own)
            groups.append(members)
        else:
            groups[at] = sorted(groups[at] + members)
    return [np.array(group) for group in groups]


def _looked_at(command: np.ndarray) -> tuple[np.ndarray, float, float]:
    """A command with its range and its noise, which are needed again and again."""
    return command, float(np.ptp(command)), _noise(command)


def _are_same(one: tuple[np.ndarray, float, float], other: tuple[np.ndarray, float, float]) -> bool:
    return bool(np.abs(one[0] - other[0]).max() <= _most(one, other))


def _most(one: tuple[np.ndarray, float, float], other: tuple[np.ndarray, float, float]) -> float:
    return max(TOLERANCE * max(one[1], other[1]), NOISE * float(np.hypot(one[2], other[2])), 1e-3)


def same_command(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two commands are the same but for the noise of a recorded one."""
    return len(one) == len(other) and _are_same(_looked_at(one), _looked_at(other))


def slack(one: np.ndarray, other: np.ndarray) -> float:
    """By how many mV two recorded commands may differ that are the same."""
    return _most(_looked_at(one), _looked_at(other))


def _noise(trace: np.ndarray) -> float:
    # A median leaves the steps out.
    return 1.4826 * float(np.median(np.abs(np.diff(trace, n=2)))) / np.sqrt(6) if len(trace) > 2 else 0.0


def lag_of(one: np.ndarray, other: np.ndarray, most: int) -> int:
    """By how many samples the second command comes later than the first, at most so many."""
    n = 2 * len(one)
    a, b = (np.fft.rfft(c - c.mean(), n) for c in (one, other))
    across = np.fft.irfft(np.conj(a) * b, n)
    lags = np.r_[0 : most + 1, -most:0]
    return int(lags[np.argmax(across[lags])])


def aligned(one: Sweeps, other: Sweeps) -> tuple[Sweeps, Sweeps]:
    """Bring two sets of sweeps onto the same time after their command.

    Parameters
    ----------
    one, other : Sweeps

    Returns
    -------
    one, other : Sweeps
        Without the ends that only one of them has, where one is late.

    Raises
    ------
    SignalError
        When the intervals, lengths or commands are not the same.
    """
    if abs(one.step - other.step) > 1e-3 * one.step:
        raise SignalError(
            f"{_upper(other.what)} is sampled every {other.step:g} ms, and {one.what} every {one.step:g} "
            "ms: resample one of them first."
        )
    if len(one.times) != len(other.times):
        raise SignalError(
            f"The command of {other.what} lasts {other.times[-1]:g} ms, and that of {one.what} "
            f"{one.times[-1]:g} ms: subtract sweeps of one command, or cut both with t_start= and t_stop=."
        )
    first, second = one.command.mean(axis=0), other.command.mean(axis=0)
    if np.abs(first - second).max() <= slack(first, second):
        return one, other
    lag = lag_of(first, second, max(1, len(first) // 10))
    n = len(first) - abs(lag)
    return _cut(one, max(-lag, 0), n), _cut(other, max(lag, 0), n)


def _cut(sweeps: Sweeps, start: int, n: int) -> Sweeps:
    rows = slice(start, start + n)
    voltage = None if sweeps.voltage is None else sweeps.voltage[:, rows]
    return Sweeps(sweeps.times[:n], sweeps.current[:, rows], sweeps.command[:, rows], voltage, sweeps.what)


def check_same_commands(one: Averages, other: Averages) -> np.ndarray:
    """Which mean of the second set has the command of each mean of the first.

    Raises
    ------
    SignalError
        When one is missing.
    """
    found = []
    for k, command in enumerate(one.command):
        hits = [j for j, there in enumerate(other.command) if same_command(command, there)]
        if not hits:
            apart = np.abs(other.command - command).max(axis=1).min()
            at = one.times[np.abs(other.command - command).min(axis=0).argmax()]
            raise SignalError(
                f"No sweep of {other.what} has the command of {one.what}"
                f"{f' number {k}' if len(one.command) > 1 else ''}: the nearest differs by {apart:.3g} mV "
                f"at {at:g} ms; subtract sweeps of one command."
            )
        found.append(hits[0])
    return np.array(found)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
