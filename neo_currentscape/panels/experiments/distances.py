"""Distances: how far many currentscapes are from each other, as a matrix and as a distribution."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.panels.experiments.base import subdivided
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import text
from neo_currentscape.style.elements import options_checked


@options_checked
@dataclass(frozen=True)
class DistancesPanel(PlainPanel):
    """The matrix of distances, and beside it how they are distributed over all pairs.

    Parameters
    ----------
    source : Distances
    bins : int
        Of the distribution, from 0 to the largest distance.
    cmap : optional
        A matplotlib colour map.
    bar : dict
        Goes through to `matplotlib.axes.Axes.stairs`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    bins: int = field(default=20, kw_only=True)
    cmap: Any = field(default="viridis_r", kw_only=True)
    bar: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("matrix", "labels", "pairs")
    shows: ClassVar[str] = "a result of class Distances"
    made_by: ClassVar[str] = "distances(recordings)"
    natural_height: ClassVar[float] = 2.6
    least_height: ClassVar[float] = 16.0
    elements: ClassVar[tuple[str, ...]] = ("grid", "bar")

    def plot(self, axes: Any) -> list[Any]:
        """Divide the place of an axes; returns the image of the matrix and the distribution."""
        grid = subdivided(axes, 1, 2, width_ratios=[1.2, 1])
        matrix = axes.figure.add_subplot(grid[0, 0])
        n = len(self.source.labels)
        peak = max(float(self.source.matrix.max()), 1e-9)
        image = matrix.imshow(
            self.source.matrix, cmap=self.cmap, vmin=0, vmax=peak, interpolation="nearest"
        )
        places = np.arange(n) if n <= 16 else np.unique(np.linspace(0, n - 1, 6).round().astype(int))
        names = [self.source.labels[k] for k in places]
        long = max(map(len, names)) > 2
        # The matrix is symmetric: long names are written once, where they have room.
        matrix.set_xticks(places, [] if long else names)
        matrix.set_yticks(places, names)
        axes.figure.colorbar(image, ax=matrix, label="Distance", pad=0.02)
        counts = axes.figure.add_subplot(grid[0, 1])
        heights, edges = np.histogram(self.source.pairs, bins=self.bins, range=(0, peak))
        own = {"color": text.ink(), "fill": True, **(self.bar if isinstance(self.bar, dict) else {})}
        drawn = counts.stairs(heights, edges, **own)
        counts.set_xlabel(self.xlabel if isinstance(self.xlabel, str) else "Distance\nof a pair")
        counts.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else "Pairs")
        counts.set_xlim(0, peak)
        counts.yaxis.get_major_locator().set_params(integer=True)
        return [image, drawn]
