"""How long compartments are, and where those are drawn that have no points while others have some."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.recording.morphology import Morphology


def lengths(morphology: Any) -> np.ndarray:
    """Length of each node in um: along its points, or half the way to its neighbours."""
    halves = half_ways(morphology)
    if morphology.points is None:
        return halves
    along = [np.linalg.norm(np.diff(p[:, :3], axis=0), axis=1).sum() for p in morphology.points]
    known = np.array([len(p) > 1 for p in morphology.points]) | morphology.is_joint
    return np.where(known, along, halves)


def half_ways(morphology: Any) -> np.ndarray:
    """Length of each node in um: half the way to its neighbours."""
    parent, distance = np.asarray(morphology.parent), np.asarray(morphology.distance)
    below = np.flatnonzero(parent >= 0)
    half = np.abs(distance[below] - distance[parent[below]]) / 2
    out = np.zeros(len(parent))
    out[below] += half
    np.add.at(out, parent[below], half)
    return out


def filled(morphology: Morphology) -> list[np.ndarray]:
    """The points of every compartment, where some are drawn as straight lines for want of their own.

    Such a line leaves what it is attached to, away from the middle of the cell, and is as long as the
    compartment.

    Parameters
    ----------
    morphology : Morphology
        With points of some compartments.

    Returns
    -------
    list of ndarray, shape (point, 4)
        x, y, z and diameter in um; none for joints.
    """
    points = [np.asarray(p) for p in morphology.points or ()]
    middle = np.concatenate([p[:, :3] for p in points]).mean(axis=0)
    length, ways = lengths(morphology), dict[int, np.ndarray]()
    for node in morphology.outwards():
        if morphology.is_joint[node] or len(points[node]) > 1:
            continue
        above = _above(morphology, points, node)
        if above < 0:
            start = middle
        else:
            own = points[above][:, :3]
            start = own[-1] if above in ways else own.mean(axis=0)
        away = ways.get(above, start - middle)
        size = np.linalg.norm(away)
        ways[node] = away / size if size > 0 else np.array([0.0, -1.0, 0.0])
        width = morphology.area[node] / (np.pi * length[node]) if length[node] > 0 else 1.0
        ends = np.array([start, start + length[node] * ways[node]])
        points[node] = np.column_stack([ends, np.full(2, width)])
    return points


def _above(morphology: Morphology, points: list[np.ndarray], node: int) -> int:
    """The next compartment towards the root that has a place; -1 where there is none."""
    above = int(morphology.parent[node])
    while above >= 0 and len(points[above]) < 2:
        above = int(morphology.parent[above])
    return above
