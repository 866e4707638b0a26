"""The samples at which NEST sets the membrane potential, so that no currents explain its change.

Integrate-and-fire models reset V at a spike and hold it while refractory. Those samples are marked by
an Epoch "clamped". An epoch reaches from half a sampling interval before the first sample whose
difference quotient is wrong to half an interval after the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.nest import derived

Values = Mapping[str, np.ndarray]


def _after_reset(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """V is set to V_reset and held there: every step that ends there."""
    return _steps_into(_runs(values["V_m"], values["V_m"] == p["V_reset"], p, times))


def _steps_into(held: np.ndarray) -> np.ndarray:
    out = np.zeros_like(held)
    out[:-1] = held[1:]
    return out


def _runs(v: np.ndarray, held: np.ndarray, p: Values, times: np.ndarray) -> np.ndarray:
    """Leave out what is held since the beginning for longer than t_ref: a neuron at rest at V_reset."""
    longest = np.rint(p["t_ref"] / (times[1] - times[0])).astype(int) + 1
    first_free = np.argmin(held, axis=0)
    first_free[held.all(axis=0)] = len(held)
    at_rest = first_free > longest
    return held & ~(at_rest & (np.arange(len(held))[:, None] < first_free))


def _from_peak(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """The exponential models: V is reset within a step, and held where t_ref is not 0.

    Where it is 0, V has moved on from V_reset by the end of the step. It fell by more than half of
    V_th - V_reset in a step, which no current does. The upstroke, from V_th on to V_peak, is the spike too.
    """
    v = values["V_m"]
    out = _after_reset(values, p, times)
    out[:-1] |= np.diff(v, axis=0) < -0.5 * np.abs(p["V_th"] - p["V_reset"])
    return out | _upstroke(v > p["V_th"] + p["Delta_T"], out)


def _upstroke(above: np.ndarray, reset: np.ndarray) -> np.ndarray:
    """The samples above a level that lead without a break up to a reset."""
    n = len(above)
    row = np.arange(n)[:, None]
    # The next sample that is not above, and the next reset, seen from each sample.
    next_below = np.minimum.accumulate(np.where(above, n, row)[::-1], axis=0)[::-1]
    next_reset = np.minimum.accumulate(np.where(reset, row, n)[::-1], axis=0)[::-1]
    return above & (next_reset < next_below)


def _held(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """glif: V stays where it crossed the threshold while refractory, and is reset at the end of that."""
    v = values["V_m"]
    same = np.zeros(v.shape, dtype=bool)
    same[:-1] = v[1:] == v[:-1]
    held = _runs(v, same, p, times)
    out = held.copy()
    out[1:] |= held[:-1]
    return out


def _ht(values: Values, p: Values, times: np.ndarray) -> np.ndarray:
    """ht_neuron: V jumps to E_Na at a spike, where the recorded currents are those before it; or a clamp."""
    v = values["V_m"]
    spikes, column = derived.ht_spikes(values, p, times)
    out = np.zeros(v.shape, dtype=bool)
    after = np.clip(np.searchsorted(times, spikes - 1e-3 * (times[1] - times[0])), 0, len(times) - 1)
    out[after, column] = True
    out[np.maximum(after - 1, 0), column] = True
    return out | (p["voltage_clamp"] != 0)


#: How spikes show in V, and the parameters that are needed to see it.
RULES: dict[str, tuple[Callable[[Values, Values, np.ndarray], np.ndarray], tuple[str, ...]]] = {
    "reset": (_after_reset, ("V_reset", "t_ref")),
    "peak": (_from_peak, ("V_reset", "t_ref", "V_th", "Delta_T")),
    "held": (_held, ("t_ref",)),
    "ht": (_ht, ("E_Na", "theta_eq", "tau_theta", "voltage_clamp")),
}


def epochs(marked: np.ndarray, nodes: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, ...]:
    """Turn marked samples into stretches of time.

    Parameters
    ----------
    marked : ndarray of bool, shape (time, node)
    nodes : ndarray of int, shape (node,)
    times : ndarray of float, shape (time,)
        In ms.

    Returns
    -------
    starts, durations : ndarray of float, shape (epoch,)
        In ms.
    nodes : ndarray of int, shape (epoch,)

    Examples
    --------
    >>> marked = np.array([[False], [True], [True], [False]])
    >>> starts, durations, nodes = epochs(marked, np.array([7]), np.array([1.0, 2.0, 3.0, 4.0]))
    >>> starts, durations, nodes
    (array([1.5]), array([2.]), array([7]))
    """
    padded = np.zeros((len(marked) + 2, marked.shape[1]), dtype=np.int8)
    padded[1:-1] = marked
    edges = np.diff(padded, axis=0).T  # node first: starts and stops then pair up in order
    column, first = np.nonzero(edges == 1)
    _, stop = np.nonzero(edges == -1)
    half = 0.5 * (times[1] - times[0])
    starts = times[first] - half
    return starts, times[stop - 1] + half - starts, nodes[column]


def to_epoch(found: list[tuple[np.ndarray, ...]]) -> Any:
    """Make one Epoch of the stretches of all models.

    Returns
    -------
    neo.Epoch
        Named "clamped", sorted by time, with the node ids in ``array_annotations["channel_index"]``.
    """
    starts, durations, nodes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((nodes, starts))
    return neo.Epoch(
        times=starts[order] * pq.ms,
        durations=durations[order] * pq.ms,
        labels=np.full(len(order), "clamped"),
        name="clamped",
        array_annotations={"channel_index": nodes[order]},
        description="NEST sets the membrane potential here: leave these samples out of the balance.",
    )
