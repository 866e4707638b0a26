"""Runs a sweep in PyNN, in a process of its own: ``pynn_sweep.py BACKEND FOLDER``."""

import importlib
import sys
from pathlib import Path

import matplotlib
import neo
import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import pynn

AMPLITUDES = [0.0, 100.0, 300.0] * pq.pA


def run(sim):
    """Two neurons with three steps of current; a Segment for each, annotated with a Quantity."""
    sim.setup(timestep=0.1, **({"t_flush": 500.0} if sim.__name__ == "pyNN.nest" else {}))
    neurons = sim.Population(
        2, sim.IF_cond_exp(cm=0.2, tau_m=20.0, v_rest=-65.0, v_thresh=0.0, v_reset=-65.0), label="neurons"
    )
    neurons.initialize(v=-65.0)
    source = sim.DCSource(amplitude=0.0, start=10.0)
    source.inject_into(neurons[1:2])
    pynn.record_currents(neurons)
    for amplitude in AMPLITUDES:
        source.amplitude = float(amplitude.rescale("nA"))
        sim.run(110.0)
        sim.reset(annotations={"amplitude": amplitude})
    return neurons


def run_natively(sim):
    """A neuron of sodium, potassium and leak channels, whose currents PyNN records by itself."""
    path = Path(__file__).parents[1] / "adapters" / "pynn"
    sys.path.insert(0, str(path))
    from scenarios import _native_neuron

    sim.setup(timestep=0.025)
    neurons = sim.Population(2, _native_neuron(sim), label="native")
    source = sim.DCSource(amplitude=0.0, start=2.0)
    source.inject_into(neurons)
    neurons.record(["soma(0.5).v", "soma(0.5).ina", "soma(0.5).ik", "soma(0.5).il_hh"])
    for amplitude in AMPLITUDES:
        source.amplitude = float(amplitude.rescale("nA"))
        sim.run(20.0)
        sim.reset(annotations={"amplitude": amplitude})
    return neurons.get_data()


def main(backend, folder):
    """Keep the sweep's numbers, its table and its pictures."""
    matplotlib.use("agg")
    neurons = run(importlib.import_module(f"pyNN.{backend}"))
    block = pynn.to_block(neurons)
    sweep = ncs.sweep(block, by="amplitude", neuron=1)
    sweep.plot(multiples=True).save(folder / "sweep.png", dpi=80)
    sweep.to_dataframe().to_csv(folder / "sweep.csv")
    np.savez(
        folder / "sweep.npz",
        values=sweep.values.magnitude,
        unit=sweep.values.dimensionality.string,
        names=sweep.names,
        outward=sweep.charge("outward").rescale("pC").magnitude,
        inward=sweep.charge("inward").rescale("pC").magnitude,
        panels=[type(panel).__name__ for panel in sweep.plot(multiples=True).panels],
    )
    neo.io.PickleIO(str(folder / "block.pkl")).write_block(block)
    # What PyNN returns by itself: the voltage and the conductances, without any current.
    neo.io.PickleIO(str(folder / "plain.pkl")).write_block(neurons.get_data())
    if backend == "neuron":
        neo.io.PickleIO(str(folder / "native.pkl")).write_block(
            run_natively(importlib.import_module("pyNN.neuron"))
        )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
