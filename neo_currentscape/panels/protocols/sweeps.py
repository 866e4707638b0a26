"""The sweeps of a voltage clamp over time: currents and commands, coloured by the level of the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.protocols.lines import LinesPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import paper, text
from neo_currentscape.style.elements import element, options_checked


@dataclass(frozen=True)
class SweepsBase(LinesPanel):
    """Base of the panels that draw a line for each sweep.

    Parameters
    ----------
    source : object
        What has ``sweeps``: times in ms, and current, command and perhaps voltage of each.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    needs: ClassVar[tuple[str, ...]] = ("sweeps",)
    shows: ClassVar[str] = "what has sweeps of a voltage clamp"
    made_by: ClassVar[str] = "protocols.subtract(control, blocked)"

    @property
    def values(self) -> np.ndarray:
        """What is drawn, shape (sweep, time)."""
        raise NotImplementedError

    @property
    def recorded(self) -> tuple[float, float]:
        """First and last time of the sweeps, in ms."""
        times = self.source.sweeps.times
        return float(times[0]), float(times[-1])

    def lines(self) -> Iterator[tuple[np.ndarray, np.ndarray, Any]]:
        """A line for each sweep."""
        sweeps = self.source.sweeps
        for values, colour in zip(self.values, level_colours(sweeps.command), strict=True):
            yield sweeps.times, values, colour


@options_checked
@dataclass(frozen=True)
class SweepsPanel(SweepsBase):
    """The current of every sweep in pA, outward positive.

    Parameters
    ----------
    source : object
        What has ``sweeps``; where it has ``errors`` too, (sweep, time), a band of one standard error is
        drawn, and where it has ``windows``, pairs of times in ms, these are shaded.
    band, window : dict or False
        Go through to `matplotlib.axes.Axes.fill_between` and `axvspan`.
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`.
    **options
        See `SweepsBase`.
    """

    band: Element = field(default_factory=dict, kw_only=True)
    window: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "band", "window", "zero_line")
    label: ClassVar[str] = "Current"
    unit: ClassVar[str] = "pA"
    natural_height: ClassVar[float] = 1.5

    @property
    def values(self) -> np.ndarray:
        """The currents in pA."""
        return self.source.sweeps.current

    def _limit_values(self, axes: Any) -> None:
        if self.ylim is not None:
            axes.set_ylim(self.ylim)
            return
        spans = getattr(self.source, "windows", ())
        times = self.source.sweeps.times
        shown = np.zeros(len(times), bool)
        for start, stop in spans:
            shown |= (times >= start) & (times <= stop)
        if shown.any():
            # What was measured fills the panel; the charging of the membrane may leave it.
            low, high = self.values[:, shown].min(), self.values[:, shown].max()
            room = 0.12 * max(high - low, 1e-9)
            axes.set_ylim(min(low - room, -room), max(high + room, room))

    def _marks(self, axes: Any, scale: float) -> list[Any]:
        return [*self._zero(axes), *self._bands(axes, scale), *self._windows(axes, scale)]

    def _zero(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        default = {"color": paper.tone(0.7), "linewidth": text.line_width(0.6), "zorder": 1}
        look = element(self.zero_line, default, Line2D)
        return [] if look is None else [axes.axhline(0, **look)]

    def _bands(self, axes: Any, scale: float) -> list[Any]:
        from matplotlib.collections import PolyCollection

        errors, times = getattr(self.source, "errors", None), self.source.sweeps.times
        if errors is None or not np.isfinite(errors).any():
            return []
        artists = []
        thin = slice(None, None, max(1, len(times) // (4 * axes_style.n_columns(axes))))
        for row, error, colour in zip(
            self.values, errors, level_colours(self.source.sweeps.command), strict=True
        ):
            default = {"facecolor": colour, "alpha": 0.35, "linewidth": 0.0, "zorder": 1.5}
            look = element(self.band, default, PolyCollection)
            if look is not None:
                low, high = (row - error)[thin], (row + error)[thin]
                artists.append(axes.fill_between(times[thin] * scale, low, high, **look))
        return artists

    def _windows(self, axes: Any, scale: float) -> list[Any]:
        from matplotlib.patches import Rectangle

        look = element(
            self.window, {"facecolor": paper.tone(0.95), "linewidth": 0.0, "zorder": 0}, Rectangle
        )
        if look is None:
            return []
        return [
            axes.axvspan(start * scale, stop * scale, **look)
            for start, stop in getattr(self.source, "windows", ())
        ]


@options_checked
@dataclass(frozen=True)
class CommandPanel(SweepsBase):
    """The command of every sweep in mV; options as for `SweepsBase`."""

    label: ClassVar[str] = "Command"
    unit: ClassVar[str] = "mV"
    natural_height: ClassVar[float] = 0.7

    @property
    def values(self) -> np.ndarray:
        """The commands in mV."""
        return self.source.sweeps.command


def level_colours(commands: np.ndarray) -> list[Any]:
    """A colour for each command, from dark to light with its level where the commands differ most.

    Parameters
    ----------
    commands : ndarray, shape (sweep, time)

    Returns
    -------
    list of colours
    """
    spread = np.ptp(commands, axis=0)
    if len(commands) < 2 or spread.max() == 0:
        return [text.ink()] * len(commands)
    from matplotlib import colormaps

    levels = commands[:, int(spread.argmax())]
    # The lightest part of the map cannot be seen on white, and the darkest not on black.
    first, last = (0.3, 1.0) if paper.is_dark() else (0.0, 0.85)
    where = first + (last - first) * (levels - levels.min()) / np.ptp(levels)
    return [colormaps["viridis"](float(w)) for w in where]
