"""Rings: what part of the whole outward and inward charge each current carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.panels.base import CurrentsShown, as_shares
from neo_currentscape.panels.rings import Ring, Rings
from neo_currentscape.panels.root import Element, Panel
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import paper, readout, text
from neo_currentscape.style.drawn import Pieces, percent_words
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class ContributionsPanel(CurrentsShown, Panel):
    """Two rings, outward and inward, with the charge of each in the middle.

    Parameters
    ----------
    source : Currentscape or Recording
    order, palette, legend
        As for `neo_currentscape.SharesPanel`; clockwise from the top.
    wedge : dict or False
        Goes through to `matplotlib.patches.Wedge`.
    percent : float or False
        The smallest contribution that is written beside its wedge; False for none.
    label : dict or False
        Goes through to `matplotlib.text.Text`, for the direction and the charge in the middle.
    charge : bool
        Whether the charge is written below the direction.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    order: str | Sequence[str] = field(default="charge", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    wedge: Element = field(default_factory=dict, kw_only=True)
    percent: float | bool = field(default=0.05, kw_only=True)
    label: Element = field(default_factory=dict, kw_only=True)
    charge: bool = field(default=True, kw_only=True)

    natural_height: ClassVar[float] = 1.5
    least_height: ClassVar[float] = 13.0
    elements: ClassVar[tuple[str, ...]] = ("legend", "wedge", "label")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()
        if not (isinstance(self.percent, (bool, int, float)) and 0 <= self.percent <= 1):
            raise ArgumentError(
                f"percent={self.percent!r} is no part of a charge: write a number from 0 to 1, or False."
            )

    def _source(self, given: Any) -> Any:
        return as_shares(given)

    @property
    def scape(self) -> Any:
        """The currentscape that is shown."""
        return self.source

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, whose frame is switched off.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib.patches.Wedge
            Outward, then inward; currents that carry nothing have none.
        """
        handles = self.handles() if self.legend is not False else []
        axes.set_aspect("equal", adjustable="box")
        axes.axis("off")
        rings = Rings(axes, [str(handle.get_label()) for handle in handles])
        artists = [*self._ring(rings, "outward"), *self._ring(rings, "inward")]
        rings.arrange()
        if handles:
            legend_style.inside(axes, handles, self._legend_options())
        return artists

    def _legend_options(self) -> dict[str, Any]:
        return {"loc": "center right", "ncols": 1, **legend_style.given(self.legend)}

    def _ring(self, rings: Rings, direction: str) -> list[Any]:
        contributions = self.source.contributions(direction)
        shown = [(contributions[k], name, look) for k, name, look in self.shown() if contributions[k] > 0]
        ends = np.cumsum([part for part, _, _ in shown])
        ring = rings.add()
        wedges = []
        for (part, name, look), end in zip(shown, ends, strict=True):
            turn = 90 - 360 * end, 90 - 360 * (end - part)
            wedges.append(rings.add_wedge(ring, turn, self._wedge(look.patch(), f"{name} {direction}")))
        if not shown:
            pale = self._wedge({"facecolor": paper.tone(0.92)}, f"_no {direction} current")
            rings.add_wedge(ring, (0, 360), pale)
        middles = [(part, end - part / 2) for (part, _, _), end in zip(shown, ends, strict=True)]
        self._write(rings, ring, direction, middles)
        drawn = [wedge for wedge in wedges if wedge is not None]
        if drawn:
            words = self._words(direction, [name for _, name, _ in shown])
            readout.of(rings.axes).add(Pieces(ends, drawn, words))
        return drawn

    def _words(self, direction: str, names: Sequence[str]) -> list[str]:
        """What is told of each wedge below the mouse."""
        parts, charge = self.source.contributions(direction), self.source.charge(direction)
        places = [self.source.names.index(name) for name in names]
        return [
            f"{name} {direction} {percent_words(parts[k])}, {units.readable(charge[k])}"
            for name, k in zip(names, places, strict=True)
        ]

    def _wedge(self, look: dict[str, Any], label: str) -> dict[str, Any] | None:
        from matplotlib.patches import Wedge

        return element(self.wedge, {**look, "linewidth": 0.0, "label": label}, Wedge)

    def _titles(self, direction: str) -> tuple[str, ...]:
        short = direction.removesuffix("ward")
        if not self.charge:
            return direction, short
        charge = units.readable(self.source.charge(direction).sum())
        broken = charge.replace(" ", "\n")
        # What fits into the ring is written; of a small one the charge has no room.
        return f"{direction}\n{charge}", f"{direction}\n{broken}", f"{short}\n{broken}", short

    def _write(
        self, rings: Rings, ring: Ring, direction: str, middles: Sequence[tuple[float, float]]
    ) -> None:
        from matplotlib.text import Text

        look = {"fontsize": text.small_size(), "color": text.ink(), "linespacing": 1.25}
        own = element(self.label, look, Text)
        if own is not None:
            rings.add_title(ring, self._titles(direction), own)
        if self.percent is not False:
            least = max(0.0 if self.percent is True else self.percent, 0.005)
            percents = [(f"{part:.0%}", middle) for part, middle in middles if part >= least]
            rings.add_percents(ring, percents, look)
