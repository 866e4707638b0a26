"""A case for every model of NEST that has a membrane: parameters, and what drives it.

The same spikes (at multiples of 0.1 ms) and the same currents drive a model at any resolution. Models
that fire at random get a threshold so sharp that they fire at the same times.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: Length of a run and of the part in which spikes arrive, in ms.
DURATION, LAST = 300.0, 280.0


@dataclass(frozen=True)
class Case:
    """What a model is tried with.

    Attributes
    ----------
    params : dict
        Of the neuron.
    weights, receptors : tuple
        Of its inputs.
    dc : float
        What a generator injects from 50 to 250 ms, in pA.
    number : int
        Spikes of each input.
    """

    params: dict[str, Any] = field(default_factory=dict)
    weights: tuple[float, ...] = ()
    receptors: tuple[int, ...] = (0, 0)
    dc: float = 0.0
    number: int = 150


_SHARP = {"Delta_V": 0.01, "lambda_0": 10.0, "V_T_star": -50.0}
_GIF = {**_SHARP, "tau_stc": [20.0], "q_stc": [50.0], "tau_sfa": [50.0], "q_sfa": [2.0]}
_PORTS = {"E_rev": [0.0, -85.0], "tau_syn": [0.5, 2.0]}
_PSC, _COND = (100.0, -60.0), (6.0, -4.0)
_GLIF = {"after_spike_currents": True, "spike_dependent_threshold": True, "adapting_threshold": True}

CASES: dict[str, Case] = {
    "aeif_cond_alpha": Case({}, _COND, dc=900.0),
    "aeif_cond_alpha_astro": Case({}, _COND, dc=900.0),
    "aeif_cond_alpha_multisynapse": Case(_PORTS, (6.0, 4.0), (1, 2), 900.0),
    "aeif_cond_beta_multisynapse": Case(
        {"E_rev": [0.0, -85.0], "tau_rise": [0.2, 1.0], "tau_decay": [0.5, 4.0]}, (6.0, 4.0), (1, 2), 900.0
    ),
    "aeif_cond_exp": Case({}, _COND, dc=900.0),
    "aeif_psc_alpha": Case({}, (300.0, -60.0), dc=900.0),
    "aeif_psc_delta": Case({}, (0.5, -0.5), dc=900.0),
    "aeif_psc_delta_clopath": Case({}, (0.5, -0.5), dc=900.0),
    "aeif_psc_exp": Case({}, (300.0, -60.0), dc=900.0),
    "amat2_psc_exp": Case({}, _PSC, dc=400.0),
    "gif_cond_exp": Case(_GIF, _COND, dc=100.0),
    "gif_cond_exp_multisynapse": Case({**_GIF, **_PORTS}, (6.0, 4.0), (1, 2), 100.0),
    "gif_pop_psc_exp": Case({"I_e": 50.0}, _PSC, dc=100.0),
    "gif_psc_exp": Case(_GIF, _PSC, dc=150.0),
    "gif_psc_exp_multisynapse": Case({**_GIF, "tau_syn": [0.5, 2.0]}, _PSC, (1, 2), 150.0),
    "glif_cond": Case({"tau_syn": [0.5, 2.0], **_GLIF}, (6.0, 4.0), (1, 2), 150.0),
    "glif_psc": Case({"tau_syn": [0.5, 2.0], **_GLIF}, _PSC, (1, 2), 250.0),
    "glif_psc_double_alpha": Case(_GLIF, _PSC, (1, 1), 150.0),
    "hh_cond_beta_gap_traub": Case({}, (3.0, -3.0), dc=300.0),
    "hh_cond_exp_traub": Case({"tau_syn_ex": 0.5}, (3.0, -3.0), dc=300.0),
    "hh_psc_alpha": Case({}, _PSC, dc=600.0),
    "hh_psc_alpha_clopath": Case({}, _PSC, dc=600.0),
    "hh_psc_alpha_gap": Case({}, _PSC, dc=300.0),
    "ht_neuron": Case({}, (0.05, 0.05, 0.05, 0.01), (1, 2, 3, 4), 20.0),
    "iaf_bw_2001": Case({}, (3.0, 3.0), (1, 2), 500.0),
    "iaf_bw_2001_exact": Case({}, (3.0, 3.0), (1, 2), 500.0),
    "iaf_chs_2007": Case({}, (0.4,), (0,)),
    "iaf_chxk_2008": Case({}, (60.0, -30.0), dc=900.0),
    "iaf_cond_alpha": Case({}, _COND, dc=450.0),
    "iaf_cond_alpha_mc": Case({}, (6.0, 4.0, 6.0, 4.0), (1, 2, 3, 4), 0.0),
    "iaf_cond_beta": Case({}, _COND, dc=450.0),
    "iaf_cond_exp": Case({}, _COND, dc=450.0),
    "iaf_cond_exp_sfa_rr": Case({}, _COND, dc=600.0),
    "iaf_psc_alpha": Case({"tau_syn_ex": 0.5}, _PSC, dc=500.0),
    "iaf_psc_alpha_multisynapse": Case({"tau_syn": [0.5, 2.0]}, _PSC, (1, 2), 500.0),
    "iaf_psc_alpha_ps": Case({"tau_syn_ex": 0.5}, _PSC, dc=500.0),
    "iaf_psc_delta": Case({}, (1.0, -0.7), dc=300.0),
    "iaf_psc_delta_ps": Case({}, (1.0, -0.7), dc=300.0),
    "iaf_psc_exp": Case({"tau_syn_ex": 0.5}, _PSC, dc=500.0),
    "iaf_psc_exp_htum": Case({"tau_syn_ex": 0.5}, _PSC, dc=500.0),
    "iaf_psc_exp_multisynapse": Case({"tau_syn": [0.5, 2.0]}, _PSC, (1, 2), 500.0),
    "iaf_psc_exp_ps": Case({"tau_syn_ex": 0.5}, _PSC, dc=500.0),
    "iaf_psc_exp_ps_lossless": Case({}, _PSC, dc=500.0),
    "iaf_tum_2000": Case({"tau_syn_ex": 0.5}, _PSC, dc=500.0),
    "izhikevich": Case({}, (1.0, -1.0), dc=8.0),
    "mat2_psc_exp": Case({}, _PSC, dc=400.0),
    "pp_cond_exp_mc_urbanczik": Case({}, (6.0, 4.0, 60.0, 40.0), (1, 2, 3, 4)),
    "pp_psc_delta": Case({"c_2": 0.0}, (1.0, -0.7), dc=300.0),
    **{
        f"eprop_iaf{kind}": Case({}, (1.0, -0.7), dc=300.0)
        for kind in (
            "",
            "_adapt",
            "_adapt_bsshslm_2020",
            "_bsshslm_2020",
            "_psc_delta",
            "_psc_delta_adapt",
        )
    },
    "eprop_readout": Case({}, (1.0, -0.7), dc=300.0),
    "eprop_readout_bsshslm_2020": Case({}, (1.0, -0.7), dc=300.0),
}


def membranes(nest: Any) -> list[str]:
    """All models of NEST that record a membrane potential, cm_default not among them."""
    found = []
    for name in nest.node_models:
        recordables = [str(r) for r in nest.GetDefaults(name).get("recordables", ())]
        if any(r == "V_m" or r.startswith("V_m.") for r in recordables):
            found.append(str(name))
    return sorted(found)


def build(nest: Any, name: str, resolution: float) -> Any:
    """Make the neuron of a case and what drives it, in an empty kernel.

    Returns
    -------
    NodeCollection
        Of one neuron.
    """
    case = CASES[name]
    nest.ResetKernel()
    nest.set(resolution=resolution, rng_seed=5)
    neuron = nest.Create(name, params=case.params)
    rng = np.random.default_rng(11)
    for weight, receptor in zip(case.weights, case.receptors, strict=False):
        times = np.unique(np.round(rng.uniform(5.0, LAST, case.number), 1))
        source = nest.Create("spike_generator", params={"spike_times": times})
        nest.Connect(source, neuron, syn_spec=_synapse(name, weight, receptor))
    if case.dc:
        dc = nest.Create("dc_generator", params={"amplitude": case.dc, "start": 50.0, "stop": 250.0})
        nest.Connect(dc, neuron, syn_spec={"weight": 1.0, "delay": 1.0})
    return neuron


def _synapse(name: str, weight: float, receptor: int) -> dict[str, Any]:
    spec = {"weight": weight, "delay": 1.0, "receptor_type": receptor}
    if name.startswith("eprop"):
        spec["synapse_model"] = "static_synapse"
    return spec
