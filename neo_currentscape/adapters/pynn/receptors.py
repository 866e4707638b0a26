"""Synapses that nobody uses: a conductance on which no projection ends is zero, recorded or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

#: The receptor of each synaptic variable of the standard cell types.
RECEPTORS = {
    "gsyn_exc": "excitatory",
    "gsyn_inh": "inhibitory",
    "isyn_exc": "excitatory",
    "isyn_inh": "inhibitory",
}

#: Devices whose connections in NEST are no synapses.
_DEVICES = (
    "multimeter",
    "voltmeter",
    "dc_generator",
    "ac_generator",
    "step_current_generator",
    "noise_generator",
)


def receptor_of(variable: str) -> str | None:
    """The receptor that a variable belongs to; None for what is no synapse's.

    Examples
    --------
    >>> receptor_of("gsyn_inh"), receptor_of("AMPA.gsyn"), receptor_of("v")
    ('inhibitory', 'AMPA', None)
    """
    name, _, kind = variable.rpartition(".")
    return name if name and kind in ("gsyn", "isyn") else RECEPTORS.get(variable)


def unused(root: Any, variables: Sequence[str]) -> list[str]:
    """Of some variables those whose receptor no projection ends on.

    Parameters
    ----------
    root : pyNN Population
        The whole population.
    variables : sequence of str
        Names as in `neo_currentscape.adapters.pynn.models.VARIABLES`.

    Returns
    -------
    list of str
        What is no synapse's variable is never among them.
    """
    synaptic = {name: receptor for name in variables if (receptor := receptor_of(name))}
    if not synaptic:
        return []
    find = {"NEURON": _used_in_neuron, "NEST": _used_in_nest, "Brian2": _used_in_brian2}
    used = find[root._simulator.name](root, sorted(set(synaptic.values())))
    return [name for name, receptor in synaptic.items() if receptor not in used]


def _used_in_neuron(root: Any, receptors: Sequence[str]) -> set[str]:
    from neuron import h

    solver = h.CVode()
    found = set()
    for receptor in receptors:
        for cell in root.local_cells:
            target = getattr(cell._cell, receptor, None)
            if target is None or solver.netconlist("", "", target).count():
                found.add(receptor)
                break
    return found


def _used_in_nest(root: Any, receptors: Sequence[str]) -> set[str]:
    import nest

    connections = nest.GetConnections(target=root.node_collection)
    if not len(connections):
        return set()
    keys = ("source", "receptor", "weight")
    sources, ports, weights = (np.atleast_1d(connections.get(key)) for key in keys)
    devices = {
        int(node)
        for node in np.unique(sources)
        if str(nest.NodeCollection([int(node)]).get("model")) in _DEVICES
    }
    kept = np.array([int(node) not in devices for node in sources])
    celltype = root.celltype
    if celltype.standard_receptor_type:
        # One port for both, told apart by the sign of the weight.
        signs = {"excitatory": weights > 0, "inhibitory": weights < 0}
        return {receptor for receptor in receptors if np.any(kept & signs[receptor])}
    return {r for r in receptors if np.any(kept & (ports == celltype.get_receptor_type(r)))}


def _used_in_brian2(root: Any, receptors: Sequence[str]) -> set[str]:
    from brian2 import Synapses

    network = root._simulator.state.network
    ending = [o for o in network.objects if isinstance(o, Synapses) and o.target is root.brian2_group]
    names = root.celltype.post_synaptic_variables
    code = "\n".join(str(path.code) for synapses in ending for path in synapses._pathways)
    return {r for r in receptors if re.search(rf"\b{names[r]}(_post)?\b", code)}
