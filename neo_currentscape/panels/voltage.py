"""The membrane potential over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.analysis.reduction import Columns
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.style import axes as axes_style


@dataclass(frozen=True)
class VoltagePanel(TimePanel):
    """The membrane potential, in the unit in which it was recorded.

    Parameters
    ----------
    scape : Currentscape or Recording
        Must hold a voltage.
    levels : sequence of float
        Values, in the unit of the data, at which horizontal lines are drawn.
    line : dict
        Goes through to `matplotlib.axes.Axes.plot`.
    level_line : dict
        Goes through to `matplotlib.axes.Axes.axhline`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    levels: Sequence[float] = field(default=(), kw_only=True)
    line: dict[str, Any] = field(default_factory=dict, kw_only=True)
    level_line: dict[str, Any] = field(default_factory=dict, kw_only=True)

    natural_height: ClassVar[float] = 1.0

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        voltage = self.scape.recording.voltage
        if voltage is None:
            raise SelectionError(
                "The recording holds no voltage: leave the voltage panel out, or pass voltage=... "
                "when you make the Recording."
            )
        look = {"color": "black", "linewidth": 0.7, "solid_joinstyle": "round", **self.line}
        artists = [draw_line(axes, x, data.extremes["voltage"], 0, look)]
        level_look = {"color": "0.6", "linewidth": 0.5, "linestyle": (0, (4, 3)), "zorder": 1}
        artists += [axes.axhline(level, **{**level_look, **self.level_line}) for level in self.levels]
        axes_style.label_values(axes, self.ylabel, "Voltage", voltage.units)
        return artists
