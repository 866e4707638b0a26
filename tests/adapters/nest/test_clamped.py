"""The marked samples are those after the spikes that NEST itself counts."""

from __future__ import annotations

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter
from neo_currentscape.adapters.nest.derived import after_spikes, ht_spikes

pytestmark = pytest.mark.nest

#: model, parameters, injected pA, spiking mechanism's refractory time in ms
CASES = [
    ("iaf_psc_exp", {"t_ref": 2.0}, 450.0),
    ("iaf_psc_exp_htum", {"t_ref_abs": 2.0, "t_ref_tot": 2.0}, 450.0),
    ("iaf_cond_exp", {"t_ref": 3.0}, 400.0),
    ("iaf_cond_alpha", {"t_ref": 0.5}, 400.0),
    ("iaf_psc_delta", {"t_ref": 2.0, "V_reset": -65.0}, 450.0),
    ("gif_cond_exp", {"t_ref": 2.0}, 300.0),
    ("iaf_psc_alpha_ps", {"t_ref": 2.0}, 450.0),
    ("glif_psc", {"t_ref": 3.0}, 400.0),
    ("glif_cond", {"t_ref": 3.0}, 400.0),
]


@pytest.mark.parametrize(("name", "params", "amplitude"), CASES, ids=[c[0] for c in CASES])
def test_stretches_are_the_refractory_periods(kernel, record, name, params, amplitude):
    kernel.resolution = 0.1
    neurons = kernel.Create(name, 3, params=params)
    for at, neuron in enumerate(neurons):
        generator = kernel.Create("dc_generator", params={"amplitude": amplitude * (1 + 0.3 * at)})
        kernel.Connect(generator, neuron)
    recorder, multimeter = kernel.Create("spike_recorder"), record(neurons, 0.1)
    kernel.Connect(neurons, recorder)
    kernel.Simulate(100.0)
    epoch = adapter.to_segment(multimeter).epochs[0]
    assert epoch.name == "clamped" and set(epoch.labels) == {"clamped"}
    refractory = params.get("t_ref", params.get("t_ref_abs"))
    for node in (1, 2, 3):
        spikes = recorder.events["times"][recorder.events["senders"] == node]
        spikes = np.sort(spikes[spikes < 98.0 - refractory])
        mine = epoch.array_annotations["channel_index"] == node
        starts, durations = epoch.times[mine].magnitude, epoch.durations[mine].magnitude
        assert len(spikes) > 2
        # V is reset at the spike: the difference quotient of the sample before is the first wrong one.
        np.testing.assert_allclose(starts[: len(spikes)], spikes - 0.15, atol=0.11)
        np.testing.assert_allclose(durations[: len(spikes)], refractory + 0.1, atol=0.11)
    ncs.Recording.from_segment(adapter.to_segment(multimeter), neuron=2)


@pytest.mark.parametrize("t_ref", [0.0, 2.0])
def test_exponential_models_with_and_without_refractoriness(kernel, record, t_ref):
    kernel.resolution = 0.1
    neuron = kernel.Create("aeif_cond_exp", params={"I_e": 1000.0, "t_ref": t_ref})
    recorder, multimeter = kernel.Create("spike_recorder"), record(neuron, 0.1)
    kernel.Connect(neuron, recorder)
    kernel.Simulate(200.0)
    segment = adapter.to_segment(multimeter)
    epoch, spikes = segment.epochs[0], recorder.events["times"]
    assert len(spikes) > 3 and len(epoch) == len(spikes)
    stops = (epoch.times + epoch.durations).magnitude
    np.testing.assert_allclose(stops, spikes + t_ref, atol=0.16)
    # The upstroke belongs to it, but not more than that.
    rec = ncs.Recording.from_segment(segment)
    assert rec.voltage.magnitude[~rec.clamped].max() <= -50.4 + 2.0
    assert epoch.durations.magnitude.max() < t_ref + 8.0


def test_rest_at_the_reset_potential_is_not_a_spike(kernel, record):
    neuron = kernel.Create("iaf_psc_exp")
    multimeter = record(neuron, 0.1)
    kernel.Simulate(20.0)
    segment = adapter.to_segment(multimeter)
    assert (segment.analogsignals[0].magnitude == segment.analogsignals[0].magnitude[0]).all()
    assert all(len(epoch) == 0 for epoch in segment.epochs)


def test_hodgkin_huxley_is_never_clamped(kernel, record):
    neuron = kernel.Create("hh_psc_alpha", params={"I_e": 700.0})
    multimeter = record(neuron, 0.1)
    kernel.Simulate(50.0)
    assert len(adapter.to_segment(multimeter).epochs) == 0


@pytest.mark.parametrize("interval", [0.1, 0.5])
@pytest.mark.parametrize("with_theta", [True, False])
def test_spikes_of_ht_neuron(kernel, record, interval, with_theta):
    """From theta they are found at any interval, from V alone where each step is recorded."""
    kernel.resolution = 0.1
    neurons = kernel.Create("ht_neuron", 2)
    for neuron, amplitude in zip(neurons, (20.0, 40.0), strict=True):
        kernel.Connect(kernel.Create("dc_generator", params={"amplitude": amplitude}), neuron)
    recorder = kernel.Create("spike_recorder")
    kernel.Connect(neurons, recorder)
    names = [n for n in neurons[0].get("recordables") if n != "theta" or with_theta]
    multimeter = record(neurons, interval, names)
    kernel.Simulate(100.0)
    if interval > 0.1 and not with_theta:
        return
    signals = {s.name: s for s in adapter.to_segment(multimeter).analogsignals}
    spike, times = signals["I_spike"].magnitude, signals["V_m"].times.magnitude
    for column in (0, 1):
        sent = recorder.events["times"][recorder.events["senders"] == column + 1]
        expected = np.zeros(len(times), dtype=bool)
        for at in sent:
            expected |= (times > at - 1e-6) & (times < at + 2.0 - 1e-6)
        assert len(sent) > 3
        np.testing.assert_array_equal(spike[:, column] > 0, expected)


def test_spikes_from_theta_are_exact():
    times = np.arange(0.0, 50.0, 0.7)
    p = {"E_Na": np.array([30.0]), "theta_eq": np.array([-51.0]), "tau_theta": np.array([2.0])}
    sent = np.array([3.3, 17.1, 28.0])
    since = times[:, None] - sent
    latest = np.where(since >= 0, since, np.inf).min(axis=1)
    theta = (-51.0 + 81.0 * np.exp(-latest / 2.0))[:, None]
    found, column = ht_spikes({"V_m": np.full_like(theta, -60.0), "theta": theta}, p, times)
    np.testing.assert_allclose(found, sent, atol=1e-9)
    marked = after_spikes((found, column), np.array([2.0]), times, theta.shape)[:, 0]
    np.testing.assert_array_equal(marked, latest < 2.0)


def test_voltage_clamp_of_ht_neuron(kernel, record):
    neuron = kernel.Create("ht_neuron", params={"V_m": -60.0, "voltage_clamp": True})
    multimeter = record(neuron, 0.1)
    kernel.Simulate(20.0)
    rec = ncs.Recording.from_segment(adapter.to_segment(multimeter))
    assert rec.clamped.all()
    np.testing.assert_allclose(rec.voltage.magnitude, -60.0)
