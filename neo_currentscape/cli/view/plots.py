"""The plots of the page: voltage, totals and shares, which are filled anew for every window."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.cli.view.seen import Seen
from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.figure.web.plots import look_of
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.panels.total import magnitude_limits
from neo_currentscape.reduction.columns import Columns, Extremes
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import scales

#: Columns of a window: as many as a plot has pixels.
N_COLUMNS = 1000

#: Heights in pixels, and the room left of the plots.
HEIGHTS, LEFT = {"voltage": 150, "outward": 110, "shares": 300, "inward": 110}, 84

#: Ticks of the shares.
PARTS = (-1.0, -0.5, 0.0, 0.5, 1.0)

#: Formats of what is told below the mouse; Bokeh shows values and names as text.
_DIGITS: Any = {"@time": "printf", "@flow": "printf", "@low": "printf", "@high": "printf"}


class Plots:
    """The plots of one choice.

    Parameters
    ----------
    seen : Seen
    unit : str
        In which currents are told.
    """

    def __init__(self, seen: Seen, unit: str) -> None:
        from bokeh.models import Range1d

        self.seen, self.unit = seen, unit
        self.factor = units.factor(seen.recording.currents.units, unit)
        first, last = seen.limits
        self.time_unit = axes_style.time_unit(last - first)
        self.per_ms = axes_style.PER_MS[self.time_unit]
        ends = first * self.per_ms, last * self.per_ms
        self.range: Any = Range1d(start=ends[0], end=ends[1], bounds=ends)
        self.shown = SharesPanel(seen).shown()
        self.sources: dict[Any, Any] = {}
        self._limits_of: dict[str, tuple[float, float]] = {}
        whole = seen.columns(N_COLUMNS, flows=True)
        names = [n for n in HEIGHTS if n != "voltage" or seen.recording.voltage is not None]
        self.plots = {name: self._plot(name, whole, name == names[-1]) for name in names}
        self.fill(whole)

    @property
    def window(self) -> tuple[float, float]:
        """Window that is seen, in ms."""
        return float(self.range.start) / self.per_ms, float(self.range.end) / self.per_ms

    def reduce(self) -> Columns:
        """Columns of the window that is seen."""
        return self.seen.columns(N_COLUMNS, *self.window, flows=True)

    def _plot(self, name: str, whole: Columns, lowest: bool) -> Any:
        from bokeh.models import Range1d
        from bokeh.plotting import figure

        low, high, scale = self._limits(name, whole)
        self._limits_of[name] = (low, high)
        tools = "xpan,xwheel_zoom,xbox_zoom,xzoom_in,xzoom_out,reset"
        plot = figure(
            name=name,
            height=HEIGHTS[name] + (45 if lowest else 0),
            x_range=self.range,
            y_range=Range1d(start=low, end=high),
            y_axis_type=scale,
            tools=tools,
            active_drag="xbox_zoom",
            active_scroll="xwheel_zoom",
            sizing_mode="stretch_width",
            min_border_left=LEFT,
            output_backend="canvas",
        )
        plot.toolbar.logo = None
        plot.toolbar_location = "right" if name == "shares" else None
        plot.grid.visible = False
        plot.axis.axis_label_text_font_style = "normal"
        plot.xaxis.visible = lowest
        plot.xaxis.axis_label = f"Time ({self.time_unit})"
        plot.yaxis.axis_label = self._label(name)
        (self._add_shares if name == "shares" else self._add_line)(plot, name, min(low, high))
        return plot

    def _label(self, name: str) -> str:
        if name == "voltage":
            return f"V ({units.label(self.seen.recording.voltage.units)})"
        return "Share" if name == "shares" else f"{name.capitalize()} ({units.label(self.unit)})"

    def _limits(self, name: str, whole: Columns) -> tuple[float, float, Any]:
        if name == "shares":
            return -1.0, 1.0, "linear"
        if name == "voltage":
            ends = whole.extremes["voltage"]
            low, high = float(np.nanmin(ends.low)), float(np.nanmax(ends.high))
            room = 0.05 * (high - low) or 1.0
            return low - room, high + room, "linear"
        low, high = (self.factor * float(end) for end in magnitude_limits(whole, name, "log"))
        return (low, high, "log") if name == "outward" else (high, low, "log")

    def _add_line(self, plot: Any, name: str, floor: float) -> None:
        from bokeh.models import ColumnDataSource, HoverTool

        source = self.sources[name] = ColumnDataSource({"time": [], "low": [], "high": [], "drawn": []})
        line = self.sources[name, "line"] = ColumnDataSource({"x": [], "y": []})
        plot.yaxis.ticker.num_minor_ticks = 0
        unit = units.label(self.seen.recording.voltage.units if name == "voltage" else self.unit)
        if name != "voltage":
            plot.varea("time", floor, "drawn", source=source, fill_color="#dbdbdb")
            ticks = [float(t) for t in scales.log_ticks(*sorted((plot.y_range.start, plot.y_range.end)))]
            plot.yaxis.ticker = ticks
            plot.yaxis.major_label_overrides = {tick: f"{tick:g}" for tick in ticks}
        plot.line("x", "y", source=line, line_color="#404040", line_join="round")
        # Of a column the least and the largest are told, which the line goes through.
        spot = plot.scatter("time", "drawn", source=source, alpha=0, hover_alpha=1, color="#404040", size=4)
        told = [("time", self._told_time()), ("least", f"@low{{%.4g}} {unit}")]
        told.append(("largest", f"@high{{%.4g}} {unit}"))
        plot.add_tools(HoverTool(renderers=[spot], tooltips=told, formatters=_DIGITS, mode="vline"))

    def _told_time(self) -> str:
        return f"@time{{%.7g}} {self.time_unit}"

    def _add_shares(self, plot: Any, name: str, floor: float) -> None:
        from bokeh.models import HoverTool
        from bokeh.models.annotations import Span

        plot.yaxis.ticker = list(PARTS)
        plot.yaxis.major_label_overrides = {part: f"{abs(part):.0%}" for part in PARTS}
        spots = [
            self._add_current(plot, direction, current, look_of(look))
            for direction in DIRECTIONS
            for _, current, look in self.shown
        ]
        told = [("current", "$name"), ("time", self._told_time()), ("share", "@share{0.0 %}")]
        told.append(("mean", f"@flow{{%.3g}} {units.label(self.unit)}"))
        plot.add_layout(Span(location=0, dimension="width", line_color="#404040", line_width=0.8))
        plot.add_tools(HoverTool(renderers=spots, tooltips=told, formatters=_DIGITS))

    def _add_current(self, plot: Any, direction: str, current: str, look: dict[str, Any]) -> Any:
        """An area, and over it a box for each column, which is not seen and tells of what lies below."""
        from bokeh.models import ColumnDataSource

        own = {key: value for key, value in look.items() if key != "line_color"}
        area = self.sources[direction, current, "area"] = ColumnDataSource({"x": [], "low": [], "high": []})
        plot.varea_step("x", "low", "high", source=area, step_mode="center", **own)
        keys = ("left", "right", "bottom", "top", "time", "share", "flow")
        source = self.sources[direction, current] = ColumnDataSource({key: [] for key in keys})
        sides = ("left", "right", "top", "bottom")
        return plot.quad(*sides, source=source, name=current, fill_alpha=0, line_alpha=0)

    def fill(self, found: Columns) -> None:
        """Show the columns of a window."""
        x = found.times * self.per_ms
        for part in self.plots:
            if part != "shares":
                self._fill_line(part, x, found.extremes[part])
        ends = borders_of(x, self.window_of(found))
        for direction, side in zip(DIRECTIONS, (1.0, -1.0), strict=True):
            shares = np.clip(np.nan_to_num(found.shares[direction]), 0.0, 1.0)
            flows, below = self.factor * found.flow(direction), np.zeros(len(x))
            for k, name, _ in self.shown:
                above = below + shares[k]
                at = np.flatnonzero(shares[k] > 0)
                self.sources[direction, name].data = {
                    "left": ends[:-1][at],
                    "right": ends[1:][at],
                    "bottom": side * below[at],
                    "top": side * above[at],
                    "time": x[at],
                    "share": shares[k][at],
                    "flow": flows[k][at],
                }
                area = {"x": x, "low": side * below, "high": side * above}
                self.sources[direction, name, "area"].data = area
                below = above

    def _fill_line(self, part: str, x: np.ndarray, ends: Extremes) -> None:
        factor = 1.0 if part == "voltage" else self.factor
        low, high = factor * ends.low[0], factor * ends.high[0]
        # A logarithmic axis cannot show what is below its end.
        floor = -np.inf if part == "voltage" else min(self._limits_of[part])
        drawn = np.maximum([low, high], floor)
        self.sources[part].data = {"time": x, "low": low, "high": high, "drawn": drawn[1]}
        if ends.high is ends.low:
            self.sources[part, "line"].data = {"x": x, "y": drawn[1]}
            return
        self.sources[part, "line"].data = {"x": np.repeat(x, 2), "y": drawn.T.ravel()}

    @staticmethod
    def window_of(found: Columns) -> float:
        """The time in ms from one column to the next, where there is only one."""
        return float(np.median(np.diff(found.times))) if len(found.times) > 1 else 1.0


def borders_of(x: np.ndarray, width: float) -> np.ndarray:
    """Borders of columns of which the centres are known.

    Examples
    --------
    >>> borders_of(np.array([1.0, 2.0, 3.0]), 1.0)
    array([0.5, 1.5, 2.5, 3.5])
    """
    if len(x) < 2:
        return np.array([x[0] - width / 2, x[0] + width / 2]) if len(x) else np.zeros(1)
    middle = (x[1:] + x[:-1]) / 2
    return np.concatenate([[2 * x[0] - middle[0]], middle, [2 * x[-1] - middle[-1]]])
