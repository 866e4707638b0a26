"""The derived currents against the equations written out, and against what mechanisms record."""

import numpy as np
import pytest

from neo_currentscape.adapters.pynn import models

pytestmark = pytest.mark.pynn


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_leak_takes_the_parameters_of_each_neuron(simulate, channel, backend):
    found, _ = simulate(backend, "cells")
    segment = found["IF_cond_exp"][1]
    for neuron, (cm, tau_m) in enumerate([(1.0, 20.0), (0.8, 15.0), (0.5, 10.0)]):
        v = channel(segment, "v", neuron)
        if backend == "nest":
            # On average over the step, at whose end a spike may set the voltage.
            following = np.append(v[1:], v[-1])
            v = np.where(following < v - 5.0, v, (v + following) / 2)
        expected = cm / tau_m * (v + 65.0)
        np.testing.assert_allclose(channel(segment, "leak", neuron), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_synapses_are_conductance_times_driving_force(simulate, channel, backend):
    """To the part of a step's decay, 1 - exp(-0.025/5), by which NEURON and NEST used another value."""
    found, _ = simulate(backend, "cells")
    segment = found["IF_cond_exp"][1]
    for neuron, e_rev_i in enumerate([-70.0, -75.0, -80.0]):
        v = channel(segment, "v", neuron)
        for label, g, e_rev in (("excitatory", "gsyn_exc", 0.0), ("inhibitory", "gsyn_inh", e_rev_i)):
            expected = channel(segment, g, neuron) * (v - e_rev)
            assert np.abs(expected).max() > 0.1
            rtol = 1e-12 if backend == "brian2" else 0.0051
            np.testing.assert_allclose(channel(segment, label, neuron), expected, rtol=rtol, atol=1e-12)


def test_sodium_and_potassium_are_what_neuron_computes(simulate, channel):
    found, _ = simulate("neuron", "natively")
    block, segment = found["HH"]
    raw = {s.name: s.magnitude[:, 0] for s in block.segments[0].analogsignals}
    v = raw["v"]
    # mA/cm2 on 1e-3 cm2 is 1e-3 mA, 1e3 nA. NEURON evaluated it before the voltage moved.
    moved = raw["seg.gna_hh_traub"][1:] * np.diff(v)
    sodium = 1e3 * (raw["seg.ina"][1:] + moved)
    assert np.abs(sodium).max() > 50
    np.testing.assert_allclose(channel(segment, "Na", 0)[1:], sodium, rtol=1e-9, atol=1e-9)
    # Potassium has no recorded slope: i/(v_old - e) gives it.
    potassium = 1e3 * raw["seg.ik"][1:] * (v[1:] + 90) / (v[:-1] + 90)
    np.testing.assert_allclose(channel(segment, "K", 0)[1:], potassium, rtol=1e-9, atol=1e-9)


def test_spike_and_adaptation_are_what_neuron_computes(simulate):
    found, _ = simulate("neuron", "natively")
    block, segment = found["EIF"]
    raw = {s.name: s.magnitude[:, 0] for s in block.segments[0].analogsignals}
    # AdExpIF adds both (and the clamp) up, with the voltage and w at the beginning of the step.
    expected = models.spike(raw["v"], 0.281, 9.3667, 2.0, -50.4) + raw["w"]
    free = raw["v"][:-1] < -45.0
    held = np.abs(raw["v"] + 70.6) < 1e-3
    free &= ~(held[:-1] | held[1:])
    assert free.sum() > 300
    np.testing.assert_allclose(raw["adexp.i"][1:][free], expected[:-1][free], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("backend", ["nest", "brian2"])
def test_izhikevich_is_its_equation(simulate, channel, backend):
    """Which takes Euler's steps; in the one with a spike V is lifted to 30 mV, and no further."""
    found, _ = simulate(backend, "cells")
    segment = found["Izhikevich"][1]
    v, u = channel(segment, "v", 2), channel(segment, "u", 2)
    spikes = np.flatnonzero(np.diff(v) < -50)
    expected = -1e-3 * (0.04 * v**2 + 5 * v + 140)
    expected[spikes] = -1e-3 * (30.0 - v[spikes]) / 0.025
    assert len(spikes) > 2
    np.testing.assert_allclose(channel(segment, "quadratic", 2), expected)
    np.testing.assert_allclose(channel(segment, "recovery", 2), 1e-3 * u)


def test_spike_current_is_zero_without_slope_and_finite_far_above():
    v = np.array([[-60.0], [-40.0], [1000.0]])
    np.testing.assert_array_equal(models.spike(v, 1.0, 20.0, np.array([0.0]), -50.0), 0.0)
    assert np.isfinite(models.spike(v, 1.0, 20.0, np.array([0.1]), -50.0)).all()
    assert models.spike(-50.0, 1.0, 20.0, 2.0, -50.0) == -0.1


def test_every_model_names_its_variables():
    for name, model in {**models.MODELS, **models.NEURONS}.items():
        assert model.variables[0] == "v", name
        for current in model.currents:
            assert set(current.parameters).isdisjoint(models.VARIABLES), (name, current.label)


def test_receptors_of_a_point_neuron_have_their_own_parameters():
    model = models.point_neuron("AdExp", {"fast": "CondExpPostSynapticResponse"})
    assert model.variables == ("v", "w", "fast.gsyn")
    assert {"fast.e_syn", "fast.tau_syn"} <= set(model.parameters)
    assert model.decays == (("fast.gsyn", "fast.tau_syn"),)
