"""The voltage in the colour of the current that dominates at each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class DominantPanel(CurrentsShown, TimePanel):
    """The membrane potential, coloured by the current with the largest share of one direction.

    Where the recording is reduced to columns, it is the largest mean share of each column.

    Parameters
    ----------
    source : Currentscape or Recording
        Must hold a voltage.
    direction : {"outward", "inward"}
    order, palette, legend
        As for `neo_currentscape.SharesPanel`.
    line : dict
        Goes through to `matplotlib.collections.LineCollection`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    direction: str = "inward"
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.2
    least_height: ClassVar[float] = 5.5
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line")

    def __post_init__(self) -> None:
        check_direction(self.direction)
        super().__post_init__()
        self.need("voltage", "voltage")
        self.check_currents()

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        from matplotlib.collections import LineCollection

        voltage, shares = data.extremes["voltage"], data.shares[self.direction]
        low, high = voltage.low[0], (voltage.low if voltage.high is voltage.low else voltage.high)[0]
        xs, ys = axes_style.envelope(x, low, low if voltage.high is voltage.low else high)
        points = np.column_stack([xs, ys])
        which = np.where(np.nan_to_num(shares).max(axis=0) > 0, np.nan_to_num(shares).argmax(axis=0), -1)
        segments = np.stack([points[:-1], points[1:]], axis=1)
        # A stretch of line has the colour of the column in which it ends.
        owner = np.repeat(which, len(points) // len(which))[1:]
        looks = self.looks()
        names = self.source.names
        colors = [
            paper.seen(looks[names[k]].color) if k >= 0 else paper.tone(0.7) for k in range(-1, len(names))
        ]
        default = {"linewidth": text.line_width(1.1), "capstyle": "round"}
        own = element(self.line, default, LineCollection) or {}
        # One line for each current, so that each has its label.
        artists = []
        for k in np.unique(owner):
            label = f"{names[k]} dominant" if k >= 0 else "_none"
            drawn = LineCollection(
                list(segments[owner == k]), **{"colors": [colors[k + 1]], "label": label, **own}
            )
            artists.append(axes.add_collection(drawn))
        axes.autoscale_view()
        # Above the axes, where no spike is in its way.
        axes.set_title(
            f"colour: dominant {self.direction} current", loc="left", fontsize=text.small_size(), pad=2
        )
        axes_style.label_values(axes, self.ylabel, "Voltage", self.need("voltage", "voltage").units)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists
