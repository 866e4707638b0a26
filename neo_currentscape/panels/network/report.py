"""Traces of a report: one variable of several cells over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import neo
import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.panels.network.base import NetworkPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.recording.time_checks import check_clock
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class ReportPanel(NetworkPanel):
    """A line for each cell, coloured by its population where a network is given.

    Parameters
    ----------
    source : neo.AnalogSignal or neo.IrregularlySampledSignal
        With a channel for each cell; ``channel_index`` tells which, as
        `neo_currentscape.adapters.sonata.to_segment` writes it.
    cells : sequence of int, optional
        Those shown; all of them unless told.
    network : Network, optional
        Whose ``ids`` are the cells.
    line : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    legend : bool or dict
        Of the populations, or of the cells.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    cells: Sequence[int] | None = field(default=None, kw_only=True)
    network: Any = field(default=None, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    legend: Element = field(default=True, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "line", "legend")
    natural_height: ClassVar[float] = 1.5

    def __post_init__(self) -> None:
        super().__post_init__()
        known = self._known
        for cell in self.cells or ():
            if cell not in known:
                raise SelectionError(f"Cell {cell} is not in the report: there are {known[:20]}.")

    def _source(self, given: Any) -> Any:
        if not isinstance(given, (neo.AnalogSignal, neo.IrregularlySampledSignal)):
            raise ArgumentTypeError(
                f"ReportPanel shows a Neo signal, not a {type(given).__name__}: write "
                "ReportPanel(segment.analogsignals[0])."
            )
        check_clock(given, f"Report {given.name!r}")
        return given

    @property
    def _known(self) -> list[int]:
        index = self.source.array_annotations.get("channel_index")
        return list(range(self.source.shape[1])) if index is None else [int(i) for i in index]

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        known = self._known
        shown = known if self.cells is None else list(self.cells)
        groups = {cell: self._group(cell) for cell in shown}
        names = list(dict.fromkeys(groups.values()))
        colors, artists = self.colors(names), []
        times = self.source.times.rescale("ms").magnitude
        unit = axes_style.time_unit(times[-1] - times[0])
        for cell in shown:
            default = {"color": colors[groups[cell]], "linewidth": text.line_width(0.8)}
            look = element(self.line, default, Line2D)
            if look is not None:
                values = np.asarray(self.source.magnitude[:, known.index(cell)])
                artists += axes.plot(times * axes_style.PER_MS[unit], values, **look)
        axes.set_xlim(*(times[[0, -1]] * axes_style.PER_MS[unit]))
        self._label(
            axes, f"Time ({unit})", f"{self.source.name or 'Value'}\n({units.label(self.source.units)})"
        )
        if len(names) > 1:
            self._legend(axes, names, self.legend)
        return artists

    def _group(self, cell: int) -> str:
        if self.network is None:
            return str(cell)
        hits = np.flatnonzero(self.network.ids == cell)
        return self.network.populations[self.network.population[hits[0]]] if len(hits) else "other"
