"""Comparisons: both voltages, the difference of the shares, and what changed most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.panels.experiments.base import (
    CurrentsPanelOfResult,
    OverBins,
    check_voltage,
)
from neo_currentscape.panels.lines import draw_line, line_of
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.columns import Extremes, reduce_recording
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.style import arrows, paper, text
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import Look


class _OfComparison:
    """What the panels of a comparison ask of it."""

    needs: ClassVar[tuple[str, ...]] = ("first", "second", "labels", "edges", "shares", "change", "ranking")
    shows: ClassVar[str] = "a result of class Comparison"
    made_by: ClassVar[str] = "compare(control, drug)"


@options_checked
@dataclass(frozen=True)
class ComparedVoltagePanel(_OfComparison, OverBins, PlainPanel):
    """The voltages of both recordings: at the same times as recorded, with every peak; else their means.

    Parameters
    ----------
    source : Comparison
    line : dict
        Goes through to `matplotlib.axes.Axes.plot`, for both.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.2
    least_height: ClassVar[float] = 6.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "line")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_voltage(self, "One of the compared recordings")

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns both lines."""
        from matplotlib.lines import Line2D

        unit, artists = self.source.first.voltage.units, []
        for average, label, color in zip(
            (self.source.first, self.source.second),
            self.source.labels,
            (text.ink(), paper.seen("#CC3311")),
            strict=True,
        ):
            look = {"color": color, "linewidth": text.line_width(0.8), "label": label}
            look = element(self.line, look, Line2D) or {}
            artists.append(self._line(axes, average, unit, look))
        what = "Voltage" if self._is_as_recorded else "Mean voltage"
        axes_style.label_values(axes, self.ylabel, what, unit)
        legend_style.above(axes, artists)
        self.finish(axes)
        return artists

    @property
    def _is_as_recorded(self) -> bool:
        """Whether one window holds all: then no peak need be lost in a mean."""
        return bool(self.source.axis == "time")

    def _line(self, axes: Any, average: Any, unit: Any, look: dict[str, Any]) -> Any:
        if not self._is_as_recorded:
            x, y = self.over_bins(average.voltage.rescale(unit).magnitude)
            return axes.plot(x, y, **look)[0]
        edges = self.source.edges.rescale("ms").magnitude
        found = reduce_recording(average.recording, axes_style.n_columns(axes), edges[0], edges[-1])
        factor = units.factor(average.recording.voltage[:1], unit.dimensionality.string)
        voltage = found.extremes["voltage"]
        scaled = Extremes(voltage.low * factor, voltage.high * factor)
        x = found.times * units.factor(1.0 * pq.ms, self.source.edges.dimensionality.string)
        return draw_line(axes, x, scaled, 0, look)


@options_checked
@dataclass(frozen=True)
class DifferencePanel(_OfComparison, OverBins, CurrentsPanelOfResult):
    """By how much the share of each current differs: the second minus the first.

    Parameters
    ----------
    source : Comparison
    direction : {"outward", "inward"}
    line : dict
        Goes through to `matplotlib.axes.Axes.plot`, for all currents.
    least : float
        Currents whose share never differs by more are not drawn.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    direction: str = "outward"
    line: Element = field(default_factory=dict, kw_only=True)
    least: float = field(default=0.01, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line")

    def __post_init__(self) -> None:
        check_direction(self.direction)
        super().__post_init__()

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns a line for each current."""
        from matplotlib.lines import Line2D

        x, parts = self.over_bins(self.source.shares(self.direction).T)
        artists = []
        for k, name, look in self.shown():
            if not np.nanmax(np.abs(parts[k])) > self.least:
                continue
            line = line_of(look, f"{name} {self.direction}")
            artists += axes.plot(x, parts[k], **(element(self.line, line, Line2D) or {}))
        axes.axhline(0, color=paper.tone(0.5), linewidth=text.line_width(0.6), zorder=1)
        peak = max(0.1, float(np.nanmax(np.abs(parts))))
        axes.set_ylim(-1.08 * peak, 1.08 * peak)
        tick = float(f"{0.8 * peak:.1g}")
        axes.set_yticks([-tick, 0, tick], [f"\N{MINUS SIGN}{tick:.0%}", "0", f"+{tick:.0%}"])
        axes_style.label_values(axes, self.ylabel, f"{self.direction.capitalize()} share,\ndifference")
        self.finish(axes)
        self.draw_legend(axes)
        return artists


@options_checked
@dataclass(frozen=True)
class ChangesPanel(_OfComparison, CurrentsPanelOfResult):
    """What changed, the most on top: mean absolute difference of each current's share.

    Parameters
    ----------
    source : Comparison
    bar : dict
        Goes through to `matplotlib.axes.Axes.barh`, for all bars.
    most : int
        Currents that are shown at most.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    bar: Element = field(default_factory=dict, kw_only=True)
    most: int = field(default=12, kw_only=True)

    natural_height: ClassVar[float] = 1.7
    least_height: ClassVar[float] = 13.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "bar")

    @property
    def _most_first(self) -> list[tuple[int, str, Look]]:
        """Index, name and look by how much changed; in the caller's order, where that is another."""
        if self.order != "charge":
            return self.shown()
        looks = self.looks()
        return [(int(k), self.source.names[k], looks[self.source.names[k]]) for k in self.source.ranking]

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns the bars, outward to the right and inward to the left."""
        from matplotlib.patches import Rectangle

        shown = self._most_first[: self.most]
        y, artists = np.arange(len(shown)), []
        for direction, sign in zip(DIRECTIONS, (1.0, -1.0), strict=True):
            change = self.source.change(direction)
            for place, (k, name, look) in enumerate(shown):
                own = {**look.patch(), "label": f"{name} {direction}"}
                bar = element(self.bar, own, Rectangle) or {}
                artists.append(axes.barh(y[place], sign * change[k], height=0.75, **bar))
        peak = max(float(max(self.source.change(d).max() for d in DIRECTIONS)), 1e-6)
        axes.set_xlim(-1.05 * peak, 1.05 * peak)
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.set_yticks(y, [name for _, name, _ in shown])
        tick = float(f"{0.8 * peak:.1g}")
        axes.set_xticks([-tick, 0, tick], [f"{100 * tick:g}%", "0%", f"{100 * tick:g}%"])
        axes.axvline(0, color=text.ink(), linewidth=text.line_width(0.8))
        sides = arrows.arrows("inward", "outward")
        axes.set_xlabel(
            self.xlabel if isinstance(self.xlabel, str) else f"Mean absolute difference of share, {sides}"
        )
        axes_style.draw_grid(axes, self.grid)
        return artists
