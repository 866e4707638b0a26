"""One definition of a spike: whoever counts the spikes of a voltage finds as many."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.recording.crossings import THRESHOLD, crossings, spans_above

PEAKS = [-25.0, -15.0, -5.0, 15.0]


def spiking():
    """Gaussian spikes from -65 mV, one of each peak 100 ms apart, under a step of current."""
    t = np.arange(0, 400, 0.1)
    v = -65 + sum((peak + 65) * np.exp(-((t - 100 * k - 50.03) ** 2) / 2) for k, peak in enumerate(PEAKS))

    def signal(values, unit, name):
        return neo.AnalogSignal(values[:, None], units=unit, name=name, sampling_period=0.1 * pq.ms)

    segment = neo.Segment(amplitude=0.1 * pq.nA, onset=1 * pq.ms, duration=395 * pq.ms)
    segment.analogsignals += [signal(v, "mV", "v"), signal(np.sin(t), "nA", "ik")]
    return segment


@pytest.mark.parametrize("threshold", [None, *PEAKS[:3], 0.0, -40.0])
def test_all_count_the_same(threshold):
    told = {} if threshold is None else {"threshold": threshold * pq.mV}
    level = -20.0 if threshold is None else threshold
    expected = [100 * k + 50.03 for k, peak in enumerate(PEAKS) if peak > level]
    segment = spiking()
    scape = ncs.Currentscape.from_segment(segment)
    # The flank of each spike meets the threshold where its Gaussian does.
    flanks = [np.sqrt(2 * np.log((peak + 65) / (level + 65))) for peak in PEAKS if peak > level]
    begins = np.array(expected) - flanks
    np.testing.assert_allclose(ncs.detect_spikes(scape, **told).magnitude, begins, atol=0.01)
    clamp = protocols.current_clamp(segment, **told)
    assert (begins <= clamp.spike_times.magnitude + 0.01).all()
    np.testing.assert_allclose(clamp.spike_times.magnitude, begins + 0.05, atol=0.06)
    assert ncs.spike_phases(scape, **told).spikes == len(begins)
    assert protocols.fi([segment], **told).counts.tolist() == [len(begins)]


def test_efel_is_told_the_threshold():
    efel = pytest.importorskip("efel")
    efel.set_setting("Threshold", 5.0)
    try:
        names = ["Spikecount"]
        assert int(protocols.features(spiking(), names)["Spikecount"][0]) == 3
        assert int(protocols.features(spiking(), names, settings={"Threshold": 0.0})["Spikecount"][0]) == 1
        assert efel.get_settings().Threshold == 5.0
    finally:
        efel.reset()


def test_nothing_crosses_in_a_gap():
    voltage = np.array([-60, np.nan, 10, 20, -60, -60, 5, np.nan, -60])
    ups, downs = crossings(voltage, float(THRESHOLD.rescale("mV")))
    assert ups.tolist() == [6] and downs.tolist() == [4]
    assert spans_above(ups, downs) == []
