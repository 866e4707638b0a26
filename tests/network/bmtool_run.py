"""A network of bmtool's connectors, built and run by BMTK; used by test_bmtool.py in a process of its own.

Argument: a folder. Writes the network, BMTK's reports, what the connectors themselves count, and the
balance of two cells.
"""

import json
import os
import subprocess
import sys

import numpy as np
import quantities as pq

#: An electrical synapse, as BMTK asks for one: with a conductance g and the voltage of the other side.
GAP = """
NEURON { POINT_PROCESS Gap NONSPECIFIC_CURRENT i RANGE g, i, vgap }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { g = 0 (uS) }
ASSIGNED { v (mV) vgap (mV) i (nA) }
BREAKPOINT { i = g * (v - vgap) }
"""

N, DT = 6, 0.025


class Cell:
    """A soma, as BMTK wants one."""

    def __init__(self, h, **changes):
        self.soma = [h.Section(name="soma", cell=self)]
        self.soma[0].L = self.soma[0].diam = 18
        self.soma[0].insert("hh")
        for name, value in changes.items():
            setattr(self.soma[0], name, value)
        self.all = self.somatic = self.soma
        self.dend = self.apic = self.axon = []
        self.basal = self.apical = self.axonal = []

    def __str__(self):
        return "Cell"


def build():
    """Populations joined by each kind of connector; what these count of their own connections."""
    from bmtk.builder.networks import NetworkBuilder
    from bmtool import connectors

    net = NetworkBuilder("net")
    for name, x in (("E", 0.0), ("I", 100.0)):
        where = {"x": x + 10.0 * np.arange(N), "y": np.zeros(N), "z": np.zeros(N)}
        net.add_nodes(
            N=N,
            pop_name=name,
            model_type="biophysical",
            model_template="python:one",
            morphology="",
            **where,
        )
    excitatory, inhibitory = net.nodes(pop_name="E"), net.nodes(pop_name="I")
    quiet = {"verbose": False, "save_report": False}

    def rng(seed):
        return np.random.default_rng(seed)

    one_way = connectors.UnidirectionConnector(p=0.5, n_syn=1, rng=rng(1), **quiet)
    both_ways = connectors.ReciprocalConnector(p0=0.5, p1=0.5, pr=0.4, rng=rng(2), **quiet)
    electrical = connectors.CorrelatedGapJunction(
        p_non=0.2, p_uni=0.5, p_rec=1.0, connector=both_ways, rng=rng(3), **quiet
    )
    each = connectors.OneToOneSequentialConnector(verbose=False)
    ends = [
        (one_way, excitatory, excitatory, "exc.json", 2e-4),
        (both_ways, inhibitory, inhibitory, "inh.json", 4e-4),
        (each, excitatory, inhibitory, "exc.json", 6e-3),
    ]
    for connector, source, target, params, weight in ends:
        connector.setup_nodes(source, target)
        net.add_edges(
            **connector.edge_params(),
            syn_weight=weight,
            delay=1.0,
            dynamics_params=params,
            model_template="exp2syn",
            afferent_section_id=0,
            afferent_section_pos=0.5,
        )
    electrical.setup_nodes(inhibitory, inhibitory)
    net.add_edges(
        is_gap_junction=True,
        syn_weight=1.5e-3,
        target_sections=None,
        afferent_section_id=0,
        afferent_section_pos=0.5,
        **electrical.edge_params(),
    )
    net.build()
    net.save_nodes(output_dir="network")
    net.save_edges(output_dir="network")
    made = both_ways.conn_prop[0]
    return {
        "one way": sum(len(targets) for targets in one_way.conn_prop.values()),
        "both ways": sum(len(targets) for targets in made.values()),
        "mutual": sum(s in made.get(t, {}) for s, targets in made.items() for t in targets) // 2,
        "electrical": sum(len(targets) for targets in electrical.conn_prop.values()) // 2,
        "each": N,
    }


def _config():
    files = [
        f"network/{name}"
        for name in sorted(os.listdir("network"))
        if name.startswith("net_net") and name.endswith("edges.h5")
    ]
    reports = {
        name: {
            "variable_name": name,
            "cells": "all",
            "module": "membrane_report",
            "sections": "soma",
            "file_name": f"{name}.h5",
        }
        for name in ("v", "ina", "ik", "il_hh")
    }
    return {
        "run": {"tstop": 60.0, "dt": DT, "dL": 40.0, "spike_threshold": -15, "nsteps_block": 400},
        "target_simulator": "NEURON",
        "conditions": {"celsius": 6.3, "v_init": -65},
        "output": {"output_dir": "output", "log_file": "log.txt", "spikes_file": "spikes.h5"},
        "components": {"morphologies_dir": ".", "synaptic_models_dir": "."},
        "networks": {
            "nodes": [
                {"nodes_file": "network/net_nodes.h5", "node_types_file": "network/net_node_types.csv"}
            ],
            "edges": [
                {"edges_file": path, "edge_types_file": path.replace("edges.h5", "edge_types.csv")}
                for path in files
            ],
            "gap_juncs": [{"gap_juncs_file": "network/net_gap_juncs.h5"}],
        },
        "inputs": {
            "stimulus": {
                "input_type": "current_clamp",
                "module": "IClamp",
                "node_set": {"node_id": list(range(N))},
                "amp": 0.09,
                "delay": 5.0,
                "duration": 45.0,
            }
        },
        "reports": reports,
    }


def _balanced(recorder):
    import neo_currentscape as ncs

    segment = recorder.to_segment()
    recording = ncs.Recording.from_segment(segment)
    found = ncs.balance(recording)
    return recording, {
        "names": recording.names,
        "unexplained": float(found.unexplained),
        "verdict": found.verdict,
        "charges": {
            name: float(np.abs(recording.currents.magnitude[:, k]).sum())
            for k, name in enumerate(recording.names)
        },
    }


def run(folder):
    """Build and run the network, and balance one cell of each population."""
    os.chdir(folder)
    os.makedirs("mods", exist_ok=True)
    with open("mods/Gap.mod", "w") as file:
        file.write(GAP)
    subprocess.run(["nrnivmodl", "mods"], check=True, capture_output=True)
    for name, erev in (("exc", 0.0), ("inh", -80.0)):
        with open(f"{name}.json", "w") as file:
            json.dump({"level_of_detail": "exp2syn", "erev": erev, "tau1": 0.5, "tau2": 4.0}, file)
    from bmtk.simulator import bionet
    from bmtk.simulator.bionet.modules.sim_module import SimulatorMod
    from bmtk.simulator.bionet.pyfunction_cache import add_cell_model
    from neuron import h

    from neo_currentscape.adapters.neuron import Recorder

    if not hasattr(h, "Gap"):
        h.nrn_load_dll(os.path.join(os.uname().machine, "libnrnmech.so"))

    def one(cell, template_name, dynamics_params):
        return Cell(h)

    add_cell_model(one, directive="python", model_type="biophysical")
    counted = build()
    with open("config.json", "w") as file:
        json.dump(_config(), file)
    config = bionet.Config.from_json("config.json")
    config.build_env()
    network = bionet.BioNetwork.from_config(config)
    simulator = bionet.BioSimulator.from_config(config, network=network)
    recorders = {}

    class Record(SimulatorMod):
        """Comes after the module that puts in the electrodes."""

        def initialize(self, sim):
            for gid in range(2 * N):
                recorders[gid] = Recorder(network.get_cell_gid(gid).hobj.soma[0](0.5))

    simulator.add_mod(Record())
    simulator.run()
    cells = {}
    for gid, recorder in recorders.items():
        recording, cells[gid] = _balanced(recorder)
        if gid == N:
            _draw(recording)
    with open("found.json", "w") as file:
        json.dump({"counted": counted, "cells": cells}, file)


def _draw(recording):
    import neo_currentscape as ncs

    window = recording.slice(10 * pq.ms, 50 * pq.ms)
    figure = ncs.Currentscape(window).plot(size="column", title="A cell with electrical synapses")
    figure.save("cell.png", dpi=150)


if __name__ == "__main__":
    run(sys.argv[1])
