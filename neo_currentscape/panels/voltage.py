"""The membrane potential over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.panels.root import Element
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class VoltagePanel(TimePanel):
    """The membrane potential, in the unit in which it was recorded.

    Parameters
    ----------
    source : Currentscape or Recording
        Must hold a voltage.
    levels : sequence of float
        Values, in the unit of the data, at which horizontal lines are drawn.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`; False for none.
    level_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`; False for none.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    levels: Sequence[float] = field(default=(), kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    level_line: Element = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.0
    least_height: ClassVar[float] = 4.5
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "level_line")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.need("voltage", "voltage")
        try:
            object.__setattr__(self, "levels", tuple(float(level) for level in self.levels))
        except (TypeError, ValueError) as cause:
            raise ArgumentTypeError(
                f"levels= takes a list of values in the unit of the voltage, not {self.levels!r}: "
                "write e.g. levels=[-50]."
            ) from cause

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {"color": text.ink(), "linewidth": text.line_width(0.8), "solid_joinstyle": "round"}
        look = element(self.line, default, Line2D)
        artists = [] if look is None else [draw_line(axes, x, data.extremes["voltage"], 0, look)]
        artists += self._levels(axes)
        axes_style.label_values(axes, self.ylabel, "Voltage", self.need("voltage", "voltage").units)
        return artists

    def _levels(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {
            "color": paper.tone(0.6),
            "linewidth": text.line_width(0.7),
            "linestyle": (0, (4, 3)),
            "zorder": 1,
        }
        look = element(self.level_line, default, Line2D)
        return [] if look is None else [axes.axhline(level, **look) for level in self.levels]
