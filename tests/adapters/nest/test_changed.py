"""Parameters that are changed between two runs: each stretch with its own, or refused."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter

pytestmark = pytest.mark.nest

#: model, parameters, what is changed, and of what the spikes before it speak
CHANGES = [
    ("hh_psc_alpha", {"I_e": 650.0}, {"g_Na": 0.0}),
    ("hh_cond_exp_traub", {"I_e": 300.0}, {"g_K": 100.0, "g_L": 30.0}),
    ("iaf_cond_exp", {"I_e": 320.0}, {"I_e": 60.0}),
    ("iaf_psc_alpha", {"I_e": 300.0}, {"E_L": -76.0}),
    ("aeif_cond_alpha", {"I_e": 600.0}, {"g_L": 12.0, "a": 0.0}),
    ("iaf_cond_alpha_mc", {"soma": {"I_e": 200.0}}, {"soma": {"I_e": -100.0}}),
]


@pytest.mark.parametrize(("model", "params", "change"), CHANGES, ids=[one[0] for one in CHANGES])
def test_changed_parameters_are_refused_or_kept(kernel, record, model, params, change):
    kernel.resolution = 0.1
    neurons = kernel.Create(model, 2, params=params)
    multimeter = record(neurons, 0.1)
    kernel.Simulate(60.0)
    before = adapter.snapshot(multimeter)
    neurons[1].set(change)
    kernel.Simulate(60.0)
    with pytest.raises(ncs.CurrentscapeError, match=rf"of node 2 \({model}\) do not move .* past=before"):
        adapter.to_segment(multimeter)
    assert adapter.to_segment(multimeter, derived=False).analogsignals
    segment = adapter.to_segment(multimeter, past=before)
    site = "soma" if model.endswith("_mc") else None
    for node in (1, 2):
        rec = ncs.Recording.from_segment(segment, neuron=node, site=site)
        balance = ncs.balance(rec)
        assert balance.verdict.startswith(("complete", "sampled"))
        assert balance.unexplained < (0.1 if model.startswith("hh") else 2e-3)
    assert len(rec) == 1190


def test_generators_that_are_changed_send_what_they_had(kernel, record):
    """What is on its way at the change still arrives, one delay later."""
    kernel.resolution = 0.1
    neuron = kernel.Create("iaf_psc_exp", params={"V_th": 1e3})
    generators = [
        kernel.Create("dc_generator", params={"amplitude": 90.0}),
        kernel.Create("ac_generator", params={"amplitude": 40.0, "frequency": 30.0}),
    ]
    for delay, generator in zip((2.3, 1.0), generators, strict=True):
        kernel.Connect(generator, neuron, syn_spec={"delay": delay})
    multimeter = record(neuron, 0.1)
    past = []
    for amplitude in (-30.0, 200.0):
        kernel.Simulate(40.0)
        past.append(adapter.snapshot(multimeter))
        generators[0].amplitude = amplitude
        generators[1].frequency = 55.0
    kernel.Simulate(40.0)
    with pytest.raises(ncs.CurrentscapeError, match="Up to about 8[0-9].* past=before"):
        adapter.to_segment(multimeter)
    rec = ncs.Recording.from_segment(adapter.to_segment(multimeter, past=past[::-1]))
    balance = ncs.balance(rec)
    assert balance.worst < 1e-4
    at = np.searchsorted(rec.times.magnitude, [42.2, 42.4, 82.2, 82.4])
    steps = rec.electrode.magnitude[at, 0]
    assert steps[0] - steps[1] > 100 and steps[3] - steps[2] > 200


def test_a_voltage_that_is_set_is_no_change_of_parameters(kernel, record):
    neuron = kernel.Create("iaf_cond_exp", params={"I_e": 100.0})
    multimeter = record(neuron, 0.1)
    kernel.Simulate(40.0)
    neuron.V_m = -62.0
    kernel.Simulate(40.0)
    assert len(ncs.Recording.from_segment(adapter.to_segment(multimeter)).names) == 3


def test_a_changed_capacitance_is_refused(kernel, record):
    neuron = kernel.Create("iaf_cond_exp", params={"I_e": 100.0})
    multimeter = record(neuron, 0.1)
    kernel.Simulate(20.0)
    before = adapter.snapshot(multimeter)
    neuron.C_m = 100.0
    kernel.Simulate(20.0)
    with pytest.raises(ncs.CurrentscapeError, match="capacitance was changed"):
        adapter.to_segment(multimeter, past=before)


def test_a_snapshot_of_other_neurons(kernel, record):
    first, second = (record(kernel.Create("iaf_cond_exp"), 0.1) for _ in range(2))
    kernel.Simulate(10.0)
    before = adapter.snapshot(first)
    kernel.Simulate(10.0)
    with pytest.raises(
        ncs.CurrentscapeError, match=r"nothing of node \d+ at 10 ms.*snapshot\(first \+ second\)"
    ):
        adapter.to_segment(first + second, past=before)


def test_what_is_no_snapshot(kernel, record):
    neuron = kernel.Create("iaf_cond_exp")
    multimeter = record(neuron, 0.1)
    kernel.Simulate(20.0)
    with pytest.raises(ncs.CurrentscapeError, match="snapshot takes a live multimeter, not dict"):
        adapter.snapshot(multimeter.events)
    with pytest.raises(ncs.CurrentscapeError, match="past= takes what .* not dict"):
        adapter.to_segment(multimeter, past=[neuron.get()])
    with pytest.raises(ncs.CurrentscapeError, match="past= is for a live multimeter"):
        adapter.to_segment(multimeter.events, past=adapter.snapshot(multimeter))
    assert repr(adapter.snapshot(multimeter)) == "Snapshot of 1 neurons at 20 ms"


#: Changes that no refusal meets: model, parameters, what is changed, weight of a spike, interval
QUIET_CHANGES = [
    ("iaf_cond_alpha", {"I_e": 280.0}, {"E_L": -64.0}, 4.0, 1.0),
    ("iaf_psc_exp", {"I_e": 250.0}, {"I_e": 340.0}, 60.0, 0.5),
    ("aeif_cond_exp", {"I_e": 450.0}, {"g_L": 40.0}, 4.0, 0.5),
    ("ht_neuron", {}, {"g_KL": 1.6}, 0.0, 1.0),
    ("hh_psc_alpha", {"I_e": 620.0}, {"g_K": 2100.0}, 40.0, 0.1),
    ("hh_psc_alpha_gap", {"I_e": 200.0}, {"g_L": 18.0}, 40.0, 0.5),
    ("iaf_psc_delta", {"I_e": 280.0}, {"E_L": -66.0}, 1.5, 0.1),
    ("iaf_psc_delta_ps", {"I_e": 200.0}, {"I_e": 260.0}, 0.0, 1.0),
    ("iaf_psc_exp_ps", {"I_e": 150.0}, {"E_L": -66.0}, 0.0, 0.1),
    ("izhikevich", {"I_e": 3.0}, {"I_e": 7.0}, 0.0, 0.1),
]


@pytest.fixture
def warnings_of():
    """warnings_of(multimeter, **options) -> what to_segment says of parameters, as texts."""

    def collect(multimeter, **options):
        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            adapter.to_segment(multimeter, **options)
        assert not [one for one in given if issubclass(one.category, RuntimeWarning)]
        return [str(one.message) for one in given if "move its V" in str(one.message)]

    return collect


@pytest.mark.parametrize(
    ("model", "params", "change", "weight", "interval"),
    QUIET_CHANGES,
    ids=[one[0] for one in QUIET_CHANGES],
)
def test_a_change_that_is_not_refused_is_warned_of(
    kernel, record, warnings_of, model, params, change, weight, interval
):
    kernel.resolution = 0.1
    neuron = kernel.Create(model, params=params)
    if weight:
        spikes = kernel.Create(
            "spike_generator", params={"spike_times": np.arange(6.3, 230.0, 7.9).round(1)}
        )
        kernel.Connect(spikes, neuron, syn_spec={"weight": weight})
    multimeter = record(neuron, interval)
    kernel.Simulate(120.0)
    assert warnings_of(multimeter) == []
    before = adapter.snapshot(multimeter)
    neuron.set(change)
    kernel.Simulate(120.0)
    (text,) = warnings_of(multimeter)
    assert f"node 1 ({model})" in text and "past=before" in text and "nest.snapshot(multimeter)" in text
    assert float(text.split("about ")[1].split()[0]) == pytest.approx(120.0, abs=20.0)
    assert warnings_of(multimeter, past=before) == []


@pytest.mark.parametrize("rate", [2e3, 1e4, 1e5])
@pytest.mark.parametrize("model", ["iaf_psc_delta", "iaf_psc_exp_ps", "iaf_psc_alpha", "iaf_cond_exp"])
def test_dense_input_is_no_change(kernel, record, warnings_of, model, rate):
    """Spikes in nearly every step are a remainder in nearly every step, and none of them is a change."""
    kernel.resolution = 0.1
    neurons = kernel.Create(model, 20)
    drive = kernel.Create("poisson_generator", params={"rate": rate})
    size = {"iaf_psc_delta": 1.4e3, "iaf_cond_exp": 3e4}.get(model, 2e5) / rate
    kernel.Connect(drive, neurons, syn_spec={"weight": size})
    multimeters = [record(neurons, interval) for interval in (0.1, 0.5, 1.0)]
    kernel.Simulate(300.0)
    assert [warnings_of(multimeter) for multimeter in multimeters] == [[], [], []]


def test_several_neurons_are_counted(kernel, record, warnings_of):
    neurons = kernel.Create("iaf_psc_alpha", 4, params={"I_e": 200.0})
    multimeter = record(neurons, 1.0)
    kernel.Simulate(150.0)
    neurons[1:].set(I_e=260.0)
    kernel.Simulate(150.0)
    (text,) = warnings_of(multimeter)
    assert "nor those of 2 other nodes" in text and "node 1 " not in text


@pytest.mark.parametrize("model", ["aeif_cond_exp", "hh_cond_exp_traub"])
def test_of_many_neurons_none_seems_changed_by_chance(kernel, record, warnings_of, model):
    """Their synapses decay within 0.2 and 5 ms, so that samples every ms miss a part of the current."""
    kernel.resolution = 0.1
    neurons = kernel.Create(model, 200)
    for rate, weight in ((2500.0, 6.0), (1000.0, -3.0)):
        drive = kernel.Create("poisson_generator", params={"rate": rate})
        kernel.Connect(drive, neurons, syn_spec={"weight": weight})
    multimeters = [record(neurons, interval) for interval in (0.5, 1.0)]
    kernel.Simulate(250.0)
    assert [warnings_of(multimeter) for multimeter in multimeters] == [[], []]
