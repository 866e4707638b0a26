"""Current clamp and FI curve: counted by hand, by elephant, and by eFEL."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import CurrentscapeWarning, SelectionError, SignalError, UnitsError
from neo_currentscape.protocols.runners.run import steps

STEP = {"onset": 100 * pq.ms, "duration": 400 * pq.ms}


def spiking(times, dt=0.1, stop=600.0):
    """A voltage with a spike of 1 ms width at each time."""
    t = np.arange(round(stop / dt) + 1) * dt
    return -65 + 90 * sum((np.exp(-(((t - at) / 0.5) ** 2)) for at in times), start=np.zeros(len(t)))


def test_spikes_of_the_step_and_of_the_recording(segment_of):
    segment = segment_of(spiking([50, 150, 300, 550]), amplitude=0.5 * pq.nA, **STEP)
    found = protocols.current_clamp(segment)
    assert (found.spike_count, found.spikes_in_step) == (4, 2)
    assert float(found.rate) == pytest.approx(5) and found.rate.dimensionality == pq.Hz.dimensionality
    # The spike's flank crosses -20 mV at 0.5 sqrt(ln(90/45)) ms before its peak.
    before = 0.5 * np.sqrt(np.log(90 / 45))
    assert found.spike_times.magnitude == pytest.approx(np.array([50, 150, 300, 550]) - before, abs=0.1)
    assert float(found.latency) == pytest.approx(50 - before, abs=0.1)
    assert found.to_spiketrain().t_stop == 600 * pq.ms


def test_elephant_and_efel_count_the_same(segment_of):
    elephant = pytest.importorskip("elephant.spike_train_generation")
    v = spiking([50, 150, 156, 300, 550])
    segment = segment_of(v, amplitude=0.5 * pq.nA, **STEP)
    found = protocols.current_clamp(segment)
    peers = elephant.threshold_detection(segment.analogsignals[0], threshold=-20 * pq.mV)
    assert found.spike_times.magnitude == pytest.approx(peers.rescale("ms").magnitude, abs=0.1)
    pytest.importorskip("efel")
    efel = protocols.features(segment, ["Spikecount", "Spikecount_stimint", "peak_time"])
    assert int(efel["Spikecount"][0]) == found.spike_count == 5
    assert int(efel["Spikecount_stimint"][0]) == found.spikes_in_step == 3


def test_one_spike_and_none(segment_of):
    one = protocols.current_clamp(segment_of(spiking([200]), amplitude=0.5 * pq.nA, **STEP))
    none = protocols.current_clamp(segment_of(spiking([]), amplitude=0.5 * pq.nA, **STEP))
    assert (one.spike_count, none.spike_count) == (1, 0)
    assert none.latency is None and none.carriers is None and len(none.spike_times) == 0
    assert "latency" in str(none)
    with pytest.raises(UnitsError, match="threshold= is -20, without units"):
        protocols.current_clamp(one.trace.segment, threshold=-20)


def curve(segment_of, numbers, amplitudes):
    block = neo.Block()
    for n, amplitude in zip(numbers, amplitudes, strict=True):
        v = spiking(np.linspace(120, 480, n)) if n else spiking([])
        block.segments.append(segment_of(v, amplitude=amplitude * pq.nA, **STEP))
    return block


def test_fi_curve(segment_of):
    found = protocols.fi(curve(segment_of, [7, 0, 3, 0], [0.3, 0.1, 0.2, 0.0]))
    assert found.amplitudes.magnitude == pytest.approx([0.0, 0.1, 0.2, 0.3])
    assert found.counts.tolist() == [0, 0, 3, 7]
    assert found.rates.magnitude == pytest.approx([0, 0, 7.5, 17.5])
    assert (
        float(found.rheobase) == pytest.approx(0.2)
        and found.rheobase.dimensionality == pq.nA.dimensionality
    )
    assert protocols.fi(curve(segment_of, [0, 0], [0.1, 0.2])).rheobase is None


def test_a_recorded_step_of_nothing_has_the_others_window(segment_of, response):
    _, _, i = response(0.2)
    segments = [segment_of(spiking([50, 300]), current=part) for part in (i, 0 * i)]
    found = protocols.fi(segments)
    assert found.counts.tolist() == [2, 2] and found.counts_in_step.tolist() == [1, 1]


def test_currents_that_last_from_first_to_last_sample_are_told_apart(segment_of):
    segments = [
        segment_of(spiking([100, 300] if c > 0.15 else []), current=np.full(6001, c))
        for c in (0.2, 0.1, 0.0)
    ]
    found = protocols.fi(segments)
    assert found.amplitudes.magnitude.tolist() == [0.0, 0.1, 0.2] and found.counts.tolist() == [0, 0, 2]
    alone = protocols.current_clamp(segments[0])
    assert float(alone.amplitude) == 0.2 and alone.spikes_in_step == 2
    with pytest.raises(SignalError, match="passive protocol needs a step of current"):
        protocols.passive(segments[0])


def test_a_holding_current_alone_is_a_step_of_nothing(segment_of, response):
    _, _, i = response(0.2)
    found = protocols.fi([segment_of(spiking([300]), current=0.05 + part) for part in (i, 0 * i)])
    assert found.amplitudes.magnitude == pytest.approx([0.0, 0.2])


def test_fi_names_what_is_wrong(segment_of):
    with pytest.raises(SelectionError, match="holds no segment"):
        protocols.fi(neo.Block())
    with pytest.raises(SignalError, match=r"Two of the 2 segments have a step of 0\.1 nA"):
        protocols.fi(curve(segment_of, [1, 2], [0.1, 0.1]))
    block = curve(segment_of, [1, 2], [0.1, 0.2])
    block.segments[1].annotations.clear()
    with pytest.raises(SelectionError, match="Segment 1 of the FI curve: .*no injected current"):
        protocols.fi(block)


def test_the_last_step_counts():
    for stop in (300, 600, 700, 1050, 1200):
        found = steps(0 * pq.pA, stop * pq.pA, 50 * pq.pA).rescale("pA").magnitude
        assert found == pytest.approx(np.arange(0, stop + 1, 50))
    assert steps(0 * pq.pA, 299 * pq.pA, 100 * pq.pA).rescale("pA").magnitude == pytest.approx(
        [0, 100, 200]
    )


def test_noise_about_the_threshold_is_no_train_of_spikes(segment_of):
    rng, t = np.random.default_rng(0), np.arange(6001) * 0.1
    slow = -20 + 3 * np.sin(t / 40) + 0.3 * rng.normal(size=len(t))
    found = protocols.current_clamp(segment_of(slow, amplitude=0.5 * pq.nA, **STEP))
    crossed = np.flatnonzero((slow[1:] >= -20) & (slow[:-1] < -20))
    # The sine rises through the threshold at 0, 251 and 503 ms; each time the noise crosses it many times.
    assert len(crossed) > 20 and found.spike_count == 3
    times = [50, 150, 156, 300, 550]
    noisy = spiking(times) + 0.3 * rng.normal(size=len(t))
    assert protocols.current_clamp(segment_of(noisy, amplitude=0.5 * pq.nA, **STEP)).spike_count == 5


def test_a_voltage_that_stays_above_the_threshold_is_said(segment_of):
    v = spiking([150, 200, 250, 300, 350]) + 48.0 * ((np.arange(6001) >= 1000) & (np.arange(6001) < 5000))
    with pytest.warns(CurrentscapeWarning, match=r"In 1 of 1 .* above the threshold of -20 mV"):
        found = protocols.current_clamp(segment_of(v, amplitude=0.5 * pq.nA, **STEP))
    assert found.spike_count < 5
    higher = protocols.current_clamp(segment_of(v, amplitude=0.5 * pq.nA, **STEP), threshold=0 * pq.mV)
    assert higher.spike_count == 5
