"""What panels of protocols over time share: one line, or one for each sweep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import element


@dataclass(frozen=True)
class LinesPanel(TimePanel):
    """Base of the panels that draw lines over the time of a protocol.

    Parameters
    ----------
    source : object
        What a protocol gave.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    line: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line")
    label: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    line_width: ClassVar[float] = 0.8

    def lines(self) -> Iterator[tuple[np.ndarray, np.ndarray, Any]]:
        """Times in ms, values and colour of each line, the first two of shape (time,)."""
        raise NotImplementedError

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the lines."""
        from matplotlib.lines import Line2D

        scale = axes_style.PER_MS[self.unit_of_time]
        n = self.columns or axes_style.n_columns(axes)
        artists = []
        for times, values, colour in self.lines():
            width = text.line_width(self.line_width)
            default = {"color": colour, "linewidth": width, "solid_joinstyle": "round"}
            look = element(self.line, default, Line2D)
            if look is not None:
                x, y = outline(times, values, n)
                artists += axes.plot(x * scale, y, **look)
        artists += self._marks(axes, scale)
        axes_style.label_values(axes, self.ylabel, self.label, self.unit)
        axes.set_xlim(self.limits)
        self._limit_values(axes)
        axes_style.draw_grid(axes, self.grid)
        axes_style.label_time(axes, self.unit_of_time, self.xlabel)
        return artists

    def _marks(self, axes: Any, scale: float) -> list[Any]:
        return []


def outline(times: np.ndarray, values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of a line that keeps every peak of a long trace.

    Parameters
    ----------
    times, values : ndarray, shape (time,)
    n : int
        Number of columns.

    Returns
    -------
    x, y : ndarray
        The samples where they are few; else the extremes of each column.

    Examples
    --------
    >>> import numpy as np
    >>> outline(np.arange(6.0), np.array([0, 5, 1, 0, -2, 0.0]), 1)[1]
    array([-2.,  5.])
    """
    if len(times) <= 2 * n:
        return times, values
    starts = np.linspace(0, len(times), n, endpoint=False).astype(int)
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    ends = np.append(starts[1:], len(times)) - 1
    return (
        axes_style.envelope((times[starts] + times[ends]) / 2, low, high)
        if n > 1
        else (
            np.repeat(times[starts], 2),
            np.array([low[0], high[0]]),
        )
    )
