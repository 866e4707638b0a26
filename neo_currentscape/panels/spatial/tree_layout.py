"""Where the compartments of a cell lie on paper: their morphology, or a dendrogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.panels.spatial.tree_points import filled
from neo_currentscape.recording.morphology import Morphology

#: Views that a layout can have: two of the three coordinates, or path distance.
VIEWS = ("xy", "xz", "yz", "yx", "zx", "zy", "dendrogram")


@dataclass(frozen=True, eq=False)
class Layout:
    """Lines of the compartments.

    Attributes
    ----------
    lines : list of ndarray, each of shape (point, 2)
        In um; in a dendrogram the second coordinate is a row.
    width : ndarray, shape (compartment,)
        Diameter in um; NaN in a dendrogram.
    node : ndarray of int, shape (compartment,)
        Which node each is.
    links : list of ndarray, each of shape (point, 2)
        Thin lines that connect what touches.
    """

    lines: list[np.ndarray]
    width: np.ndarray
    node: np.ndarray
    links: list[np.ndarray]


def layout(morphology: Morphology, view: str | None = None) -> Layout:
    """Lay a cell out.

    Parameters
    ----------
    morphology : Morphology
    view : str, optional
        One of `VIEWS`; by default the two coordinates in which the cell is largest, or a dendrogram
        where it has no 3-D points.

    Returns
    -------
    Layout

    Raises
    ------
    UnknownNameError
        When there is no such view.
    ArgumentError
        When the cell has no 3-D points for it.
    """
    if view is not None and view not in VIEWS:
        raise unknown_name("view", view, VIEWS)
    if morphology.points is None:
        if view not in (None, "dendrogram"):
            raise ArgumentError(f"view={view!r} needs 3-D points, which this cell has not: leave it out.")
        return _dendrogram(morphology)
    return _dendrogram(morphology) if view == "dendrogram" else _projected(morphology, view)


def _projected(morphology: Morphology, view: str | None) -> Layout:
    points = filled(morphology)
    node = np.flatnonzero(~morphology.is_joint)
    if view is None:
        extent = np.ptp(np.concatenate([points[n][:, :3] for n in node]), axis=0)
        first, second = sorted(np.argsort(-extent, kind="stable")[:2].tolist())
        # What is longer goes upwards, as cells are usually drawn.
        axes = [first, second] if extent[second] >= extent[first] else [second, first]
    else:
        axes = ["xyz".index(letter) for letter in view]
    lines = [points[n][:, axes] for n in node]
    width = np.array([points[n][:, 3].mean() for n in node])
    return Layout(lines, width, node, [])


def _dendrogram(morphology: Morphology) -> Layout:
    """Path distance across, one row for each branch."""
    parent, order = np.asarray(morphology.parent), morphology.outwards()
    row, leaves = np.zeros(len(parent)), 0
    children = {n: np.flatnonzero(parent == n).tolist() for n in range(len(parent))}
    # Depth first, so that no two branches cross.
    stack, seen = [int(order[0])], []
    while stack:
        node = stack.pop()
        seen.append(node)
        stack += children[node][::-1]
    for node in seen:
        if not children[node]:
            row[node], leaves = leaves, leaves + 1
    for node in order[::-1]:
        if children[node]:
            row[node] = np.mean(row[children[node]])
    distance = np.asarray(morphology.distance)
    lines, links = [], []
    for node in range(len(parent)):
        start = distance[parent[node]] if parent[node] >= 0 else distance[node]
        lines.append(np.array([[start, row[node]], [distance[node], row[node]]]))
        if morphology.is_joint[node]:
            links.append(lines[-1])
        if parent[node] >= 0 and row[parent[node]] != row[node]:
            links.append(np.array([[start, row[parent[node]]], [start, row[node]]]))
    nodes = np.flatnonzero(~morphology.is_joint)
    root = int(order[0])
    if len(nodes) > 1:
        lines[root] = np.array([[-0.02 * np.ptp(distance), row[root]], [0.0, row[root]]])
    return Layout([lines[n] for n in nodes], np.full(len(nodes), np.nan), nodes, links)
