"""Legends: swatches that look like the areas and lines that they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from neo_currentscape.style.palettes import Look


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


def inside(axes: Any, handles: Sequence[Any], options: bool | Mapping[str, Any] = True) -> Any:
    """Put a legend into an axes, for figures whose layout leaves no room beside it."""
    n_rows = 5
    look = {
        "loc": "upper right",
        "ncols": -(-len(handles) // n_rows),
        "framealpha": 0.9,
        "edgecolor": "none",
        "handlelength": 1.2,
        "handleheight": 1.0,
        "borderaxespad": 0.2,
        "fontsize": "small",
    }
    return axes.legend(handles=list(handles), **{**look, **_given(options)})


def beside(figure: Any, handles: Sequence[Any], options: bool | Mapping[str, Any] = True) -> Any:
    """Put a legend beside the panels of a figure, or below them where the names are long.

    Parameters
    ----------
    figure : matplotlib.figure.FigureBase
        With constrained layout, which makes room for the legend.
    handles : sequence of artists
    options : bool or mapping
        A mapping goes through to matplotlib's legend.

    Returns
    -------
    matplotlib.legend.Legend
    """
    look = {
        "frameon": False,
        "handlelength": 1.2,
        "handleheight": 1.2,
        "labelspacing": 0.45,
        "columnspacing": 1.2,
        "handletextpad": 0.5,
        "borderaxespad": 0.0,
        **place(figure, [str(handle.get_label()) for handle in handles]),
    }
    return figure.legend(handles=list(handles), **{**look, **_given(options)})


def _given(options: bool | Mapping[str, Any]) -> dict[str, Any]:
    return dict(options) if isinstance(options, Mapping) else {}


def place(figure: Any, labels: Sequence[str]) -> dict[str, Any]:
    """Decide where a legend goes: right of the panels, or below them in several columns.

    Parameters
    ----------
    figure : matplotlib.figure.FigureBase
    labels : sequence of str

    Returns
    -------
    dict
        Keywords ``loc``, ``ncols`` and, where even that leaves no room, ``fontsize``.
    """
    import matplotlib

    size = matplotlib.rcParams["legend.fontsize"]
    size = float(size) if not isinstance(size, str) else float(matplotlib.rcParams["font.size"])
    width, height = figure.bbox.width / figure.dpi * 72, figure.bbox.height / figure.dpi * 72
    longest = max((text_width(label, size) for label in labels), default=0.0)
    row = 1.65 * size
    entry = longest + 2.2 * size
    rows_that_fit = max(1, int(0.96 * height / row))
    columns = -(-len(labels) // rows_that_fit)
    if columns * entry <= 0.34 * width:
        return {"loc": "outside right center", "ncols": columns}
    columns = max(1, min(len(labels), int(0.95 * width / (entry + 1.2 * size))))
    return {"loc": "outside lower center", "ncols": columns}


def text_width(text: str, size: float) -> float:
    """Width of a text in points, measured with the font that will be drawn."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    return (
        float(TextPath((0, 0), text, prop=FontProperties(size=size)).get_extents().width) if text else 0.0
    )
