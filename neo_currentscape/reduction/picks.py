"""Some samples spread over a recording, the same ones whatever it is reduced to.

What a figure takes from the distribution of the samples, such as the limit of a logarithmic axis, must
not change with the number of its columns: minima of wide columns are lower than those of narrow ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neo_currentscape.reduction import split

#: How many samples are picked of a recording that has more than four times as many; else all are.
MOST = 1 << 12

#: Part of the golden ratio by which picks are shifted within their stretch, one after the other: so
#: that they do not beat with a rhythm of the recording.
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Picks:
    """Currents at some of the samples.

    Attributes
    ----------
    currents : ndarray, shape (sample, current)
        Outward positive; samples in gaps are left out.
    weights : ndarray, shape (sample,)
        The time in ms that each sample stands for.
    """

    currents: np.ndarray
    weights: np.ndarray

    def total(self, direction: str) -> np.ndarray:
        """Total of one direction at each of the samples, shape (sample,)."""
        return split.totals_of(split.directed(self.currents, direction))

    @classmethod
    def joined(cls, parts: Sequence[Picks]) -> Picks:
        """Those of several chunks together."""
        return cls(
            np.concatenate([part.currents for part in parts]),
            np.concatenate([part.weights for part in parts]),
        )


def places(rows: slice) -> np.ndarray:
    """Which samples are picked: all of a short stretch, else `MOST`, evenly but not periodically.

    Parameters
    ----------
    rows : slice
        The samples there are.

    Returns
    -------
    ndarray of int
        Increasing.

    Examples
    --------
    >>> places(slice(5, 9)).tolist()
    [5, 6, 7, 8]
    >>> found = places(slice(0, 10**9))
    >>> len(found), int(np.diff(found).min()) > 0, int(found[-1]) < 10**9
    (4096, True, True)
    """
    n_samples = rows.stop - rows.start
    if n_samples <= 4 * MOST:
        return np.arange(rows.start, rows.stop)
    k = np.arange(MOST)
    found = (k + (k * GOLDEN) % 1.0) * (n_samples / MOST)
    return rows.start + found.astype(np.int64)


def pick(
    at: np.ndarray, currents: np.ndarray, durations: np.ndarray | float, gaps: np.ndarray | None = None
) -> Picks:
    """Take some samples of a chunk.

    Parameters
    ----------
    at : ndarray of int
        Which ones, counted from the beginning of the chunk.
    currents : ndarray, shape (time, current)
    durations : float or ndarray, shape (time,)
        The time that each sample stands for.
    gaps : ndarray of bool, shape (time,), optional
        Samples that count for nothing.

    Returns
    -------
    Picks
    """
    if gaps is not None:
        at = at[~gaps[at]]
    weights = np.full(len(at), durations) if np.ndim(durations) == 0 else durations[at]  # type: ignore[index]
    return Picks(np.asarray(currents[at], dtype=float), weights)
