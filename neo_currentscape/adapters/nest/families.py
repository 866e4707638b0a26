"""Families of NEST's models: what their members have in common, for the table of all models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from neo_currentscape.adapters.nest import derived as d
from neo_currentscape.adapters.nest.courses import Rule
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

V_M = {"V_m": V}
CONDUCTANCES = {"g_ex": NS, "g_in": NS}
SYNAPTIC = {"I_syn_ex": IN, "I_syn_in": IN}
GATES = {"Act_m": GATE, "Act_n": GATE, "Inact_h": GATE}
CLOPATH = {"u_bar_bar": MV, "u_bar_minus": MV, "u_bar_plus": MV}
MULTI = {"I_syn": replace(IN, total_of=r"I_syn_\d+"), r"I_syn_\d+": IN}
REFRACTORY = {"t_ref_remaining": Variable("other", "ms")}

SYNAPSES = (d.synapse("I_syn_ex", "g_ex", "E_ex"), d.synapse("I_syn_in", "g_in", "E_in"))
SODIUM = d.channel("I_Na", "g_Na", "E_Na", {"Act_m": 3, "Inact_h": 1})
CHANNELS = (SODIUM, d.channel("I_K", "g_K", "E_K", {"Act_n": 4}), d.leak())
EIF = (d.leak(), d.exponential_spike())
PORTS = ((r"g_(\d+)", "I_syn_{}", "E_rev"),)


#: How synapses run between two samples: they decay, or they are alpha or beta functions.
EXPONENTIAL = {
    f"{what}_{kind}": Rule("decaying", (f"tau_syn_{kind}",))
    for what in ("g", "I_syn")
    for kind in ("ex", "in")
}
ALPHA = {name: Rule("two", rule.taus) for name, rule in EXPONENTIAL.items()}
BETA = {f"g_{kind}": Rule("two", (f"tau_decay_{kind}", f"tau_rise_{kind}")) for kind in ("ex", "in")}
HELD = {"I": Rule("constant"), "I_SIC": Rule("constant")}


def ports(kind: str, *taus: str) -> dict[str, Rule]:
    """The same for the numbered receptors of multisynapse models."""
    return {r"(?:g|I_syn)_(\d+)": Rule(kind, taus or ("tau_syn",))}


def hh(
    variables: Mapping[str, Variable],
    courses: Mapping[str, Rule],
    currents: tuple[Derived, ...] = CHANNELS,
    gap: bool = False,
) -> Model:
    return Model({**V_M, **GATES, **variables}, currents, gap_junctions=gap, courses=courses, smooth=True)


def aeif(
    variables: Mapping[str, Variable],
    courses: Mapping[str, Rule],
    currents: tuple[Derived, ...] = (),
    indexed=(),
    unrecorded: str = "",
) -> Model:
    return Model(
        {**V_M, "w": OUT, **variables},
        (*EIF, *currents),
        indexed,
        reset="peak",
        courses={**courses, **HELD, "w": Rule("jumps at spikes")},
        unrecorded=unrecorded,
    )


def iaf_cond(
    variables: Mapping[str, Variable], courses: Mapping[str, Rule], currents: tuple[Derived, ...] = ()
) -> Model:
    return Model(
        {**V_M, **CONDUCTANCES, **variables},
        (d.leak(), *SYNAPSES, *currents),
        reset="reset",
        courses=courses,
    )


def iaf_psc(
    variables: Mapping[str, Variable],
    courses: Mapping[str, Rule],
    reset: str = "reset",
    unrecorded: str = "",
    relative: bool = False,
) -> Model:
    leak = (d.membrane_leak(relative=relative),)
    return Model({**V_M, **variables}, leak, reset=reset, courses=courses, unrecorded=unrecorded)


def gif(
    variables: Mapping[str, Variable],
    courses: Mapping[str, Rule],
    currents: tuple[Derived, ...] = (),
    unrecorded: str = "",
) -> Model:
    return Model(
        {**V_M, "E_sfa": MV, "I_stc": OUT, **variables},
        (d.leak(), *currents),
        reset="reset",
        # NEST sums up I_stc first, lets it act, and records it.
        courses={**courses, "I_stc": Rule("late")},
        unrecorded=unrecorded,
    )


def glif(variables: Mapping[str, Variable], courses: Mapping[str, Rule], g: str, indexed=()) -> Model:
    # `I` is what current generators inject; I_syn and the after-spike currents are not in it.
    shared = {"I": STIMULUS, "ASCurrents_sum": IN, "threshold(_spike|_voltage)?": MV}
    return Model(
        {**V_M, **shared, **variables},
        (d.leak(g=g),),
        indexed,
        injected={},
        reset="stands",
        courses={**HELD, **courses},
    )


def without_currents(variables: Mapping[str, Variable], why: str = "") -> Model:
    return Model(variables, capacitance={}, injected={}, without=why)


def ht_neuron() -> Model:
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
    variables = {**V_M, "theta": MV, **recorded, **conductances}
    tau: dict[str | None, tuple[str, str]] = {None: ("tau_m", "ms")}
    # g_NMDA has the voltage-dependent block in it, and is no sum of two exponentials.
    two = {f"g_{r}": Rule("two", (f"tau_decay_{r}", f"tau_rise_{r}")) for r in receptors if r != "NMDA"}
    return Model(
        variables,
        derived,
        capacitance=tau,
        currents="mV",
        injected={},
        reset="ht",
        courses={**two, **dict.fromkeys(recorded, Rule("before spikes"))},
    )


def hh_gap() -> Model:
    potassium = (
        d.channel("I_Kv1", "g_Kv1", "E_K", {"Act_n": 4}),
        d.channel("I_Kv3", "g_Kv3", "E_K", {"Inact_p": 2}),
    )
    return hh({**SYNAPTIC, "Inact_p": GATE}, ALPHA, (SODIUM, *potassium, d.leak()), gap=True)


def wang(exact: bool) -> Model:
    # What it records is computed at the end of a step, before that step's spikes arrive.
    courses = {f"I_{r}": Rule("before jumps", (f"tau_{r}",)) for r in ("AMPA", "GABA")}
    nmda = Rule() if exact else Rule("before jumps", ("tau_decay_NMDA",))
    return Model(
        {**V_M, **dict.fromkeys(("I_AMPA", "I_GABA", "I_NMDA"), OUT), "s_(AMPA|GABA|NMDA)": OTHER},
        (d.leak(),),
        injected={},
        reset="reset",
        courses={**courses, "I_NMDA": nmda},
    )


def eprop(reset: str) -> Model:
    own = {
        **V_M,
        "V_th_adapt": MV,
        "adaptation|eprop_history_duration|(learning|error|readout|target)_signal": OTHER,
        "readout_signal_unnorm|surrogate_gradient": OTHER,
    }
    return Model(own, (d.membrane_leak(),), reset=reset, unrecorded="jumps")


def izhikevich() -> Model:
    # Its equation has no capacitance: what is injected moves V as it moves 1 pF.
    return Model(
        {**V_M, "U_m": OTHER},
        (d.quadratic(), d.recovery()),
        capacitance={},
        fixed_capacitance=1.0,
        reset="falls",
        courses={"U_m": Rule("constant")},
        unrecorded="jumps",
    )


RATE = without_currents(
    {name: OTHER for name in ("rate", "noise", "noisy_rate", "S", "h")},
    "it has a rate or a state, no membrane",
)
STIMULATOR = without_currents({"I": STIMULUS}, "it is a generator")
