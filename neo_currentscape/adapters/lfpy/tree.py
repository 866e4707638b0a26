"""The tree of compartments of a cell: names, parents, and the current along each branch.

NEURON joins the compartments of neighbouring sections at nodes without membrane. Such a node
stores no charge, so its potential is the mean of its neighbours' weighted with the conductances
to them; with it the current between any two compartments follows from their voltages alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Tree:
    """Compartments and joints of a cell, and the conductances between them.

    Attributes
    ----------
    n : int
        Number of compartments; they come first, the joints (nodes without membrane) after them.
    upper : ndarray of int, shape (node,)
        The node towards the root, -1 where there is none.
    siemens : ndarray, shape (node,)
        Conductance to that node, in uS; 0 where there is none.
    """

    n: int
    upper: np.ndarray
    siemens: np.ndarray


def compartments(cell: Any) -> list[Any]:
    """The compartments (NEURON segments) of a cell, in the order of LFPy's arrays."""
    return [segment for section in cell.allseclist for segment in section]


def site_names(cell: Any) -> list[str]:
    """Name the compartments of a cell, in the order of LFPy's arrays.

    Parameters
    ----------
    cell : LFPy.Cell

    Returns
    -------
    list of str
        E.g. ``"soma(0.5)"``, one a compartment.
    """
    return [f"{segment.sec.name()}({segment.x:g})" for segment in compartments(cell)]


def tree_of(cell: Any) -> Tree:
    """Read the tree of a cell from NEURON's sections.

    Parameters
    ----------
    cell : LFPy.Cell
        Whose sections still exist.

    Returns
    -------
    Tree
    """
    sections = list(cell.allseclist)
    counts = [section.nseg for section in sections]
    n = sum(counts)
    first = dict(zip((s.name() for s in sections), np.cumsum([0, *counts[:-1]]).tolist(), strict=True))
    far = {section.name(): n + at for at, section in enumerate(sections)}
    near = {s.name(): n + len(sections) + at for at, s in enumerate(sections) if s.parentseg() is None}
    upper = np.full(n + len(far) + len(near), -1)
    siemens = np.zeros(len(upper))

    def node(place: Any) -> int:
        name = place.sec.name()
        if place.x == 1:
            return far[name]
        if place.x == 0:
            above = place.sec.parentseg()
            return near[name] if above is None else node(above)
        return first[name] + min(int(place.x * place.sec.nseg), place.sec.nseg - 1)

    for section in sections:
        above = section.parentseg()
        last = near[section.name()] if above is None else node(above)
        ends = [*section, section(1)]
        places = [*range(first[section.name()], first[section.name()] + section.nseg), far[section.name()]]
        for at, segment in zip(places, ends, strict=True):
            upper[at], siemens[at] = last, 1 / segment.ri()
            last = at
    return Tree(n, upper, siemens)


def potentials(tree: Tree, voltage: np.ndarray) -> np.ndarray:
    """Potentials of compartments and joints.

    Parameters
    ----------
    tree : Tree
    voltage : ndarray, shape (compartment, time)
        Membrane potential in mV.

    Returns
    -------
    ndarray, shape (node, time)
        The joints below the compartments.
    """
    n, below = tree.n, np.flatnonzero(tree.upper >= 0)
    above, siemens = tree.upper[below], tree.siemens[below]
    weighted, weights = np.zeros((len(tree.upper), voltage.shape[1])), np.zeros(len(tree.upper))
    # A joint has only compartments for neighbours: one above it, and those that hang from it.
    for joint, compartment, chosen in ((below, above, below >= n), (above, below, above >= n)):
        np.add.at(weighted, joint[chosen], siemens[chosen, None] * voltage[compartment[chosen]])
        np.add.at(weights, joint[chosen], siemens[chosen])
    return np.concatenate([voltage, weighted[n:] / weights[n:, None]])


def axial_inflow(cell: Any) -> np.ndarray:
    """The current that flows into each compartment from its neighbours.

    ``sum over neighbours of (v_neighbour - v) / r``, with NEURON's own axial resistances; the
    joints between sections are eliminated.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated with ``rec_vmem=True``; its sections must still exist.

    Returns
    -------
    ndarray, shape (compartment, time)
        In nA, inward positive.
    """
    tree = tree_of(cell)
    values = potentials(tree, np.asarray(cell.vmem, dtype=float))
    below = np.flatnonzero(tree.upper >= 0)
    above = tree.upper[below]
    flow = (values[above] - values[below]) * tree.siemens[below, None]
    inflow = np.zeros_like(values)
    inflow[below] = flow
    np.subtract.at(inflow, above, flow)
    return inflow[: tree.n]


def parents(cell: Any) -> tuple[np.ndarray, np.ndarray]:
    """The parent of each compartment, and the current that comes from it.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated with ``rec_vmem=True``; its sections must still exist.

    Returns
    -------
    parent : ndarray of int, shape (compartment,)
        Index of the compartment towards the root, -1 for the root.
    axial : ndarray, shape (compartment, time)
        Current in nA, positive from the parent into the compartment; 0 for the root. Together with
        the membrane currents it is what `neo_currentscape.spatial.partition` takes.
    """
    tree = tree_of(cell)
    values = potentials(tree, np.asarray(cell.vmem, dtype=float))
    upper = tree.upper[: tree.n]
    axial = (values[upper] - values[: tree.n]) * tree.siemens[: tree.n, None]
    parent = np.array([_compartment_above(tree, at) for at in range(tree.n)])
    axial[parent < 0] = 0.0
    return parent, axial


def _compartment_above(tree: Tree, compartment: int) -> int:
    node = int(tree.upper[compartment])
    while node >= tree.n:
        if tree.upper[node] < 0:
            # The near end of the root section: what hangs there belongs to its first compartment.
            root = int(np.flatnonzero(tree.upper == node)[0])
            return -1 if root == compartment else root
        node = int(tree.upper[node])
    return node
