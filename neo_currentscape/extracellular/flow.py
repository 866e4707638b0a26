r"""The dipole moment by what feeds and what draws the currents inside a cell: flow up, and flow down.

The current dipole moment is that of the axial currents,
:math:`\mathbf p = \sum_n i_n\,(\mathbf r_n - \mathbf r_{\mathrm{parent}(n)})`. Each of them comes from
inward membrane currents on one side and goes to outward ones on the other. With the rule of
`neo_currentscape.spatial.partition`, that what leaves a compartment is a well-mixed share of all that
enters it, the part :math:`x_{n,k}` of what enters n comes from current k, and the part :math:`y_{n,k}` of
what leaves it goes to current k. Half of an axial current from a to b is given to where it comes from, and
half to where it goes:

.. math:: \mathbf p_k = \sum_{a \to b} i_{ab}\,(\mathbf r_b - \mathbf r_a)\,\frac{x_{a,k} + y_{b,k}}{2} .

So currents that meet in one compartment, as sodium and potassium in a spike, share what flows from it and
to it, in place of large parts that cancel; and no origin is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from neo_currentscape.extracellular.dipole import UNIT, directions_of, middles
from neo_currentscape.extracellular.field import Field
from neo_currentscape.extracellular.forward import Forward
from neo_currentscape.extracellular.split import field_of, on_nodes
from neo_currentscape.spatial.members import members
from neo_currentscape.spatial.tree import rooted_at

if TYPE_CHECKING:
    from neo_currentscape.spatial.cell_recording import CellRecording


def dipole_by_flow(
    cell: CellRecording,
    axis: Any = None,
    *,
    by: Any = "type",
    regions: Any = None,
    t_start: Any = None,
    t_stop: Any = None,
) -> Field:
    """Split the current dipole moment of a cell by what feeds and what draws the currents inside it.

    Parameters
    ----------
    cell : CellRecording
        With 3-D points.
    axis : {"x", "y", "z"} or array_like, shape (3,), optional
        As for `neo_currentscape.extracellular.dipole`.
    by, regions
        What the parts are; see `neo_currentscape.spatial.grouping.attribute`.
    t_start, t_stop : Quantity, optional
        A window.

    Returns
    -------
    Field
        Its sum is that of `neo_currentscape.extracellular.dipole`; electrodes are sources.

    Raises
    ------
    ArgumentError
        When the cell has no 3-D points, or the axis is none.

    Notes
    -----
    A part says what flows, and not what a current changes: a weak one joins the flow that is there, also
    where it slows it.

    Examples
    --------
    A synapse draws current into the dendrite, which leaves at the soma 100 um below, where a pump and a
    channel flow besides:

    >>> import numpy as np, neo_currentscape as ncs
    >>> from neo_currentscape.recording.morphology import Morphology
    >>> points = [[[0, 0, -10, 10], [0, 0, 10, 10]], [[0, 0, 60, 1], [0, 0, 140, 1]]]
    >>> two = Morphology(
    ...     ["soma(0.5)", "dend(0.5)"],
    ...     [-1, 0],
    ...     [0, 2],
    ...     [300, 100],
    ...     [0, 100],
    ...     points=points,
    ... )
    >>> membrane = np.zeros((2, 4, 2))
    >>> membrane[0, 0], membrane[1, 1] = 1.0, -1.0
    >>> membrane[0, 2], membrane[0, 3] = 1.0, -1.0
    >>> cell = ncs.CellRecording.from_arrays(
    ...     membrane,
    ...     [[-70.0] * 2, [-68.0] * 2],
    ...     two,
    ...     names=["leak", "synapse", "pump", "channel"],
    ...     times=[0, 1],
    ... )
    >>> p = dipole_by_flow(cell, "z")
    >>> p.names, p.parts[0, :, 0]
    (['leak', 'synapse', 'pump'], array([-25., -50., -25.]))
    """
    directions, contacts = directions_of(axis)
    matrix = on_nodes(cell.morphology, directions @ middles(cell.morphology).T)
    names, group = members(cell, cell.nodes(), by, regions, None, in_order=False)
    rows, parent = cell.rows(t_start, t_stop), np.asarray(cell.morphology.parent)
    order = rooted_at(parent, int(np.argmin(parent))).order
    parts, net = np.zeros((len(matrix), len(names), rows.stop - rows.start)), 0.0
    for here, membrane, axial in cell.blocks(rows):
        own = _grouped(membrane, group, len(names))
        out = parts[:, :, here.start - rows.start : here.stop - rows.start]
        out[:] = _moments(own, axial, matrix, parent, order)
        net = max(net, float(np.abs(membrane.sum(axis=(0, 1))).max()))
    return field_of(cell, rows, names, parts, Forward(matrix, UNIT, contacts, True), net)


def _moments(
    own: tuple[np.ndarray, np.ndarray],
    axial: np.ndarray,
    matrix: np.ndarray,
    parent: np.ndarray,
    order: np.ndarray,
) -> np.ndarray:
    """The moments of all axial currents by current, shape (axis, current, time)."""
    origin, goal = ends_of(own, axial, parent, order)
    below = np.flatnonzero(parent >= 0)
    above = parent[below]
    outwards = (axial[below] > 0)[:, None]
    mixed = np.where(outwards, origin[above], origin[below])
    mixed += np.where(outwards, goal[below], goal[above])
    steps = matrix[:, below] - matrix[:, above]
    return np.einsum("cn,nt,nkt->ckt", steps, axial[below] / 2, mixed, optimize=True)


def ends_of(
    membrane: tuple[np.ndarray, np.ndarray], axial: np.ndarray, parent: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What part of what enters, and of what leaves, each node comes from, and goes to, each current.

    Parameters
    ----------
    membrane : (inward, outward), each ndarray, shape (node, current, time)
        Magnitudes of what enters through the membrane, and of what leaves.
    axial : ndarray, shape (node, time)
        From each node's parent into it; 0 for the root.
    parent : ndarray of int, shape (node,)
    order : ndarray of int, shape (node,)
        Nodes such that each comes after its parent.

    Returns
    -------
    origin, goal : ndarray, shape (node, current, time)
        Each sums to 1 over the currents, or to 0 where nothing flows.
    """
    into, out_of = np.maximum(axial, 0.0), np.maximum(-axial, 0.0)
    return _mixed(membrane[0], out_of, into, parent, order), _mixed(
        membrane[1], into, out_of, parent, order
    )


def _mixed(
    own: np.ndarray, up: np.ndarray, down: np.ndarray, parent: np.ndarray, order: np.ndarray
) -> np.ndarray:
    """Shares of what enters each node, of what flows from it to its parent (up) and from that (down).

    Flow along an edge has one direction, so what a node passes up is complete before anything comes down.
    """
    amount, total = own.copy(), own.sum(axis=1)
    for node in order[:0:-1]:
        above = parent[node]
        amount[above] += amount[node] * _part(up[node], total[node])
        total[above] += up[node]
    for node in order[1:]:
        above = parent[node]
        amount[node] += amount[above] * _part(down[node], total[above])
        total[node] += down[node]
    return np.divide(amount, total[:, None], out=amount, where=total[:, None] > 0)


def _part(flow: np.ndarray, total: np.ndarray) -> np.ndarray:
    return np.divide(flow, total, out=np.zeros_like(flow), where=total > 0)


def _grouped(membrane: np.ndarray, group: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Magnitudes of inward and outward currents, summed by group, each (node, group, time)."""
    found = np.zeros((2, len(membrane), count, membrane.shape[2]))
    for k in range(count):
        here = (group == k)[:, :, None]
        found[0, :, k] = (np.maximum(-membrane, 0.0) * here).sum(axis=1)
        found[1, :, k] = (np.maximum(membrane, 0.0) * here).sum(axis=1)
    return found[0], found[1]
