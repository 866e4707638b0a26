"""What a model could record or derive is named when it is missing, once and in one sentence."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter

pytestmark = pytest.mark.nest


def poisson(kernel, neuron, rate, weight, receptor=0):
    source = kernel.Create("poisson_generator", params={"rate": rate})
    kernel.Connect(source, neuron, syn_spec={"weight": weight, "receptor_type": receptor})


def told(device, **options):
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        segment = adapter.to_segment(device, **options)
    return segment, [str(one.message) for one in given if one.category is ncs.CurrentscapeWarning]


#: model, parameters, what is recorded, what is missing and what to record for it
PARTS = [
    ("aeif_cond_exp", {}, ["V_m", "g_ex"], {"w": "w", "I_syn_in": "g_in"}),
    ("aeif_cond_alpha_astro", {}, ["V_m", "w", "g_ex", "g_in"], {"I_SIC": "I_SIC"}),
    ("iaf_psc_alpha", {}, ["V_m", "I_syn_ex"], {"I_syn_in": "I_syn_in"}),
    ("gif_cond_exp", {}, ["V_m", "g_ex", "g_in"], {"I_stc": "I_stc"}),
    ("glif_psc", {}, ["V_m", "I_syn"], {"ASCurrents_sum": "ASCurrents_sum"}),
    ("ht_neuron", {}, ["V_m", "g_AMPA", "g_NMDA", "g_GABA_A", "I_h"],
     {"I_T": "I_T", "I_GABA_B": "g_GABA_B"}),
    ("hh_cond_exp_traub", {}, ["V_m", "Act_m", "Act_n", "g_ex", "g_in"], {"I_Na": "Inact_h"}),
    ("iaf_bw_2001", {}, ["V_m", "I_AMPA", "I_GABA"], {"I_NMDA": "I_NMDA"}),
    ("iaf_psc_exp_multisynapse", {"tau_syn": [1.0, 2.0, 3.0]}, ["V_m", "I_syn_2"],
     {"I_syn_1": "I_syn_1", "I_syn_3": "I_syn_3"}),
    ("glif_cond", {"tau_syn": [1.0, 2.0], "E_rev": [0.0, -80.0]}, ["V_m", "g_2", "ASCurrents_sum"],
     {"I_syn_1": "g_1"}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "params", "names", "missing"), PARTS, ids=[part[0] for part in PARTS])
def test_all_that_is_missing_is_said_in_one_sentence(kernel, record, model, params, names, missing):
    neuron = kernel.Create(model, params=params)
    multimeter, everything = record(neuron, 0.1, names), record(neuron, 0.1)
    kernel.Simulate(5.0)
    segment, given = told(multimeter)
    assert len(given) == 1 and "record_from=[..., " in given[0] and "derived=False" in given[0]
    for current, variable in missing.items():
        assert current in given[0] and repr(variable) in given[0]
    notes = segment.annotations
    kept = " ".join([*notes.get("not_recorded", []), *notes.get("not_derived", [])])
    assert all(current in kept for current in missing)
    assert told(multimeter, derived=False)[1] == []
    assert told(everything)[1] == []


def test_a_total_stands_for_its_parts(kernel, record):
    neuron = kernel.Create("iaf_psc_exp_multisynapse", params={"tau_syn": [1.0, 2.0]})
    multimeter = record(neuron, 0.1, ["V_m", "I_syn"])
    kernel.Simulate(5.0)
    assert told(multimeter)[1] == []


def test_models_are_told_apart_in_the_one_warning(kernel, record):
    kernel.Create("iaf_psc_exp")
    kernel.Create("aeif_psc_exp")
    both = kernel.NodeCollection([1, 2])
    multimeter = record(both, 0.1, ["V_m", "I_syn_ex"])
    kernel.Simulate(5.0)
    _, given = told(multimeter)
    assert len(given) == 1
    assert "I_syn_in of iaf_psc_exp" in given[0] and "w, I_syn_in of aeif_psc_exp" in given[0]


UNRECORDED = [
    ("iaf_psc_delta", 0.8, 0),
    ("iaf_psc_delta_ps", 0.8, 0),
    ("iaf_psc_exp_ps", 120.0, 0),
    ("mat2_psc_exp", 120.0, 0),
    ("aeif_psc_delta", 0.8, 0),
    ("aeif_psc_delta_clopath", 0.8, 0),
    ("gif_psc_exp_multisynapse", 60.0, 1),
    ("gif_cond_exp_multisynapse", 2.0, 1),
    ("pp_psc_delta", 0.8, 0),
    ("eprop_iaf", 0.8, 0),
    ("eprop_iaf_psc_delta", 0.8, 0),
    ("eprop_readout", 0.8, 0),
]


@pytest.mark.parametrize(("model", "weight", "port"), UNRECORDED, ids=[one[0] for one in UNRECORDED])
def test_synapses_that_nest_does_not_record_are_what_the_balance_leaves(
    kernel, record, model, weight, port
):
    """One spike: its charge is that of its jump or of its current, and there is nothing beside it."""
    kernel.resolution = 0.1
    ports = {"tau_syn": [2.0], **({"E_rev": [0.0]} if "cond" in model else {})} if port else {}
    random = (
        {"lambda_0": 0.0} if model.startswith("gif") else {"c_2": 0.0} if model.startswith("pp") else {}
    )
    neuron = kernel.Create(model, params={**ports, **random})
    source = kernel.Create("spike_generator", params={"spike_times": [10.0]})
    kernel.Connect(source, neuron, syn_spec={"weight": weight, "receptor_type": port, "delay": 1.0})
    dc = kernel.Create("dc_generator", params={"amplitude": 15.0, "start": 15.0, "stop": 25.0})
    kernel.Connect(dc, neuron)
    multimeter = record(neuron, 0.1)
    kernel.Simulate(60.0)
    segment, given = told(multimeter)
    assert given == []
    rec = ncs.Recording.from_segment(segment)
    flow = rec.currents.magnitude[:, rec.index("I_syn")]
    p = neuron.get()
    if "delta" in model or model.startswith("eprop"):
        expected = p["C_m"] * weight
        assert np.count_nonzero(flow) == 1
    elif "cond" in model:
        expected = weight * 2.0 * 70.0
    else:
        expected = weight * (p["tau_syn"][0] if port else p["tau_syn_ex"])
    assert -flow.sum() * 0.1 == pytest.approx(expected, rel=0.03 if "cond" in model else 2e-3)
    assert np.abs(flow[:99]).max() < 1e-3 * np.abs(flow).max()
    balance = ncs.balance(rec)
    assert balance.diagnosis.kind == "unchecked" and "'I_syn'" in balance.verdict


def test_what_else_is_injected_has_to_be_known(kernel, record):
    neuron = kernel.Create("iaf_psc_delta")
    kernel.Connect(kernel.Create("noise_generator", params={"std": 50.0}), neuron)
    multimeter = record(neuron, 0.1)
    kernel.Simulate(20.0)
    segment, given = told(multimeter)
    assert any("noise generator" in text for text in given)
    assert any("I_syn" not in s.name for s in segment.analogsignals)
    assert ncs.Recording.from_segment(segment).names == ["I_L"]
    assert any("synaptic current of iaf_psc_delta" in text for text in given)
    parameters = neuron.get()
    bare, given = told(multimeter.events, model="iaf_psc_delta", parameters=parameters)
    assert len(given) == 1 and "stimulus=" in given[0]
    whole, given = told(multimeter.events, model="iaf_psc_delta", parameters=parameters, stimulus=0 * pq.pA)
    assert given == [] and ncs.Recording.from_segment(whole).names == ["I_L", "I_syn"]


def test_a_model_without_membrane_currents_is_refused_as_that(kernel, record):
    for model, names in (
        ("ginzburg_neuron", ["S", "h"]),
        ("iaf_chs_2007", ["V_m"]),
        ("lin_rate_ipn", ["rate"]),
    ):
        kernel.ResetKernel()
        multimeter = record(kernel.Create(model), 0.1, names)
        kernel.Simulate(5.0)
        with pytest.raises(ncs.CurrentscapeError, match=f"model '{model}' has none, as it") as refused:
            ncs.Recording.from_segment(adapter.to_segment(multimeter))
        assert "units=" not in str(refused.value)


def test_hints_never_call_a_counter_a_current(kernel, record):
    """Of a model whose currents are left out on purpose, no gate, rate or counter is offered."""
    neuron = kernel.Create("eprop_iaf")
    multimeter = record(neuron, 0.1, ["V_m", "eprop_history_duration", "learning_signal"])
    kernel.Simulate(5.0)
    with pytest.raises(ncs.CurrentscapeError) as refused:
        ncs.Recording.from_segment(adapter.to_segment(multimeter, derived=False))
    assert "units=" not in str(refused.value)


def test_events_without_a_model_or_parameters_say_what_to_give(kernel, record):
    neuron = kernel.Create("iaf_cond_beta", 2)
    multimeter = record(neuron, 0.1, ["V_m", "g_ex", "g_in"])
    kernel.Simulate(5.0)
    status = multimeter.get()
    for given, match in (
        ({}, r"do not tell the model: write model='...' and parameters=neurons.get\(\)"),
        ({"model": "iaf_cond_beta"}, r"those of iaf_cond_beta are derived.*parameters=neurons.get\(\)"),
    ):
        for what in (status, multimeter.events):
            with pytest.raises(ncs.CurrentscapeError, match=match):
                ncs.Recording.from_segment(adapter.to_segment(what, **given), neuron=1)
    whole = adapter.to_segment(status, model="iaf_cond_beta", parameters=neuron.get())
    assert len(ncs.Recording.from_segment(whole, neuron=2).names) == 3


def test_a_neuron_is_a_node(kernel, record):
    kernel.Create("parrot_neuron", 3)
    nodes = kernel.Create("iaf_cond_exp", 4, params={"I_e": [10.0, 20.0, 30.0, 40.0]})
    multimeter = record(nodes, 0.1)
    kernel.Simulate(5.0)
    segment = adapter.to_segment(multimeter)
    for chosen in (6, nodes[2], np.int64(6)):
        rec = ncs.Recording.from_segment(segment, neuron=chosen)
        assert float(rec.electrode.magnitude[0, 0]) == 30.0
    with pytest.raises(ncs.CurrentscapeError, match="takes the index of one neuron"):
        ncs.Recording.from_segment(segment, neuron=nodes[1:3])
    for some in (nodes[1:3], [5, 6], (6, 5)):
        part = adapter.to_segment(multimeter, neurons=some)
        assert part.analogsignals[0].array_annotations["channel_index"].tolist() == [5, 6]
    assert adapter.to_segment(multimeter.events, neurons=5).analogsignals[0].shape[1] == 1
    with pytest.raises(
        ncs.CurrentscapeError, match="names node 2, of which nothing was recorded: .* 4 to 7"
    ):
        adapter.to_segment(multimeter, neurons=[2, 5])
    part = adapter.to_segment(multimeter, neurons=[7, 4])
    with pytest.raises(ncs.CurrentscapeError, match="Neuron 5 was asked for, .* any of neurons 4, 7"):
        ncs.summarise(part, neurons=[5])
    for none in ([], "a", [4.5], [True]):
        with pytest.raises(ncs.CurrentscapeError, match="names no neurons: write node ids"):
            adapter.to_segment(multimeter, neurons=none)


def test_two_intervals(kernel, record):
    nodes = kernel.Create("iaf_cond_exp", 2)
    fine, coarse = record(nodes, 0.1, ["V_m", "g_ex", "g_in"]), record(nodes, 0.5, ["V_m", "g_ex"])
    kernel.Simulate(20.0)
    segment, given = told([fine, coarse])
    assert given == []
    with pytest.raises(
        ncs.CurrentscapeError, match="called 'I_L', sampled every 0.1 ms and every 0.5 ms: make"
    ):
        ncs.Recording.from_segment(segment, neuron=1)
    assert len(ncs.Recording.from_segment(adapter.to_segment(fine), neuron=1)) == 190
