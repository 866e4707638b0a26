"""Base of the panels of a protocol whose x axis is not time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.panels.base import Element
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.protocols.result import Result
from neo_currentscape.style import text


@dataclass(frozen=True)
class XYPanel(PlainPanel):
    """Base of the panels of a protocol whose x axis is not time.

    Parameters
    ----------
    result : Result
        Of the protocol.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    result: Any
    line: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line")

    def __post_init__(self) -> None:
        if not isinstance(self.result, Result):
            raise ArgumentTypeError(
                f"{type(self).__name__} shows the result of a protocol, not {type(self.result).__name__}: "
                "pass e.g. protocols.zap(segment)."
            )
        super().__post_init__()

    def _default_line(self) -> dict[str, Any]:
        return {"color": text.ink(), "linewidth": text.line_width(1.0)}
