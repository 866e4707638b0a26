"""Lines: those over time of voltage, ions, electrode and currents, and how that of a current looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.reduction.columns import Extremes
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import paper, readout, text
from neo_currentscape.style.drawn import Line
from neo_currentscape.style.look import HATCHES, Look

#: Line styles by which currents of the same colour differ, in the order of the hatches.
LINE_STYLES: tuple[Any, ...] = (
    "-",
    (0, (4, 1.5)),
    (0, (1, 1.2)),
    (0, (5, 1.5, 1, 1.5)),
    (0, (5, 1.5, 1, 1.5, 1, 1.5)),
    (0, (2, 2)),
    (0, (8, 2)),
    (0, (1, 3)),
    (0, (8, 2, 3, 2)),
    (0, (4, 4)),
    (0, (10, 4)),
    (0, (8, 2, 1, 2)),
    (0, (8, 2, 1, 2, 1, 2)),
    (0, (3, 1.5, 1, 1.5)),
    (0, (3, 1.5, 1, 1.5, 1, 1.5)),
    (0, (8, 2, 3, 2, 3, 2)),
    (0, (3, 1, 3, 4)),
    (0, (1, 1, 1, 4)),
)


def line_style(look: Look) -> Any:
    """The line style of a look: its own, or the one that goes with its hatch."""
    if look.line is not None:
        return look.line
    return LINE_STYLES[HATCHES.index(look.hatch)] if look.hatch in HATCHES else "-"


def line_of(look: Look, label: str) -> dict[str, Any]:
    """Keywords of the line of a current."""
    return {
        "color": paper.seen(look.color),
        "linestyle": line_style(look),
        "linewidth": text.line_width(1.0),
        "label": label,
    }


def draw_line(
    axes: Any,
    x: np.ndarray,
    extremes: Extremes,
    channel: int,
    look: Mapping[str, Any],
    *,
    told: Extremes | None = None,
    name: str = "",
    shares: Mapping[str, np.ndarray] | None = None,
) -> Any:
    """Draw one channel as a line that keeps every peak.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    x : ndarray, shape (column,)
        Times.
    extremes : Extremes
        Of shape (channel, column).
    channel : int
        Which one.
    look : mapping
        Keywords for `matplotlib.axes.Axes.plot`.
    told : Extremes, optional
        What is told below the mouse, where it is not what is drawn.
    name, shares : optional
        What is told beside; see `neo_currentscape.style.drawn.Line`.

    Returns
    -------
    matplotlib.lines.Line2D
    """
    low = extremes.low[channel]
    # Columns that are samples have one array for both: no envelope is needed then.
    high = low if extremes.high is extremes.low else extremes.high[channel]
    xs, ys = axes_style.envelope(x, low, high)
    (line,) = axes.plot(xs, ys, **look)
    ends = told or extremes
    least = ends.low[channel]
    most = least if ends.high is ends.low else ends.high[channel]
    readout.of(axes).add(Line(x, [line], least, most, name, shares or {}))
    return line
