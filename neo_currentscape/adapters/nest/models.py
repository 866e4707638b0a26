"""The table of NEST's models: role, unit and sign of what each records, and what can be derived.

It covers every node model of NEST 3.10 that has recordables. Signs were verified by simulation:
"in" is inward (depolarising) positive, "out" outward positive. The models record in mV, pA, nS and
pF, except where the table says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from neo_currentscape.adapters.nest import compartments
from neo_currentscape.adapters.nest import derived as d
from neo_currentscape.adapters.nest.derived import Derived
from neo_currentscape.adapters.nest.model import Model, Variable

V = Variable("voltage", "mV")
GATE = Variable("gate")
NS = Variable("conductance", "nS")
IN = Variable("current", "pA", "inward")
OUT = Variable("current", "pA", "outward")
MV = Variable("other", "mV")  # thresholds and filtered potentials: in mV, but not the membrane's
OTHER = Variable("other")
STIMULUS = Variable("electrode", "pA", "inward")

_V = {"V_m": V}
_G = {"g_ex": NS, "g_in": NS}
_SYN = {"I_syn_ex": IN, "I_syn_in": IN}
_HH = {"Act_m": GATE, "Act_n": GATE, "Inact_h": GATE}
_CLOPATH = {"u_bar_bar": MV, "u_bar_minus": MV, "u_bar_plus": MV}
_MULTI_SYN = {"I_syn": replace(IN, total_of=r"I_syn_\d+"), r"I_syn_\d+": IN}
_REFRACTORY = {"t_ref_remaining": Variable("other", "ms")}

_SYNAPSES = (d.synapse("I_syn_ex", "g_ex", "E_ex"), d.synapse("I_syn_in", "g_in", "E_in"))
_NA = d.channel("I_Na", "g_Na", "E_Na", {"Act_m": 3, "Inact_h": 1})
_HH_CURRENTS = (_NA, d.channel("I_K", "g_K", "E_K", {"Act_n": 4}), d.leak())
_EIF = (d.leak(), d.exponential_spike())
_INDEXED = ((r"g_(\d+)", "I_syn_{}", "E_rev"),)


def _hh(
    variables: Mapping[str, Variable], currents: tuple[Derived, ...] = _HH_CURRENTS, gap: bool = False
) -> Model:
    return Model({**_V, **_HH, **variables}, currents, gap_junctions=gap, derivative="central")


def _aeif(variables: Mapping[str, Variable], currents: tuple[Derived, ...] = (), indexed=()) -> Model:
    return Model({**_V, "w": OUT, **variables}, (*_EIF, *currents), indexed, reset="peak")


def _iaf_cond(variables: Mapping[str, Variable], currents: tuple[Derived, ...] = ()) -> Model:
    return Model({**_V, **_G, **variables}, (d.leak(), *_SYNAPSES, *currents), reset="reset")


def _iaf_psc(variables: Mapping[str, Variable], reset: str = "reset") -> Model:
    return Model({**_V, **variables}, (d.membrane_leak(),), reset=reset)


def _gif(
    variables: Mapping[str, Variable], currents: tuple[Derived, ...] = (), derivative: str = "forward"
) -> Model:
    shared = {**_V, "E_sfa": MV, "I_stc": OUT}
    return Model({**shared, **variables}, (d.leak(), *currents), derivative=derivative, reset="reset")


def _glif(variables: Mapping[str, Variable], g: str, indexed=()) -> Model:
    # `I` is what current generators inject; I_syn and the after-spike currents are not in it.
    shared = {"I": STIMULUS, "ASCurrents_sum": IN, "threshold(_spike|_voltage)?": MV}
    return Model({**_V, **shared, **variables}, (d.leak(g=g),), indexed, injected={}, reset="held")


def _without_balance(variables: Mapping[str, Variable]) -> Model:
    return Model(variables, capacitance={}, injected={})


def _ht_neuron() -> Model:
    # All currents are in mV, conductances have no unit: tau_m dV/dt = -(sum of outward currents).
    inward = Variable("current", "mV", "inward")
    recorded = {name: inward for name in ("I_NaP", "I_KNa", "I_T", "I_h")}
    receptors = ("AMPA", "NMDA", "GABA_A", "GABA_B")
    conductances = {f"g_{r}": Variable("conductance") for r in receptors}
    derived = (
        *(d.synapse(f"I_{r}", f"g_{r}", f"E_rev_{r}") for r in receptors),
        d.leak("I_NaL", "g_NaL", "E_Na"),
        d.leak("I_KL", "g_KL", "E_K"),
        d.post_spike_potassium(),
    )
    variables = {**_V, "theta": MV, **recorded, **conductances}
    tau: dict[str | None, tuple[str, str]] = {None: ("tau_m", "ms")}
    return Model(variables, derived, capacitance=tau, currents="mV", injected={}, reset="ht")


def _gap() -> Model:
    potassium = (
        d.channel("I_Kv1", "g_Kv1", "E_K", {"Act_n": 4}),
        d.channel("I_Kv3", "g_Kv3", "E_K", {"Inact_p": 2}),
    )
    return _hh({**_SYN, "Inact_p": GATE}, (_NA, *potassium, d.leak()), gap=True)


_RATE = _without_balance({name: OTHER for name in ("rate", "noise", "noisy_rate", "S", "h")})
_STIMULATOR = _without_balance({"I": STIMULUS})
_EPROP = _without_balance(
    {
        **_V,
        "V_th_adapt": MV,
        "adaptation|eprop_history_duration|(learning|error|readout|target)_signal": OTHER,
        "readout_signal_unnorm|surrogate_gradient": OTHER,
    }
)

#: Every node model of NEST 3.10 that has recordables.
MODELS: dict[str, Model] = {
    "ht_neuron": _ht_neuron(),
    # Hodgkin and Huxley
    "hh_psc_alpha": _hh(_SYN),
    "hh_psc_alpha_clopath": _hh({**_SYN, **_CLOPATH}),
    "hh_psc_alpha_gap": _gap(),
    "hh_cond_exp_traub": _hh(_G, (*_HH_CURRENTS, *_SYNAPSES)),
    "hh_cond_beta_gap_traub": _hh(_G, (*_HH_CURRENTS, *_SYNAPSES), gap=True),
    # adaptive exponential integrate-and-fire
    "aeif_cond_alpha": _aeif(_G, _SYNAPSES),
    "aeif_cond_exp": _aeif(_G, _SYNAPSES),
    "aeif_cond_alpha_astro": _aeif({**_G, "I_SIC": IN}, _SYNAPSES),
    "aeif_cond_alpha_multisynapse": _aeif({r"g_\d+": NS}, indexed=_INDEXED),
    "aeif_cond_beta_multisynapse": _aeif({r"g_\d+": NS}, indexed=_INDEXED),
    # their I_syn_in is subtracted: positive for inhibition
    "aeif_psc_alpha": _aeif({"I_syn_ex": IN, "I_syn_in": OUT}),
    "aeif_psc_exp": _aeif({"I_syn_ex": IN, "I_syn_in": OUT}),
    "aeif_psc_delta": _aeif({}),
    "aeif_psc_delta_clopath": Model(
        {**_V, **_CLOPATH, "w": OUT, "z": IN, "V_th": MV},
        (d.leak(), d.exponential_spike(recorded_threshold=True)),
        reset="clamp",
    ),
    # integrate-and-fire with conductances
    "iaf_cond_alpha": _iaf_cond(_REFRACTORY),
    "iaf_cond_beta": _iaf_cond(_REFRACTORY),
    "iaf_cond_exp": _iaf_cond({}),
    "iaf_cond_exp_sfa_rr": _iaf_cond(
        {"g_sfa": NS, "g_rr": NS},
        (d.synapse("I_sfa", "g_sfa", "E_sfa"), d.synapse("I_rr", "g_rr", "E_rr")),
    ),
    "iaf_chxk_2008": Model(
        {**_V, **_G, "g_ahp": NS, "I_syn_ex": OUT, "I_syn_in": OUT, "I_ahp": OUT},
        (d.leak(),),
        derivative="central",
    ),
    "iaf_bw_2001": Model(
        {**_V, "I_(AMPA|GABA|NMDA)": OUT, "s_(AMPA|GABA|NMDA)": OTHER},
        (d.leak(),),
        injected={},
        derivative="backward",
        reset="reset",
    ),
    # integrate-and-fire with currents
    "iaf_psc_alpha": _iaf_psc(_SYN),
    "iaf_psc_exp": _iaf_psc(_SYN),
    # it records V_m - E_L as V_m
    "iaf_psc_exp_htum": Model({**_V, **_SYN}, (d.membrane_leak(relative=True),), reset="relative reset"),
    "iaf_tum_2000": _iaf_psc(_SYN),
    "iaf_psc_delta": _iaf_psc({}),
    "iaf_psc_alpha_multisynapse": _iaf_psc(_MULTI_SYN),
    "iaf_psc_exp_multisynapse": _iaf_psc(_MULTI_SYN),
    "iaf_psc_alpha_ps": _iaf_psc(_SYN, "precise"),
    "iaf_psc_delta_ps": _iaf_psc({}, "precise"),
    "iaf_psc_exp_ps": _iaf_psc({}, "precise"),
    "iaf_psc_exp_ps_lossless": _iaf_psc(
        {**_SYN, "I_syn": replace(IN, total_of="I_syn_(ex|in)")}, "precise"
    ),
    "amat2_psc_exp": _iaf_psc({**_SYN, "V_th": MV, "V_th_v": MV}, reset="none"),
    "mat2_psc_exp": _iaf_psc({"V_th": MV}, reset="none"),
    # generalised integrate-and-fire
    "gif_cond_exp": _gif(_G, _SYNAPSES),
    "gif_cond_exp_multisynapse": _gif({}),
    "gif_psc_exp": _gif(_SYN, derivative="backward"),
    "gif_psc_exp_multisynapse": _gif({}),
    "gif_pop_psc_exp": _without_balance({**_V, **_SYN, "E_sfa": MV, "mean|n_events": OTHER}),
    "pp_psc_delta": _without_balance({**_V, "E_sfa": MV}),
    "glif_psc": _glif({"I_syn": IN}, "g"),
    "glif_psc_double_alpha": _glif({"I_syn": IN}, "g"),
    "glif_cond": _glif({r"g_\d+": NS}, "g_m", _INDEXED),
    # with compartments; cm_default is made for each neuron's own compartments
    "iaf_cond_alpha_mc": compartments.iaf_cond_alpha_mc(),
    "pp_cond_exp_mc_urbanczik": compartments.pp_cond_exp_mc_urbanczik(),
    # without currents in physical units
    "izhikevich": _without_balance({**_V, "U_m": OTHER}),
    "iaf_chs_2007": _without_balance(_V),
    "astrocyte_lr_1994": _without_balance(
        {"Ca_astro": Variable("ion", "uM"), "IP3": Variable("ion", "uM"), "h_IP3R": GATE}
    ),
    "siegert_neuron": _RATE,
    # current generators
    **{f"{kind}_generator": _STIMULATOR for kind in ("ac", "dc", "noise", "step_current")},
}
MODELS["iaf_bw_2001_exact"] = MODELS["iaf_bw_2001"]

#: Families that are told by the beginning of their names.
_FAMILIES = (
    (r"(eprop_(iaf|readout)\w*)", _EPROP),
    (r"(\w+_rate_[io]pn|lin_rate_\w+|\w+_(i|o)pn|rate_transformer_\w+)", _RATE),
    (r"(erfc_neuron|ginzburg_neuron|mcculloch_pitts_neuron)", _RATE),
    (r"(step_rate|sinusoidal_(gamma|poisson))_generator", _RATE),
)


def find(name: str) -> Model | None:
    """Look a model up by its NEST name; None where the table does not know it."""
    if name in MODELS:
        return MODELS[name]
    for pattern, model in _FAMILIES:
        if re.fullmatch(pattern, name):
            return model
    return None
