"""The voltage of a protocol, and what was injected, over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.panels.base import TimePanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked


@dataclass(frozen=True)
class TracePanel(TimePanel):
    """Base of the panels over the time of a trace, which needs no membrane currents.

    Parameters
    ----------
    source : object
        What a protocol gave, with its trace.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    line: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("trace", "has_currents", "rows")
    shows: ClassVar[str] = "the result of a protocol"
    made_by: ClassVar[str] = "protocols.passive(segment)"
    elements: ClassVar[tuple[str, ...]] = ("grid", "line")
    label: ClassVar[str] = ""
    unit: ClassVar[str] = ""

    @property
    def values(self) -> np.ndarray:
        """What is drawn, shape (time,)."""
        raise NotImplementedError

    @property
    def recorded(self) -> tuple[float, float]:
        """First and last time of the trace, in ms."""
        times = self.source.trace.times
        last = float(times[-1]) + (self.source.trace.step if len(times) > 500 else 0.0)
        return float(times[0]), last

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the lines."""
        from matplotlib.lines import Line2D

        scale = axes_style.PER_MS[self.unit_of_time]
        default = {"color": text.ink(), "linewidth": text.line_width(0.8), "solid_joinstyle": "round"}
        look = element(self.line, default, Line2D)
        n = self.columns or axes_style.n_columns(axes)
        x, y = outline(self.source.trace.times, self.values, n)
        artists = [] if look is None else list(axes.plot(x * scale, y, **look))
        artists += self._marks(axes, scale)
        axes_style.label_values(axes, self.ylabel, self.label, self.unit)
        axes.set_xlim(self.limits)
        self._limit_values(axes)
        axes_style.draw_grid(axes, self.grid)
        axes_style.label_time(axes, self.unit_of_time, self.xlabel)
        return artists

    def _marks(self, axes: Any, scale: float) -> list[Any]:
        return []


@options_checked
@dataclass(frozen=True)
class ResponsePanel(TracePanel):
    """The voltage that a protocol looks at, in mV; options as for `TracePanel`."""

    label: ClassVar[str] = "Voltage"
    unit: ClassVar[str] = "mV"
    natural_height: ClassVar[float] = 1.0

    @property
    def values(self) -> np.ndarray:
        """The voltage in mV."""
        return self.source.trace.voltage


@options_checked
@dataclass(frozen=True)
class InjectedPanel(TracePanel):
    """The injected current, inward positive.

    Parameters
    ----------
    source : object
        What a protocol gave, with its trace.
    units : Quantity or str
        Of the current.
    **options
        As for `TracePanel`.
    """

    units: Any = field(default="pA", kw_only=True)

    label: ClassVar[str] = "Injected"
    natural_height: ClassVar[float] = 0.6

    @property
    def unit(self) -> Any:  # type: ignore[override]
        """Of the current."""
        return unit_tools.parse_units(self.units)

    @property
    def values(self) -> np.ndarray:
        """The injected current in that unit."""
        return self.source.trace.current * float(unit_tools.parse_units("nA").rescale(self.unit.units))


def outline(times: np.ndarray, values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of a line that keeps every peak of a long trace.

    Parameters
    ----------
    times, values : ndarray, shape (time,)
    n : int
        Number of columns.

    Returns
    -------
    x, y : ndarray
        The samples where they are few; else the extremes of each column.

    Examples
    --------
    >>> import numpy as np
    >>> outline(np.arange(6.0), np.array([0, 5, 1, 0, -2, 0.0]), 1)[1]
    array([-2.,  5.])
    """
    if len(times) <= 2 * n:
        return times, values
    starts = np.linspace(0, len(times), n, endpoint=False).astype(int)
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    ends = np.append(starts[1:], len(times)) - 1
    return (
        axes_style.envelope((times[starts] + times[ends]) / 2, low, high)
        if n > 1
        else (
            np.repeat(times[starts], 2),
            np.array([low[0], high[0]]),
        )
    )
