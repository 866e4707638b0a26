"""The models with compartments: iaf_cond_alpha_mc, pp_cond_exp_mc_urbanczik and cm_default.

Each compartment is a site with a voltage and currents of its own. What flows in from its
neighbours, g (V_neighbour - V), is derived as an axial current.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest import derived as d
from neo_currentscape.adapters.nest.courses import Means, Rule, Values
from neo_currentscape.adapters.nest.derived import Derived
from neo_currentscape.adapters.nest.model import Model, Variable
from neo_currentscape.conventions.errors import ArgumentError

NAMES = {"s": "soma", "p": "proximal", "d": "distal"}


def axial(site: str, other: str, v: str, v_other: str, g: str) -> Derived:
    """What flows into a compartment from a neighbour, g (V_neighbour - V), inward positive."""

    def formula(means: Means, p: Values) -> np.ndarray:
        return p[g] * (means.of(v_other) - means.of(v))

    return Derived(f"I_from_{other}", (v, v_other), (g,), formula, site=site, role="axial")


def at(site: str, current: Derived) -> Derived:
    """The same current, at a site."""
    return replace(current, site=site)


def _passive(letter: str, site: str) -> list[Derived]:
    v = f"V_m.{letter}"
    return [
        at(site, d.leak("I_L", f"{site}.g_L", f"{site}.E_L", v)),
        at(site, d.synapse("I_syn_ex", f"g_ex.{letter}", f"{site}.E_ex", v)),
        at(site, d.synapse("I_syn_in", f"g_in.{letter}", f"{site}.E_in", v)),
    ]


def _variables(letter: str, site: str) -> dict[str, Variable]:
    return {
        f"V_m.{letter}": Variable("voltage", "mV", site=site, name="V_m"),
        f"g_ex.{letter}": Variable("conductance", "nS", site=site, name="g_ex"),
        f"g_in.{letter}": Variable("conductance", "nS", site=site, name="g_in"),
    }


def iaf_cond_alpha_mc() -> Model:
    """Soma, proximal and distal dendrite; the soma is reset."""
    joined = (("s", "p", "g_sp"), ("p", "s", "g_sp"), ("p", "d", "g_pd"), ("d", "p", "g_pd"))
    derived = [current for letter, site in NAMES.items() for current in _passive(letter, site)]
    derived += [axial(NAMES[a], NAMES[b], f"V_m.{a}", f"V_m.{b}", g) for a, b, g in joined]
    variables = {k: v for letter, site in NAMES.items() for k, v in _variables(letter, site).items()}
    return Model(
        {**variables, "t_ref_remaining": Variable("other", "ms")},
        tuple(derived),
        capacitance={site: (f"{site}.C_m", "pF") for site in NAMES.values()},
        injected={site: f"{site}.I_e" for site in NAMES.values()},
        ports=dict(enumerate(NAMES.values())),
        reset="soma reset",
        courses={
            f"g_{kind}.{letter}": Rule("two", (f"{site}.tau_syn_{kind}",))
            for letter, site in NAMES.items()
            for kind in ("ex", "in")
        },
    )


def pp_cond_exp_mc_urbanczik() -> Model:
    """A soma with conductances and a dendrite with currents; NEST ignores what is injected there."""
    inward = Variable("current", "pA", "inward", site="dendritic")
    variables = {
        **_variables("s", "soma"),
        "V_m.p": Variable("voltage", "mV", site="dendritic", name="V_m"),
        "I_ex.p": Variable(inward.role, "pA", "inward", site="dendritic", name="I_syn_ex"),
        # negative for inhibition, unlike in the aeif_psc models
        "I_in.p": Variable(inward.role, "pA", "inward", site="dendritic", name="I_syn_in"),
    }
    derived = (
        *_passive("s", "soma"),
        at("dendritic", d.leak("I_L", "dendritic.g_L", "dendritic.E_L", "V_m.p")),
        axial("soma", "dendritic", "V_m.s", "V_m.p", "g_sp"),
        axial("dendritic", "soma", "V_m.p", "V_m.s", "g_ps"),
    )
    sites = ("soma", "dendritic")
    return Model(
        variables,
        derived,
        capacitance={site: (f"{site}.C_m", "pF") for site in sites},
        injected={"soma": "soma.I_e"},
        ports={0: "soma"},
        courses={
            name: Rule("decaying", (tau,))
            for kind in ("ex", "in")
            for name, tau in (
                (f"g_{kind}.s", f"soma.tau_syn_{kind}"),
                (f"I_{kind}.p", f"dendritic.tau_syn_{kind}"),
            )
        },
    )


#: NEST's defaults of what may be left out of the params of a compartment or receptor of cm_default.
_COMPARTMENT = {"C_m": 1.0, "g_C": 0.01, "g_L": 0.1, "e_L": -70.0}
_CHANNELS = {"gbar_Na": 0.0, "e_Na": 50.0, "gbar_K": 0.0, "e_K": -85.0}
_RECEPTORS = {
    "AMPA": {"e_AMPA": 0.0},
    "GABA": {"e_GABA": -80.0},
    "NMDA": {"e_NMDA": 0.0},
    "AMPA_NMDA": {"e_AMPA_NMDA": 0.0, "NMDA_ratio": 2.0},
}


def cm_default(
    recorded: Iterable[str],
    compartments: Sequence[Mapping[str, Any]],
    receptors: Sequence[Mapping[str, Any]],
    known: bool,
    currents: str = "nA",
) -> Model:
    """The compartmental model, whose compartments and receptors the user chooses.

    Parameters
    ----------
    recorded : iterable of str
        Names of what was recorded.
    compartments, receptors : sequence of dict
        As they are assigned to ``neuron.compartments`` and ``neuron.receptors``; empty where not known.
    known : bool
        Whether their params are known, which NEST does not hand out again.
    currents : str
        Unit of the currents: NEST leaves it to the user, and documents nA (with uS and nF).

    Returns
    -------
    Model
    """
    unit = {"nA": ("uS", "nF"), "pA": ("nS", "pF")}.get(currents)
    if unit is None:
        raise ArgumentError(
            f"Currents of cm_default are in 'nA' (with uS and nF) or 'pA' (nS, pF), not {currents!r}."
        )
    where = {index: int(receptor["comp_idx"]) for index, receptor in enumerate(receptors)}
    variables = {}
    for name in recorded:
        variable = _recordable(name, where, unit[0])
        if variable is not None:
            variables[name] = variable
    derived: list[Derived] = []
    if known:
        derived = [c for i, part in enumerate(compartments) for c in _of_compartment(i, part, compartments)]
        derived += [current for i, part in enumerate(receptors) for current in _of_receptor(i, part)]
    n = range(len(compartments))
    return Model(
        variables,
        tuple(derived),
        capacitance={f"comp{i}": (f"comp{i}.C_m", unit[1]) for i in n},
        currents=currents,
        injected={},
        ports={i: f"comp{i}" for i in n},
        stimulus_at_once=True,
    )


def _recordable(name: str, where: Mapping[int, int], siemens: str) -> Variable | None:
    voltage = re.fullmatch(r"v_comp(\d+)", name)
    if voltage:
        return Variable("voltage", "mV", site=f"comp{voltage[1]}", name="v_comp")
    gate = re.fullmatch(r"(m_Na|h_Na|n_K)_(\d+)", name)
    if gate:
        return Variable("gate", site=f"comp{gate[2]}", name=gate[1])
    conductance = re.fullmatch(r"g_[rd]_\w+_(\d+)", name)
    if conductance:
        index = int(conductance[1])
        return Variable("conductance", siemens, site=f"comp{where[index]}" if index in where else None)
    return None


def _of_compartment(
    index: int, part: Mapping[str, Any], all_parts: Sequence[Mapping[str, Any]]
) -> list[Derived]:
    site, v = f"comp{index}", f"v_comp{index}"
    p = {**_CHANNELS, **part.get("params", {})}
    found = [at(site, d.leak("I_L", f"{site}.g_L", f"{site}.e_L", v))]
    if p["gbar_Na"]:
        gates = {f"m_Na_{index}": 3, f"h_Na_{index}": 1}
        found.append(at(site, _channel("I_Na", f"{site}.gbar_Na", f"{site}.e_Na", gates, v)))
    if p["gbar_K"]:
        found.append(at(site, _channel("I_K", f"{site}.gbar_K", f"{site}.e_K", {f"n_K_{index}": 1}, v)))
    for other, neighbour in enumerate(all_parts):
        # The conductance to the parent belongs to the child.
        if neighbour["parent_idx"] == index:
            found.append(axial(site, f"comp{other}", v, f"v_comp{other}", f"comp{other}.g_C"))
        if part["parent_idx"] == other:
            found.append(axial(site, f"comp{other}", v, f"v_comp{other}", f"{site}.g_C"))
    return found


def _of_receptor(index: int, part: Mapping[str, Any]) -> list[Derived]:
    """(g_r + g_d) (V - E), times 1 / (1 + 0.3 exp(-0.1 V)) for NMDA."""
    kind, site = str(part["receptor_type"]), f"comp{part['comp_idx']}"
    v, e_rev = f"v_comp{part['comp_idx']}", f"receptor{index}.e_{kind}"
    if kind != "AMPA_NMDA":
        return [_receptor(f"I_{kind}_{index}", kind, index, site, v, e_rev, None)]
    ratio = f"receptor{index}.NMDA_ratio"
    return [
        _receptor(f"I_AMPA_{index}", "AN_AMPA", index, site, v, e_rev, None),
        _receptor(f"I_NMDA_{index}", "AN_NMDA", index, site, v, e_rev, ratio),
    ]


def _channel(name: str, g: str, e_rev: str, gates: Mapping[str, int], v: str) -> Derived:
    """A channel with the gates of the end of a step, to which NEST moves them first, and the mean of V."""

    def formula(means: Means, p: Values) -> np.ndarray:
        conductance = np.ones_like(means.values[v]) * p[g]
        for gate, power in gates.items():
            conductance *= means.values[gate] ** power
        return means.later(conductance) * (means.of(v) - p[e_rev])

    return Derived(name, (v, *gates), (g, e_rev), formula)


def _receptor(
    name: str, kind: str, index: int, site: str, v: str, e_rev: str, ratio: str | None
) -> Derived:
    rise, decay = f"g_r_{kind}_{index}", f"g_d_{kind}_{index}"

    def formula(means: Means, p: Values) -> np.ndarray:
        g = means.later(means.values[rise] + means.values[decay])
        start, middle = means.values[v], means.of(v)
        if not kind.endswith("NMDA"):
            current = g * (middle - p[e_rev])
        else:
            # Linear in V from the beginning of the step, as NEST takes it.
            block = 1 / (1 + 0.3 * np.exp(-0.1 * start))
            slope = 0.1 * block * (1 - block) * (start - p[e_rev]) + block
            current = g * (block * (start - p[e_rev]) + slope * (middle - start))
        return current if ratio is None else current * p[ratio]

    needed = (e_rev,) if ratio is None else (e_rev, ratio)
    return Derived(name, (v, rise, decay), needed, formula, site=site)


def cm_parameters(
    compartments: Sequence[Mapping[str, Any]], receptors: Sequence[Mapping[str, Any]], n_nodes: int
) -> dict[str, np.ndarray]:
    """Parameters under the names that the derived currents use, the same for all neurons."""
    found = {}
    for index, part in enumerate(compartments):
        values = {**_COMPARTMENT, **_CHANNELS, **part.get("params", {})}
        found.update({f"comp{index}.{key}": value for key, value in values.items()})
    for index, part in enumerate(receptors):
        kind = str(part["receptor_type"])
        values = {**_RECEPTORS.get(kind, {}), **part.get("params", {})}
        found.update({f"receptor{index}.{key}": value for key, value in values.items()})
    return {key: np.full(n_nodes, float(value)) for key, value in found.items()}
