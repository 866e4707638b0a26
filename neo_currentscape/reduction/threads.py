"""Sharing out a reduction among threads: samples are cut into pieces, which `compiled` reduces.

A piece is what lies in one bin, or a part of that where the bin is long. Each has results of its own,
so that threads share nothing, and their number changes no digit. Threads rather than processes, as
the compiled code needs nothing of Python; and they end with each call, so that a process may fork.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.reduction import compiled

#: Most samples in a piece, and how many a thread takes on at once.
LONGEST_PIECE, JOB = 1 << 14, 1 << 17


@dataclass(frozen=True)
class Results:
    """What pieces of samples come to.

    Attributes
    ----------
    bins : ndarray of int, shape (bin,)
        The bins that hold samples.
    flows : ndarray, shape (bin, current, 6)
        Integrals of the outward and the inward share, charges, and extremes.
    totals : ndarray, shape (bin, 2, 3)
        Integral and extremes of the outward and of the inward total.
    sums : ndarray, shape (bin, sum, 2)
        Extremes of the weighted sums of currents.
    time : ndarray, shape (bin,)
        What the samples stand for.
    others : list of ndarray, each of shape (bin, channel, 2)
        Extremes of the other signals.
    """

    bins: np.ndarray
    flows: np.ndarray
    totals: np.ndarray
    sums: np.ndarray
    time: np.ndarray
    others: list[np.ndarray]


def cut(limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut samples into pieces.

    Parameters
    ----------
    limits : ndarray of int, shape (bin + 1,)
        Bin k holds the samples limits[k] to limits[k + 1] - 1.

    Returns
    -------
    borders : ndarray of int, shape (piece + 1,)
    bins : ndarray of int, shape (piece,)
        In which bin each lies; bins without samples have none.

    Examples
    --------
    >>> borders, bins = cut(np.array([0, 3, 3, 20_000]))
    >>> borders.tolist(), bins.tolist()
    ([0, 3, 16384, 20000], [0, 2, 2])
    """
    inner = np.arange(limits[0], limits[-1], LONGEST_PIECE)
    borders = np.unique(np.concatenate([limits, inner])).astype(np.int64)
    return borders, np.searchsorted(limits, borders[:-1], side="right") - 1


def reduce(
    limits: np.ndarray,
    weights: np.ndarray,
    currents: Any,
    others: list[Any],
    coefficients: np.ndarray,
    gaps: np.ndarray | None,
    threads: int,
) -> Results:
    """Reduce samples by the compiled kernel.

    Parameters
    ----------
    limits : ndarray of int, shape (bin + 1,)
        See `cut`.
    weights : ndarray, shape (time,) or (1,)
    currents : array, shape (time, current)
    others : list of arrays, each of shape (time, channel)
    coefficients : ndarray, shape (sum, current)
    gaps : ndarray of bool, shape (time,), or None
    threads : int

    Returns
    -------
    Results
    """
    borders, bins = cut(limits)
    n, n_currents = len(bins), currents.shape[1]
    flows, totals = np.zeros((n, n_currents, 6)), np.zeros((n, 2, 3))
    sums, times = np.zeros((n, len(coefficients), 2)), np.zeros((n, 1))
    bounds = [np.zeros((n, array.shape[1], 2)) for array in others]
    for array in (flows, totals, sums, *bounds):
        array[..., -2], array[..., -1] = np.inf, -np.inf

    def job(first: int, last: int) -> None:
        rows = slice(int(borders[first]), int(borders[last]))
        blank = np.zeros(0, dtype=bool) if gaps is None else np.asarray(gaps[rows])
        own = weights[rows] if len(weights) > 1 else weights
        place = (borders, first, last, rows.start)
        compiled.reduce_pieces(
            _plain(currents[rows]), own, blank, coefficients, *place, flows, totals, sums, times
        )
        for array, out in zip(others, bounds, strict=True):
            compiled.bound_pieces(_plain(array[rows]), blank, *place, out)

    _run(job, borders, threads)
    return _merged(bins, flows, totals, sums, times, bounds)


def _plain(values: Any) -> np.ndarray:
    """The values as the compiled code takes them, without a copy where they are so already."""
    found = np.asarray(values)
    if found.dtype == np.float64 and found.dtype.isnative and found.flags.aligned:
        return found
    return np.array(found, dtype=np.float64)


def _run(job: Callable[[int, int], None], borders: np.ndarray, threads: int) -> None:
    """Call a job for all pieces, about `JOB` samples at a time."""
    ends = np.searchsorted(borders, np.arange(borders[0] + JOB, borders[-1], JOB))
    ends = np.unique(np.concatenate([[0], ends, [len(borders) - 1]]))
    pairs = [(int(a), int(b)) for a, b in zip(ends[:-1], ends[1:], strict=True)]
    if threads == 1 or len(pairs) < 2:
        for pair in pairs:
            job(*pair)
        return
    with ThreadPoolExecutor(threads) as pool:
        # Asking for the results hands on what was raised.
        list(pool.map(lambda pair: job(*pair), pairs))


def _merged(
    bins: np.ndarray,
    flows: np.ndarray,
    totals: np.ndarray,
    sums: np.ndarray,
    times: np.ndarray,
    others: list[np.ndarray],
) -> Results:
    """Merge the pieces of each bin."""
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    if len(starts) < len(bins):
        flows, totals, sums, times, *others = (
            _merge(array, starts) for array in (flows, totals, sums, times, *others)
        )
    return Results(bins[starts], flows, totals, sums, times[:, 0], others)


def _merge(pieces: np.ndarray, starts: np.ndarray) -> np.ndarray:
    found = np.add.reduceat(pieces, starts, axis=0)
    if pieces.shape[-1] > 1:
        found[..., -2] = np.minimum.reduceat(pieces[..., -2], starts, axis=0)
        found[..., -1] = np.maximum.reduceat(pieces[..., -1], starts, axis=0)
    return found
