"""The membrane currents of PyNN's standard cell types, from what can be recorded of them.

Each current is one function. Its arguments name the recorded variables (`VARIABLES`) and the
cell parameters that it takes, in PyNN's units (mV, uS, nF, ms, nA), so that uS times mV is nA; it
returns nA, outward positive. Variables have shape (time, neuron), parameters (neuron,).
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

#: Recorded variables, and the units in which the functions below take them.
VARIABLES = {
    "v": "mV",
    "gsyn_exc": "uS",
    "gsyn_inh": "uS",
    "isyn_exc": "nA",
    "isyn_inh": "nA",
    "w": "nA",
    "u": "mV/ms",
    "i_eta": "nA",
    "v_t": "mV",
    "g_s": "uS",
    "g_r": "uS",
    "m": "dimensionless",
    "h": "dimensionless",
    "n": "dimensionless",
    "gsyn": "uS",
    "isyn": "nA",
}

#: Role of each recorded variable in the Segment; what is not named here has the role "other".
ROLES = {
    "v": "voltage",
    "gsyn_exc": "conductance",
    "gsyn_inh": "conductance",
    "g_s": "conductance",
    "g_r": "conductance",
    "m": "gate",
    "h": "gate",
    "n": "gate",
}

#: Izhikevich's equation has no capacitance: PyNN's backends all scale its input as for 1 pF.
IZHIKEVICH_CAPACITANCE = 1e-3

#: Voltage (mV) at which a spike of Izhikevich's model is detected.
IZHIKEVICH_PEAK = 30.0

#: Beyond e**100 the exponential of a voltage means nothing more, and would overflow on the way to a reset.
LARGEST = 100.0


@dataclass(frozen=True)
class Current:
    """One membrane current of a cell type.

    Attributes
    ----------
    label : str
        Name of its signal, e.g. "leak".
    formula : callable
        Takes variables and parameters by name; see the module.
    receptor : str or None
        Name of the receptor that it flows through, in front of the names of its variable and
        parameters ("AMPA.gsyn", "AMPA.e_syn"); None for what belongs to the neuron itself.
    linear : bool
        Whether it is linear in the voltage, so that an implicit step takes it as it is.
    upstroke : bool
        Whether it lifts the voltage to the peak at which a spike is detected.
    """

    label: str
    formula: Callable[..., np.ndarray]
    receptor: str | None = None
    linear: bool = True
    upstroke: bool = False

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The full name of what each argument of the formula takes."""
        names = inspect.signature(self.formula).parameters
        return {name: self._full(name) for name in names}

    def _full(self, name: str) -> str:
        return name if self.receptor is None or name == "v" else f"{self.receptor}.{name}"

    @property
    def variables(self) -> tuple[str, ...]:
        """The recorded variables that it needs."""
        return tuple(full for name, full in self.arguments.items() if name in VARIABLES)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The cell parameters that it needs."""
        return tuple(full for name, full in self.arguments.items() if name not in VARIABLES)


@dataclass(frozen=True)
class Model:
    """What is known of a cell type.

    Attributes
    ----------
    currents : tuple of Current
        All membrane currents.
    capacitance : str or float
        The parameter that holds it, or its value in nF.
    refractory : str, float or None
        Parameter (or ms) for how long the voltage is held after a spike; None where a spike is part of
        the dynamics and nothing is held.
    constants : dict
        Values (PyNN's units) of what other cell types have as parameters.
    euler : tuple of str
        The simulators that take Euler steps. Brian2 solves the linear cell types exactly, and PyNN asks
        it for Runge-Kutta steps in the adaptive ones; NEST's other models take many small steps.
    decays : tuple of (variable, parameter)
        What decays exponentially between spikes, and its time constant.
    rises : tuple of (variable, parameters)
        What is an alpha function of one time constant, or a beta function of two (decay, rise).
    peak : str, float or None
        Parameter (or mV) at which a spike of its own dynamics is detected and the voltage reset.
    jumps : tuple of str
        The simulators whose synapses make the voltage jump, so that nothing records their current.
    """

    currents: tuple[Current, ...]
    capacitance: str | float = "cm"
    refractory: str | float | None = "tau_refrac"
    constants: tuple[tuple[str, float], ...] = ()
    euler: tuple[str, ...] = ("Brian2",)
    decays: tuple[tuple[str, str], ...] = ()
    rises: tuple[tuple[str, tuple[str, ...]], ...] = ()
    peak: str | float | None = None
    jumps: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Everything that has to be recorded, the voltage first."""
        return tuple(dict.fromkeys(["v", *(v for c in self.currents for v in c.variables)]))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter of the population that has to be known."""
        named = [p for c in self.currents for p in c.parameters]
        named += [p for p in (self.capacitance, self.refractory, self.peak) if isinstance(p, str)]
        named += [p for _, p in self.decays] + [p for _, taus in self.rises for p in taus]
        return tuple(p for p in dict.fromkeys([*named, "i_offset"]) if p not in dict(self.constants))


def leak(v: Any, cm: Any, tau_m: Any, v_rest: Any) -> Any:
    """The leak current, (cm / tau_m) (v - v_rest)."""
    return cm / tau_m * (v - v_rest)


def excitatory(v: Any, gsyn_exc: Any, e_rev_E: Any) -> Any:
    """Current through the excitatory synapses, gsyn_exc (v - e_rev_E)."""
    return gsyn_exc * (v - e_rev_E)


def inhibitory(v: Any, gsyn_inh: Any, e_rev_I: Any) -> Any:
    """Current through the inhibitory synapses, gsyn_inh (v - e_rev_I)."""
    return gsyn_inh * (v - e_rev_I)


def spike(v: Any, cm: Any, tau_m: Any, delta_T: Any, v_thresh: Any) -> Any:
    """The exponential spike current of the EIF models (Brette and Gerstner 2005).

    -(cm / tau_m) delta_T exp((v - v_thresh) / delta_T); 0 where delta_T is 0, as the backends have
    it then.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.minimum((v - v_thresh) / delta_T, LARGEST)
    return np.where(delta_T == 0, 0.0, -cm / tau_m * delta_T * np.exp(exponent))


def sodium(v: Any, m: Any, h: Any, gbar_Na: Any, e_rev_Na: Any) -> Any:
    """Na current of Traub and Miles, gbar_Na m^3 h (v - e_rev_Na)."""
    return gbar_Na * m**3 * h * (v - e_rev_Na)


def potassium(v: Any, n: Any, gbar_K: Any, e_rev_K: Any) -> Any:
    """K current of Traub and Miles, gbar_K n^4 (v - e_rev_K)."""
    return gbar_K * n**4 * (v - e_rev_K)


def leak_hh(v: Any, g_leak: Any, e_rev_leak: Any) -> Any:
    """The leak current of HH_cond_exp, g_leak (v - e_rev_leak)."""
    return g_leak * (v - e_rev_leak)


def leak_facets(v: Any, g_leak: Any, v_rest: Any) -> Any:
    """The leak current of IF_facets_hardware1, whose g_leak is in nS."""
    return 1e-3 * g_leak * (v - v_rest)


def quadratic(v: Any) -> Any:
    """The intrinsic current of Izhikevich (2003): leak and spike in one, -C (0.04 v^2 + 5 v + 140)."""
    return -IZHIKEVICH_CAPACITANCE * (0.04 * v**2 + 5 * v + 140)


#: Conductances with a reversal potential, for the receptors of every cell type that has them.
CONDUCTANCES = (Current("excitatory", excitatory), Current("inhibitory", inhibitory))
#: Currents of current-based synapses; PyNN records them inward positive.
SYNAPTIC_CURRENTS = (
    Current("excitatory", lambda isyn_exc: -isyn_exc),
    Current("inhibitory", lambda isyn_inh: -isyn_inh),
)
LEAK = Current("leak", leak)
ADAPTATION = Current("adaptation", lambda w: w)
#: Label of the exponential current that stands for the spike.
SPIKE = "spike"

ADAPTIVE = (LEAK, Current(SPIKE, spike, linear=False, upstroke=True), ADAPTATION)

_G_DECAY = (("gsyn_exc", "tau_syn_E"), ("gsyn_inh", "tau_syn_I"))
_I_DECAY = (("isyn_exc", "tau_syn_E"), ("isyn_inh", "tau_syn_I"))
_G_RISE = (("gsyn_exc", ("tau_syn_E",)), ("gsyn_inh", ("tau_syn_I",)))
_I_RISE = (("isyn_exc", ("tau_syn_E",)), ("isyn_inh", ("tau_syn_I",)))

#: Every standard cell type whose currents are known, by the name of its class.
MODELS = {
    "IF_cond_exp": Model((LEAK, *CONDUCTANCES), decays=_G_DECAY),
    "IF_cond_alpha": Model((LEAK, *CONDUCTANCES), rises=_G_RISE),
    "IF_curr_exp": Model((LEAK, *SYNAPTIC_CURRENTS), euler=(), decays=_I_DECAY),
    "IF_curr_alpha": Model((LEAK, *SYNAPTIC_CURRENTS), euler=(), rises=_I_RISE),
    "IF_curr_delta": Model((LEAK,), euler=(), jumps=("NEST", "Brian2")),
    "EIF_cond_exp_isfa_ista": Model((*ADAPTIVE, *CONDUCTANCES), euler=(), decays=_G_DECAY, peak="v_spike"),
    "EIF_cond_alpha_isfa_ista": Model((*ADAPTIVE, *CONDUCTANCES), euler=(), rises=_G_RISE, peak="v_spike"),
    "IF_cond_exp_gsfa_grr": Model(
        (
            LEAK,
            *CONDUCTANCES,
            Current("adaptation", lambda v, g_s, e_rev_sfa: g_s * (v - e_rev_sfa)),
            Current("refractory", lambda v, g_r, e_rev_rr: g_r * (v - e_rev_rr)),
        ),
        euler=(),
        decays=(*_G_DECAY, ("g_s", "tau_sfa"), ("g_r", "tau_rr")),
    ),
    "IF_facets_hardware1": Model(
        (Current("leak", leak_facets), *CONDUCTANCES),
        capacitance=0.2,
        refractory=1.0,
        constants=(("e_rev_E", 0.0), ("i_offset", 0.0)),
        decays=_G_DECAY,
    ),
    "HH_cond_exp": Model(
        (
            Current("Na", sodium),
            Current("K", potassium),
            Current("leak", leak_hh),
            *CONDUCTANCES,
        ),
        refractory=None,
        decays=_G_DECAY,
    ),
    "GIF_cond_exp": Model(
        (LEAK, *CONDUCTANCES, Current("adaptation", lambda i_eta: i_eta)), decays=_G_DECAY
    ),
    "Izhikevich": Model(
        (
            Current("quadratic", quadratic, linear=False, upstroke=True),
            Current("recovery", lambda u: IZHIKEVICH_CAPACITANCE * u),
        ),
        capacitance=IZHIKEVICH_CAPACITANCE,
        refractory=0.0,
        euler=("Brian2", "NEST"),
        peak=IZHIKEVICH_PEAK,
        jumps=("NEURON", "NEST", "Brian2"),
    ),
}


#: Receptors of a `PointNeuron`: whether a conductance is recorded, and its time constants: of what decays,
#: of an alpha function, or of a beta function (decay, rise).
RECEPTORS: dict[str, tuple[bool, str, tuple[str, ...]]] = {
    "CurrExpPostSynapticResponse": (False, "decays", ("tau_syn",)),
    "CondExpPostSynapticResponse": (True, "decays", ("tau_syn",)),
    "CondAlphaPostSynapticResponse": (True, "rises", ("tau_syn",)),
    "CondBetaPostSynapticResponse": (True, "rises", ("tau_decay", "tau_rise")),
}


def point_neuron(neuron: str, receptors: Mapping[str, str]) -> Model:
    """The currents of a `PointNeuron`: those of its neuron, and one for each receptor.

    Parameters
    ----------
    neuron : str
        A key of `NEURONS`.
    receptors : mapping of str to str
        Name of each receptor, which becomes its label, and a key of `RECEPTORS`.

    Returns
    -------
    Model

    Examples
    --------
    >>> model = point_neuron("LIF", {"AMPA": "CondAlphaPostSynapticResponse"})
    >>> [current.label for current in model.currents], model.variables
    (['leak', 'AMPA'], ('v', 'AMPA.gsyn'))
    """
    known = NEURONS[neuron]
    currents = list(known.currents)
    decays: list[tuple[str, str]] = []
    rises: list[tuple[str, tuple[str, ...]]] = []
    euler = known.euler
    for name, kind in receptors.items():
        has_conductance, course, taus = RECEPTORS[kind]
        variable = f"{name}.{'gsyn' if has_conductance else 'isyn'}"
        currents.append(Current(name, conductance if has_conductance else (lambda isyn: -isyn), name))
        euler = euler if has_conductance else ()
        if course == "decays":
            decays.append((variable, f"{name}.{taus[0]}"))
        else:
            rises.append((variable, tuple(f"{name}.{tau}" for tau in taus)))
    return dataclasses.replace(
        known, currents=tuple(currents), decays=tuple(decays), rises=tuple(rises), euler=euler
    )


def conductance(v: Any, gsyn: Any, e_syn: Any) -> Any:
    """Current through a receptor, gsyn (v - e_syn)."""
    return gsyn * (v - e_syn)


#: Neurons that `PointNeuron` combines with receptors.
NEURONS = {"LIF": Model((LEAK,)), "AdExp": Model(ADAPTIVE, euler=(), peak="v_spike")}
