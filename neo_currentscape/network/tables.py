"""Tables of what there is between each pair of populations."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import plain_text
from neo_currentscape.conventions.errors import require, unknown_name
from neo_currentscape.conventions.whole_files import whole_file
from neo_currentscape.network.model import Network


@dataclass(frozen=True)
class PairTable:
    """A number for each pair of populations.

    Attributes
    ----------
    what : str
        E.g. "convergence, mean".
    populations : list of str
        Rows are sources, columns targets.
    values : ndarray, shape (source, target)
        NaN where there is nothing to say, as of a population without cells.
    unit : str
        E.g. "%".
    """

    what: str
    populations: list[str]
    values: np.ndarray
    unit: str = ""

    def __getitem__(self, pair: tuple[str, str]) -> float:
        ends = []
        for name in pair:
            if name not in self.populations:
                raise unknown_name("population", name, self.populations)
            ends.append(self.populations.index(name))
        return float(self.values[ends[0], ends[1]])

    def to_dataframe(self) -> Any:
        """A pandas DataFrame, sources in rows and targets in columns.

        Returns
        -------
        DataFrame
        """
        pandas = require("pandas", "table", "A table of a network as DataFrame")
        index = pandas.Index(self.populations, name="source")
        columns = pandas.Index(self.populations, name="target")
        return pandas.DataFrame(self.values, index=index, columns=columns)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write sources in rows and targets in columns.

        Parameters
        ----------
        path : str or path
        """
        with whole_file(path, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["source", *self.populations])
            for name, row in zip(self.populations, self.values, strict=True):
                writer.writerow([name, *(f"{value:.10g}" for value in row)])

    def __str__(self) -> str:
        rows = [
            [name, *(f"{v:.4g}" for v in row)]
            for name, row in zip(self.populations, self.values, strict=True)
        ]
        title = self.what + (f" ({self.unit})" if self.unit else "")
        return f"{title}\n{plain_text.table(rows, ['', *self.populations], 'r' * (1 + len(rows)))}"


def connections_per_cell(
    network: Network, source: str, target: str, *, per: str = "target", gaps: bool | None = None
) -> np.ndarray:
    """How many connections of a pair of populations each cell has.

    Parameters
    ----------
    network : Network
    source, target : str
        Populations.
    per : {"target", "source"}
        Whether they are counted where they arrive (convergence), or where they begin (divergence).
    gaps : bool, optional
        True for gap junctions only, False for all others; both unless told.

    Returns
    -------
    ndarray of int, shape (cell,)
        Of all cells of that population, also of those that have none.

    Examples
    --------
    >>> from neo_currentscape.network import Network
    >>> net = Network(["E", "I"], [0, 0, 1], [0, 1, 0], [0, 1, 2], [2, 2, 0])
    >>> connections_per_cell(net, "E", "I")
    array([2])
    >>> connections_per_cell(net, "E", "I", per="source")
    array([1, 1])
    """
    if per not in ("target", "source"):
        raise unknown_name("end of a connection", per, ("target", "source"))
    s, t = network.index(source), network.index(target)
    hit = network.chosen(gaps)
    hit = hit & (network.population[network.source] == s) & (network.population[network.target] == t)
    ends = (network.target if per == "target" else network.source)[hit]
    counted = np.bincount(ends, minlength=len(network.ids))
    return counted[network.population == (t if per == "target" else s)]


def _totals(network: Network, gaps: bool | None) -> np.ndarray:
    n = len(network.populations)
    hit = network.chosen(gaps)
    pair = network.population[network.source[hit]] * n + network.population[network.target[hit]]
    return np.bincount(pair, minlength=n * n).reshape(n, n).astype(float)


def _pairs(network: Network, gaps: bool | None) -> np.ndarray:
    """The ordered pairs of different cells that are connected, once each: ``source * cells + target``."""
    hit = network.chosen(gaps) & (network.source != network.target)
    return np.unique(network.source[hit] * len(network.ids) + network.target[hit])


def _possible(network: Network, ordered: bool) -> np.ndarray:
    """Pairs of different cells that there are between populations."""
    sizes = network.sizes.astype(float)
    pairs = np.outer(sizes, sizes)
    np.fill_diagonal(pairs, sizes * (sizes - 1) / (1 if ordered else 2))
    return pairs


def _connected(network: Network, gaps: bool | None) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of cells with a connection from the first population to the second: one way, and both ways."""
    n, cells = len(network.populations), len(network.ids)
    pairs = _pairs(network, gaps)
    source, target = pairs // cells, pairs % cells
    back = np.isin(target * cells + source, pairs)
    where = network.population[source] * n + network.population[target]
    both = np.bincount(where[back], minlength=n * n).reshape(n, n).astype(float)
    single = np.bincount(where[~back], minlength=n * n).reshape(n, n).astype(float)
    # Within a population a pair that is connected both ways was met twice.
    both[np.diag_indices(n)] /= 2
    return single, both


def _percent(part: str) -> Callable[[Network, bool | None], np.ndarray]:
    def found(network: Network, gaps: bool | None) -> np.ndarray:
        single, both = _connected(network, gaps)
        some = {"all": single + both, "uni": single, "bi": both}[part]
        return 100 * _divided(some, _possible(network, ordered=False))

    return found


def _probability(network: Network, gaps: bool | None) -> np.ndarray:
    n, cells = len(network.populations), len(network.ids)
    pairs = _pairs(network, gaps)
    where = network.population[pairs // cells] * n + network.population[pairs % cells]
    return _divided(np.bincount(where, minlength=n * n).reshape(n, n), _possible(network, ordered=True))


def _divided(some: np.ndarray, of: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(of > 0, some / of, np.nan)


def _deviation(counts: np.ndarray) -> float:
    return float(counts.std(ddof=1)) if len(counts) > 1 else 0.0


_STATISTICS: dict[str, Callable[[np.ndarray], float]] = {
    "mean": lambda counts: float(counts.mean()),
    "std": _deviation,
    "min": lambda counts: float(counts.min()),
    "max": lambda counts: float(counts.max()),
}


def _per_cell(per: str, statistic: str) -> Callable[[Network, bool | None, bool], np.ndarray]:
    def found(network: Network, gaps: bool | None, connected: bool) -> np.ndarray:
        names = network.populations
        values = np.full((len(names), len(names)), np.nan)
        for s, source in enumerate(names):
            for t, target in enumerate(names):
                counts = connections_per_cell(network, source, target, per=per, gaps=gaps)
                counts = counts[counts > 0] if connected else counts
                if len(counts):
                    values[s, t] = _STATISTICS[statistic](counts)
                elif network.sizes[t if per == "target" else s]:
                    values[s, t] = 0.0
        return values

    return found


_COUNTED: dict[str, tuple[Any, str]] = {
    "total": (_totals, "connections"),
    "percent": (_percent("all"), "%"),
    "percent uni": (_percent("uni"), "%"),
    "percent bi": (_percent("bi"), "%"),
    "probability": (_probability, ""),
}

_CELLS: dict[str, tuple[Any, str]] = {
    f"{word} {statistic}": (_per_cell(per, statistic), "connections")
    for word, per in (("convergence", "target"), ("divergence", "source"))
    for statistic in _STATISTICS
}

#: Names of the tables.
TABLES = (*_COUNTED, *_CELLS, "gap junctions", "gap junctions percent")


def table(network: Network, what: str, *, gaps: bool | None = None, connected: bool = False) -> PairTable:
    """A number for each pair of populations, source in rows and target in columns.

    Parameters
    ----------
    network : Network
    what : str
        One of `TABLES`:

        - "total": number of connections;
        - "percent": pairs of cells of which the source is connected to the target, of all pairs; within a
          population pairs that are connected in either direction; "percent uni": of those in one
          direction only; "percent bi": in both. Connections of a cell with itself, and more than one
          between two cells, count for no more;
        - "probability": ordered pairs that are connected, of all;
        - "convergence mean", "... std", "... min", "... max": connections that a target cell gets;
        - "divergence mean" ...: connections that a source cell makes;
        - "gap junctions": their number; "gap junctions percent": pairs of cells that they join, of all.
    gaps : bool, optional
        True for gap junctions only, False for all others; both unless told.
    connected : bool
        Leave cells without any such connection out of convergence and divergence, as bmtool does.

    Returns
    -------
    PairTable

    Raises
    ------
    UnknownNameError
        When there is no such table.

    Notes
    -----
    The standard deviation is that of a sample (one less than the number of cells is divided by).

    Examples
    --------
    >>> network = Network(["E", "I"], [0, 0, 1], [0, 1, 0], [0, 1, 2], [2, 2, 0])
    >>> print(table(network, "convergence mean"))
    convergence mean (connections)
         E  I
    E    0  2
    I  0.5  0
    """
    if what in _COUNTED:
        compute, unit = _COUNTED[what]
        return PairTable(what, network.populations, compute(network, gaps), unit)
    if what in _CELLS:
        compute, unit = _CELLS[what]
        return PairTable(what, network.populations, compute(network, gaps, connected), unit)
    if what == "gap junctions":
        return PairTable(what, network.populations, _totals(network, True), "connections")
    if what == "gap junctions percent":
        return PairTable(what, network.populations, _joined(network), "%")
    raise unknown_name("table", what, TABLES)


def _joined(network: Network) -> np.ndarray:
    """Pairs of cells that a gap junction joins, whichever way it is written down, of all, in percent."""
    single, both = _connected(network, True)
    found = single + single.T + both
    found[np.diag_indices(len(found))] -= single.diagonal()
    return 100 * _divided(found, _possible(network, ordered=False))
