"""Averages around events and over phases: elephant, closed forms, and refusals."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeWarning,
    SignalError,
    UnknownNameError,
)


def test_same_as_elephants_spike_triggered_average(burster):
    sta = pytest.importorskip("elephant.sta")
    scape = ncs.Currentscape(burster)
    # Spikes on samples, and bins around samples: then both average the very same values.
    times = np.round(ncs.detect_spikes(burster, at="peak").magnitude, 1)
    times = times[(times > 50) & (times < 3900)]
    spikes = neo.SpikeTrain(times, units="ms", t_start=burster.times[0], t_stop=burster.times[-1])
    found = ncs.event_average(scape, spikes, before=10.05 * pq.ms, after=9.95 * pq.ms, bins=200)
    for direction in ("outward", "inward"):
        shares = scape.shares(direction)
        theirs = sta.spike_triggered_average(shares, spikes, (-10 * pq.ms, 10 * pq.ms))
        np.testing.assert_allclose(found.shares(direction), theirs.magnitude, atol=1e-9)
        total = sta.spike_triggered_average(scape.total(direction), spikes, (-10 * pq.ms, 10 * pq.ms))
        np.testing.assert_allclose(found.total(direction).magnitude, total.magnitude[:, 0], rtol=1e-9)
    voltage = sta.spike_triggered_average(burster.voltage, spikes, (-10 * pq.ms, 10 * pq.ms))
    np.testing.assert_allclose(found.voltage.magnitude, voltage.magnitude[:, 0], atol=1e-9)
    assert found.voltage.units == pq.mV and found.total("outward").units == pq.nA


def test_spread_is_the_standard_deviation_between_events(burster):
    scape = ncs.Currentscape(burster)
    at = [1000, 1500, 2000, 2600]
    found = ncs.event_average(scape, at * pq.ms, before=2.05 * pq.ms, after=1.95 * pq.ms, bins=40)
    rows = np.array([[10 * t - 20 + k for k in range(40)] for t in at])
    values = scape.shares("inward").magnitude[rows]
    np.testing.assert_allclose(found.share_spread("inward"), values.std(axis=0, ddof=1), atol=1e-8)
    volts = burster.voltage.magnitude[rows][..., 0]
    np.testing.assert_allclose(found.voltage_spread.magnitude, volts.std(axis=0, ddof=1), atol=1e-8)


def test_phase_of_cycles_of_different_length_is_recovered(recording_of):
    """The share is (1 - cos 2 pi phase) / 2; its mean over a bin has a closed form."""
    borders = np.r_[50, 50 + np.cumsum([70, 130, 95, 210])].astype(float)
    t = np.arange(0, 600, 0.01)
    which = np.clip(np.searchsorted(borders, t, side="right") - 1, 0, 3)
    phase = np.clip((t - borders[which]) / np.diff(borders)[which], 0, 1)
    share = (1 - np.cos(2 * np.pi * phase)) / 2
    recording = recording_of(np.column_stack([share, 1 - share]), dt=0.01)
    found = ncs.phase_average(recording, neo.Event(borders * pq.ms), bins=20)
    edges = found.edges.magnitude
    exact = np.diff(edges / 2 - np.sin(2 * np.pi * edges) / (4 * np.pi)) / np.diff(edges)
    np.testing.assert_allclose(found.shares("outward")[:, 0], exact, atol=1e-6)
    # Cycles are alike: what differs is how the samples lie.
    assert found.share_spread("outward").max() < 1e-5
    assert found.count.tolist() == [4] * 20
    assert found.edges.dimensionality.string == "dimensionless"


def test_burst_cycles_go_from_beginning_to_beginning(burster):
    bursts = ncs.detect_bursts(burster)
    found = ncs.phase_average(burster, bins=50)
    starts = bursts.times.magnitude[bursts.array_annotations["cut"] != "begin"]
    np.testing.assert_allclose(found.windows, np.column_stack([starts[:-1], starts[1:]]))
    # The voltage of the average at the beginning is that of spikes, in the middle that between bursts.
    assert found.voltage[0] > -35 * pq.mV > -45 * pq.mV > found.voltage[25]


def test_spike_cycles(burster):
    spikes = ncs.detect_spikes(burster).magnitude
    found = ncs.phase_average(burster, by="spike", bins=10)
    np.testing.assert_allclose(found.windows[:, 0], spikes[:-1])


def test_shares_sum_to_one_and_bundles_are_kept(burster):
    found = ncs.phase_average(ncs.Currentscape(burster, top=3))
    assert found.names[-1] == "other" and len(found.names) == 4
    np.testing.assert_allclose(found.shares("inward").sum(axis=1), 1.0, atol=1e-9)
    whole = ncs.phase_average(burster)
    kept = [whole.names.index(name) for name in found.names[:3]]
    np.testing.assert_allclose(found.shares("inward")[:, :3], whole.shares("inward")[:, kept], atol=1e-9)


def test_events_without_all_their_time_are_left_out_and_counted(burster):
    found = ncs.event_average(burster, [1, 500, 900, 3999] * pq.ms)
    assert found.left_out == 2 and len(found.windows) == 2


def test_bins_and_units_of_time(burster):
    found = ncs.event_average(burster, [0.5, 0.9] * pq.s, before=0.002 * pq.s, after=2000 * pq.us)
    assert len(found.count) == 40 and found.edges.units == pq.ms
    assert ncs.event_average(burster, [500, 900] * pq.ms, bins=7).shares("inward").shape == (7, 8)


def test_table(burster):
    pytest.importorskip("pandas")
    found = ncs.event_average(burster, [500, 900] * pq.ms, bins=5)
    frame = found.to_dataframe()
    assert len(frame) == 5 * 8 * 2 and frame.attrs["units"] == {"lag": "ms", "total": "nA"}
    one = frame[(frame.direction == "inward") & (frame.current == "Na")]
    np.testing.assert_array_equal(one.share, found.shares("inward")[:, found.names.index("Na")])


def test_segments_are_taken_too():
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    block = stg.simulate("A", t_stop=0.2 * pq.s, transient=0 * pq.s)
    found = ncs.event_average(block, [50, 100] * pq.ms, currents=["Na", "Kd"])
    assert found.names == ["Na", "Kd"]
    with pytest.raises(ArgumentTypeError, match="choose when you make the Recording"):
        ncs.event_average(ncs.Recording.from_segment(block), [50] * pq.ms, currents=["Na"])


def test_one_event_has_no_spread(burster):
    with pytest.warns(CurrentscapeWarning, match="There is one event, at 500 ms"):
        found = ncs.event_average(burster, [500] * pq.ms)
    assert np.isnan(found.share_spread("inward")).all() and np.isfinite(found.shares("inward")).all()


def test_refusals(burster, recording_of):
    with pytest.raises(SignalError, match=r"None of the 2 events has all of the time from 20 ms before"):
        ncs.event_average(burster, [1, 3999] * pq.ms)
    with pytest.raises(ArgumentError, match="hold no time"):
        ncs.event_average(burster, [500] * pq.ms, before=0 * pq.ms, after=0 * pq.ms)
    with pytest.raises(ArgumentError, match="bins=0"):
        ncs.event_average(burster, [500] * pq.ms, bins=0)
    with pytest.raises(UnknownNameError, match="did you mean 'burst'"):
        ncs.phase_average(burster, by="bursts")
    with pytest.raises(SignalError, match="There is one event, at 500 ms, and a cycle needs two"):
        ncs.phase_average(burster, by=[500] * pq.ms)
    with pytest.raises(SignalError, match="have the same time"):
        ncs.phase_average(burster, by=[500, 500] * pq.ms)
    with pytest.raises(SignalError, match="The one cycle does not lie in the recording"):
        ncs.phase_average(burster, by=[5, 6] * pq.s)
    with pytest.raises(ArgumentTypeError, match="Currentscape.from_segment"):
        ncs.event_average([1, 2, 3])


def test_a_single_burst_is_refused_with_what_was_found(burster):
    first = ncs.detect_bursts(burster).times.magnitude[0]
    short = burster.slice((first - 300) * pq.ms, (first + 150) * pq.ms)
    with pytest.raises(
        SignalError, match="1 burst .* may be cut by the end of the recording.*record longer"
    ):
        ncs.phase_average(short)
    spikes = ncs.detect_spikes(short).magnitude
    one = short.slice(t_stop=(spikes[0] + spikes[1]) / 2 * pq.ms)
    with pytest.raises(SignalError, match="There is one spike"):
        ncs.phase_average(one, by="spike")
    with pytest.raises(SignalError, match="0 bursts"):
        ncs.phase_average(one)
