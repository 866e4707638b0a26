"""The panels that a configuration asks for, from top to bottom."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.compat.config import Config
from neo_currentscape.compat.drawing.axis_look import AxisLook
from neo_currentscape.compat.drawing.half_shares import HalfSharesPanel
from neo_currentscape.compat.drawing.magnitudes import MagnitudesPanel
from neo_currentscape.compat.intake import Intake
from neo_currentscape.compat.legends import legend_of
from neo_currentscape.compat.limits import Scale, readable, scale_of, time_ticks, voltage_limits
from neo_currentscape.compat.looks import ion_looks, looks_of, warn_of_few_styles
from neo_currentscape.compat.ranking import Ranking, ion_ranking, ranking
from neo_currentscape.panels.contributions import ContributionsPanel
from neo_currentscape.panels.ions import IonsPanel
from neo_currentscape.panels.total import TotalPanel
from neo_currentscape.panels.voltage import VoltagePanel
from neo_currentscape.recording import timebase
from neo_currentscape.style.axes import PER_MS, columns_of_width, or_samples
from neo_currentscape.style.look import Looks

#: Sides of the axes of the shares that are drawn; the others have none.
SIDES = ("left", "right")


class Row(NamedTuple):
    """A panel, how its axes is to look when it has drawn, None for what is not over time, and its scale."""

    panel: Any
    look: AxisLook | None
    scale: Scale | None = None


@dataclass
class Maker:
    """Makes the panels of one call.

    Parameters
    ----------
    config : Config
    intake : Intake
    """

    config: Config
    intake: Intake

    @cached_property
    def scape(self) -> Currentscape:
        """Shares and totals."""
        return Currentscape(self.intake.recording)

    @cached_property
    def columns(self) -> int:
        """Columns to which long recordings are reduced, the same for all panels but bars."""
        return or_samples(columns_of_width(self.config["figsize"][0]), len(self.intake.recording))

    @cached_property
    def ranking(self) -> Ranking:
        """The order of the currents."""
        return ranking(self.intake.recording, self.config["current.reorder"])

    @cached_property
    def looks(self) -> Looks:
        """The looks of the currents."""
        return looks_of(self.config, self.ranking.both)

    @cached_property
    def currents_scale(self) -> Scale:
        """Limits and ticks of the totals and of all currents."""
        return scale_of(self.config, "current", self.scape.columns(self.columns))

    @cached_property
    def limits(self) -> tuple[float, float]:
        """First and last time, in the unit of the time axis."""
        per_ms = PER_MS[self.intake.time_units]
        first, last = timebase.span(self.intake.recording.currents, "ms")
        return first * per_ms, last * per_ms

    @cached_property
    def ticks(self) -> tuple[float, ...]:
        """Ticks of the time axis."""
        given = self.config["xaxis.xticks"]
        return time_ticks(*self.limits) if given is None else given

    def rows(self) -> list[Row]:
        """All panels, with their looks; the lowest one over time has the time axis."""
        show = self.config
        made: list[Row] = []
        if show["show.total_contribution"]:
            made.append(self._contributions())
        made += [self._voltage(), self._total("outward")]
        if show["show.currentscape"]:
            made += [self._shares("outward"), self._shares("inward")]
        made.append(self._total("inward"))
        if show["show.all_currents"]:
            self._check_styles()
            made += [self._all_currents("outward"), self._all_currents("inward")]
        if self.intake.recording.ions is not None:
            made.append(self._ions())
        lowest = dataclasses.replace(made[-1].panel, xlabel=self._xlabel())
        return self._with_readable_ticks([*made[:-1], made[-1]._replace(panel=lowest)])

    def _with_readable_ticks(self, made: list[Row]) -> list[Row]:
        """On a low page the numbers at ticks that were chosen do not stand on top of each other."""
        config = self.config
        parts = config["adjust.top"] or 1.0, config["adjust.bottom"] or 0.0
        unit = 72 * config["figsize"][1] * (parts[0] - parts[1]) / sum(row.panel.height for row in made)
        out = []
        for row in made:
            scale = row.scale
            if scale is not None and scale.chosen and row.look is not None and row.look.yticks:
                ticks = readable(scale, unit * row.panel.height, config["textsize"])
                row = row._replace(look=dataclasses.replace(row.look, yticks=ticks))
            out.append(row)
        return out

    def _check_styles(self) -> None:
        if self.config["pattern.use"] and not self.config["current.stackplot"]:
            warn_of_few_styles(self.config)

    def _xlabel(self) -> str | bool:
        if self.config["show.xlabels"]:
            return self.intake.labels["xaxis"]
        # An empty label leaves the numbers at the ticks.
        return "" if self.config["show.xticklabels"] else False

    def _over_time(self, label: str, height: float) -> dict[str, Any]:
        """Keywords of every panel over time."""
        return {
            "ylabel": label if self.config["show.ylabels"] else False,
            "xlabel": False,
            "time_units": self.intake.time_units,
            "columns": self.columns,
            "height": height,
        }

    def _look(self, **axis: Any) -> AxisLook:
        """The look of the axes of a panel over time."""
        config = self.config
        mark = {
            "linewidth": config["xaxis.gridline_width"],
            "color": config["xaxis.gridline_color"],
            "linestyle": config["xaxis.gridline_style"],
        }
        look = {
            "xlim": self.limits,
            "xticks": self.ticks if config["show.xticklabels"] else False,
            "marks": self.ticks if config["show.xgridlines"] else (),
            "mark_line": mark,
            "frame": (),
        }
        if not config["show.yticklabels"] and "yticks" in axis:
            axis["yticks"] = False
        return AxisLook(**{**look, **axis})

    def _voltage(self) -> Row:
        config = self.config
        ticks = config["voltage.ticks"]
        lines: dict[str, Any] = {}
        if config["voltage.horizontal_lines"] and ticks:
            lines = {"levels": [min(ticks)], "level_line": {"linestyle": "--", "linewidth": 0.75}}
            lines |= {"bar": (min(ticks), max(ticks)), "bar_line": {"linewidth": 1.0}}
        panel = VoltagePanel(
            self.scape,
            ylim=voltage_limits(config, self.scape.columns(self.columns)),
            line={"color": config["voltage.color"], "linewidth": config["lw"]},
            **self._over_time(self.intake.labels["voltage"], 2),
        )
        return Row(panel, self._look(yticks=ticks, **lines))

    def _total(self, direction: str) -> Row:
        config, scale = self.config, self.currents_scale
        fill = {"facecolor": config["current.color"], "edgecolor": config["current.color"]}
        panel = TotalPanel(
            self.scape,
            direction,
            ylim=scale.limits,
            fill={**fill, "linewidth": config["lw"], "zorder": 2},
            line=False,
            **self._magnitudes("current", direction),
        )
        return Row(panel, self._logarithmic(scale), scale)

    def _magnitudes(self, part: str, direction: str) -> dict[str, Any]:
        """Keywords of the panels of magnitudes over time."""
        from matplotlib.ticker import Formatter

        # A minus sign, as at the ticks, unless the settings want hyphens.
        sign = Formatter.fix_minus("-") if direction == "inward" else ""
        return self._over_time(f"{sign}{self.intake.labels[part]}", 1)

    def _logarithmic(self, scale: Scale, **axis: Any) -> AxisLook:
        line = {"color": "black", "linestyle": ":", "linewidth": 1.0}
        return self._look(yticks=scale.ticks, levels=scale.ticks, level_line=line, **axis)

    def _shares(self, direction: str) -> Row:
        config, outward = self.config, direction == "outward"
        legacy, patterns = config["currentscape.legacy_method"], config["pattern.use"]
        label = config["currentscape.out_label" if outward else "currentscape.in_label"]
        # Currentscape gives its image less height than its areas.
        common = self._over_time(label, 1.5 if legacy and not patterns else 2)
        if legacy and patterns:
            common["columns"] = self._bars()
        panel = HalfSharesPanel(
            self.scape,
            direction,
            order=getattr(self.ranking, direction),
            palette=self.looks,
            legend=self._legend() if outward else False,
            bars=legacy and patterns,
            image=config["currentscape.y_resolution"] if legacy and not patterns else None,
            **common,
        )
        return Row(panel, self._look(yticks=False, frame=SIDES, band=self._band(outward)))

    def _band(self, wanted: bool) -> float:
        return self.config["current.black_line_thickness"] / 100 if wanted else 0.0

    def _bars(self) -> int:
        return -(-len(self.intake.recording) // self.config["stackplot.x_chunksize"])

    def _all_currents(self, direction: str) -> Row:
        config, outward = self.config, direction == "outward"
        stacked = config["current.stackplot"]
        common = self._magnitudes("current", direction)
        if stacked and config["current.legacy_method"]:
            common["columns"] = self._bars()
        panel = MagnitudesPanel(
            self.scape,
            direction,
            stacked=stacked,
            bars=stacked and config["current.legacy_method"],
            ylim=self.currents_scale.limits,
            # On a logarithmic axis only the last ones added are seen, if the largest come first.
            order=self._by_charge(direction)[::-1] if stacked else self.ranking.both,
            palette=self.looks,
            legend=self._legend() if outward and not config["show.currentscape"] else False,
            line={"zorder": 2} if stacked else {"linewidth": config["lw"]},
            **common,
        )
        look = self._logarithmic(self.currents_scale, band=self._band(stacked and outward))
        return Row(panel, look, self.currents_scale)

    def _by_charge(self, direction: str) -> list[str]:
        parts = self.scape.contributions(direction)
        return [self.scape.names[k] for k in sorted(range(len(parts)), key=lambda k: -parts[k])]

    def _ions(self) -> Row:
        config, recording = self.config, self.intake.recording
        scale = scale_of(config, "ions", self.scape.columns(self.columns))
        names = ion_ranking(recording, config["ions.reorder"])
        looks = ion_looks(config, names, self.ranking.both)
        panel = IonsPanel(
            self.scape,
            palette=looks,
            order=names,
            ylim=scale.limits,
            scale="log",
            line={"linewidth": config["lw"]},
            legend=legend_of(config, names, looks, areas=False, lines=True),
            **self._magnitudes("ions", "outward"),
        )
        return Row(panel, self._logarithmic(scale), scale)

    def _contributions(self) -> Row:
        config = self.config
        with_legend = not config["show.currentscape"] and not config["show.all_currents"]
        panel = ContributionsPanel(
            self.scape,
            order=self.ranking.both,
            palette=self.looks,
            wedge={"edgecolor": config["pattern.color"], "linewidth": config["lw"]},
            percent=False,
            charge=False,
            label={"fontsize": config["textsize"]} if config["show.ylabels"] else False,
            legend=self._legend() if with_legend else False,
            height=2,
        )
        return Row(panel, None)

    def _legend(self) -> Any:
        config = self.config
        areas = (
            config["show.currentscape"] or config["show.total_contribution"] or config["current.stackplot"]
        )
        lines = config["show.all_currents"] and not config["current.stackplot"]
        return legend_of(config, self.ranking.both, self.looks, areas, lines and config["pattern.use"])
