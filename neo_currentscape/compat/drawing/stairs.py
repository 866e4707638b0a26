"""Columns drawn as bars: each value from edge to edge instead of a line from centre to centre."""

from __future__ import annotations

import numpy as np


def stairs(x: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Edges of bars around centres, each edge twice, to go with ``np.repeat(values, 2)``.

    Parameters
    ----------
    x : ndarray, shape (column,)
        Centres, increasing.
    limits : tuple of float
        Outer edges of the first and the last bar, as far as they lie outside of their centres.

    Returns
    -------
    ndarray, shape (2 column,)

    Examples
    --------
    >>> stairs(np.array([1.0, 3.0]), (0.0, 4.0))
    array([0., 2., 2., 4.])
    """
    inner = (x[1:] + x[:-1]) / 2
    edges = np.r_[min(limits[0], x[0]), inner, max(limits[1], x[-1])]
    return np.repeat(edges, 2)[1:-1]
