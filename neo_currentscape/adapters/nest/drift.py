"""Whether what the currents leave of C dV/dt is more than what the sampling leaves, up to some time.

What steps without a sample hide, and the steps in which a neuron fires, is large, but it comes and goes. A
parameter that was another one is wrong in nearly every sample, up to the change. So medians of blocks are
looked at, of which single samples are no part, and their course over the run.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: Blocks that a run is cut into, the fewest to judge by, and the fewest samples of one.
BLOCKS, FEWEST, SHORTEST = 64, 8, 5

#: Samples that are taken of a long block.
TAKEN = 64

#: The part of the current that a stretch may leave, where every step was sampled and where not: regular
#: spikes that always fall between two samples leave 0.04.
MOST, MOST_OF_COARSE = 0.02, 0.06

#: So many times its error is a median that is none by chance, of the many stretches of many neurons that
#: are tried, and so much larger than after a change.
CLEARLY = 6.0

#: Relative error that stands in where blocks do not differ, as no sampling is better.
FLOOR = 1e-3

#: A remainder is constant where it differs by less than this from one sample to the next, and wrong where
#: that is so in this part of the blocks.
SMOOTH, NEARLY_ALL = 0.05, 0.8


def blocks(rest: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """The median of each block, as part of the current that flows in it.

    Parameters
    ----------
    rest, size : ndarray, shape (time, node)
        What is left, and the sum of all sizes; NaN where it is not known.

    Returns
    -------
    parts, level : ndarray, shape (block, node)
        The part, and what is left itself.
    length : int
        Samples of a block.
    """
    rest, length = _cut(rest)
    size, _ = _cut(size)
    level = _median(rest, 1)
    return level / np.maximum(_median(size, 1), np.finfo(float).tiny), level, length


def still(rest: np.ndarray, smooth: float | np.ndarray = SMOOTH) -> np.ndarray:
    """Blocks in which what is left does not differ from sample to sample; bool, shape (block, node)."""
    cut, _ = _cut(np.abs(np.diff(rest, axis=0, append=rest[-1:])))
    level, _ = _cut(np.abs(rest))
    return _median(cut, 1) <= smooth * _median(level, 1)


def wrong_until(parts: np.ndarray, level: np.ndarray, most: float) -> np.ndarray:
    """The block up to which the currents do not explain V; 0 where they do, shape (node,).

    Parameters
    ----------
    parts, level : ndarray, shape (block, node)
        As `blocks` returns them.
    most : float
        `MOST` or `MOST_OF_COARSE`.

    Notes
    -----
    Where every step was sampled, the median over the first blocks is `CLEARLY` beyond its error, which is
    told from their spread (1.25 times that of a mean, for normal errors). Synapses that are faster than
    coarse samples are missed in every block: there, it also differs that clearly from the median over
    the blocks after them. Or the first blocks leave clearly more than those after them, of either sign.
    """
    last, best = np.zeros(parts.shape[1], dtype=int), np.full(parts.shape[1], CLEARLY)
    for number, columns in _prefixes(parts, most):
        score = np.maximum(_drift(parts[:, columns], number, most), _drop(parts[:, columns], number, most))
        better = score > best[columns]
        best[columns[better]], last[columns[better]] = score[better], number
    placed = _placed(level, last)
    # What coarse samples miss all the time does not end.
    return placed if most <= MOST else np.where(placed > len(parts) - FEWEST, 0, placed)


def constant_until(parts: np.ndarray, level: np.ndarray, quiet: np.ndarray, most: float) -> np.ndarray:
    """The block up to which a remainder stays, though no synapse is constant; 0 where none does.

    Parameters
    ----------
    parts, level, quiet : ndarray, shape (block, node)
        As `blocks` and `still` return them. Where spikes arrive all the time, what is left is not constant.
    most : float
    """
    last = np.zeros(parts.shape[1], dtype=int)
    known = np.isfinite(parts)
    wrong = known & quiet & (np.abs(parts) > most)
    for number, columns in _prefixes(np.where(wrong, parts, np.nan), most):
        many, bad = known[:number, columns].sum(axis=0), wrong[:number, columns].sum(axis=0)
        last[columns[(bad >= FEWEST) & (bad >= NEARLY_ALL * many)]] = number
    return _placed(level, last)


def _placed(level: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Put the ends where what is left falls below half of what it is before, by their running sum."""
    placed = np.zeros_like(last)
    for column in np.flatnonzero(last):
        size = np.abs(level[:, column])
        half = 0.5 * np.nanmedian(size[: last[column]])
        # What is far above counts no more than what is clearly above.
        above = np.nan_to_num(np.minimum(size - half, half))
        placed[column] = 1 + np.argmax(np.cumsum(above))
    return placed


def _prefixes(parts: np.ndarray, most: float) -> Iterator[tuple[int, np.ndarray]]:
    """The numbers of first blocks to judge, and the neurons that can be wrong at all."""
    columns = np.flatnonzero((np.abs(parts) > most).sum(axis=0) >= FEWEST)
    if len(columns):
        yield from ((number, columns) for number in range(FEWEST, len(parts) + 1))


def _drift(parts: np.ndarray, number: int, most: float) -> np.ndarray:
    """How many errors the median of the first parts is away from 0, or from that of the others."""
    middle, error, enough = _middle(parts[:number], FEWEST)
    apart = middle
    if most > MOST:
        after, its_error, known = _middle(parts[number:], max(FEWEST, len(parts) // 8))
        enough &= known & (np.abs(after) < 0.25 * np.abs(middle))
        apart, error = middle - after, np.hypot(error, its_error)
    return np.where(enough & (np.abs(middle) > most), np.abs(apart) / error, 0.0)


def _middle(parts: np.ndarray, fewest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The median of the parts of each neuron, its error, and whether there are enough of them."""
    number = np.isfinite(parts).sum(axis=0)
    if len(parts) < fewest:
        nothing = np.zeros(parts.shape[1])
        return nothing, nothing + FLOOR, nothing > 0
    middle = _median(parts, 0)
    spread = 1.4826 * _median(np.abs(parts - middle), 0)
    return middle, 1.25 * spread / np.sqrt(np.maximum(number, 1)) + FLOOR, number >= fewest


def _drop(parts: np.ndarray, number: int, most: float) -> np.ndarray:
    """How many times larger the first parts are than nearly all of those after them."""
    parts = np.abs(parts)
    early, late = parts[:number], parts[number:]
    fewest = max(FEWEST, len(parts) // 8)
    enough = np.minimum(np.isfinite(early).sum(axis=0), np.isfinite(late).sum(axis=0)) >= fewest
    if not enough.any():
        return np.zeros(parts.shape[1])
    size = _median(early, 0)
    after = np.sort(np.where(np.isfinite(late), late, -1.0), axis=0)[int(0.9 * (len(late) - 1))]
    return np.where(enough & (size > most), size / (np.maximum(after, 0.0) + FLOOR), 0.0)


def _cut(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Blocks of the same length, shape (block, sample, node), and that length."""
    length = max(SHORTEST, -(-len(values) // BLOCKS))
    number = len(values) // length
    cut = values[: number * length].reshape(number, length, values.shape[1])
    return cut[:, :: max(1, length // TAKEN)], length


def _median(values: np.ndarray, axis: int) -> np.ndarray:
    """The median of what is known, NaN where nothing is; without the warning of NumPy's."""
    order = np.sort(values, axis=axis)  # NaN comes last
    number = np.isfinite(values).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(order, np.maximum((number - 1) // 2, 0), axis)
    high = np.take_along_axis(order, np.maximum(number // 2, 0) * (number > 0), axis)
    middle = 0.5 * (low + high)
    return np.squeeze(np.where(number > 0, middle, np.nan), axis=axis)
