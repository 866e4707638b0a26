"""The kernel of the reduction compiled by numba: the same numbers as with NumPy, several times faster.

Importing this module compiles it, or reads what was compiled before from ``__pycache__`` (from
``NUMBA_CACHE_DIR``, where that is set). `neo_currentscape.analysis.engine` decides when that pays,
and `neo_currentscape.analysis.pieces` shares out the work.

What has the results of a current in a piece has six of them: the integrals of its share of the
outward and of the inward total, the charges in both directions, its smallest and its largest value.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, types, void

#: Samples that are looked at together: what belongs to them stays in the fastest cache.
BLOCK = 256

#: Unused columns of a block, so that its rows do not compete for the same places in the cache.
PADDING = 8

# Any layout, and also read-only, so that one compilation serves all arrays.
_TABLE = types.Array(types.float64, 2, "A", readonly=True)
_LINE = types.Array(types.float64, 1, "A", readonly=True)
_MARKS = types.Array(types.boolean, 1, "A", readonly=True)
_PLACES = types.Array(types.int64, 1, "C", readonly=True)

_compiled = njit(nogil=True, cache=True)
# Sums may be taken in any order, which is what lets the processor add several numbers at once.
_summing = njit(nogil=True, cache=True, fastmath={"reassoc", "nsz", "contract"})


@_compiled
def _fill(values, first, count, block):
    for t in range(count):
        for k in range(values.shape[1]):
            block[k, t] = values[first + t, k]


@_compiled
def _weigh(weights, first, count, out):
    for t in range(count):
        out[t] = weights[first + t]


@_compiled
def _blank_out(blank, first, count, block, weight):
    """Take the current and the weight from blank samples; whether there are any."""
    any_blank = False
    for t in range(count):
        if blank[first + t]:
            any_blank = True
            weight[t] = 0.0
            block[:, t] = 0.0
    return any_blank


@_compiled
def _add_up(block, count, total):
    total[:, :count] = 0.0
    for k in range(len(block)):
        for t in range(count):
            x = block[k, t]
            total[0, t] += x if x > 0.0 else 0.0
            total[1, t] -= x if x < 0.0 else 0.0


@_compiled
def _per_total(weight, total, count, out):
    """Factors that turn currents into shares times durations."""
    for t in range(count):
        divisor = total[t] if total[t] > 0.0 else 1.0
        out[t] = weight[t] / divisor if total[t] > 0.0 else 0.0


@_compiled
def _without_infinities(factors, count):
    for t in range(count):
        factors[t] = 0.0 if factors[t] == np.inf else factors[t]


@_compiled
def _add_tiny(block, weight, total, count, side, out):
    """Shares in totals so small that 1 / total overflows: currents are divided one by one."""
    for t in range(count):
        if total[t] > 0.0 and weight[t] / total[t] == np.inf:
            for k in range(len(block)):
                x = -block[k, t] if side else block[k, t]
                out[k, side] += x / total[t] * weight[t] if x > 0.0 else 0.0


@_summing
def _integrate(block, weight, factor, count, out):
    for k in range(len(block)):
        share_out, share_in, charge_out, charge_in = 0.0, 0.0, 0.0, 0.0
        for t in range(count):
            x = block[k, t]
            flows_out = x if x > 0.0 else 0.0
            flows_in = x if x < 0.0 else 0.0
            share_out += flows_out * factor[0, t]
            share_in -= flows_in * factor[1, t]
            charge_out += flows_out * weight[t]
            charge_in -= flows_in * weight[t]
        out[k, 0] += share_out
        out[k, 1] += share_in
        out[k, 2] += charge_out
        out[k, 3] += charge_in


@_summing
def _sum(line, count):
    found = 0.0
    for t in range(count):
        found += line[t]
    return found


@_summing
def _dot(line, weight, count):
    found = 0.0
    for t in range(count):
        found += line[t] * weight[t]
    return found


@_compiled
def _bound(lines, count, out):
    """Extremes of lines; four values at a time, as each comparison has to wait for the one before."""
    for k in range(len(lines)):
        low0 = low1 = low2 = low3 = np.inf
        high0 = high1 = high2 = high3 = -np.inf
        # As NaN is neither smaller nor larger, it is passed over.
        for t in range(0, count - 3, 4):
            a, b, c, d = lines[k, t], lines[k, t + 1], lines[k, t + 2], lines[k, t + 3]
            low0, high0 = a if a < low0 else low0, a if a > high0 else high0
            low1, high1 = b if b < low1 else low1, b if b > high1 else high1
            low2, high2 = c if c < low2 else low2, c if c > high2 else high2
            low3, high3 = d if d < low3 else low3, d if d > high3 else high3
        for t in range(count // 4 * 4, count):
            a = lines[k, t]
            low0, high0 = a if a < low0 else low0, a if a > high0 else high0
        out[k, 0] = min(out[k, 0], low0, low1, low2, low3)
        out[k, 1] = max(out[k, 1], high0, high1, high2, high3)


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
def _bound_all(lines, blank, any_blank, first, count, out):
    if any_blank:
        _bound_held(lines, blank, first, count, out)
    else:
        _bound(lines, count, out)


@_compiled
def _combine(block, coefficients, count, out):
    out[:, :count] = 0.0
    for j in range(len(coefficients)):
        for k in range(len(block)):
            for t in range(count):
                out[j, t] += coefficients[j, k] * block[k, t]


@njit(
    void(
        _TABLE,
        _LINE,
        _MARKS,
        _TABLE,
        _PLACES,
        *[int64] * 3,
        *[float64[:, :, ::1]] * 3,
        float64[:, ::1],
    ),
    nogil=True,
    cache=True,
)
def reduce_pieces(
    currents, weights, blank, coefficients, borders, first, last, origin, flows, totals, sums, times
):
    """Reduce some pieces: see `neo_currentscape.analysis.pieces.Results` for what is added to.

    Parameters
    ----------
    currents : ndarray, shape (time, current)
    weights : ndarray, shape (time,) or (1,)
        The time that samples stand for.
    blank : ndarray of bool, shape (time,) or (0,)
    coefficients : ndarray, shape (sum, current)
    borders : ndarray of int, shape (piece + 1,)
        First sample of each piece.
    first, last : int
        Which pieces; `last` is not among them.
    origin : int
        The sample that row 0 of the arrays is.
    flows, totals, sums, times : ndarray
        Of shapes (piece, current, 6), (piece, 2, 3), (piece, sum, 2), (piece, 1).
    """
    n_currents, n_sums = currents.shape[1], len(coefficients)
    room = np.zeros((n_currents + n_sums + 5, BLOCK + PADDING))
    block, lines = room[:n_currents], room[n_currents:-5]
    total, factor, weight = room[-5:-3], room[-3:-1], room[-1]
    weight[:] = weights[0] if len(weights) > 0 else 0.0
    for piece in range(first, last):
        flow, ends, total_ends = flows[piece], flows[piece, :, 4:], totals[piece, :, 1:]
        for at in range(borders[piece], borders[piece + 1], BLOCK):
            row, count = at - origin, min(BLOCK, borders[piece + 1] - at)
            _fill(currents, row, count, block)
            if len(weights) > 1:
                _weigh(weights, row, count, weight)
            elif len(blank) > 0:
                weight[:] = weights[0]
            any_blank = len(blank) > 0 and _blank_out(blank, row, count, block, weight)
            _add_up(block, count, total)
            for side in range(2):
                _per_total(weight, total[side], count, factor[side])
                if _sum(factor[side], count) == np.inf:
                    _add_tiny(block, weight, total[side], count, side, flow)
                    _without_infinities(factor[side], count)
            _integrate(block, weight, factor, count, flow)
            _bound_all(block, blank, any_blank, row, count, ends)
            _combine(block, coefficients, count, lines)
            _bound_all(lines, blank, any_blank, row, count, sums[piece])
            for side in range(2):
                totals[piece, side, 0] += _dot(total[side], weight, count)
            _bound_all(total, blank, any_blank, row, count, total_ends)
            times[piece, 0] += _sum(weight, count)


@njit(void(_TABLE, _MARKS, _PLACES, *[int64] * 3, float64[:, :, ::1]), nogil=True, cache=True)
def bound_pieces(values, blank, borders, first, last, origin, out):
    """Find the extremes of other signals; `out` has the shape (piece, channel, 2)."""
    block, weight = np.zeros((values.shape[1], BLOCK + PADDING)), np.zeros(BLOCK)
    for piece in range(first, last):
        for at in range(borders[piece], borders[piece + 1], BLOCK):
            row, count = at - origin, min(BLOCK, borders[piece + 1] - at)
            _fill(values, row, count, block)
            any_blank = len(blank) > 0 and _blank_out(blank, row, count, block, weight)
            _bound_all(block, blank, any_blank, row, count, out[piece])
