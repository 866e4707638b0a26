"""Sweeps: contributions, mean shares or charges of all currents, stacked over the parameter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import quantities as pq

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.panels.experiments.base import CurrentsPanelOfResult, patch_of, percent_axis
from neo_currentscape.panels.root import Element
from neo_currentscape.style import arrows, text
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style.elements import element, options_checked

#: What may be stacked, and what the axis is called.
WHAT = {"contributions": "Part of charge", "shares": "Mean share", "charge": "Charge"}


@options_checked
@dataclass(frozen=True)
class SweepPanel(CurrentsPanelOfResult):
    """What each current carries at each step: outward upwards, inward downwards.

    Over numbers as areas between the steps, which are marked at the zero line; over names as bars.

    Parameters
    ----------
    source : Sweep
    what : {"contributions", "shares", "charge"}
        Parts of the charge of each step, mean shares over its time, or charges.
    area : dict
        Goes through to `matplotlib.axes.Axes.fill_between`, or ``bar``.
    marker : dict or False
        Of the steps; goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    what: str = field(default="contributions", kw_only=True)
    area: Element = field(default_factory=dict, kw_only=True)
    marker: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("by", "values", "scapes", "charge", "contributions")
    shows: ClassVar[str] = "a result of class Sweep"
    made_by: ClassVar[str] = 'sweep(block, by="amplitude")'
    natural_height: ClassVar[float] = 2.2
    least_height: ClassVar[float] = 11.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "area", "marker")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.what not in WHAT:
            raise unknown_name("quantity of a sweep", self.what, WHAT)

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns areas or bars, outward and then inward."""
        numeric = isinstance(self.source.values, pq.Quantity) and len(self.source) > 1
        artists = self._areas(axes) if numeric else self._bars(axes)
        axes.axhline(0, color=text.ink(), linewidth=text.line_width(0.8))
        label = arrows.two_sided(WHAT[self.what])
        if self.what == "charge":
            unit = self.source.charge("outward").units
            axes_style.label_values(axes, self.ylabel, label, unit)
            axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        else:
            percent_axis(axes)
            axes_style.label_values(axes, self.ylabel, label)
        axes_style.draw_grid(axes, self.grid)
        unit = self.source.values if isinstance(self.source.values, pq.Quantity) else None
        self.label_x(axes, self.source.by, unit)
        self.draw_legend(axes)
        return artists

    def _table(self, direction: str) -> np.ndarray:
        return np.asarray(getattr(self.source, self.what)(direction))

    def _areas(self, axes: Any) -> list[Any]:
        x = np.asarray(self.source.values.magnitude)
        rows = np.argsort(x, kind="stable")
        artists = self.draw_shares(axes, lambda d: (x[rows], self._table(d)[rows].T), self.area)
        self._mark(axes, x)
        # As the steps were run: a conductance that was taken away is shown from right to left.
        falls = x[0] > x[-1]
        axes.set_xlim((x.max(), x.min()) if falls else (x.min(), x.max()))
        return artists

    def _mark(self, axes: Any, x: np.ndarray) -> None:
        from matplotlib.lines import Line2D

        look = {"color": text.ink(), "marker": "|", "linestyle": "none", "markersize": 5, "clip_on": False}
        own = element(self.marker, look, Line2D)
        if own is not None:
            axes.plot(x, np.zeros(len(x)), **own)

    def _bars(self, axes: Any) -> list[Any]:
        from matplotlib.patches import Rectangle

        x, artists = np.arange(len(self.source)), []
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            table, base = self._table(direction), np.zeros(len(x))
            for k, name, look in self.shown():
                own = element(self.area, patch_of(look, f"{name} {direction}"), Rectangle) or {}
                artists.append(axes.bar(x, sign * table[:, k], bottom=sign * base, width=0.8, **own))
                base += table[:, k]
        axes.set_xticks(x, [plain_text.value(value) for value in self.source.values])
        axes.set_xlim(-0.6, len(x) - 0.4)
        return artists
