"""The probability of a connection over the distance of two cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.network.model import Network

#: Distances held at once.
BLOCK = 1 << 22


def probability_by_distance(
    network: Network,
    source: str,
    target: str,
    *,
    bins: int = 10,
    dimensions: str = "xyz",
    gaps: bool | None = None,
) -> tuple[Any, np.ndarray]:
    """How probable a connection is, by the distance of its cells.

    Parameters
    ----------
    network : Network
        With positions.
    source, target : str
        Populations.
    bins : int
        Number of equal bins from 0 to the largest distance.
    dimensions : str
        Of the distance, e.g. "xy".
    gaps : bool, optional
        As for `neo_currentscape.network.table`.

    Returns
    -------
    edges : Quantity, shape (bins + 1,)
        In um.
    probability : ndarray, shape (bins,)
        Ordered pairs of different cells that are connected, of all at that distance; NaN where there
        are none.

    Raises
    ------
    SelectionError
        When the network has no positions.

    Examples
    --------
    >>> from neo_currentscape.network import Network
    >>> at = [[0, 0, 0], [10, 0, 0], [100, 0, 0]]
    >>> net = Network(["E"], [0, 0, 0], [0, 1, 2], [0, 1], [1, 0], positions=at)
    >>> edges, probability = probability_by_distance(net, "E", "E", bins=2)
    >>> edges, probability
    (array([  0.,  50., 100.]) * um, array([1., 0.]))
    """
    if network.positions is None:
        raise SelectionError("The network has no positions: give them to the populations or the nodes.")
    axes = ["xyz".find(letter) for letter in dimensions]
    if not axes or -1 in axes:
        raise ArgumentError(f"dimensions={dimensions!r} are none: write e.g. 'xyz' or 'xy'.")
    places = network.positions[:, axes]
    first, second = network.cells(source), network.cells(target)
    hit = network.chosen(gaps) & np.isin(network.source, first) & np.isin(network.target, second)
    hit &= network.source != network.target
    pairs = np.unique(np.column_stack([network.source[hit], network.target[hit]]), axis=0)
    near = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    rows = max(1, BLOCK // max(1, len(second)))
    blocks = [first[k : k + rows] for k in range(0, len(first), rows)]
    largest = max((float(_distances(places, part, second).max(initial=0)) for part in blocks), default=0.0)
    edges = np.linspace(0, largest or 1.0, bins + 1)
    every = sum(np.histogram(_distances(places, part, second), edges)[0] for part in blocks)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(every > 0, np.histogram(near, edges)[0] / every, np.nan)
    return edges * pq.um, found


def _distances(places: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    apart = np.linalg.norm(places[first][:, None] - places[second][None], axis=2)
    return apart[first[:, None] != second[None]]
