"""The table covers every model of the installed NEST, and its signs are those of the simulator."""

from __future__ import annotations

import re

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter
from neo_currentscape.adapters.nest import models
from neo_currentscape.conventions import roles, units

pytestmark = pytest.mark.nest

CURRENT_LIKE = re.compile(r"I|I_.*|w|z|ASCurrents.*")


def recordables(kernel):
    for name in kernel.node_models:
        names = kernel.GetDefaults(name).get("recordables")
        if names:
            yield name, [str(n) for n in names]


def test_every_recordable_of_every_model_is_in_the_table(kernel):
    found = dict(recordables(kernel))
    assert len(found) > 70
    unknown = [
        (name, variable)
        for name, names in found.items()
        for variable in names
        if models.find(name) is None or models.find(name).variable(variable) is None
    ]
    assert unknown == []


def test_currents_have_a_unit_and_a_direction(kernel):
    seen = 0
    for name, names in recordables(kernel):
        for variable in filter(CURRENT_LIKE.fullmatch, names):
            entry = models.find(name).variable(variable)
            assert entry.role in ("current", "electrode"), (name, variable)
            assert entry.positive in roles.DIRECTIONS, (name, variable)
            assert units.kind(entry.unit) == ("voltage" if name == "ht_neuron" else "current")
            seen += 1
    assert seen > 60


def test_the_table_has_no_model_that_nest_does_not_have(kernel):
    assert set(models.MODELS) <= set(kernel.node_models)


def test_parameters_of_the_table_exist(kernel):
    for name, model in models.MODELS.items():
        defaults = kernel.GetDefaults(name)
        needed = [parameter for current in model.derived for parameter in current.parameters]
        needed += [parameter for _, _, parameter in model.indexed]
        needed += [parameter for parameter, _ in model.capacitance.values()]
        needed += list(model.injected.values())
        for parameter in needed:
            key, _, inner = parameter.partition(".")
            assert key in defaults and (not inner or inner in defaults[key]), (name, parameter)


def test_derived_currents_need_only_what_can_be_recorded(kernel):
    for name, names in recordables(kernel):
        for current in models.find(name).derivable(names):
            assert set(current.needs) <= set(names), (name, current.name)


# model, parameters, weights, receptors of an excitatory and an inhibitory input
SYNAPTIC = [
    ("iaf_psc_exp", {}, (100.0, -100.0), (0, 0)),
    ("iaf_psc_alpha", {}, (100.0, -100.0), (0, 0)),
    ("iaf_psc_exp_htum", {}, (100.0, -100.0), (0, 0)),
    ("iaf_tum_2000", {}, (100.0, -100.0), (0, 0)),
    ("iaf_psc_alpha_ps", {}, (100.0, -100.0), (0, 0)),
    ("iaf_psc_exp_ps_lossless", {}, (100.0, -100.0), (0, 0)),
    ("iaf_psc_exp_multisynapse", {"tau_syn": [2.0, 2.0]}, (100.0, -100.0), (1, 2)),
    ("iaf_psc_alpha_multisynapse", {"tau_syn": [2.0, 2.0]}, (100.0, -100.0), (1, 2)),
    ("amat2_psc_exp", {}, (100.0, -100.0), (0, 0)),
    ("gif_psc_exp", {}, (100.0, -100.0), (0, 0)),
    ("glif_psc", {"tau_syn": [2.0, 2.0]}, (100.0, -100.0), (1, 2)),
    ("glif_psc_double_alpha", {"tau_syn_fast": [2.0], "tau_syn_slow": [6.0]}, (100.0, -100.0), (1, 1)),
    ("hh_psc_alpha", {}, (20.0, -20.0), (0, 0)),
    ("hh_psc_alpha_clopath", {}, (20.0, -20.0), (0, 0)),
    ("hh_psc_alpha_gap", {}, (100.0, -100.0), (0, 0)),
    ("aeif_psc_exp", {}, (100.0, -100.0), (0, 0)),
    ("aeif_psc_alpha", {}, (100.0, -100.0), (0, 0)),
    ("iaf_chxk_2008", {}, (20.0, -20.0), (0, 0)),
    ("iaf_bw_2001", {"E_in": -85.0}, (10.0, 10.0), (1, 2)),
    ("iaf_bw_2001_exact", {"E_in": -85.0}, (10.0, 10.0), (1, 2)),
    ("iaf_cond_exp", {}, (10.0, -10.0), (0, 0)),
    ("iaf_cond_alpha", {}, (10.0, -10.0), (0, 0)),
    ("iaf_cond_beta", {}, (10.0, -10.0), (0, 0)),
    ("iaf_cond_exp_sfa_rr", {}, (10.0, -10.0), (0, 0)),
    ("gif_cond_exp", {}, (10.0, -10.0), (0, 0)),
    ("glif_cond", {}, (10.0, 10.0), (1, 2)),
    ("aeif_cond_exp", {}, (10.0, -10.0), (0, 0)),
    ("aeif_cond_alpha", {}, (10.0, -10.0), (0, 0)),
    ("aeif_cond_alpha_astro", {}, (10.0, -10.0), (0, 0)),
    ("aeif_cond_alpha_multisynapse", {"E_rev": [0.0, -85.0], "tau_syn": [1.0, 1.0]}, (10.0, 10.0), (1, 2)),
    (
        "aeif_cond_beta_multisynapse",
        {"E_rev": [0.0, -85.0], "tau_rise": [1.0, 1.0], "tau_decay": [2.0, 2.0]},
        (10.0, 10.0),
        (1, 2),
    ),
    ("hh_cond_exp_traub", {}, (1.0, -1.0), (0, 0)),
    ("hh_cond_beta_gap_traub", {}, (1.0, -1.0), (0, 0)),
    ("ht_neuron", {}, (1.0, 1.0), (1, 3)),
]


def first_change(rec, rest):
    """The first change of the voltage above 1 uV that the input made, in mV."""
    change = (rec.voltage.magnitude - rest.voltage.magnitude)[:, 0]
    return change[np.argmax(np.abs(change) > 1e-3)]


@pytest.mark.parametrize(("name", "params", "weights", "receptors"), SYNAPTIC, ids=[c[0] for c in SYNAPTIC])
def test_a_depolarising_input_is_inward_and_a_hyperpolarising_one_outward(
    kernel, record, name, params, weights, receptors
):
    kernel.resolution = 0.1
    neurons = kernel.Create(name, 3, params=params)
    for node, weight, receptor in zip(neurons[:2], weights, receptors, strict=True):
        spike = kernel.Create("spike_generator", params={"spike_times": [1.0]})
        kernel.Connect(spike, node, syn_spec={"weight": weight, "delay": 1.0, "receptor_type": receptor})
    multimeter = record(neurons, 0.1)
    kernel.Simulate(8.0)
    segment = adapter.to_segment(multimeter)
    excited, inhibited, rest = (ncs.Recording.from_segment(segment, neuron=node) for node in (1, 2, 3))
    assert first_change(excited, rest) > 0 > first_change(inhibited, rest)
    synaptic = [
        at for at, current in enumerate(rest.names) if re.fullmatch(r"I_(syn.*|AMPA|NMDA|GABA.*)", current)
    ]
    assert synaptic
    assert excited.currents.magnitude[:, synaptic].sum(axis=1).min() < -1e-3
    assert excited.currents.magnitude[:, synaptic].max() <= 1e-9
    assert inhibited.currents.magnitude[:, synaptic].sum(axis=1).max() > 1e-3
    assert inhibited.currents.magnitude[:, synaptic].min() >= -1e-9


def test_the_dendrite_of_the_urbanczik_neuron(kernel, record):
    kernel.resolution = 0.1
    for receptor, inward in (("dendritic_exc", True), ("dendritic_inh", False)):
        kernel.ResetKernel()
        neuron = kernel.Create("pp_cond_exp_mc_urbanczik")
        spike = kernel.Create("spike_generator", params={"spike_times": [1.0]})
        port = neuron.get("receptor_types")[receptor]
        kernel.Connect(spike, neuron, syn_spec={"weight": 50.0, "receptor_type": port})
        multimeter = record(neuron, 0.1)
        kernel.Simulate(8.0)
        rec = ncs.Recording.from_segment(adapter.to_segment(multimeter), site="dendritic")
        total = rec.currents.magnitude[:, [n.startswith("I_syn") for n in rec.names]].sum(axis=1)
        extreme = total[np.argmax(np.abs(total))]
        assert (extreme < -10) == inward and (extreme > 10) == (not inward)


def test_adaptation_currents_are_outward(kernel, record):
    """w of aeif and I_stc of gif hyperpolarise after a spike; the after-spike currents of glif too."""
    kernel.resolution = 0.1
    gif = {"tau_stc": [20.0], "q_stc": [50.0], "lambda_0": 1e3}
    cases = [
        ("aeif_cond_exp", {"I_e": 1200.0}, "w"),
        ("aeif_psc_delta", {"I_e": 1200.0}, "w"),
        ("gif_psc_exp", {"I_e": 300.0, **gif}, "I_stc"),
        ("gif_cond_exp", {"I_e": 300.0, **gif}, "I_stc"),
        (
            "glif_psc",
            {"after_spike_currents": True, "spike_dependent_threshold": True, "adapting_threshold": False},
            "ASCurrents_sum",
        ),
    ]
    for name, params, current in cases:
        kernel.ResetKernel()
        neuron = kernel.Create(name, params=params)
        generator = kernel.Create(
            "dc_generator", params={"amplitude": 300.0 if name == "glif_psc" else 0.0}
        )
        kernel.Connect(generator, neuron)
        spikes = kernel.Create("spike_recorder")
        kernel.Connect(neuron, spikes)
        multimeter = record(neuron, 0.1)
        kernel.Simulate(150.0)
        assert spikes.n_events > 0, name
        rec = ncs.Recording.from_segment(adapter.to_segment(multimeter))
        assert rec.currents.magnitude[:, rec.index(current)].max() > 1.0, name


def test_totals_are_put_aside_only_where_their_parts_were_recorded(kernel, record):
    neuron = kernel.Create("iaf_psc_exp_multisynapse", params={"tau_syn": [2.0, 3.0]})
    for receptor in (1, 2):
        spike = kernel.Create("spike_generator", params={"spike_times": [1.0]})
        kernel.Connect(spike, neuron, syn_spec={"weight": 50.0, "receptor_type": receptor})
    devices = [
        record(neuron, 0.1, ["V_m", *names])
        for names in (["I_syn", "I_syn_1", "I_syn_2"], ["I_syn"], ["I_syn", "I_syn_1"])
    ]
    kernel.Simulate(10.0)
    names = [ncs.Recording.from_segment(adapter.to_segment(d)).names for d in devices]
    assert names == [["I_L", "I_syn_1", "I_syn_2"], ["I_L", "I_syn"], ["I_L", "I_syn"]]
