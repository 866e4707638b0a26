"""Merging compartments: a section, a branch or the whole soma as one node."""

from __future__ import annotations

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.spatial.tree import check_parent


def merge(
    membrane: np.ndarray, axial: np.ndarray, parent: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Merge compartments into nodes: currents add up per type before their signs are split.

    Parameters
    ----------
    membrane : array_like, shape (node, current, time)
        In nA, outward positive.
    axial : array_like, shape (node, time)
        From each node's parent into the node, in nA.
    parent : array_like of int, shape (node,)
        -1 for the root.
    groups : array_like of int, shape (node,)
        Number of the merged node that each node belongs to, 0, 1, 2 ...; the nodes of one group
        must be connected.

    Returns
    -------
    membrane : ndarray, shape (group, current, time)
    axial : ndarray, shape (group, time)
        Only the edges to outside the group are kept.
    parent : ndarray of int, shape (group,)

    Raises
    ------
    ArgumentError
        When the groups do not fit the nodes, leave out a number, or are not connected.

    Examples
    --------
    >>> merged = merge(np.ones((3, 1, 1)), np.ones((3, 1)), [-1, 0, 1], [0, 0, 1])
    >>> merged[0].ravel(), merged[2]
    (array([2., 1.]), array([-1,  0]))
    """
    membrane, axial = np.asarray(membrane, dtype=float), np.asarray(axial, dtype=float)
    parent = check_parent(parent)
    groups = _check_groups(groups, len(parent))
    n_groups = int(groups.max()) + 1
    merged = np.zeros((n_groups, *membrane.shape[1:]))
    np.add.at(merged, groups, membrane)
    # An edge leaves its group where a node's parent belongs to another one.
    outside = np.where(parent < 0, -1, groups[parent])
    tops = np.flatnonzero(outside != groups)
    _refuse_scattered(groups, tops, n_groups)
    merged_parent, merged_axial = np.empty(n_groups, dtype=int), np.zeros((n_groups, axial.shape[1]))
    merged_parent[groups[tops]] = outside[tops]
    merged_axial[groups[tops]] = axial[tops]
    merged_axial[merged_parent < 0] = 0.0
    return merged, merged_axial, merged_parent


def _check_groups(groups: np.ndarray, n_nodes: int) -> np.ndarray:
    groups = np.asarray(groups)
    if groups.shape != (n_nodes,) or not np.issubdtype(groups.dtype, np.integer):
        raise ArgumentError(f"groups has shape {groups.shape} for {n_nodes} nodes: give one number a node.")
    missing = np.setdiff1d(np.arange(max(int(groups.max()), 0) + 1), groups)
    if groups.min() < 0 or len(missing):
        what = groups.min() if groups.min() < 0 else f"no node in group {missing[0]}"
        raise ArgumentError(f"groups has {what}: number the groups 0, 1, 2 ... without holes.")
    return groups


def _refuse_scattered(groups: np.ndarray, tops: np.ndarray, n_groups: int) -> None:
    # A connected group has one node whose parent is outside it.
    counts = np.bincount(groups[tops], minlength=n_groups)
    if (counts > 1).any():
        group = int(np.argmax(counts > 1))
        raise ArgumentError(
            f"groups: the nodes of group {group} are not connected ({counts[group]} parts): merge only "
            "compartments that touch."
        )
