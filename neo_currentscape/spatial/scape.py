"""An attribution as a Currentscape, so that every panel can draw it.

A group of currents may be outward and inward at the same time (a leak is inward in one branch and
outward in another), so its two directions are recorded as two currents and bundled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.columns import Columns, Extremes, reduce_recording

if TYPE_CHECKING:
    from neo_currentscape.spatial.grouping import Attribution


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
        self._asked: tuple[tuple, Columns] | None = None

    @property
    def names(self) -> list[str]:
        """Names of the groups."""
        return list(self._groups)

    @property
    def bundle(self) -> None:
        """None: no group is a bundle of small ones."""
        return None

    def columns(self, n_columns: int, t_start: float | None = None, t_stop: float | None = None) -> Columns:
        """Reduce to columns of time, as `Currentscape.columns`.

        The line of a group runs through both its inward and its outward current.
        """
        asked = (n_columns, t_start, t_stop)
        if self._asked is None or self._asked[0] != asked:
            found = reduce_recording(self.recording, n_columns, t_start, t_stop, None)
            self._asked = (asked, self._joined(found))
        return self._asked[1]

    def _joined(self, found: Columns) -> Columns:
        n, lines = len(self._groups), found.extremes["currents"]
        shares = {d: found.shares[d][:n] + found.shares[d][n:] for d in DIRECTIONS}
        both = Extremes(lines.low[n:], lines.high[:n])
        return replace(found, shares=shares, extremes={**found.extremes, "currents": both})


class AttributedCurrentscape(TwoSidedCurrentscape):
    """The currentscape of an attribution.

    Attributes
    ----------
    attribution : Attribution
    """

    attribution: Attribution


def scape_of(attribution: Attribution) -> AttributedCurrentscape:
    """Make the Currentscape of an attribution; see `Attribution.currentscape`."""
    signed = np.concatenate([attribution.outward, -attribution.inward]) + 0.0
    voltage = cell_voltage(attribution)
    recording = two_sided(signed, attribution.names, clock(attribution), "nA", voltage)
    found = AttributedCurrentscape(recording, attribution.names)
    found.attribution = attribution
    return found


def clock(attribution: Attribution) -> Any:
    """A signal with the times of an attribution."""
    return attribution.cell.traces.clock[attribution.rows]


def cell_voltage(attribution: Attribution) -> Any:
    """The voltage at the target in mV; of a merged one the mean, weighted with the areas."""
    cell, nodes = attribution.cell, attribution.target
    area = np.asarray(cell.morphology.area)[nodes]
    weight = area / area.sum() if area.sum() > 0 else np.full(len(nodes), 1 / len(nodes))
    some = np.zeros(attribution.outward.shape[1])
    unknown = [n for n in nodes if n not in cell.traces.voltage and area.sum() == 0]
    if unknown:
        some = cell.voltage(attribution.rows)[nodes[0]]
    else:
        for node, part in zip(nodes, weight, strict=True):
            if part > 0:
                stored, factor = cell.traces.voltage[node]
                some = some + part * factor * stored[attribution.rows]
    return values.like(clock(attribution), some[:, None], "mV", "v", role="voltage")


def two_sided(
    signed: np.ndarray, names: Sequence[str], like: Any, unit: str, voltage: Any = None
) -> Recording:
    """A Recording of positive parts and negative parts, (2 group, time)."""
    # A channel lies in one piece in memory.
    labels = [f"{name} {side}" for side in ("+", "-") for name in names]
    arrays = {"name": np.array(labels)}
    signal = values.like(like, signed.T, unit, "currents", array_annotations=arrays, role="current")
    return Recording(signal, voltage)
