"""Small NetPyNE networks, made once a module and taken away again, as NEURON has one model at a time."""

import contextlib

import numpy as np
import pytest


def parameters(specs):
    """Three cells of two sections that excite each other, a source of events, and three kinds of input."""
    net = specs.NetParams()
    soma = {"geom": {"L": 21.0, "diam": 19.0, "cm": 1.1}, "mechs": {"hh": {"gnabar": 0.11}}}
    dend = {
        "geom": {"L": 180.0, "diam": 2.5, "nseg": 3, "Ra": 120.0},
        "mechs": {"pas": {"g": 1e-4, "e": -66.0}},
        "topol": {"parentSec": "soma", "parentX": 1.0, "childX": 0.0},
    }
    net.cellParams["two"] = {"secs": {"soma": soma, "dend": dend}, "secLists": {"far": ["dend"]}}
    net.popParams["E"] = {"cellType": "two", "numCells": 3}
    net.popParams["events"] = {"cellModel": "NetStim", "numCells": 1, "rate": 300, "start": 2}
    net.synMechParams["AMPA"] = {"mod": "Exp2Syn", "tau1": 0.3, "tau2": 3.0, "e": 0.0}
    net.synMechParams["GABA"] = {"mod": "ExpSyn", "tau": 6.0, "e": -82.0}
    net.stimSourceParams["hum"] = {"type": "NetStim", "rate": 300, "noise": 0.4}
    net.stimTargetParams["hum->E"] = {
        "source": "hum", "conds": {"pop": "E"}, "sec": "soma", "synMech": "AMPA", "weight": 0.002,
        "delay": 1,
    }  # fmt: skip
    net.stimSourceParams["step"] = {"type": "IClamp", "del": 4.0, "dur": 12.0, "amp": 0.25}
    net.stimTargetParams["step->E"] = {"source": "step", "conds": {"pop": "E"}, "sec": "soma", "loc": 0.5}
    for name, pre, syn, sec in (("E->E", "E", "AMPA", "dend"), ("ev->E", "events", "GABA", "soma")):
        net.connParams[name] = {
            "preConds": {"pop": pre}, "postConds": {"pop": "E"}, "weight": 0.003, "delay": 1.5,
            "sec": sec, "loc": 0.5, "synMech": syn,
        }  # fmt: skip
    return net


TRACES = {
    "v_soma": {"sec": "soma", "loc": 0.5, "var": "v"},
    "leak": {"sec": "soma", "loc": 0.5, "mech": "hh", "var": "il"},
    "gate": {"sec": "soma", "loc": 0.5, "mech": "hh", "var": "m"},
    "sodium": {"sec": "soma", "loc": 0.5, "var": "ina"},
    "potassium": {"sec": "soma", "loc": 0.5, "var": "ik"},
    "inhibition": {"sec": "soma", "loc": 0.5, "synMech": "GABA", "var": "i"},
    "injected": {"sec": "soma", "loc": 0.5, "stim": "step->E", "var": "i"},
    "excitation": {"synMech": "AMPA", "var": "g"},
    "v_dend": {"sec": "dend", "loc": 0.9, "var": "v"},
}


def configuration(specs, **options):
    """A run of 25 ms that prints nothing and saves what it is told to."""
    config = specs.SimConfig()
    config.duration, config.recordStep, config.verbose, config.progressBar = 25, 0.05, False, 0
    config.recordTraces, config.recordCells = TRACES, [0, 2]
    for name, value in options.items():
        setattr(config, name, value)
    return config


@contextlib.contextmanager
def network(net, config):
    """The module sim with a network that is not run yet; nothing of it is left in NEURON afterwards."""
    from netpyne import sim

    sim.create(net, config)
    try:
        yield sim
    finally:
        sim.clearAll()
        del sim.fih[:]
        for active in (sim.cvode.active, sim.cvode.use_fast_imem):
            active(False)


@pytest.fixture(scope="module")
def specs():
    """NetPyNE's module of that name."""
    pytest.importorskip("neuron")
    return pytest.importorskip("netpyne").specs


@pytest.fixture(scope="module")
def network_of(specs):
    """network_of(net, **options) is a context with the small network, or that of other netParams."""

    def of(net=None, **options):
        return network(parameters(specs) if net is None else net, configuration(specs, **options))

    return of


@pytest.fixture
def make(network_of, capsys):
    """As `network_of`, for a single test."""
    return network_of


@pytest.fixture
def missed():
    """What C dV/dt + membrane currents - electrode - axial inflow misses at a site, over the largest."""

    def share(segment, site):
        parts = {"capacitive": 1, "current": 1, "electrode": -1, "axial": -1}
        found = [*segment.analogsignals, *segment.irregularlysampledsignals]
        rows = [
            np.asarray(s.magnitude)[:, 0] * parts[s.annotations["role"]]
            for s in found
            if s.annotations["site"] == site and s.annotations["role"] in parts
        ]
        return np.abs(np.sum(rows, axis=0)).max() / np.abs(rows).max()

    return share


@pytest.fixture
def named():
    """The signals of a Segment by site and name."""

    def of(segment):
        found = [*segment.analogsignals, *segment.irregularlysampledsignals]
        return {(s.annotations.get("site"), s.name): s for s in found}

    return of
