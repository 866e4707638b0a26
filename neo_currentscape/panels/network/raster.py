"""Spikes of populations over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.network.spike_trains import spikes_of
from neo_currentscape.panels.network.base import NetworkPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class RasterPanel(NetworkPanel):
    """A mark for each spike, a row for each cell, a colour for each population.

    Parameters
    ----------
    source : Spikes, or what `neo_currentscape.network.spikes_of` takes
    mark : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    legend : bool or dict
        Of the populations.
    time_units : str, optional
        By default one that fits the duration.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    mark: Element = field(default_factory=dict, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    time_units: str | None = field(default=None, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "mark", "legend")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.time_units is not None:
            axes_style.check_time_unit(self.time_units)

    def _source(self, given: Any) -> Any:
        return spikes_of(given)

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        first, last = self.source.limits
        unit = self.time_units or axes_style.time_unit(last - first)
        scale = axes_style.PER_MS[unit]
        colors, artists, total = self.colors(self.source.populations), [], 0
        for name, times, rows in self.source.rows():
            size = {
                "marker": "|" if self._few else ".",
                "markersize": text.line_width(4 if self._few else 2),
            }
            look = element(self.mark, {"color": colors[name], "linestyle": "none", **size}, Line2D)
            if look is not None:
                artists += axes.plot(times * scale, rows, **look)
            total += len(self.source.trains[name])
        axes.set_xlim(first * scale, last * scale)
        axes.set_ylim(-0.5, max(total, 1) - 0.5)
        axes.yaxis.get_major_locator().set_params(integer=True)
        self._label(axes, f"Time ({unit})", "Cell")
        if len(self.source.populations) > 1 or self.legend is not True:
            self._legend(axes, self.source.populations, self.legend)
        return artists

    @property
    def _few(self) -> bool:
        return sum(map(len, self.source.trains.values())) <= 60
