"""The samples at which NEST sets the membrane potential, so that no currents explain its change.

Integrate-and-fire models reset V at a spike and hold it while refractory. Marked are the samples whose
difference quotient is wrong for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from neo_currentscape.adapters.nest import derived

Values = Mapping[str, np.ndarray]


def _after_reset(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """V is set to V_reset and held there: every step that ends there."""
    return _into(_unless_at_rest(values["V_m"] == p["V_reset"], values, p, times))


def _after_relative_reset(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """The same for iaf_psc_exp_htum, which records V_m - E_L."""
    held = values["V_m"] == p["V_reset"] - p["E_L"]
    absolute = {"V_m": values["V_m"][:1] + p["E_L"]}
    return _into(_unless_at_rest(held, absolute, {**p, "t_ref": p["t_ref_abs"]}, times))


def _soma_after_reset(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """The same for iaf_cond_alpha_mc, all of whose compartments stand still while the soma is held."""
    return _after_reset({"V_m": values["V_m.s"]}, {**p, "E_L": p["soma.E_L"]}, times)


def _precise(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """Spikes between the grid points: V is also released in the middle of a step."""
    held = _unless_at_rest(values["V_m"] == p["V_reset"], values, p, times)
    return _into(held) | held


def _into(held: np.ndarray) -> np.ndarray:
    out = np.zeros_like(held)
    out[:-1] = held[1:]
    return out


def _unless_at_rest(held: np.ndarray, values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """Leave out what is held since the beginning where it looks like rest, not like refractoriness."""
    longest = np.rint(p["t_ref"] / (times[1] - times[0])).astype(int) + 1
    free = np.where(held.all(axis=0), len(held), np.argmin(held, axis=0))
    rest = (free > longest) | (values["V_m"][0] == p["E_L"])
    return held & ~(rest & (np.arange(len(held))[:, None] < free))


def _from_peak(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """The exponential models: V is reset within a step, and held where t_ref is not 0.

    Where it is 0, V has moved on from V_reset by the end of the step. It fell by more than half of
    V_th - V_reset in a step, which no current does. The upstroke, from V_th + Delta_T on to V_peak, is
    part of the spike: V diverges there, and no sampling follows it.
    """
    v = values["V_m"]
    out = _after_reset(values, p, times)
    out[:-1] |= np.diff(v, axis=0) < -0.5 * np.abs(p["V_th"] - p["V_reset"])
    return out | _upstroke(v > p["V_th"] + p["Delta_T"], out)


def _from_clamp(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """aeif_psc_delta_clopath: a spike is a stretch of t_clamp at V_clamp, from which V is reset."""
    v = values["V_m"]
    held = v == p["V_clamp"]
    out = _into(held) | held
    return out | _upstroke(v > p["V_th_rest"] + p["Delta_T"], out)


def _upstroke(above: np.ndarray, spike: np.ndarray) -> np.ndarray:
    """The samples above a level that lead without a break up to a spike."""
    n = len(above)
    row = np.arange(n)[:, None]
    # The next sample that is not above, and the next spike, seen from each sample.
    next_below = np.minimum.accumulate(np.where(above, n, row)[::-1], axis=0)[::-1]
    next_spike = np.minimum.accumulate(np.where(spike, row, n)[::-1], axis=0)[::-1]
    return above & (next_spike < next_below)


def _held(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """glif: V falls to a value that depends on the neuron's options and stays there while refractory."""
    v = values["V_m"]
    same = np.zeros(v.shape, dtype=bool)
    same[:-1] = v[1:] == v[:-1]
    same = _unless_at_rest(same, values, p, times)
    # I_syn stands still meanwhile, so that the step in which V is let go has the wrong one.
    released = np.zeros_like(same)
    released[1:] = same[:-1]
    return same | _into(same) | released


def _ht(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """ht_neuron: a spike sets V to E_Na, where the recorded currents are those before; or V is clamped."""
    v = values["V_m"]
    spikes, column = derived.ht_spikes(values, p, times)
    out = np.zeros(v.shape, dtype=bool)
    after = np.clip(np.searchsorted(times, spikes - 1e-3 * (times[1] - times[0])), 0, len(times) - 1)
    out[after, column] = True
    out[np.maximum(after - 1, 0), column] = True
    return out | (p["voltage_clamp"] != 0)


#: How spikes show in V, and the parameters that are needed to see it.
RULES: dict[str, tuple[Callable[[Values, Values, np.ndarray], np.ndarray], tuple[str, ...]]] = {
    "reset": (_after_reset, ("V_reset", "t_ref", "E_L")),
    "soma reset": (_soma_after_reset, ("V_reset", "t_ref", "soma.E_L")),
    "relative reset": (_after_relative_reset, ("V_reset", "t_ref_abs", "E_L")),
    "precise": (_precise, ("V_reset", "t_ref", "E_L")),
    "peak": (_from_peak, ("V_reset", "t_ref", "E_L", "V_th", "Delta_T")),
    "clamp": (_from_clamp, ("V_clamp", "V_th_rest", "Delta_T")),
    "held": (_held, ("t_ref", "E_L")),
    "ht": (_ht, ("E_Na", "theta_eq", "tau_theta", "voltage_clamp")),
}


def for_rule(steps: np.ndarray, derivative: str) -> np.ndarray:
    """The samples whose difference quotient contains a marked step.

    Parameters
    ----------
    steps : ndarray of bool, shape (time, node)
        Marks the steps from each sample to the next.
    derivative : {"forward", "backward", "central"}

    Returns
    -------
    ndarray of bool, shape (time, node)
    """
    if derivative == "forward":
        return steps
    before = np.zeros_like(steps)
    before[1:] = steps[:-1]
    return before if derivative == "backward" else steps | before
