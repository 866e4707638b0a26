"""Every form in which NEST hands recordings out gives the same Segment."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter
from neo_currentscape.conventions import errors

VARIABLES = ["V_m", "I_syn_ex", "I_syn_in"]


def shuffled(n_nodes=7, n_times=50, period=0.1, seed=1):
    """Events in random order, and the table that they were made of, by brute force."""
    rng = np.random.default_rng(seed)
    nodes = np.sort(rng.choice(np.arange(3, 60), n_nodes, replace=False))
    rows = [(node, period * (step + 1), *rng.normal(size=3)) for node in nodes for step in range(n_times)]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    events = dict(zip(["senders", "times", *VARIABLES], columns, strict=True))
    table = {}
    for node, time, *values in rows:
        for name, value in zip(VARIABLES, values, strict=True):
            table[name, int(node), round(time / period) - 1] = value
    return events, nodes, table


def by_name(segment):
    return {signal.name: signal for signal in segment.analogsignals}


def assert_same(first, second, atol=0.0):
    a, b = by_name(first), by_name(second)
    assert a.keys() == b.keys()
    for name, signal in a.items():
        np.testing.assert_allclose(signal.magnitude, b[name].magnitude, rtol=0, atol=atol)
        np.testing.assert_allclose(signal.times.magnitude, b[name].times.magnitude, rtol=0, atol=1e-9)
        index = signal.array_annotations["channel_index"]
        np.testing.assert_array_equal(index, b[name].array_annotations["channel_index"])
        assert {k: v for k, v in signal.annotations.items() if k != "capacitance"} == {
            k: v for k, v in b[name].annotations.items() if k != "capacitance"
        }


def test_unsorted_events_are_put_in_place():
    events, nodes, table = shuffled()
    before = {key: value.copy() for key, value in events.items()}
    segment = adapter.to_segment(events, model="iaf_psc_exp")
    assert [s.name for s in segment.analogsignals] == VARIABLES
    for signal in segment.analogsignals:
        np.testing.assert_array_equal(signal.array_annotations["channel_index"], nodes)
        for (name, node, step), value in table.items():
            if name == signal.name:
                assert signal.magnitude[step, np.flatnonzero(nodes == node)[0]] == value
        assert float(signal.sampling_period.rescale("ms")) == pytest.approx(0.1)
        assert float(signal.t_start.rescale("ms")) == pytest.approx(0.1)
    for key, value in events.items():
        np.testing.assert_array_equal(value, before[key])


def test_what_signals_carry():
    events, nodes, _ = shuffled()
    signals = by_name(adapter.to_segment(events, model="aeif_psc_exp"))
    assert signals["V_m"].units == pq.mV and signals["V_m"].annotations["role"] == "voltage"
    assert signals["I_syn_ex"].units == pq.pA
    assert signals["I_syn_ex"].annotations["positive"] == "inward"
    assert signals["I_syn_in"].annotations["positive"] == "outward"
    assert {s.annotations["model"] for s in signals.values()} == {"aeif_psc_exp"}
    rec = ncs.Recording.from_segment(adapter.to_segment(events, model="iaf_psc_exp"), neuron=int(nodes[2]))
    assert rec.names == ["I_syn_ex", "I_syn_in"]
    column = signals["I_syn_in"].magnitude[:, 2]
    np.testing.assert_array_equal(rec.currents.magnitude[:, 1], -column)


def test_times_in_steps():
    events, _, _ = shuffled(period=0.25)
    steps = dict(
        events, times=np.rint(events["times"] / 0.25).astype(int), offsets=np.zeros(len(events["times"]))
    )
    plain = adapter.to_segment(events, model="iaf_psc_exp")
    assert_same(plain, adapter.to_segment(steps, model="iaf_psc_exp", resolution=0.25 * pq.ms))
    with pytest.raises(errors.ArgumentError, match="resolution="):
        adapter.to_segment(steps, model="iaf_psc_exp")
    with pytest.raises(errors.UnitsError, match="resolution"):
        adapter.to_segment(steps, model="iaf_psc_exp", resolution=0.25)


def test_unequal_intervals_give_irregular_signals():
    events = {
        "senders": np.array([2, 2, 2, 1, 1, 1]),
        "times": np.array([1.0, 5.0, 2.0, 1.0, 2.0, 5.0]),
        "V_m": np.arange(6.0),
    }
    segment = adapter.to_segment(events)
    (signal,) = segment.irregularlysampledsignals
    np.testing.assert_allclose(signal.times.magnitude, [1, 2, 5])
    np.testing.assert_array_equal(signal.magnitude, [[3, 0], [4, 2], [5, 1]])


def test_several_multimeters_are_put_together():
    events, nodes, _ = shuffled()
    whole = adapter.to_segment(events, model="iaf_psc_exp")
    half = events["senders"] <= nodes[3]
    parts = [
        {key: values[half] for key, values in events.items()},
        {key: values[~half] for key, values in events.items() if key != "I_syn_in"},
        {
            key: values[~half]
            for key, values in events.items()
            if key in ("senders", "times", "I_syn_in", "V_m")
        },
    ]
    assert_same(whole, adapter.to_segment(tuple(parts), model="iaf_psc_exp"))
    changed = dict(parts[2], V_m=parts[2]["V_m"] + 1)
    with pytest.raises(errors.SignalError, match="'V_m' of node .* recorded twice"):
        adapter.to_segment([*parts[:2], changed], model="iaf_psc_exp")


def test_different_times_stay_apart():
    fast, slow = shuffled(period=0.1)[0], shuffled(period=0.2, seed=2)[0]
    segment = adapter.to_segment((fast, slow), model="iaf_psc_exp")
    periods = sorted(
        float(s.sampling_period.rescale("ms")) for s in segment.analogsignals if s.name == "V_m"
    )
    assert periods == pytest.approx([0.1, 0.2])


@pytest.fixture
def network(kernel):
    kernel.local_num_threads = 2
    neurons = kernel.Create("iaf_psc_exp", 5)
    for at, neuron in enumerate(neurons):
        neuron.I_e = 300.0 + 40.0 * at
        spike = kernel.Create("spike_generator", params={"spike_times": [1.0 + 0.5 * at, 4.0]})
        kernel.Connect(spike, neuron, syn_spec={"weight": 100.0 * (-1) ** at})
    return neurons


@pytest.mark.nest
def test_live_devices_events_and_files_agree(kernel, network, record, tmp_path):
    kernel.set(data_path=str(tmp_path), overwrite_files=True)
    plain = record(network, 0.1)
    steps = record(network, 0.1, time_in_steps=True)
    ascii_plain = record(network, 0.1, record_to="ascii", label="plain")
    ascii_steps = record(network, 0.1, record_to="ascii", label="steps", time_in_steps=True)
    for device in (ascii_plain, ascii_steps):
        device.set(precision=12)
    kernel.Simulate(30.0)
    live = adapter.to_segment(plain)
    assert {s.name for s in live.analogsignals} == {"V_m", "I_syn_ex", "I_syn_in", "I_L", "I_e"}
    assert live.analogsignals[0].shape == (290, 5)
    for device in (steps, ascii_plain, ascii_steps, plain + steps):
        assert_same(live, adapter.to_segment(device), atol=1e-9)
    given = network.get(["C_m", "tau_m", "E_L", "I_e", "V_reset", "t_ref", "tau_syn_ex", "tau_syn_in"])
    told = {"model": "iaf_psc_exp", "parameters": given}
    step = {"resolution": 0.1 * pq.ms}
    assert_same(live, adapter.to_segment(plain.events, **told))
    assert_same(live, adapter.to_segment((plain + steps).events, **told, **step))
    assert_same(live, adapter.to_segment(tmp_path / "plain", **told), atol=1e-9)
    assert_same(live, adapter.to_segment(str(tmp_path / "steps"), **told, **step), atol=1e-9)
    one = sorted(tmp_path.glob("plain-*"))[0]
    assert_same(live, adapter.to_segment(one, **told), atol=1e-9)
    epoch = adapter.to_segment(plain.events, **told).epochs[0]
    np.testing.assert_allclose(epoch.times.magnitude, live.epochs[0].times.magnitude)


@pytest.mark.nest
def test_all_threads_of_a_label_are_read(kernel, network, record, tmp_path):
    kernel.set(data_path=str(tmp_path), overwrite_files=True)
    multimeter = record(network, 0.1, record_to="ascii", label="some-label")
    other = record(network[:2], 0.1, record_to="ascii", label="some-label-2")
    kernel.Simulate(5.0)
    paths = sorted(tmp_path.glob(f"some-label-{multimeter.global_id}-*.dat"))
    senders = [{line.split()[0] for line in p.read_text().splitlines()[3:]} for p in paths]
    assert sorted(map(len, senders)) == [2, 3], "each thread writes the neurons that it simulates"
    for source in (tmp_path / "some-label", *paths, multimeter):
        segment = adapter.to_segment(source, model="iaf_psc_exp", derived=False)
        index = segment.analogsignals[0].array_annotations["channel_index"]
        np.testing.assert_array_equal(index, np.sort(network.tolist()))
    both = adapter.to_segment((tmp_path / "some-label-2",), model="iaf_psc_exp")
    assert both.analogsignals[0].shape[1] == 2 and other.n_events > 0


@pytest.mark.nest
def test_models_parameters_and_copies_are_read_from_the_live_neurons(kernel, record):
    kernel.CopyModel("iaf_psc_exp", "my_neuron", {"E_L": -75.0, "V_m": -75.0})
    mixed = (
        kernel.Create("iaf_psc_exp", 2) + kernel.Create("my_neuron", 2) + kernel.Create("aeif_psc_exp", 1)
    )
    mixed[1].C_m = 100.0
    kernel.Connect(
        kernel.Create("spike_generator", params={"spike_times": [1.0]}), mixed, syn_spec={"weight": -50.0}
    )
    multimeter = record(mixed, 0.1, VARIABLES)
    kernel.Simulate(8.0)
    segment = adapter.to_segment(multimeter, derived=["I_L"])
    signs = {(s.annotations["model"], s.name): s.annotations.get("positive") for s in segment.analogsignals}
    assert signs["iaf_psc_exp", "I_syn_in"] == "inward" and signs["aeif_psc_exp", "I_syn_in"] == "outward"
    voltage = next(s for s in segment.analogsignals if s.name == "V_m" and s.shape[1] == 4)
    assert voltage.annotations["model"] == "iaf_psc_exp"
    np.testing.assert_array_equal(voltage.array_annotations["capacitance"].magnitude, [250, 100, 250, 250])
    assert voltage.array_annotations["capacitance"].units == pq.pF
    recs = [ncs.Recording.from_segment(segment, neuron=node) for node in range(1, 6)]
    assert [float(rec.voltage.annotations["capacitance"]) for rec in recs] == [250, 100, 250, 250, 281]
    for rec, c, rest in zip(recs[:4], (250, 100, 250, 250), (-70, -70, -75, -75), strict=True):
        leak = rec.currents.magnitude[:, rec.index("I_L")]
        v = rec.voltage.magnitude[:, 0]
        np.testing.assert_allclose(leak[:-1], c / 10.0 * ((v[:-1] + v[1:]) / 2 - rest), atol=1e-9)
    # All of them are excited or inhibited alike, whatever the sign under which NEST records it.
    assert all(rec.currents.magnitude[:, rec.index("I_syn_in")].max() > 10 for rec in recs)


@pytest.mark.nest
def test_one_receptor_of_one_neuron(kernel, record, residual):
    kernel.resolution = 0.01
    neuron = kernel.Create("aeif_cond_alpha_multisynapse", params={"E_rev": [10.0], "tau_syn": [3.0]})
    spike = kernel.Create("spike_generator", params={"spike_times": [1.0]})
    kernel.Connect(spike, neuron, syn_spec={"weight": 5.0, "receptor_type": 1})
    multimeter = record(neuron, 0.01)
    kernel.Simulate(20.0)
    assert residual(adapter.to_segment(multimeter), 1) < 0.005
    given = neuron.get(["C_m", "g_L", "E_L", "Delta_T", "V_th", "V_peak", "E_rev"])
    told = adapter.to_segment(multimeter.events, model="aeif_cond_alpha_multisynapse", parameters=given)
    assert residual(told, 1) < 0.005


@pytest.mark.nest
def test_neurons_with_unequal_receptors(kernel, record):
    """Each channel gets the reversal potential of its own neuron."""
    neurons = kernel.Create("aeif_cond_alpha_multisynapse", 2)
    neurons[0].set(E_rev=[0.0, -85.0], tau_syn=[2.0, 2.0])
    neurons[1].set(E_rev=[-20.0, -95.0, 30.0], tau_syn=[2.0, 2.0, 2.0])
    spike = kernel.Create("spike_generator", params={"spike_times": [1.0]})
    kernel.Connect(spike, neurons, syn_spec={"weight": 5.0, "receptor_type": 2})
    multimeter = record(neurons, 0.1, ["V_m", "w", "g_1", "g_2"])
    kernel.Simulate(8.0)
    with pytest.warns(ncs.CurrentscapeWarning, match="I_syn_3 of aeif_.* left out .*'g_3'"):
        signals = by_name(adapter.to_segment(multimeter))
    expected = signals["g_2"].magnitude * (signals["V_m"].magnitude - np.array([-85.0, -95.0]))
    assert expected.max() > 1
    middle = (expected[:-1] + expected[1:]) / 2
    np.testing.assert_allclose(signals["I_syn_2"].magnitude[:-1], middle, atol=2e-3 * expected.max())


def test_parameters_by_neuron():
    events, nodes, _ = shuffled(n_nodes=3)
    order = {"C_m": [100.0, 200.0, 300.0], "tau_m": 10.0, "E_L": -70.0, "I_e": 7.0}
    order |= {"tau_syn_ex": 2.0, "tau_syn_in": 2.0}
    keyed = {**order, "C_m": dict(zip(nodes.tolist(), order["C_m"], strict=True))}
    first = adapter.to_segment(events, model="iaf_psc_exp", parameters=order)
    assert_same(first, adapter.to_segment(events, model="iaf_psc_exp", parameters=keyed))
    signals = by_name(first)
    v = signals["V_m"].magnitude
    expected = np.array([10.0, 20.0, 30.0]) * ((v[:-1] + v[1:]) / 2 + 70.0)
    np.testing.assert_allclose(signals["I_L"].magnitude[:-1], expected)
    assert signals["I_L"].annotations["derived"] is True
    assert "derived" not in signals["V_m"].annotations
    np.testing.assert_array_equal(signals["I_e"].magnitude, 7.0)
    assert signals["I_e"].annotations["role"] == "electrode"


def test_files_of_neo_keep_the_segment(tmp_path):
    nixio = pytest.importorskip("nixio")
    import neo

    assert nixio
    events, nodes, _ = shuffled()
    told = {"C_m": 250.0, "tau_m": 10.0, "E_L": -70.0, "V_reset": 0.0, "t_ref": 2.0}
    segment = adapter.to_segment(events, model="iaf_psc_exp", parameters=told)
    block = neo.Block()
    block.segments.append(segment)
    path = str(tmp_path / "x.nix")
    with neo.NixIO(path, "ow") as io:
        io.write_block(block)
    with neo.NixIO(path, "ro") as io:
        again = io.read_block().segments[0]
    for neuron in nodes.tolist():
        a, b = (ncs.Recording.from_segment(s, neuron=neuron) for s in (segment, again))
        assert a.names == b.names
        np.testing.assert_array_equal(a.currents.magnitude, b.currents.magnitude)
        assert float(b.voltage.annotations["capacitance"].rescale("pF")) == 250.0


def test_ten_thousand_senders():
    """1,000 samples of 10 variables of 10,000 senders, in the order in which NEST hands them out."""
    n_nodes, n_times, slices = 10_000, 1_000, 100
    per_slice = n_times // slices
    senders = np.tile(np.repeat(np.arange(1, n_nodes + 1), per_slice), slices)
    steps = np.arange(n_times).reshape(slices, 1, per_slice) + 1
    times = np.broadcast_to(steps, (slices, n_nodes, per_slice)).ravel() * 0.1
    values = np.arange(len(senders), dtype=float)
    names = ["V_m", "theta", "I_NaP", "I_KNa", "I_T", "I_h", "g_AMPA", "g_NMDA", "g_GABA_A", "g_GABA_B"]
    events = {"senders": senders, "times": times, **dict.fromkeys(names, values)}
    segment = adapter.to_segment(events, model="ht_neuron")
    assert len(segment.analogsignals) == 10
    assert all(signal.shape == (n_times, n_nodes) for signal in segment.analogsignals)
    value = segment.analogsignals[3].magnitude[123, 456]
    assert (senders[int(value)], times[int(value)]) == (457, pytest.approx(12.4))


def test_files_that_are_no_recordings(tmp_path):
    with pytest.raises(errors.SelectionError, match="No file is called"):
        adapter.to_segment(tmp_path / "nothing")
    (tmp_path / "x-1-0.dat").write_text("a b c\n1 2 3\n")
    with pytest.raises(errors.SignalError, match="no line of column names"):
        adapter.to_segment(tmp_path / "x")
    (tmp_path / "notes.txt").write_text("sender time_ms V_m\n")
    with pytest.raises(errors.ArgumentError, match="is not called"):
        adapter.to_segment(tmp_path / "notes.txt")
    head = "# NEST version: 3.10.0\n# RecordingBackendASCII version: 2\n"
    for thread, names in enumerate(("sender\ttime_ms\tV_m\n", "sender\ttime_ms\tw\n")):
        (tmp_path / f"y-4-{thread}.dat").write_text(head + names + "1\t0.1\t5\n")
    with pytest.raises(errors.SignalError, match="different columns"):
        adapter.to_segment(tmp_path / "y")
    shutil.copy(tmp_path / "y-4-0.dat", tmp_path / "z-4-0.dat")
    assert adapter.to_segment(tmp_path / "z").irregularlysampledsignals[0].shape == (1, 1)


def test_events_in_a_table_of_pandas():
    pandas = pytest.importorskip("pandas")
    events, _, _ = shuffled()
    options = {"model": "iaf_psc_exp", "derived": False}
    table = adapter.to_segment(pandas.DataFrame(events), **options)
    assert_same(table, adapter.to_segment(events, **options))
