"""What a channel or a synapse of Jaxley computes, evaluated again for all times at once.

Jaxley takes a step with currents that it linearises at the voltage where the step begins, by a difference
quotient over `NUDGE`. The same quotient is taken here, in double precision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import require

#: Difference of the voltages (mV) from which Jaxley takes the slope of a current.
NUDGE = 1e-3

#: What else of a compartment Jaxley hands to a channel's current, and to its states.
_OF_CURRENT = ("radius", "length", "axial_resistivity")
_OF_STATES = (*_OF_CURRENT, "capacitance")

#: A maximal conductance, without the name of its channel: gNa, g_K, gbar, gmax_1.
_CONDUCTANCE = re.compile(r"_?g(?=[A-Z_\d]|bar|max|$)_?(?P<name>\w*)")

#: Part of the whole by which the sum of its parts may be off: rounding.
_ROUNDING = 1e-9

Arrays = dict[str, np.ndarray]


def channel_current(
    channel: Any, states: Arrays, voltage: np.ndarray, params: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """The current of a channel and its slope, both (time, node), in mA/cm**2 and mA/cm**2/mV.

    Parameters
    ----------
    channel : jaxley.channels.Channel
    states : dict of str to ndarray, shape (time, node)
        Every one of ``channel.channel_states``.
    voltage : ndarray, shape (time, node)
    params : mapping of str to ndarray, shape (node,)
    """
    given = {name: params[name] for name in (*channel.channel_params, *_OF_CURRENT)}
    return _with_slope(
        lambda nudge: _over_times(channel.compute_current, 2, states, voltage + nudge, given),
        voltage.shape,
    )


def parts(
    channel: Any, states: Arrays, voltage: np.ndarray, params: Mapping[str, np.ndarray]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The current of each conductance of a channel that has several, as of Jaxley's ``HH``.

    Each is what flows where the other maximal conductances are zero. Where they do not add up to the
    whole there are no parts.

    Returns
    -------
    dict of str to (ndarray, ndarray)
        As `channel_current`, by the conductance's name: "HH.Na" of "HH_gNa". Empty where the channel is
        one current.
    """
    found = {
        name: _CONDUCTANCE.fullmatch(name.removeprefix(f"{channel._name}_"))
        for name in channel.channel_params
    }
    conductances = [name for name, match in found.items() if match]
    if len(conductances) < 2:
        return {}
    pieces = {}
    for name in conductances:
        others = {other: 0.0 * params[other] for other in conductances if other != name}
        label = f"{channel._name}.{found[name]['name'] or name}"  # type: ignore[index]
        pieces[label] = channel_current(channel, states, voltage, {**params, **others})
    whole, _ = channel_current(channel, states, voltage, params)
    missed = np.abs(sum(piece for piece, _ in pieces.values()) - whole)
    size = max(np.abs(piece).max() for piece, _ in pieces.values())
    return pieces if len(pieces) == len(conductances) and missed.max() <= _ROUNDING * size else {}


def synapse_current(
    synapse: Any, states: Arrays, before: np.ndarray, after: np.ndarray, params: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """The current of the synapses of a type and its slope, both (time, synapse), in nA and nA/mV.

    Parameters
    ----------
    synapse : jaxley.synapses.Synapse
    states : dict of str to ndarray, shape (time, synapse)
    before, after : ndarray, shape (time, synapse)
        Presynaptic and postsynaptic voltage. Jaxley's slope moves both of them.
    params : mapping of str to ndarray, shape (synapse,)
    """
    given = {name: params[name] for name in synapse.synapse_params}
    return _with_slope(
        lambda nudge: _over_times(synapse.compute_current, 3, states, before + nudge, after + nudge, given),
        after.shape,
    )


def advance(
    channel: Any, states: Arrays, voltage: np.ndarray, params: Mapping[str, np.ndarray], delta_t: float
) -> Arrays:
    """The states of a channel one step later; also ``"v"``, of a channel that moves the voltage itself.

    Parameters
    ----------
    channel : jaxley.channels.Channel
    states : dict of str to ndarray, shape (time, node)
        Its states and all membrane currents; NaN where they were not recorded.
    voltage, params
        As for `channel_current`.
    delta_t : float
        Step in ms.
    """
    given = {name: params[name] for name in (*channel.channel_params, *_OF_STATES)}

    def step(states: Any, voltage: Any, given: Any) -> Any:
        return channel.update_states(states, delta_t, voltage, given)

    found = _over_times(step, 2, states, voltage, given)
    return {name: np.broadcast_to(values, voltage.shape) for name, values in found.items()}


def _with_slope(current: Any, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    here = np.broadcast_to(current(0.0), shape)
    return here, (np.broadcast_to(current(NUDGE), shape) - here) / NUDGE


def _over_times(function: Any, n_timed: int, *arguments: Any) -> Any:
    """Call a function of one time for all times, in double precision; the last argument has no times."""
    jax = require("jax", "jaxley", "Evaluating Jaxley's channels")
    with jax.enable_x64(True):
        arrays = jax.tree.map(jax.numpy.asarray, arguments)
        found = jax.vmap(function, in_axes=(*[0] * n_timed, None))(*arrays)
        # A channel may give one number for all nodes: a column of them, then.
        return jax.tree.map(lambda array: np.asarray(array, dtype=float).reshape(len(array), -1), found)
