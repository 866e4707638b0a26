"""Base of the panels that draw one line of a protocol's result, not over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import text


@dataclass(frozen=True)
class XYPanel(PlainPanel):
    """Base of the panels that draw one line of a protocol's result, not over time.

    Parameters
    ----------
    source : object
        What a protocol gave.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    line: Element = field(default_factory=dict, kw_only=True)

    shows: ClassVar[str] = "the result of a protocol"
    elements: ClassVar[tuple[str, ...]] = ("grid", "line")

    def _default_line(self) -> dict[str, Any]:
        return {"color": text.ink(), "linewidth": text.line_width(1.0)}
