"""Groups of compartments and types: by type, region, section, site, path distance, and combinations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.targets import groups_of

#: What attributions can be grouped by.
GROUPINGS = ("type", "region", "section", "site", "distance")

#: Numbers of which a bin of path distance is wide, times a power of ten.
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def members(
    cell: Cell, nodes: np.ndarray, by: Any, regions: Any, bins: Any, in_order: bool = True
) -> tuple[list[str], np.ndarray]:
    """The groups that a grouping makes.

    Parameters
    ----------
    cell : Cell
    nodes : ndarray of int
        The target, from which path distances count.
    by, regions, bins
        As for `attribute`.
    in_order : bool
        True for the nodes as they are after merging, the target first; False for the cell's own order.

    Returns
    -------
    names : list of str
    member : ndarray of int, shape (node, type)
        The number of the group of each.
    """
    groups = groups_of(cell.morphology, nodes)
    first = np.arange(len(groups))
    if in_order:
        first = np.array([np.flatnonzero(groups == g)[0] for g in range(groups.max() + 1)])
    types = cell.types
    words: list[np.ndarray] = []
    for each in [by] if isinstance(by, str) or callable(by) else list(by):
        words.append(_words(cell, first, nodes, each, regions, bins, types))
    names = words[0]
    for more in words[1:]:
        names = names + " · " + more
    order = list(dict.fromkeys(names.ravel().tolist()))
    if by == "distance":
        order.sort(key=lambda text: float(text.split("\N{EN DASH}")[0]))
    number = {name: k for k, name in enumerate(order)}
    return order, np.vectorize(number.__getitem__, otypes=[int])(names)


def _words(
    cell: Cell, first: np.ndarray, nodes: np.ndarray, by: Any, regions: Any, bins: Any, types: Any
) -> np.ndarray:
    shape = (len(first), len(types))
    sites = [cell.sites[n] for n in first]
    if callable(by):
        return np.array([[str(by(site, kind)) for kind in types] for site in sites], dtype=object)
    if by == "type":
        return np.broadcast_to(np.array(types, dtype=object), shape)
    rows: dict[str, Callable[[], Sequence[str]]] = {
        "region": lambda: np.array(cell.regions(regions), dtype=object)[first].tolist(),
        "section": lambda: [cell.morphology.sections[n] for n in first],
        "site": lambda: sites,
        "distance": lambda: _binned(cell, first, nodes, bins),
    }
    if by not in rows:
        raise unknown_name("grouping in by=", by, GROUPINGS)
    return np.broadcast_to(np.array(rows[by](), dtype=object)[:, None], shape)


def _binned(cell: Cell, first: np.ndarray, nodes: np.ndarray, bins: Any) -> list[str]:
    distance = np.min([cell.morphology.path_from(n) for n in nodes], axis=0)
    # Rounding must not put the target itself below zero.
    distance = np.maximum(distance[first], 0.0)
    edges = _edges(float(distance.max()), bins)
    at = np.clip(np.searchsorted(edges, distance, side="right") - 1, 0, len(edges) - 2)
    return [f"{edges[k]:g}\N{EN DASH}{edges[k + 1]:g} \N{MICRO SIGN}m" for k in at]


def _edges(farthest: float, bins: Any) -> np.ndarray:
    if bins is not None and np.ndim(bins) == 1:
        edges = np.asarray(bins, dtype=float)
        if len(edges) < 2 or (np.diff(edges) <= 0).any() or edges[0] > 0 or edges[-1] < farthest:
            raise ArgumentError(
                f"bins={list(bins)} do not hold all distances: write increasing borders from 0 to "
                f"{farthest:g} um or more."
            )
        return edges
    width = float(bins) if bins is not None else _round(farthest / 6)
    if not width > 0:
        raise ArgumentError(f"bins={bins!r} is no width: write a number of um above 0.")
    return width * np.arange(int(farthest / width) + 2)


def _round(width: float) -> float:
    if width <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(power * next(step for step in _ROUND if step * power >= width * (1 - 1e-9)))
