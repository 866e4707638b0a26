r"""Attribution of a target's current, summed by type, region, section or path distance.

The attributed current of type k in compartment n is :math:`W_n\,\mathrm{own}_{n,k}`
(`neo_currentscape.spatial.attribution`); any grouping is a sum over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.conventions.roles import AXIAL, OTHER
from neo_currentscape.recording import timebase
from neo_currentscape.recording.cuts import rows_of_slice
from neo_currentscape.spatial.attribution import flows
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.members import members
from neo_currentscape.spatial.merging import merge
from neo_currentscape.spatial.scape import AttributedCurrentscape, scape_of
from neo_currentscape.spatial.targets import groups_of
from neo_currentscape.spatial.tree import rooted_at


@dataclass(frozen=True, eq=False)
class Attribution:
    """The current at a target, by what it is attributed to.

    Attributes
    ----------
    cell : Cell
    target : ndarray of int
        The nodes that are the target.
    label : str
        Name of the target.
    names : list of str
        Groups.
    outward, inward : ndarray, shape (group, time)
        In nA, both >= 0.
    rows : slice
        Which samples of the cell.
    """

    cell: Cell
    target: np.ndarray
    label: str
    names: list[str]
    outward: np.ndarray
    inward: np.ndarray
    rows: slice

    def currentscape(self) -> AttributedCurrentscape:
        """A Currentscape that every panel takes, with the voltage at the target.

        Returns
        -------
        Currentscape
        """
        found = scape_of(self.cell, self.target, self.rows, self.names, self.outward, self.inward)
        found.attribution = self
        return found

    def plot(self, **options: Any) -> Any:
        """Draw voltage, totals and shares; see `neo_currentscape.spatial.figures`.

        Parameters
        ----------
        **options
            As for `neo_currentscape.Figure`, and by the names of panels.

        Returns
        -------
        neo_currentscape.Figure
        """
        from neo_currentscape.spatial.figures import attribution_figure

        return attribution_figure(self, **options)

    def slice(self, t_start: Any = None, t_stop: Any = None) -> Attribution:
        """Cut out a stretch of time; the values are not copied. See `neo_currentscape.Recording.slice`.

        Parameters
        ----------
        t_start, t_stop : Quantity, optional
            The samples with ``t_start <= t < t_stop`` are kept.

        Returns
        -------
        Attribution

        Raises
        ------
        SignalError
            When fewer than two samples are left.
        """
        here = rows_of_slice(self.cell.traces.clock[self.rows], t_start, t_stop)
        first = self.rows.start
        both = {side: getattr(self, side)[:, here] for side in ("outward", "inward")}
        return replace(self, rows=slice(first + here.start, first + here.stop), **both)

    def top(self, n: int) -> Attribution:
        """The n groups of the largest charge; the others are summed as "other".

        Parameters
        ----------
        n : int

        Returns
        -------
        Attribution
        """
        if n >= len(self.names):
            return self
        rank = np.argsort(-(self.outward + self.inward).sum(axis=1), kind="stable")
        kept, rest = np.sort(rank[:n]), rank[n:]
        parts = [np.vstack([a[kept], a[rest].sum(axis=0)]) for a in (self.outward, self.inward)]
        names = [*(self.names[k] for k in kept), OTHER]
        return Attribution(self.cell, self.target, self.label, names, parts[0], parts[1], self.rows)


def attribute(
    cell: Cell,
    target: Any = None,
    *,
    by: Any = "type",
    regions: Any = None,
    bins: Any = None,
    axial: bool = False,
    t_start: Any = None,
    t_stop: Any = None,
) -> Attribution:
    """Attribute the current at a target to the membrane currents of the whole cell.

    Parameters
    ----------
    cell : Cell
    target : str, int or sequence, optional
        A site, a section (its compartments merged into one), a region, or several; the root by default.
    by : {"type", "region", "section", "site", "distance"}, tuple of them, or callable
        What the result is grouped by; a tuple for every combination; or a function of site and type.
    regions : mapping, callable or sequence, optional
        Labels for ``by="region"``; see `neo_currentscape.recording.morphology.labels`.
    bins : float or sequence of float, optional
        Width, or borders, in um, of the bins of path distance from the target.
    axial : bool
        True to attribute nothing: the target's own currents, and what flows along the cable as "axial".
    t_start, t_stop : Quantity, optional
        A window.

    Returns
    -------
    Attribution
        The groups sum to the target's own current of each direction plus the axial current of that
        direction.

    Raises
    ------
    UnknownNameError
        When the target or grouping is not known.
    ArgumentError
        When the target's nodes do not touch each other.

    Warns
    -----
    CurrentscapeWarning
        When more than 1 % of the current of a compartment is unexplained, or regions leave some out.
    """
    nodes, rows = cell.nodes(target), cell.rows(t_start, t_stop)
    groups = groups_of(cell.morphology, nodes)
    names, member = members(cell, nodes, by, regions, bins)
    sums = np.zeros((2, len(names) + int(axial), rows.stop - rows.start))
    for here, own, flow, weight in _directed(cell, rows, groups):
        at = slice(here.start - rows.start, here.stop - rows.start)
        for side in (0, 1):
            attributed = own[side]
            if not axial:
                np.multiply(attributed, weight[side][:, None], out=attributed)
            count = 1 if axial else len(attributed)
            sums[side, : len(names), at] = _sum_by(member[:count], attributed[:count], len(names))
            if axial:
                sums[side, -1, at] = flow[side]
    label = _label(cell, target, nodes)
    used: np.ndarray = np.any(sums, axis=(0, 2))
    listed = [*names, AXIAL] if axial else names
    kept = [name for name, some in zip(listed, used, strict=True) if some]
    return Attribution(cell, nodes, label, kept, sums[0][used], sums[1][used], rows)


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
        As for `attribute`; the compartments of a merged target share its contribution by their area.
    types : str or list of str, optional
        Only these types of current; all of them by default.
    time : Quantity, optional
        One moment: the nearest sample.
    t_start, t_stop : Quantity, optional
        A window; the whole recording by default.

    Returns
    -------
    CompartmentMap
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
    for here, own, _, weight in _directed(cell, rows, groups):
        span = (
            durations[here] if isinstance(durations, np.ndarray) else np.full(here.stop - here.start, 1.0)
        )
        for side in (0, 1):
            time_of = weight[side] * span
            total[side] += np.einsum("nkt,nt->", own[side], time_of)
            found[side] += np.einsum("nkt,nt->n", own[side][:, wanted], time_of)
    parts = np.divide(found, total[:, None], out=np.zeros_like(found), where=total[:, None] > 0)
    spread = _spread(cell, groups, nodes)
    label = _label(cell, target, nodes)
    return CompartmentMap(cell, label, nodes, parts[0][groups] * spread, parts[1][groups] * spread, chosen)


def _directed(cell: Cell, rows: slice, groups: np.ndarray) -> Any:
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


def _sum_by(member: np.ndarray, values: np.ndarray, n_groups: int) -> np.ndarray:
    """Sum currents (node, type, time) by the group (node, type) that each belongs to."""
    if (member == member[:1]).all():
        rows, values = member[0], values.sum(axis=0)
    elif (member == member[:, :1]).all():
        rows, values = member[:, 0], values.sum(axis=1)
    else:
        rows, values = member.ravel(), values.reshape(-1, values.shape[2])
    order = np.argsort(rows, kind="stable")
    present, starts = np.unique(rows[order], return_index=True)
    out = np.zeros((n_groups, values.shape[1]))
    out[present] = np.add.reduceat(values[order], starts, axis=0)
    return out


def _label(cell: Cell, target: Any, nodes: np.ndarray) -> str:
    if isinstance(target, str):
        return target
    if len(nodes) == 1:
        return cell.sites[nodes[0]]
    sections = list(dict.fromkeys(cell.morphology.sections[n] for n in nodes))
    return sections[0] if len(sections) == 1 else f"{sections[0]} and {len(sections) - 1} more"


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
