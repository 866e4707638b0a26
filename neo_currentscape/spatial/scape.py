"""An attribution as a Currentscape, so that every panel can draw it.

A group of currents may be outward and inward at the same time (a leak is inward in one branch and
outward in another), so its two directions are recorded as two currents and bundled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.columns import Columns, Extremes, reduce_recording
from neo_currentscape.spatial.cell import Cell


class TwoSidedCurrentscape(Currentscape):
    """A Currentscape of parts that may have both directions at once.

    Parameters
    ----------
    recording : Recording
        The positive parts of all groups, then the negative ones, in the same order.
    names : sequence of str
        Of the groups.
    """

    def __init__(self, recording: Recording, names: Sequence[str]) -> None:
        super().__init__(recording)
        self._groups = list(names)
        self._bundle = np.vstack([np.eye(len(self._groups))] * 2)

    @property
    def names(self) -> list[str]:
        """Names of the groups."""
        return list(self._groups)

    @property
    def bundle(self) -> None:
        """None: no group is a bundle of small ones."""
        return None

    def _reduced(self, n_columns: int, t_start: float | None, t_stop: float | None, flows: bool) -> Columns:
        """The line of a group runs through both its inward and its outward current."""
        return self._joined(reduce_recording(self.recording, n_columns, t_start, t_stop, None, flows))

    def _joined(self, found: Columns) -> Columns:
        n, lines = len(self._groups), found.extremes["currents"]
        shares = {d: found.shares[d][:n] + found.shares[d][n:] for d in DIRECTIONS}
        both = Extremes(lines.low[n:], lines.high[:n])
        flows = found.flows and {d: found.flows[d][:n] + found.flows[d][n:] for d in DIRECTIONS}
        return replace(found, shares=shares, extremes={**found.extremes, "currents": both}, flows=flows)


class AttributedCurrentscape(TwoSidedCurrentscape):
    """The currentscape of an attribution.

    Attributes
    ----------
    attribution : neo_currentscape.spatial.Attribution
    """

    attribution: Any = None


def scape_of(
    cell: Cell,
    target: np.ndarray,
    rows: slice,
    names: Sequence[str],
    outward: np.ndarray,
    inward: np.ndarray,
) -> AttributedCurrentscape:
    """Make the Currentscape of an attribution.

    Parameters
    ----------
    cell : Cell
    target : ndarray of int
        The nodes that are the target.
    rows : slice
        Which samples of the cell.
    names : sequence of str
        Groups.
    outward, inward : ndarray, shape (group, time)
        In nA, both >= 0.

    Returns
    -------
    AttributedCurrentscape
        With the voltage at the target.
    """
    signed = np.concatenate([outward, -inward]) + 0.0
    voltage = cell_voltage(cell, target, rows)
    return AttributedCurrentscape(two_sided(signed, names, cell.traces.clock[rows], "nA", voltage), names)


def cell_voltage(cell: Cell, nodes: np.ndarray, rows: slice) -> Any:
    """The voltage at some nodes in mV; of several the mean, weighted with the areas."""
    clock = cell.traces.clock[rows]
    area = np.asarray(cell.morphology.area)[nodes]
    weight = area / area.sum() if area.sum() > 0 else np.full(len(nodes), 1 / len(nodes))
    some = np.zeros(len(clock))
    unknown = [n for n in nodes if n not in cell.traces.voltage and area.sum() == 0]
    if unknown:
        some = cell.voltage(rows)[nodes[0]]
    else:
        for node, part in zip(nodes, weight, strict=True):
            if part > 0:
                stored, factor = cell.traces.voltage[node]
                some = some + part * factor * stored[rows]
    return values.like(clock, some[:, None], "mV", "v", role="voltage")


def two_sided(
    signed: np.ndarray, names: Sequence[str], like: Any, unit: str, voltage: Any = None
) -> Recording:
    """A Recording of positive parts and negative parts, (2 group, time)."""
    # A channel lies in one piece in memory.
    labels = [f"{name} {side}" for side in ("+", "-") for name in names]
    arrays = {"name": np.array(labels)}
    signal = values.like(like, signed.T, unit, "currents", array_annotations=arrays, role="current")
    return Recording(signal, voltage)
