"""The current between the compartments of a cable, from their voltages and conductances.

Simulators join the compartments of neighbouring sections at joints without membrane. A joint
stores no charge, so its potential is the mean of its neighbours' weighted with the conductances to
them; with it the current between any two compartments follows from the voltages alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tree:
    """Compartments and joints of a cell, and the conductances between them.

    Attributes
    ----------
    n : int
        Number of compartments; they come first, the joints (nodes without membrane) after them.
    upper : ndarray of int, shape (node,)
        The node towards the root, -1 where there is none. A joint has only compartments for
        neighbours.
    siemens : ndarray, shape (node,)
        Conductance to that node, in uS; 0 where there is none.

    Examples
    --------
    >>> two = Tree(2, np.array([2, 2, -1]), np.array([1.0, 1.0, 0.0]))
    >>> inflow(two, np.array([[0.0], [-10.0]])).ravel()
    array([-5.,  5.])
    """

    n: int
    upper: np.ndarray
    siemens: np.ndarray


def potentials(tree: Tree, voltage: np.ndarray) -> np.ndarray:
    """Potentials of compartments and joints.

    Parameters
    ----------
    tree : Tree
        Of n compartments.
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
    # The neighbours of a joint are the compartment above it and those that hang from it.
    for joint, compartment, chosen in ((below, above, below >= n), (above, below, above >= n)):
        np.add.at(weighted, joint[chosen], siemens[chosen, None] * voltage[compartment[chosen]])
        np.add.at(weights, joint[chosen], siemens[chosen])
    return np.concatenate([voltage, weighted[n:] / weights[n:, None]])


def inflow(tree: Tree, voltage: np.ndarray) -> np.ndarray:
    """The current that flows into each compartment from its neighbours.

    Parameters
    ----------
    tree : Tree
        Of n compartments.
    voltage : ndarray, shape (compartment, time)
        Membrane potential in mV.

    Returns
    -------
    ndarray, shape (compartment, time)
        In nA, inward positive.
    """
    flow = _from_above(tree, voltage)
    below = np.flatnonzero(tree.upper >= 0)
    total = flow.copy()
    np.subtract.at(total, tree.upper[below], flow[below])
    return total[: tree.n]


def to_parents(tree: Tree, voltage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The parent of each compartment, and the current that comes from it.

    Parameters
    ----------
    tree : Tree
        Of n compartments.
    voltage : ndarray, shape (compartment, time)
        Membrane potential in mV.

    Returns
    -------
    parent : ndarray of int, shape (compartment,)
        Index of the compartment towards the root, -1 for the root.
    axial : ndarray, shape (compartment, time)
        Current in nA, positive from the parent into the compartment; 0 for the root.
    """
    axial = _from_above(tree, voltage)[: tree.n]
    parent = np.array([_compartment_above(tree, at) for at in range(tree.n)])
    axial[parent < 0] = 0.0
    return parent, axial


def _from_above(tree: Tree, voltage: np.ndarray) -> np.ndarray:
    """The current into each node from the one towards the root, in nA, shape (node, time)."""
    values = potentials(tree, voltage)
    below = np.flatnonzero(tree.upper >= 0)
    flow = np.zeros_like(values)
    flow[below] = (values[tree.upper[below]] - values[below]) * tree.siemens[below, None]
    return flow


def _compartment_above(tree: Tree, compartment: int) -> int:
    node = int(tree.upper[compartment])
    while node >= tree.n:
        if tree.upper[node] < 0:
            # The near end of the root section: what hangs there belongs to its first compartment.
            root = int(np.flatnonzero(tree.upper == node)[0])
            return -1 if root == compartment else root
        node = int(tree.upper[node])
    return node
