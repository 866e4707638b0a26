"""Responses in closed form, and a clean NEURON."""

import gc

import neo
import numpy as np
import pytest
import quantities as pq


def segment_of(v, dt=0.1, current=None, **annotations):
    """A Segment of a voltage (mV), and an injected current (nA) if there is one."""
    segment = neo.Segment(name="response", **annotations)
    signals = {"v": (v, "mV", {"role": "voltage"})}
    if current is not None:
        signals["stim.i"] = (current, "nA", {"role": "electrode", "positive": "inward"})
    for name, (values, unit, notes) in signals.items():
        segment.analogsignals.append(
            neo.AnalogSignal(
                np.asarray(values, dtype=float)[:, None],
                units=unit,
                sampling_period=dt * pq.ms,
                name=name,
                **notes,
            )
        )
    return segment


def response(amplitude=-0.1, terms=((100.0, 20.0),), dt=0.1, onset=100.0, duration=400.0, stop=600.0):
    """Times, voltage and current of a step: each term is a resistance (Mohm) and a time constant (ms)."""
    t = np.arange(round(stop / dt) + 1) * dt
    since = np.clip(t - onset, 0, duration)
    v = -65.0 + sum(-amplitude * r * np.expm1(-since / tau) for r, tau in terms)
    after = np.clip(t - onset - duration, 0, None)
    v = v + sum(amplitude * r * np.expm1(-after / tau) for r, tau in terms)
    on = (t > onset + dt / 2) & (t <= onset + duration + dt / 2)
    return t, v, np.where(on, amplitude, 0.0)


@pytest.fixture(name="segment_of")
def _segment_of():
    return segment_of


@pytest.fixture(name="response")
def _response():
    return response


@pytest.fixture
def h():
    """NEURON, as it is after a start; a model goes with the last reference to it."""
    pytest.importorskip("neuron")
    from neuron import h

    h.load_file("stdrun.hoc")
    gc.collect()
    h.CVode().active(False)
    h.secondorder, h.dt, h.steps_per_ms, h.celsius, h.v_init = 0, 0.025, 40, 6.3, -65
    yield h
    gc.collect()
    h.CVode().active(False)
    h.dt, h.steps_per_ms = 0.025, 40


@pytest.fixture
def cell(h):
    """A function that makes a cell with a ``soma``, as bmtool wants it."""

    class Cell:
        def __init__(self):
            soma = h.Section(name="soma", cell=self)
            soma.L = soma.diam = 20
            soma.insert("hh")
            self.soma = [soma]
            self.all = self.soma

        def __str__(self):
            return "Cell"

    def make():
        gc.collect()
        return Cell()

    return make
