"""What part of a target's current each compartment contributes, at a time or over a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.recording import timebase
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.directed import directed, label_of
from neo_currentscape.spatial.targets import groups_of


@dataclass(frozen=True, eq=False)
class CompartmentMap:
    """What part of a target's current each compartment contributes.

    Attributes
    ----------
    cell : Cell
    label : str
        Name of the target.
    target : ndarray of int
        Its nodes.
    outward, inward : ndarray, shape (node,)
        Part of the total charge of that direction in the window, each sums to 1 (to less where only some
        types were asked for).
    types : list of str
        Which types count.
    """

    cell: Cell
    label: str
    target: np.ndarray
    outward: np.ndarray
    inward: np.ndarray
    types: list[str]

    def of(self, direction: str) -> np.ndarray:
        """The contributions in one direction, shape (node,).

        Parameters
        ----------
        direction : {"outward", "inward"}

        Returns
        -------
        np.ndarray
            Of shape (node,), in the unit of the map.
        """
        if direction not in ("outward", "inward"):
            raise unknown_name("direction", direction, ("outward", "inward"))
        return self.outward if direction == "outward" else self.inward


def map_of(
    cell: Cell,
    target: Any = None,
    *,
    types: str | Sequence[str] | None = None,
    time: Any = None,
    t_start: Any = None,
    t_stop: Any = None,
) -> CompartmentMap:
    """Contribution of each compartment to a target's current, at a time or over a window.

    Parameters
    ----------
    cell : Cell
    target : str, int or sequence, optional
        As for `neo_currentscape.spatial.grouping.attribute`; the compartments of a merged target share its
        contribution by their area.
    types : str or list of str, optional
        Only these types of current; all of them by default.
    time : Quantity, optional
        One moment: the nearest sample.
    t_start, t_stop : Quantity, optional
        A window; the whole recording by default.

    Returns
    -------
    CompartmentMap

    Examples
    --------
    >>> ncs.Figure(ncs.TreePanel(cell.map("soma")))                      # doctest: +SKIP
    """
    rows = cell.rows(t_start, t_stop)
    if time is not None:
        at = _nearest(cell, time)
        rows = slice(at, at + 1)
    nodes = cell.nodes(target)
    groups = groups_of(cell.morphology, nodes)
    known = cell.types
    chosen = known if types is None else [types] if isinstance(types, str) else list(types)
    for name in chosen:
        if name not in known:
            raise unknown_name("type", name, known)
    wanted = np.array([name in chosen for name in known])
    durations = _durations(cell)
    found, total = np.zeros((2, groups.max() + 1)), np.zeros(2)
    for here, own, _, weight in directed(cell, rows, groups):
        span = (
            durations[here] if isinstance(durations, np.ndarray) else np.full(here.stop - here.start, 1.0)
        )
        for side in (0, 1):
            time_of = weight[side] * span
            total[side] += np.einsum("nkt,nt->", own[side], time_of)
            found[side] += np.einsum("nkt,nt->n", own[side][:, wanted], time_of)
    parts = np.divide(found, total[:, None], out=np.zeros_like(found), where=total[:, None] > 0)
    spread = _spread(cell, groups, nodes)
    label = label_of(cell, target, nodes)
    return CompartmentMap(cell, label, nodes, parts[0][groups] * spread, parts[1][groups] * spread, chosen)


def _spread(cell: Cell, groups: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    part = np.ones(len(groups))
    area = np.asarray(cell.morphology.area)[nodes]
    part[nodes] = area / area.sum() if area.sum() > 0 else 1.0 / len(nodes)
    return part


def _durations(cell: Cell) -> Any:
    return timebase.sample_durations(cell.traces.clock, "ms")


def _nearest(cell: Cell, time: Any) -> int:
    wanted = units.scalar(time, "ms", "time")
    first, last = timebase.span(cell.traces.clock, "ms")
    if not first <= wanted <= last:
        raise ArgumentError(f"time={wanted:g} ms is outside of the recording, {first:g} to {last:g} ms.")
    times = timebase.float_times(cell.traces.clock, "ms")
    return int(np.argmin(np.abs(times - wanted)))
