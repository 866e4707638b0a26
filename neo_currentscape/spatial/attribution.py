r"""Attribution of the current at one place to the membrane currents of the whole cell.

The extended currentscape (Fogel & Ujfalussy, eLife reviewed preprint 108352). In every compartment
the current that leaves it is taken to be a well-mixed share of all that enters it. For the outward
side, with :math:`\mathrm{own}_{n,k} = \max(I_{n,k}, 0)` and :math:`f_c` the axial current into child c
where that is positive, else 0,

.. math::

   S_n &= \sum_k \mathrm{own}_{n,k} + \sum_{c \in \mathrm{children}(n)} f_c, \qquad
   g_c = f_c / S_c \;(0 \text{ where } S_c = 0), \\
   W_\mathrm{target} &= 1, \quad W_c = W_\mathrm{parent} \, g_c, \qquad
   A_k = \sum_n W_n \, \mathrm{own}_{n,k};

for the inward side with the minimum, and :math:`f_c` where it is negative. Time points are independent.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.spatial.tree import RootedTree, check_parent, rooted_at

#: Values (nodes x currents x times) that are looked at together, which bounds the memory.
BLOCK_VALUES = 1 << 21


def partition(
    membrane: np.ndarray, axial: np.ndarray, parent: np.ndarray, target: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Attribute the current at a target to the membrane currents of the whole cell.

    Parameters
    ----------
    membrane : array_like, shape (node, current, time)
        Membrane currents in nA, outward positive.
    axial : array_like, shape (node, time)
        Axial current from each node's parent into the node, in nA; the root's is not used.
    parent : array_like of int, shape (node,)
        Index of each node's parent, -1 for the root.
    target : int
        The node at which the current is attributed.

    Returns
    -------
    outward, inward : ndarray, shape (current, time)
        In nA, outward >= 0 and inward <= 0: the target's own currents and what reaches it along the
        tree, by current. The sum over the currents is the target's own current of that direction
        plus the axial current of that direction.

    Raises
    ------
    ArgumentError
        When the shapes do not fit, or the parents are not one tree.
    SignalError
        When a compartment holds NaN or infinite values.

    Examples
    --------
    A dendrite with an inward synaptic current that flows into the soma and out of it there:

    >>> membrane = np.array(
    ...     [[[2.0], [0.0]], [[0.0], [-2.0]]]
    ... )  # soma: leak out; dendrite: synapse in
    >>> axial = np.array([[0.0], [-2.0]])  # from the dendrite into the soma
    >>> outward, inward = partition(membrane, axial, [-1, 0])
    >>> outward.ravel(), inward.ravel()
    (array([2., 0.]), array([ 0., -2.]))
    """
    membrane, axial, tree = _checked(membrane, axial, parent, target)
    n_currents, n_times = membrane.shape[1:]
    outward, inward = np.empty((n_currents, n_times)), np.empty((n_currents, n_times))
    for times in _blocks(membrane.shape):
        for sign, out in ((1.0, outward), (-1.0, inward)):
            own, flow = _one_direction(membrane, axial, tree, times, sign)
            weight = _weights(own.sum(axis=1), flow, tree)
            # Adding 0.0 turns the -0.0 of an absent inward current into 0.0.
            out[:, times] = sign * np.einsum("nt,nkt->kt", weight, own) + 0.0
    return outward, inward


def weights(
    membrane: np.ndarray, axial: np.ndarray, parent: np.ndarray, target: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """The part of each compartment's current that reaches the target.

    Parameters
    ----------
    membrane, axial, parent, target
        As for `partition`.

    Returns
    -------
    outward, inward : ndarray, shape (node, time)
        Between 0 and 1 where the compartments balance; 1 at the target.

    Examples
    --------
    >>> membrane = np.array([[[2.0], [0.0]], [[0.0], [-2.0]]])  # leak out; synapse in
    >>> axial = np.array([[0.0], [-2.0]])  # from the dendrite into the soma
    >>> outward, inward = weights(membrane, axial, [-1, 0])
    >>> outward.ravel(), inward.ravel()
    (array([1., 0.]), array([1., 1.]))
    """
    membrane, axial, tree = _checked(membrane, axial, parent, target)
    found = [np.empty(axial.shape), np.empty(axial.shape)]
    for times in _blocks(membrane.shape):
        for sign, out in zip((1.0, -1.0), found, strict=True):
            own, flow = _one_direction(membrane, axial, tree, times, sign)
            out[:, times] = _weights(own.sum(axis=1), flow, tree)
    return found[0], found[1]


def by_compartment(
    membrane: np.ndarray, axial: np.ndarray, parent: np.ndarray, target: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Attribute the current at a target to every compartment and current.

    Any grouping (by current, region, distance, branch) is a sum over the result.

    Parameters
    ----------
    membrane, axial, parent, target
        As for `partition`.

    Returns
    -------
    outward, inward : ndarray, shape (node, current, time)
        In nA, outward >= 0 and inward <= 0.

    Examples
    --------
    >>> membrane = np.array([[[2.0], [0.0]], [[0.0], [-2.0]]])  # leak out; synapse in
    >>> axial = np.array([[0.0], [-2.0]])  # from the dendrite into the soma
    >>> outward, inward = by_compartment(membrane, axial, [-1, 0])
    >>> outward[..., 0], inward[..., 0]
    (array([[2., 0.],
           [0., 0.]]), array([[ 0.,  0.],
           [ 0., -2.]]))
    """
    outward, inward = weights(membrane, axial, parent, target)
    membrane = np.asarray(membrane, dtype=float)
    return np.maximum(membrane, 0) * outward[:, None], np.minimum(membrane, 0) * inward[:, None]


def flows(
    membrane: np.ndarray, axial: np.ndarray, tree: RootedTree, sign: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the attribution of one direction is made of; nothing is checked.

    Parameters
    ----------
    membrane : ndarray, shape (node, current, time)
    axial : ndarray, shape (node, time)
    tree : RootedTree
        Seen from the target.
    sign : float
        1.0 for the outward side, -1.0 for the inward side.

    Returns
    -------
    own : ndarray, shape (node, current, time)
        Magnitudes of the membrane currents of that direction.
    axial : ndarray, shape (time,)
        Magnitude of the axial current of that direction at the target.
    weight : ndarray, shape (node, time)
        The part of each node's own current that reaches the target.
    """
    own, flow = _one_direction(membrane, axial, tree, slice(None), sign)
    target = tree.order[0]
    return own, flow[tree.parent == target].sum(axis=0), _weights(own.sum(axis=1), flow, tree)


def _checked(
    membrane: np.ndarray, axial: np.ndarray, parent: np.ndarray, target: int
) -> tuple[np.ndarray, np.ndarray, RootedTree]:
    membrane, axial = np.asarray(membrane, dtype=float), np.asarray(axial, dtype=float)
    nodes = check_parent(parent)
    if membrane.ndim != 3 or len(membrane) != len(nodes):
        raise ArgumentError(
            f"membrane has shape {membrane.shape} for {len(nodes)} nodes: it is (node, current, time)."
        )
    if axial.shape != (len(nodes), membrane.shape[2]):
        raise ArgumentError(
            f"axial has shape {axial.shape}, but membrane {membrane.shape}: axial is (node, time) on "
            "the same times."
        )
    axial = np.where((nodes < 0)[:, None], 0.0, axial)
    for name, array in (("membrane", membrane), ("axial", axial)):
        _refuse_nan(name, array)
    return membrane, axial, rooted_at(nodes, target)


def _refuse_nan(name: str, array: np.ndarray) -> None:
    if np.isfinite(array.sum()):
        return
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        raise SignalError(
            f"{name} of node {bad[0][0]} holds {array[tuple(bad[0])]} at sample {bad[0][-1]}: record that "
            "compartment, or leave those times out."
        )


def _blocks(shape: tuple[int, ...]) -> Iterator[slice]:
    n_nodes, n_currents, n_times = shape
    step = max(1, BLOCK_VALUES // max(1, n_nodes * n_currents))
    for start in range(0, n_times, step):
        yield slice(start, min(start + step, n_times))


def _one_direction(
    membrane: np.ndarray, axial: np.ndarray, tree: RootedTree, times: slice, sign: float
) -> tuple[np.ndarray, np.ndarray]:
    """Magnitudes of the own currents (node, current, time) and of the axial inflow (node, time)."""
    if sign > 0:
        own = np.maximum(membrane[:, :, times], 0.0)
    else:
        own = np.minimum(membrane[:, :, times], 0.0)
        np.negative(own, out=own)
    flow = np.where(tree.flipped, -sign, sign)[:, None] * axial[tree.edge, times]
    flow[tree.edge < 0] = 0.0
    return own, np.maximum(flow, 0.0, out=flow)


def _weights(own: np.ndarray, flow: np.ndarray, tree: RootedTree) -> np.ndarray:
    """Two passes over the tree: what each node passes on, then how much of it arrives."""
    total = own.copy()
    for node in tree.order[:0:-1]:
        total[tree.parent[node]] += flow[node]
    passed = np.divide(flow, total, out=np.zeros_like(flow), where=total > 0)
    weight = np.ones_like(flow)
    for node in tree.order[1:]:
        np.multiply(weight[tree.parent[node]], passed[node], out=weight[node])
    return weight
