"""Spike phases: stacked shares against the voltage in upstroke, downstroke and interval."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.experiments.base import (
    CurrentsPanelOfResult,
    label_below,
    percent_axis,
    steps,
    subdivided,
)
from neo_currentscape.panels.root import Element
from neo_currentscape.style import arrows, readout, text
from neo_currentscape.style.elements import options_checked


@options_checked
@dataclass(frozen=True)
class SpikePhasesPanel(CurrentsPanelOfResult):
    """Mean shares against the voltage, for each phase of the spike, side by side.

    The voltage of the downstroke falls from left to right, so that a spike is read from the left of
    the first panel to the right of the second.

    Parameters
    ----------
    source : SpikePhases
    area : dict
        Goes through to `matplotlib.axes.Axes.fill_between`, for all currents.
    **options
        See `neo_currentscape.panels.experiments.base.CurrentsPanelOfResult`.
    """

    area: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("phases", "edges", "spikes", "shares", "time")
    shows: ClassVar[str] = "a result of class SpikePhases"
    made_by: ClassVar[str] = "spike_phases(recording)"
    natural_height: ClassVar[float] = 2.6
    least_height: ClassVar[float] = 14.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "area")

    def plot(self, axes: Any) -> list[Any]:
        """Divide the place of an axes; returns the areas, phase by phase."""
        grid = subdivided(axes, 1, len(self.source.phases))
        artists: list[Any] = []
        cells = []
        for column, phase in enumerate(self.source.phases):
            cell = axes.figure.add_subplot(grid[0, column])
            cells.append(cell)
            artists += self._one(cell, phase)
            time = self.source.time(phase).sum()
            cell.set_title(f"{phase}, {self._per_spike(time)}", fontsize=text.small_size(), pad=3)
            if column:
                cell.tick_params(axis="y", labelleft=False)
            elif self.ylabel is not False:
                cell.set_ylabel(
                    self.ylabel if isinstance(self.ylabel, str) else arrows.two_sided("Mean share")
                )
        if self.xlabel is not False:
            label_below(cells, self.xlabel if isinstance(self.xlabel, str) else "Voltage (mV)")
        if self.legend is not False:
            self.draw_legend(axes)
        return artists

    def _per_spike(self, time: Any) -> str:
        found = f"{float(time.rescale('ms')) / self.source.spikes:.3g} ms a spike"
        return found.replace(" ", "\N{NO-BREAK SPACE}", 1)

    def _one(self, axes: Any, phase: str) -> list[Any]:
        edges = self.source.edges.magnitude
        artists = self.draw_shares(axes, lambda d: steps(edges, self.source.shares(phase, d).T), self.area)
        axes.axhline(0, color=text.ink(), linewidth=text.line_width(0.8))
        percent_axis(axes)
        readout.along_other(axes, "Voltage", self.source.edges)
        held = np.flatnonzero(self.source.time(phase).magnitude > 0)
        if len(held):
            low, high = edges[held[0]], edges[held[-1] + 1]
            axes.set_xlim((high, low) if phase == "downstroke" else (low, high))
        return artists
