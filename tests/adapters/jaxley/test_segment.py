"""Jaxley: currents, axial inflow and stimuli against the steps that it took."""

import re

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import jaxley as adapter
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
    UnknownNameError,
)

jax = pytest.importorskip("jax")
jx = pytest.importorskip("jaxley")
pytestmark = pytest.mark.jaxley

STEP = 0.025
SOLVERS = ("bwd_euler", "crank_nicolson", "fwd_euler")


def signals(segment, site):
    return {s.name: s for s in segment.analogsignals if s.annotations["site"] == site}


def sites(segment):
    return list(dict.fromkeys(s.annotations["site"] for s in segment.analogsignals))


def residual(found, voltage, area, capacitance):
    """Of C dV/dt + currents - stimulus - axial with the voltage of Jaxley, as part of the peak."""
    charging = capacitance * area * 1e-5 * np.diff(voltage) / STEP
    total, flowing = charging.copy(), np.abs(charging)
    for signal in found.values():
        sign = {"current": 1, "electrode": -1, "axial": -1}.get(signal.annotations["role"], 0)
        values = signal.rescale("nA").magnitude[:, 0] if sign else np.zeros_like(total)
        total, flowing = total + sign * values, np.maximum(flowing, np.abs(values))
    return np.abs(total).max() / flowing.max()


@pytest.mark.parametrize("solver", SOLVERS)
def test_every_compartment_moves_as_jaxley_moved_it(network, solver):
    segment = adapter.to_segment(network.net, network.runs[solver], solver=solver)
    nodes = network.net.nodes
    assert len(sites(segment)) == len(nodes) == 5
    rows = {
        int(index): row
        for row, (state, index) in enumerate(
            zip(network.net.recordings["state"], network.net.recordings["rec_index"], strict=True)
        )
        if state == "v"
    }
    for node, site in zip(nodes.index, sites(segment), strict=True):
        row = nodes.loc[node]
        found = signals(segment, site)
        voltage = network.runs[solver][rows[node]]
        assert residual(found, voltage, row["area"], row["capacitance"]) < 1e-10, site
        np.testing.assert_array_equal(found["v"].magnitude[:, 0], voltage[1:])


def test_another_solver_is_seen_in_the_balance(network):
    segment = adapter.to_segment(network.net, network.runs["bwd_euler"], solver="fwd_euler")
    recording = ncs.Recording.from_segment(segment, site="cell(1).branch(0).comp(0)")
    assert ncs.balance(recording).worst > 0.01


def test_conductances_of_one_channel_are_apart(network):
    segment = adapter.to_segment(network.net, network.runs["bwd_euler"])
    site = "cell(1).branch(1).comp(0)"
    found = signals(segment, site)
    currents = [name for name, signal in found.items() if signal.annotations["role"] == "current"]
    assert sorted(currents) == ["HH.K", "HH.Leak", "HH.Na", "Leak"]
    # The leak of hh from its definition: g (v - e) at the voltage of the step's end.
    row = network.net.cell(1).branch(1).nodes.iloc[0]
    leak = 0.0003 * (found["v"].magnitude[:, 0] + 54.3) * row["area"] * 1e-2
    np.testing.assert_allclose(found["HH.Leak"].magnitude[:, 0], leak, rtol=1e-9, atol=1e-12)


def test_synapses_of_a_type_are_one_current_of_the_compartment_they_end_in(network):
    segment = adapter.to_segment(network.net, network.runs["bwd_euler"])
    names = {site: list(signals(segment, site)) for site in sites(segment)}
    assert "IonotropicSynapse" in names["cell(1).branch(2).comp(0)"]
    assert "TanhConductanceSynapse" in names["cell(1).branch(0).comp(0)"]
    assert sum("Synapse" in name for listed in names.values() for name in listed) == 2
    table = network.net.recordings.reset_index(drop=True)
    rows = table.index[table["state"] == "i_IonotropicSynapse"]
    recorded = network.runs["bwd_euler"][rows, 1:].sum(axis=0)
    made = signals(segment, "cell(1).branch(2).comp(0)")["IonotropicSynapse"].magnitude[:, 0]
    assert np.abs(made - recorded).max() < 0.2 * np.abs(recorded).max()
    assert np.abs(made).max() > 0


def test_what_is_injected_stands_where_the_step_ends(network):
    segment = adapter.to_segment(network.net, network.runs["bwd_euler"])
    with_stimulus = [site for site in sites(segment) if "stimulus" in signals(segment, site)]
    assert with_stimulus == ["cell(0).branch(0).comp(0)"]
    stimulus = signals(segment, with_stimulus[0])["stimulus"]
    assert stimulus.annotations["role"] == "electrode"
    injected = np.asarray(network.net.externals["i"])[0]
    np.testing.assert_allclose(stimulus.magnitude[:, 0], injected)
    assert float(stimulus.t_start.rescale("ms")) == pytest.approx(STEP)


def test_a_view_gives_its_compartments_alone(network):
    view = network.net.cell(1).branch(0)
    segment = adapter.to_segment(view, network.runs["bwd_euler"])
    assert sites(segment) == ["cell(1).branch(0).comp(0)", "cell(1).branch(0).comp(1)"]
    whole = adapter.to_segment(network.net, network.runs["bwd_euler"])
    for site in sites(segment):
        for name, signal in signals(segment, site).items():
            np.testing.assert_array_equal(signal.magnitude, signals(whole, site)[name].magnitude)


def test_single_precision_balances_to_its_rounding(single):
    segment = adapter.to_segment(single.comp, single.recordings)
    assert sites(segment) == ["comp(0)"]
    row = single.comp.nodes.iloc[0]
    voltage = single.recordings[0].astype(float)
    assert voltage.max() > 30
    assert residual(signals(segment, "comp(0)"), voltage, row["area"], row["capacitance"]) < 2e-3
    balance = ncs.balance(ncs.Recording.from_segment(segment))
    assert balance.verdict.startswith("complete") and balance.unexplained < 5e-4


def test_the_module_stays_as_it_was(single):
    before = single.comp.nodes.copy(), single.comp.recordings.copy(), single.comp.jaxnodes
    adapter.to_segment(single.comp, single.recordings)
    assert single.comp.nodes.equals(before[0]) and single.comp.recordings.equals(before[1])
    assert single.comp.jaxnodes is before[2]
    assert not jax.config.jax_enable_x64


def test_channels_that_share_a_name_are_apart_and_trained_parameters_count(calcium):
    segment = adapter.to_segment(
        calcium.comp, calcium.recordings, params=calcium.params, data_stimuli=calcium.data
    )
    found = signals(segment, "comp(0)")
    currents = [name for name, signal in found.items() if signal.annotations["role"] == "current"]
    assert sorted(currents) == ["CaL", "CaR", "CaT", "K", "Leak", "Na"]
    assert found["CaCon_i"].annotations["role"] == "ion" and found["CaCon_i"].dimensionality.string == "mM"
    row = calcium.comp.nodes.iloc[0]
    assert residual(found, calcium.recordings[0], row["area"], row["capacitance"]) < 1e-10


def test_other_parameters_than_it_ran_with_are_refused(calcium):
    with pytest.raises(ArgumentError, match="make another current 'i_Na' at comp\\(0\\).*give params="):
        adapter.to_segment(calcium.comp, calcium.recordings, data_stimuli=calcium.data)


def test_a_stimulus_that_is_not_given_is_missing_in_the_balance(calcium):
    segment = adapter.to_segment(calcium.comp, calcium.recordings, params=calcium.params)
    verdict = ncs.balance(ncs.Recording.from_segment(segment)).verdict
    assert verdict.startswith("a current is missing")


def test_another_step_is_warned_of(single):
    with pytest.warns(
        CurrentscapeWarning, match="'HH_m'.* do not advance as recorded in steps of delta_t=0.05"
    ):
        adapter.to_segment(single.comp, single.recordings, delta_t=0.05)


@pytest.fixture
def only(single):
    """The compartment as if only some of its states had been recorded, and what was."""
    listed = single.comp.recordings

    def choose(*states):
        rows = listed["state"].isin(states).to_numpy()
        single.comp.recordings = listed[rows]
        return single.comp, single.recordings[rows]

    yield choose
    single.comp.recordings = listed


def test_a_recorded_current_without_its_states_is_late_and_said_so(only):
    comp, recordings = only("v", "i_HH")
    with pytest.warns(CurrentscapeWarning, match="where a step began: 'i_HH'.*jaxley.record"):
        segment = adapter.to_segment(comp, recordings)
    found = signals(segment, "comp(0)")
    area = comp.nodes["area"].iloc[0]
    np.testing.assert_allclose(found["i_HH"].magnitude[:, 0], recordings[1, 1:] * area * 1e-2, rtol=1e-6)
    assert "record" in found["v"].annotations["unaligned"]
    found = ncs.balance(ncs.Recording.from_segment(segment))
    assert found.unexplained > 0.05
    assert found.diagnosis.kind == "first order", found.verdict
    assert found.verdict.endswith("which keeps the states that align i_HH")


def test_a_current_that_was_not_recorded_is_named(only):
    comp, recordings = only("v", "HH_m")
    with pytest.warns(CurrentscapeWarning, match="not recorded: 'i_HH' at comp\\(0\\)"):
        adapter.to_segment(comp, recordings)


def test_a_voltage_alone_is_refused(only):
    with pytest.raises(SelectionError, match="only 'v': call neo_currentscape.adapters.jaxley.record"):
        adapter.to_segment(*only("v"))


def test_currents_without_a_voltage_are_refused(only):
    with pytest.raises(SelectionError, match="No voltage of these compartments was recorded, only 'i_HH'"):
        adapter.to_segment(*only("i_HH"))


def test_what_flows_along_the_cable_is_missed_where_a_neighbour_was_not_recorded(network):
    listed = network.net.recordings
    node = int(network.net.cell(1).branch(1).nodes.index[0])
    kept = ~((listed["rec_index"] == node) & (listed["state"] == "v")).to_numpy()
    network.net.recordings = listed[kept]
    try:
        with pytest.warns(CurrentscapeWarning, match="along the cable is not known at cell.*jaxley.record"):
            segment = adapter.to_segment(network.net, network.runs["bwd_euler"][kept])
    finally:
        network.net.recordings = listed
    assert "axial" not in signals(segment, "cell(1).branch(0).comp(1)")
    assert "axial" in signals(segment, "cell(1).branch(0).comp(0)")


def test_recordings_of_another_shape_are_refused(single):
    comp, recordings = single.comp, single.recordings
    with pytest.raises(ArgumentError, match=re.escape("write recordings[0] for the first")):
        adapter.to_segment(comp, np.stack([recordings, recordings]))
    with pytest.raises(ArgumentError, match="lists 5 of them"):
        adapter.to_segment(comp, recordings[:3])
    with pytest.raises(SelectionError, match="no recordings: call record"):
        adapter.to_segment(jx.Compartment(), recordings)
    astray = recordings.copy()
    astray[0, -1] = np.nan
    with pytest.raises(SignalError, match="Recording 0, a voltage, holds NaN"):
        adapter.to_segment(comp, astray)


def test_wrong_arguments_are_refused(single):
    with pytest.raises(ArgumentTypeError, match="A Jaxley module is needed"):
        adapter.to_segment("cell", single.recordings)
    with pytest.raises(UnknownNameError, match="solver 'bwd'"):
        adapter.to_segment(single.comp, single.recordings, solver="bwd")
    with pytest.raises(ArgumentError, match="delta_t=0 is no step"):
        adapter.to_segment(single.comp, single.recordings, delta_t=0)


def test_what_nobody_integrated_is_refused(single, refuses):
    comp, recordings = single.comp, single.recordings
    refuses(adapter.record)
    refuses(lambda one: adapter.to_segment(one, recordings))
    texts = recordings.astype(str), recordings * 1j, [["a"] * 5] * len(recordings), [[1, 2], [3]]
    refuses(lambda one: adapter.to_segment(comp, one), more=texts)
    for option, right in (
        ("delta_t", ("bool", "int")),
        ("params", ("None", "no list", "no tuple")),
        ("param_state", ("None", "no list", "no tuple")),
        ("data_stimuli", ("None",)),
        ("data_clamps", ("None",)),
        ("solver", ()),
    ):
        refuses(lambda one, option=option: adapter.to_segment(comp, recordings, **{option: one}), *right)


def test_a_part_is_recorded_with_what_its_synapses_need(network):
    net, before = network.net, network.net.recordings
    (node,) = net.cell(1).branch(2).nodes.index
    try:
        net.delete_recordings()
        adapter.record(net.cell(1).branch(2))
        table = net.recordings
    finally:
        net.recordings = before
    of_synapses = table["state"].str.contains("Synapse")
    here = table[(table["rec_index"] == node) & ~of_synapses]
    assert sorted(here["state"]) == ["HH_h", "HH_m", "HH_n", "i_HH", "v"]
    elsewhere = table[(table["rec_index"] != node) & ~of_synapses]
    assert set(elsewhere["state"]) == {"v"} and len(elsewhere) == 2
    assert sorted(table[of_synapses]["state"]) == 2 * ["IonotropicSynapse_s"] + 2 * ["i_IonotropicSynapse"]
