"""The currents that NEST computes and does not record, from what it does record.

Each is a small object that names the variables and the parameters it needs and computes the
outward positive current, as its mean over the step that begins at each sample. Values have shape
(time, node), parameters (node,).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.nest.courses import Means, Values

Formula = Callable[[Means, Values], np.ndarray]


@dataclass(frozen=True)
class Derived:
    """A current that is computed from recorded variables.

    Attributes
    ----------
    name : str
        Name of its signal.
    needs : tuple of str
        Recorded variables, without which it cannot be computed.
    parameters : tuple of str
        Parameters of the neuron; a dot goes into a dictionary, as in ``"soma.g_L"``.
    formula : callable
        ``formula(means, parameters) -> ndarray``, outward positive, in the unit of the model's currents.
    optional : tuple of str
        Variables that are used where they were recorded.
    site : str or None
        Compartment of the current.
    role : str
        "current", or "axial" for what flows in from another compartment.
    """

    name: str
    needs: tuple[str, ...]
    parameters: tuple[str, ...]
    formula: Formula = field(repr=False, compare=False)
    optional: tuple[str, ...] = ()
    site: str | None = None
    role: str = "current"


def leak(name: str = "I_L", g: str = "g_L", e_rev: str = "E_L", v: str = "V_m") -> Derived:
    """A leak, g (V - E)."""

    def formula(means: Means, p: Values) -> np.ndarray:
        return p[g] * (means.of(v) - p[e_rev])

    return Derived(name, (v,), (g, e_rev), formula)


def membrane_leak(name: str = "I_L", relative: bool = False) -> Derived:
    """The leak of models that are given by their time constant, (C_m / tau_m) (V - E_L).

    `relative` is for models that record V - E_L under the name of V_m.
    """

    def formula(means: Means, p: Values) -> np.ndarray:
        v = means.of("V_m")
        return (p["C_m"] / p["tau_m"]) * (v if relative else v - p["E_L"])

    return Derived(name, ("V_m",), ("C_m", "tau_m") if relative else ("C_m", "tau_m", "E_L"), formula)


def channel(name: str, g: str, e_rev: str, gates: Mapping[str, int], v: str = "V_m") -> Derived:
    """A channel, g (product of gates to their powers) (V - E).

    The mean is that of the product: on an upstroke the product of the means is 10 % larger.

    Examples
    --------
    >>> sodium = channel("I_Na", "g_Na", "E_Na", {"Act_m": 3, "Inact_h": 1})
    >>> sodium.needs, sodium.parameters
    (('V_m', 'Act_m', 'Inact_h'), ('g_Na', 'E_Na'))
    >>> values = {"V_m": np.array([[-70.0]]), "Act_m": np.array([[0.5]]), "Inact_h": np.array([[0.8]])}
    >>> means = Means(values, {}, np.zeros(1), 0.1)
    >>> sodium.formula(means, {"g_Na": np.array([100.0]), "E_Na": np.array([50.0])})
    array([[-1200.]])
    """
    powers = dict(gates)

    def formula(means: Means, p: Values) -> np.ndarray:
        current = means.values[v] - p[e_rev]
        current *= p[g]
        for gate, power in powers.items():
            for _ in range(power):  # faster than a power, and there are four factors at most
                current *= means.values[gate]
        return means.mean(current)

    return Derived(name, (v, *powers), (g, e_rev), formula)


def synapse(name: str, g: str, e_rev: str, v: str = "V_m", index: int | None = None) -> Derived:
    """A synaptic current, g (V - E) with recorded g; E may be one of a list of reversal potentials."""

    def formula(means: Means, p: Values) -> np.ndarray:
        return means.driven(g, v, p[e_rev] if index is None else p[e_rev][..., index])

    return Derived(name, (v, g), (e_rev,), formula)


def exponential_spike(name: str = "I_spike", recorded_threshold: bool = False) -> Derived:
    """The spike current of the exponential integrate-and-fire models; V_th may be a recorded variable.

    -g_L Delta_T exp((V - V_th) / Delta_T), with V not above V_peak; 0 where Delta_T is 0 (Brette and
    Gerstner 2005, J Neurophysiol 94:3637). In the step in which V reaches V_peak it is what lifts V
    there, C (V_peak - V): samples of the diverging upstroke say nothing of its charge.
    """

    def formula(means: Means, p: Values) -> np.ndarray:
        width, v = p["Delta_T"], means.values["V_m"]
        safe = np.where(width > 0, width, 1.0)
        threshold = means.values["V_th"] if recorded_threshold else p["V_th"]
        exponent = (np.minimum(v, p["V_peak"]) - threshold) / safe
        current = p["g_L"] * width * steps.of_exponential(np.where(width > 0, exponent, 0.0))
        if means.reset is not None:
            rise = p["C_m"] * np.maximum(p["V_peak"] - v, 0.0) / means.interval
            current = np.where(means.reset, np.where(width > 0, rise, 0.0), current)
        if "V_clamp" in p:
            current = np.where(v == p["V_clamp"], 0.0, current)
        return -current

    if recorded_threshold:
        needed = ("g_L", "Delta_T", "V_peak", "C_m", "V_clamp")
        return Derived(name, ("V_m", "V_th"), needed, formula)
    return Derived(name, ("V_m",), ("g_L", "Delta_T", "V_th", "V_peak", "C_m"), formula)


def quadratic(name: str = "I_quadratic") -> Derived:
    """Leak and spike current in one, -C (0.04 V^2 + 5 V + 140) with C = 1 pF (Izhikevich 2003).

    NEST takes Euler steps, so that a sample holds what flows over the step; in the one in which V
    passes V_th it is what lifts V there.
    """

    def formula(means: Means, p: Values) -> np.ndarray:
        v = means.values["V_m"]
        current = (0.04 * v + 5.0) * v + 140.0
        if means.reset is not None:
            current = np.where(means.reset, np.maximum(p["V_th"] - v, 0.0) / means.interval, current)
        return -current

    return Derived(name, ("V_m",), ("V_th",), formula)


def recovery(name: str = "I_recovery") -> Derived:
    """The recovery current, C u with C = 1 pF (Izhikevich 2003)."""

    def formula(means: Means, p: Values) -> np.ndarray:
        return means.values["U_m"]

    return Derived(name, ("U_m",), (), formula)


def post_spike_potassium(name: str = "I_spike") -> Derived:
    """The potassium current of ht_neuron that repolarises it for t_ref after each spike.

    (tau_m / tau_spike) (V - E_K), in mV like the other currents of the model (Hill and Tononi 2005,
    J Neurophysiol 93:1671). A spike sets V and theta to E_Na; theta then relaxes to theta_eq with
    tau_theta, which tells the time of a spike between two samples.
    """

    def formula(means: Means, p: Values) -> np.ndarray:
        values, v = means.values, means.of("V_m")
        active = after_spikes(ht_spikes(values, p, means.times), p["t_ref"], means.times, v.shape)
        return np.where(active, (p["tau_m"] / p["tau_spike"]) * (v - p["E_K"]), 0.0)

    needed = ("tau_m", "tau_spike", "E_K", "E_Na", "t_ref", "theta_eq", "tau_theta")
    return Derived(name, ("V_m",), needed, formula, optional=("theta",))


def ht_spikes(values: Values, p: Values, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times (ms) and columns of the spikes of ht_neuron."""
    if "theta" not in values:
        row, column = np.nonzero(values["V_m"] == p["E_Na"])
        return times[row], column
    theta = values["theta"]
    # Between spikes theta only falls towards theta_eq; a rise while above it is a spike.
    rises = (theta[1:] > theta[:-1] + 1e-9) & (theta[1:] > p["theta_eq"] + 1e-9)
    # A sample at E_Na is the spike itself, also as the first one.
    rises = np.concatenate([(theta[:1] == p["E_Na"]) & (values["V_m"][:1] == p["E_Na"]), rises])
    row, column = np.nonzero(rises)
    start, rest, tau = p["E_Na"][column], p["theta_eq"][column], p["tau_theta"][column]
    since = tau * np.log((start - rest) / (theta[row, column] - rest))
    return times[row] - since, column


def after_spikes(
    spikes: tuple[np.ndarray, np.ndarray], duration: np.ndarray, times: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    """Whether each sample is at most `duration` (per node) after a spike; bool, (time, node)."""
    spike_times, column = spikes
    # Half of a thousandth of a sampling interval is far above round-off and far below a step.
    slack = 5e-4 * (times[1] - times[0]) if len(times) > 1 else 0.0
    edges = np.zeros((shape[0] + 1, shape[1]), dtype=np.int32)
    np.add.at(edges, (np.searchsorted(times, spike_times - slack), column), 1)
    np.add.at(edges, (np.searchsorted(times, spike_times + duration[column] - slack), column), -1)
    return np.cumsum(edges[:-1], axis=0) > 0
