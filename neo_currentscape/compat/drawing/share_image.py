"""Shares as an image: which current is where, in so many rows for each column of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.style import axes as axes_style

#: Rows beyond which an image shows no more on any page: memory stays bounded.
MOST_ROWS = 4096


def share_image(parts: np.ndarray, rows: int) -> np.ndarray:
    """Stack shares downwards into rows.

    Parameters
    ----------
    parts : ndarray, shape (current, column)
        Shares, from 0 to 1; the first lies on top. NaN where there is a gap.
    rows : int
        Number of rows, `MOST_ROWS` at most.

    Returns
    -------
    ndarray of int, shape (row, column)
        In each place the index of the current; the number of currents where there is none. Borders
        lie in the nearest row, so that rounding leaves no row empty.

    Examples
    --------
    >>> share_image(np.array([[0.5, 0.0], [0.5, 0.25]]), 4).tolist()
    [[0, 1], [0, 2], [1, 2], [1, 2]]
    """
    rows = min(rows, MOST_ROWS)
    n_currents, n_columns = parts.shape
    borders = np.cumsum(np.nan_to_num(parts), axis=0)
    at = np.clip(np.rint(borders * rows), 0, rows).astype(np.intp)
    # Each border raises the index of all that is below it.
    steps = np.zeros((rows + 1, n_columns), dtype=np.min_scalar_type(n_currents))
    np.add.at(steps, (at, np.broadcast_to(np.arange(n_columns), at.shape)), 1)
    return np.cumsum(steps[:rows], axis=0, dtype=steps.dtype)


def draw_image(
    axes: Any,
    x: np.ndarray,
    parts: np.ndarray,
    colors: Sequence[Any],
    rows: int,
    limits: tuple[float, float],
) -> Any:
    """Draw shares as an image, from 0 to 1.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    x : ndarray, shape (column,)
        Times.
    parts : ndarray, shape (current, column)
    colors : sequence of colours
        One for each current; where there is none, the axes is seen.
    rows : int
    limits : tuple of float
        First and last time.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    from matplotlib.colors import ListedColormap, to_rgba

    parts, edges = _evenly(axes, x, parts, limits)
    colormap = ListedColormap([*(to_rgba(color) for color in colors), (1.0, 1.0, 1.0, 0.0)])
    return axes.imshow(
        share_image(parts, rows),
        cmap=colormap,
        vmin=-0.5,
        vmax=len(colors) + 0.5,
        extent=(*edges, 0.0, 1.0),
        aspect="auto",
        interpolation="nearest",
        origin="upper",
    )


def _evenly(
    axes: Any, x: np.ndarray, parts: np.ndarray, limits: tuple[float, float]
) -> tuple[np.ndarray, tuple[float, float]]:
    """Columns of equal width and their outer edges: an image has no others."""
    steps = np.diff(x)
    if np.ptp(steps) <= 1e-6 * steps.mean():
        half = steps.mean() / 2
        return parts, (float(x[0] - half), float(x[-1] + half))
    edges = np.linspace(*limits, axes_style.n_columns(axes) + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    nearest = np.searchsorted((x[1:] + x[:-1]) / 2, centres)
    return parts[:, nearest], limits
