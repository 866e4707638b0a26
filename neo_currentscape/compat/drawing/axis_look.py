"""Ticks, frame and lines of one axes where they are to stand exactly as told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.text import ink, line_width

#: Sides of an axes.
SIDES = ("left", "right", "top", "bottom")


@options_checked
@dataclass(frozen=True)
class AxisLook:
    """What a panel over time leaves to itself, told exactly; None leaves it as the panel drew it.

    Parameters
    ----------
    xlim : tuple of float, optional
        Limits of the time axis, in its unit.
    xticks, yticks : sequence of float or False, optional
        Places of the ticks; False for none. They never move the limits.
    levels : sequence of float
        Values at which horizontal lines are drawn, behind the data.
    bar : tuple of float, optional
        From where to where a vertical bar at the left edge reaches.
    marks : sequence of float
        Times, in the unit of the axis, at which vertical lines are drawn, before the data.
    level_line, bar_line, mark_line : dict
        Go through to `matplotlib.lines.Line2D`.
    frame : sequence of {"left", "right", "top", "bottom"}, optional
        The sides of the axes that are drawn.
    band : float
        Height of a black band along the lower edge, as a part of the range of the y axis, which
        grows by it, so that it hides nothing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().add_subplot(xlim=(0, 2), ylim=(0, 1))
    >>> AxisLook(yticks=[0, 0.5, 7], band=0.02).apply(axes)
    >>> [float(limit) for limit in axes.get_ylim()]
    [-0.02, 1.0]
    """

    xlim: tuple[float, float] | None = None
    xticks: Sequence[float] | bool | None = None
    yticks: Sequence[float] | bool | None = None
    levels: Sequence[float] = ()
    bar: tuple[float, float] | None = None
    marks: Sequence[float] = ()
    level_line: Mapping[str, Any] = field(default_factory=dict)
    bar_line: Mapping[str, Any] = field(default_factory=dict)
    mark_line: Mapping[str, Any] = field(default_factory=dict)
    frame: Sequence[str] | None = None
    band: float = 0.0

    def __post_init__(self) -> None:
        unknown = [side for side in self.frame or () if side not in SIDES]
        if unknown:
            raise ArgumentError(f"frame= names {unknown[0]!r}: its sides are {', '.join(SIDES)}.")

    def apply(self, axes: Any) -> None:
        """Change an axes on which a panel has drawn.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        """
        if self.xlim is not None:
            axes.set_xlim(self.xlim)
        _put_ticks(axes.xaxis, self.xticks)
        _put_ticks(axes.yaxis, self.yticks)
        if self.band:
            _draw_band(axes, self.band)
        self._draw_lines(axes)
        for side in SIDES if self.frame is not None else ():
            axes.spines[side].set_visible(side in (self.frame or ()))

    def _draw_lines(self, axes: Any) -> None:
        from matplotlib.lines import Line2D

        thin = {"color": ink(), "linewidth": line_width(0.6)}
        level = element(self.level_line, {**thin, "linestyle": ":", "zorder": 1}, Line2D) or {}
        for value in _within(axes.get_ylim(), self.levels):
            axes.axhline(value, **level)
        if self.bar is not None:
            bar = element(self.bar_line, {**thin, "solid_capstyle": "butt"}, Line2D) or {}
            axes.plot([0, 0], self.bar, transform=axes.get_yaxis_transform(), clip_on=False, **bar)
        mark = element(self.mark_line, {**thin, "linestyle": "--", "zorder": 5}, Line2D) or {}
        for time in _within(axes.get_xlim(), self.marks):
            axes.axvline(time, **mark)


def _within(limits: tuple[float, float], places: Sequence[float]) -> list[float]:
    low, high = sorted(limits)
    return [float(place) for place in places if low <= place <= high]


def _put_ticks(axis: Any, places: Sequence[float] | bool | None) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

    if places is None or places is True:
        return
    # Unlike set_ticks, a locator leaves the limits where they are.
    axis.set_major_locator(NullLocator() if places is False else FixedLocator([float(p) for p in places]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(_written))
    axis.set_minor_formatter(NullFormatter())


def _written(value: float, _: Any = None) -> str:
    """A number as short as it can be, with a minus sign where matplotlib writes one."""
    from matplotlib.ticker import Formatter

    return Formatter.fix_minus(f"{value:g}")


def _draw_band(axes: Any, part: float) -> None:
    """Lower the lower limit, and fill what it gained."""
    bottom, top = axes.get_ylim()
    logarithmic = axes.get_yscale() == "log"
    lower = bottom / (top / bottom) ** part if logarithmic else bottom - part * (top - bottom)
    axes.axhspan(lower, bottom, facecolor=ink(), linewidth=0.0, zorder=3, label="_band")
    axes.set_ylim(lower, top)
