"""The simulations of the table of PyNN's standard cells: each cell type under the same input at two steps.

``python pynn_cell_runs.py BACKEND CELL`` prints what was found as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from typing import Any

import numpy as np

import neo_currentscape as ncs

#: PyNN's usual step and a fine one, in ms.
STEPS = (0.1, 0.01)
DURATION = 100.0

#: Cell types: parameters, constant current (nA) and weight of the synapses (uS or nA).
CELLS: dict[str, tuple[dict[str, Any], float, float]] = {
    "IF_curr_exp": ({}, 0.9, 0.4),
    "IF_curr_alpha": ({"tau_syn_E": 2.0, "tau_syn_I": 2.0}, 0.9, 0.4),
    "IF_curr_delta": ({}, 0.6, 2.0),
    "IF_cond_exp": ({}, 0.9, 0.02),
    "IF_cond_alpha": ({"tau_syn_E": 2.0, "tau_syn_I": 2.0}, 0.9, 0.02),
    "IF_cond_exp_gsfa_grr": ({}, 0.9, 0.02),
    "IF_facets_hardware1": ({}, 0.0, 0.004),
    "EIF_cond_exp_isfa_ista": ({}, 0.8, 0.02),
    "EIF_cond_alpha_isfa_ista": ({"tau_syn_E": 2.0, "tau_syn_I": 2.0}, 0.8, 0.02),
    "HH_cond_exp": ({}, 0.5, 0.02),
    "GIF_cond_exp": ({}, 0.9, 0.02),
    "Izhikevich": ({}, 0.01, 0.0),
    "LIF with currents": ({}, 0.9, 0.4),
    "LIF with conductances": ({}, 0.9, 0.02),
    "AdExp with alpha conductances": ({}, 0.8, 0.02),
}


def cell_of(sim: Any, name: str) -> Any:
    """Make the cell type."""
    parameters, offset, _ = CELLS[name]
    if " with " not in name:
        given = {} if name == "IF_facets_hardware1" else {"i_offset": offset}
        return getattr(sim, name)(**parameters, **given)
    neuron, what = name.split(" with ")
    kinds = {"currents": "CurrExpPostSynapticResponse", "conductances": "CondExpPostSynapticResponse"}
    receptor = getattr(sim, kinds.get(what, "CondAlphaPostSynapticResponse"))
    reversals = ({}, {}) if what == "currents" else ({"e_syn": 0.0}, {"e_syn": -75.0})
    return sim.PointNeuron(
        getattr(sim, neuron)(i_offset=offset),
        AMPA=receptor(tau_syn=2.0, **reversals[0]),
        GABA=receptor(tau_syn=5.0, **reversals[1]),
    )


def simulate(sim: Any, name: str, dt: float) -> tuple[Any, Any]:
    """Run one cell with both kinds of synapses; give the population and what PyNN recorded."""
    from neo_currentscape.adapters import pynn

    options = {"spike_precision": "on_grid"} if sim.__name__ == "pyNN.nest" else {}
    sim.setup(timestep=dt, min_delay=0.1, **options)
    population = sim.Population(1, cell_of(sim, name), label="cells")
    weight = CELLS[name][2]
    receptors = ("AMPA", "GABA") if " with " in name else ("excitatory", "inhibitory")
    for receptor, first, period, sign in zip(receptors, (5.0, 9.0), (7.0, 11.0), (1, -1), strict=True):
        if not weight:
            continue
        source = sim.Population(1, sim.SpikeSourceArray(spike_times=np.arange(first, DURATION, period)))
        signed = weight if population.conductance_based else sign * weight
        synapse = sim.StaticSynapse(weight=signed, delay=0.5)
        sim.Projection(source, population, sim.AllToAllConnector(), synapse, receptor_type=receptor)
    pynn.record_currents(population)
    sim.run(DURATION)
    return population, population.get_data()


def charges(segment: Any) -> dict[str, float]:
    """Net inward and outward charge of each current, in pC."""
    frame = ncs.Currentscape.from_segment(segment, neuron=0).to_dataframe()
    found = {f"{name} outward": float(x) for name, x in frame.charge_outward.items()}
    return found | {f"{name} inward": float(x) for name, x in frame.charge_inward.items()}


def unnamed(block: Any) -> list[str]:
    """The recorded variables of membrane currents that could be left out without being named."""
    from neo_currentscape.adapters import pynn

    segment = block.segments[0]
    names = sorted({s.name for s in segment.analogsignals} - {"v", "i_inj"})
    silent = []
    for name in names:
        kept = list(segment.analogsignals)
        segment.analogsignals = [s for s in kept if s.name != name]
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                pynn.to_segment(block)
                text = " ".join(str(w.message) for w in said)
            except ncs.CurrentscapeError as error:
                text = str(error)
        segment.analogsignals = kept
        silent += [] if name in text else [name]
    return silent


def measure(backend: str, name: str) -> dict[str, Any]:
    """Compare a cell type's charges at the two steps.

    Returns
    -------
    dict
        ``spikes`` and ``charges`` at each step, and of the coarse one ``verdict``, ``unexplained``,
        ``warnings`` and ``unnamed``.
    """
    from neo_currentscape.adapters import pynn

    sim = importlib.import_module(f"pyNN.{backend}")
    if backend == "brian2":
        import brian2

        brian2.prefs.codegen.target = "numpy"
    found: dict[str, Any] = {"spikes": [], "charges": [], "warnings": []}
    for dt in STEPS:
        population, block = simulate(sim, name, dt)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            segment = pynn.to_segment(population)
        found["warnings"].append(
            [str(w.message) for w in said if issubclass(w.category, ncs.CurrentscapeWarning)]
        )
        found["spikes"].append([float(t) for t in segment.spiketrains[0].rescale("ms").magnitude])
        found["charges"].append(charges(segment))
        if dt == STEPS[0]:
            balance = ncs.balance(ncs.Recording.from_segment(segment, neuron=0))
            found |= {"verdict": balance.verdict, "unexplained": float(balance.unexplained)}
            found["unnamed"] = unnamed(block)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(measure(*sys.argv[1:])))
