"""What a Recording keeps for the balance: clamped samples, and the annotations of its voltage."""

import pickle

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.recording import clamped

N = 20


def regular(name, units, values=None, n_channels=1, **notes):
    values = np.arange(N * n_channels, dtype=float).reshape(N, n_channels) if values is None else values
    return neo.AnalogSignal(
        values, units=units, sampling_period=0.1 * pq.ms, t_start=5 * pq.ms, name=name, **notes
    )


def population(epochs=(), **voltage_notes):
    index = {"channel_index": np.array([3, 7])}
    segment = neo.Segment()
    notes = dict(voltage_notes)
    arrays = {**index, **notes.pop("array_annotations", {})}
    segment.analogsignals.append(regular("v", "mV", n_channels=2, array_annotations=arrays, **notes))
    segment.analogsignals.append(regular("ina", "nA", n_channels=2, array_annotations=index))
    segment.epochs.extend(epochs)
    return segment


def epoch(starts, durations, **notes):
    notes = {"name": "clamped", **notes}
    return neo.Epoch(times=np.array(starts) * pq.ms, durations=np.array(durations) * pq.ms, **notes)


def rows(recording):
    return [] if recording.clamped is None else np.flatnonzero(recording.clamped).tolist()


def test_each_neuron_gets_its_own_epochs():
    # Samples 2..4 of neuron 3, sample 9 of neuron 7; one Epoch for each.
    segment = population([epoch([5.2], [0.2], channel_index=3), epoch([5.9], [0.0], channel_index=7)])
    assert rows(ncs.Recording.from_segment(segment, neuron=3)) == [2, 3, 4]
    assert rows(ncs.Recording.from_segment(segment, neuron=7)) == [9]


def test_one_epoch_may_hold_all_neurons():
    marks = {"channel_index": np.array([3, 7, 3])}
    segment = population([epoch([5.15, 5.85, 6.85], [0.2, 0.1, 5.0], array_annotations=marks)])
    assert rows(ncs.Recording.from_segment(segment, neuron=3)) == [2, 3, 19]
    assert rows(ncs.Recording.from_segment(segment, neuron=7)) == [9]


def test_epochs_of_other_names_and_sites_do_not_count():
    segment = population([epoch([5.2], [0.2], name="stimulus"), epoch([5.2], [0.2], site="dend")])
    assert ncs.Recording.from_segment(segment, neuron=3).clamped is None


def test_overlapping_and_outlying_stretches():
    segment = population([epoch([5.0, 5.1, 5.1, 90.0], [0.3, 0.1, 0.4, 1.0])])
    assert rows(ncs.Recording.from_segment(segment, neuron=3)) == [0, 1, 2, 3, 4, 5]


def test_slices_cut_the_mask():
    recording = ncs.Recording.from_segment(population([epoch([5.2], [0.2])]), neuron=3)
    assert rows(recording.slice(5.4 * pq.ms)) == [0]
    assert recording.slice(5.5 * pq.ms).clamped is None
    assert rows(recording) == [2, 3, 4]


@pytest.mark.parametrize("irregular", [False, True])
def test_round_trip(irregular):
    random = np.random.default_rng(1)
    current = regular("ina", "nA", array_annotations={"channel_index": np.array([7])})
    if irregular:
        times = np.cumsum(random.uniform(1e-3, 3, N)) * pq.ms
        current = neo.IrregularlySampledSignal(times, current.magnitude, units="nA", name="ina")
    for mask in (random.random(N) < 0.5, np.ones(N, bool), np.arange(N) == 0, np.arange(N) == N - 1):
        recording = ncs.Recording(current, clamped=mask)
        segment = pickle.loads(pickle.dumps(recording.to_segment()))
        again = ncs.Recording.from_segment(segment, voltage=False)
        assert np.array_equal(again.clamped, mask)


def test_the_mask_is_copied_and_nothing_is_no_mask():
    mask = np.arange(N) == 3
    recording = ncs.Recording(regular("ina", "nA"), clamped=mask)
    mask[5] = True
    assert rows(recording) == [3]
    assert ncs.Recording(regular("ina", "nA"), clamped=np.zeros(N, bool)).clamped is None
    assert ncs.Recording(regular("ina", "nA")).clamped is None
    assert not ncs.Recording(regular("ina", "nA")).to_segment().epochs


def test_errors_say_what_is_wrong():
    with pytest.raises(SignalError, match=r"shape \(3,\) where the currents have 20 samples"):
        ncs.Recording(regular("ina", "nA"), clamped=np.ones(3, bool))
    with pytest.raises(ArgumentTypeError, match="mask of True and False"):
        ncs.Recording(regular("ina", "nA"), clamped=[1.0, 2.0])


def test_annotations_of_the_voltage_survive():
    segment = population(capacitance=0.25 * pq.nF, derivative="forward")
    recording = ncs.Recording.from_segment(segment, neuron=7)
    again = ncs.Recording.from_segment(pickle.loads(pickle.dumps(recording.to_segment())))
    for one in (
        recording,
        again,
        recording.slice(5.5 * pq.ms),
        ncs.Recording(recording.currents, recording.voltage),
    ):
        assert one.voltage.annotations["capacitance"] == 0.25 * pq.nF
        assert one.voltage.annotations["derivative"] == "forward"


def test_annotations_of_each_neuron():
    arrays = {
        "capacitance": np.array([100.0, 250.0]) * pq.pF,
        "derivative": np.array(["forward", "backward"]),
    }
    segment = population(array_annotations=arrays)
    for neuron, capacitance, rule in ((3, 100 * pq.pF, "forward"), (7, 250 * pq.pF, "backward")):
        recording = ncs.Recording.from_segment(segment, neuron=neuron)
        again = ncs.Recording.from_segment(recording.to_segment())
        for one in (recording, again):
            assert one.voltage.annotations["capacitance"] == capacitance
            assert one.voltage.annotations["derivative"] == rule


def test_a_voltage_stored_in_single_precision_keeps_them_too():
    voltage = regular("v", "mV", np.zeros((N, 1), np.float32), capacitance=1 * pq.nF)
    assert ncs.Recording(regular("ina", "nA"), voltage).voltage.annotations["capacitance"] == 1 * pq.nF


def test_nothing_is_invented():
    recording = ncs.Recording.from_segment(population(), neuron=3)
    assert not {"capacitance", "derivative"} & set(recording.voltage.annotations)


def test_epochs_reach_half_an_interval_beyond_their_samples():
    signal = regular("ina", "nA")
    made = clamped.to_epoch(np.isin(np.arange(N), [2, 3, 4, 9]), signal, 7, "soma")
    np.testing.assert_allclose(made.times.rescale("ms").magnitude, [5.15, 5.85])
    np.testing.assert_allclose(made.durations.rescale("ms").magnitude, [0.3, 0.1])
    assert made.annotations == {"site": "soma"}
    assert made.array_annotations["channel_index"].tolist() == [7, 7]


def test_masks_of_many_neurons_are_those_of_each():
    rng = np.random.default_rng(3)
    starts, index = rng.uniform(4.5, 7.2, 60), rng.integers(0, 9, 60)
    found = [epoch(starts, rng.uniform(0, 0.5, 60), array_annotations={"channel_index": index})]
    found.append(epoch([5.3, 6.6], [0.1, 0.0], channel_index=4))
    found.append(epoch([5.1], [0.1], site="soma", array_annotations={"channel_index": [1]}))
    neurons = np.array([7, 0, 4, 30, 1])
    for common in ((), (epoch([5.7], [0.2]), epoch([6.9], [5.0]))):
        segment = population([*found, *common])
        signal = segment.analogsignals[0]
        for site in (None, "soma"):
            whole = clamped.masks(segment, signal, neurons, site)
            for column, neuron in enumerate(neurons.tolist()):
                one = clamped.mask(clamped.epochs_of(segment, neuron, site), signal)
                np.testing.assert_array_equal(whole[:, column], np.zeros(N, bool) if one is None else one)
            assert 0 < whole.mean() < 1
