"""Lines over time: what the voltage, ions, electrode and currents panels share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.reduction.columns import Extremes
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import readout
from neo_currentscape.style.drawn import Line


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
