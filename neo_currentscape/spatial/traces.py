"""The currents and voltages of all compartments, as they lie in the signals, and dense where asked.

Nothing is copied until some samples of all compartments are asked for: a cell of a thousand
compartments has more currents than one wants to hold twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from neo_currentscape.spatial.unread import Unread, by_source, places_of


@dataclass(frozen=True)
class Trace:
    """One current of one node.

    Attributes
    ----------
    node : int
    kind : int
        Which type of current.
    values : ndarray or Unread, shape (time,)
        As stored.
    factor : float
        Makes nA of them, outward positive.
    is_electrode : bool
        Whether the current comes from an electrode, not through the membrane.
    """

    node: int
    kind: int
    values: Any
    factor: float
    is_electrode: bool = False


@dataclass
class Traces:
    """All traces of a cell.

    Attributes
    ----------
    names : list of str
        Types of current.
    currents : list of Trace
    voltage : dict of int to (ndarray or Unread, float)
        Values as stored and the factor to mV, by node.
    clock : neo signal
        Any of them; they all have its times.
    remainders : dict of int to list of Trace
        Nodes at which currents are what the balance leaves, and these.
    outside : dict of int to (ndarray, float)
        Potential just outside the membrane, where it is not 0, as `voltage`.
    """

    names: list[str] = field(default_factory=list)
    currents: list[Trace] = field(default_factory=list)
    voltage: dict[int, tuple[Any, float]] = field(default_factory=dict)
    clock: Any = None
    remainders: dict[int, list[Trace]] = field(default_factory=dict)
    outside: dict[int, tuple[Any, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.clock.shape[0])

    def kind(self, name: str) -> int:
        """Position of a type, which is added where it is new."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    @property
    def electrodes(self) -> list[str]:
        """Types that hold the current of an electrode."""
        return list(dict.fromkeys(self.names[t.kind] for t in self.currents if t.is_electrode))

    def membrane(self, n_nodes: int, rows: slice) -> np.ndarray:
        """Dense currents of some samples, nA, outward positive; shape (node, type, time)."""
        first, last, _ = rows.indices(len(self))
        out = np.zeros((n_nodes, len(self.names), last - first))
        filled = np.zeros((n_nodes, len(self.names)), dtype=bool)
        for trace in self.currents:
            if isinstance(trace.values, Unread):
                continue
            place = trace.node, trace.kind
            if filled[place]:
                out[place] += trace.factor * trace.values[rows]
            else:
                np.multiply(trace.values[rows], trace.factor, out=out[place])
                filled[place] = True
        for source, columns, at, factors, are_apart in self._unread:
            values = source.read(rows, columns) * factors
            if are_apart:
                out[at] += values
            else:  # several synapses of one compartment are of one type
                np.add.at(out, at, values)
        return out

    @cached_property
    def _unread(self) -> list[tuple]:
        return places_of(self.currents)

    def voltages(self, n_nodes: int, rows: slice) -> np.ndarray:
        """Voltages of some samples in mV, NaN where none was recorded; shape (node, time)."""
        return self._filled(np.full((n_nodes, self._count(rows)), np.nan), self.voltage, rows)

    def outsides(self, n_nodes: int, rows: slice) -> np.ndarray:
        """Potentials just outside the membrane in mV, shape (node, time)."""
        return self._filled(np.zeros((n_nodes, self._count(rows))), self.outside, rows)

    def _filled(self, out: np.ndarray, by_node: Mapping[int, tuple[Any, float]], rows: slice) -> np.ndarray:
        held = list(by_node.items())
        for node, (values, factor) in held:
            if not isinstance(values, Unread):
                np.multiply(values[rows], factor, out=out[node])
        for source, columns, places in by_source([values for _, (values, _) in held]):
            factors = np.array([[held[place][1][1]] for place in places])
            out[[held[place][0] for place in places]] = source.read(rows, columns) * factors
        return out

    def _count(self, rows: slice) -> int:
        first, last, _ = rows.indices(len(self))
        return last - first
