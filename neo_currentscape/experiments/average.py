"""`Average`: the mean currentscape over events or cycles, and the spread around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.conventions.result import Table
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.fold import Moments, fold
from neo_currentscape.reduction.result import OfCurrents
from neo_currentscape.reduction.split import check_direction


@dataclass(frozen=True, eq=False)
class Average(OfCurrents):
    """The mean over windows (around events, or from cycle to cycle), and the spread between them.

    ``to_dataframe()`` has a row for each bin, current and direction: columns "lag", "phase" or "time" (the
    middle of the bin), "direction", "current", "share", "spread" and "total".

    Attributes
    ----------
    names : list of str
        The currents, in recorded order.
    edges : Quantity, shape (bin + 1,)
        In ms, or dimensionless for phases.
    axis : {"lag", "phase", "time"}
    count : ndarray of int, shape (bin,)
        Windows in each bin.
    windows : ndarray, shape (window, 2)
        First and last time in ms of the windows that count.
    left_out : int
        Events or cycles that do not lie in the recording as a whole.
    recording : Recording
        What was averaged.
    bundle : ndarray or None
        As of the Currentscape.
    """

    names: list[str]
    edges: pq.Quantity
    axis: str
    count: np.ndarray
    windows: np.ndarray
    left_out: int
    recording: Any
    bundle: np.ndarray | None
    _shares: dict[str, Moments]
    _totals: dict[str, Moments]
    _voltage: Moments | None
    _scape: Any

    @property
    def _by_charge(self) -> Any:
        return self._scape.ranking

    @property
    def centers(self) -> pq.Quantity:
        """Middle of each bin, shape (bin,)."""
        return (self.edges[1:] + self.edges[:-1]) / 2

    def shares(self, direction: str) -> np.ndarray:
        """Mean share of each current, shape (bin, current), dimensionless.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (bin, current), dimensionless.
        """
        check_direction(direction)
        return self._shares[direction].mean.T

    def share_spread(self, direction: str) -> np.ndarray:
        """Standard deviation of the shares between windows, shape (bin, current); NaN for one window.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (bin, current), dimensionless.
        """
        check_direction(direction)
        return self._shares[direction].spread.T

    def total(self, direction: str) -> pq.Quantity:
        """Mean total, Quantity of shape (bin,) in the unit of the currents.

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        Quantity
            Of shape (bin,), not negative in either direction.
        """
        check_direction(direction)
        return pq.Quantity(self._totals[direction].mean[0], self.recording.currents.units)

    def total_spread(self, direction: str) -> pq.Quantity:
        """Standard deviation of the total between windows, Quantity of shape (bin,).

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        Quantity
            Of shape (bin,), in the unit of the currents.
        """
        check_direction(direction)
        return pq.Quantity(self._totals[direction].spread[0], self.recording.currents.units)

    @property
    def voltage(self) -> pq.Quantity:
        """Mean voltage, Quantity of shape (bin,)."""
        return self._of_voltage().mean

    @property
    def voltage_spread(self) -> pq.Quantity:
        """Standard deviation of the voltage between windows, Quantity of shape (bin,)."""
        return self._of_voltage().spread

    def _of_voltage(self) -> Moments:
        if self._voltage is None:
            raise SelectionError(
                "The recording holds no voltage to average: pass voltage=... when you make the Recording."
            )
        unit, found = self.recording.voltage.units, self._voltage
        return Moments(pq.Quantity(found.mean[0], unit), pq.Quantity(found.spread[0], unit))

    @property
    def has_voltage(self) -> bool:
        """Whether there is a voltage to show."""
        return self._voltage is not None

    def _sizes(self) -> Any:
        """Mean shares of both directions together."""
        return sum(np.nanmean(self._shares[d].mean, axis=1) for d in DIRECTIONS)

    def _table(self) -> Table:
        bins, n = len(self.count), len(self.names)
        columns = {
            self.axis: np.tile(np.repeat(self.centers.magnitude, n), 2),
            "direction": np.repeat(DIRECTIONS, bins * n),
            "current": np.tile(self.names, 2 * bins),
            "share": np.concatenate([self.shares(d).ravel() for d in DIRECTIONS]),
            "spread": np.concatenate([self.share_spread(d).ravel() for d in DIRECTIONS]),
            "total": np.concatenate([np.repeat(self.total(d).magnitude, n) for d in DIRECTIONS]),
        }
        unit = units.label(self.recording.currents.units)
        return Table(columns, units={self.axis: units.label(self.edges), "total": unit})

    def plot(self, **options: Any) -> Any:
        """Draw voltage, totals and shares; see `neo_currentscape.experiments.figures.average_figure`.

        Parameters
        ----------
        **options
            As the function that is named above takes them.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.experiments.figures import average_figure

        return average_figure(self, **options)

    def __repr__(self) -> str:
        cut = f", {self.left_out} left out" if self.left_out else ""
        return f"Average of {len(self.windows)} windows{cut} over {self.axis}: {', '.join(self.names)}"


def averaged(
    scape: Currentscape, edges: np.ndarray, bins: pq.Quantity, axis: str, left_out: int
) -> Average:
    """Fold a recording onto windows and give the result its names and units.

    Parameters
    ----------
    scape : Currentscape
    edges : ndarray, shape (window, bin + 1)
        Times in ms.
    bins : Quantity, shape (bin + 1,)
        What the edges are shown as.
    axis : str
        "lag", "phase" or "time".
    left_out : int

    Returns
    -------
    Average
    """
    found = fold(scape, edges)
    return Average(
        names=scape.names,
        edges=bins,
        axis=axis,
        count=found.count,
        windows=edges[:, [0, -1]],
        left_out=left_out,
        recording=scape.recording,
        bundle=scape.bundle,
        _shares=found.shares,
        _totals=found.totals,
        _voltage=found.voltage,
        _scape=scape,
    )
