"""An attribution as a Currentscape, so that every panel can draw it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.recording import values
from neo_currentscape.reduction.two_sided import TwoSided, two_sided
from neo_currentscape.spatial.cell import Cell

if TYPE_CHECKING:
    from typing_extensions import Self


class TwoSidedCurrentscape(TwoSided, Currentscape):
    """A Currentscape of parts that may have both directions at once; see `TwoSided`."""


class AttributedCurrentscape(TwoSidedCurrentscape):
    """The currentscape of an attribution.

    Attributes
    ----------
    attribution : neo_currentscape.spatial.Attribution
    """

    attribution: Any = None

    def slice(self, t_start: Any = None, t_stop: Any = None) -> Self:
        """Cut out a stretch of time, also of the attribution; see `Currentscape.slice`."""
        cut, whole = super().slice(t_start, t_stop), self.attribution
        if whole is not None:
            cut.attribution = whole.slice(t_start, t_stop)
        return cut


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
