"""C dV/dt + membrane currents - electrode = 0, on every backend, from the recorded state alone."""

import numpy as np
import pytest

import neo_currentscape as ncs

pytestmark = pytest.mark.pynn

#: Largest residual, as part of the largest current, at a step of 0.025 ms. NEURON's step is taken
#: apart exactly, and Brian2's where it is Euler's; the others integrate within the step.
EXACT = 1e-8
LIMITS = {
    "neuron": {},
    "nest": {
        "IF_cond_exp": 1e-5,
        "IF_cond_alpha": 3e-5,
        "IF_curr_exp": 3e-6,
        "IF_curr_alpha": 5e-5,
        "IF_facets_hardware1": 2e-4,
        "EIF_cond_exp_isfa_ista": 0.002,
        "EIF_cond_alpha_isfa_ista": 0.004,
        "HH_cond_exp": 0.02,
        "GIF_cond_exp": 0.001,
    },
    "brian2": {
        "IF_curr_exp": 3e-6,
        "EIF_cond_exp_isfa_ista": 0.02,
        "EIF_cond_alpha_isfa_ista": 0.02,
    },
}
CELLS = [
    "IF_cond_exp",
    "IF_cond_alpha",
    "IF_curr_exp",
    "IF_curr_alpha",
    "IF_facets_hardware1",
    "EIF_cond_exp_isfa_ista",
    "EIF_cond_alpha_isfa_ista",
    "HH_cond_exp",
    "GIF_cond_exp",
    "Izhikevich",
]
LABELS = {
    "IF_cond_exp": {"leak", "excitatory", "inhibitory"},
    "IF_curr_exp": {"leak", "excitatory", "inhibitory"},
    "EIF_cond_exp_isfa_ista": {"leak", "spike", "adaptation", "excitatory", "inhibitory"},
    "HH_cond_exp": {"Na", "K", "leak", "excitatory", "inhibitory"},
    "GIF_cond_exp": {"leak", "adaptation", "excitatory", "inhibitory"},
    "Izhikevich": {"quadratic", "recovery"},
}


def _segment(simulate, backend, cell):
    found, _ = simulate(backend, "adaptive" if cell.startswith("EIF") else "cells")
    if cell not in found:
        pytest.skip(f"pyNN.{backend} has no {cell}")
    return found[cell][1]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_currents_balance(simulate, residual, backend, cell):
    segment = _segment(simulate, backend, cell)
    limit = LIMITS[backend].get(cell, EXACT)
    assert max(residual(segment, neuron) for neuron in range(3)) <= limit


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_the_balance_of_the_package_calls_it_complete(simulate, backend, cell):
    """It reads capacitance, finite difference and clamped times from what the adapter wrote."""
    segment = _segment(simulate, backend, cell)
    balance = ncs.balance(ncs.Recording.from_segment(segment, neuron=1))
    assert balance.verdict.startswith("complete")
    assert balance.unexplained <= LIMITS[backend].get(cell, EXACT)


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_sources_and_offsets_are_part_of_the_balance(simulate, residual, backend):
    """Without the injected currents it would not hold: each kind of source is in these runs."""
    segment = _segment(simulate, backend, "IF_cond_exp")
    for neuron in range(3):
        assert residual(segment, neuron, electrode=False) > 0.05


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_sources_are_named_by_their_kind(simulate, backend):
    segment = _segment(simulate, backend, "IF_cond_exp")
    names = {s.name for s in segment.analogsignals if s.annotations["role"] == "electrode"}
    assert names == {"i_offset", "DCSource", "StepCurrentSource", "ACSource"}


@pytest.mark.parametrize("cell", LABELS)
@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_labels_follow_the_field(simulate, backend, cell):
    segment = _segment(simulate, backend, cell)
    found = {s.name for s in segment.analogsignals if s.annotations["role"] == "current"}
    assert found == LABELS[cell]


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_point_neurons_balance_and_name_their_receptors(simulate, residual, backend):
    found, _ = simulate(backend, "point_neurons")
    exact = {"neuron": ("LIF with currents", "AdExp", "LIF"), "nest": (), "brian2": ("LIF",)}
    for name, segment in found.items():
        labels = {s.name for s in segment.analogsignals if s.annotations["role"] == "current"}
        assert {"AMPA", "GABA", "leak"} <= labels
        assert ({"spike", "adaptation"} <= labels) == (name == "AdExp")
        limit = EXACT if name in exact[backend] else 0.02 if name == "AdExp" else 0.003
        assert max(residual(segment, neuron) for neuron in range(3)) <= limit


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_receptors_have_the_sign_of_their_synapses(simulate, channel, backend):
    found, _ = simulate(backend, "point_neurons")
    segment = found["LIF with currents"]
    assert channel(segment, "AMPA", 0).min() < -0.1 and channel(segment, "AMPA", 0).max() <= 0
    assert channel(segment, "GABA", 0).max() > 0.1 and channel(segment, "GABA", 0).min() >= 0


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_every_spike_is_marked_and_little_else(simulate, backend):
    segment = _segment(simulate, backend, "IF_cond_exp")
    for train in segment.spiketrains:
        neuron = train.annotations["channel_index"]
        (epoch,) = segment.epochs
        epoch = epoch[epoch.array_annotations["channel_index"] == neuron]
        start = epoch.times.rescale("ms").magnitude
        stop = start + epoch.durations.rescale("ms").magnitude
        for spike in train.rescale("ms").magnitude:
            assert ((start < spike) & (spike + 2.0 < stop)).any()
        assert epoch.durations.sum() <= len(train) * (2.0 + 0.1) * epoch.durations.units


def test_voltage_is_held_within_the_marked_times(simulate, channel):
    """On NEURON all samples outside the epochs are exact, so none are missed; inside V is at the reset."""
    segment = _segment(simulate, "neuron", "IF_cond_exp")
    (epoch,) = segment.epochs
    epoch = epoch[epoch.array_annotations["channel_index"] == 1]
    times = segment.analogsignals[0].times.rescale("ms").magnitude
    middle = epoch.times[0].rescale("ms").magnitude + epoch.durations[0].rescale("ms").magnitude / 2
    held = channel(segment, "v", 1)[np.argmin(np.abs(times - middle))]
    assert held == pytest.approx(-65.0)


def test_gif_on_neuron_is_marked_without_its_spikes(simulate):
    segment = _segment(simulate, "neuron", "GIF_cond_exp")
    assert sum(len(train) for train in segment.spiketrains) == 0
    (epoch,) = segment.epochs
    assert set(epoch.array_annotations["channel_index"]) == {0, 1, 2}


def test_hodgkin_huxley_is_never_marked(simulate):
    segment = _segment(simulate, "neuron", "HH_cond_exp")
    assert sum(len(train) for train in segment.spiketrains) > 5 and not segment.epochs


def test_variable_step_is_central_and_irregular(simulate, channel):
    segment, _ = simulate("neuron", "variable_step")
    assert not segment.analogsignals
    voltage = next(s for s in segment.irregularlysampledsignals if s.name == "v")
    assert voltage.annotations["derivative"] == "central"
    v, m, h = (channel(segment, name, 1) for name in ("v", "m", "h"))
    np.testing.assert_allclose(channel(segment, "Na", 1), 20 * m**3 * h * (v - 50), rtol=1e-12, atol=1e-12)


def test_coarse_sampling_does_not_claim_the_rule_of_one_step(simulate):
    segment, _ = simulate("neuron", "coarse")
    voltage = next(s for s in segment.analogsignals if s.name == "v")
    assert voltage.annotations["derivative"] == "central"
    assert float(voltage.sampling_period.rescale("ms")) == pytest.approx(0.1)


@pytest.mark.parametrize("site", ["soma", "dendrite"])
def test_compartments_balance_with_what_flows_along_the_tree(simulate, residual, site):
    found, _ = simulate("neuron", "compartments")
    assert found["places"] == ["soma", "dendrite"]
    for neuron in range(2):
        assert residual(found["segment"], neuron, site=site) <= 1e-8


def test_native_cells_on_neuron_balance(simulate, residual, channel):
    found, _ = simulate("neuron", "native_neuron")
    (place,) = found["places"]
    for neuron in range(2):
        assert residual(found["chosen"], neuron, site=place) <= 1e-8
    peaks = [np.abs(channel(found["chosen"], "ina_hh", neuron, place)).max() for neuron in range(2)]
    assert peaks[0] > peaks[1] > 0


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_a_spike_makes_no_spike_current(simulate, backend):
    # An exponential that depolarises is inward; a reset must not look like an outward current.
    segment = _segment(simulate, backend, "EIF_cond_exp_isfa_ista")
    spikes = [signal for signal in segment.analogsignals if signal.name == "spike"]
    assert spikes and all(signal.magnitude.max() <= 0 for signal in spikes)
    assert min(signal.magnitude.min() for signal in spikes) < 0


@pytest.mark.nest
def test_the_mean_leak_is_what_the_step_takes(simulate):
    """NEST integrates the passive membrane exactly: C dt / (2 tau**2) V is not in a sample of the leak."""
    segment, _ = simulate("nest", "driven")
    found = ncs.balance(ncs.Recording.from_segment(segment, neuron=0))
    assert found.diagnosis.kind == "complete", found.verdict
    assert found.unexplained < 1e-5
