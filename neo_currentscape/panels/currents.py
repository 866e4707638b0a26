"""The currents themselves over time, as lines or stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.panels.areas import draw_stack
from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.lines import draw_line, line_of
from neo_currentscape.panels.root import Element
from neo_currentscape.panels.zero_line import draw_zero_line
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import paper, scales, symlog
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import Look


@options_checked
@dataclass(frozen=True)
class CurrentsPanel(CurrentsShown, TimePanel):
    """All currents, outward positive, in the unit of the data.

    Parameters
    ----------
    source : Currentscape or Recording
    stacked : bool
        Areas that add up to the totals instead of lines: the mean in each column.
    scale : {"linear", "symlog"}
        Of the y axis; "symlog" is logarithmic in both directions and linear around zero.
    order, palette, legend
        As for `neo_currentscape.SharesPanel`.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`, or to `fill_between` where stacked.
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`; False for none.
    band : dict or False
        Goes through to `matplotlib.axes.Axes.fill_between`: around the lines of measured currents, one
        standard error on either side.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    stacked: bool = field(default=False, kw_only=True)
    scale: str = field(default="linear", kw_only=True)
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)
    band: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.3
    least_height: ClassVar[float] = 5.5
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line", "zero_line", "band")
    known_scales: ClassVar[tuple[str, ...]] = ("linear", "symlog")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()
        if self.stacked and self.scale != "linear":
            raise ArgumentError(
                f"stacked=True cannot be shown with scale={self.scale!r}, on which areas do not add up: "
                "leave one of the two out."
            )

    @property
    def shows_flows(self) -> bool:  # type: ignore[override]
        """Stacked, the areas are the means of the currents."""
        return self.stacked

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:

        if any(np.isinf(ends).any() for ends in _both(data)):
            raise units.too_large("The sum of the small currents", self.source.recording.currents.units)
        draw = self._areas if self.stacked else self._lines
        artists = draw(axes, data, x) if self.line is not False else []
        draw_zero_line(axes, self.zero_line, 0.6, color=paper.tone(0.6), zorder=1)
        if self.scale == "symlog":
            symlog.set_scale(axes, np.concatenate(_both(data), axis=1))
        else:
            scales.shorten_ticks(axes)
        axes_style.label_values(axes, self.ylabel, "Current", self.source.recording.currents.units)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _lines(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        # The largest is drawn first, so that it hides none of the others.
        lines = data.extremes["currents"]
        drawn = [
            draw_line(
                axes,
                x,
                lines,
                k,
                self._line(name, look),
                name=name,
                shares={direction: data.shares[direction][k] for direction in DIRECTIONS},
            )
            for k, name, look in self.shown()
        ]
        return [*self._bands(axes, data, x), *drawn]

    def _bands(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        """One standard error on either side of each current that is measured, and shown by itself."""
        from matplotlib.collections import PolyCollection

        errors = self.scape.noise_at(data.times)
        if errors is None:
            return []
        bands, lines = [], data.extremes["currents"]
        for k, name, look in self.shown():
            default = {"facecolor": paper.seen(look.color), "alpha": 0.3, "linewidth": 0.0, "zorder": 1.5}
            style = element(self.band, default, PolyCollection)
            if style is not None and name in errors:
                low, high = lines.low[k] - errors[name], lines.high[k] + errors[name]
                bands.append(axes.fill_between(x, low, high, **style))
        return bands

    def _line(self, name: str, look: Look) -> dict[str, Any]:
        from matplotlib.lines import Line2D

        return element(self.line, line_of(look, name), Line2D) or {}

    def _areas(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        artists = []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            parts = data.flow(direction)
            looks = [{**look.patch(), "label": f"{name} {direction}"} for _, name, look in self.shown()]
            stacked = [parts[k] for k, _, _ in self.shown()]
            artists += draw_stack(axes, x, stacked, looks, self.line, sign)
        # Means are lower the wider the columns are; the limits are those of the samples.
        up, down = (scales.peak_of(data.extremes[direction].high[0]) for direction in DIRECTIONS)
        if not np.isfinite(1.05 * (up + down)):
            raise units.too_large("The range of the totals", self.source.recording.currents.units)
        if up or down:
            axes.set_ylim(-1.05 * down, 1.05 * up)
        return artists

    def handles(self) -> list[Any]:
        """Legend entries: swatches where stacked, else lines."""
        if self.stacked:
            return super().handles()
        from matplotlib.lines import Line2D

        return [Line2D([], [], **self._line(name, look)) for _, name, look in self.told()]


def _both(data: Columns) -> tuple[np.ndarray, np.ndarray]:
    lines = data.extremes["currents"]
    return lines.low, lines.high
