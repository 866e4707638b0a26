"""Areas with the corners only that are seen, for files without dots, which keep every corner.

Neighbours in a stack share an edge, point for point. So whether a point stays is decided by its edge alone,
and both find the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

#: How far in points an edge may move each time every second point of it is looked at, and how often that
#: is: less than 0.15 points in all, which is 0.05 mm.
TOLERANCE, ROUNDS = 0.02, 7

#: Corners of an area that is left as it is.
FEW = 64


@contextmanager
def areas(figure: Any, kind: str, vector: tuple[str, ...]) -> Iterator[None]:
    """Let the areas of a figure have the corners only that are seen, while it is written.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        As it is laid out.
    kind : str
        The format.
    vector : tuple of str
        Formats without dots.
    """
    from matplotlib.collections import PolyCollection

    found = figure.findobj(PolyCollection) if kind in vector else []
    for one in found:
        one.draw = _Thin(one, one.draw)
    try:
        yield
    finally:
        for one in found:
            del one.draw


class _Thin:
    """Draws an area with fewer corners: those that it has then, as a reduction may be another by now."""

    def __init__(self, area: Any, draw: Any) -> None:
        self.area, self.draw = area, draw

    def __call__(self, renderer: Any) -> None:
        before = self.area._paths
        try:
            # Set as they are: matplotlib's own ways would make new paths of them.
            self.area._paths = [
                _thinned(path, self.area.get_transform(), 72 / self.area.figure.dpi) for path in before
            ]
            self.draw(renderer)
        finally:
            self.area._paths = before


def _thinned(path: Any, transform: Any, points: float) -> Any:
    if len(path.vertices) < FEW or path.codes is None or (path.codes[1:-1] > 2).any():
        return path
    from matplotlib.path import Path

    shown = transform.transform(path.vertices) * points
    if not np.isfinite(shown).all():
        return path
    kept = np.flatnonzero(needed(shown))
    return Path(path.vertices[kept], path.codes[kept])


def needed(shown: np.ndarray) -> np.ndarray:
    """Which corners of an outline are seen.

    Parameters
    ----------
    shown : ndarray, shape (corner, 2)
        In points.

    Returns
    -------
    ndarray of bool, shape (corner,)

    Examples
    --------
    >>> x = np.arange(5.0)
    >>> needed(np.column_stack([x, [0, 1, 2, 3, 0]])).tolist()
    [True, False, False, True, True]
    """
    _, column = np.unique(shown[:, 0], return_inverse=True)
    kept = np.arange(len(shown))
    for level in range(ROUNDS):
        first, middle, last = shown[kept[:-2]], shown[kept[1:-1]], shown[kept[2:]]
        along = last - first
        away = middle - first
        length = np.hypot(*along.T)
        off = np.abs(along[:, 0] * away[:, 1] - along[:, 1] * away[:, 0]) / np.maximum(length, 1e-12)
        # A point where the outline turns back, or goes straight up, is a corner.
        between = (along * away).sum(axis=1) > 0
        forward = (np.sign(away[:, 0]) == np.sign(along[:, 0])) & (
            np.sign(last[:, 0] - middle[:, 0]) == np.sign(along[:, 0])
        )
        odd = (column[kept[1:-1]] >> level) % 2 == 1
        gone = odd & between & forward & (off <= TOLERANCE)
        # Of two neighbours one stays, or the one after it was measured against what is gone.
        gone[1:] &= ~gone[:-1]
        kept = np.r_[kept[0], kept[1:-1][~gone], kept[-1]]
    found = np.zeros(len(shown), dtype=bool)
    found[kept] = True
    return found
