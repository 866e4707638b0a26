"""Mean rates of cells, and where the cells are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.network.spike_trains import rates
from neo_currentscape.panels.network.base import NetworkPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import text
from neo_currentscape.style.elements import element, options_checked


@options_checked
@dataclass(frozen=True)
class RatesPanel(NetworkPanel):
    """The mean rate of every cell as a point, and of every population with its standard deviation.

    Parameters
    ----------
    source : dict of str to Quantity, Spikes, or what `neo_currentscape.network.rates` takes
    point : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    mean : dict or False
        Goes through to `matplotlib.axes.Axes.errorbar`.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    point: Element = field(default_factory=dict, kw_only=True)
    mean: Element = field(default_factory=dict, kw_only=True)

    elements: ClassVar[tuple[str, ...]] = ("grid", "point", "mean")
    natural_height: ClassVar[float] = 1.4

    def _source(self, given: Any) -> Any:
        is_rates = isinstance(given, dict) and all(hasattr(v, "units") for v in given.values())
        return given if is_rates else rates(given)

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        names, artists = list(self.source), []
        for k, (name, color) in enumerate(self.colors(names).items()):
            values = self.source[name].rescale("Hz").magnitude
            spread = 0.25 * np.linspace(-1, 1, len(values)) if len(values) > 1 else np.zeros(len(values))
            dot = {"color": color, "marker": ".", "linestyle": "none", "alpha": 0.6}
            look = element(self.point, dot, Line2D)
            if look is not None:
                artists += axes.plot(values, k + spread, **look)
            if self.mean is not False and len(values):
                own = dict(self.mean) if isinstance(self.mean, dict) else {}
                default = {"color": text.ink(), "fmt": "D", "capsize": text.line_width(4)}
                deviation = values.std(ddof=1) if len(values) > 1 else 0.0
                artists.append(axes.errorbar(values.mean(), k, xerr=deviation, **{**default, **own}))
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(left=0)
        self._label(axes, "Mean rate (Hz)", "")
        return artists


@options_checked
@dataclass(frozen=True)
class PositionsPanel(NetworkPanel):
    """Where the cells are, in a plane, a colour for each population.

    Parameters
    ----------
    source : Network
        With positions.
    plane : str
        Two of "x", "y" and "z".
    mark : dict or False
        Goes through to `matplotlib.axes.Axes.plot`.
    legend : bool or dict
        Of the populations.
    **options
        See `neo_currentscape.panels.network.base.NetworkPanel`.
    """

    plane: str = field(default="xy", kw_only=True)
    mark: Element = field(default_factory=dict, kw_only=True)
    legend: Element = field(default=True, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("populations", "population", "ids", "positions", "cells", "index")
    shows: ClassVar[str] = "a Network"
    made_by: ClassVar[str] = "network"
    elements: ClassVar[tuple[str, ...]] = ("grid", "mark", "legend")
    natural_height: ClassVar[float] = 2.6

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source.positions is None:
            raise SelectionError("The network has no positions: give them to the populations or the nodes.")
        if len(self.plane) != 2 or not set(self.plane) <= set("xyz"):
            raise ArgumentError(f"plane={self.plane!r} is none: write e.g. 'xy' or 'xz'.")

    def _draw(self, axes: Any) -> list[Any]:
        from matplotlib.lines import Line2D

        first, second = ("xyz".index(letter) for letter in self.plane)
        artists = []
        for name, color in self.colors(self.source.populations).items():
            look = element(self.mark, {"color": color, "marker": "o", "linestyle": "none"}, Line2D)
            places = self.source.positions[self.source.cells(name)]
            if look is not None:
                artists += axes.plot(places[:, first], places[:, second], **look)
        axes.set_aspect("equal", adjustable="datalim")
        self._label(axes, f"{self.plane[0]} (µm)", f"{self.plane[1]} (µm)")
        self._legend(axes, self.source.populations, self.legend)
        return artists
