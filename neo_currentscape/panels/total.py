"""The sum of all currents of one direction over time, on a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.analysis.reduction import Columns
from neo_currentscape.analysis.split import check_direction
from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import scales

#: Scales of the y axis.
SCALES = ("log", "linear")


@dataclass(frozen=True)
class TotalPanel(TimePanel):
    """The total outward or inward current; the inward one hangs from the top, as in a mirror.

    Parameters
    ----------
    scape : Currentscape or Recording
    direction : {"outward", "inward"}
    scale : {"log", "linear"}
        Of the y axis. A logarithmic one covers the range in which the total moves, five decades at
        most; zeros lie on its lower limit.
    line, fill : dict or False
        Go through to `matplotlib.axes.Axes.plot` and `fill_between`; False for none.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    direction: str = "outward"
    scale: str = field(default="log", kw_only=True)
    line: dict[str, Any] | bool = field(default_factory=dict, kw_only=True)
    fill: dict[str, Any] | bool = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 0.6

    def __post_init__(self) -> None:
        super().__post_init__()
        check_direction(self.direction)
        if self.scale not in SCALES:
            raise unknown_name("scale", self.scale, SCALES)

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        extremes = data.extremes[self.direction]
        low, high = extremes.low[0], extremes.high[0]
        limits = self.ylim or self._limits_of(low, high)
        if self.scale == "log":
            axes.set_yscale("log")
            low, high = np.maximum(low, limits[0]), np.maximum(high, limits[0])
        artists = self._shape(axes, x, low, high, limits[0])
        axes.set_ylim(limits[::-1] if self.direction == "inward" else limits)
        if self.scale == "log":
            scales.label_decades(axes, limits)
        unit = self.scape.recording.currents.units
        axes_style.label_values(axes, self.ylabel, self.direction.capitalize(), unit)
        return artists

    def _limits_of(self, low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
        return scales.log_limits(low, high) if self.scale == "log" else scales.linear_limits(high)

    def _shape(
        self, axes: Any, x: np.ndarray, low: np.ndarray, high: np.ndarray, floor: float
    ) -> list[Any]:
        artists = []
        if self.fill is not False:
            look = {"color": "0.86", "linewidth": 0.0, "zorder": 1}
            artists.append(axes.fill_between(x, floor, high, **{**look, **_given(self.fill)}))
        if self.line is not False:
            look = {"color": "0.25", "linewidth": 0.6}
            xs, ys = axes_style.envelope(x, low, low if np.array_equal(low, high) else high)
            artists += axes.plot(xs, ys, **{**look, **_given(self.line)})
        return artists

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; see `TimePanel.plot`."""
        artists = super().plot(axes)
        if self.ylim is not None and self.direction == "inward":
            axes.set_ylim(self.ylim[::-1])
        return artists


def _given(look: dict[str, Any] | bool) -> dict[str, Any]:
    return look if isinstance(look, dict) else {}
