"""Rings: what part of the whole outward and inward charge each current carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.panels.base import as_currentscape, looks_of
from neo_currentscape.style import legend as legend_style


@dataclass(frozen=True)
class ContributionsPanel:
    """Two rings, outward and inward, with the charge of each in the middle.

    Parameters
    ----------
    scape : Currentscape or Recording
    order, palette, legend
        As for `neo_currentscape.SharesPanel`; clockwise from the top.
    wedge : dict
        Goes through to `matplotlib.patches.Wedge`.
    percent : float or False
        The smallest contribution that is written beside its wedge; False for none.
    height : float, optional
        Height in a `Figure`, relative to the other panels.
    """

    scape: Any
    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: bool | dict[str, Any] = field(default=True, kw_only=True)
    wedge: dict[str, Any] = field(default_factory=dict, kw_only=True)
    percent: float | bool = field(default=0.05, kw_only=True)
    height: float | None = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 1.3

    def __post_init__(self) -> None:
        object.__setattr__(self, "scape", as_currentscape(self.scape))

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, whose frame is switched off.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib.patches.Wedge
        """
        artists = []
        for centre, direction in ((-1.6, "outward"), (1.6, "inward")):
            artists += self._ring(axes, centre, direction)
        axes.set_xlim(-3.1, 3.1)
        axes.set_ylim(-1.3, 1.3)
        axes.set_aspect("equal", adjustable="box")
        axes.axis("off")
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists

    def _ring(self, axes: Any, centre: float, direction: str) -> list[Any]:
        from matplotlib.patches import Wedge

        looks = looks_of(self.scape, self.palette)
        contributions = self.scape.contributions(direction)
        order = self.scape.order(self.order)
        ends = np.cumsum([contributions[k] for k in order])
        artists = []
        for k, end in zip(order, ends, strict=True):
            part = contributions[k]
            if part == 0:
                continue
            name = self.scape.names[k]
            look = {**looks[name].patch(), "label": f"{name} {direction}", **self.wedge}
            angles = 90 - 360 * end, 90 - 360 * (end - part)
            wedge = Wedge((centre, 0), 1.0, *angles, width=0.42, **look)
            artists.append(axes.add_patch(wedge))
            self._percent(axes, centre, part, end - part / 2)
        self._title(axes, centre, direction)
        return artists

    def _percent(self, axes: Any, centre: float, part: float, middle: float) -> None:
        if self.percent is False or part < self.percent:
            return
        angle = np.pi / 2 - 2 * np.pi * middle
        x, y = centre + 1.1 * np.cos(angle), 1.1 * np.sin(angle)
        side = "left" if np.cos(angle) > 0.05 else "right" if np.cos(angle) < -0.05 else "center"
        height = "bottom" if np.sin(angle) > 0.8 else "top" if np.sin(angle) < -0.8 else "center"
        axes.text(x, y, f"{part:.0%}", ha=side, va=height, fontsize="small")

    def _title(self, axes: Any, centre: float, direction: str) -> None:
        charge = self.scape.charge(direction)
        text = f"{direction}\n{units.readable(charge.sum())}"
        axes.text(centre, 0, text, ha="center", va="center", fontsize="small", linespacing=1.3)

    def handles(self) -> list[Any]:
        """Legend entries, clockwise from the top."""
        names = [self.scape.names[k] for k in self.scape.order(self.order)]
        return legend_style.swatches(names, looks_of(self.scape, self.palette))
