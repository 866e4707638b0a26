"""Ask Jaxley for all that the currents of its compartments are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters.jaxley.run import base_of, has_mechanism, nodes_of


def record(module: Any) -> None:
    """Let the next ``jaxley.integrate`` keep what the currents of compartments are made of.

    Those are the voltage, the states of every channel, the membrane currents, and of the synapses that end
    there their states, currents and presynaptic voltages. `to_segment` then knows each current, and how it
    depends on the voltage. Jaxley's own ``record`` is called for each; what it was asked for before stays.

    Parameters
    ----------
    module : jaxley.Module or View
        A compartment, branch, cell or network, or a part of one: ``cell.branch(0).comp(1)``. For the axial
        current of a compartment its neighbours need their voltage: record the whole cell, or ``"v"`` of it.

    Examples
    --------
    >>> import jaxley as jx                                              # doctest: +SKIP
    >>> record(cell)                                                     # doctest: +SKIP
    >>> segment = to_segment(cell, jx.integrate(cell))                   # doctest: +SKIP
    """
    base, nodes = base_of(module), nodes_of(module)
    _ask(base, nodes, "v")
    for mechanism in [*base.channels, *base.pumps]:
        inside = nodes[has_mechanism(base, mechanism, nodes)]
        if not len(inside):
            continue
        for state in mechanism.channel_states:
            _ask(base, inside, state)
        if mechanism in base.channels:
            _ask(base, inside, mechanism.current_name)
    for synapse in base.synapses:
        edges = base.edges[(base.edges["type"] == synapse._name) & base.edges["post_index"].isin(nodes)]
        if len(edges):
            _ask(base, np.unique(edges["pre_index"].to_numpy()), "v")
            part = base.select(edges=edges["global_edge_index"].to_numpy())
            for state in [*synapse.synapse_states, f"i_{synapse._name}"]:
                part.record(state, verbose=False)


def _ask(base: Any, nodes: np.ndarray, state: str) -> None:
    base.select(nodes=nodes).record(state, verbose=False)
