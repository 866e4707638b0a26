"""Several sweeps of current clamp: their voltages, what was injected, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.protocols.lines import LinesPanel
from neo_currentscape.panels.protocols.sweeps import level_colours
from neo_currentscape.panels.protocols.xy import XYPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked
from neo_currentscape.style.palettes import BRIGHT


@dataclass(frozen=True)
class RunsPanel(LinesPanel):
    """Base of the panels that draw a line for each sweep, coloured by its amplitude.

    Parameters
    ----------
    source : object
        What a protocol gave for several sweeps: what has ``runs``, each with its trace.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    **options
        See `neo_currentscape.panels.base.TimePanel`.
    """

    needs: ClassVar[tuple[str, ...]] = ("runs", "amplitudes", "rows")
    shows: ClassVar[str] = "the result of a protocol for several sweeps"
    made_by: ClassVar[str] = "protocols.current_clamp(block)"
    line_width: ClassVar[float] = 0.7

    def values_of(self, run: Any) -> np.ndarray:
        """What is drawn of a sweep, shape (time,)."""
        raise NotImplementedError

    @property
    def recorded(self) -> tuple[float, float]:
        """First and last time of all sweeps, in ms."""
        times = [run.trace.times for run in self.source.runs]
        return float(min(t[0] for t in times)), float(max(t[-1] for t in times))

    def lines(self) -> Iterator[tuple[np.ndarray, np.ndarray, Any]]:
        """A line for each sweep."""
        steps = np.array([run.step.amplitude for run in self.source.runs])[:, None]
        for run, colour in zip(self.source.runs, level_colours(steps), strict=True):
            yield run.trace.times, self.values_of(run), colour


@options_checked
@dataclass(frozen=True)
class VoltagesPanel(RunsPanel):
    """The voltage of every sweep in mV; options as for `RunsPanel`."""

    label: ClassVar[str] = "Voltage"
    unit: ClassVar[str] = "mV"
    natural_height: ClassVar[float] = 1.6

    def values_of(self, run: Any) -> np.ndarray:
        """The voltage in mV."""
        return np.asarray(run.trace.voltage)


@options_checked
@dataclass(frozen=True)
class CurrentsOfSweepsPanel(RunsPanel):
    """What was injected in every sweep in pA, inward positive; options as for `RunsPanel`."""

    label: ClassVar[str] = "Injected"
    unit: ClassVar[str] = "pA"
    natural_height: ClassVar[float] = 0.7

    def values_of(self, run: Any) -> np.ndarray:
        """The injected current in pA."""
        return 1e3 * np.asarray(run.trace.current)


@options_checked
@dataclass(frozen=True)
class DeflectionsPanel(XYPanel):
    """v_final - v_rest over the amplitude of the step, and the line whose slope is the input resistance.

    Parameters
    ----------
    source : PassiveSweeps
    mark : dict or False
        Goes through to `matplotlib.axes.Axes.plot`: the deflections.
    **options
        See `neo_currentscape.panels.protocols.xy.XYPanel`.
    """

    mark: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("amplitudes", "deflections", "r_in", "errors")
    shows: ClassVar[str] = "passive properties of several sweeps"
    made_by: ClassVar[str] = "protocols.passive(block)"
    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "mark")
    natural_height: ClassVar[float] = 1.4

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        x, y = 1e3 * self.source.amplitudes.magnitude, self.source.deflections.magnitude
        slope = float(self.source.r_in) * 1e-3
        ends = np.array([min(x.min(), 0.0), max(x.max(), 0.0)])
        default = {**self._default_line(), "color": BRIGHT[1]}
        line = element(self.line, default, Line2D)
        artists = [] if line is None else list(axes.plot(ends, slope * ends, **line))
        look = element(self.mark, {"color": text.ink(), "marker": "o", "linestyle": "none"}, Line2D)
        artists += [] if look is None else list(axes.plot(x, y, **look))
        self._label(axes, "Amplitude (pA)", "Deflection\n(mV)")
        return artists
