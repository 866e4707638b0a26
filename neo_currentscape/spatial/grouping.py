r"""Attribution of a target's current, summed by type, region, section or path distance.

The attributed current of type k in compartment n is :math:`W_n\,\mathrm{own}_{n,k}`
(`neo_currentscape.spatial.attribution`); any grouping is a sum over it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neo_currentscape.conventions.roles import AXIAL, OTHER
from neo_currentscape.recording.cuts import rows_of_slice
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.directed import directed, label_of
from neo_currentscape.spatial.members import members
from neo_currentscape.spatial.scape import AttributedCurrentscape, scape_of
from neo_currentscape.spatial.targets import groups_of


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
        Labels for ``by="region"``; see `neo_currentscape.recording.regions.labels`.
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

    Examples
    --------
    >>> cell.attribute("soma", by="region").plot()                       # doctest: +SKIP
    """
    nodes, rows = cell.nodes(target), cell.rows(t_start, t_stop)
    groups = groups_of(cell.morphology, nodes)
    names, member = members(cell, nodes, by, regions, bins)
    sums = np.zeros((2, len(names) + int(axial), rows.stop - rows.start))
    for here, own, flow, weight in directed(cell, rows, groups):
        at = slice(here.start - rows.start, here.stop - rows.start)
        for side in (0, 1):
            attributed = own[side]
            if not axial:
                np.multiply(attributed, weight[side][:, None], out=attributed)
            count = 1 if axial else len(attributed)
            sums[side, : len(names), at] = _sum_by(member[:count], attributed[:count], len(names))
            if axial:
                sums[side, -1, at] = flow[side]
    label = label_of(cell, target, nodes)
    used: np.ndarray = np.any(sums, axis=(0, 2))
    listed = [*names, AXIAL] if axial else names
    kept = [name for name, some in zip(listed, used, strict=True) if some]
    return Attribution(cell, nodes, label, kept, sums[0][used], sums[1][used], rows)


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
