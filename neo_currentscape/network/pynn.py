"""Networks of PyNN: populations and projections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.network.model import Network


def from_pynn(projections: Iterable[Any], populations: Iterable[Any] = ()) -> Network:
    """Read the connections of PyNN projections.

    Parameters
    ----------
    projections : Projection or iterable of them
        Between populations, views or assemblies.
    populations : iterable of Population
        More populations, which may have no connections.

    Returns
    -------
    Network
        With the properties "weight" and "delay". Populations go by their labels; connections of an
        ElectricalSynapse are gap junctions.

    Raises
    ------
    ArgumentTypeError
        When something is no projection.
    SelectionError
        When there is none, or two populations have the same label.

    Examples
    --------
    >>> net = from_pynn([excitatory, inhibitory])                        # doctest: +SKIP
    >>> print(network.table(net, "total"))                               # doctest: +SKIP
    """
    listed: list[Any] = [projections] if hasattr(projections, "synapse_type") else list(projections)
    for projection in listed:
        if not hasattr(projection, "synapse_type"):
            raise ArgumentTypeError(
                f"from_pynn takes Projections, not {type(projection).__name__}: write e.g. "
                "from_pynn([projection])."
            )
    roots = _roots([end for p in listed for end in (p.pre, p.post)] + list(populations))
    if not roots:
        raise SelectionError("There is neither a Projection nor a Population: pass one.")
    starts = np.cumsum([0, *(root.size for root in roots)])
    cell_of = {int(c): starts[k] + i for k, root in enumerate(roots) for i, c in enumerate(root.all_cells)}
    parts = [_connections(projection, cell_of) for projection in listed]
    joined = np.concatenate(parts) if parts else np.empty((0, 5))
    return Network(
        [root.label for root in roots],
        np.repeat(np.arange(len(roots)), [root.size for root in roots]),
        np.concatenate([np.arange(root.size) for root in roots]),
        joined[:, 0],
        joined[:, 1],
        joined[:, 4],
        np.concatenate([np.asarray(root.positions).T for root in roots]),
        {"weight": joined[:, 2], "delay": joined[:, 3]},
    )


def _roots(ends: list[Any]) -> list[Any]:
    """The populations that views and assemblies are of, each once."""
    found: list[Any] = []
    for end in ends:
        for part in getattr(end, "populations", [end]):
            root = getattr(part, "grandparent", part)
            if not any(root is other for other in found):
                found.append(root)
    labels = [root.label for root in found]
    twice = [label for label in labels if labels.count(label) > 1]
    if twice:
        raise SelectionError(
            f"{len(twice)} populations have the label {twice[0]!r}: give each its own with "
            "Population(..., label='E')."
        )
    return found


def _connections(projection: Any, cell_of: dict[int, int]) -> np.ndarray:
    """Source, target, weight, delay and whether a gap junction, shape (connection, 5)."""
    is_gap = type(projection.synapse_type).__name__ == "ElectricalSynapse"
    names = ["weight"] if is_gap else ["weight", "delay"]
    rows = np.array(projection.get(names, format="list"), dtype=float).reshape(-1, 2 + len(names))
    ends = (projection.pre, projection.post)
    pre, post = (np.array([cell_of[int(c)] for c in end.all_cells]) for end in ends)
    found = np.full((len(rows), 5), np.nan)
    if len(rows):
        found[:, 0], found[:, 1] = pre[rows[:, 0].astype(int)], post[rows[:, 1].astype(int)]
        found[:, 2 : 2 + len(names)] = rows[:, 2:]
    found[:, 4] = is_gap
    return found
