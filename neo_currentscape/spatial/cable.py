"""Axial currents from voltages and resistances, and the voltages of joints from their neighbours'."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.morphology import Morphology


class Cable:
    r"""The resistances of a tree.

    A joint stores no charge, so its potential is
    :math:`v_j = (\sum_n g_n v_n - I_j) / \sum_n g_n` with the conductances to its neighbours and the
    membrane current :math:`I_j` of point processes that sit on it.

    Parameters
    ----------
    morphology : Morphology
    known : set of int
        Nodes whose voltage was recorded.

    Raises
    ------
    SelectionError
        When the voltage of two neighbouring joints is unknown.
    """

    def __init__(self, morphology: Morphology, known: set[int]) -> None:
        self.parent = np.asarray(morphology.parent)
        self.below = np.flatnonzero(self.parent >= 0)
        self.above = self.parent[self.below]
        self.siemens = np.zeros(len(self.parent))
        self.siemens[self.below] = 1.0 / np.asarray(morphology.resistance)[self.below]
        self.unknown = {n for n in range(len(self.parent)) if n not in known}
        for n in self.unknown:
            if self.parent[n] in self.unknown:
                raise SelectionError(
                    f"Neither {morphology.sites[n]} nor {morphology.sites[self.parent[n]]} next to it has "
                    "a voltage: record one of them."
                )
        self._neighbours = {n: self._around(n) for n in self.unknown}

    def _around(self, node: int) -> tuple[np.ndarray, np.ndarray]:
        children = np.flatnonzero(self.parent == node)
        nodes, siemens = children, self.siemens[children]
        if self.parent[node] >= 0:
            nodes = np.append(nodes, self.parent[node])
            siemens = np.append(siemens, self.siemens[node])
        return nodes, siemens

    def complete(self, voltage: np.ndarray, injected: Mapping[int, np.ndarray]) -> np.ndarray:
        """Fill in the voltages of joints (node, time), in place."""
        for node, (nodes, siemens) in self._neighbours.items():
            total = siemens @ voltage[nodes] - injected.get(node, 0.0)
            voltage[node] = total / siemens.sum()
        return voltage

    def flow(self, voltage: np.ndarray) -> np.ndarray:
        """Axial current from the parent into each node (node, time), in nA."""
        out = np.zeros_like(voltage)
        np.subtract(voltage[self.above], voltage[self.below], out=out[: len(self.below)])
        difference = out[: len(self.below)] * self.siemens[self.below, None]
        out[:] = 0.0
        out[self.below] = difference
        return out

    def inflow(self, axial: np.ndarray) -> np.ndarray:
        """What flows into each node from all its neighbours (node, time), in nA."""
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
        return 8 * np.finfo(float).eps * 100.0 * self.through(self.siemens[:, None])[:, 0] * 2
