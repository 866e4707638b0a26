"""What a target means: a compartment, a section, a region, or several of them as one."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.recording.morphology import Morphology


def nodes_of(morphology: Morphology, target: Any = None) -> np.ndarray:
    """The nodes that a target means.

    Parameters
    ----------
    morphology : Morphology
    target : str, int or sequence, optional
        The name of a site, a section or a region, the index of a node, or several of these; the root by
        default. A NEURON section or compartment counts by its name.

    Returns
    -------
    ndarray of int
        With the joints between them, so that they are connected.

    Raises
    ------
    UnknownNameError, ArgumentError
        When there is no such node.
    """
    if target is None:
        return np.flatnonzero(np.asarray(morphology.parent) < 0)
    several = [target] if _is_one(target) else list(target)
    if not several:
        raise ArgumentError("target is an empty list: name a site, a section or a region.")
    chosen = np.unique(np.concatenate([_of_one(morphology, one) for one in several]))
    return _with_joints(morphology, chosen) if len(chosen) > 1 else chosen


def _is_one(target: Any) -> bool:
    return isinstance(target, (str, int, np.integer)) or type(target).__name__ in ("Section", "Segment")


def _of_one(morphology: Morphology, target: Any) -> np.ndarray:
    if isinstance(target, (int, np.integer)) and not isinstance(target, bool):
        if not 0 <= target < len(morphology):
            raise ArgumentError(
                f"target={target} is no node of this cell: write a number from 0 to {len(morphology) - 1}."
            )
        return np.array([int(target)])
    name = target.name() if hasattr(target, "name") and callable(target.name) else str(target)
    if name in morphology.sites:
        return np.array([morphology.sites.index(name)])
    sections, regions = morphology.sections, morphology.regions or ()
    for names in (sections, regions):
        found = np.flatnonzero(np.array(names) == name)
        found = found[~morphology.is_joint[found]]
        if len(found):
            return found
    raise unknown_name("target", name, [*morphology.sites, *dict.fromkeys([*sections, *regions])])


def _with_joints(morphology: Morphology, chosen: np.ndarray) -> np.ndarray:
    """Add the joints that have two or more of the chosen nodes for neighbours."""
    parent, inside = np.asarray(morphology.parent), np.zeros(len(morphology), dtype=bool)
    inside[chosen] = True
    below = np.flatnonzero(parent >= 0)
    count = np.zeros(len(morphology), dtype=int)
    np.add.at(count, parent[below], inside[below])
    count[below] += inside[parent[below]]
    return np.flatnonzero(inside | (morphology.is_joint & (count >= 2)))


def groups_of(morphology: Morphology, target: np.ndarray) -> np.ndarray:
    """Number the nodes so that those of the target are one, number 0.

    Returns
    -------
    ndarray of int, shape (node,)
    """
    groups = np.zeros(len(morphology), dtype=int)
    others = np.setdiff1d(np.arange(len(morphology)), target)
    groups[others] = np.arange(1, len(others) + 1)
    return groups
