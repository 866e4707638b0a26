"""Means and spreads of excitation and inhibition against sums over a fine grid of time; and refusals."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
    UnknownNameError,
)

KINDS = ("excitatory", "inhibitory", "net")


def population(n_neurons=4, n_samples=500, period=0.1, seed=0):
    """Excitation, inhibition and a leak of some neurons, and spikes of all but the last."""
    rng = np.random.default_rng(seed)
    segment = neo.Segment(name="population")
    currents = {
        "I_syn_ex": -rng.gamma(2, 40, (n_samples, n_neurons)),
        "I_syn_in": rng.gamma(3, 20, (n_samples, n_neurons)),
    }
    currents["I_L"] = rng.normal(0, 30, (n_samples, n_neurons))
    for name, values in currents.items():
        signal = neo.AnalogSignal(
            values, units="pA", sampling_period=period * pq.ms, t_start=3 * pq.ms, name=name
        )
        signal.annotate(role="current", positive="outward")
        signal.array_annotate(channel_index=10 + np.arange(n_neurons))
        segment.analogsignals.append(signal)
    for k in range(n_neurons - 1):
        times = np.sort(rng.uniform(3, 3 + n_samples * period, 6))
        train = neo.SpikeTrain(
            times, units="ms", t_start=0 * pq.ms, t_stop=100 * pq.ms, channel_index=10 + k
        )
        segment.spiketrains.append(train)
    e, i = currents["I_syn_ex"], currents["I_syn_in"]
    return segment, {"excitatory": e, "inhibitory": i, "net": e + i}


def staircase(times, values, at):
    """Values at any time: each sample's from half way to the one before to half way to the one after."""
    borders = (times[1:] + times[:-1]) / 2
    return values[np.searchsorted(borders, at)]


def fine_means(times, values, edges, n=4000):
    """Means over bins, from n points in each."""
    at = edges[:-1, None] + (np.arange(n) + 0.5) / n * np.diff(edges)[:, None]
    return staircase(times, values, at).mean(axis=1)


def test_over_neurons():
    segment, truth = population()
    found = ncs.excitation_inhibition(segment, bins=7)
    assert found.over == "neurons" and found.axis == "time" and found.count.tolist() == [4] * 7
    times = segment.analogsignals[0].times.rescale("ms").magnitude
    for kind in KINDS:
        means = np.array([fine_means(times, column, found.edges.magnitude) for column in truth[kind].T])
        # A bin of 71 samples and a bit, in whose parts of samples the points err by 1 / 4000.
        np.testing.assert_allclose(found.mean(kind).magnitude, means.mean(axis=0), atol=0.02)
        np.testing.assert_allclose(found.spread(kind).magnitude, means.std(axis=0, ddof=1), atol=0.02)
        np.testing.assert_allclose(found.cells.mean(kind).magnitude, truth[kind].mean(axis=0))
        np.testing.assert_allclose(found.cells.spread(kind).magnitude, truth[kind].std(axis=0))
    assert found.mean("net").units == pq.pA and found.cells.neuron.tolist() == [10, 11, 12, 13]
    np.testing.assert_allclose(
        (found.mean("excitatory") + found.mean("inhibitory")).magnitude, found.mean("net").magnitude
    )


def test_over_time_is_the_spread_within_each_bin():
    segment, truth = population()
    for chosen in ([11], [10, 11, 12, 13]):
        found = ncs.excitation_inhibition(segment, "time", neurons=chosen, bins=10)
        columns = [n - 10 for n in chosen]
        for kind in KINDS:
            parts = truth[kind][:, columns].reshape(10, 50 * len(columns))
            np.testing.assert_allclose(found.mean(kind).magnitude, parts.mean(axis=1))
            np.testing.assert_allclose(found.spread(kind).magnitude, parts.std(axis=1))


def test_a_large_offset_takes_no_digit_from_the_spread():
    values = np.array([[-1e9 + d, 1.0] for d in (-1, 1, -2, 2)])
    currents = neo.AnalogSignal(values, units="pA", sampling_period=1 * pq.ms)
    currents.array_annotate(name=["exc", "inh"])
    found = ncs.excitation_inhibition(ncs.Recording(currents), bins=2)
    np.testing.assert_allclose(found.spread("excitatory").magnitude, [1, 2])


def test_irregular_samples_weigh_by_the_time_they_stand_for():
    rng = np.random.default_rng(5)
    times = np.cumsum(rng.exponential(0.4, 300))
    values = np.stack([-rng.gamma(2, 1, 300), rng.gamma(2, 2, 300)], axis=1)
    currents = neo.IrregularlySampledSignal(times, values, units="nA", time_units="ms")
    currents.array_annotate(name=["AMPA", "GABA"])
    recording = ncs.Recording(currents)
    found = ncs.excitation_inhibition(recording, bins=6)
    edges = found.edges.magnitude
    assert edges[0] == times[0] and edges[-1] == times[-1]
    for kind, column in (("excitatory", values[:, 0]), ("net", values.sum(axis=1))):
        np.testing.assert_allclose(
            found.mean(kind).magnitude, fine_means(times, column, edges, 40_000), rtol=2e-3
        )
        squares = fine_means(times, column**2, edges, 40_000)
        spread = np.sqrt(squares - fine_means(times, column, edges, 40_000) ** 2)
        np.testing.assert_allclose(found.spread(kind).magnitude, spread, rtol=2e-3)
    whole = np.trapezoid(values[:, 0], times) / (times[-1] - times[0])
    np.testing.assert_allclose(found.cells.mean("excitatory").magnitude, whole)
    # The mean of the samples is another number: it would not pass.
    assert abs(values[:, 0].mean() / whole - 1) > 0.01


def windows(segment, truth, kind, trains, lags):
    """Means around spikes, by points in time, of those that lie in the recording as a whole."""
    times = segment.analogsignals[0].times.rescale("ms").magnitude
    first, last = times[0] - 0.05, times[-1] + 0.05
    out = []
    for neuron, train in trains.items():
        for t in np.asarray(train):
            if t + lags[0] >= first and t + lags[-1] <= last:
                out.append(fine_means(times, truth[kind][:, neuron - 10], t + lags, 2000))
    return np.array(out)


@pytest.mark.parametrize("form", ["trains", "mapping", "list", "recorder"])
def test_around_the_spikes_of_each_neuron(form):
    segment, truth = population()
    trains = {10 + k: train.magnitude for k, train in enumerate(segment.spiketrains)}
    senders = np.repeat(list(trains), [len(t) for t in trains.values()])
    shuffled = np.random.default_rng(1).permutation(len(senders))
    events = {
        "trains": None,
        "mapping": {n: t * pq.ms for n, t in trains.items()} | {13: [] * pq.ms},
        "list": list(segment.spiketrains),
        "recorder": {
            "senders": senders[shuffled],
            "times": np.concatenate(list(trains.values()))[shuffled],
        },
    }[form]
    if form != "trains":
        segment.spiketrains = []
    options = {"before": 2 * pq.ms, "after": 3 * pq.ms, "bins": 5}
    found = ncs.excitation_inhibition(segment, "events", events=events, **options)
    assert found.axis == "lag"
    for kind in KINDS:
        expected = windows(segment, truth, kind, trains, found.edges.magnitude)
        assert found.count.tolist() == [len(expected)] * 5 and found.cells.events.sum() == len(expected) > 8
        np.testing.assert_allclose(found.mean(kind).magnitude, expected.mean(axis=0), atol=0.1)
        np.testing.assert_allclose(found.spread(kind).magnitude, expected.std(axis=0, ddof=1), atol=0.1)
    assert found.cells.events[3] == 0  # it has no spike


def test_common_events_and_spikes_of_the_voltage():
    segment, truth = population(2)
    segment.spiketrains = []
    given = ncs.excitation_inhibition(segment, events=[20, 30] * pq.ms, before=1 * pq.ms, after=1 * pq.ms)
    assert given.over == "events" and given.count[0] == 4
    v = np.full((500, 2), -65.0)
    v[170:172, 0] = v[270:275, 0] = v[400, 1] = 10.0
    voltage = neo.AnalogSignal(v, units="mV", sampling_period=0.1 * pq.ms, t_start=3 * pq.ms, name="v")
    voltage.array_annotate(channel_index=[10, 11])
    segment.analogsignals.append(voltage)
    # Half way from -65 to 10 the level of -27.5 mV is crossed.
    found = ncs.excitation_inhibition(
        segment, "events", threshold=-27.5 * pq.mV, before=1 * pq.ms, after=1 * pq.ms
    )
    mapping = {10: [19.95, 29.95] * pq.ms, 11: [42.95] * pq.ms}
    same = ncs.excitation_inhibition(segment, events=mapping, before=1 * pq.ms, after=1 * pq.ms)
    np.testing.assert_allclose(found.mean("net").magnitude, same.mean("net").magnitude)
    alone = ncs.Recording.from_segment(segment, neuron=10)
    of_recording = ncs.excitation_inhibition(
        alone, "events", threshold=-27.5 * pq.mV, before=1 * pq.ms, after=1 * pq.ms
    )
    assert of_recording.count[0] == 2


def test_gaps_stand_for_no_time():
    segment, truth = population(1)
    for signal in segment.analogsignals:
        signal[100:150] = np.nan * pq.pA
    with pytest.raises(ncs.CurrentscapeError, match="nan="):
        ncs.excitation_inhibition(segment)
    found = ncs.excitation_inhibition(segment, bins=10, nan="gap")
    kept = np.r_[0:100, 150:500]
    np.testing.assert_allclose(found.cells.mean("net").magnitude, truth["net"][kept, 0].mean())
    assert (
        np.isnan(found.mean("net").magnitude[2]) and np.isfinite(found.mean("net").magnitude[[1, 3]]).all()
    )
    assert found.cells.time.tolist() == pytest.approx([45.0])


def test_table():
    segment, _ = population()
    found = ncs.excitation_inhibition(segment, bins=5)
    frame = found.to_dataframe()
    assert list(frame) == ["time", "current", "mean", "spread", "count"] and len(frame) == 15
    assert frame.attrs["units"] == {"time": "ms", "mean": "pA", "spread": "pA"}
    np.testing.assert_array_equal(frame[frame.current == "net"]["mean"], found.mean("net").magnitude)
    cells = found.cells.to_dataframe()
    assert len(cells) == 4 and cells["net_spread"].tolist() == found.cells.spread("net").magnitude.tolist()
    assert cells.attrs["units"]["excitatory"] == "pA" and cells.attrs["units"]["time"] == "ms"
    assert "4 neurons over time (excitatory: I_syn_ex; inhibitory: I_syn_in)" in repr(found)


def test_same_from_files_and_from_several_sources(tmp_path):
    segment, truth = population()
    block = neo.Block()
    block.segments.append(segment)
    with neo.io.NixIO(str(tmp_path / "a.nix"), mode="ow") as writer:
        writer.write_block(block)
    here = ncs.excitation_inhibition(segment, bins=5)
    for source in (str(tmp_path / "a.nix"), [segment]):
        there = ncs.excitation_inhibition(source, bins=5)
        for kind in KINDS:
            np.testing.assert_allclose(there.spread(kind).magnitude, here.spread(kind).magnitude)
    both = ncs.excitation_inhibition({"x": segment, "y": segment}, bins=5)
    assert len(both.cells) == 8 and set(both.cells.source) == {"x", "y"}
    np.testing.assert_allclose(both.mean("net").magnitude, here.mean("net").magnitude)


def test_parts_are_summed_under_a_label():
    segment, truth = population()
    leak = segment.analogsignals[2].magnitude
    found = ncs.excitation_inhibition(segment, currents={"exc": ["I_syn_ex", "I_L"], "inh": "I_syn_in"})
    assert found.currents == {"excitatory": ["exc"], "inhibitory": ["inh"]} and found.left_out == []
    np.testing.assert_allclose(
        found.cells.mean("excitatory").magnitude, (truth["excitatory"] + leak).mean(axis=0)
    )


def test_one_kind_and_one_neuron_alone():
    segment, truth = population()
    found = ncs.excitation_inhibition(segment, currents=["I_syn_ex"])
    assert found.currents["inhibitory"] == [] and "inhibitory: none" in repr(found)
    np.testing.assert_allclose(found.mean("net").magnitude, found.mean("excitatory").magnitude)
    one = ncs.excitation_inhibition(segment, "neurons", neurons=[11])
    assert np.isnan(one.spread("net").magnitude).all() and len(one.plot().axes) == 1


def test_refusals():
    segment, _ = population()
    bare = neo.Segment()
    bare.analogsignals.extend(segment.analogsignals)
    with pytest.raises(SignalError, match="Neither the spikes nor the voltage of neuron 10"):
        ncs.excitation_inhibition(bare, "events")
    with pytest.raises(SignalError, match="holds no event of these neurons"):
        ncs.excitation_inhibition(segment, events={3: [5.0] * pq.ms})
    with pytest.raises(SignalError, match=r"None of the \d+ events has all of the time"):
        ncs.excitation_inhibition(segment, "events", before=200 * pq.ms)
    with pytest.raises(ArgumentError, match="hold no time"):
        ncs.excitation_inhibition(segment, "events", before=-5 * pq.ms, after=2 * pq.ms)
    with pytest.raises(ArgumentError, match="events= is for over='events'"):
        ncs.excitation_inhibition(segment, "time", events=[5] * pq.ms)
    with pytest.raises(UnknownNameError, match="neurons"):
        ncs.excitation_inhibition(segment, "cells")
    with pytest.raises(SelectionError, match="Neuron 3 was asked for"):
        ncs.excitation_inhibition(segment, neurons=[3])
    with pytest.raises(UnknownNameError, match="excitatory"):
        ncs.excitation_inhibition(segment).mean("outward")
    with pytest.raises(ncs.CurrentscapeError, match="list"):
        ncs.excitation_inhibition(segment, events=[3, 4])


def test_currents_that_all_flow_the_other_way_are_warned_of(recwarn):
    segment, truth = population()
    ncs.excitation_inhibition(segment)
    ncs.excitation_inhibition(segment, sign={"I_syn_ex": "inward"})  # where both depolarise
    assert not recwarn.list
    with pytest.warns(CurrentscapeWarning, match="excitatory currents flow outward and inh.*sign='inward'"):
        found = ncs.excitation_inhibition(segment, sign="inward")
    assert found.cells.mean("excitatory").magnitude == pytest.approx(-truth["excitatory"].mean(axis=0))
    alone = neo.Segment()
    alone.analogsignals.append(segment.analogsignals[0])
    with pytest.warns(CurrentscapeWarning, match="On average excitatory currents flow outward: "):
        ncs.excitation_inhibition(alone, sign="inward")


@pytest.mark.parametrize("neurons", [np.array([True, False, True, True]), [True, False], [], "10"])
def test_what_lists_no_neurons(neurons):
    for average in (ncs.excitation_inhibition, ncs.summarise):
        with pytest.raises(ArgumentError, match="is no list of neurons: list one or more"):
            average(population()[0], neurons=neurons)


@pytest.mark.parametrize("window", [{"t_start": 60 * pq.ms}, {"t_stop": 2 * pq.ms}])
def test_a_window_in_which_nothing_was_recorded(window):
    with pytest.raises(ArgumentError, match="No time from 2.95 to 52.95 ms, which was recorded, is left"):
        ncs.excitation_inhibition(population()[0], **window)
