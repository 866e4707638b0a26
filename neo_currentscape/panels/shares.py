"""The currentscape itself: which part of each total every current carries, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.analysis.reduction import Columns
from neo_currentscape.panels.base import TimePanel, looks_of
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style


@dataclass(frozen=True)
class SharesPanel(TimePanel):
    """Shares of the outward current (upwards) and of the inward current (downwards), stacked.

    Parameters
    ----------
    scape : Currentscape or Recording
    order : {"charge", "recorded", "name"} or list of str
        The first one lies at the zero line.
    palette : optional
        See `neo_currentscape.style.palettes.looks`.
    legend : bool or dict
        A dict goes through to matplotlib's legend.
    area : dict
        Goes through to `matplotlib.axes.Axes.fill_between`, for all currents.
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`; False for none.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: bool | dict[str, Any] = field(default=True, kw_only=True)
    area: dict[str, Any] = field(default_factory=dict, kw_only=True)
    zero_line: dict[str, Any] | bool = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 2.0

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        looks = looks_of(self.scape, self.palette)
        artists = []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            shares = np.clip(data.shares[direction], 0.0, 1.0)
            base = np.zeros(len(x))
            for k in self.scape.order(self.order):
                top = np.minimum(base + shares[k], 1.0)
                look = {**looks[self.scape.names[k]].patch(), **self.area}
                label = f"{self.scape.names[k]} {direction}"
                artists.append(axes.fill_between(x, sign * base, sign * top, label=label, **look))
                base = top
        self._zero(axes)
        _percent_axis(axes, self.ylabel)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _zero(self, axes: Any) -> None:
        if self.zero_line is not False:
            look = {"color": "black", "linewidth": 0.6}
            given = self.zero_line if isinstance(self.zero_line, dict) else {}
            axes.axhline(0, **{**look, **given})

    def handles(self) -> list[Any]:
        """Legend entries, in the order in which the areas are stacked from the zero line."""
        names = [self.scape.names[k] for k in self.scape.order(self.order)]
        return legend_style.swatches(names, looks_of(self.scape, self.palette))


def _percent_axis(axes: Any, ylabel: str | bool | None) -> None:
    axes.set_ylim(-1, 1)
    ticks = [-1, -0.5, 0, 0.5, 1]
    axes.set_yticks(ticks, [f"{abs(tick):.0%}" for tick in ticks])
    axes_style.label_values(axes, ylabel, "Share of total\ninward      outward")
