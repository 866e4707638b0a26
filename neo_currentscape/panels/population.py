"""The shares of a population over time: their mean over the neurons, and their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.lines import line_of
from neo_currentscape.panels.root import Element
from neo_currentscape.panels.zero_line import draw_zero_line
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.style import arrows, text
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class PopulationPanel(CurrentsShown, TimePanel):
    """Mean share of each current over the neurons, outward upwards and inward downwards.

    Parameters
    ----------
    source : Summary
        From `neo_currentscape.summarise`.
    order : {"charge", "recorded", "name"} or list of str
        Of the legend; "charge" goes by the mean share.
    palette : optional
        See `neo_currentscape.style.palettes.looks`.
    legend : bool or dict
        A dict goes through to matplotlib's legend.
    line : dict or False
        The mean; goes through to `matplotlib.axes.Axes.plot`.
    band : dict or False
        One standard deviation to both sides, within 0 and 100 %; goes through to
        `matplotlib.axes.Axes.fill_between`.
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[1, -2], [2, -3]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["K", "Na"]},
    ... )
    >>> panel = ncs.PopulationPanel(
    ...     ncs.summarise(ncs.Recording(currents)), legend=False, band=False
    ... )
    >>> from matplotlib.figure import Figure
    >>> [artist.get_label() for artist in panel.plot(Figure().add_subplot())]
    ['K outward', 'Na inward']
    """

    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    band: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("columns", "edges", "order", "spread")
    shows: ClassVar[str] = "a Summary"
    made_by: ClassVar[str] = "summarise(segments)"
    natural_height: ClassVar[float] = 2.0
    least_height: ClassVar[float] = 11.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line", "band", "zero_line")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()

    @property
    def recorded(self) -> tuple[float, float]:
        """First and last time of the bins, in ms."""
        return float(self.source.edges[0]), float(self.source.edges[-1])

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        artists: list[Any] = []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            band = data.extremes[f"{direction} shares"]
            for k, name, look in self.shown():
                mean = data.shares[direction][k]
                if mean.any():  # a current that never flows this way would lie on the zero line
                    rows = (sign * mean, sign * band.low[k], sign * band.high[k])
                    artists += self._one(axes, x, rows, line_of(look, f"{name} {direction}"))
        draw_zero_line(axes, self.zero_line)
        axes.set_ylim(-1, 1)
        ticks = [-1, -0.5, 0, 0.5, 1]
        axes.set_yticks(ticks, [f"{abs(tick):.0%}" for tick in ticks])
        axes_style.label_values(axes, self.ylabel, arrows.two_sided("Mean share"))
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _one(self, axes: Any, x: np.ndarray, rows: tuple[Any, Any, Any], line: dict[str, Any]) -> list[Any]:
        from matplotlib.collections import PolyCollection
        from matplotlib.lines import Line2D

        (mean, low, high), artists = rows, []
        look = element(
            self.band, {"facecolor": line["color"], "alpha": 0.25, "linewidth": 0.0}, PolyCollection
        )
        if look is not None:
            artists.append(axes.fill_between(x, low, high, **look))
        look = element(self.line, {**line, "linewidth": text.line_width(1.2)}, Line2D)
        if look is not None:
            artists += axes.plot(x, mean, **look)
        return artists


@options_checked
@dataclass(frozen=True)
class PopulationCurrentsPanel(PopulationPanel):
    """Mean of each current over the neurons, with a band of one standard deviation; outward positive.

    Parameters
    ----------
    source : Summary
        From `neo_currentscape.summarise`.
    order, palette, legend, line, band, zero_line
        As for `PopulationPanel`; the band has no limits.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    needs: ClassVar[tuple[str, ...]] = (*PopulationPanel.needs, "amplitudes", "amplitude_spread")
    least_height: ClassVar[float] = 9.0

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        signal = self.source.amplitudes()
        mean, spread = (s.magnitude for s in (signal, self.source.amplitude_spread()))
        held = np.isfinite(mean).all(axis=1)
        artists: list[Any] = []
        for k, name, look in self.shown():
            middle, wide = mean[held, k], spread[held, k]
            if middle.any():
                rows = (middle, middle - wide, middle + wide)
                artists += self._one(axes, x, rows, line_of(look, name))
        draw_zero_line(axes, self.zero_line)
        axes_style.label_values(axes, self.ylabel, "Mean current", signal.units)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists
