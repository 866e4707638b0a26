"""Simulations of what users do: change parameters between runs, record late, mix up data.

Run as `scenarios.py` runs its own; the functions here go by the name "uses.NAME".
"""

import warnings

import numpy as np


def setup(sim, dt=0.1, **options):
    """On the grid, so that every backend's spikes lie on a step."""
    if sim.__name__ == "pyNN.nest":
        options.setdefault("spike_precision", "on_grid")
    sim.setup(timestep=dt, min_delay=0.1, **options)


def attempt(action):
    """What an action returns or raises, and what it warns of."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            result = action()
        except Exception as error:
            result = ([cls.__name__ for cls in type(error).__mro__], str(error))
    return result, [str(w.message) for w in said if w.category.__name__ == "CurrentscapeWarning"]


def changed(sim, pynn, folder):
    """A channel that is blocked between two runs and comes back; sources and time constants that change."""
    setup(sim, 0.025)
    cells = sim.Population(2, sim.HH_cond_exp(i_offset=[0.3, 0.5]), label="blocked")
    others = sim.Population(3, sim.IF_cond_exp(i_offset=[0.8, 0.5, 4.0]), label="others")
    source = sim.DCSource(amplitude=0.2, start=5.0)
    source.inject_into(others[0:2])
    for population in (cells, others):
        pynn.record_currents(population)
    sim.run(20.0)
    cells.set(gbar_Na=0.0)
    source.amplitude = 0.5
    others[1].i_offset = 0.1
    sim.run(20.0)
    cells[1:2].set(gbar_Na=15.0)
    others.set(tau_m=5.0, tau_refrac=3.0)
    sim.run(20.0)
    cells.set(gbar_Na=1.0)  # after the last run: holds for none
    others.write_data(str(folder / "others.pkl"))
    made = {"cells": pynn.to_segment(cells), "others": pynn.to_segment(others)}
    others.set(cm=3.0)
    sim.run(1.0)
    return {**made, "cm": attempt(lambda: pynn.to_segment(others))[0]}


def changed_after_reset(sim, pynn, folder):
    """Changes within each of two segments."""
    setup(sim, 0.1, **({"t_flush": 200.0} if sim.__name__ == "pyNN.nest" else {}))
    population = sim.Population(1, sim.IF_cond_exp(i_offset=0.1), label="twice")
    pynn.record_currents(population)
    for first, second in ((0.1, 0.2), (0.3, 0.4)):
        population.set(i_offset=first)
        sim.run(10.0)
        population.set(i_offset=second)
        sim.run(10.0)
        sim.reset()
    return pynn.to_block(population)


def changed_often(sim, pynn, folder):
    """A parameter that a callback changes during one call of run, and data that are cleared in between."""
    setup(sim, 0.1)
    population = sim.Population(1, sim.IF_cond_exp(), label="often")
    pynn.record_currents(population)

    def ramp(t):
        population.set(i_offset=0.01 * t)
        return t + 1.0

    sim.run(20.0, callbacks=[ramp])
    whole = pynn.to_segment(population)
    population.get_data(clear=True)
    sim.run(5.0, callbacks=[ramp])
    return {"whole": whole, "rest": pynn.to_segment(population)}


def blocked_natively(sim, pynn, folder):
    """A native cell type of NEST, read by the NEST adapter."""
    setup(sim, 0.1)
    population = sim.Population(2, sim.native_cell_type("hh_psc_alpha")(I_e=700.0), label="native")
    pynn.record_currents(population)
    sim.run(50.0)
    population.set(g_Na=0.0)
    sim.run(30.0)
    return pynn.to_segment(population)


def _twins(sim, **changes):
    """Two populations that differ in label and in what is given."""
    first = sim.Population(3, sim.IF_cond_exp(i_offset=0.8, tau_m=10.0), label="first")
    second = sim.Population(changes.pop("size", 3), changes.pop("kind", sim.IF_cond_exp)(**changes))
    return first, second


def mixed_up(sim, pynn, folder):
    """Data of one population with another one."""
    setup(sim)
    first, other = _twins(sim, tau_m=40.0)
    _, smaller = _twins(sim, size=2)
    _, alpha = _twins(sim, kind=sim.IF_cond_alpha)
    names = ["v", "gsyn_exc", "gsyn_inh", "spikes"]
    first.record(names)
    sim.run(5.0)
    data = first.get_data()
    for one in (smaller, alpha):
        one.label = "first"
    return {
        "label": attempt(lambda: pynn.to_segment(data, other))[0],
        "size": attempt(lambda: pynn.to_segment(data, smaller))[0],
        "cell type": attempt(lambda: pynn.to_segment(data.segments[0], alpha))[0],
        "annotate": attempt(lambda: pynn.annotate(data, other))[0],
        "right": pynn.to_segment(data, first),
    }


def late(sim, pynn, folder):
    """Recording after the run, twice, and after clearing."""
    setup(sim)
    found = {}
    population = sim.Population(2, sim.IF_cond_exp(i_offset=0.8), label="late")
    early = sim.Population(2, sim.IF_cond_exp(i_offset=0.8), label="early")
    pynn.record_currents(early)
    sim.run(5.0)
    found["late"] = attempt(lambda: pynn.record_currents(population))[0]
    found["never"] = attempt(lambda: pynn.to_segment(population))[0]
    found["twice"] = attempt(lambda: pynn.record_currents(early))[0]
    early.get_data(clear=True)
    found["cleared"] = attempt(lambda: pynn.to_segment(early))[0]
    sim.run(5.0)
    found["again"] = pynn.to_segment(early)
    if sim.__name__ != "pyNN.nest":
        sim.reset()
        found["after reset"] = attempt(lambda: pynn.record_currents(population))[0]
        sim.run(5.0)
        found["last"] = attempt(lambda: pynn.to_segment(population, segment=-1))[0]
    return found


def late_by_hand(sim, pynn, folder):
    """PyNN's own record in the middle of a run."""
    setup(sim)
    population = sim.Population(2, sim.IF_cond_exp(i_offset=0.8), label="hand")
    sim.run(5.0)
    population.record(["v", "gsyn_exc", "gsyn_inh", "spikes"])
    sim.run(5.0)
    return attempt(lambda: pynn.to_segment(population))[0]


def cells(sim, pynn, folder):
    """Single cells, views, and assemblies, of which some were recorded."""
    setup(sim)
    before = sim.Population(4, sim.IF_cond_exp(), label="before")
    some = sim.Population(4, sim.IF_cond_exp(i_offset=[0.1, 0.2, 0.3, 0.4]), label="some")
    pynn.record_currents(some[2:3])
    pynn.record_currents(before[0])
    sim.run(5.0)
    both = sim.Assembly(before[0:1], some[2:3], label="both")
    return {
        "cell": pynn.to_segment(some[2]),
        "other view": attempt(lambda: pynn.to_segment(some[0:2]))[0],
        "other cell": attempt(lambda: pynn.to_segment(some[0]))[0],
        "some and none": pynn.to_segment(some[1:3]),
        "assembly": pynn.to_segment(both),
        "ids": [int(cell) for cell in some.all_cells],
    }


def unused(sim, pynn, folder):
    """What PyNN's documentation records first: no inhibitory projection, and no gsyn_inh."""
    setup(sim, 0.025)
    found = {}
    source = sim.Population(2, sim.SpikeSourceArray(spike_times=[5.0, 9.0]))
    populations = {}
    for kind in (sim.IF_cond_exp, sim.EIF_cond_exp_isfa_ista):
        population = sim.Population(2, kind(), label=kind.__name__)
        synapse = sim.StaticSynapse(weight=0.01, delay=0.5)
        sim.Projection(source, population, sim.AllToAllConnector(), synapse)
        population.record(["v", "spikes", "gsyn_exc"])
        if "EIF" in kind.__name__:
            population.record("w")
        sim.DCSource(amplitude=0.1, start=2.0).inject_into(population)
        populations[kind.__name__] = population
    missing = sim.Population(2, sim.IF_cond_exp(), label="missing")
    sim.Projection(
        source,
        missing,
        sim.AllToAllConnector(),
        sim.StaticSynapse(weight=0.01, delay=0.5),
        receptor_type="inhibitory",
    )
    missing.record(["v", "spikes", "gsyn_exc"])
    sim.run(20.0)
    for name, population in populations.items():
        found[name] = attempt(lambda p=population: pynn.to_segment(p))
        data = pynn.annotate(population.get_data(), population)
        found[f"{name} from data"] = attempt(lambda d=data: pynn.to_segment(d))
    return {**found, "missing": attempt(lambda: pynn.to_segment(missing))[0]}


def drawn(sim, pynn, folder):
    """Initial voltages at random."""
    from pyNN.random import NumpyRNG, RandomDistribution

    setup(sim)
    found = {}
    for kind in (sim.IF_cond_exp, sim.HH_cond_exp):
        population = sim.Population(5, kind(), label=kind.__name__)
        population.initialize(v=RandomDistribution("uniform", (-70, -60), rng=NumpyRNG(1)))
        pynn.record_currents(population)
        found[kind.__name__] = population
    plain = sim.Population(1, sim.HH_cond_exp(), label="plain")
    plain.initialize(v=-60.0)
    pynn.record_currents(plain)
    sim.run(5.0)
    return {name: pynn.to_segment(p) for name, p in {**found, "plain": plain}.items()}


def files(sim, pynn, folder):
    """The file formats of PyNN."""
    import datetime

    setup(sim)
    known = sim.Population(3, sim.IF_cond_exp(i_offset=[0.7, 0.8, 0.9]), label="known")
    pynn.record_currents(known)
    bare = sim.Population(3, sim.IF_cond_exp(i_offset=[0.7, 0.8, 0.9]), label="bare")
    bare.record(["v", "gsyn_exc", "gsyn_inh", "spikes"])
    sim.run(30.0)
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    for population in (known, bare):
        for suffix in ("mat", "nwb", "pkl", "nix"):
            notes = {"annotations": {"session_start_time": begin}} if suffix == "nwb" else {}
            population.write_data(str(folder / f"{population.label}.{suffix}"), **notes)
    known[1:3].write_data(str(folder / "part.mat"))
    (folder / "known.pkl").rename(folder / "rank.pkl.0")
    import neo

    read = {
        "mat": neo.NeoMatlabIO(str(folder / "bare.mat")).read_block(),
        "nwb": neo.NWBIO(str(folder / "bare.nwb"), "r").read_block(),
    }
    found = {f"bare {name}": attempt(lambda b=b: pynn.to_segment(b, bare)) for name, b in read.items()}
    return {**found, "whole": pynn.to_segment(known)}


def charged(sim, pynn, folder):
    """The same cells at a coarse and a fine step, and on NEST read by both adapters."""
    found = {}
    for dt in (0.1, 0.01):
        setup(sim, dt)
        made = {
            "fast synapses": sim.IF_cond_exp(tau_syn_E=0.2, cm=0.25, tau_m=15.0, v_thresh=0.0),
            "alpha": sim.IF_cond_alpha(tau_syn_E=0.3, cm=0.25, tau_m=15.0, v_thresh=0.0),
            "AdExp": sim.EIF_cond_exp_isfa_ista(i_offset=0.9),
            "HH": sim.HH_cond_exp(i_offset=0.6),
        }
        if sim.__name__ == "pyNN.brian2":  # which fails on adaptive cells beside others
            made = {"AdExp": made["AdExp"]}
        spikes = [2.0 + 3.0 * k for k in range(30)]
        source = sim.Population(5, sim.SpikeSourceArray(spike_times=spikes))
        for name, kind in made.items():
            population = sim.Population(1, kind, label=name)
            weight = 0.001 if name in ("fast synapses", "alpha") else 1e-4
            synapse = sim.StaticSynapse(weight=weight, delay=0.5)
            sim.Projection(source, population, sim.AllToAllConnector(), synapse)
            other = _multimeter(population, dt) if sim.__name__ == "pyNN.nest" else None
            pynn.record_currents(population)
            found[name, dt] = population, other
        sim.run(100.0)
        for name in made:
            found[name, dt] = _both(pynn, *found[name, dt])
    return found


def _multimeter(population, interval):
    """A second multimeter, of NEST's own kind, on the same cell."""
    import nest

    cell = population.node_collection
    names = [n for n in map(str, nest.GetStatus(cell, "recordables")[0]) if n[0] not in "t"]
    meter = nest.Create("multimeter", params={"record_from": names, "interval": interval})
    nest.Connect(meter, cell)
    return meter


def _both(pynn, population, meter):
    if meter is None:
        return pynn.to_segment(population), None
    from neo_currentscape.adapters import nest

    return pynn.to_segment(population), nest.to_segment(meter)


def sampled(sim, pynn, folder):
    """Every fifth step, and every step, of the same cell."""
    found = {}
    for interval in (0.1, 0.5):
        setup(sim, 0.1)
        population = sim.Population(1, sim.IF_cond_exp(i_offset=0.85, tau_syn_E=3.0), label="sampled")
        source = sim.Population(3, sim.SpikeSourceArray(spike_times=[5.0, 13.0, 17.3]))
        synapse = sim.StaticSynapse(weight=0.01, delay=0.5)
        sim.Projection(source, population, sim.AllToAllConnector(), synapse)
        sim.DCSource(amplitude=0.1, start=10.3, stop=30.0).inject_into(population)
        pynn.record_currents(population, sampling_interval=interval)
        sim.run(100.0)
        found[interval] = pynn.to_segment(population)
    return found


def jumping(sim, pynn, folder):
    """Delta synapses: 2 mV at each of three spikes, -1 mV at one."""
    setup(sim)
    if sim.__name__ == "pyNN.neuron":
        return _struck(sim, pynn, [])
    population = sim.Population(1, sim.IF_curr_delta(cm=0.5, tau_m=10.0), label="jumping")
    for times, weight in (([5.0, 8.0, 9.5], 2.0), ([20.0], -1.0)):
        source = sim.Population(1, sim.SpikeSourceArray(spike_times=times))
        kind = "excitatory" if weight > 0 else "inhibitory"
        synapse = sim.StaticSynapse(weight=weight, delay=0.5)
        sim.Projection(source, population, sim.AllToAllConnector(), synapse, receptor_type=kind)
    return _struck(sim, pynn, [population])


def _struck(sim, pynn, others):
    """Izhikevich cells with and without synapses."""
    quiet = sim.Population(1, sim.Izhikevich(), label="quiet")
    struck = sim.Population(1, sim.Izhikevich(), label="struck")
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[5.0, 15.0]))
    synapse = sim.StaticSynapse(weight=3.0, delay=0.5)  # in mV
    sim.Projection(source, struck, sim.AllToAllConnector(), synapse)
    populations = [*others, quiet, struck]
    for one in populations:
        pynn.record_currents(one)
    sim.run(30.0)
    return {one.label: pynn.to_segment(one) for one in populations}


def overshooting(sim, pynn, folder):
    """Spikes of the cells' own dynamics at NEURON's usual step, and at a fine one."""
    found = {}
    for dt in (0.1, 0.01):
        setup(sim, dt)
        made = {
            "AdExp": sim.EIF_cond_exp_isfa_ista(i_offset=0.9),
            "Izhikevich": sim.Izhikevich(i_offset=0.01),
        }
        populations = {name: sim.Population(2, kind, label=name) for name, kind in made.items()}
        for population in populations.values():
            pynn.record_currents(population)
        sim.run(60.0)
        for name, population in populations.items():
            found[name, dt] = attempt(lambda p=population: pynn.to_segment(p))
    return found


def by_cell(sim, pynn, folder):
    """Cells as PyNN hands them out, given as neurons."""
    import neo_currentscape as ncs

    setup(sim)
    first = sim.Population(5, sim.IF_cond_exp(i_offset=0.1), label="first")
    second = sim.Population(9, sim.IF_cond_exp(i_offset=np.arange(9) * 0.1), label="second")
    for population in (first, second):
        pynn.record_currents(population)
    sim.run(5.0)
    segment = pynn.to_segment(second)
    both = pynn.to_segment(sim.Assembly(first[1:3], second[[2, 4]], label="both"))
    raw = second.get_data().segments[0]

    def neuron(source, cell):
        return ncs.Recording.from_segment(source, neuron=cell).neuron

    return {
        "population": [neuron(segment, second[i]) for i in range(9)],
        "view": [neuron(segment, cell) for cell in second[3:5]],
        "raw": neuron(raw, second[7]),
        "assembly": [neuron(both, cell) for cell in (first[1], first[2], second[2], second[4])],
        "other": attempt(lambda: neuron(segment, first[1]))[0],
        "not there": attempt(lambda: neuron(both, second[3]))[0],
        "summary": attempt(lambda: ncs.summarise(raw).to_dataframe().shape)[0],
        "by name": neuron(raw, 3),
    }


def raw(sim, pynn, folder):
    """What PyNN's own get_data gives of cells that record one of their currents."""
    import neo_currentscape as ncs

    setup(sim)
    made = {"w": sim.EIF_cond_exp_isfa_ista(i_offset=0.9)}
    if sim.__name__ != "pyNN.brian2":
        made["i_eta"] = sim.GIF_cond_exp(i_offset=0.9)
    populations = {name: sim.Population(2, kind, label=name) for name, kind in made.items()}
    for name, population in populations.items():
        population.record(["v", "spikes", "gsyn_exc", "gsyn_inh", name])
    sim.run(30.0)
    found = {}
    for name, population in populations.items():
        block = population.get_data()
        refused = attempt(lambda b=block: ncs.Currentscape.from_segment(b.segments[0], neuron=1))[0]
        pynn.annotate(block, population)
        names = attempt(lambda b=block: ncs.Currentscape.from_segment(b, neuron=1).names)[0]
        found[name] = refused, names
    return found


def unstored(sim, pynn, folder):
    """Parameters that changed between runs which nobody described, and a run in which none did."""
    setup(sim, 0.025)
    changed, same = (sim.Population(1, sim.HH_cond_exp(i_offset=0.4), label=n) for n in ("changed", "same"))
    gates = [f"seg.{gate}_hh_traub" for gate in "mhn"] if sim.__name__ == "pyNN.neuron" else ["m", "h", "n"]
    from neo_currentscape.adapters.pynn.record import offer

    for population in (changed, same):
        offer(population, gates)
        population.record(["v", "spikes", "gsyn_exc", "gsyn_inh", *gates])
    sim.run(30.0)
    changed.set(gbar_Na=0.0)
    sim.run(20.0)
    return {p.label: attempt(lambda p=p: pynn.to_segment(p))[1] for p in (changed, same)}
