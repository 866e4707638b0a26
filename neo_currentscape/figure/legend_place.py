"""Where the one legend of a figure stands, so that it is read as that of the panels that it explains.

Beside all panels where those are in the middle, as in the standard figure; else beside its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from neo_currentscape.figure import compose


def explained(panels: Sequence[Any]) -> list[bool]:
    """Which panels the legend of the figure explains."""
    return [hasattr(panel, "handles") and panel.legend is not False for panel in panels]


def own_rows(panels: Sequence[Any], axes: Sequence[Any], heights: Sequence[float]) -> range | None:
    """The panels that a legend has to stand beside; None where the middle of the page is beside them.

    Parameters
    ----------
    panels : sequence of panels
    axes : sequence of matplotlib.axes.Axes
        On which they are drawn.
    heights : sequence of float
        Of the panels, in any unit.

    Returns
    -------
    range or None
        Neighbours, of several such groups the highest.
    """
    own = explained(panels)
    ends = np.cumsum(heights)
    middle = int(np.searchsorted(ends, ends[-1] / 2))
    rows = np.flatnonzero(own)
    among = len(rows) and rows[0] <= middle <= rows[-1]
    if among and (own[middle] or not _has_legend(panels[middle], axes[middle])):
        return None
    groups = [[k for k, _ in group] for mine, group in groupby(enumerate(own), lambda one: one[1]) if mine]
    if not groups:
        return None
    best = max(groups, key=lambda group: sum(heights[k] for k in group))
    return range(best[0], best[-1] + 1)


def is_last_of_others(panels: Sequence[Any], axes: Sequence[Any]) -> bool:
    """Whether a panel of others, with a legend of its own, stands below all that the legend explains."""
    last = max((k for k, own in enumerate(explained(panels)) if own), default=len(panels))
    return any(
        _has_legend(panel, ax) for panel, ax in zip(panels[last + 1 :], axes[last + 1 :], strict=True)
    )


def _has_legend(panel: Any, axes: Any) -> bool:
    return not compose.is_ours(panel) and axes.get_legend() is not None


def stand_beside(legend: Any, axes: Sequence[Any], height: float) -> None:
    """Have a legend outside of the panels stand at the height of some of them.

    Parameters
    ----------
    legend : matplotlib.legend.Legend
        At the right of a figure, whose layout makes room for it.
    axes : sequence of matplotlib.axes.Axes
    height : float
        Of the legend in points.
    """
    # Given as bbox_to_anchor, the layout would make no room.
    legend.get_bbox_to_anchor = _Beside(legend.figure, axes, height)


class _Beside:
    """The box of a legend: as wide as the page, at the height of axes wherever a layout puts them."""

    def __init__(self, figure: Any, axes: Sequence[Any], height: float) -> None:
        self.figure, self.axes, self.height = figure, list(axes), height

    def __call__(self) -> Any:
        """The box, in pixels; all of the legend is on the page."""
        from matplotlib.transforms import Bbox

        page = self.figure.bbox
        low, high = min(one.bbox.y0 for one in self.axes), max(one.bbox.y1 for one in self.axes)
        half = self.height / 72 * self.figure.dpi / 2
        middle = max(min((low + high) / 2, page.y1 - half), page.y0 + half)
        return Bbox([[page.x0, middle], [page.x1, middle]])
