"""Simulations for the tests, each run in a process of its own: PyNN's backends share global state.

``python scenarios.py BACKEND NAME FOLDER`` runs the function NAME on pyNN.BACKEND and leaves what it
returns in FOLDER/result.pkl. "uses.NAME" is the function NAME of `uses.py`.
"""

import importlib
import pickle
import sys
import warnings
from pathlib import Path

import numpy as np

PER_NEURON = {"cm": [1.0, 0.8, 0.5], "tau_m": [20.0, 15.0, 10.0], "tau_refrac": 2.0}
OFFSETS = {
    "IF_cond_exp": {**PER_NEURON, "i_offset": [0.3, 0.5, 0.2], "e_rev_I": [-70.0, -75.0, -80.0]},
    "IF_cond_alpha": {**PER_NEURON, "i_offset": [0.3, 0.5, 0.2], "tau_syn_E": 2.0},
    "IF_curr_exp": {**PER_NEURON, "i_offset": [0.3, 0.5, 0.4]},
    "IF_curr_alpha": {**PER_NEURON, "i_offset": [0.3, 0.5, 0.4]},
    "IF_facets_hardware1": {},
    "EIF_cond_exp_isfa_ista": {"i_offset": [0.3, 0.6, 0.8], "tau_refrac": 2.0, "delta_T": 2.0},
    "EIF_cond_alpha_isfa_ista": {"i_offset": [0.3, 0.6, 0.8], "tau_refrac": 2.0},
    "HH_cond_exp": {"i_offset": [0.0, 0.2, 0.5]},
    "GIF_cond_exp": {"i_offset": [0.3, 0.9, 1.2]},
    "Izhikevich": {"i_offset": [0.003, 0.006, 0.01]},
}
ADAPTIVE = ("EIF_cond_exp_isfa_ista", "EIF_cond_alpha_isfa_ista")
#: pyNN.brian2 has not all cell types (and solves IF_curr_alpha in a way that takes long to set up).
ABSENT = {"pyNN.brian2": ("GIF_cond_exp", "IF_facets_hardware1", "IF_curr_alpha")}


def _setup(sim, dt=0.025, **options):
    if sim.__name__ == "pyNN.nest":
        options.setdefault("spike_precision", "on_grid")
    sim.setup(timestep=dt, min_delay=0.1, **options)


def _stimulate(sim, population, excitatory="excitatory", inhibitory="inhibitory", weight=0.03):
    """Spikes that arrive at times which are no multiples of each other."""
    spikes = [np.arange(5, 100, 7.0), np.arange(9, 100, 11.0)]
    source = sim.Population(2, sim.SpikeSourceArray(spike_times=spikes))
    signs = (1, 1) if population.conductance_based else (1, -1)
    for index, (receptor, sign) in enumerate(zip((excitatory, inhibitory), signs, strict=True)):
        synapse = sim.StaticSynapse(weight=sign * weight, delay=0.5)
        view, every = source[index : index + 1], sim.AllToAllConnector()
        sim.Projection(view, population, every, synapse, receptor_type=receptor)


def _inject(sim, population, scale=1.0):
    """One source of each kind, into different neurons."""
    sim.DCSource(amplitude=0.3 * scale, start=20.0, stop=40.0).inject_into(population[1:3])
    amplitudes = [0.1 * scale, 0.2 * scale, 0.0]
    sim.StepCurrentSource(times=[10.0, 30.0, 50.0], amplitudes=amplitudes).inject_into(population[0:1])
    sim.ACSource(
        amplitude=0.1 * scale, start=55.0, stop=75.0, frequency=100.0, offset=0.01 * scale, phase=30.0
    ).inject_into(population)


def cells(sim, pynn, folder):
    """The standard cell types, with parameters that differ between neurons."""
    return _cells(sim, pynn, [name for name in OFFSETS if name not in ADAPTIVE])


def adaptive(sim, pynn, folder):
    """By themselves, because Brian2 fails on them after others."""
    return _cells(sim, pynn, ADAPTIVE)


def _cells(sim, pynn, names):
    _setup(sim)
    populations = {}
    for name in names:
        parameters = OFFSETS[name]
        if name in ABSENT.get(sim.__name__, ()):
            continue
        population = sim.Population(3, getattr(sim, name)(**parameters), label=name)
        _inject(sim, population, 0.02 if name == "Izhikevich" else 1.0)
        if name != "Izhikevich":
            _stimulate(sim, population, weight=0.5 if "curr" in name else 0.03)
        pynn.record_currents(population)
        populations[name] = population
    sim.run(100.0)
    blocks = {name: population.get_data() for name, population in populations.items()}
    return {name: (block, pynn.to_segment(populations[name])) for name, block in blocks.items()}


def point_neurons(sim, pynn, folder):
    _setup(sim)
    exponential = {"AMPA": {"tau_syn": 3.0, "e_syn": 0.0}, "GABA": {"tau_syn": 6.0, "e_syn": -75.0}}
    made = {
        "LIF with currents": sim.PointNeuron(
            sim.LIF(**PER_NEURON, i_offset=[0.3, 0.5, 0.2]),
            AMPA=sim.CurrExpPostSynapticResponse(tau_syn=3.0),
            GABA=sim.CurrExpPostSynapticResponse(tau_syn=6.0),
        ),
        "AdExp": sim.PointNeuron(
            sim.AdExp(i_offset=[0.3, 0.6, 0.8], tau_refrac=2.0),
            **{name: sim.AlphaPSR(**values) for name, values in exponential.items()},
        ),
    }
    if sim.__name__ != "pyNN.nest":
        made["LIF"] = sim.PointNeuron(
            sim.LIF(**PER_NEURON, i_offset=[0.3, 0.5, 0.2]),
            **{name: sim.ExpPSR(**values) for name, values in exponential.items()},
        )
    populations = {name: sim.Population(3, kind, label=name) for name, kind in made.items()}
    for name, population in populations.items():
        _stimulate(sim, population, "AMPA", "GABA", 0.5 if "currents" in name else 0.03)
        pynn.record_currents(population)
    sim.run(60.0)
    return {name: pynn.to_segment(population) for name, population in populations.items()}


def sweep(sim, pynn, folder):
    """Runs with other parameters and sources, and files of them."""
    _setup(sim, 0.1, **({"t_flush": 200.0} if sim.__name__ == "pyNN.nest" else {}))
    population = sim.Population(2, sim.IF_cond_exp(i_offset=0.1, cm=[1.0, 0.5]), label="swept")
    source = sim.DCSource(amplitude=0.2, start=10.0)
    source.inject_into(population)
    pynn.record_currents(population)
    for amplitude in (0.2, 0.4, 0.8):
        population.set(i_offset=amplitude / 2)
        source.amplitude = amplitude
        sim.run(40.0)
        sim.reset(annotations={"amplitude": amplitude})
    for suffix in ("pkl", "nix"):
        population.write_data(str(folder / f"swept.{suffix}"))
    return {"block": pynn.to_block(population)}


def cleared(sim, pynn, folder):
    """The second half of a run whose first half was cleared, and the run as a whole."""
    halves = []
    for clear in (True, False):
        _setup(sim, 0.1)
        population = sim.Population(2, sim.IF_cond_exp(i_offset=[0.5, 0.6]))
        times, amplitudes = [2.0, 7.0], [0.3, 0.5]
        sim.StepCurrentSource(times=times, amplitudes=amplitudes).inject_into(population)
        pynn.record_currents(population)
        sim.run(5.0)
        population.get_data(clear=clear)
        sim.run(5.0)
        halves.append(pynn.to_segment(population))
    return halves


def ranks(sim, pynn, folder):
    """To be run on two ranks."""
    _setup(sim, 0.1)
    assert sim.num_processes() == 2
    population = sim.Population(5, sim.IF_cond_exp(i_offset=[0.4, 0.5, 0.6, 0.7, 0.8]), label="spread")
    sim.DCSource(amplitude=0.2, start=10.0, stop=20.0).inject_into(population[1:4])
    pynn.record_currents(population)
    sim.run(40.0)
    population.write_data(str(folder / "apart.pkl"), gather=False)
    population.write_data(str(folder / "gathered.pkl"), gather=True)


def views(sim, pynn, folder):
    """Views, assemblies, and different neurons for different variables."""
    _setup(sim, 0.1)
    first = sim.Population(5, sim.IF_cond_exp(i_offset=[0.1, 0.2, 0.3, 0.4, 0.5]), label="first")
    second = sim.Population(3, sim.IF_cond_exp(i_offset=[0.6, 0.7, 0.8], v_rest=-60.0), label="second")
    assembly = sim.Assembly(first[[1, 3]], second, label="both")
    pynn.record_currents(assembly)
    sim.DCSource()  # injects nowhere
    partial = sim.Population(3, sim.IF_cond_exp(), label="partial")
    partial.record(["v", "spikes"])
    partial[[0, 2]].record(["gsyn_exc", "gsyn_inh"])
    sim.run(30.0)
    unsorted = partial.get_data()
    for signal in unsorted.segments[0].analogsignals:
        # As PyNN gathers it from several ranks.
        order = np.arange(signal.shape[1])[::-1]
        index = signal.array_annotations["channel_index"][order]
        signal[:] = signal[:, order]
        signal.array_annotations["channel_index"] = index
    unsorted = pynn.annotate(unsorted, partial)
    return {
        "view": pynn.to_segment(first[[1, 3]]),
        "assembly": pynn.to_segment(assembly),
        "assembly block": assembly.get_data(),
        "partial": pynn.to_segment(partial),
        "unsorted": unsorted,
    }


def subsets(sim, pynn, folder):
    """Parts of what was recorded, from populations, assemblies and data; and PyNN's own reading of it."""
    grid = {"spike_precision": "on_grid"} if sim.__name__ == "pyNN.nest" else {}
    _setup(sim, 0.1, **grid)
    first = sim.Population(8, sim.IF_cond_exp(i_offset=np.linspace(0.1, 2.0, 8)), label="first")
    first.initialize(v=-63.0)
    second = sim.Population(4, sim.IF_curr_exp(i_offset=[0.9, 1.0, 1.1, 1.2]), label="second")
    strange = sim.Population(2, sim.IF_cond_exp(), label="strange")
    assembly = sim.Assembly(first, second, label="both")
    pynn.record_currents(first[2:7])
    pynn.record_currents(second)
    sim.run(40.0)
    plain = first.get_data()

    def refused(source, neurons):
        return _error(lambda: pynn.to_segment(source, neurons=neurons))

    return {
        "plain": plain,
        "whole": pynn.to_segment(first),
        "indices": pynn.to_segment(first, neurons=[5, 3, 5]),
        "cells": pynn.to_segment(first, neurons=first[4:6]),
        "cell": pynn.to_segment(first, neurons=first[4]),
        "of data": pynn.to_segment(plain, neurons=[3, 6]),
        "block": pynn.to_block(first, neurons=6).segments[0],
        "assembly": pynn.to_segment(assembly[2:7] + second),
        "of assembly": pynn.to_segment(assembly, neurons=[3, 9]),
        "cells of assembly": pynn.to_segment(assembly, neurons=second[0:2]),
        "names": sorted(vars(first.recorder)),
        "errors": [
            refused(first, [1, 3]),
            refused(plain, 7),
            refused(assembly, [12]),
            refused(first, second[0:1]),
            refused(plain, strange[0:1]),
            refused(first, []),
            refused(first, "first"),
            refused(first, [1.5]),
        ],
    }


def bombarded(sim, pynn, folder):
    """Conductance-based neurons under excitatory and inhibitory Poisson processes."""
    _setup(sim, 0.1)
    population = sim.Population(6, sim.IF_cond_exp(i_offset=0.5, tau_refrac=2.0), label="bombarded")
    for receptor, weight in (("excitatory", 0.004), ("inhibitory", 0.006)):
        source = sim.Population(40, sim.SpikeSourcePoisson(rate=40.0))
        synapse = sim.StaticSynapse(weight=weight, delay=0.5)
        sim.Projection(source, population, sim.AllToAllConnector(), synapse, receptor_type=receptor)
    pynn.record_currents(population)
    sim.run(200.0)
    return pynn.to_segment(population)


def variable_step(sim, pynn, folder):
    _setup(sim, 0.1, use_cvode=True, rtol=1e-7, atol=1e-7)
    population = sim.Population(2, sim.HH_cond_exp(i_offset=[0.3, 0.5]))
    pynn.record_currents(population)
    sim.run(50.0)
    return pynn.to_segment(population)


def driven(sim, pynn, folder):
    """One cell under a strong constant current, at PyNN's usual step."""
    _setup(sim, 0.1)
    population = sim.Population(1, sim.IF_cond_exp(i_offset=1.0))
    pynn.record_currents(population)
    sim.run(200.0)
    return pynn.to_segment(population)


def coarse(sim, pynn, folder):
    _setup(sim, 0.025)
    population = sim.Population(1, sim.HH_cond_exp(i_offset=0.5))
    pynn.record_currents(population, sampling_interval=0.1)
    sim.run(20.0)
    return pynn.to_segment(population)


def natively(sim, pynn, folder):
    """What NEURON's mechanisms say of the derived currents."""
    _setup(sim)
    hh = sim.Population(1, sim.HH_cond_exp(i_offset=0.5))
    hh.celltype.recordable = [*hh.celltype.recordable, "seg.ina", "seg.ik", "seg.gna_hh_traub"]
    hh.celltype.units = {**hh.celltype.units, "seg.ina": "mA/cm**2", "seg.ik": "mA/cm**2"}
    hh.celltype.units["seg.gna_hh_traub"] = "S/cm**2"
    eif = sim.Population(1, sim.EIF_cond_exp_isfa_ista(i_offset=0.8))
    eif.celltype.recordable = [*eif.celltype.recordable, "adexp.i"]
    eif.celltype.units = {**eif.celltype.units, "adexp.i": "nA"}
    for population, names in ((hh, ["seg.ina", "seg.ik", "seg.gna_hh_traub"]), (eif, ["adexp.i"])):
        pynn.record_currents(population)
        population.record(names)
    sim.run(30.0)
    return {
        "HH": (hh.get_data(), pynn.to_segment(hh)),
        "EIF": (eif.get_data(), pynn.to_segment(eif)),
    }


def _multi_compartment(sim):
    import neuroml
    from pyNN.morphology import NeuroMLMorphology
    from pyNN.neuron.morphology import centre, uniform
    from pyNN.parameters import IonicSpecies

    def point(x, diameter):
        return neuroml.Point3DWithDiam(x=x, y=0, z=0, diameter=diameter)

    soma = neuroml.Segment(proximal=point(0, 18.8), distal=point(18.8, 18.8), name="soma", id=0)
    dendrite = neuroml.Segment(
        proximal=point(0, 2), distal=point(-500, 2), name="dendrite", parent=soma, id=1
    )
    morphology = NeuroMLMorphology(neuroml.Morphology(segments=[soma, dendrite]))

    class Cell(sim.MultiCompartmentNeuron):
        label = "Cell"
        ion_channels = {"pas": sim.PassiveLeak, "na": sim.NaChannel, "kdr": sim.KdrChannel}
        post_synaptic_entities = {"AMPA": sim.CondExpPostSynapticResponse}

    return Cell(
        morphology=morphology,
        cm=1.0,
        Ra=500.0,
        ionic_species={
            "na": IonicSpecies("na", reversal_potential=50.0),
            "k": IonicSpecies("k", reversal_potential=-77.0),
        },
        pas={"conductance_density": uniform("all", 0.0003), "e_rev": -54.3},
        na={"conductance_density": uniform("soma", 0.120)},
        kdr={"conductance_density": uniform("soma", 0.036)},
        AMPA={"locations": centre("soma"), "e_syn": 0.0, "tau_syn": 2.0},
    )


def compartments(sim, pynn, folder):
    _setup(sim)
    population = sim.Population(2, _multi_compartment(sim), initial_values={"v": [-60.0, -70.0]})
    spikes = sim.Population(1, sim.SpikeSourceArray(spike_times=[3.0, 9.0]))
    everywhere = sim.AllToAllConnector(location_selector="all")
    synapse = sim.StaticSynapse(weight=0.01, delay=0.5)
    sim.Projection(spikes, population, everywhere, synapse, receptor_type="AMPA")
    sim.DCSource(amplitude=0.1, start=5.0, stop=15.0).inject_into(population, location="soma")
    places = pynn.record_currents(population, locations=["soma", "dendrite"])
    plain = sim.Population(2, _multi_compartment(sim), label="plain")
    plain.celltype.ion_channels["na"].variable_translations["ina"] = ("na_ion", "ina")
    plain.celltype.units = {**plain.celltype.units, "na.ina": "mA/cm**2"}
    plain.record(["v", "na.ina", "na.m", "na.h"], locations="soma")
    sim.DCSource(amplitude=0.1, start=5.0, stop=15.0).inject_into(plain, location="soma")
    sim.run(20.0)
    population.write_data(str(folder / "compartments.nix"))
    return {
        "places": places,
        "segment": pynn.to_segment(population),
        "plain": pynn.to_segment(plain),
    }


def _native_neuron(sim, ina="mA/cm**2"):
    from collections import defaultdict

    from neuron import h, nrn

    class Template:
        def __init__(self, gnabar):
            self.soma = nrn.Section(name="soma")
            self.soma.L = self.soma.diam = 20.0
            self.soma.insert("hh")
            self.soma(0.5).hh.gnabar = gnabar
            self.esyn = h.ExpSyn(0.5, sec=self.soma)
            self.source_section = self.soma
            self.source = self.soma(0.5)._ref_v
            self.rec = h.NetCon(self.source, None, sec=self.soma)
            self.spike_times = h.Vector(0)
            self.parameters = ("gnabar",)
            self.traces = defaultdict(list)
            self.recording_time = False
            self.initial_values = {}

        def memb_init(self):
            for segment in self.soma:
                segment.v = self.initial_values["v"]

    class Native(sim.NativeCellType):
        default_parameters = {"gnabar": 0.12}
        default_initial_values = {"v": -65.0}
        recordable = ["soma(0.5).v", "soma(0.5).ina", "soma(0.5).ik", "soma(0.5).il_hh"]
        units = {
            "soma(0.5).v": "mV",
            "soma(0.5).ina": ina,
            "soma(0.5).ik": "mA/cm**2",
            "soma(0.5).il_hh": "mA/cm**2",
        }
        receptor_types = ["esyn"]
        model = Template

    return Native(gnabar=[0.12, 0.10])


def native_neuron(sim, pynn, folder):
    _setup(sim)
    chosen = sim.Population(2, _native_neuron(sim), label="chosen")
    sim.DCSource(amplitude=0.3, start=2.0).inject_into(chosen)
    places = pynn.record_currents(chosen)
    plain = sim.Population(2, _native_neuron(sim), label="plain")
    sim.DCSource(amplitude=0.3, start=2.0).inject_into(plain)
    plain.record(["soma(0.5).v", "soma(0.5).ina", "soma(0.5).ik", "soma(0.5).il_hh"])
    wrong = sim.Population(2, _native_neuron(sim, ina="nA"), label="wrong")
    wrong.record(["soma(0.5).v", "soma(0.5).ina"])
    sim.run(20.0)
    return {
        "places": places,
        "chosen": pynn.to_segment(chosen),
        "plain": pynn.to_segment(plain),
        "wrong": _error(lambda: pynn.to_segment(wrong)),
    }


def native_nest(sim, pynn, folder):
    _setup(sim, 0.1)
    kind = sim.native_cell_type("ht_neuron")
    population = sim.Population(2, kind(), label="thalamic")
    sim.DCSource(amplitude=0.02, start=10.0).inject_into(population)
    names = pynn.record_currents(population)
    plain = sim.Population(2, sim.native_cell_type("iaf_psc_exp")(I_e=400.0), label="plain")
    plain.record(["V_m", "I_syn_ex", "I_syn_in"])
    sim.run(100.0)
    return {
        "names": names,
        "ht": pynn.to_segment(population),
        "iaf": pynn.to_segment(plain),
    }


def _error(action):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            action()
        except Exception as error:
            return [cls.__name__ for cls in type(error).__mro__], str(error)
    return None


def errors(sim, pynn, folder):
    """What is said to those who forgot something."""
    _setup(sim, 0.1)
    found = {}
    forgot = sim.Population(2, sim.IF_cond_exp(), label="forgot")
    forgot.record(["v", "spikes"])
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[1.0]), label="source")
    sim.Projection(source, forgot, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.01, delay=0.5))
    found["not run"] = _error(lambda: pynn.to_segment(forgot))
    found["no currents"] = _error(lambda: pynn.record_currents(source))
    found["locations"] = _error(lambda: pynn.record_currents(forgot, locations="soma"))
    found["no population"] = _error(lambda: pynn.record_currents([1, 2]))
    sim.run(5.0)
    found["not recorded"] = _error(lambda: pynn.to_segment(forgot))
    found["not described"] = _error(lambda: pynn.to_segment(forgot.get_data()))
    return found


def precise(sim, pynn, folder):
    """NEST's model off the grid does not record synaptic currents."""
    sim.setup(timestep=0.1, spike_precision="off_grid")
    population = sim.Population(1, sim.IF_curr_exp(), label="precise")
    return _error(lambda: pynn.record_currents(population))


def noise(sim, pynn, folder):
    """A source whose current only the simulator knows (on NEST)."""
    import neo
    import quantities as pq

    _setup(sim, 0.1)
    population = sim.Population(2, sim.IF_cond_exp(), label="noisy")
    sim.NoisyCurrentSource(mean=0.3, stdev=0.1, start=5.0, stop=15.0).inject_into(population)
    pynn.record_currents(population)
    sim.run(20.0)
    known = neo.AnalogSignal(np.full((201, 1), 300.0), "pA", sampling_period=0.1 * pq.ms, name="mine")
    return {
        "error": _error(lambda: pynn.to_segment(population)),
        "given": pynn.to_segment(population, electrodes=known),
        "found": None if sim.__name__ == "pyNN.nest" else pynn.to_segment(population),
    }


def main(backend, name, folder):
    warnings.simplefilter("ignore")
    from neo_currentscape.adapters import pynn

    sim = importlib.import_module(f"pyNN.{backend}")
    if backend == "brian2":
        # Compiling would take longer than the short runs do.
        import brian2

        brian2.prefs.codegen.target = "numpy"
    module, _, function = name.rpartition(".")
    known = vars(importlib.import_module(module)) if module else globals()
    result = known[function](sim, pynn, Path(folder))
    with open(Path(folder) / "result.pkl", "wb") as file:
        pickle.dump(result, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
