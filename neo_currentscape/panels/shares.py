"""The currentscape itself: which part of each total every current carries, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.roles import OTHER
from neo_currentscape.panels.areas import draw_stack
from neo_currentscape.panels.base import CurrentsShown, TimePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.panels.zero_line import draw_zero_line
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.style import arrows, readout, text
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style.elements import options_checked

#: Height of the label of a tick with the gap to the next, in units of the text.
TICK_LINE = 1.25


@options_checked
@dataclass(frozen=True)
class SharesPanel(CurrentsShown, TimePanel):
    """Shares of the outward current (upwards) and of the inward current (downwards), stacked.

    Parameters
    ----------
    source : Currentscape or Recording
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

    Examples
    --------
    >>> import neo_currentscape as ncs, neo, quantities as pq
    >>> currents = neo.AnalogSignal(
    ...     [[1, -2], [2, -3]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["K", "Na"]},
    ... )
    >>> panel = ncs.SharesPanel(ncs.Recording(currents), legend=False)
    >>> from matplotlib.figure import Figure
    >>> [artist.get_label() for artist in panel.plot(Figure().add_subplot())]
    ['Na outward', 'K outward', 'Na inward', 'K inward']
    """

    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    area: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 2.0
    least_height: ClassVar[float] = 11.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "area", "zero_line")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        artists = []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            if self.area is False:
                break
            shares = np.clip(data.shares[direction], 0.0, 1.0)
            parts = [shares[k] for k, _, _ in self.shown()]
            looks = [{**look.patch(), "label": f"{name} {direction}"} for _, name, look in self.shown()]
            flows, unit = self._flows(data), self.scape.recording.currents.units
            artists += draw_stack(axes, x, parts, looks, self.area, sign, flows=flows, flow_unit=unit)
        draw_zero_line(axes, self.zero_line)
        _percent_axis(axes, self.ylabel)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _flows(self, data: Columns) -> list[Any]:
        """Extremes of each current, but not of a bundle: its line is what is left of both directions."""
        lines = data.extremes["currents"]
        bundle = OTHER if self.scape.bundle is not None else None
        found: list[Any] = []
        for k, name, _ in self.shown():
            low = lines.low[k]
            ends = (low, low if lines.low is lines.high else lines.high[k])
            found.append(None if name == bundle else ends)
        return found


def _percent_axis(axes: Any, ylabel: str | bool | None) -> None:
    readout.of_unit(axes, readout.PERCENT)
    axes.set_ylim(-1, 1)
    size = text.small_size()
    # Five labels need room for five lines.
    room = axes.bbox.height / axes.figure.dpi * 72
    ticks = [-1, -0.5, 0, 0.5, 1] if room > 5 * TICK_LINE * size else [-1, 0, 1]
    axes.set_yticks(ticks, [f"{abs(tick):.0%}" for tick in ticks])
    axes_style.label_values(axes, ylabel, arrows.two_sided("Share of total"))
