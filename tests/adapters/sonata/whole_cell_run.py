"""Run BioNet on a whole cell that another one drives; used by test_whole_cell.py in a process of its own.

Argument: folder. BMTK writes its reports into ``output``; the morphology, the sections in BMTK's order and
what `CellRecorder` found in the same run are stored as ``found.pkl``.
"""

import json
import os
import pickle
import sys

TEMPLATE = """
begintemplate Whole
public soma, dend, apic, axon, all, somatic, basal, apical, axonal, init, nl
create soma[1], dend[1], apic[1], axon[1]
objref all, somatic, basal, apical, axonal, nl, imported, this
proc init() {
  all = new SectionList()
  somatic = new SectionList()
  basal = new SectionList()
  apical = new SectionList()
  axonal = new SectionList()
  forall delete_section()
  nl = new Import3d_SWC_read()
  nl.quiet = 1
  nl.input("c.swc")
  imported = new Import3d_GUI(nl, 0)
  imported.instantiate(this)
  soma[0] { insert hh  Ra = 150 }
  forsec basal { insert pas e_pas = -65 g_pas = 2e-4 Ra = 100 }
  forsec apical { insert hh insert pas e_pas = -65 gnabar_hh = 0.02 gkbar_hh = 0.006 gl_hh = 0 Ra = 120 }
}
endtemplate Whole
"""

#: A soma, two basal dendrites, an apical trunk that forks.
SWC = """1 1 0 0 0 10 -1
2 1 0 -10 0 10 1
3 1 0 10 0 10 1
4 3 0 -10 0 1 1
5 3 60 -80 0 1 4
6 3 0 -10 0 1 1
7 3 -70 -60 0 0.8 6
8 4 0 10 0 1.5 1
9 4 0 150 0 1.2 8
10 4 60 260 0 0.7 9
11 4 -60 250 10 0.7 9
"""

NODES = {
    "nodes_file": "network/cell_nodes.h5",
    "node_types_file": "network/cell_node_types.csv",
}
EDGES = {
    "edges_file": "network/cell_cell_edges.h5",
    "edge_types_file": "network/cell_cell_edge_types.csv",
}


def _clamp(node, amp, delay, duration):
    return {
        "input_type": "current_clamp",
        "module": "IClamp",
        "node_set": {"node_id": [node]},
        "amp": amp,
        "delay": delay,
        "duration": duration,
    }


def _config():
    reports = {
        name: {
            "variable_name": name,
            "cells": {"node_id": [0]},
            "module": "membrane_report",
            "sections": sections,
            "file_name": f"{name}.h5",
        }
        for name, sections in (
            ("v", "all"),
            ("ina", ["soma", "apical"]),
            ("ik", ["soma", "apical"]),
            ("il_hh", ["soma", "apical"]),
            ("i_pas", ["basal", "apical"]),
        )
    }
    reports["synapses"] = {
        "variable_name": "i",
        "cells": {"node_id": [0]},
        "module": "netcon_report",
        "sections": "all",
        "syn_type": "Exp2Syn",
        "file_name": "synapses.h5",
    }
    return {
        "run": {"tstop": 30.0, "dt": 0.025, "dL": 30.0, "spike_threshold": -15, "nsteps_block": 100},
        "target_simulator": "NEURON",
        "conditions": {"celsius": 6.3, "v_init": -65},
        "output": {"output_dir": "output", "log_file": "log.txt", "spikes_file": "spikes.h5"},
        "components": {"morphologies_dir": ".", "synaptic_models_dir": "."},
        "networks": {"nodes": [NODES], "edges": [EDGES]},
        "inputs": {
            "driver": _clamp(1, 1.0, 1.0, 25.0),
            "late": _clamp(0, 0.3, 18.0, 6.0),
        },
        "reports": reports,
    }


def _network():
    from bmtk.builder.networks import NetworkBuilder

    cells = NetworkBuilder("cell")
    cells.add_nodes(N=2, model_type="biophysical", model_template="python:one", morphology="c.swc")
    # Two synapses share a place, so that a report holds one element twice.
    for section, position in ((1, 0.45), (4, 0.7), (4, 0.7), (5, 0.2)):
        edges = cells.add_edges(
            source={"node_id": 1},
            target={"node_id": 0},
            connection_rule=1,
            model_template="Exp2Syn",
            dynamics_params="ampa.json",
            syn_weight=0.003 * section,
            delay=float(section),
        )
        edges.add_properties("afferent_section_id", values=section, dtypes=int)
        edges.add_properties("afferent_section_pos", values=position, dtypes=float)
    cells.build()
    cells.save(output_dir="network")
    with open("ampa.json", "w") as file:
        json.dump({"level_of_detail": "exp2syn", "tau1": 0.5, "tau2": 3.0, "erev": 0.0}, file)


def run(folder):
    """Build the network and run it."""
    from bmtk.simulator import bionet
    from bmtk.simulator.bionet.modules.sim_module import SimulatorMod
    from bmtk.simulator.bionet.pyfunction_cache import add_cell_model
    from neuron import h

    from neo_currentscape.adapters import neuron

    os.chdir(folder)
    h.load_file("import3d.hoc")
    h(TEMPLATE)
    with open("c.swc", "w") as file:
        file.write(SWC)

    def one(cell, template_name, dynamics_params):
        return h.Whole()

    add_cell_model(one, directive="python", model_type="biophysical")
    _network()
    with open("config.json", "w") as file:
        json.dump(_config(), file)
    config = bionet.Config.from_json("config.json")
    config.build_env()
    built = bionet.BioNetwork.from_config(config)
    simulator = bionet.BioSimulator.from_config(config, network=built)
    cell = built.get_cell_gid(built.gid_pool.get_gid(name="cell", node_id=0)).hobj
    made = []

    class Record(SimulatorMod):
        """Makes the recorder when BMTK has put in its clamps, before the run."""

        def initialize(self, sim):
            made.append(neuron.CellRecorder(cell.soma[0]))

    simulator.add_mod(Record())
    simulator.run()
    (recorder,) = made
    found = {
        "segment": recorder.to_segment(),
        "morphology": recorder.morphology,
        "sections": [section.name() for section in cell.all],
    }
    with open("found.pkl", "wb") as file:
        pickle.dump(found, file)


if __name__ == "__main__":
    run(sys.argv[1])
