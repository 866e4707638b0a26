"""The tree of a cell's nodes: the potentials of its joints, and the currents along it.

Nodes are compartments and joints. Joints have no membrane: simulators put them where sections meet. A joint
stores no charge, so its potential is the mean of its neighbours' weighted with the conductances to them;
with it the current between any two nodes follows from the voltages alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.morphology import Morphology

#: Voltages are of about this size, in mV; for what their rounding may amount to.
_VOLTAGE = 100.0


class Tree:
    r"""The nodes of a cell and the conductances between them.

    Parameters
    ----------
    parent : array_like of int, shape (node,)
        Index of the node towards the root, -1 for the root.
    siemens : array_like, shape (node,)
        Conductance to that node in uS; that of the root is not used.
    unknown : collection of int
        Joints whose potential is not known, none next to another. It is
        :math:`v_j = (\sum_n g_n v_n - I_j) / \sum_n g_n` with the conductances to its neighbours and the
        membrane current :math:`I_j` of point processes that sit on it.

    Examples
    --------
    Two compartments on either side of a joint:

    >>> tree = Tree([2, 2, -1], [1.0, 1.0, 0.0], unknown=[2])
    >>> voltage = tree.complete(np.array([[0.0], [-10.0], [0.0]]))
    >>> voltage.ravel(), tree.inflow(tree.flow(voltage)).ravel()
    (array([  0., -10.,  -5.]), array([-5.,  5.,  0.]))
    """

    def __init__(self, parent: object, siemens: object, unknown: Collection[int] = ()) -> None:
        self.parent = np.asarray(parent, dtype=int)
        self.below = np.flatnonzero(self.parent >= 0)
        self.above = self.parent[self.below]
        self.siemens = np.where(self.parent >= 0, np.asarray(siemens, dtype=float), 0.0)
        self.unknown = frozenset(unknown)
        self._neighbours = {n: self._around(n) for n in sorted(self.unknown)}

    @classmethod
    def of(cls, morphology: Morphology, known: Collection[int]) -> Tree:
        """Make the tree of a morphology.

        Parameters
        ----------
        morphology : Morphology
        known : collection of int
            Nodes whose voltage was recorded.

        Raises
        ------
        SelectionError
            When the voltage of two neighbouring nodes is unknown.
        """
        unknown = set(range(len(morphology))).difference(known)
        for n in sorted(unknown):
            if (above := int(morphology.parent[n])) in unknown:
                near, far = morphology.sites[above], morphology.sites[n]
                raise SelectionError(
                    f"Neither {far} nor {near} next to it has a voltage: record one of them."
                )
        inner = np.asarray(morphology.parent) >= 0
        siemens = np.divide(1.0, morphology.resistance, out=np.zeros(len(inner)), where=inner)
        return cls(morphology.parent, siemens, unknown)

    def _around(self, node: int) -> tuple[np.ndarray, np.ndarray]:
        """The neighbours of a node, and the conductances to them."""
        children = np.flatnonzero(self.parent == node)
        nodes, siemens = children, self.siemens[children]
        if self.parent[node] >= 0:
            nodes = np.append(nodes, self.parent[node])
            siemens = np.append(siemens, self.siemens[node])
        return nodes, siemens

    def complete(self, voltage: np.ndarray, injected: Mapping[int, np.ndarray] | None = None) -> np.ndarray:
        """Fill in the potentials that are not known.

        Parameters
        ----------
        voltage : ndarray, shape (node, time)
            In mV; the rows of unknown nodes are written.
        injected : mapping of int to ndarray of shape (time,), optional
            Membrane current of point processes at unknown nodes, in nA, outward positive.

        Returns
        -------
        ndarray
            The same one.
        """
        for node, (nodes, siemens) in self._neighbours.items():
            total = siemens @ voltage[nodes] - (injected or {}).get(node, 0.0)
            voltage[node] = total / siemens.sum()
        return voltage

    def flow(self, voltage: np.ndarray) -> np.ndarray:
        """Axial current from the parent into each node (node, time), in nA; 0 for the root."""
        out = np.zeros_like(voltage)
        np.subtract(voltage[self.above], voltage[self.below], out=out[: len(self.below)])
        difference = out[: len(self.below)] * self.siemens[self.below, None]
        out[:] = 0.0
        out[self.below] = difference
        return out

    def inflow(self, axial: np.ndarray) -> np.ndarray:
        """What flows into each node from all its neighbours (node, time), in nA, of what `flow` gives."""
        out = axial.copy()
        np.subtract.at(out, self.above, axial[self.below])
        return out

    def inflow_of(self, node: int, voltage: np.ndarray) -> np.ndarray:
        """What flows into one node from all its neighbours (time,), in nA, of the voltages (node, time)."""
        nodes, siemens = self._around(node)
        return siemens @ (voltage[nodes] - voltage[node])

    def through(self, axial: np.ndarray) -> np.ndarray:
        """Half of what flows through the connections of each node (node, time), in nA."""
        out = np.abs(axial)
        np.add.at(out, self.above, np.abs(axial[self.below]))
        return out / 2

    @property
    def rounding(self) -> np.ndarray:
        """What the rounding of voltages of 100 mV may make of an axial current, nA, shape (node,)."""
        return 8 * np.finfo(float).eps * _VOLTAGE * self.through(self.siemens[:, None])[:, 0] * 2

    def rooted_at(self, node: int) -> Tree:
        """The same tree seen from another root."""
        parent, siemens = self.parent.copy(), self.siemens.copy()
        last, conductance = -1, 0.0
        while node >= 0:
            above, own = int(parent[node]), float(siemens[node])
            parent[node], siemens[node] = last, conductance
            node, last, conductance = above, node, own
        return Tree(parent, siemens, self.unknown)


def axial_inflow(tree: Tree, voltage: np.ndarray) -> np.ndarray:
    """The current that flows into each compartment from its neighbours.

    Parameters
    ----------
    tree : Tree
        With its compartments first, and joints of unknown potential after them.
    voltage : ndarray, shape (compartment, time)
        Membrane potential in mV.

    Returns
    -------
    ndarray, shape (compartment, time)
        In nA, inward positive.
    """
    return tree.inflow(tree.flow(_with_joints(tree, voltage)))[: len(voltage)]


def to_parents(tree: Tree, voltage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The parent of each compartment, and the current that comes from it.

    Parameters
    ----------
    tree : Tree
        As for `axial_inflow`; its root is a compartment.
    voltage : ndarray, shape (compartment, time)
        Membrane potential in mV.

    Returns
    -------
    parent : ndarray of int, shape (compartment,)
        Index of the compartment towards the root, however many joints are between; -1 for the root.
    axial : ndarray, shape (compartment, time)
        Current in nA, positive from the parent into the compartment; 0 for the root.
    """
    n = len(voltage)
    parent = tree.parent[:n].copy()
    while (joint := parent >= n).any():
        parent[joint] = tree.parent[parent[joint]]
    return parent, tree.flow(_with_joints(tree, voltage))[:n]


def _with_joints(tree: Tree, voltage: np.ndarray) -> np.ndarray:
    n_joints = len(tree.parent) - len(voltage)
    return tree.complete(np.concatenate([voltage, np.zeros((n_joints, voltage.shape[1]))]))
