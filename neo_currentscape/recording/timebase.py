"""Time axes: reading, checking and comparing the times of Neo signals."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.recording.sampling import TOLERANCE, are_apart

#: What is beyond this is no time that could be computed with.
LATEST = 1e300

#: Irregular times that are compared at once.
CHUNK = 1 << 20


def is_regular(signal: Any) -> bool:
    """Whether a signal has one sampling interval (`neo.AnalogSignal`)."""
    return isinstance(signal, neo.AnalogSignal)


def check_signal(signal: Any, what: str) -> None:
    """Refuse what is not a two-dimensional Neo signal with at least two samples in order.

    Parameters
    ----------
    signal : object
        What was given.
    what : str
        How the error names it.

    Raises
    ------
    ArgumentTypeError
        When it is not a Neo signal.
    SignalError
        When it has fewer than two samples, its times go back or are not finite, or its sampling interval
        is not more than 0.
    """
    if not isinstance(signal, (neo.AnalogSignal, neo.IrregularlySampledSignal)):
        raise ArgumentTypeError(
            f"{what} is a {type(signal).__name__}: pass a neo.AnalogSignal or a "
            "neo.IrregularlySampledSignal, which know their units and times, e.g. "
            "neo.AnalogSignal(values, units='nA', sampling_period=0.1 * pq.ms)."
        )
    if signal.dtype.kind not in "fiub":
        kind = "complex numbers" if signal.dtype.kind == "c" else "no numbers"
        raise ArgumentTypeError(
            f"{what} holds {kind} (values of type {signal.dtype}): pass real numbers, e.g. "
            f"{'its real part' if signal.dtype.kind == 'c' else 'values of type float'}."
        )
    if signal.ndim != 2 or signal.shape[1] == 0:
        raise SignalError(f"{what} has shape {signal.shape}: it holds no channel to show.")
    check_length(signal, what)
    check_clock(signal, what)


def check_clock(signal: Any, what: str) -> None:
    """Refuse times that cannot be: not finite, standing still or going back.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
    what : str
        How the error names it.

    Raises
    ------
    SignalError
    """
    if is_regular(signal):
        _check_interval(signal, what)
    elif signal.shape[0]:
        _check_increasing(signal, what)


def check_ends(signal: Any, what: str) -> None:
    """As `check_clock`, of irregular times the first and the last only, which needs no pass over a file.

    Raises
    ------
    SignalError
    """
    if is_regular(signal):
        _check_interval(signal, what)
        return
    unit = signal.times.dimensionality.string
    ends = [float(signal.times[k].magnitude) for k in (0, -1)]
    for time, sample in zip(ends, (0, signal.shape[0] - 1), strict=True):
        _check_finite(np.array([time]), sample, unit, what)
    if not ends[1] > ends[0]:
        raise SignalError(
            f"{what} has times from {ends[0]:g} to {ends[1]:g} {unit}: sort the samples by time."
        )


def _check_interval(signal: Any, what: str) -> None:
    with np.errstate(all="ignore"):  # an interval is one over a rate
        start, period = clock(signal, "ms")
        stop = start + period * signal.shape[0]
        is_told_apart = start + period > start and stop > stop - period
    if not 0 < period < np.inf:
        raise SignalError(
            f"{what} has a sampling interval of {period:g} ms: give one of more than 0, e.g. "
            "sampling_period=0.1 * pq.ms."
        )
    if not (abs(start) < LATEST and abs(stop) < LATEST):
        raise SignalError(
            f"{what} lasts from {start:g} to {stop:g} ms: give a finite first time and a finite interval."
        )
    if not is_told_apart:
        raise SignalError(
            f"{what} has samples every {period:g} ms from {start:g} ms on, whose times are the same to the "
            "last digit: count the time from the beginning of the recording."
        )


def check_length(signal: Any, what: str) -> None:
    """Refuse a signal with fewer than two samples."""
    if signal.shape[0] < 2:
        raise SignalError(
            f"{what} has {signal.shape[0]} sample{'s' * (signal.shape[0] != 1)}: a currentscape "
            "needs at least 2, so record over a longer time."
        )


def _check_increasing(signal: Any, what: str) -> None:
    if getattr(signal.times, "increase", False):  # unread ones that were looked at before
        return
    for first in range(0, signal.shape[0] - 1, CHUNK):
        times = signal.times[first : first + CHUNK + 1].magnitude
        with np.errstate(invalid="ignore"):  # of times that are not finite, which are told of
            steps = np.diff(times)
        if steps.min() >= 0:
            continue
        at = int(np.argmax(~(steps >= 0)))
        unit = signal.times.dimensionality.string
        _check_finite(times, first, unit, what)
        raise SignalError(
            f"{what} has times that are not increasing, at {times[at + 1]:g} {unit} (sample "
            f"{first + at + 1}): sort the samples by time."
        )
    start, stop = (float(signal.times[k].magnitude) for k in (0, -1))
    # Times that do not go back are finite if their ends are.
    for time, sample in ((start, 0), (stop, signal.shape[0] - 1)):
        _check_finite(np.array([time]), sample, signal.times.dimensionality.string, what)
    if not stop > start:
        raise SignalError(f"{what} has one time for all samples, {start:g}: give the time of each sample.")
    if hasattr(signal.times, "increase"):
        signal.times.increase = True


def _check_finite(times: np.ndarray, first: int, unit: str, what: str) -> None:
    bad = ~(np.abs(times) < LATEST)
    if bad.any():
        at = int(np.argmax(bad))
        raise SignalError(
            f"{what} has the time {times[at]:g} {unit} (sample {first + at}), which is not finite: give "
            "each sample a time."
        )


def check_same_times(first: Any, other: Any, first_name: str, other_name: str) -> None:
    """Refuse two signals that were not sampled at the same times.

    Raises
    ------
    SignalError
        Which says in what the two differ.
    """
    difference = _difference(first, other)
    if difference:
        raise SignalError(
            f"Signals {first_name!r} and {other_name!r} have different times ({difference}): "
            "record them together, resample one of them, or leave one out."
        )


def _difference(first: Any, other: Any) -> str | None:
    if first.shape[0] != other.shape[0]:
        return f"{first.shape[0]} and {other.shape[0]} samples"
    if is_regular(first) != is_regular(other):
        return "one has a fixed sampling interval, the other has not"
    if is_regular(first):
        return _difference_of_regular(first, other)
    unread = hasattr(first.times, "same") and hasattr(other.times, "same")
    if unread and (other.times is first.times or other.times in first.times.same):
        return None
    for begin in range(0, first.shape[0] - 1, CHUNK):
        rows = slice(begin, begin + CHUNK + 1)
        a, b = (float_times(signal, "ms", rows) for signal in (first, other))
        apart = are_apart(a, b)
        if apart.any():
            return f"at sample {begin + int(np.argmax(apart))}"
    if unread:
        first.times.same.add(other.times)
    return None


def _difference_of_regular(first: Any, other: Any) -> str | None:
    (start, period), (other_start, other_period) = (clock(signal, "ms") for signal in (first, other))
    if not abs(period - other_period) * first.shape[0] <= TOLERANCE * period:
        return f"sampling intervals of {period:g} and {other_period:g} ms"
    if not abs(start - other_start) <= TOLERANCE * period:
        return f"starts at {start:g} and {other_start:g} ms"
    return None


def clock(signal: Any, units: str) -> tuple[float, float]:
    """Time of the first sample and sampling interval of regular samples, as plain numbers.

    Examples
    --------
    >>> import quantities as pq
    >>> clock(neo.AnalogSignal([[1], [2]], units="nA", t_start=1 * pq.s, sampling_rate=2 * pq.kHz), "ms")
    (1000.0, 0.5)
    """
    start, interval = signal.t_start, signal.sampling_period
    return (
        float(start.magnitude * unit_tools.factor(start, units)),
        float(interval.magnitude * unit_tools.factor(interval, units)),
    )


def float_times(signal: Any, units: str, rows: slice | None = None) -> np.ndarray:
    """Times of a signal as plain numbers.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).
    units : str
        Time unit of the result.
    rows : slice, optional
        The samples wanted, as ``slice(first, last)``; all where left out.

    Returns
    -------
    ndarray of float64, shape (time,)
    """
    rows = slice(0, signal.shape[0]) if rows is None else rows
    if is_regular(signal):
        start, period = clock(signal, units)
        times = np.arange(rows.start, rows.stop, dtype=float)
        times *= period
        times += start
        return times
    return np.asarray(signal.times[rows].rescale(units).magnitude, dtype=float)


def span(signal: Any, units: str, rows: slice | None = None) -> tuple[float, float]:
    """Times of the first and the last sample as plain numbers, of all or of ``slice(first, last)``."""
    rows = slice(0, signal.shape[0]) if rows is None else rows
    if is_regular(signal):
        start, period = clock(signal, units)
        return start + period * rows.start, start + period * (rows.stop - 1)
    ends = signal.times[[rows.start, rows.stop - 1]].rescale(units).magnitude
    return float(ends[0]), float(ends[1])


def first_at(signal: Any, time: float) -> int:
    """Index of the first sample that is not before a time in ms, up to rounding.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).
    time : float
        In ms.

    Returns
    -------
    int
        The number of samples where all are before.

    Examples
    --------
    >>> import neo, quantities as pq
    >>> signal = neo.AnalogSignal([[1], [2], [3]], units="nA", sampling_period=0.1 * pq.ms)
    >>> first_at(signal, 0.1), first_at(signal, 0.15)
    (1, 2)
    """
    if is_regular(signal):
        start, period = clock(signal, "ms")
        place = np.ceil((time - start) / period - TOLERANCE)
        return int(np.clip(place, 0, signal.shape[0]))
    # Steps of a variable-step method may be tiny: the tolerance is for the rounding of units only.
    first, last = span(signal, "ms")
    wanted = time - 4 * np.spacing(max(abs(first), abs(last)))
    if hasattr(signal.times, "first_at"):  # unread ones: a few are looked at, and not all
        return signal.times.first_at(wanted, "ms")
    return int(np.searchsorted(float_times(signal, "ms"), wanted))


def counts_before(signal: Any, borders: np.ndarray, rows: slice) -> np.ndarray:
    """How many of some samples are before each of some times, without writing out regular times.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).
    borders : ndarray, shape (border,)
        Times in ms.
    rows : slice
        The samples, as ``slice(first, last)``.

    Returns
    -------
    ndarray of int, shape (border,)
        The same as ``np.searchsorted(float_times(signal, "ms", rows), borders)``.

    Examples
    --------
    >>> import neo, quantities as pq
    >>> signal = neo.AnalogSignal([[1], [2], [3]], units="nA", sampling_period=0.1 * pq.ms)
    >>> counts_before(signal, np.array([0.0, 0.1, 0.15, 5.0]), slice(0, 3)).tolist()
    [0, 1, 2, 3]
    """
    if not is_regular(signal):
        return np.searchsorted(float_times(signal, "ms", rows), borders)
    start, period = clock(signal, "ms")
    found = np.clip(np.ceil((borders - start) / period), rows.start, rows.stop)
    # The quotient is rounded: the samples beside it decide, with their times as they are written out.
    while (late := (found > rows.start) & ((found - 1) * period + start >= borders)).any():
        found -= late
    while (early := (found < rows.stop) & (found * period + start < borders)).any():
        found += early
    return found.astype(np.int64) - rows.start


def sample_durations(
    signal: Any, units: str, gaps: np.ndarray | None = None, rows: slice | None = None
) -> np.ndarray | float:
    """The time that each sample stands for, so that ``sum(values * durations)`` is the integral.

    A sample of an AnalogSignal stands for one sampling interval (so that the charges of
    consecutive slices add up to the charge of the whole); a sample of an
    IrregularlySampledSignal for half the way to each of its neighbours (the trapezoidal rule).

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).
    units : str
        Time unit of the result.
    gaps : ndarray of bool, shape (time,), optional
        Samples that stand for no time; the intervals beside them are left out as well.
    rows : slice, optional
        The samples wanted, as ``slice(first, last)``; their neighbours count all the same.

    Returns
    -------
    float or ndarray of float64, shape (time,)
        One number for regular sampling without gaps.

    Examples
    --------
    >>> import neo
    >>> irregular = neo.IrregularlySampledSignal([0, 1, 3], [[1], [1], [1]], units="nA", time_units="ms")
    >>> sample_durations(irregular, "ms")
    array([0.5, 1.5, 1. ])
    >>> sample_durations(irregular, "ms", rows=slice(1, 3))
    array([1.5, 1. ])
    """
    rows = slice(0, signal.shape[0]) if rows is None else rows
    if is_regular(signal):
        _, period = clock(signal, units)
        return period if gaps is None else np.where(gaps[rows], 0.0, period)
    around = slice(max(rows.start - 1, 0), min(rows.stop + 1, signal.shape[0]))
    steps = np.diff(float_times(signal, units, around))
    if gaps is not None:
        steps[gaps[around][:-1] | gaps[around][1:]] = 0.0
    durations = np.zeros(len(steps) + 1)
    durations[:-1] += steps / 2
    durations[1:] += steps / 2
    return durations[rows.start - around.start : rows.stop - around.start]
