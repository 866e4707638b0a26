"""Time axes: reading the times of Neo signals, finding samples, and the time that each stands for."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.recording.sampling import TOLERANCE

#: What is beyond this is no time that could be computed with.
LATEST = 1e300

#: Irregular times that are compared at once.
CHUNK = 1 << 20


def is_regular(signal: Any) -> bool:
    """Whether a signal has one sampling interval (`neo.AnalogSignal`)."""
    return isinstance(signal, neo.AnalogSignal)


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
