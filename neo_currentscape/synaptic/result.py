"""`ExcitationInhibition`: mean excitatory, inhibitory and net current, and their spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.conventions.result import Table
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.synaptic.kinds import EXCITATORY, INHIBITORY, NET

#: What is told, in this order.
NAMES = (EXCITATORY, INHIBITORY, NET)


def _row(kind: str) -> int:
    if kind not in NAMES:
        raise unknown_name("kind of current", kind, NAMES)
    return NAMES.index(kind)


@dataclass(frozen=True, eq=False)
class Cells(OfCurrents):
    """The currents of each neuron over all its time.

    ``to_dataframe()`` has a row for each neuron: "source", "neuron", "site", "time" (ms), "events"; and for
    each kind its mean and, with "_spread", its standard deviation over time.

    Attributes
    ----------
    source, neuron, site : ndarray, shape (neuron,)
    time : ndarray, shape (neuron,)
        For which the samples stand, in ms.
    events : ndarray of int, shape (neuron,)
        Windows that count; 0 where there are no events.
    units : Quantity
        Of the currents.
    """

    source: np.ndarray
    neuron: np.ndarray
    site: np.ndarray
    time: np.ndarray
    events: np.ndarray
    units: pq.Quantity
    _mean: np.ndarray
    _spread: np.ndarray

    def __len__(self) -> int:
        return len(self.neuron)

    @property
    def names(self) -> list[str]:
        """The kinds: "excitatory", "inhibitory", "net"."""
        return list(NAMES)

    @property
    def bundle(self) -> None:
        """No currents are bundled here; what panels ask a Currentscape."""
        return None

    def _sizes(self) -> np.ndarray:
        return np.abs(self._mean).mean(axis=0)

    def mean(self, kind: str) -> pq.Quantity:
        """Time-weighted mean of each neuron, Quantity of shape (neuron,), outward positive.

        Parameters
        ----------
        kind : {"excitatory", "inhibitory", "net"}

        Returns
        -------
        Quantity
            Of shape (neuron,).
        """
        return pq.Quantity(self._mean[:, _row(kind)], self.units)

    def spread(self, kind: str) -> pq.Quantity:
        """Time-weighted standard deviation over the time of each neuron, Quantity of shape (neuron,).

        Parameters
        ----------
        kind : {"excitatory", "inhibitory", "net"}

        Returns
        -------
        Quantity
            Of shape (neuron,).
        """
        return pq.Quantity(self._spread[:, _row(kind)], self.units)

    def _table(self) -> Table:
        columns = {key: getattr(self, key) for key in ("source", "neuron", "site", "time", "events")} | {
            key: column
            for k, kind in enumerate(NAMES)
            for key, column in ((kind, self._mean[:, k]), (f"{kind}_spread", self._spread[:, k]))
        }
        unit = unit_tools.label(self.units)
        told = {name: unit for kind in NAMES for name in (kind, f"{kind}_spread")}
        return Table(columns, units={"time": "ms", **told})


@dataclass(frozen=True, eq=False)
class ExcitationInhibition(OfCurrents):
    """Mean excitatory, inhibitory and net current over time or around events, and their spread.

    Currents are outward positive: excitation is negative, inhibition positive, the net current their sum.

    ``to_dataframe()`` has a row for each bin and kind: columns "time" or "lag" (ms, the middle of the bin),
    "current", "mean", "spread" and "count".

    Attributes
    ----------
    names : list of str
        "excitatory", "inhibitory", "net".
    edges : Quantity, shape (bin + 1,)
        In ms.
    axis : {"time", "lag"}
    over : {"time", "neurons", "events"}
        Over what the spread is: the time within each bin, the neurons (of their means in it), or the events
        (of the means in it).
    count : ndarray of int, shape (bin,)
        Neurons, or windows around events, that hold time in each bin.
    currents : dict of str to list of str
        Under "excitatory" and "inhibitory" the names of the currents that were summed.
    left_out : list of str
        Names of the other currents.
    cells : Cells
        Each neuron over all its time.
    """

    names: list[str]
    edges: pq.Quantity
    axis: str
    over: str
    count: np.ndarray
    currents: Mapping[str, list[str]]
    left_out: list[str]
    cells: Cells
    _mean: np.ndarray
    _spread: np.ndarray

    @property
    def bundle(self) -> None:
        """No currents are bundled here; what panels ask a Currentscape."""
        return None

    @property
    def centers(self) -> pq.Quantity:
        """Middle of each bin, shape (bin,)."""
        return (self.edges[1:] + self.edges[:-1]) / 2

    def mean(self, kind: str) -> pq.Quantity:
        """Mean of "excitatory", "inhibitory" or "net", Quantity of shape (bin,), outward positive.

        Parameters
        ----------
        kind : {"excitatory", "inhibitory", "net"}

        Returns
        -------
        Quantity
            Of shape (bin,).
        """
        return pq.Quantity(self._mean[_row(kind)], self.cells.units)

    def spread(self, kind: str) -> pq.Quantity:
        """Standard deviation of a kind, Quantity of shape (bin,); NaN where it has none.

        Parameters
        ----------
        kind : {"excitatory", "inhibitory", "net"}

        Returns
        -------
        Quantity
            Of shape (bin,).
        """
        return pq.Quantity(self._spread[_row(kind)], self.cells.units)

    def _sizes(self) -> np.ndarray:
        return np.nanmean(np.abs(self._mean), axis=1)

    def _table(self) -> Table:
        bins, n = len(self.count), len(NAMES)
        columns = {
            self.axis: np.repeat(self.centers.magnitude, n),
            "current": np.tile(NAMES, bins),
            "mean": self._mean.T.ravel(),
            "spread": self._spread.T.ravel(),
            "count": np.repeat(self.count, n),
        }
        unit = unit_tools.label(self.cells.units)
        return Table(columns, units={self.axis: "ms", "mean": unit, "spread": unit})

    def plot(self, **options: Any) -> Any:
        """Draw it; see `neo_currentscape.synaptic.figures.excitation_inhibition_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.synaptic.figures import excitation_inhibition_figure

        return excitation_inhibition_figure(self, **options)

    def __repr__(self) -> str:
        n = len(self.cells)
        told = "; ".join(f"{kind}: {', '.join(names) or 'none'}" for kind, names in self.currents.items())
        return f"ExcitationInhibition of {n} neuron{'s' * (n != 1)} over {self.axis} ({told})"
