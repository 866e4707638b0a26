"""Spikes and bursts: against elephant and eFEL, and what is said when there are none."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    SignalError,
    UnitsError,
    UnknownNameError,
)
from neo_currentscape.experiments.spike_detection import event_times


def efel_features(recording, names, threshold=-20.0):
    efel = pytest.importorskip("efel")
    times = recording.times.rescale("ms").magnitude
    trace = {
        "T": times,
        "V": recording.voltage.magnitude[:, 0],
        "stim_start": [times[0]],
        "stim_end": [times[-1]],
    }
    efel.reset()
    efel.set_setting("Threshold", threshold)
    efel.set_setting("interp_step", 0.1)
    efel.set_setting("strict_stiminterval", False)
    # Otherwise eFEL lets the first burst begin with its second spike.
    efel.set_setting("ignore_first_ISI", False)
    return efel.get_feature_values([trace], names)[0]


def test_crossings_are_those_of_elephant(burster):
    generation = pytest.importorskip("elephant.spike_train_generation")
    found = ncs.detect_spikes(burster).magnitude
    theirs = generation.threshold_detection(burster.voltage, -20 * pq.mV).rescale("ms").magnitude
    assert len(found) == len(theirs) > 30
    # elephant gives a sample beside the crossing, we the crossing itself.
    assert np.abs(theirs - found).max() <= 0.1 + 1e-9


def test_peaks_are_those_of_efel(burster):
    theirs = efel_features(burster, ["peak_time"])["peak_time"]
    found = ncs.detect_spikes(burster, at="peak").magnitude
    np.testing.assert_allclose(found, theirs, atol=0.1 + 1e-9)


def test_crossing_of_a_ramp_is_exact(recording_of):
    voltage = np.array([-60, -50, -10, 30, -10, -60.0])
    times = [0, 1, 3, 4, 7, 9.0]
    recording = recording_of(np.ones((6, 1)), voltage=voltage, times=times)
    assert ncs.detect_spikes(recording).magnitude.tolist() == [1 + 2 * 0.75]
    assert ncs.detect_spikes(recording, at="peak").magnitude.tolist() == [4.0]
    assert ncs.detect_spikes(recording, threshold=-0.02 * pq.V).magnitude.tolist() == [2.5]


def test_a_gap_is_no_crossing(recording_of):
    voltage = np.array([-60, np.nan, 20, 20, -60, -60.0])
    recording = recording_of(np.ones((6, 1)), voltage=voltage, nan="gap")
    assert len(ncs.detect_spikes(recording)) == 0


def test_a_spike_cut_by_the_end_has_no_peak(recording_of):
    recording = recording_of(np.ones((4, 1)), voltage=[-60, 0, 20, 30.0])
    assert len(ncs.detect_spikes(recording)) == 1
    assert len(ncs.detect_spikes(recording, at="peak")) == 0


def test_bursts_are_those_of_efel(burster):
    bursts = ncs.detect_bursts(burster)
    found = efel_features(burster, ["burst_begin_indices", "burst_end_indices", "peak_time"])
    begins = found["peak_time"][found["burst_begin_indices"]]
    own = bursts.times.magnitude
    matched = [np.abs(own - begin).argmin() for begin in begins]
    assert len(set(matched)) == len(begins) >= 3
    # A burst here begins at a crossing, there at a peak. The ends are not compared: eFEL ends a burst
    # where its intervals become longer, which in this neuron is in the middle of it.
    np.testing.assert_allclose(own[matched], begins, atol=1.5)


def test_bursts_are_those_of_the_papers_definition(burster):
    """A loop over the spikes, as Alonso & Marder (2019) tell it."""
    spikes = ncs.detect_spikes(burster).magnitude
    begins, ends = [], []
    for k, spike in enumerate(spikes):
        near_next = k + 1 < len(spikes) and spikes[k + 1] - spike < 100
        near_last = k > 0 and spike - spikes[k - 1] < 100
        begins += [spike] if near_next and not near_last else []
        ends += [spike] if near_last and not near_next else []
    bursts = ncs.detect_bursts(burster)
    np.testing.assert_array_equal(bursts.times.magnitude, begins)
    np.testing.assert_allclose((bursts.times + bursts.durations).magnitude, ends)


def test_bursts_by_hand(recording_of):
    recording = recording_of(np.ones((10001, 1)))
    spikes = neo.SpikeTrain([150, 160, 170, 400, 600, 650, 700], units="ms", t_stop=1000)
    bursts = ncs.detect_bursts(recording, spikes)
    assert bursts.times.magnitude.tolist() == [150, 600]
    assert bursts.durations.magnitude.tolist() == [20, 100]
    assert bursts.array_annotations["spikes"].tolist() == [3, 3]
    assert bursts.array_annotations["cut"].tolist() == ["", ""]
    assert len(ncs.detect_bursts(recording, spikes, min_spikes=1)) == 3
    assert len(ncs.detect_bursts(recording, spikes, max_interval=20 * pq.ms)) == 1
    cut = ncs.detect_bursts(recording, neo.SpikeTrain([50, 60, 950, 960], units="ms", t_stop=1000))
    assert cut.array_annotations["cut"].tolist() == ["begin", "end"]


def test_events_of_every_kind(burster):
    spikes = neo.SpikeTrain([0.3, 0.1], units="s", t_stop=1)
    assert event_times(spikes).tolist() == [100, 300]
    assert event_times(neo.Event([2, 1] * pq.s)).tolist() == [1000, 2000]
    assert event_times(neo.Epoch([5] * pq.ms, [2] * pq.ms)).tolist() == [5]
    assert event_times([7, 3] * pq.ms).tolist() == [3, 7]
    assert len(event_times(None, burster)) == len(ncs.detect_spikes(burster))


def test_refusals(burster, recording_of):
    quiet = recording_of(np.ones((100, 1)), voltage=np.full(100, -65.0))
    with pytest.raises(SignalError, match=r"never crosses -20 mV upwards \(its largest value is -65 mV\)"):
        event_times(None, quiet)
    with pytest.raises(SignalError, match="holds no event"):
        event_times([] * pq.ms)
    with pytest.raises(ArgumentTypeError, match=r"write e.g. events=\[10, 20\] \* pq.ms"):
        event_times([10, 20])
    with pytest.raises(UnitsError, match="mV"):
        event_times([10] * pq.mV)
    with pytest.raises(ArgumentError, match="not finite"):
        event_times([1, np.nan] * pq.ms)
    with pytest.raises(UnknownNameError, match="crossing"):
        ncs.detect_spikes(burster, at="top")
    with pytest.raises(UnitsError, match="threshold"):
        ncs.detect_spikes(burster, threshold=-20)
    with pytest.raises(SelectionError, match="needs the voltage"):
        ncs.detect_spikes(recording_of(np.ones((100, 1))))
    with pytest.raises(ArgumentError, match="max_interval"):
        ncs.detect_bursts(burster, max_interval=0 * pq.ms)
