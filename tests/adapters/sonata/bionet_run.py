"""Run BioNet on two cells with `hh` somata; used by test_bmtk.py in a process of its own.

Arguments: folder, step of the simulation and of the reports in ms. Writes BMTK's reports into
``output``, and NEURON's own recordings of the first soma into ``neuron.npz``.
"""

import json
import os
import sys

import numpy as np

TEMPLATE = """
begintemplate OneHH
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
  soma[0] { insert hh }
  dend[0] { insert pas e_pas = -65 }
}
endtemplate OneHH
"""

SWC = "1 1 0 0 0 10 -1\n2 1 -10 0 0 10 1\n3 1 10 0 0 10 1\n4 3 10 0 0 1 1\n5 3 90 0 0 1 4\n"


def _config(simulation_dt, report_dt):
    def report(name, sections):
        return {
            "variable_name": name,
            "cells": {"node_id": [0, 1]},
            "module": "membrane_report",
            "sections": sections,
            "dt": report_dt,
        }

    reports = {name: report(name, "soma") for name in ("v", "ina", "ik", "il_hh")}
    reports["everywhere"] = report("v", "all")
    for name, each in reports.items():
        each["file_name"] = f"{name}.h5"
    return {
        "run": {
            "tstop": 10.0,
            "dt": simulation_dt,
            "dL": 40.0,
            "spike_threshold": -15,
            "nsteps_block": 100,
        },
        "target_simulator": "NEURON",
        "conditions": {"celsius": 6.3, "v_init": -65},
        "output": {"output_dir": "output", "log_file": "log.txt", "spikes_file": "spikes.h5"},
        "components": {"morphologies_dir": "."},
        "networks": {
            "nodes": [
                {
                    "nodes_file": "network/net_nodes.h5",
                    "node_types_file": "network/net_node_types.csv",
                }
            ],
            "edges": [],
        },
        "inputs": {
            "stimulus": {
                "input_type": "current_clamp",
                "module": "IClamp",
                "node_set": {"node_id": [0]},
                "amp": 0.5,
                "delay": 1.0,
                "duration": 8.0,
            }
        },
        "reports": reports,
    }


def run(folder, simulation_dt, report_dt):
    """Build the network, run it, and store what NEURON itself recorded."""
    from bmtk.builder.networks import NetworkBuilder
    from bmtk.simulator import bionet
    from bmtk.simulator.bionet.pyfunction_cache import add_cell_model
    from neuron import h

    os.chdir(folder)
    h.load_file("import3d.hoc")
    h(TEMPLATE)
    with open("c.swc", "w") as file:
        file.write(SWC)

    def one(cell, template_name, dynamics_params):
        return h.OneHH()

    add_cell_model(one, directive="python", model_type="biophysical")
    network = NetworkBuilder("net")
    network.add_nodes(N=2, model_type="biophysical", model_template="python:one", morphology="c.swc")
    network.build()
    network.save_nodes(output_dir="network")
    with open("config.json", "w") as file:
        json.dump(_config(simulation_dt, report_dt), file)
    config = bionet.Config.from_json("config.json")
    config.build_env()
    built = bionet.BioNetwork.from_config(config)
    simulator = bionet.BioSimulator.from_config(config, network=built)
    soma = built.get_cell_gid(0).hobj.soma[0](0.5)
    wanted = {
        "t": h._ref_t,
        "v": soma._ref_v,
        "ina": soma._ref_ina,
        "ik": soma._ref_ik,
        "il_hh": soma._ref_il_hh,
    }
    vectors = {name: h.Vector().record(reference) for name, reference in wanted.items()}
    simulator.run()
    np.savez("neuron.npz", **{name: vector.as_numpy() for name, vector in vectors.items()})


if __name__ == "__main__":
    run(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
