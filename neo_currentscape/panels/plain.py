"""What the panels share that show no currents over time: grid, labels and checked options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.panels.base import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style.elements import check_element


@dataclass(frozen=True)
class PlainPanel:
    """Base of the panels of networks, and of those of protocols whose x axis is not time.

    Parameters
    ----------
    grid : bool or dict
        Grid lines; a dict goes through to matplotlib.
    xlabel, ylabel : str or False, optional
        By default what is shown, with its unit.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    grid: Element = field(default=False, kw_only=True)
    xlabel: str | bool | None = field(default=None, kw_only=True)
    ylabel: str | bool | None = field(default=None, kw_only=True)
    height: float | None = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 1.6
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

    def _label(self, axes: Any, x: str, y: str) -> None:
        for given, default, write in ((self.xlabel, x, axes.set_xlabel), (self.ylabel, y, axes.set_ylabel)):
            if given is not False:
                write(given if isinstance(given, str) else default)
