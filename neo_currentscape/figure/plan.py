"""The plan of a page: sizes of figure, text and panels, and the place of the legend.

It is made before anything is drawn, from the widths of the texts and what the panels need, in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.figure.sizes import natural_scale, share_height
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import text
from neo_currentscape.style.legend import Placement

#: Height in inches of a panel that is not ours, and what its labels need, in units of the text.
FOREIGN_HEIGHT, FOREIGN_LEAST = 1.0, 5.0

#: Height of the time axis with its label, and of the gap below a panel, in units of the text.
TIME_AXIS, GAP = 3.3, 1.1

#: Width of labels and ticks beside the panels, in units of the text.
SIDE = 6.5

#: Height of a line of the title, in units of the text.
TITLE_LINE = 1.6


@dataclass(frozen=True)
class Plan:
    """How large what is.

    Attributes
    ----------
    width, height : float
        Of the figure in inches.
    size : float
        Of the text in points.
    heights : ndarray, shape (panel,)
        In points.
    legend : Placement or None
    title : str
        Broken into lines that fit.
    room : float
        The height that the panels have, as a part of what their labels need.
    least : float
        What they need, in points.
    """

    width: float
    height: float
    size: float
    heights: np.ndarray
    legend: Placement | None
    title: str
    room: float = 1.0
    least: float = 0.0

    def height_for(self, room: float) -> float:
        """Height in inches, rounded up to a tenth, that gives the panels so much of what they need."""
        return float(np.ceil(10 * (self.height + self.least * (room - self.room) / 72)) / 10)

    @property
    def inner_width(self) -> float:
        """Width in points that a panel has, about: the page without labels at the left, and the legend."""
        beside = self.legend.width if self.legend is not None and self.legend.is_beside else 0.0
        return max(self.width * 72 - beside - SIDE * self.size, self.size)

    def margins(self) -> dict[str, float]:
        """Keywords for `GridSpec`, for figures without a layout that makes room by itself."""
        across, up = self.width * 72, self.height * 72
        below = 0.0 if self.legend is None or self.legend.is_beside else self.legend.height
        beside = self.legend.width if self.legend is not None and self.legend.is_beside else 0.0
        gap = 1.5 * self.size / max(float(self.heights.mean()), 1.0)
        return {
            "left": min(0.4, 8.0 * self.size / across),
            "right": max(0.5, 1 - (1.5 * self.size + beside) / across),
            "bottom": min(0.45, ((TIME_AXIS + 0.5) * self.size + below) / up),
            "top": max(0.55, 1 - (0.8 * self.size + _title_height(self.title, self.size)) / up),
            "hspace": gap,
        }


def make_plan(
    panels: Sequence[Any],
    labels: Sequence[str],
    title: str | None,
    width: float,
    height: float | None,
    size: float | None = None,
) -> Plan:
    """Plan a page.

    Parameters
    ----------
    panels : sequence of panels
    labels : sequence of str
        Of the legend; none for no legend.
    title : str or None
    width : float
        In inches.
    height : float or None
        In inches; None for what the panels would like.
    size : float, optional
        Of the text in points, where the caller chose it.

    Returns
    -------
    Plan
        Where the height is given and small, with smaller text, but not below 6 points.
    """
    if height is None:
        return _free(panels, labels, title, width, size or text.base_size(width))
    largest = size or text.base_size(width)
    least = size or min(largest, text.SMALLEST)
    tries = [(float(s), legend_style.ROW) for s in np.linspace(largest, least, 1 if size else 10)]
    for fontsize, row in (*tries, (least, legend_style.NARROW_ROW)):
        plan = _fixed(panels, labels, title, width, height, fontsize, row)
        if plan.room >= 1:
            break
    return plan


def _free(panels: Sequence[Any], labels: Sequence[str], title: Any, width: float, size: float) -> Plan:
    scale = 72 * natural_scale(width)
    heights = np.array([max(scale * natural_of(p), size * least_of(p)) for p in panels])
    words = _wrapped_title(title, size, width)
    up = heights.sum() + _around(panels, words, size)
    where = _legend(labels, width, up, size)
    if where is not None and not where.is_beside:
        up += where.height
    return Plan(width, round(up / 72, 3), size, heights, where, words)


def _fixed(
    panels: Sequence[Any],
    labels: Sequence[str],
    title: Any,
    width: float,
    height: float,
    size: float,
    row: float,
) -> Plan:
    words = _wrapped_title(title, size, width)
    where = _legend(labels, width, height * 72, size, row)
    room = height * 72 - _around(panels, words, size)
    if where is not None and not where.is_beside:
        room -= where.height
    least = [size * least_of(panel) for panel in panels]
    heights = share_height([natural_of(p) for p in panels], least, max(room, 1.0))
    return Plan(width, height, size, heights, where, words, room / sum(least), sum(least))


def _legend(
    labels: Sequence[str], width: float, height: float, size: float, row: float = legend_style.ROW
) -> Placement | None:
    if not labels:
        return None
    return legend_style.place(labels, width * 72, height, max(text.SMALLEST, 0.92 * size), row)


def _around(panels: Sequence[Any], title: str, size: float) -> float:
    """Height in points of what is not panels and not legend."""
    return (TIME_AXIS + GAP * len(panels)) * size + _title_height(title, size)


def _title_height(title: str, size: float) -> float:
    return TITLE_LINE * 1.2 * size * (title.count("\n") + 1) if title else 0.0


def _wrapped_title(title: str | None, size: float, width: float) -> str:
    return text.wrapped(title, 1.2 * size, 0.95 * width * 72) if title else ""


def natural_of(panel: Any) -> float:
    """Height that a panel would like, in inches on a page, or as the caller said."""
    height = getattr(panel, "height", None)
    natural = getattr(panel, "natural_height", FOREIGN_HEIGHT)
    return float(natural if height is None else height)


def least_of(panel: Any) -> float:
    """Height that the labels of a panel need, in units of the text."""
    return float(getattr(panel, "least_height", FOREIGN_LEAST))
