"""Simulations of what users do: change parameters between runs, record late, mix up data.

Run as `scenarios.py` runs its own; the functions here go by the name "uses.NAME".
"""

import warnings


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
