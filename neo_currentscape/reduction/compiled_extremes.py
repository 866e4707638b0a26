"""Smallest and largest values of lines of samples, compiled by numba for `compiled`.

As each comparison of a running extreme has to wait for the one before, whole blocks are cut into
eight strips that are compared value by value, which the processor does for several values at once;
then only one strip is left to run through.
"""

from __future__ import annotations

import numpy as np
from numba import njit

#: Samples that are looked at together: what belongs to them stays in the fastest cache.
BLOCK = 256

#: Samples of a strip, eight of which are a block.
STRIP = BLOCK // 8

_compiled = njit(nogil=True, cache=True)


@_compiled
def _fold(line, low, high):
    """Extremes of the eight strips of a whole block, value by value.

    As NaN is neither smaller nor larger, it is passed over. The strips are named one by
    one, as a tuple of them takes longer to make than to compare.
    """
    a = line[:STRIP]
    b = line[STRIP : 2 * STRIP]
    c = line[2 * STRIP : 3 * STRIP]
    d = line[3 * STRIP : 4 * STRIP]
    e = line[4 * STRIP : 5 * STRIP]
    f = line[5 * STRIP : 6 * STRIP]
    g = line[6 * STRIP : 7 * STRIP]
    h = line[7 * STRIP : 8 * STRIP]
    for t in range(STRIP):
        smallest, largest = np.inf, -np.inf
        for x in (a[t], b[t], c[t], d[t], e[t], f[t], g[t], h[t]):
            smallest = x if x < smallest else smallest
            largest = x if x > largest else largest
        low[t] = smallest
        high[t] = largest


@_compiled
def _bound_line(low, high, count, out):
    """Smallest of `low` and largest of `high`, four values at a time."""
    low0 = low1 = low2 = low3 = np.inf
    high0 = high1 = high2 = high3 = -np.inf
    for t in range(0, count - 3, 4):
        low0, high0 = low[t] if low[t] < low0 else low0, high[t] if high[t] > high0 else high0
        low1 = low[t + 1] if low[t + 1] < low1 else low1
        high1 = high[t + 1] if high[t + 1] > high1 else high1
        low2 = low[t + 2] if low[t + 2] < low2 else low2
        high2 = high[t + 2] if high[t + 2] > high2 else high2
        low3 = low[t + 3] if low[t + 3] < low3 else low3
        high3 = high[t + 3] if high[t + 3] > high3 else high3
    for t in range(count // 4 * 4, count):
        low0, high0 = low[t] if low[t] < low0 else low0, high[t] if high[t] > high0 else high0
    out[0] = min(out[0], low0, low1, low2, low3)
    out[1] = max(out[1], high0, high1, high2, high3)


@_compiled
def _bound_held(lines, blank, first, count, out):
    """Extremes of lines without the blank samples."""
    for k in range(len(lines)):
        for t in range(count):
            x = lines[k, t]
            if not blank[first + t]:
                out[k, 0] = x if x < out[k, 0] else out[k, 0]
                out[k, 1] = x if x > out[k, 1] else out[k, 1]


@_compiled
def bound(lines, blank, any_blank, first, count, strips, out):
    """Widen `out`, of shape (line, 2), to the extremes of the first `count` samples of lines.

    Parameters
    ----------
    lines : ndarray, shape (line, time)
    blank : ndarray of bool, shape (time,) or (0,)
        Samples that do not count, from `first` on.
    any_blank : bool
        Whether there are any.
    first, count : int
    strips : ndarray, shape (2, STRIP)
        Room to work in.
    out : ndarray, shape (line, 2)
    """
    if any_blank:
        _bound_held(lines, blank, first, count, out)
        return
    for k in range(len(lines)):
        if count == BLOCK:
            _fold(lines[k], strips[0], strips[1])
            _bound_line(strips[0], strips[1], STRIP, out[k])
        else:
            _bound_line(lines[k], lines[k], count, out[k])
