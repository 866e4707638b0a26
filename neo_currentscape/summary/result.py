"""What a summary gives: charges, contributions and peaks of many neurons, and their mean shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction import bundling
from neo_currentscape.reduction.columns import Columns, Extremes
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.reduction.split import check_direction
from neo_currentscape.summary.jobs import Failure
from neo_currentscape.summary.measures import CURRENT
from neo_currentscape.summary.population import Population


@dataclass(frozen=True)
class Summary(OfCurrents):
    """Charges, contributions and peaks of many neurons, and the shares of their population.

    ``to_dataframe()`` has the table; the ranking is by mean share, and the order of figures by charge.

    Attributes
    ----------
    names : list of str
        Of all currents, in the order in which they were met.
    table : dict of str to ndarray, shape (neuron and current,)
        Columns ``source``, ``segment``, ``neuron``, ``site``, ``current``; and for both directions
        ``charge_...``, ``contribution_...``, ``peak_...`` and ``peak_share_...``.
    units : dict of str to str
        Of the columns that have one.
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms.
    population : Population
        The sums behind `shares` and `spread`.
    n_neurons : int
        Neurons and sites in the table.
    failures : list of Failure
        What could not be summarised, with ``errors="skip"``.
    current_units : Quantity
        Of the currents.
    """

    names: list[str]
    table: Mapping[str, np.ndarray]
    units: Mapping[str, str]
    edges: np.ndarray
    population: Population
    n_neurons: int
    failures: list[Failure]
    current_units: pq.Quantity

    @property
    def times(self) -> pq.Quantity:
        """Centres of the bins, shape (bin,)."""
        return pq.Quantity((self.edges[:-1] + self.edges[1:]) / 2, "ms")

    @property
    def bundle(self) -> None:
        """No currents are bundled here; what panels ask a Currentscape."""
        return None

    def _sizes(self) -> np.ndarray:
        """Mean shares of both directions together."""
        sums = np.zeros(len(self.names))
        for d in DIRECTIONS:
            sums += (self.population.mean[d] * self.population.count).sum(axis=1)
        return sums

    @cached_property
    def _by_charge(self) -> np.ndarray:
        """By the charges of all neurons together."""
        places = {name: k for k, name in enumerate(self.names)}
        sums = np.zeros(len(self.names))
        at = [places[name] for name in self.table["current"]]
        for d in DIRECTIONS:
            np.add.at(sums, at, self.table[f"charge_{d}"])
        return bundling.ranking(sums)

    def shares(self, direction: str) -> neo.AnalogSignal:
        """Mean over the neurons of the share of each current.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        neo.AnalogSignal
            Shape (bin, current), dimensionless; NaN in bins in which no neuron has samples. A current
            that a neuron does not have counts as a share of 0.
        """
        check_direction(direction)
        return self._signal(self.population.mean[direction], f"mean {direction} shares")

    def spread(self, direction: str) -> neo.AnalogSignal:
        """Standard deviation over the neurons of the share of each current.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        neo.AnalogSignal
            Shape (bin, current), dimensionless.
        """
        check_direction(direction)
        return self._signal(self._deviation(direction), f"spread of {direction} shares")

    def amplitudes(self) -> neo.AnalogSignal:
        """Mean over the neurons of each current.

        Returns
        -------
        neo.AnalogSignal
            Shape (bin, current), outward positive, in the unit of the currents; NaN in bins in which no
            neuron has samples. A current that a neuron does not have counts as 0.
        """
        return self._signal(self.population.mean[CURRENT], "mean currents", self.current_units)

    def amplitude_spread(self) -> neo.AnalogSignal:
        """Standard deviation over the neurons of each current, shape (bin, current).

        Returns
        -------
        neo.AnalogSignal
            Of shape (bin, current), in the unit of the currents.
        """
        return self._signal(self._deviation(CURRENT), "spread of currents", self.current_units)

    def _deviation(self, key: str) -> np.ndarray:
        return np.sqrt(self.population.squares[key] / np.maximum(self.population.count, 1))

    def columns(self, n_columns: int, t_start: float | None = None, t_stop: float | None = None) -> Columns:
        """The bins as a panel draws them.

        Parameters
        ----------
        n_columns : int
            Of no account: the bins were made once.
        t_start, t_stop : float, optional
            Of no account, too.

        Returns
        -------
        Columns
            Of the bins that hold samples; the extremes "outward shares" and "inward shares" are the
            means less and plus the spread, within 0 and 1.
        """
        kept = self.population.count > 0
        means = {d: self.population.mean[d][:, kept] for d in DIRECTIONS}
        extremes = {}
        for d in DIRECTIONS:
            spread = self.spread(d).magnitude.T[:, kept]
            low, high = (np.clip(means[d] + sign * spread, 0, 1) for sign in (-1, 1))
            extremes[f"{d} shares"] = Extremes(low, high)
        # There is nothing finer behind them that a zoom could show.
        return Columns(self.times.magnitude[kept], means, extremes, {}, reduced=False)

    def _signal(self, rows: np.ndarray, name: str, unit: Any = pq.dimensionless) -> neo.AnalogSignal:
        rows = np.where(self.population.count > 0, rows, np.nan)
        width = self.edges[1] - self.edges[0]
        return neo.AnalogSignal(
            rows.T,
            units=unit,
            t_start=(self.edges[0] + width / 2) * pq.ms,
            sampling_period=width * pq.ms,
            name=name,
            array_annotations={"name": np.array(self.names)},
        )

    def _table(self) -> Table:
        return Table(self.table, units=self.units)

    def plot(self, **options: Any) -> Any:
        """Draw shares and amplitudes; see `neo_currentscape.summary.figures.summary_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.summary.figures import summary_figure

        return summary_figure(self, **options)

    def __repr__(self) -> str:
        failed = f"; {len(self.failures)} failed" if self.failures else ""
        return f"Summary of {self.n_neurons} neurons with {', '.join(self.names)}{failed}"
