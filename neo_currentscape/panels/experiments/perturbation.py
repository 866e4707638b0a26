"""Perturbations: heat maps of probability by value and parameter, of the voltage and of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.plain_text import with_unit
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.panels.experiments.base import label_below, subdivided
from neo_currentscape.panels.plain import PlainPanel
from neo_currentscape.panels.root import Element
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import text
from neo_currentscape.style.elements import options_checked

#: The smallest probability of a bin that is shown: a bin of a hundredth of a percent of the time.
LEAST = 1e-4


def borders_of(values: np.ndarray) -> np.ndarray:
    """Borders of the cells of a heat map around sorted values: half the way to the neighbours.

    Examples
    --------
    >>> borders_of(np.array([0.0, 1.0, 3.0]))
    array([-0.5,  0.5,  2. ,  4. ])
    """
    if len(values) == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    middle = (values[1:] + values[:-1]) / 2
    return np.r_[2 * values[0] - middle[0], middle, 2 * values[-1] - middle[-1]]


@dataclass(frozen=True)
class _HeatMap(PlainPanel):
    """What the two panels share."""

    cmap: Any = field(default=None, kw_only=True)
    colorbar: Element = field(default=True, kw_only=True)
    mesh: Element = field(default_factory=dict, kw_only=True)

    needs: ClassVar[tuple[str, ...]] = ("by", "values", "voltage_edges", "share_edges", "mean_shares")
    shows: ClassVar[str] = "a result of class Perturbation"
    made_by: ClassVar[str] = 'perturbation(block, by="factor")'
    elements: ClassVar[tuple[str, ...]] = ("grid", "colorbar", "mesh")

    def _norm(self) -> Any:
        from matplotlib.colors import LogNorm

        return LogNorm(LEAST, 1.0)

    def _map(self, axes: Any, table: np.ndarray, edges: np.ndarray, norm: Any, cmap: Any) -> Any:
        """Draw a table, shape (step, bin)."""
        x = np.asarray(self.source.values.magnitude, dtype=float)
        rows = np.argsort(x, kind="stable")
        own = dict(self.mesh) if isinstance(self.mesh, dict) else {}
        options = {"cmap": cmap, "norm": norm, "rasterized": True, "shading": "flat", **own}
        drawn = axes.pcolormesh(borders_of(x[rows]), edges, table[rows].T, **options)
        # As the steps were run: from 100 % to 0 %.
        left, right = borders_of(x[rows])[[0, -1]]
        axes.set_xlim((right, left) if x[0] > x[-1] else (left, right))
        axes_style.draw_grid(axes, self.grid)
        return drawn

    def _name_of_value(self) -> str:
        return (
            self.xlabel if isinstance(self.xlabel, str) else with_unit(self.source.by, self.source.values)
        )


def _positive(table: np.ndarray) -> np.ndarray:
    # What never occurs stays the colour of the paper.
    return np.where(table > 0, np.maximum(table, LEAST), np.nan)


@options_checked
@dataclass(frozen=True)
class VoltageDistributionPanel(_HeatMap):
    """The probability of the voltage, by voltage and parameter.

    Parameters
    ----------
    source : Perturbation
        Of recordings with a voltage.
    ridges : bool
        Show the slope of the logarithm of the probability along the voltage instead, where what the
        voltage often is, such as the peaks of spikes, stands out as a line (Alonso & Marder 2019,
        figures 3D, 12 and 13).
    ylim : tuple of float, optional
        In mV; what occurs by default.
    cmap : optional
        A matplotlib colour map.
    colorbar : bool or dict
        A dict goes through to `matplotlib.figure.Figure.colorbar`.
    mesh : dict
        Goes through to `matplotlib.axes.Axes.pcolormesh`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    ridges: bool = field(default=False, kw_only=True)
    ylim: tuple[float, float] | None = field(default=None, kw_only=True)

    natural_height: ClassVar[float] = 2.0
    least_height: ClassVar[float] = 10.0

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes; returns the mesh."""
        table, edges = self.source.voltage, self.source.voltage_edges.rescale("mV").magnitude
        drawn = self._ridges(axes, table, edges) if self.ridges else self._probability(axes, table, edges)
        held = np.flatnonzero(table.sum(axis=0))
        found = (edges[held[0]], edges[held[-1] + 1]) if len(held) else (edges[0], edges[-1])
        axes.set_ylim(self.ylim or found)
        axes_style.label_values(axes, self.ylabel, "Voltage", "mV")
        if self.xlabel is not False:
            axes.set_xlabel(self._name_of_value())
        axes.tick_params(axis="x", labelbottom=self.xlabel is not False)
        if self.colorbar is not False:
            own = dict(self.colorbar) if isinstance(self.colorbar, dict) else {}
            label = "Slope of log₁₀ p (1/mV)" if self.ridges else "Probability"
            axes.figure.colorbar(drawn, ax=axes, **{"label": label, "pad": 0.01, "aspect": 15, **own})
        return [drawn]

    def _probability(self, axes: Any, table: np.ndarray, edges: np.ndarray) -> Any:
        return self._map(axes, _positive(table), edges, self._norm(), self.cmap or "viridis_r")

    def _ridges(self, axes: Any, table: np.ndarray, edges: np.ndarray) -> Any:
        from matplotlib.colors import CenteredNorm

        width = edges[1] - edges[0]
        slope = np.diff(np.log10(table + LEAST), axis=1) / width
        middle = (
            np.r_[edges[0], (edges[1:-2] + edges[2:-1]) / 2, edges[-1]] if len(edges) > 3 else edges[:-1]
        )
        limit = max(
            float(np.nanpercentile(np.abs(slope[slope != 0]), 98)) if (slope != 0).any() else 1.0, 1e-9
        )
        return self._map(
            axes,
            np.where(slope == 0, np.nan, slope),
            middle,
            CenteredNorm(halfrange=limit),
            self.cmap or "RdBu_r",
        )


@options_checked
@dataclass(frozen=True)
class ShareDistributionsPanel(_HeatMap):
    """The probability of each current's share, by share and parameter: one heat map a current.

    Parameters
    ----------
    source : Perturbation
    directions : sequence of {"outward", "inward"}
        A current that flows both ways has a map for each.
    least : float
        Maps of a current whose mean share is never larger than this are left out.
    columns : int
        Maps in a row.
    cmap, colorbar, mesh
        As for `VoltageDistributionPanel`.
    **options
        See `neo_currentscape.panels.plain.PlainPanel`.
    """

    directions: tuple[str, ...] = field(default=DIRECTIONS, kw_only=True)
    least: float = field(default=0.005, kw_only=True)
    columns: int = field(default=4, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (isinstance(self.columns, int) and self.columns > 0):
            raise ArgumentError(f"columns={self.columns!r} cannot be used: write a number above 0.")
        if not self.maps():
            raise ArgumentError(
                f"No current has a mean share above least={self.least!r} in any step: give a smaller one."
            )

    def maps(self) -> list[tuple[str, int]]:
        """Direction and index of the currents that have a map.

        Returns
        -------
        list of tuple
            "outward" or "inward", and the index of the current.
        """
        means = {d: self.source.mean_shares(d).max(axis=0) for d in self.directions}
        # A share that is always in the lowest bin has a mean of half its width.
        half = (self.source.share_edges[1] - self.source.share_edges[0]) / 2
        return [
            (d, k) for d in self.directions for k in self.source.order() if means[d][k] - half > self.least
        ]

    @property
    def natural_height(self) -> float:  # type: ignore[override]
        """Height in inches on a page: that of its rows."""
        return 1.25 * -(-len(self.maps()) // self.columns)

    @property
    def least_height(self) -> float:  # type: ignore[override]
        """Height that its labels need, in units of the text."""
        return 8.5 * -(-len(self.maps()) // self.columns)

    def plot(self, axes: Any) -> list[Any]:
        """Divide the place of an axes; returns the meshes."""
        maps, artists, cells = self.maps(), [], []
        rows = -(-len(maps) // self.columns)
        grid = subdivided(axes, rows, min(self.columns, len(maps)))
        tables = {d: self.source.shares(d) for d in self.directions}
        for place, (direction, k) in enumerate(maps):
            row, column = divmod(place, self.columns)
            cell = axes.figure.add_subplot(grid[row, column])
            cells.append(cell)
            artists.append(
                self._map(
                    cell,
                    _positive(tables[direction][:, k]),
                    self.source.share_edges,
                    self._norm(),
                    self.cmap or "viridis_r",
                )
            )
            cell.set_title(f"{self.source.names[k]} {direction}", fontsize=text.small_size(), pad=2)
            cell.set_ylim(0, 1)
            cell.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"] if column == 0 else [])
            cell.tick_params(axis="x", labelbottom=place + self.columns >= len(maps))
            if column == 0 and self.ylabel is not False:
                cell.set_ylabel(self.ylabel if isinstance(self.ylabel, str) else "Share")
        if self.xlabel is not False:
            label_below(cells[-min(self.columns, len(maps)) :], self._name_of_value())
        if self.colorbar is not False:
            own = dict(self.colorbar) if isinstance(self.colorbar, dict) else {}
            look = {"label": "Probability", "pad": 0.01, "aspect": 30, **own}
            axes.figure.colorbar(artists[0], ax=cells, **look)
        return artists
