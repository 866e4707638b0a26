"""The table of NEST's models: role, unit and sign of what each records, and what can be derived.

It covers every node model of NEST 3.10 that has recordables. Signs were verified by simulation:
"in" is inward (depolarising) positive, "out" outward positive. The models record in mV, pA, nS and
pF, except where the table says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import replace

from neo_currentscape.adapters.nest import compartments
from neo_currentscape.adapters.nest import derived as d
from neo_currentscape.adapters.nest import families as f
from neo_currentscape.adapters.nest.courses import Rule
from neo_currentscape.adapters.nest.model import Model, Variable

#: Every node model of NEST 3.10 that has recordables.
MODELS: dict[str, Model] = {
    "ht_neuron": f.ht_neuron(),
    # Hodgkin and Huxley
    "hh_psc_alpha": f.hh(f.SYNAPTIC, f.ALPHA),
    "hh_psc_alpha_clopath": f.hh({**f.SYNAPTIC, **f.CLOPATH}, f.ALPHA),
    "hh_psc_alpha_gap": f.hh_gap(),
    "hh_cond_exp_traub": f.hh(f.CONDUCTANCES, f.EXPONENTIAL, (*f.CHANNELS, *f.SYNAPSES)),
    "hh_cond_beta_gap_traub": f.hh(f.CONDUCTANCES, f.BETA, (*f.CHANNELS, *f.SYNAPSES), gap=True),
    # adaptive exponential integrate-and-fire
    "aeif_cond_alpha": f.aeif(f.CONDUCTANCES, f.ALPHA, f.SYNAPSES),
    "aeif_cond_exp": f.aeif(f.CONDUCTANCES, f.EXPONENTIAL, f.SYNAPSES),
    "aeif_cond_alpha_astro": f.aeif({**f.CONDUCTANCES, "I_SIC": f.IN}, f.ALPHA, f.SYNAPSES),
    "aeif_cond_alpha_multisynapse": f.aeif({r"g_\d+": f.NS}, f.ports("two"), indexed=f.PORTS),
    "aeif_cond_beta_multisynapse": f.aeif(
        {r"g_\d+": f.NS}, f.ports("two", "tau_decay", "tau_rise"), indexed=f.PORTS
    ),
    # their I_syn_in is subtracted: positive for inhibition
    "aeif_psc_alpha": f.aeif({"I_syn_ex": f.IN, "I_syn_in": f.OUT}, f.ALPHA),
    "aeif_psc_exp": f.aeif({"I_syn_ex": f.IN, "I_syn_in": f.OUT}, f.EXPONENTIAL),
    "aeif_psc_delta": f.aeif({}, {}, unrecorded="jumps"),
    "aeif_psc_delta_clopath": Model(
        {**f.V_M, **f.CLOPATH, "w": f.OUT, "z": f.IN, "V_th": f.MV},
        (d.leak(), d.exponential_spike(recorded_threshold=True)),
        reset="clamp",
        courses={"z": Rule("decaying", ("tau_z",)), "w": Rule("jumps at spikes")},
        unrecorded="jumps",
    ),
    # integrate-and-fire with conductances
    "iaf_cond_alpha": f.iaf_cond(f.REFRACTORY, f.ALPHA),
    "iaf_cond_beta": f.iaf_cond(f.REFRACTORY, f.BETA),
    "iaf_cond_exp": f.iaf_cond({}, f.EXPONENTIAL),
    "iaf_cond_exp_sfa_rr": f.iaf_cond(
        {"g_sfa": f.NS, "g_rr": f.NS},
        {
            **f.EXPONENTIAL,
            **{f"g_{kind}": Rule("decaying from spikes", (f"tau_{kind}",)) for kind in ("sfa", "rr")},
        },
        (d.synapse("I_sfa", "g_sfa", "E_sfa"), d.synapse("I_rr", "g_rr", "E_rr")),
    ),
    "iaf_chxk_2008": Model(
        {**f.V_M, **f.CONDUCTANCES, "g_ahp": f.NS, "I_syn_ex": f.OUT, "I_syn_in": f.OUT, "I_ahp": f.OUT},
        (d.leak(),),
        reset="crosses",
        courses={"I_ahp": Rule("jumps at spikes")},
    ),
    "iaf_bw_2001": f.wang(exact=False),
    "iaf_bw_2001_exact": f.wang(exact=True),
    # integrate-and-fire with currents
    "iaf_psc_alpha": f.iaf_psc(f.SYNAPTIC, f.ALPHA),
    "iaf_psc_exp": f.iaf_psc(f.SYNAPTIC, f.EXPONENTIAL),
    # it records V_m - E_L as V_m
    "iaf_psc_exp_htum": f.iaf_psc(f.SYNAPTIC, f.EXPONENTIAL, "relative reset", relative=True),
    "iaf_tum_2000": f.iaf_psc(f.SYNAPTIC, f.EXPONENTIAL),
    "iaf_psc_delta": f.iaf_psc({}, {}, unrecorded="jumps"),
    "iaf_psc_alpha_multisynapse": f.iaf_psc(f.MULTI, f.ports("two")),
    "iaf_psc_exp_multisynapse": f.iaf_psc(f.MULTI, f.ports("decaying")),
    "iaf_psc_alpha_ps": f.iaf_psc(f.SYNAPTIC, f.ALPHA, "precise"),
    "iaf_psc_delta_ps": f.iaf_psc({}, {}, "precise", "jumps"),
    "iaf_psc_exp_ps": f.iaf_psc({}, {}, "precise", "flows"),
    "iaf_psc_exp_ps_lossless": f.iaf_psc(
        {**f.SYNAPTIC, "I_syn": replace(f.IN, total_of="I_syn_(ex|in)")},
        {**f.EXPONENTIAL, "I_syn": Rule("decaying", ("tau_syn_ex",))},
        "precise",
    ),
    "amat2_psc_exp": f.iaf_psc({**f.SYNAPTIC, "V_th": f.MV, "V_th_v": f.MV}, f.EXPONENTIAL, reset="none"),
    "mat2_psc_exp": f.iaf_psc({"V_th": f.MV}, {}, "none", "flows"),
    # generalised integrate-and-fire
    "gif_cond_exp": f.gif(f.CONDUCTANCES, f.EXPONENTIAL, f.SYNAPSES),
    "gif_cond_exp_multisynapse": f.gif({}, {}, unrecorded="flows"),
    "gif_psc_exp": f.gif(
        f.SYNAPTIC, {name: Rule("late decaying", rule.taus) for name, rule in f.EXPONENTIAL.items()}
    ),
    "gif_psc_exp_multisynapse": f.gif({}, {}, unrecorded="flows"),
    "gif_pop_psc_exp": Model(
        {**f.V_M, **f.SYNAPTIC, "E_sfa": f.MV, "mean|n_events": f.OTHER},
        (d.membrane_leak(),),
        courses={name: Rule("relaxing", rule.taus) for name, rule in f.EXPONENTIAL.items()},
    ),
    "pp_psc_delta": Model(
        {**f.V_M, "E_sfa": f.MV}, (d.membrane_leak(relative=True),), reset="zero", unrecorded="jumps"
    ),
    "glif_psc": f.glif(
        {"I_syn": f.IN}, {"I_syn": Rule("shifted", ("tau_syn",)), "ASCurrents_sum": Rule("late")}, "g"
    ),
    "glif_psc_double_alpha": f.glif(
        {"I_syn": f.IN}, {"I_syn": Rule("shifted"), "ASCurrents_sum": Rule("late")}, "g"
    ),
    "glif_cond": f.glif(
        {r"g_\d+": f.NS}, {"ASCurrents_sum": Rule("constant"), **f.ports("two")}, "g_m", f.PORTS
    ),
    # with compartments; cm_default is made for each neuron's own compartments
    "iaf_cond_alpha_mc": compartments.iaf_cond_alpha_mc(),
    "pp_cond_exp_mc_urbanczik": compartments.pp_cond_exp_mc_urbanczik(),
    "izhikevich": f.izhikevich(),
    # without currents in physical units
    "iaf_chs_2007": f.without_currents(f.V_M, "its V_m is a sum of kernels, without a capacitance"),
    "astrocyte_lr_1994": f.without_currents(
        {"Ca_astro": Variable("ion", "uM"), "IP3": Variable("ion", "uM"), "h_IP3R": f.GATE},
        "it is an astrocyte without a membrane potential",
    ),
    "siegert_neuron": f.RATE,
    # current generators
    **{f"{kind}_generator": f.STIMULATOR for kind in ("ac", "dc", "noise", "step_current")},
}

#: Families that are told by the beginning of their names.
_FAMILIES = (
    (r"eprop_iaf_psc_delta\w*", f.eprop("reset")),
    (r"eprop_iaf\w*", f.eprop("falls")),
    (r"eprop_readout\w*", f.eprop("none")),
    (r"(\w+_rate_[io]pn|lin_rate_\w+|\w+_(i|o)pn|rate_transformer_\w+)", f.RATE),
    (r"(erfc_neuron|ginzburg_neuron|mcculloch_pitts_neuron)", f.RATE),
    (r"(step_rate|sinusoidal_(gamma|poisson))_generator", f.RATE),
)


def find(name: str) -> Model | None:
    """Look a model up by its NEST name; None where the table does not know it."""
    if name in MODELS:
        return MODELS[name]
    for pattern, model in _FAMILIES:
        if re.fullmatch(pattern, name):
            return model
    return None
