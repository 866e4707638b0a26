"""A clean NEURON for each test, with the test mechanisms, and the balance added up by hand."""

import gc

import numpy as np
import pytest


@pytest.fixture
def h(mechanisms):
    """NEURON, as it is after a start; a model goes with the last reference to it."""
    gc.collect()
    _defaults(mechanisms)
    yield mechanisms
    _defaults(mechanisms)


def _defaults(h):
    cvode = h.CVode()
    cvode.active(False)
    cvode.use_local_dt(False)
    cvode.use_fast_imem(False)
    cvode.use_daspk(False)
    cvode.use_mxb(False)  # which extracellular leaves on, and threads do not go with
    h.secondorder, h.dt, h.steps_per_ms, h.celsius = 0, 0.025, 40, 6.3


@pytest.fixture
def run(h):
    """Run the model: run("fixed"), run("global") or run("local")."""

    def go(method="fixed", t_stop=20.0, v_init=-65.0):
        cvode = h.CVode()
        cvode.active(method != "fixed")
        cvode.use_local_dt(method == "local")
        h.finitialize(v_init)
        h.continuerun(t_stop)
        cvode.active(False)

    return go


@pytest.fixture
def soma(h):
    """A spiking compartment."""
    section = h.Section(name="soma")
    section.L = section.diam = 20
    section.insert("hh")
    return section


@pytest.fixture
def drive(h):
    """Connect synapses to a train of events; keeps what it makes alive."""
    kept = []

    def connect(*synapses, weight=0.005, start=5.01, between=0.0):
        stimulus = h.NetStim()
        stimulus.start, stimulus.interval, stimulus.number, stimulus.noise = start, 7.003, 4, 0
        kept.extend((stimulus, *synapses))  # a NetCon does not keep its target
        for index, synapse in enumerate(synapses):
            connection = h.NetCon(stimulus, synapse)
            connection.weight[0], connection.delay = weight, 1 + index * between
            kept.append(connection)
        return synapses

    return connect


@pytest.fixture
def inject(h):
    """A current clamp."""

    def clamp(segment, amp=0.3, delay=2, dur=15):
        stimulus = h.IClamp(segment)
        stimulus.delay, stimulus.dur, stimulus.amp = delay, dur, amp
        return stimulus

    return clamp


@pytest.fixture
def signals():
    """All signals of a Segment at a site, by name."""

    def of(segment, site=None):
        found = [*segment.analogsignals, *segment.irregularlysampledsignals]
        return {s.name: s for s in found if site is None or s.annotations["site"] == site}

    return of


@pytest.fixture
def missed(signals):
    """What C dV/dt + membrane currents - electrode - axial inflow misses, over the largest current."""

    def share(segment, site=None):
        parts = {"capacitive": 1, "current": 1, "electrode": -1, "axial": -1}
        found = [s for s in signals(segment, site).values() if s.annotations["role"] in parts]
        rows = np.array([np.asarray(s.magnitude)[:, 0] * parts[s.annotations["role"]] for s in found])
        membrane = [s.annotations["role"] == "current" for s in found]
        return np.abs(rows.sum(axis=0)).max() / np.abs(rows[membrane]).max()

    return share
