"""Titles and names below axes that fit their width, in panels that consist of several axes as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.style import text

#: Where a word that is wider than its axes is broken: after the dots and brackets of long names, not of
#: numbers.
_JOINTS = re.compile(r"(?<=[._)\]])(?<!\d\.)(?=\w)|(?=[(\[])")

#: Gap between neighbours, in units of the text.
GAP = 0.8

#: Part of the length that is expected which an axis has for sure.
SURE = 0.88

#: No letter of a number is wider, in units of the text.
WIDEST = 0.9

#: Height of a line of numbers, in units of the text.
LINE = 1.25

#: Width of the numbers beside an axes, in units of the text.
NUMBERS = 2.5

#: Width of a colour bar with its numbers and its label, in units of the text.
BAR = 7.0


def fit_cells(cells: Sequence[Any], whole: float, room: float, height: float = np.inf) -> None:
    """Break the titles of axes, turn their names of places, and thin their ticks: none lies on another.

    Parameters
    ----------
    cells : sequence of matplotlib.axes.Axes
        As they are before any layout, which leaves their proportions.
    whole : float
        Width that the panel takes now, in pixels.
    room : float
        Width that it will have, in points.
    height : float, optional
        Height that it will have, in points.
    """
    upright = cells[0].bbox.height
    if len(cells) > 1:
        room -= max(map(_names_beside, cells))
    for cell in cells:
        width = room * cell.bbox.width / whole - _for_bars(cell, cells)
        for title in (cell.title, cell._left_title, cell._right_title):
            fit_title(title, width)
        fit_names(cell, width)
        fit_ticks(cell.xaxis, width)
        fit_ticks(cell.yaxis, height * cell.bbox.height / upright)
        if cell is _last_beside(cell, cells):
            label = cell.xaxis.label
            label.set_text(text.wrapped(label.get_text(), label.get_fontsize(), 1.1 * width))


def _last_beside(cell: Any, cells: Sequence[Any]) -> Any:
    """The last of the axes in the row of one: beyond it there is only the edge of the page."""
    beside = [c for c in cells if c.get_subplotspec() is not None and c.bbox.y0 == cell.bbox.y0]
    return max(beside, key=lambda c: float(c.bbox.x0), default=None)


def _names_beside(cell: Any) -> float:
    """Width in points of names beside an axes that are longer than numbers."""
    if not _is_named(cell.yaxis):
        return 0.0
    labels = cell.get_yticklabels()
    size = labels[0].get_fontsize() if labels else 1.0
    return max(0.0, *(text.width_of(label.get_text(), size) - NUMBERS * size for label in labels), 0.0)


def _is_named(axis: Any) -> bool:
    from matplotlib.ticker import FixedLocator

    return isinstance(axis.get_major_locator(), FixedLocator)


def _for_bars(cell: Any, cells: Sequence[Any]) -> float:
    """Width in points that colour bars take from an axes; it is shared by those beside each other."""
    found = 0.0
    for bar in getattr(cell, "_colorbars", ()):
        # Each bar has its own list of axes; those in one row pay for it together.
        beside = [c for c in cells if bar in getattr(c, "_colorbars", ()) and c.bbox.y0 == cell.bbox.y0]
        found += BAR * bar.yaxis.label.get_fontsize() / len(beside)
    return found


def fit_title(title: Any, width: float) -> None:
    """Break a title so that no line is wider than so many points, if it can be."""
    words, size = title.get_text(), title.get_fontsize()
    if not words or text.width_of(words, size) <= width - GAP * size:
        return
    lines = text.wrapped(words, size, width - GAP * size).split("\n")
    pieces = [piece for line in lines for piece in _pieces(line, size, width - GAP * size)]
    title.set_text("\n".join(pieces))
    # A word that is wider than its axes becomes smaller, as long as it is read.
    part = (width - GAP * size) / max(max(text.width_of(piece, size) for piece in pieces), 1e-9)
    if part < 1:
        title.set_fontsize(max(part * size, min(size, text.SMALLEST)))


def _pieces(line: str, size: float, width: float) -> list[str]:
    if "$" in line or text.width_of(line, size) <= width:
        return [line]
    found: list[str] = []
    for part in _JOINTS.split(line):
        if found and text.width_of(found[-1] + part, size) <= width:
            found[-1] += part
        else:
            found.append(part)
    return found


def fit_names(axes: Any, width: float) -> None:
    """Turn the names of places below an axes upright where they are wider than their places.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    width : float
        That it will have, in points.
    """
    if not _is_named(axes.xaxis):
        return
    places, labels = axes.get_xticks(), axes.get_xticklabels()
    if len(labels) < 2 or any(label.get_rotation() for label in labels):
        return
    size = labels[0].get_fontsize()
    widest = max(text.width_of(label.get_text(), size) for label in labels)
    if widest + 0.5 * GAP * size > width * _nearest(axes, places):
        axes.tick_params(axis="x", labelrotation=90)


def fit_ticks(axis: Any, room: float) -> None:
    """Take fewer numbers along an axis, where those that it has do not fit side by side.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        Whose limits are set.
    room : float
        Its length in points.
    """
    from matplotlib.ticker import MaxNLocator

    locator = axis.get_major_locator()
    if not isinstance(locator, MaxNLocator) or not np.isfinite(room):
        return
    room = SURE * room
    for most in (5, 4, 3, 2, 1):
        if _length_of_numbers(axis, room) <= room:
            return
        locator.set_params(nbins=most)


def _length_of_numbers(axis: Any, room: float) -> float:
    """Points that the numbers along an axis take with gaps between them; measured where it may matter."""
    low, high = sorted(axis.get_view_interval())
    ticks = [tick for tick in axis.get_majorticklocs() if low <= tick <= high]
    labels = axis.get_major_formatter().format_ticks(ticks)
    size = float(axis.get_major_ticks(1)[0].label1.get_fontsize())
    if axis.axis_name == "y":
        return LINE * size * len(ticks)
    longest = sum(WIDEST * len(label) + GAP for label in labels) * size
    if longest <= room and not any("$" in label for label in labels):
        return longest
    return sum(text.width_of(label, size) + GAP * size for label in labels)


def _nearest(axes: Any, places: Sequence[float]) -> float:
    """Distance of the nearest neighbours, as a part of the axes."""
    low, high = axes.get_xlim()
    steps = [abs(b - a) for a, b in zip(places[:-1], places[1:], strict=True)]
    return float(min(steps) / abs(high - low))
