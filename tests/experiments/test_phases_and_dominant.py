"""Spike phases and the dominant current: eFEL, brute force, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, SignalError, UnknownNameError
from neo_currentscape.experiments.spike_phases import PHASES, phase_of_samples


def test_upstrokes_begin_where_efel_says(burster):
    efel = pytest.importorskip("efel")
    phase, n_spikes = phase_of_samples(burster)
    times = burster.times.rescale("ms").magnitude
    efel.reset()
    efel.set_setting("Threshold", -20.0)
    efel.set_setting("DerivativeThreshold", 10.0)
    trace = {"T": times, "V": burster.voltage.magnitude[:, 0], "stim_start": [0], "stim_end": [times[-1]]}
    found = efel.get_feature_values([trace], ["AP_begin_indices", "peak_indices"])[0]
    ups = np.flatnonzero((phase[1:] == 0) & (phase[:-1] != 0)) + 1
    assert len(ups) == n_spikes == len(found["peak_indices"])
    # eFEL asks for five samples above its threshold, and takes forward differences.
    assert np.abs(ups - found["AP_begin_indices"]).max() <= 2
    peaks = np.flatnonzero((phase[:-1] == 0) & (phase[1:] == 1))
    np.testing.assert_array_equal(peaks, found["peak_indices"])


def test_phases_of_a_triangle(recording_of):
    """Up at 40 mV/ms, down at -20 mV/ms, then slowly: which samples belong where can be counted."""
    voltage = np.r_[
        np.full(20, -60.0), -60 + 4 * np.arange(1, 21), 20 - 2 * np.arange(1, 41), np.full(30, -60.0)
    ]
    phase, n = phase_of_samples(recording_of(np.ones((len(voltage), 1)), voltage=voltage))
    assert n == 1
    # The slope is a central difference: its corner counts half, 20 mV/ms, which is above the rate.
    assert np.flatnonzero(phase == PHASES.index("upstroke")).tolist() == list(range(19, 40))
    # Half of -20 mV/ms at the end of the downstroke is no faster than 10 mV/ms.
    assert np.flatnonzero(phase == PHASES.index("downstroke")).tolist() == list(range(40, 79))


@pytest.mark.parametrize("irregular", [False, True])
def test_shares_by_voltage_are_those_of_brute_force(random_recording, irregular):
    recording = random_recording(irregular=irregular)
    found = ncs.spike_phases(recording, bins=8, rate=1 * pq.mV / pq.ms)
    phase, _ = phase_of_samples(recording, rate=1 * pq.mV / pq.ms)
    scape = ncs.Currentscape(recording)
    times = recording.times.rescale("ms").magnitude
    steps = np.diff(times)
    weights = np.r_[steps / 2, 0] + np.r_[0, steps / 2] if irregular else np.full(len(times), 0.1)
    voltage, edges = recording.voltage.magnitude[:, 0], found.edges.magnitude
    inside = np.clip(np.searchsorted(edges, voltage, side="right") - 1, 0, 7)
    for number, name in enumerate(PHASES):
        for direction in ("outward", "inward"):
            shares = scape.shares(direction).magnitude
            for b in range(8):
                held = (phase == number) & (inside == b)
                if weights[held].sum() > 0:
                    mean = weights[held] @ shares[held] / weights[held].sum()
                    np.testing.assert_allclose(found.shares(name, direction)[b], mean, atol=1e-9)
                else:
                    assert np.isnan(found.shares(name, direction)[b]).all()
            np.testing.assert_allclose(found.time(name).sum().magnitude, weights[phase == number].sum())


def test_sodium_rises_and_potassium_falls(burster):
    found = ncs.spike_phases(burster)
    na, kd = found.names.index("Na"), found.names.index("Kd")
    assert np.nanmean(found.shares("upstroke", "inward")[:, na]) > 0.7
    assert np.nanmean(found.shares("downstroke", "outward")[:, kd]) > 0.8
    total = sum(float(found.time(phase).sum().rescale("s")) for phase in PHASES)
    assert total == pytest.approx(4.0)


def test_refusals_of_phases(burster, recording_of):
    with pytest.raises(SignalError, match="never crosses"):
        ncs.spike_phases(burster, threshold=80 * pq.mV)
    with pytest.raises(SignalError, match="cut by the end of the recording"):
        ncs.spike_phases(recording_of(np.ones((4, 1)), voltage=[-60, -60, 0, 20.0]))
    with pytest.raises(UnknownNameError, match="upstroke"):
        ncs.spike_phases(burster).shares("up", "inward")


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_the_dominant_current_at_any_time(random_recording, direction, irregular):
    recording = random_recording(irregular=irregular)
    epochs = ncs.dominant(recording, direction)
    shares = ncs.Currentscape(recording).shares(direction).magnitude
    starts, ends = epochs.times.magnitude, (epochs.times + epochs.durations).magnitude
    assert (starts[1:] >= ends[:-1] - 1e-9).all()
    covered = 0
    # Where a sample stands for time, its period tells the largest share.
    for t, row in zip(recording.times.rescale("ms").magnitude[1:-1], shares[1:-1], strict=True):
        held = np.flatnonzero((starts <= t) & (t < ends))
        assert len(held) == (row.max() > 0)
        if len(held):
            assert recording.names[int(row.argmax())] == epochs.labels[held[0]]
            covered += 1
    assert covered > 1000


def test_short_periods_go_to_the_one_before(recording_of):
    values = np.array([[-2, -1]] * 10 + [[-1, -2]] * 2 + [[-2, -1]] * 5 + [[-1, -2]] * 20, dtype=float)
    recording = recording_of(values, dt=1.0)
    assert ncs.dominant(recording).durations.magnitude.tolist() == [10, 2, 5, 20]
    merged = ncs.dominant(recording, min_duration=3 * pq.ms)
    assert merged.durations.magnitude.tolist() == [17, 20]
    assert merged.labels.tolist() == ["I0", "I1"]
    first = ncs.dominant(recording_of(values[9:], dt=1.0), min_duration=3 * pq.ms)
    assert first.labels.tolist() == ["I0", "I1"] and first.durations.magnitude.tolist() == [8, 20]


def test_nothing_and_gaps_are_nobodys(recording_of):
    values = np.array([[-1.0, -3.0]] * 4 + [[0.0, 0.0]] * 3 + [[np.nan, -1.0]] * 2 + [[-1.0, -3.0]] * 4)
    found = ncs.dominant(recording_of(values, dt=1.0, nan="gap"), min_duration=3 * pq.ms)
    assert found.times.magnitude.tolist() == [-0.5, 8.5] and found.durations.magnitude.tolist() == [4, 4]
    with pytest.raises(SignalError, match="No outward current flows"):
        ncs.dominant(recording_of([[-1.0]] * 5), "outward")
    with pytest.raises(ArgumentError, match="min_duration"):
        ncs.dominant(recording_of([[-1.0]] * 5), min_duration=-1 * pq.ms)
