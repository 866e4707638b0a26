"""What is left of the balance over time, beside the current that it is a part of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conservation.balance import balance
from neo_currentscape.panels.base import TimePanel, as_shares
from neo_currentscape.panels.lines import draw_line
from neo_currentscape.reduction.columns import Columns, Extremes
from neo_currentscape.reduction.shares import Shares
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import paper, scales
from neo_currentscape.style.text import small_size

#: Scales of the y axis.
SCALES = ("log", "linear")


@dataclass(frozen=True)
class ResidualPanel(TimePanel):
    """The residual of the balance, with the total current behind it, and the unexplained part as text.

    Parameters
    ----------
    source : Currentscape, Recording or Balance
    capacitance : Quantity, optional
        As for `neo_currentscape.balance`; not needed where a Balance is given.
    scale : {"log", "linear"}
        Of the y axis. "log" shows the absolute value, over at most five decades; "linear" the
        residual itself, with the total to both sides of it.
    line, total : dict or False
        Go through to `matplotlib.axes.Axes.plot` and `fill_between`; ``total=False`` leaves the
        total away.
    text : dict or False
        Goes through to `matplotlib.axes.Axes.annotate`; False for none.
    balance : Balance, optional
        Computed where it is left out.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    capacitance: Any = field(default=None, kw_only=True)
    scale: str = field(default="log", kw_only=True)
    line: dict[str, Any] = field(default_factory=dict, kw_only=True)
    total: dict[str, Any] | bool = field(default_factory=dict, kw_only=True)
    text: dict[str, Any] | bool = field(default_factory=dict, kw_only=True)
    balance: Any = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 0.8
    known_scales: ClassVar[tuple[str, ...]] = SCALES

    def _source(self, given: Any) -> Any:
        found, source = self.balance, given
        if hasattr(type(given), "verdict"):
            found, source = given, given.recording
        source = as_shares(source)
        if found is None:
            found = balance(source.recording, self.capacitance)
        object.__setattr__(self, "balance", found)
        return source

    @cached_property
    def _lines(self) -> Shares:
        """Residual, its absolute value and the total, which are reduced where they are long."""
        return Shares(self.balance.lines)

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        columns = self.reduced(self._lines, axes)
        x = columns.times * axes_style.PER_MS[self.unit_of_time]
        draw = self._logarithmic if self.scale == "log" else self._linear
        artists = draw(axes, x, columns)
        unit = self.source.recording.currents.units
        label = "|Residual|" if self.scale == "log" else "Residual"
        axes_style.label_values(axes, self.ylabel, label, unit)
        if self.text is not False:
            artists.append(self._write(axes))
        return artists

    def _logarithmic(self, axes: Any, x: np.ndarray, columns: Columns) -> list[Any]:
        lines, picks = columns.extremes["currents"], columns.picks
        typical = (picks.currents[:, 1], picks.weights) if picks else ()
        limits = self.ylim or scales.log_limits(lines.low[1], lines.high[2], *typical)
        axes.set_yscale("log")
        artists = []
        low, high = (np.maximum(array, limits[0]) for array in (lines.low, lines.high))
        if self.total is not False:
            artists.append(axes.fill_between(x, limits[0], high[2], **self._total_look()))
        raised = Extremes(low, low if lines.low is lines.high else high)
        artists.append(draw_line(axes, x, raised, 1, self._line_look()))
        axes.set_ylim(limits)
        scales.label_log(axes)
        return artists

    def _linear(self, axes: Any, x: np.ndarray, columns: Columns) -> list[Any]:
        artists, lines = [], columns.extremes["currents"]
        if self.total is not False:
            artists.append(axes.fill_between(x, -lines.high[2], lines.high[2], **self._total_look()))
        artists.append(draw_line(axes, x, lines, 0, self._line_look()))
        return artists

    def _total_look(self) -> dict[str, Any]:
        given = self.total if isinstance(self.total, dict) else {}
        return {"color": paper.tone(0.86), "linewidth": 0.0, "zorder": 1, **given}

    def _line_look(self) -> dict[str, Any]:
        return {"color": paper.seen("#a03000"), "linewidth": 0.7, **self.line}

    def _write(self, axes: Any) -> Any:
        found: Any = self.balance
        look = {
            "xy": (1, 1),
            "xycoords": "axes fraction",
            "xytext": (-2, -2),
            "textcoords": "offset points",
            "ha": "right",
            "va": "top",
            "fontsize": small_size(),
            "bbox": {"facecolor": paper.paper(), "edgecolor": "none", "alpha": 0.7, "pad": 1.0},
            **(self.text if isinstance(self.text, dict) else {}),
        }
        return axes.annotate(f"unexplained {100 * found.unexplained:.2g} %", **look)
