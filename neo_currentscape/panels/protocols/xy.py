"""Base of the panels of a protocol whose x axis is not time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.panels.base import Element
from neo_currentscape.protocols.result import Result
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import check_element


@dataclass(frozen=True)
class XYPanel:
    """Base of the panels of a protocol whose x axis is not time.

    Parameters
    ----------
    result : Result
        Of the protocol.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    grid : bool or dict
    xlabel, ylabel : str or False, optional
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    result: Any
    line: Element = field(default_factory=dict, kw_only=True)
    grid: Element = field(default=False, kw_only=True)
    xlabel: str | bool | None = field(default=None, kw_only=True)
    ylabel: str | bool | None = field(default=None, kw_only=True)
    height: float | None = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 1.6
    least_height: ClassVar[float] = 8.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "line")

    def __post_init__(self) -> None:
        if not isinstance(self.result, Result):
            raise ArgumentTypeError(
                f"{type(self).__name__} shows the result of a protocol, not {type(self.result).__name__}: "
                "pass e.g. protocols.zap(segment)."
            )
        for name in self.elements:
            check_element(name, getattr(self, name))

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the artists."""
        artists = self._draw(axes)
        axes_style.draw_grid(axes, self.grid)
        return artists

    def _draw(self, axes: Any) -> list[Any]:
        raise NotImplementedError

    def _default_line(self) -> dict[str, Any]:
        return {"color": text.ink(), "linewidth": text.line_width(1.0)}

    def _label(self, axes: Any, x: str, y: str) -> None:
        if self.xlabel is not False:
            axes.set_xlabel(self.xlabel if isinstance(self.xlabel, str) else x)
        if self.ylabel is not False:
            axes.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else y)
