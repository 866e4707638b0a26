"""The sum of all currents of one direction over time, on a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.columns import Columns, Extremes
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import paper, scales, text
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class TotalPanel(TimePanel):
    """The total outward or inward current; the inward one hangs from the top, as in a mirror.

    Parameters
    ----------
    source : Currentscape or Recording
    direction : {"outward", "inward"}
    scale : {"log", "linear"}
        Of the y axis. A logarithmic one covers the range in which the total moves, five decades at
        most; zeros lie on its lower limit.
    line, fill : dict or False
        Go through to `matplotlib.axes.Axes.plot` and `fill_between`; False for none.
    floor_line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: of measured currents, what noise alone hardly reaches.
    ylim : tuple of float, optional
        The smaller limit first, in both directions.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    direction: str = "outward"
    scale: str = field(default="log", kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    fill: Element = field(default_factory=dict, kw_only=True)
    floor_line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 0.6
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "fill", "floor_line")
    known_scales: ClassVar[tuple[str, ...]] = ("log", "linear")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_direction(self.direction)
        scales.check_limits(self.ylim, self.scale, rising=True)

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        extremes, unit = data.extremes[self.direction], self.source.recording.currents.units
        if np.isinf(extremes.high).any():
            raise units.too_large(f"The {self.direction} total", unit)
        limits = self.ylim or magnitude_limits(data, self.direction, self.scale)
        if self.scale == "log":
            axes.set_yscale("log")
            extremes = _raised(extremes, limits[0])
        artists = self._shape(axes, x, extremes, limits[0], data.extremes[self.direction])
        artists += self._floor(axes, x, self.scape.noise_floor(data.times))
        axes.set_ylim(limits[::-1] if self.direction == "inward" else limits)
        if self.scale == "log":
            scales.label_log(axes)
        else:
            scales.shorten_ticks(axes)
        axes_style.label_values(axes, self.ylabel, self.direction.capitalize(), unit)
        return artists

    def _shape(
        self, axes: Any, x: np.ndarray, extremes: Extremes, floor: float, true: Extremes
    ) -> list[Any]:
        from matplotlib.collections import PolyCollection
        from matplotlib.lines import Line2D

        artists = []
        fill = element(
            self.fill, {"facecolor": paper.tone(0.86), "linewidth": 0.0, "zorder": 1}, PolyCollection
        )
        if fill is not None:
            artists.append(axes.fill_between(x, floor, extremes.high[0], **fill))
        line = element(self.line, {"color": paper.tone(0.25), "linewidth": text.line_width(0.7)}, Line2D)
        if line is not None:
            artists.append(draw_line(axes, x, extremes, 0, line, told=true, name=f"{self.direction} total"))
        return artists

    def _floor(self, axes: Any, x: np.ndarray, least: np.ndarray | None) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {
            "color": paper.seen("#a03000"),
            "linewidth": text.line_width(0.7),
            "linestyle": (0, (4, 2)),
        }
        look = None if least is None else element(self.floor_line, default, Line2D)
        return [] if look is None else list(axes.plot(x, least, **look))

    def _limit_values(self, axes: Any) -> None:
        """Nothing is left to do: the limits are set, and turned round for the inward total."""


def magnitude_limits(data: Columns, direction: str, scale: str) -> tuple[float, float]:
    """Limits of an axis for the total of one direction, which do not depend on the number of columns.

    Parameters
    ----------
    data : Columns
    direction : {"outward", "inward"}
    scale : {"log", "linear"}

    Returns
    -------
    lower, upper : float
    """
    # Where nothing flows in one direction, the other one tells in which range things happen.
    other = "inward" if direction == "outward" else "outward"
    if not scales.peak_of(data.extremes[direction].high[0]) > 0:
        direction = other
    low, high = data.extremes[direction].low[0], data.extremes[direction].high[0]
    other = {"outward": "inward", "inward": "outward"}[direction]
    if not np.any(high > 0) and np.any(data.extremes[other].high[0] > 0):
        # What does not flow has no scale of its own: that of what does.
        return magnitude_limits(data, other, scale)
    if scale == "linear":
        return scales.linear_limits(high)
    picks = data.picks
    return scales.log_limits(low, high, *((picks.total(direction), picks.weights) if picks else ()))


def _raised(extremes: Extremes, floor: float) -> Extremes:
    """Extremes without what a logarithmic axis cannot show."""
    low = np.maximum(extremes.low, floor)
    return Extremes(low, low if extremes.high is extremes.low else np.maximum(extremes.high, floor))
