"""Bad input is refused in one sentence that says what to write."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.adapters import pynn
from neo_currentscape.adapters.pynn import description, sources
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, SignalError

pytestmark = pytest.mark.pynn

SAID = {
    "not run": ("SignalError", "'forgot' holds no recording yet: call sim.run"),
    "no currents": ("SelectionError", "'source' (SpikeSourceArray) has no membrane"),
    "locations": ("ArgumentError", "locations= is for cells made of sections"),
    "no population": ("ArgumentTypeError", "not list"),
    "not recorded": ("SelectionError", "Variable 'gsyn_exc' of population 'forgot' was not recorded"),
    "not described": ("SelectionError", "pynn.annotate"),
}


@pytest.mark.parametrize("case", SAID)
@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_what_was_forgotten_is_said(simulate, backend, case):
    found, _ = simulate(backend, "errors")
    kinds, message = found[case]
    kind, text = SAID[case]
    assert kind in kinds and "CurrentscapeError" in kinds
    assert text in message


def test_a_unit_that_is_not_true_is_refused(simulate):
    found, _ = simulate("neuron", "native_neuron")
    kinds, message = found["wrong"]
    assert "UnitsError" in kinds
    assert "'soma(0.5).ina'" in message and "labelled nA" in message and "mA/cm**2" in message


def test_nest_models_off_the_grid_are_refused_before_the_run(simulate):
    (kinds, message), _ = simulate("nest", "precise")
    assert "SelectionError" in kinds and "iaf_psc_exp_ps" in message and "on_grid" in message


def test_noise_is_taken_from_neuron_and_has_to_be_given_for_nest(simulate, residual, channel):
    found, _ = simulate("neuron", "noise")
    assert found["error"] is None
    assert residual(found["found"], 1) <= 1e-8
    assert np.ptp(channel(found["found"], "NoisyCurrentSource", 0)[60:140]) > 0.1
    found, _ = simulate("nest", "noise")
    kinds, message = found["error"]
    assert "SignalError" in kinds and "electrodes=" in message


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_given_electrodes_go_before_the_sources(simulate, channel, backend):
    found, _ = simulate(backend, "noise")
    for neuron in range(2):
        np.testing.assert_allclose(channel(found["given"], "mine", neuron), 0.3)
    assert "NoisyCurrentSource" not in {s.name for s in found["given"].analogsignals}


def test_several_segments_have_to_be_told_apart(simulate):
    _, folder = simulate("neuron", "sweep")
    block = pynn.read(folder / "swept.pkl", trust_pickle=True)
    with pytest.raises(SelectionError, match=r"3 segments.*segment=0.*to_block"):
        pynn.to_segment(block)
    with pytest.raises(SelectionError, match="no segment 3"):
        pynn.to_segment(block, segment=3)
    assert pynn.to_segment(block, segment=1).annotations["amplitude"] == 0.4


def _described(simulate):
    found, _ = simulate("neuron", "cells")
    return found["IF_cond_exp"][0]


def test_missing_spikes_are_warned_of(simulate):
    block = _described(simulate)
    segment = neo.Segment(**{description.KEY: block.segments[0].annotations[description.KEY]})
    segment.analogsignals.extend(block.segments[0].analogsignals)
    with pytest.warns(UserWarning, match="Spikes of neuron 0 .* record"):
        made = pynn.to_segment(segment)
    assert not made.epochs


def test_channels_without_index_are_refused(simulate):
    block = _described(simulate)
    signal = next(s for s in block.segments[0].analogsignals if s.name == "v")
    bare = neo.AnalogSignal(signal.magnitude[:, :2], "mV", sampling_period=signal.sampling_period, name="v")
    segment = neo.Segment(**{description.KEY: block.segments[0].annotations[description.KEY]})
    segment.analogsignals.append(bare)
    with pytest.raises(SignalError, match="channel_index"):
        pynn.to_segment(segment)


def test_electrodes_of_other_times_units_or_neurons_are_refused(simulate):
    block = _described(simulate)
    period = 0.025 * pq.ms
    short = neo.AnalogSignal(np.zeros((5, 1)), "nA", sampling_period=period, name="mine")
    volts = neo.AnalogSignal(np.zeros((4001, 1)), "mV", sampling_period=period, name="mine")
    many = neo.AnalogSignal(np.zeros((4001, 2)), "nA", sampling_period=period, name="mine")
    for given, message in ((short, "different times"), (volts, "in mV"), (many, "channel_index")):
        with pytest.raises(ValueError if given is not many else LookupError, match=message):
            pynn.to_segment(block, electrodes=given)


def test_annotate_takes_neo_objects_only():
    with pytest.raises(ArgumentTypeError, match="neo.Block"):
        pynn.annotate({}, None)


def test_a_backend_that_is_not_known_is_refused():
    from types import SimpleNamespace

    root = SimpleNamespace(_simulator=SimpleNamespace(name="Mock"), celltype=None, label="x")
    root.recorder = SimpleNamespace(population=root)
    with pytest.raises(ValueError, match="'Mock'.*NEURON, NEST, Brian2"):
        pynn.record_currents(root)


def test_steps_belong_to_their_source():
    steps = np.arange(6) * 0.1
    step = {"kind": "StepCurrentSource", "times": [0.1, 0.3], "amplitudes": [1.0, 2.0]}
    np.testing.assert_array_equal(sources.amplitude(step, steps, 0.1), [0, 1, 1, 2, 2, 2])
    wave = {"amplitude": 1.0, "offset": 0.5, "frequency": 1000.0, "phase": 90.0, "start": 0.1, "stop": 0.4}
    course = sources.amplitude({"kind": "ACSource", "parameters": wave}, steps, 0.1)
    angles = 2 * np.pi * np.array([0.0, 0.1, 0.2]) + np.pi / 2
    np.testing.assert_allclose(course, [0, *(0.5 + np.sin(angles)), 0, 0], atol=1e-12)


def test_sources_of_two_ranks_are_one():
    pulse = {"kind": "DCSource", "parameters": {"amplitude": 1.0}}
    other = {"kind": "DCSource", "parameters": {"amplitude": 2.0}, "neurons": [1]}
    merged = sources.merge([{**pulse, "neurons": [0]}], [{**pulse, "neurons": [1]}, other])
    assert merged == [{**pulse, "neurons": [0, 1]}, other]


def test_joined_descriptions_are_told_apart():
    known = {"label": "a", "first_id": 0, "size": 2, "parameters": {"cm": [1.0, None]}, "sources": []}
    rank = {**known, "parameters": {"cm": [None, 2.0]}}
    other = {**known, "label": "b", "first_id": 2}
    text = ";".join(description.encode(d) for d in (known, other, rank))
    first, second = description.decode(text)
    assert first["parameters"] == {"cm": [1.0, 2.0]} and second["label"] == "b"
