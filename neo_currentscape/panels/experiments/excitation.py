"""Mean excitatory, inhibitory and net current: over time or around events, and over the neurons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.base import CurrentsShown
from neo_currentscape.panels.experiments.base import OverBins, steps
from neo_currentscape.panels.lines import line_of
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.panels.zero_line import draw_zero_line
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import legend as legend_style
from neo_currentscape.style import palettes, paper, scales, text
from neo_currentscape.style.elements import element, options_checked

#: Apart for the colour-blind, too; the net current is drawn in the colour of text.
COLORS = {"excitatory": "#CC6677", "inhibitory": "#332288"}


@dataclass(frozen=True)
class _Currents(CurrentsShown, PlainPanel):
    """What both panels share: lines with bands around them, and a line at zero."""

    order: str | Sequence[str] = field(default="recorded", kw_only=True)
    palette: Any = field(default=None, kw_only=True)
    legend: Element = field(default=True, kw_only=True)
    line: Element = field(default_factory=dict, kw_only=True)
    band: Element = field(default_factory=dict, kw_only=True)
    zero_line: Element = field(default_factory=dict, kw_only=True)
    ylim: tuple[float, float] | None = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 1.8
    least_height: ClassVar[float] = 9.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "legend", "line", "band", "zero_line")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_currents()
        scales.check_limits(self.ylim, "linear")

    def looks(self) -> palettes.Looks:
        """The look of each kind.

        Returns
        -------
        dict of str to Look
        """
        default = {**COLORS, "net": text.ink()}
        return palettes.looks(self.source.names, default if self.palette is None else self.palette)

    def _lines(self, axes: Any, edges: np.ndarray, found: Callable[[str], tuple[Any, Any]]) -> list[Any]:
        """Draw mean and spread of each kind, which `found` gives by name."""
        from matplotlib.collections import PolyCollection
        from matplotlib.lines import Line2D

        artists: list[Any] = []
        for _, name, look in self.shown():
            x, (y, wide) = steps(edges, np.array(found(name)))
            default = {"facecolor": paper.seen(look.color), "alpha": 0.25, "linewidth": 0.0}
            shade = element(self.band, default, PolyCollection)
            if shade is not None and np.isfinite(wide).any():
                artists.append(axes.fill_between(x, y - wide, y + wide, **shade))
            stroke = element(self.line, line_of(look, name), Line2D)
            if stroke is not None:
                artists += axes.plot(x, y, **stroke)
        draw_zero_line(axes, self.zero_line, 0.5, zorder=1)
        axes.set_xlim(edges[0], edges[-1])
        if self.ylim is not None:
            axes.set_ylim(self.ylim)
        if self.legend is not False:
            legend_style.inside(axes, self.handles(), self.legend)
        return artists


@options_checked
@dataclass(frozen=True)
class ExcitationInhibitionPanel(OverBins, _Currents):
    """Mean excitatory, inhibitory and net current with a band of one standard deviation.

    Over time, or over the lag around events. Outward positive: excitation is drawn below zero.

    Parameters
    ----------
    source : ExcitationInhibition
        From `neo_currentscape.excitation_inhibition`.
    palette : dict, optional
        Colours of "excitatory", "inhibitory" and "net".
    legend : bool or dict
        A dict goes through to matplotlib's legend.
    line, band : dict or False
        The means, and one standard deviation to both sides; go through to
        `matplotlib.axes.Axes.plot` and `fill_between`.
    zero_line : dict or False
        Goes through to `matplotlib.axes.Axes.axhline`.
    ylim : tuple of float, optional
        Limits of the y axis in the unit of the currents.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[-2, 1], [-4, 1]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["I_syn_ex", "I_syn_in"]},
    ... )
    >>> found = ncs.excitation_inhibition(ncs.Recording(currents))
    >>> panel = ncs.ExcitationInhibitionPanel(found, band=False)
    >>> from matplotlib.figure import Figure
    >>> [line.get_label() for line in panel.plot(Figure().add_subplot())]
    ['excitatory', 'inhibitory', 'net']
    """

    needs: ClassVar[tuple[str, ...]] = ("edges", "axis", "over", "mean", "spread", "cells")
    shows: ClassVar[str] = "a result of class ExcitationInhibition"
    made_by: ClassVar[str] = "excitation_inhibition(recording)"

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns bands and lines."""
        source = self.source
        artists = self._lines(
            axes,
            source.edges.magnitude,
            lambda name: (source.mean(name).magnitude, source.spread(name).magnitude),
        )
        axes_style.label_values(
            axes, self.ylabel, f"Current, mean\n± SD over {source.over}", source.cells.units
        )
        self.finish(axes)
        first, *_, last = source.edges.magnitude
        if source.axis == "lag" and first < 0 < last:
            look = {"color": paper.tone(0.5), "linewidth": text.line_width(0.6), "linestyle": (0, (4, 3))}
            axes.axvline(0, zorder=1, **look)
        return artists


@options_checked
@dataclass(frozen=True)
class ExcitationInhibitionNeuronsPanel(_Currents):
    """Mean excitatory, inhibitory and net current of each neuron, in the order of the net current.

    The bands are one standard deviation over the time of the neuron.

    Parameters
    ----------
    source : Cells
        The attribute ``cells`` of what `neo_currentscape.excitation_inhibition` gives.
    palette, legend, line, band, zero_line, ylim
        As for `ExcitationInhibitionPanel`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    needs: ClassVar[tuple[str, ...]] = ("mean", "spread", "neuron", "units")
    shows: ClassVar[str] = "the neurons of a result of class ExcitationInhibition"
    made_by: ClassVar[str] = "excitation_inhibition(segment).cells"

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns bands and lines."""
        source = self.source
        order = np.argsort(source.mean("net").magnitude, kind="stable")
        edges = np.arange(len(order) + 1) + 0.5
        artists = self._lines(
            axes,
            edges,
            lambda name: (source.mean(name).magnitude[order], source.spread(name).magnitude[order]),
        )
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes_style.label_values(axes, self.ylabel, "Current, mean\n± SD over time", source.units)
        axes_style.draw_grid(axes, self.grid)
        self.label_x(axes, "Neurons by net current")
        return artists
