"""Own currents, axial currents and weights of a cell seen from a target, block by block."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.spatial.attribution import flows
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.merging import merge
from neo_currentscape.spatial.tree import rooted_at


def directed(cell: Cell, rows: slice, groups: np.ndarray) -> Any:
    """Yield rows and, for both directions, own currents, axial current at the target, and weights."""
    parent = np.asarray(cell.morphology.parent)
    is_merged = groups.max() + 1 < len(groups)
    tree = None
    arrange = merge if is_merged else _ordered
    for here, membrane, axial in cell.blocks(rows):
        membrane, axial, moved = arrange(membrane, axial, parent, groups)
        tree = tree or rooted_at(moved, 0)
        out = [flows(membrane, axial, tree, sign) for sign in (1.0, -1.0)]
        yield here, *zip(*out, strict=True)


def _ordered(
    membrane: np.ndarray, axial: np.ndarray, parent: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The nodes with the target first."""
    order = np.argsort(groups)
    if order[0] == 0:
        return membrane, axial, parent
    moved = np.where(parent < 0, -1, groups[parent])
    return membrane[order], axial[order], moved[order]


def label_of(cell: Cell, target: Any, nodes: np.ndarray) -> str:
    """How a target is called: as it was given, or by its sections."""
    if isinstance(target, str):
        return target
    if len(nodes) == 1:
        return cell.sites[nodes[0]]
    sections = list(dict.fromkeys(cell.morphology.sections[n] for n in nodes))
    return sections[0] if len(sections) == 1 else f"{sections[0]} and {len(sections) - 1} more"
