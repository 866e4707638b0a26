"""Repeated times of signals that stay in their file, set apart as they are read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from neo_currentscape.recording import sampling
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import LazySignal, LazyTimes


def set_apart(times: LazyTimes) -> LazyTimes:
    """Unread times of which none repeats, as `neo_currentscape.recording.sampling.set_apart` makes them.

    Parameters
    ----------
    times : LazyTimes
        That do not go back.

    Returns
    -------
    LazyTimes
        Unread as well.

    Examples
    --------
    >>> import quantities as pq
    >>> numbers = np.array([[0.0], [1.0], [1.0], [2.0]])
    >>> stored = LazyTimes(LazyArray(lambda first, last, _: numbers[first:last], numbers.shape), pq.ms)
    >>> bool((np.diff(set_apart(stored).load()) > 0).all())
    True
    """
    if times.apart:
        return times
    stored = times.values

    @lru_cache(maxsize=1)
    def largest() -> float:
        return max(abs(float(times[0].magnitude)), abs(float(times[-1].magnitude)))

    def read(first: int, last: int, _: Any) -> np.ndarray:
        begin, found = max(0, first - 1), stored.read(max(0, first - 1), last)[:, 0]
        # What repeats the time of samples before these begins with the first of them.
        while begin > 0 and len(found) > 1 and found[0] == found[1]:
            begin -= 1
            found = np.concatenate([stored.read(begin, begin + 1)[:, 0], found])
        return np.array(sampling.set_apart(found, largest())[first - begin :, None])

    apart = LazyTimes(LazyArray(read, stored.shape), times.units)
    apart.increase, apart.apart = times.increase, True
    return apart


def with_times(signal: LazySignal, times: LazyTimes) -> LazySignal:
    """The same unread signal at other times."""
    arrays, notes = signal.array_annotations, dict(signal.annotations)
    return LazySignal(signal.lazy_values, signal.units, times, signal.name, arrays, **notes)
