"""Currents through gap junctions, from the running NEST.

I_gap = sum over the partners of w (V - V_partner), outward positive. NEST does not record it; the
voltage of every partner has to be recorded at the same times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters.nest.grid import Channels
from neo_currentscape.conventions.errors import warn


def current(nest: Any, nodes: np.ndarray, voltage: Channels) -> np.ndarray | None:
    """The current through all gap junctions of some neurons.

    Parameters
    ----------
    nest : module
    nodes : ndarray of int, shape (node,)
        Neurons of one model.
    voltage : Channels
        The recorded V_m (mV), of all neurons.

    Returns
    -------
    ndarray of float, shape (time, node), or None
        In pA, outward positive; None where there is no gap junction, or a partner was not recorded
        (of which a warning tells).
    """
    own = links(nest, nodes)
    if len(own) == 0:
        return None
    found = {key: np.atleast_1d(value) for key, value in own.get(["source", "target", "weight"]).items()}
    absent = np.setdiff1d(found["source"], voltage.nodes)
    if len(absent):
        warn(
            f"The gap junction current of node {found['target'][0]} is left out, because V_m of its "
            f"partner {absent[0]} was not recorded: connect the multimeter to all partners."
        )
        return None
    weights = np.zeros((len(voltage.nodes), len(nodes)))
    rows, columns = np.searchsorted(voltage.nodes, found["source"]), np.searchsorted(nodes, found["target"])
    np.add.at(weights, (rows, columns), found["weight"])
    return voltage.of(nodes) * weights.sum(axis=0) - voltage.values @ weights


def links(nest: Any, nodes: np.ndarray) -> Any:
    """The gap junctions to some nodes, as NEST's SynapseCollection."""
    return nest.GetConnections(target=nest.NodeCollection(nodes.tolist()), synapse_model="gap_junction")
