"""The samples at which NEST sets the membrane potential, so that no currents explain its change.

Integrate-and-fire models reset V at a spike and hold it while refractory. Marked are the samples whose
difference quotient is wrong for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.nest import derived
from neo_currentscape.adapters.nest.courses import Sampling
from neo_currentscape.recording.sampling import TOLERANCE

Values = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Marks:
    """What NEST does to the voltage in the interval that begins at each sample.

    Attributes
    ----------
    held : ndarray of bool, shape (time, node)
        It is set or held in some part of the interval.
    reset : ndarray of bool, shape (time, node)
        It is set at the end, and no current moved it there.
    spikes : ndarray of bool, shape (time, node), or None
        A spike is at the end; None where that is where V is set.
    """

    held: np.ndarray
    reset: np.ndarray
    spikes: np.ndarray | None = None


def _after_reset(values: Values, p: Values, sampling: Sampling) -> Marks:
    """V is set to V_reset and held there: every step that ends there."""
    held = _unless_at_rest(values["V_m"] == p["V_reset"], values, p, sampling)
    if "V_min" in p:
        # What would fall below V_min is set to it.
        held |= values["V_m"] == p["V_min"]
    return _ending(held, sampling)


def _after_relative_reset(values: Values, p: Values, sampling: Sampling) -> Marks:
    """The same for iaf_psc_exp_htum, which records V_m - E_L."""
    held = values["V_m"] == p["V_reset"] - p["E_L"]
    absolute = {"V_m": values["V_m"][:1] + p["E_L"]}
    return _ending(_unless_at_rest(held, absolute, {**p, "t_ref": p["t_ref_abs"]}, sampling), sampling)


def _soma_after_reset(values: Values, p: Values, sampling: Sampling) -> Marks:
    """The same for iaf_cond_alpha_mc, all of whose compartments stand still while the soma is held."""
    return _after_reset({"V_m": values["V_m.s"]}, {**p, "E_L": p["soma.E_L"]}, sampling)


def _precise(values: Values, p: Values, sampling: Sampling) -> Marks:
    """Spikes between the grid points: V is also released in the middle of a step."""
    marks = _after_reset(values, p, sampling)
    return Marks(marks.held | _out_of(marks.held), marks.reset)


def _ending(held: np.ndarray, sampling: Sampling) -> Marks:
    """The intervals that end in a sample in which V is held.

    Where there are several steps in an interval, V is held in a part of the next one as well.
    """
    into = np.zeros_like(held)
    into[:-1] = held[1:]
    return Marks(into if sampling.number == 1 else into | held, into)


def _out_of(marked: np.ndarray) -> np.ndarray:
    """The intervals that follow marked ones."""
    out = np.zeros_like(marked)
    out[1:] = marked[:-1]
    return out


def _unless_at_rest(held: np.ndarray, values: Values, p: Values, sampling: Sampling) -> np.ndarray:
    """Leave out what is held since the beginning where it looks like rest, not like refractoriness."""
    longest = np.rint(p["t_ref"] / sampling.interval).astype(int) + 1
    free = np.where(held.all(axis=0), len(held), np.argmin(held, axis=0))
    rest = (free > longest) | (values["V_m"][0] == p["E_L"])
    return held & ~(rest & (np.arange(len(held))[:, None] < free))


def _from_peak(values: Values, p: Values, sampling: Sampling) -> Marks:
    """The exponential models: V is reset within a step, and held where t_ref is not 0.

    Where it is 0, V has moved on from V_reset by the end of the step. It fell by more than half of
    V_th - V_reset in a step, which no current does. The upstroke, from V_th + Delta_T on to V_peak, is
    part of the spike: V diverges there, and no sampling follows it.
    """
    v = values["V_m"]
    marks = _after_reset(values, p, sampling)
    change = np.diff(v, axis=0, append=v[-1:])
    fell = change < -0.5 * np.abs(p["V_th"] - p["V_reset"])
    held = marks.held | fell
    return Marks(held | _upstroke(v > p["V_th"] + p["Delta_T"], held), fell | (marks.reset & (change < 0)))


def _from_clamp(values: Values, p: Values, sampling: Sampling) -> Marks:
    """aeif_psc_delta_clopath: a spike is a stretch of t_clamp at V_clamp, from which V is reset."""
    v = values["V_m"]
    held = v == p["V_clamp"]
    into = _ending(held, sampling).reset
    marked = into | held
    return Marks(marked | _upstroke(v > p["V_th_rest"] + p["Delta_T"], marked), into & ~held)


def _upstroke(above: np.ndarray, spike: np.ndarray) -> np.ndarray:
    """The samples above a level that lead without a break up to a spike."""
    n = len(above)
    row = np.arange(n)[:, None]
    # The next sample that is not above, and the next spike, seen from each sample.
    next_below = np.minimum.accumulate(np.where(above, n, row)[::-1], axis=0)[::-1]
    next_spike = np.minimum.accumulate(np.where(spike, row, n)[::-1], axis=0)[::-1]
    return above & (next_spike < next_below)


def _stands(values: Values, p: Values, sampling: Sampling) -> Marks:
    """glif: V falls to a value that depends on the neuron's options and stays there while refractory."""
    v = values["V_m"]
    same = np.zeros(v.shape, dtype=bool)
    same[:-1] = v[1:] == v[:-1]
    same = _unless_at_rest(same, values, p, sampling)
    into = _ending(same, sampling).reset
    held = same | into
    return Marks(held if sampling.number == 1 else held | _out_of(held), into)


def _falls(values: Values, p: Values, sampling: Sampling) -> Marks:
    """Models whose V falls at a spike by V_th - E_L, or to c, and moves on at once."""
    v = values["V_m"]
    height = p["V_th"] - (p["E_L"] if "E_L" in p else p["c"])
    fell = np.diff(v, axis=0, append=v[-1:]) < -0.5 * np.abs(height)
    if "V_min" in p:
        fell |= _ending(v == p["V_min"], sampling).reset
    return Marks(fell, fell)


def _to_zero(values: Values, p: Values, sampling: Sampling) -> Marks:
    """pp_psc_delta: V is set to 0 at a spike, if it is reset, and moves on at once."""
    zero = values["V_m"] == 0.0
    into = _ending(zero, sampling).reset & ~zero & (p["with_reset"] != 0)
    return Marks(into, into)


def _crosses(values: Values, p: Values, sampling: Sampling) -> Marks:
    """iaf_chxk_2008: V is never set; a spike is where it passes V_th."""
    v = values["V_m"]
    nothing = np.zeros(v.shape, dtype=bool)
    return Marks(nothing, nothing, (v < p["V_th"]) & (steps.following(v) >= p["V_th"]))


def _ht(values: Values, p: Values, sampling: Sampling) -> Marks:
    """ht_neuron: a spike sets V to E_Na; or V is clamped."""
    v, times = values["V_m"], values["times"][:, 0]
    spikes, column = derived.ht_spikes(values, p, times)
    into = np.zeros(v.shape, dtype=bool)
    at = np.clip(np.searchsorted(times, spikes - TOLERANCE * sampling.interval), 0, len(times) - 1)
    into[at[at > 0] - 1, column[at > 0]] = True
    held = into if sampling.number == 1 else into | _out_of(into)
    return Marks(held | (p["voltage_clamp"] != 0), into)


def _as_written(values: Values, p: Values, sampling: Sampling) -> Marks:
    """A model of NESTML: V is set to a value at a spike, and may stand still afterwards."""
    v, value, held_for, rest = values["V_m"], *(p[name] for name in WRITTEN)
    still = np.zeros(v.shape, dtype=bool)
    still[1:] = v[1:] == v[:-1]
    still[0] = still[1]
    known = {"t_ref": held_for, "E_L": rest}
    held = _unless_at_rest((v == value) | still, values, known, sampling)
    return _ending(held, sampling)


#: What a model of NESTML sets V to, for how long, and where V begins.
WRITTEN = ("value that V is set to", "time that V is held", "V at the beginning")

Find = Callable[[Values, Values, Sampling], Marks]

#: How spikes show in V, and the parameters that are needed to see it; those that help where they are known.
RULES: dict[str, tuple[Find, tuple[str, ...], tuple[str, ...]]] = {
    "reset": (_after_reset, ("V_reset", "t_ref", "E_L"), ("V_min",)),
    "soma reset": (_soma_after_reset, ("V_reset", "t_ref", "soma.E_L"), ()),
    "relative reset": (_after_relative_reset, ("V_reset", "t_ref_abs", "E_L"), ()),
    "precise": (_precise, ("V_reset", "t_ref", "E_L"), ("V_min",)),
    "peak": (_from_peak, ("V_reset", "t_ref", "E_L", "V_th", "Delta_T"), ()),
    "clamp": (_from_clamp, ("V_clamp", "V_th_rest", "Delta_T"), ()),
    "stands": (_stands, ("t_ref", "E_L"), ()),
    "falls": (_falls, ("V_th",), ("E_L", "c", "V_min")),
    "crosses": (_crosses, ("V_th",), ()),
    "zero": (_to_zero, ("with_reset",), ()),
    "as written": (_as_written, WRITTEN, ()),
    "ht": (_ht, ("E_Na", "theta_eq", "tau_theta", "voltage_clamp"), ()),
}
