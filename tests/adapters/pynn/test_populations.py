"""Views, assemblies, unsorted channels, sweeps; and what Recording makes of them."""

import numpy as np
import pytest

import neo_currentscape as ncs

pytestmark = pytest.mark.pynn


def _index(segment, name="leak"):
    return [list(s.array_annotations["channel_index"]) for s in segment.analogsignals if s.name == name]


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_view_keeps_the_indices_of_its_population(simulate, residual, channel, backend):
    found, _ = simulate(backend, "views")
    assert _index(found["view"]) == [[1, 3]]
    assert channel(found["view"], "i_offset", 1)[0] == 0.2
    assert channel(found["view"], "i_offset", 3)[0] == 0.4
    assert residual(found["view"], 3) < 0.02


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_assembly_counts_through_its_members(simulate, residual, channel, backend):
    found, _ = simulate(backend, "views")
    segment = found["assembly"]
    assert sorted(_index(segment)) == [[0, 1], [2, 3, 4]]
    offsets = [channel(segment, "i_offset", neuron)[0] for neuron in range(5)]
    assert offsets == [0.2, 0.4, 0.6, 0.7, 0.8]
    assert max(residual(segment, neuron) for neuron in range(5)) < 0.02
    # The resting potential of the second population.
    v = channel(segment, "v", 3)
    if backend == "nest":  # on average over the step
        v = (v + np.append(v[1:], v[-1])) / 2
    np.testing.assert_allclose(channel(segment, "leak", 3), 0.05 * (v + 60))


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_epochs_and_spikes_of_an_assembly_count_through_too(simulate, backend):
    found, _ = simulate(backend, "views")
    segment = found["assembly"]
    assert sorted(t.annotations["channel_index"] for t in segment.spiketrains) == [0, 1, 2, 3, 4]
    fired = {t.annotations["channel_index"] for t in segment.spiketrains if len(t)}
    assert fired and {n for e in segment.epochs for n in e.array_annotations["channel_index"]} == fired


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_currents_are_of_the_neurons_whose_variables_were_recorded(simulate, backend):
    found, _ = simulate(backend, "views")
    assert _index(found["partial"]) == [[0, 1, 2]]
    assert _index(found["partial"], "excitatory") == [[0, 2]]


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_unsorted_channels_are_matched_by_their_index(simulate, channel, backend):
    from neo_currentscape.adapters import pynn

    found, _ = simulate(backend, "views")
    assert _index(found["unsorted"].segments[0], "v") == [[2, 1, 0]]
    segment = pynn.to_segment(found["unsorted"])
    assert _index(segment) == [[2, 1, 0]]
    assert _index(segment, "excitatory") == [[2, 0]]
    for neuron in range(3):
        np.testing.assert_array_equal(
            channel(segment, "leak", neuron), channel(found["partial"], "leak", neuron)
        )


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_sweep_has_the_parameters_and_sources_of_each_run(simulate, residual, channel, backend):
    found, _ = simulate(backend, "sweep")
    segments = found["block"].segments
    assert [s.annotations["amplitude"] for s in segments] == [0.2, 0.4, 0.8]
    for segment, amplitude in zip(segments, (0.2, 0.4, 0.8), strict=True):
        assert channel(segment, "i_offset", 0)[0] == pytest.approx(amplitude / 2)
        for neuron in range(2):
            limit = {"neuron": 1e-8, "nest": 0.02, "brian2": 1e-9}[backend]
            assert residual(segment, neuron) <= limit


def test_a_source_that_brian2_loses_after_a_reset_is_not_shown(simulate):
    """pyNN.brian2 restarts a DCSource only if it had come to its end; what was injected is recorded."""
    found, _ = simulate("brian2", "sweep")
    names = [{s.name for s in segment.analogsignals} for segment in found["block"].segments]
    assert "injected" in names[0] and "injected" not in names[1]


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_recording_finds_its_parts_by_itself(simulate, backend):
    found, _ = simulate(backend, "cells")
    recording = ncs.Recording.from_segment(found["HH_cond_exp"][1], neuron=1)
    assert sorted(recording.names) == ["K", "Na", "excitatory", "inhibitory", "leak"]
    assert recording.neuron == 1
    assert recording.currents.units == 1 * recording.electrode.units
    assert float(recording.voltage.max()) > 0
    index = recording.index("Na")
    assert recording.currents.magnitude[:, index].min() < -50


def test_recording_of_a_gif_neuron_is_not_confused_by_its_threshold(simulate):
    found, _ = simulate("nest", "cells")
    recording = ncs.Recording.from_segment(found["GIF_cond_exp"][1], neuron=0)
    assert sorted(recording.names) == ["adaptation", "excitatory", "inhibitory", "leak"]


def test_recording_of_a_compartment(simulate):
    found, _ = simulate("neuron", "compartments")
    recording = ncs.Recording.from_segment(found["segment"], neuron=1, site="soma")
    assert sorted(recording.names) == ["AMPA", "kdr", "na", "pas"]
    assert recording.axial is not None and recording.capacitive is not None
    dendrite = ncs.Recording.from_segment(found["segment"], neuron=0, site="dendrite")
    assert dendrite.names == ["pas"]


def test_native_variables_of_neuron_get_their_area_and_time(simulate, channel):
    found, _ = simulate("neuron", "native_neuron")
    area = np.pi * 20.0 * 20.0
    recording = ncs.Recording.from_segment(found["plain"], neuron=1)
    assert sorted(recording.names) == ["ik", "il_hh", "ina"]
    assert float(recording.area.rescale("um**2")) == pytest.approx(area)
    # Of the sample at which NEURON evaluated it: the leak says so, il = 0.3 mS/cm2 (v + 54.3 mV).
    leak = channel(found["plain"], "il_hh", 1, "soma(0.5)")
    v = channel(found["plain"], "v", 1, "soma(0.5)")
    np.testing.assert_allclose(leak, 0.0003 * (v + 54.3), rtol=1e-9)


def test_currents_of_labelled_places_get_their_area_and_time(simulate, channel):
    found, _ = simulate("neuron", "compartments")
    recording = ncs.Recording.from_segment(found["plain"], neuron=1, site="soma")
    assert recording.names == ["na.ina"]
    assert float(recording.area.rescale("um**2")) == pytest.approx(np.pi * 18.8**2)
    values = [channel(found["plain"], name, 1, "soma") for name in ("v", "na.m", "na.h", "na.ina")]
    v, m, h, ina = (value[1:] for value in values)
    assert np.abs(ina).max() > 0.1
    np.testing.assert_allclose(ina, 0.12 * m**3 * h * (v - 50), rtol=1e-9)


def test_native_nest_models_are_read_by_the_nest_adapter(simulate, channel):
    found, _ = simulate("nest", "native_nest")
    assert {"V_m", "I_h", "spikes"} <= set(found["names"])
    units = {str(s.units.dimensionality) for s in found["ht"].analogsignals if s.name == "I_h"}
    assert units == {"mV"}
    names = {s.name for s in found["ht"].analogsignals if s.annotations["role"] == "current"}
    assert {"I_h", "I_T", "I_NaL", "I_KL"} <= names
    leak, v = channel(found["iaf"], "I_L", 0), channel(found["iaf"], "V_m", 0)
    # A spike sets V at the end of a step, in which it was not there yet.
    ends = np.where(v[1:] == -70.0, v[:-1], v[1:])
    np.testing.assert_allclose(leak[:-1], 250.0 / 10.0 * ((v[:-1] + ends) / 2 + 70.0))


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_samples_after_clearing_have_their_true_times(simulate, residual, channel, backend):
    (half, whole), _ = simulate(backend, "cleared")
    for name in ("v", "leak", "injected" if backend == "brian2" else "StepCurrentSource"):
        (signal,) = [s for s in half.analogsignals if s.name == name]
        first = round(float(signal.t_start.rescale("ms")) / 0.1)
        assert first in (51, 52) and first + len(signal) == 101
        # The last sample of Brian2's injected current stands for the step that follows.
        np.testing.assert_allclose(
            channel(half, name, 1)[:-1], channel(whole, name, 1)[first:-1], rtol=1e-12, atol=1e-12
        )
    assert residual(half, 1) <= {"neuron": 1e-8, "nest": 0.02, "brian2": 1e-9}[backend]
