"""What the panels of networks share: labels, checked options, and the colours of populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.panels.base import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import palettes, text
from neo_currentscape.style.elements import check_element


@dataclass(frozen=True)
class NetworkPanel:
    """Base of the panels of networks.

    Parameters
    ----------
    data
        What is shown.
    palette : optional
        Colours of the populations; see `neo_currentscape.style.palettes.looks`.
    grid : bool or dict
    xlabel, ylabel : str or False, optional
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    data: Any
    palette: Any = field(default=None, kw_only=True)
    grid: Element = field(default=False, kw_only=True)
    xlabel: str | bool | None = field(default=None, kw_only=True)
    ylabel: str | bool | None = field(default=None, kw_only=True)
    height: float | None = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 2.0
    least_height: ClassVar[float] = 8.0
    elements: ClassVar[tuple[str, ...]] = ("grid",)

    def __post_init__(self) -> None:
        for name in self.elements:
            check_element(name, getattr(self, name))

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the artists."""
        artists = self._draw(axes)
        axes_style.draw_grid(axes, self.grid)
        return artists

    def _draw(self, axes: Any) -> list[Any]:
        raise NotImplementedError

    def colors(self, populations: Sequence[str]) -> dict[str, Any]:
        """The colour of each population, in their order."""
        from neo_currentscape.style.palettes import colors_of

        if isinstance(self.palette, dict):
            return {name: look.color for name, look in palettes.looks(populations, self.palette).items()}
        known = colors_of(self.palette)
        return {name: known[k % len(known)] for k, name in enumerate(populations)}

    def _label(self, axes: Any, x: str, y: str) -> None:
        for given, default, write in (
            (self.xlabel, x, axes.set_xlabel),
            (self.ylabel, y, axes.set_ylabel),
        ):
            if given is not False:
                write(given if isinstance(given, str) else default)

    def _legend(self, axes: Any, populations: Sequence[str], wanted: Element) -> None:
        if wanted is False:
            return
        from matplotlib.lines import Line2D

        from neo_currentscape.style import legend

        colors = self.colors(populations)
        handles = [
            Line2D(
                [],
                [],
                color=colors[name],
                marker="o",
                linestyle="none",
                label=name,
                markersize=text.line_width(5),
            )
            for name in populations
        ]
        legend.above(axes, handles, wanted)
