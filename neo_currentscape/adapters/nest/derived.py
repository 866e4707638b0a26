"""The currents that NEST computes and does not record, from what it does record.

Each is a small object that names the variables and the parameters it needs and computes the
outward positive current. Values have shape (time, node), parameters (node,).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

Values = Mapping[str, np.ndarray]
Formula = Callable[[Values, Values, np.ndarray], np.ndarray]


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
        ``formula(values, parameters, times) -> ndarray``, outward positive, in the unit of the model's
        currents; times in ms.
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
    return channel(name, g, e_rev, {}, v)


def membrane_leak(name: str = "I_L", relative: bool = False) -> Derived:
    """The leak of models that are given by their time constant, (C_m / tau_m) (V - E_L).

    `relative` is for models that record V - E_L under the name of V_m.
    """

    def formula(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
        above_rest = values["V_m"] if relative else values["V_m"] - p["E_L"]
        return (p["C_m"] / p["tau_m"]) * above_rest

    return Derived(name, ("V_m",), ("C_m", "tau_m") if relative else ("C_m", "tau_m", "E_L"), formula)


def channel(name: str, g: str, e_rev: str, gates: Mapping[str, int], v: str = "V_m") -> Derived:
    """A channel, g (product of gates to their powers) (V - E).

    Examples
    --------
    >>> sodium = channel("I_Na", "g_Na", "E_Na", {"Act_m": 3, "Inact_h": 1})
    >>> sodium.needs, sodium.parameters
    (('V_m', 'Act_m', 'Inact_h'), ('g_Na', 'E_Na'))
    >>> values = {"V_m": np.array([[-70.0]]), "Act_m": np.array([[0.5]]), "Inact_h": np.array([[0.8]])}
    >>> sodium.formula(values, {"g_Na": np.array([100.0]), "E_Na": np.array([50.0])}, np.zeros(1))
    array([[-1200.]])
    """
    powers = dict(gates)

    def formula(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
        current = values[v] - p[e_rev]
        current *= p[g]
        for gate, power in powers.items():
            for _ in range(power):  # faster than a power, and there are four factors at most
                current *= values[gate]
        return current

    return Derived(name, (v, *powers), (g, e_rev), formula)


def synapse(name: str, g: str, e_rev: str, v: str = "V_m", index: int | None = None) -> Derived:
    """A synaptic current, g (V - E) with recorded g; E may be one of a list of reversal potentials."""

    def formula(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
        reversal = p[e_rev] if index is None else p[e_rev][..., index]
        current = values[v] - reversal
        current *= values[g]
        return current

    return Derived(name, (v, g), (e_rev,), formula)


def exponential_spike(name: str = "I_spike", recorded_threshold: bool = False) -> Derived:
    """The spike current of the exponential integrate-and-fire models; V_th may be a recorded variable.

    -g_L Delta_T exp((V - V_th) / Delta_T), with V not above V_peak; 0 where Delta_T is 0 (Brette and
    Gerstner 2005, J Neurophysiol 94:3637).
    """

    def formula(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
        width = p["Delta_T"]
        safe = np.where(width > 0, width, 1.0)
        threshold = values["V_th"] if recorded_threshold else p["V_th"]
        exponent = (np.minimum(values["V_m"], p["V_peak"]) - threshold) / safe
        return -p["g_L"] * width * np.exp(np.where(width > 0, exponent, 0.0))

    if recorded_threshold:
        return Derived(name, ("V_m", "V_th"), ("g_L", "Delta_T", "V_peak"), formula)
    return Derived(name, ("V_m",), ("g_L", "Delta_T", "V_th", "V_peak"), formula)


def post_spike_potassium(name: str = "I_spike") -> Derived:
    """The potassium current of ht_neuron that repolarises it for t_ref after each spike.

    (tau_m / tau_spike) (V - E_K), in mV like the other currents of the model (Hill and Tononi 2005,
    J Neurophysiol 93:1671). A spike sets V and theta to E_Na; theta then relaxes to theta_eq with
    tau_theta, which tells the time of a spike between two samples.
    """

    def formula(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
        active = after_spikes(ht_spikes(values, p, times), p["t_ref"], times, values["V_m"].shape)
        return np.where(active, (p["tau_m"] / p["tau_spike"]) * (values["V_m"] - p["E_K"]), 0.0)

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
