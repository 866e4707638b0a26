"""What times of signals are refused: none, standing still, going back, or other than their neighbours'."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.recording.sampling import TOLERANCE, are_apart
from neo_currentscape.recording.timebase import CHUNK, LATEST, clock, float_times, is_regular


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
