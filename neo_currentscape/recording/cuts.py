"""The samples of a stretch of time."""

from __future__ import annotations

from typing import Any

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import timebase


def limits(t_start: Any, t_stop: Any) -> tuple[float | None, float | None]:
    """Both ends of a stretch in ms, None where it has none, of Quantities."""
    given = (t_start, "t_start"), (t_stop, "t_stop")
    start, stop = (None if t is None else units.scalar(t, "ms", what) for t, what in given)
    return start, stop


def rows_between(signal: Any, start: float | None, stop: float | None) -> slice:
    """The samples with ``start <= t < stop``, in ms; empty, or with its ends reversed, where there is none.

    Examples
    --------
    >>> import neo, quantities as pq
    >>> signal = neo.AnalogSignal([[1], [2], [3], [4]], units="nA", sampling_period=0.1 * pq.ms)
    >>> rows_between(signal, 0.1, 0.3), rows_between(signal, None, 0.25)
    (slice(1, 3, None), slice(0, 3, None))
    """
    first = 0 if start is None else timebase.first_at(signal, start)
    last = signal.shape[0] if stop is None else timebase.first_at(signal, stop)
    return slice(first, last)


def rows_of_slice(signal: Any, t_start: Any = None, t_stop: Any = None) -> slice:
    """The samples that are left of what has the times of a signal, two at the least.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, channel).
    t_start, t_stop : Quantity, optional
        From the beginning, or to the end, where left out.

    Returns
    -------
    slice
        ``slice(first, last)``.

    Raises
    ------
    SignalError
        When fewer than two samples are left.
    """
    start, stop = limits(t_start, t_stop)
    rows = rows_between(signal, start, stop)
    if rows.stop - rows.start < 2:
        begin, end = timebase.span(signal, "ms")
        told = ("the end" if t is None else f"{t:g} ms" for t in (begin if start is None else start, stop))
        raise SignalError(
            f"The slice from {' to '.join(told)} holds {max(rows.stop - rows.start, 0)} of the "
            f"{signal.shape[0]} samples from {begin:g} to {end:g} ms, and 2 are the least: choose a longer "
            "one."
        )
    return rows
