"""All currents of one direction over time by their magnitudes, as lines or stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.compat.drawing.stairs import stairs
from neo_currentscape.panels.areas import draw_stack
from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.lines import draw_line, line_style
from neo_currentscape.panels.root import Element
from neo_currentscape.panels.total import magnitude_limits
from neo_currentscape.reduction.columns import Columns, Extremes
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import paper, scales, text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import Look

#: On a logarithmic axis zero lies so far below the lower limit, as a factor.
BELOW = 1e-3


@options_checked
@dataclass(frozen=True)
class MagnitudesPanel(CurrentsShown, TimePanel):
    """The outward or the inward part of every current; the inward ones hang from the top.

    Parameters
    ----------
    source : Currentscape or Recording
    direction : {"outward", "inward"}
    stacked : bool
        Areas that add up to the total instead of lines: the mean in each column. On a logarithmic
        scale the lowest look largest.
    bars : bool
        With `stacked`, draw each column of time as a bar with upright sides.
    scale : {"log", "linear"}
        Of the y axis.
    order, palette, legend
        As for `neo_currentscape.SharesPanel`; the first current is stacked lowest.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`, or to `fill_between` where stacked.
    ylim : tuple of float, optional
        The smaller limit first, in both directions.
    **options
        See `neo_currentscape.panels.base.TimePanel`.

    Examples
    --------
    >>> import neo_currentscape as ncs, neo, quantities as pq
    >>> currents = neo.AnalogSignal([[1, -3], [2, 3]], units="nA", sampling_period=1 * pq.ms,
    ...                             array_annotations={"name": ["K", "leak"]})
    >>> panel = MagnitudesPanel(ncs.Recording(currents), "inward", legend=False)
    >>> from matplotlib.figure import Figure
    >>> [artist.get_label() for artist in panel.plot(Figure().add_subplot())]
    ['leak inward']
    """

    direction: str = "outward"
    stacked: bool = field(default=False, kw_only=True)
    bars: bool = field(default=False, kw_only=True)
    scale: str = field(default="log", kw_only=True)
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 0.8
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line")
    known_scales: ClassVar[tuple[str, ...]] = ("log", "linear")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_direction(self.direction)
        scales.check_limits(self.ylim, self.scale, rising=True)
        self.check_currents()

    @property
    def shows_flows(self) -> bool:  # type: ignore[override]
        """Stacked, the areas are the means of the currents."""
        return self.stacked

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        limits = self.ylim or magnitude_limits(data, self.direction, self.scale)
        floor = limits[0] * BELOW if self.scale == "log" else 0.0
        axes.set_yscale(self.scale)
        draw = self._areas if self.stacked else self._lines
        artists = draw(axes, data, x, floor) if self.line is not False else []
        axes.set_ylim(limits[::-1] if self.direction == "inward" else limits)
        if self.scale == "log":
            scales.label_log(axes)
        unit = self.source.recording.currents.units
        axes_style.label_values(axes, self.ylabel, self.direction.capitalize(), unit)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _limit_values(self, axes: Any) -> None:
        """Nothing is left to do: the limits are set, and turned round for the inward currents."""

    def _magnitudes(self, data: Columns, k: int) -> Extremes:
        lines = data.extremes["currents"]
        low, high = lines.low[k : k + 1], lines.high[k : k + 1]
        if self.direction == "inward":
            low, high = -high, -low
        low = np.maximum(low, 0.0)
        return Extremes(low, low if lines.low is lines.high else np.maximum(high, 0.0))

    def _lines(self, axes: Any, data: Columns, x: np.ndarray, floor: float) -> list[Any]:
        artists = []
        for k, name, look in self.shown():
            found = self._magnitudes(data, k)
            if not np.nanmax(found.high, initial=0.0) > 0:
                continue
            low = np.maximum(found.low, floor)
            high = low if found.low is found.high else np.maximum(found.high, floor)
            artists.append(draw_line(axes, x, Extremes(low, high), 0, self._line(name, look)))
        return artists

    def _line(self, name: str, look: Look) -> dict[str, Any]:
        from matplotlib.lines import Line2D

        default = {
            "color": paper.seen(look.color),
            "linestyle": line_style(look),
            "linewidth": text.line_width(1.0),
        }
        return element(self.line, {**default, "label": f"{name} {self.direction}"}, Line2D) or {}

    def _areas(self, axes: Any, data: Columns, x: np.ndarray, floor: float) -> list[Any]:
        shown = self.shown()
        looks = [{**look.patch(), "label": f"{name} {self.direction}"} for _, name, look in shown]
        parts = data.flow(self.direction)[[k for k, _, _ in shown]]
        # The axis begins above zero, and so does the lowest area; no border moves up for it.
        borders = np.maximum(np.cumsum(parts, axis=0), floor)
        parts = np.diff(borders, axis=0, prepend=floor)
        if self.bars:
            x, parts = stairs(x, self.limits), np.repeat(parts, 2, axis=1)
        return draw_stack(axes, x, list(parts), looks, self.line, 1.0, floor)

    def handles(self) -> list[Any]:
        """Legend entries: swatches where stacked, else lines."""
        if self.stacked:
            return super().handles()
        from matplotlib.lines import Line2D

        return [Line2D([], [], **{**self._line(n, look), "label": n}) for _, n, look in self.shown()]
