"""Which currents carry what a protocol shows, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from neo_currentscape.conventions import units
from neo_currentscape.panels.base import CurrentsShown, as_shares
from neo_currentscape.panels.root import Element, Panel
from neo_currentscape.reduction.shares import Shares
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.look import GREY, Look


@options_checked
@dataclass(frozen=True)
class CarriersPanel(CurrentsShown, Panel):
    """A bar for each current: what it does for the sag, rheobase or resonance, and against it.

    Parameters
    ----------
    source : Carriers
    order, palette, legend
        As for `neo_currentscape.SharesPanel`.
    bar : dict or False
        Goes through to `matplotlib.axes.Axes.barh`.
    percent : bool
        Whether the part of each carrier is written beside its bar.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    order: str | Sequence[str] = field(default="recorded", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    bar: Element = field(default_factory=dict, kw_only=True)
    percent: bool = field(default=True, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("what", "effect", "quantity", "rows", "scape")
    shows: ClassVar[str] = "Carriers"
    made_by: ClassVar[str] = "result.carriers"
    natural_height: ClassVar[float] = 1.2
    least_height: ClassVar[float] = 9.0
    elements: ClassVar[tuple[str, ...]] = ("legend", "bar")

    @cached_property
    def ordered(self) -> Shares:
        """The currentscape of the currents, of whose order and looks the legend is."""
        return as_shares(self.source.scape)

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the bars."""
        from matplotlib.patches import Rectangle

        looks, found = self.looks(), self.source
        artists = []
        rows = found.rows()
        for place, (name, effect, part) in enumerate(rows):
            look = element(self.bar, looks.get(name, Look(GREY)).patch(), Rectangle)
            if look is None:
                continue
            artists += axes.barh(len(rows) - 1 - place, float(effect.magnitude), height=0.8, **look)
            if self.percent and part >= 0.005:
                self._write(axes, float(effect.magnitude), len(rows) - 1 - place, f"{part:.0%}")
        axes.axvline(0, color=text.ink(), linewidth=text.line_width(0.6))
        axes.set_yticks(range(len(rows))[::-1], [name for name, _, _ in rows])
        axes.margins(x=0.12)
        unit = units.label(found.effect)
        axes.set_xlabel(f"{found.what.capitalize()}: {found.quantity} ({unit})")
        return artists

    def _write(self, axes: Any, x: float, y: int, label: str) -> None:
        axes.annotate(
            label,
            (x, y),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=text.small_size(),
            color=text.ink(),
        )
