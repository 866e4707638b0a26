"""Panels as plots of Bokeh, without numbers: the page fills them in, for the window that is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS, OTHER
from neo_currentscape.figure.web.looks import (
    MUTED,
    area_on_both,
    colour,
    dash_of,
    ink_or,
    look_of,
    on_both,
    plain,
)
from neo_currentscape.panels.contributions import ContributionsPanel
from neo_currentscape.panels.currents import CurrentsPanel
from neo_currentscape.panels.ions import ElectrodePanel, IonsPanel
from neo_currentscape.panels.lines import line_style
from neo_currentscape.panels.shares import SharesPanel
from neo_currentscape.panels.total import TotalPanel
from neo_currentscape.panels.voltage import VoltagePanel
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import scales, text
from neo_currentscape.style.look import Look

#: Panels that a page can show.
SHOWN = (
    VoltagePanel,
    TotalPanel,
    SharesPanel,
    CurrentsPanel,
    IonsPanel,
    ElectrodePanel,
    ContributionsPanel,
)

#: Height in pixels of a panel of height 1, and the room left of the plots.
HEIGHT, LEFT = 130, 84

#: Height in pixels of the names of lines.
NAMED = 18

#: Rings are drawn around these places, with these radii.
RINGS, INNER, OUTER = {"outward": -1.3, "inward": 1.3}, 0.68, 1.0


class Plots:
    """The plots of a figure, and what the page must know of each to fill it.

    Parameters
    ----------
    figure : Figure
        As drawn: limits and labels are those of its axes.
    kept : sequence of int
        Rows of the panels that are shown.
    sets : mapping of int to int
        Which set of numbers a row shows.
    """

    def __init__(self, figure: Any, kept: Sequence[int], sets: Mapping[int, int]) -> None:
        from bokeh.models import Range1d

        timed = [row for row in kept if row in sets]
        first, last = figure.axes[timed[0]].get_xlim() if timed else (0.0, 1.0)
        self.range = Range1d(start=float(first), end=float(last), bounds="auto")
        self.names: list[str] = []
        self.looks: dict[str, Look] = {}
        self.plots: list[Any] = []
        self.told: list[dict[str, Any]] = []
        for row in kept:
            panel, axes = figure.panels[row], figure.axes[row]
            plot = self._plot(panel, axes, bool(timed) and row == timed[-1])
            own = self._drawn(plot, panel, axes)
            self.plots.append(plot)
            self.told.append({"plot": plot.id, "set": sets.get(row), **own})

    def _place(self, name: str, look: Look) -> int:
        """Where a current stands in the legend of the page."""
        if name not in self.looks:
            self.looks[name] = look
            self.names.append(name)
        return self.names.index(name)

    def _plot(self, panel: Any, axes: Any, lowest: bool) -> Any:
        from bokeh.models import BasicTickFormatter, Range1d
        from bokeh.plotting import figure

        height = int(HEIGHT * (panel.height or panel.natural_height)) + 8
        size: dict[str, Any] = {
            "sizing_mode": "stretch_width",
            "min_border_left": LEFT,
            "min_border_right": 12,
        }
        # The paper is that of the page, light or dark.
        size.update(dict.fromkeys(("background_fill_color", "border_fill_color", "outline_line_color")))
        if isinstance(panel, ContributionsPanel):
            plot: Any = figure(height=height, match_aspect=True, tools="", **size)
            plot.axis.visible = plot.grid.visible = False
            return plot
        low, high = (float(limit) for limit in axes.get_ylim())
        scale: Any = "log" if axes.get_yscale() == "log" else "linear"
        tools = "xpan,xwheel_zoom,xbox_zoom,xzoom_in,xzoom_out,reset"
        plot = figure(
            height=height + (40 if lowest else 0),
            x_range=self.range,
            y_range=Range1d(start=low, end=high),
            y_axis_type=scale,
            tools=tools,
            **size,
        )
        plot.xgrid.visible = plot.ygrid.visible = False
        plot.yaxis.axis_label = plain(axes.get_ylabel())
        plot.axis.axis_label_text_font_style = "normal"
        plot.yaxis.ticker.desired_num_ticks = max(2, height // 32)
        plot.yaxis.ticker.num_minor_ticks = 0
        if scale == "linear":
            plot.yaxis.formatter = BasicTickFormatter(power_limit_low=-4, power_limit_high=7)
        if lowest:
            plot.xaxis.axis_label = self._xlabel(panel, axes)
        plot.xaxis.major_label_text_font_size = "9pt" if lowest else "0pt"
        if scale == "log":
            self._log_ticks(plot, sorted((low, high)))
        return plot

    def _xlabel(self, panel: Any, axes: Any) -> str:
        return f"Time ({units.label(panel.unit_of_time)})"

    @staticmethod
    def _log_ticks(plot: Any, limits: list[float]) -> None:
        from bokeh.models import FixedTicker

        ticks = [float(tick) for tick in scales.log_ticks(*limits)]
        plot.yaxis.ticker = FixedTicker(ticks=ticks, minor_ticks=[])
        plot.yaxis.major_label_overrides = {tick: f"{tick:g}" for tick in ticks}

    def _drawn(self, plot: Any, panel: Any, axes: Any) -> dict[str, Any]:
        if isinstance(panel, ContributionsPanel):
            return self._rings(plot, panel)
        if isinstance(panel, SharesPanel):
            return self._shares(plot, panel)
        if isinstance(panel, CurrentsPanel):
            return self._stacked(plot, panel) if panel.stacked else self._currents(plot, panel)
        if isinstance(panel, TotalPanel):
            return self._total(plot, panel, axes)
        if isinstance(panel, VoltagePanel):
            unit = panel.need("voltage", "voltage").units
            levels = [{"level": level} for level in panel.levels]
            for one in levels:
                self._level(plot, one["level"])
            line = self._line(plot, ink_or(axes.lines, text.ink()))
            return {"kind": "lines", "part": "voltage", "unit": units.label(unit), "lines": [[0, "", line]]}
        return self._signals(plot, panel)

    def _level(self, plot: Any, level: float) -> None:
        look = {"line_color": "#999999", "line_dash": "dashed", "line_width": 0.8}
        plot.hspan(y=[level], **look)

    @staticmethod
    def _ticks_of_shares(plot: Any) -> None:
        from bokeh.models import FixedTicker

        plot.yaxis.ticker = FixedTicker(ticks=[-1, -0.5, 0, 0.5, 1], minor_ticks=[])
        plot.yaxis.major_label_overrides = {t: f"{abs(t):.0%}" for t in (-1.0, -0.5, 0.0, 0.5, 1.0)}

    def _shares(self, plot: Any, panel: Any) -> dict[str, Any]:
        self._ticks_of_shares(plot)
        areas = self._areas(plot, panel)
        unit = units.label(panel.scape.recording.currents.units)
        return {"kind": "stack", "rows": "shares", "unit": "%", "flow_unit": unit, **areas}

    def _stacked(self, plot: Any, panel: Any) -> dict[str, Any]:
        unit = units.label(panel.scape.recording.currents.units)
        return {"kind": "stack", "rows": "flows", "unit": unit, **self._areas(plot, panel)}

    def _areas(self, plot: Any, panel: Any, told_alone: bool = False) -> dict[str, Any]:
        from bokeh.models import ColumnDataSource

        found: dict[str, list[Any]] = {}
        grounds: dict[str, str] = {}
        for direction in DIRECTIONS:
            found[direction] = []
            ground = ColumnDataSource({"xs": [], "ys": []})
            drawn = plot.patches("xs", "ys", source=ground, fill_color="#808080", line_color=None)
            drawn.tags = ["ground"]
            grounds[direction] = str(ground.id)
            for k, name, look in panel.shown():
                source, place = ColumnDataSource({"xs": [], "ys": []}), self._place(name, look)
                plot.patches("xs", "ys", source=source, **look_of(look)).tags = [
                    place,
                    "on",
                    *area_on_both(look.color),
                ]
                # A bundle has no current of its own, and an average none, that is told beside the share.
                bundle = told_alone or (name == OTHER and panel.scape.bundle is not None)
                found[direction].append([k, name, source.id, bundle])
        zero = {"color": "#888888", "line_width": 0.8}
        self._zero(plot, zero)
        return {"areas": found, "grounds": grounds}

    @staticmethod
    def _zero(plot: Any, look: Mapping[str, Any]) -> None:
        plot.hspan(y=[0.0], line_color=look["color"], line_width=look["line_width"])

    def _currents(self, plot: Any, panel: Any) -> dict[str, Any]:
        lines = []
        self._zero(plot, {"color": "#aaaaaa", "line_width": 0.6})
        for k, name, look in panel.shown():
            style = {"color": colour(look.color), "dash": dash_of(line_style(look))}
            lines.append([k, name, self._line(plot, style, self._place(name, look))])
        unit = units.label(panel.scape.recording.currents.units)
        return {"kind": "lines", "part": "currents", "unit": unit, "lines": lines, "shares": True}

    def _signals(self, plot: Any, panel: Any) -> dict[str, Any]:
        looks = [{"color": colour(own.color), "dash": dash_of(own.line or "-")} for own in panel._looks()]
        lines = [[k, name, self._line(plot, looks[k])] for k, name in enumerate(panel.names)]
        if len(lines) > 1:
            self._name_lines(plot, panel.names)
        unit = units.label(getattr(panel.source.recording, panel.part).units)
        return {"kind": "lines", "part": panel.part, "unit": unit, "lines": lines}

    @staticmethod
    def _name_lines(plot: Any, names: Sequence[str]) -> None:
        """Lines that stand in no legend of the page have one of their own."""
        from bokeh.core.properties import value
        from bokeh.models.annotations import Legend, LegendItem

        items = [
            LegendItem(label=value(plain(name)), renderers=[line])
            for name, line in zip(names, plot.renderers, strict=True)
        ]
        look: Any = dict.fromkeys(("background_fill_color", "border_line_color"))
        legend = Legend(items=items, orientation="horizontal", **look)
        legend.update(padding=0, margin=4, label_text_font_size="8pt", glyph_height=12, label_height=12)
        plot.add_layout(legend, "above")
        plot.height += NAMED

    def _line(self, plot: Any, style: Mapping[str, Any], place: int | None = None) -> str:
        from bokeh.models import ColumnDataSource

        source = ColumnDataSource({"x": [], "y": []})
        tags: list[Any] = ["ink"] if style.get("ink") else on_both(style["color"])
        tags = tags if place is None else [place, *tags]
        look = {"line_color": style["color"], "line_dash": style.get("dash", "solid"), "line_width": 1.2}
        plot.line("x", "y", source=source, line_join="round", muted_alpha=MUTED, **look).tags = tags
        return str(source.id)

    def _total(self, plot: Any, panel: Any, axes: Any, log: bool = False) -> dict[str, Any]:
        from bokeh.models import ColumnDataSource

        source = ColumnDataSource({"xs": [], "ys": []})
        plot.patches("xs", "ys", source=source, fill_color="#888888", fill_alpha=0.3, line_color=None)
        line = self._line(plot, {"color": "#404040", "ink": True})
        unit = units.label(panel.source.recording.currents.units)
        floor = float(min(axes.get_ylim()))
        return {
            "kind": "lines",
            "part": panel.direction,
            "unit": unit,
            "lines": [[0, f"{panel.direction} total", line]],
            "fill": source.id,
            "floor": floor,
            "log": log or panel.scale == "log",
        }

    def _rings(self, plot: Any, panel: Any) -> dict[str, Any]:
        pieces = []
        for direction, centre in RINGS.items():
            parts, charge = panel.scape.contributions(direction), panel.scape.charge(direction)
            start = np.pi / 2
            for k, name, look in panel.shown():
                if not parts[k] > 0:
                    continue
                end = start - 2 * np.pi * float(parts[k])
                own = {"start_angle": end, "end_angle": start}
                radii = {"inner_radius": INNER, "outer_radius": OUTER}
                wedge = plot.annular_wedge(x=centre, y=0, **own, **radii, **look_of(look))
                wedge.tags = [self._place(name, look), "on", *area_on_both(look.color)]
                pieces.append(
                    [centre, end, start, name, direction, float(parts[k]), units.readable(charge[k])]
                )
                start = end
            words = f"{direction}\n{units.readable(charge.sum())}"
            look = {"text_align": "center", "text_baseline": "middle", "text_font_size": "9pt"}
            plot.text(x=[centre], y=[0], text=[words], **look).tags = ["ink"]
        return {"kind": "rings", "pieces": pieces, "inner": INNER, "outer": OUTER}


def per_ms(panel: Any) -> float:
    """Units of the time axis in a millisecond."""
    return axes_style.PER_MS[panel.unit_of_time]
