"""Legends: swatches that look like the areas and lines that they stand for, placed where they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.style import legible, text
from neo_currentscape.style.emphasis import Emphasis
from neo_currentscape.style.look import Look

#: Widths of what a legend consists of, in units of its text.
HANDLE, HANDLE_PAD, COLUMN_GAP = 1.2, 0.5, 1.2

#: Distance of its rows, and where there is little room.
ROW, NARROW_ROW = 1.65, 1.35

#: Part of the height of an axes that a legend above its data may take.
MOST_ABOVE = 0.75

#: Part of the width of a figure that a legend beside the panels may take.
WIDEST_BESIDE = 0.34

#: Part of the width of a figure that is left for the panels beside a legend, and width of their labels and
#: numbers, in units of the text: where the text is large, the legend goes below.
LEAST_BESIDE, LABELS = 0.46, 8.0


def swatches(names: Sequence[str], looks: Mapping[str, Look]) -> list[Any]:
    """Make a filled patch for each current.

    Parameters
    ----------
    names : sequence of str
        In the order of the legend.
    looks : mapping of str to Look

    Returns
    -------
    list of matplotlib.patches.Patch
    """
    from matplotlib.patches import Patch

    return [Patch(label=name, **looks[name].patch()) for name in names]


@dataclass(frozen=True)
class Placement:
    """Where a legend goes, and how large it is.

    Attributes
    ----------
    loc : str
        Of matplotlib's legend.
    ncols : int
    fontsize : float
        In points.
    width, height : float
        In points.
    row : float
        Distance of the rows, in units of the text.
    """

    loc: str
    ncols: int
    fontsize: float
    width: float
    height: float
    row: float = ROW

    @property
    def is_beside(self) -> bool:
        """Whether it takes width from the panels, and not height."""
        return self.loc == "outside right center"

    def keywords(self) -> dict[str, Any]:
        """Keywords of matplotlib's legend."""
        spacing = self.row - HANDLE
        return {
            "loc": self.loc,
            "ncols": self.ncols,
            "fontsize": self.fontsize,
            "labelspacing": spacing,
        }


def place(labels: Sequence[str], width: float, height: float, size: float, row: float = ROW) -> Placement:
    """Decide where a legend goes: right of the panels, or below them in several columns.

    Parameters
    ----------
    labels : sequence of str
    width, height : float
        Of the figure in points; the height of what is not the legend.
    size : float
        Of the text in points; where there is little room it becomes smaller, but not less than 6.
    row : float
        Distance of the rows, in units of the text.

    Returns
    -------
    Placement
    """
    sizes = np.unique([size, max(text.SMALLEST, 0.9 * size), min(size, text.SMALLEST)])[::-1]
    unit = np.array([text.width_of(label, 10.0) / 10.0 for label in labels])
    most = min(WIDEST_BESIDE * width, (1 - LEAST_BESIDE) * width - LABELS * size)
    for fontsize in sizes:
        found = _beside(unit, most, height, float(fontsize), row)
        if found is not None:
            return found
    below = [_below(unit, width, float(fontsize), row) for fontsize in sizes]
    # Smaller text is worth it only where it saves rows.
    return min(below, key=lambda found: (round(found.height / size), -found.fontsize))


def _beside(unit: np.ndarray, most: float, height: float, size: float, row: float) -> Placement | None:
    rows = max(1, int(0.96 * height / (row * size)))
    columns = -(-len(unit) // rows)
    wide = _width(unit, columns, size)
    if wide > most:
        return None
    rows = -(-len(unit) // columns)
    return Placement("outside right center", columns, size, wide + size, rows * row * size, row)


def _below(unit: np.ndarray, width: float, size: float, row: float) -> Placement:
    fitting = [n for n in range(1, len(unit) + 1) if _width(unit, n, size) <= 0.97 * width]
    rows = -(-len(unit) // max(fitting, default=1))
    # As few columns as need no more rows: they are filled evenly.
    columns = next((n for n in fitting if -(-len(unit) // n) == rows), 1)
    height = (rows * row + 0.8) * size
    return Placement("outside lower center", columns, size, _width(unit, columns, size), height, row)


def _width(unit: np.ndarray, columns: int, size: float) -> float:
    # matplotlib fills the columns one after the other, each as wide as its longest entry.
    widest = sum(part.max() for part in np.array_split(unit, columns) if len(part))
    return size * (widest + columns * (HANDLE + HANDLE_PAD) + (columns - 1) * COLUMN_GAP)


def beside(figure: Any, handles: Sequence[Any], where: Placement, options: Any = True) -> Any:
    """Put a legend beside or below the panels of a figure.

    Parameters
    ----------
    figure : matplotlib.figure.FigureBase
        With constrained layout, which makes room for the legend.
    handles : sequence of artists
    where : Placement
    options : bool or mapping
        A mapping goes through to matplotlib's legend.

    Returns
    -------
    matplotlib.legend.Legend
    """
    look = {
        "frameon": False,
        "handlelength": HANDLE,
        "handleheight": HANDLE,
        "columnspacing": COLUMN_GAP,
        "handletextpad": HANDLE_PAD,
        "borderaxespad": 0.3,
        **where.keywords(),
    }
    own = given(options)
    if own.get("loc") in ("best", 0):
        own.pop("loc")  # of a figure, that is where it has been placed
    return _draw(figure, handles, {**look, **own})


def inside(axes: Any, handles: Sequence[Any], options: bool | Mapping[str, Any] = True) -> Any:
    """Put a legend into the place of an axes, for figures that have none beside their panels.

    It stands in rows above the data, which it does not cover: a layout makes room for it, and without
    one the axes becomes lower. Only where three quarters of the axes would be lost, or where the
    caller says a place, it lies on the data.
    """
    own = given(options)
    size = float(own.get("fontsize", text.small_size())) if _is_number(own.get("fontsize", 0)) else 0.0
    size = size or text.small_size()
    if not {"loc", "bbox_to_anchor", "ncols", "mode"} & set(own):
        for fontsize in dict.fromkeys((size, text.SMALLEST)):
            look = _rows_above(axes, handles, fontsize)
            if look is not None:
                return _draw(axes, handles, {**look, **own})
    height = axes.bbox.height / axes.figure.dpi * 72
    rows = max(1, int((height / size - 1.2) / 1.25))
    look = {
        "loc": "upper right",
        "ncols": -(-len(handles) // min(rows, max(5, len(handles) // 2))),
        "framealpha": 0.9,
        "edgecolor": "none",
        "handlelength": HANDLE,
        "handleheight": 1.0,
        "labelspacing": 0.25,
        "columnspacing": 1.0,
        "borderpad": 0.3,
        "borderaxespad": 0.2,
        "fontsize": size,
    }
    return _draw(axes, handles, {**look, **own})


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _rows_above(axes: Any, handles: Sequence[Any], size: float) -> dict[str, Any] | None:
    """Keywords of a legend upon an axes, which is made lower for it; None where that leaves too little."""
    points = 72 / axes.figure.dpi
    width, height = axes.bbox.width * points, axes.bbox.height * points
    unit = np.array([text.width_of(str(handle.get_label()), 10.0) / 10.0 for handle in handles])
    if not len(unit):
        return None
    fitting = [n for n in range(1, len(unit) + 1) if _width(unit, n, size) <= 0.95 * width] or [1]
    rows = -(-len(unit) // fitting[-1])
    needed = (1.3 * rows + 0.4) * size
    if needed > MOST_ABOVE * height:
        return None
    if axes.figure.get_layout_engine() is None:
        box = axes.get_position()
        axes.set_position([box.x0, box.y0, box.width, box.height * (1 - needed / height)])
        axes.set_in_layout(True)  # a later tight_layout counts it
    return {
        "loc": "lower right",
        "bbox_to_anchor": (1.0, 1.0),
        "ncols": next(n for n in fitting if -(-len(unit) // n) == rows),
        "frameon": False,
        "handlelength": HANDLE,
        "handleheight": 1.0,
        "handletextpad": HANDLE_PAD,
        "columnspacing": COLUMN_GAP,
        "labelspacing": 0.2,
        "borderpad": 0.0,
        "borderaxespad": 0.25,
        "fontsize": size,
    }


def above(axes: Any, handles: Sequence[Any], options: bool | Mapping[str, Any] = True) -> Any:
    """Put a legend in rows upon an axes, where it covers no line."""
    size, width = text.small_size(), axes.bbox.width / axes.figure.dpi * 72
    unit = np.array([text.width_of(str(handle.get_label()), 10.0) / 10.0 for handle in handles])
    fitting = [n for n in range(1, len(unit) + 1) if _width(unit, n, size) <= 0.8 * width]
    look = {
        "loc": "lower right",
        "bbox_to_anchor": (1.0, 1.0),
        "ncols": max(fitting, default=1),
        "frameon": False,
        "handlelength": HANDLE,
        "handletextpad": HANDLE_PAD,
        "columnspacing": COLUMN_GAP,
        "labelspacing": 0.25,
        "borderpad": 0.0,
        "borderaxespad": 0.1,
        "fontsize": size,
    }
    return _draw(axes, handles, {**look, **given(options)})


def _draw(parent: Any, handles: Sequence[Any], look: Mapping[str, Any]) -> Any:
    options = {"handles": list(handles), **look}
    found = [handle.get_label() for handle in options["handles"]]
    labels = [text.brief(str(label)) for label in options.pop("labels", found)]
    # Older matplotlib leaves out what begins with an underscore, as names in NEURON may.
    legend = parent.legend(labels=[f" {label}" for label in labels], **options)
    for drawn, label in zip(legend.get_texts(), labels, strict=True):
        drawn.set_text(label)
        legible.outline(drawn, legend.get_frame().get_facecolor())
    Emphasis(legend, [str(label) for label in found], parent)
    return legend


def given(options: bool | Mapping[str, Any]) -> dict[str, Any]:
    """The caller's keywords for a legend, under matplotlib's present names."""
    own = dict(options) if isinstance(options, Mapping) else {}
    if "ncol" in own:
        own["ncols"] = own.pop("ncol")
    return own
