"""The currents themselves over time, as lines or stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.analysis.reduction import Columns
from neo_currentscape.panels.base import TimePanel, looks_of
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style

#: Line styles by which currents of the same colour differ, in the order of the hatches.
LINE_STYLES = (
    "-",
    "--",
    ":",
    "-.",
    (0, (5, 1, 1, 1, 1, 1)),
    (0, (1, 3)),
    (0, (8, 2)),
    (0, (3, 3)),
    (0, (6, 2, 2, 2)),
    (0, (2, 1)),
)


@dataclass(frozen=True)
class CurrentsPanel(TimePanel):
    """All currents, outward positive, in the unit of the data.

    Parameters
    ----------
    scape : Currentscape or Recording
    stacked : bool
        Areas that add up to the totals instead of lines: the mean in each column.
    scale : {"linear", "symlog"}
        Of the y axis.
    order, palette, legend
        As for `neo_currentscape.SharesPanel`.
    line : dict
        Goes through to `matplotlib.axes.Axes.plot`, or to `fill_between` where stacked.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    stacked: bool = field(default=False, kw_only=True)
    scale: str = field(default="linear", kw_only=True)
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: bool | dict[str, Any] = field(default=True, kw_only=True)
    line: dict[str, Any] = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.3

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        draw = self._areas if self.stacked else self._lines
        artists = draw(axes, data, x)
        axes.axhline(0, color="0.6", linewidth=0.4, zorder=1)
        if self.scale != "linear":
            axes.set_yscale(self.scale)
        axes_style.label_values(axes, self.ylabel, "Current", self.scape.recording.currents.units)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _lines(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        order = self.scape.order(self.order)
        # The largest is drawn first, so that it hides none of the others.
        return [draw_line(axes, x, data.extremes["currents"], k, self._line_look(k)) for k in order]

    def _line_look(self, k: int) -> dict[str, Any]:
        name = self.scape.names[k]
        look = looks_of(self.scape, self.palette)[name]
        from neo_currentscape.style.palettes import HATCHES

        style = LINE_STYLES[HATCHES.index(look.hatch)]
        return {"color": look.color, "linestyle": style, "linewidth": 0.8, "label": name, **self.line}

    def _areas(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        looks = looks_of(self.scape, self.palette)
        artists = []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            parts = data.shares[direction] * data.means[direction]
            base = np.zeros(len(x))
            for k in self.scape.order(self.order):
                top = base + parts[k]
                name = self.scape.names[k]
                look = {**looks[name].patch(), **self.line}
                artists.append(axes.fill_between(x, sign * base, sign * top, label=name, **look))
                base = top
        return artists

    def handles(self) -> list[Any]:
        """Legend entries: swatches where stacked, else lines."""
        order = self.scape.order(self.order)
        if self.stacked:
            names = [self.scape.names[k] for k in order]
            return legend_style.swatches(names, looks_of(self.scape, self.palette))
        from matplotlib.lines import Line2D

        return [Line2D([], [], **self._line_look(k)) for k in order]
