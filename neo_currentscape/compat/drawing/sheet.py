"""A sheet: panels one above the other without gaps, on a page that is told to the letter.

Where a `neo_currentscape.Figure` plans the page, its text and one legend for all, a sheet leaves
all of that to the caller: size, margins, settings, and a legend in each panel that has one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from neo_currentscape.figure import compose, steady
from neo_currentscape.style import text
from neo_currentscape.style.drawing import drawing

#: Inches between what a margin makes room for and the edge of the page.
GAP = 0.02

#: Part of the width, and of the height, that is left to the panels however much the labels need.
LEAST = 0.5


def draw_sheet(
    panels: Sequence[Any],
    *,
    size: tuple[float, float],
    margins: Mapping[str, float | None],
    looks: Sequence[Any] = (),
    elastic: Collection[str] = (),
    title: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Any:
    """Draw panels on a new page.

    Parameters
    ----------
    panels : sequence of panels
        From top to bottom; their ``height`` is their part of the page.
    size : tuple of float
        Width and height in inches.
    margins : mapping
        Edges "left", "right", "top" and "bottom" of the panels, as parts of the page; matplotlib's
        default where one is None.
    looks : sequence of AxisLook or None, optional
        How the axes of each panel is to look when it has drawn.
    elastic : collection of str
        The edges that move inwards where labels or legends would be cut off; and "legend" where
        legends may move up for that.
    title : str, optional
        Above the panels.
    settings : mapping, optional
        rcParams of this figure, now and whenever it is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Unknown to pyplot.
    """
    from neo_currentscape.compat.drawing.shown import ShownFigure

    compose.check_panels(panels)
    own: Any = dict(settings or {})
    figure = ShownFigure(own, figsize=size)
    with drawing(own):
        figure.subplots_adjust(**margins, wspace=0, hspace=0)
        _draw_panels(figure, panels, looks)
        if title:
            _write_title(figure, title)
        with steady.ticks(figure):
            _make_room(figure, elastic)
    return figure


def _write_title(figure: Any, title: str) -> None:
    """Above the panels, in as many lines as the width of the page asks for."""
    import matplotlib
    from matplotlib.font_manager import FontProperties

    size = FontProperties(size=matplotlib.rcParams["figure.titlesize"]).get_size_in_points()
    width = figure.get_size_inches()[0] * 72
    figure.suptitle(text.wrapped(title, size, 0.96 * width))


def _draw_panels(figure: Any, panels: Sequence[Any], looks: Sequence[Any]) -> None:
    heights = [panel.height or panel.natural_height for panel in panels]
    grid = figure.add_gridspec(len(panels), 1, height_ratios=heights)
    leader = None
    for row, (panel, look) in enumerate(zip_longest(panels, looks)):
        timed = compose.has_time(panel)
        axes = figure.add_subplot(grid[row], sharex=leader if timed else None)
        leader = leader or (axes if timed else None)
        panel.plot(axes)
        if look is not None:
            look.apply(axes)


def _make_room(figure: Any, elastic: Collection[str]) -> None:
    """Move the elastic edges, so that labels and legends lie on the page."""
    if not elastic:
        return
    if "legend" in elastic:
        _lift_legends(figure)
    over = _overhang(figure)
    places = {side: getattr(figure.subplotpars, side) for side in over}
    for side in elastic:
        if side in over and over[side] > 0:
            places[side] += over[side] if side in ("left", "bottom") else -over[side]
    figure.subplots_adjust(**_kept_apart(places))


def _kept_apart(places: dict[str, float]) -> dict[str, float]:
    for low, high in (("left", "right"), ("bottom", "top")):
        if places[high] - places[low] < LEAST:
            middle = np.clip((places[high] + places[low]) / 2, LEAST / 2, 1 - LEAST / 2)
            places[low], places[high] = middle - LEAST / 2, middle + LEAST / 2
    return places


def _overhang(figure: Any) -> dict[str, float]:
    """How far labels and legends reach beyond the page, as parts of it."""
    from matplotlib.backends.backend_agg import RendererAgg

    # Measures text as wide as any other renderer does, within a part of a pixel.
    renderer = RendererAgg(figure.bbox.width, figure.bbox.height, figure.dpi)
    boxes = [_box(axes, renderer) for axes in figure.axes]
    width, height = figure.bbox.width, figure.bbox.height
    gap = GAP * figure.dpi
    return {
        "left": (gap - min(box.x0 for box in boxes)) / width if min(b.x0 for b in boxes) < 0 else 0.0,
        "right": max(0.0, max(box.x1 for box in boxes) + gap - width) / width,
        "bottom": (gap - min(box.y0 for box in boxes)) / height if min(b.y0 for b in boxes) < -1 else 0.0,
        "top": max(0.0, max(box.y1 for box in boxes) - _ceiling(figure, gap)) / height,
    }


def _ceiling(figure: Any, gap: float) -> float:
    """Height in pixels up to which the panels may reach: that of the page, or below the title."""
    title = figure.get_suptitle()
    if not title:
        return float(figure.bbox.height)
    return float(figure._suptitle.get_window_extent().y0 - gap)


def _box(axes: Any, renderer: Any) -> Any:
    """What an axes takes of the page with its labels and its legend."""
    from matplotlib.transforms import Bbox

    boxes = [axes.bbox]
    if axes.axison:
        # Ticks are costly to measure, and those of the time are at the lowest panel only.
        shown = (axes.yaxis, axes.xaxis) if axes.get_subplotspec().is_last_row() else (axes.yaxis,)
        boxes += [box for axis in shown if (box := axis.get_tightbbox(renderer)) is not None]
    if axes.get_legend() is not None:
        boxes.append(axes.get_legend().get_window_extent(renderer))
    return Bbox.union(boxes)


def _lift_legends(figure: Any) -> None:
    """Move legends up whose lower end is cut off; no further than to the upper edge of the page."""
    for axes in figure.axes:
        legend = axes.get_legend()
        if legend is None:
            continue
        box = legend.get_window_extent()
        lift = min(max(0.0, GAP * figure.dpi - box.y0), max(0.0, figure.bbox.height - box.y1))
        if lift > 0:
            anchor = legend.get_bbox_to_anchor().translated(0, lift).transformed(axes.transAxes.inverted())
            legend.set_bbox_to_anchor((anchor.x0, anchor.y0), axes.transAxes)
