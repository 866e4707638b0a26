"""Averages over events or cycles: voltage, totals, stacked shares, and shares with their spread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.experiments.base import (
    CurrentsPanelOfResult,
    OverBins,
    check_voltage,
    percent_axis,
    steps,
)
from neo_currentscape.panels.lines import line_of
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.style import arrows, paper, readout, scales, text
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style.drawn import Line
from neo_currentscape.style.elements import element, options_checked


class _OverBins(OverBins):
    """What the panels of an average share: its x axis, with a line at the event."""

    needs: ClassVar[tuple[str, ...]] = ("edges", "axis", "shares", "share_spread", "total")
    shows: ClassVar[str] = "a result of class Average"
    made_by: ClassVar[str] = "event_average(recording)"

    def finish(self, axes: Any) -> None:
        """Limits, grid and label of the x axis.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        """
        super().finish(axes)
        first, *_, last = self.source.edges.magnitude
        if self.source.axis == "lag" and first < 0 < last:
            axes.axvline(
                0, color=paper.tone(0.5), linewidth=text.line_width(0.6), linestyle=(0, (4, 3)), zorder=3
            )


def draw_band(axes: Any, edges: np.ndarray, mean: Any, spread: Any, look: dict, band: Any) -> list[Any]:
    """Draw a mean as a stepped line, and its spread as a band around it."""
    from matplotlib.collections import PolyCollection
    from matplotlib.lines import Line2D

    x, y = steps(edges, np.asarray(mean))
    artists = []
    shade = element(band, {"facecolor": look["color"], "alpha": 0.25, "linewidth": 0.0}, PolyCollection)
    if shade is not None and np.isfinite(spread).any():
        _, wide = steps(edges, np.asarray(spread))
        artists.append(axes.fill_between(x, y - wide, y + wide, **shade))
    lines = axes.plot(x, y, **element({}, look, Line2D) or {})
    readout.of(axes).add(Line(x, lines, y, y, str(look.get("label", ""))))
    return [*artists, *lines]


@options_checked
@dataclass(frozen=True)
class AveragePanel(_OverBins, CurrentsPanelOfResult):
    """Mean shares, stacked: outward upwards and inward downwards.

    Parameters
    ----------
    source : Average
    area : dict
        Goes through to `matplotlib.axes.Axes.fill_between`, for all currents.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    area: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 2.0
    least_height: ClassVar[float] = 11.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "area")

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns the areas, outward and then inward."""
        artists = self.draw_shares(axes, lambda d: self.over_bins(self.source.shares(d).T), self.area)
        axes.axhline(0, color=text.ink(), linewidth=text.line_width(0.8))
        percent_axis(axes)
        axes_style.label_values(axes, self.ylabel, arrows.two_sided("Mean share"))
        self.finish(axes)
        self.draw_legend(axes)
        return artists


@options_checked
@dataclass(frozen=True)
class AverageSharesPanel(_OverBins, CurrentsPanelOfResult):
    """Mean shares of one direction as lines, each with a band of one standard deviation.

    Parameters
    ----------
    source : Average
    direction : {"outward", "inward"}
    band : dict or False
        Goes through to `matplotlib.axes.Axes.fill_between`; False for no bands.
    least : float
        Currents whose share is never larger than this are not drawn.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    direction: str = "outward"
    band: Element = field(default_factory=dict, kw_only=True)
    least: float = field(default=0.02, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "band")

    def __post_init__(self) -> None:
        check_direction(self.direction)
        super().__post_init__()

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns bands and lines."""
        mean, spread = self.source.shares(self.direction), self.source.share_spread(self.direction)
        artists = []
        for k, name, look in self.shown():
            if np.nanmax(mean[:, k]) <= self.least:
                continue
            line = line_of(look, f"{name} {self.direction}")
            artists += draw_band(
                axes, self.source.edges.magnitude, mean[:, k], spread[:, k], line, self.band
            )
        percent_axis(axes, both=False)
        axes_style.label_values(axes, self.ylabel, f"{self.direction.capitalize()} share\nmean ± SD")
        self.finish(axes)
        self.draw_legend(axes)
        return artists


@options_checked
@dataclass(frozen=True)
class AverageVoltagePanel(_OverBins, PlainPanel):
    """The mean voltage, with a band of one standard deviation.

    Parameters
    ----------
    source : Average
        Of a recording that holds a voltage.
    line, band : dict
        Go through to `matplotlib.axes.Axes.plot` and `fill_between`; ``band=False`` for none.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    line: Element = field(default_factory=dict, kw_only=True)
    band: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.0
    least_height: ClassVar[float] = 5.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "band")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_voltage(self, "The averaged recording")

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns band and line."""
        from matplotlib.lines import Line2D

        look = element(self.line, {"color": text.ink(), "linewidth": text.line_width(0.8)}, Line2D) or {}
        mean, spread = self.source.voltage, self.source.voltage_spread
        artists = draw_band(
            axes, self.source.edges.magnitude, mean.magnitude, spread.magnitude, look, self.band
        )
        axes_style.label_values(axes, self.ylabel, "Voltage", mean)
        self.finish(axes)
        return artists


@options_checked
@dataclass(frozen=True)
class AverageTotalPanel(_OverBins, PlainPanel):
    """The mean total of one direction on a logarithmic axis.

    Parameters
    ----------
    source : Average
    direction : {"outward", "inward"}
        The axis of the inward total points downwards.
    area : dict
        Goes through to `matplotlib.axes.Axes.fill_between`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    direction: str = "outward"
    area: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 0.6
    least_height: ClassVar[float] = 4.5
    elements: ClassVar[tuple[str, ...]] = ("grid", "area")

    def __post_init__(self) -> None:
        check_direction(self.direction)
        super().__post_init__()

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns the area and its outline."""
        from matplotlib.collections import PolyCollection

        total = self.source.total(self.direction)
        x, y = self.over_bins(total.magnitude)
        low, high = scales.log_limits(total.magnitude, total.magnitude)
        axes.set_yscale("log")
        look = (
            element(
                self.area, {"facecolor": paper.tone(0.86), "linewidth": 0.0, "zorder": 1}, PolyCollection
            )
            or {}
        )
        shown = np.maximum(y, low)
        artists = [axes.fill_between(x, low, shown, **look)]
        artists += axes.plot(x, shown, color=paper.tone(0.25), linewidth=text.line_width(0.7))
        readout.of(axes).add(Line(x, artists, y, y, f"mean {self.direction} total"))
        axes.set_ylim((low, high) if self.direction == "outward" else (high, low))
        scales.label_log(axes)
        axes_style.label_values(axes, self.ylabel, self.direction.capitalize(), total)
        self.finish(axes)
        return artists
