"""Runs the protocols on a PyNN cell, in a process of its own: ``pynn_run.py BACKEND RESULT``."""

import importlib
import pickle
import sys

import numpy as np
import quantities as pq

from neo_currentscape import protocols


def main(backend, result):
    """Pickle what the protocols find."""
    sim = importlib.import_module(f"pyNN.{backend}")
    sim.setup(timestep=0.1, **({"t_flush": 1000.0} if backend == "nest" else {}))
    leaky = sim.Population(
        2, sim.IF_cond_exp(cm=0.2, tau_m=20.0, v_rest=-65.0, v_thresh=-50.0, v_reset=-65.0, tau_refrac=2.0)
    )
    leaky.initialize(v=-65.0)
    short = {"onset": 50 * pq.ms, "duration": 300 * pq.ms, "tail": 100 * pq.ms}
    zap = protocols.run_zap(
        leaky, 0.02 * pq.nA, f_stop=30 * pq.Hz, duration=2 * pq.s, onset=50 * pq.ms, whole=True
    )
    passive = protocols.run_passive(leaky, -0.05 * pq.nA, method="exp", **short)
    cell = protocols.runners.cell_of(leaky, neuron=1)
    curve = protocols.run_fi(cell, np.arange(0.1, 0.31, 0.05) * pq.nA, threshold=-50.5 * pq.mV, **short)
    found = {
        "passive": passive.to_dict(),
        "names": passive.recording.names,
        "counts": curve.counts,
        "amplitudes": curve.amplitudes,
        "trains": [max(map(len, run.trace.segment.spiketrains)) for run in curve.runs],
        "frequencies": zap.frequencies,
        "impedance": zap.impedance,
        "figures": [type(p).__name__ for p in passive.plot().panels],
    }
    sim.end()
    with open(result, "wb") as file:
        pickle.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
