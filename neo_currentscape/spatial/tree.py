"""Trees of compartments: checked, ordered from a target outwards, and re-rooted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError


@dataclass(frozen=True)
class RootedTree:
    """A tree seen from one of its nodes.

    Attributes
    ----------
    parent : ndarray of int, shape (node,)
        Parent of each node as seen from the root; -1 for the root.
    order : ndarray of int, shape (node,)
        Nodes such that each comes after its parent.
    edge : ndarray of int, shape (node,)
        The node whose axial current, as stored, is that of the edge to the parent; -1 at the root.
    flipped : ndarray of bool, shape (node,)
        Whether that axial current counts in the other direction from here.
    """

    parent: np.ndarray
    order: np.ndarray
    edge: np.ndarray
    flipped: np.ndarray


def check_parent(parent: object) -> np.ndarray:
    """Check that a parent array is one tree.

    Parameters
    ----------
    parent : array_like of int, shape (node,)
        Index of each node's parent, -1 for the one root.

    Returns
    -------
    ndarray of int, shape (node,)

    Raises
    ------
    ArgumentError
        When there is no root, or several, an index that is no node, or a cycle.

    Examples
    --------
    >>> check_parent([-1, 0, 0])
    array([-1,  0,  0])
    """
    checked = np.asarray(parent)
    if checked.ndim != 1 or len(checked) == 0 or not np.issubdtype(checked.dtype, np.integer):
        raise ArgumentError(
            f"parent has shape {checked.shape} and type {checked.dtype}: give one integer a node, "
            "-1 for the root."
        )
    n_nodes = len(checked)
    outside = np.flatnonzero((checked < -1) | (checked >= n_nodes))
    if len(outside):
        raise ArgumentError(
            f"parent[{outside[0]}] is {checked[outside[0]]}, which is none of the {n_nodes} nodes: an "
            "orphan needs a parent, or -1 if it is the root."
        )
    roots = np.flatnonzero(checked == -1)
    if len(roots) != 1:
        listed = ", ".join(map(str, roots[:5]))
        found = f"{len(roots)} roots ({listed})" if len(roots) else "no root (-1)"
        raise ArgumentError(f"parent has {found}: a cell is one tree, so pass the nodes of one.")
    _refuse_cycle(checked)
    return checked


def _refuse_cycle(parent: np.ndarray) -> None:
    # Jumping to the grandparent doubles the distance each time: every node reaches the root soon.
    above = np.where(parent < 0, np.arange(len(parent)), parent)
    for _ in range(max(1, int(np.ceil(np.log2(len(parent) + 1))))):
        above = above[above]
    stuck = np.flatnonzero(parent[above] >= 0)
    if len(stuck):
        raise ArgumentError(
            f"parent has a cycle: node {stuck[0]} never reaches the root; every node's parents end at -1."
        )


def rooted_at(parent: np.ndarray, target: int) -> RootedTree:
    """See a tree from another node: the edges on the path to the old root are flipped.

    Parameters
    ----------
    parent : ndarray of int, shape (node,)
        A checked parent array.
    target : int
        The new root.

    Returns
    -------
    RootedTree

    Raises
    ------
    ArgumentError
        When the target is no node of the tree.

    Examples
    --------
    >>> rooted_at(np.array([-1, 0, 1]), 2).parent
    array([ 1,  2, -1])
    """
    n_nodes = len(parent)
    if isinstance(target, bool) or not isinstance(target, (int, np.integer)) or not 0 <= target < n_nodes:
        raise ArgumentError(
            f"target={target!r} is no node of this cell: write a number from 0 to {n_nodes - 1}."
        )
    seen_from, edge = parent.copy(), np.where(parent < 0, -1, np.arange(n_nodes))
    flipped = np.zeros(n_nodes, dtype=bool)
    node, below = int(target), -1
    while node >= 0:
        above = int(parent[node])
        seen_from[node] = below
        edge[node], flipped[node] = below, below >= 0
        node, below = above, node
    return RootedTree(seen_from, _from_root(seen_from), edge, flipped)


def _from_root(parent: np.ndarray) -> np.ndarray:
    """Nodes level by level from the root."""
    by_parent = np.argsort(parent, kind="stable")
    ends = np.searchsorted(parent[by_parent], np.arange(-1, len(parent) + 1))
    level, order = by_parent[ends[0] : ends[1]], []
    while len(level):
        order.append(level)
        level = np.concatenate([by_parent[ends[n + 1] : ends[n + 2]] for n in level])
    return np.concatenate(order)
