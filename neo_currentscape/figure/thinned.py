"""Areas with the corners only that are seen, for files without dots, which keep every corner.

Neighbours in a stack share an edge, point for point. So whether a point stays is decided by its edge alone,
and both find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

#: How far in points an edge may move each time every second point of it is looked at, and how often that
#: is: less than 0.15 points in all, which is 0.05 mm.
TOLERANCE, ROUNDS = 0.02, 7

#: Corners of an area that is left as it is.
FEW = 64

#: Corners of all areas of an axes above which an edge may move twice and four times as far: less than
#: 0.2 mm. Those of a megabyte are some 40,000.
MOST = 14_000


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
    tolerances: dict[int, float] = {}
    for one in found:
        one.draw = _Thin(one, one.draw, tolerances)
    try:
        yield
    finally:
        for one in found:
            del one.draw


class _Thin:
    """Draws an area with fewer corners: those that it has then, as a reduction may be another by now."""

    def __init__(self, area: Any, draw: Any, tolerances: dict[int, float]) -> None:
        self.area, self.draw, self.tolerances = area, draw, tolerances

    def __call__(self, renderer: Any) -> None:
        before, axes = self.area._paths, self.area.axes
        # Neighbours share their edges, and so all areas of an axes one tolerance.
        if id(axes) not in self.tolerances:
            self.tolerances[id(axes)] = _tolerance([self.area] if axes is None else axes.collections)
        try:
            # Set as they are: matplotlib's own ways would make new paths of them.
            self.area._paths = [
                path if shown is None else self._thinned(path, shown, self.tolerances[id(axes)])
                for path, shown in zip(before, map(_in_points(self.area), before), strict=True)
            ]
            self.draw(renderer)
        finally:
            self.area._paths = before

    def _thinned(self, path: Any, shown: np.ndarray, tolerance: float) -> Any:
        from matplotlib.path import Path

        kept = np.flatnonzero(needed(shown, tolerance))
        # Short numbers: a hundredth of a point is seen nowhere.
        rounded = np.round(shown[kept], 2) * self.area.figure.dpi / 72
        return Path(self.area.get_transform().inverted().transform(rounded), path.codes[kept])


def _tolerance(areas: Any) -> float:
    """How far edges may move, so that the corners of some areas are not too many."""
    from matplotlib.collections import PolyCollection

    held: list[Any] = [one for one in areas if isinstance(one, PolyCollection)]
    shown = [found for one in held for found in map(_in_points(one), one._paths) if found is not None]
    for tolerance in (TOLERANCE, 2 * TOLERANCE):
        if sum(map(len, shown)) <= MOST or sum(needed(one, tolerance).sum() for one in shown) <= MOST:
            return tolerance
    return 4 * TOLERANCE


def _in_points(area: Any) -> Callable[[Any], np.ndarray | None]:
    """A function from a path of an area to its corners in points; None where they are left as they are."""
    transform, points = area.get_transform(), 72 / area.figure.dpi

    def shown(path: Any) -> np.ndarray | None:
        if len(path.vertices) < FEW or path.codes is None or (path.codes[1:-1] > 2).any():
            return None
        found = transform.transform(path.vertices) * points
        return found if np.isfinite(found).all() else None

    return shown


def needed(shown: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Which corners of an outline are seen.

    Parameters
    ----------
    shown : ndarray, shape (corner, 2)
        In points.
    tolerance : float, optional
        In points, for each of `ROUNDS`.

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
        gone = odd & between & forward & (off <= tolerance)
        # Of two neighbours one stays, or the one after it was measured against what is gone.
        gone[1:] &= ~gone[:-1]
        kept = np.r_[kept[0], kept[1:-1][~gone], kept[-1]]
    found = np.zeros(len(shown), dtype=bool)
    found[kept] = True
    return found
