"""The kernel of the reduction compiled by numba: the same numbers as with NumPy, several times faster.

Importing this module compiles it, or reads what was compiled before from ``__pycache__`` (from
``NUMBA_CACHE_DIR``, where that is set). `neo_currentscape.reduction.engine` decides when that pays,
and `neo_currentscape.reduction.threads` shares out the work.

What has the results of a current in a piece has six of them: the integrals of its share of the
outward and of the inward total, the charges in both directions, its smallest and its largest value.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, types, void

from neo_currentscape.reduction.compiled_extremes import BLOCK, STRIP, bound
from neo_currentscape.reduction.split import LARGE, SMALLER

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
    """Turn samples in rows into lines of one current each, eight samples at a time, as that fills
    whole lines of the cache."""
    for at in range(0, count, 8):
        n = min(8, count - at)
        for k in range(values.shape[1]):
            line = block[k][at : at + n]
            for t in range(n):
                line[t] = values[first + at + t, k]


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
    """Totals of both directions; four currents at a time, so that they are read and written less."""
    total[:, :count] = 0.0
    flows_out = total[0]
    flows_in = total[1]
    fours = len(block) // 4 * 4
    for k in range(0, fours, 4):
        i0 = block[k]
        i1 = block[k + 1]
        i2 = block[k + 2]
        i3 = block[k + 3]
        for t in range(count):
            a, b, c, d = i0[t], i1[t], i2[t], i3[t]
            flows_out[t] += ((a if a > 0.0 else 0.0) + (b if b > 0.0 else 0.0)) + (
                (c if c > 0.0 else 0.0) + (d if d > 0.0 else 0.0)
            )
            flows_in[t] -= ((a if a < 0.0 else 0.0) + (b if b < 0.0 else 0.0)) + (
                (c if c < 0.0 else 0.0) + (d if d < 0.0 else 0.0)
            )
    for k in range(fours, len(block)):
        for t in range(count):
            x = block[k, t]
            flows_out[t] += x if x > 0.0 else 0.0
            flows_in[t] -= x if x < 0.0 else 0.0


@_compiled
def _per_total(weight, total, count, out):
    """Factors that turn currents into shares times durations."""
    for t in range(count):
        divisor = total[t] if total[t] > 0.0 else 1.0
        out[t] = weight[t] / divisor if total[t] > 0.0 else 0.0


@_compiled
def _without_extremes(factors, total, count):
    for t in range(count):
        factors[t] = 0.0 if factors[t] == np.inf or total[t] > LARGE else factors[t]


@_compiled
def _add_extreme(block, weight, total, count, side, out):
    """Shares in totals so small that 1 / total overflows, or too large: currents are divided one by one,
    and made smaller before they are summed where their sum is large."""
    for t in range(count):
        if total[t] > 0.0 and (total[t] > LARGE or weight[t] / total[t] == np.inf):
            scale, whole = 1.0, total[t]
            if whole > LARGE:
                scale, whole = SMALLER, 0.0
                for k in range(len(block)):
                    x = -block[k, t] if side else block[k, t]
                    whole += x * scale if x > 0.0 else 0.0
            for k in range(len(block)):
                x = -block[k, t] if side else block[k, t]
                out[k, side] += x * scale / whole * weight[t] if x > 0.0 else 0.0


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
    """Reduce some pieces: see `neo_currentscape.reduction.threads.Results` for what is added to.

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
    strips = np.empty((2, STRIP))
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
                if _sum(factor[side], count) == np.inf or _sum(total[side], count) > LARGE:
                    _add_extreme(block, weight, total[side], count, side, flow)
                    _without_extremes(factor[side], total[side], count)
            _integrate(block, weight, factor, count, flow)
            bound(block, blank, any_blank, row, count, strips, ends)
            _combine(block, coefficients, count, lines)
            bound(lines, blank, any_blank, row, count, strips, sums[piece])
            for side in range(2):
                totals[piece, side, 0] += _dot(total[side], weight, count)
            bound(total, blank, any_blank, row, count, strips, total_ends)
            times[piece, 0] += _sum(weight, count)


@njit(void(_TABLE, _MARKS, _PLACES, *[int64] * 3, float64[:, :, ::1]), nogil=True, cache=True)
def bound_pieces(values, blank, borders, first, last, origin, out):
    """Find the extremes of other signals; `out` has the shape (piece, channel, 2)."""
    block, weight = np.zeros((values.shape[1], BLOCK + PADDING)), np.zeros(BLOCK)
    strips = np.empty((2, STRIP))
    for piece in range(first, last):
        for at in range(borders[piece], borders[piece + 1], BLOCK):
            row, count = at - origin, min(BLOCK, borders[piece + 1] - at)
            _fill(values, row, count, block)
            any_blank = len(blank) > 0 and _blank_out(blank, row, count, block, weight)
            bound(block, blank, any_blank, row, count, strips, out[piece])
