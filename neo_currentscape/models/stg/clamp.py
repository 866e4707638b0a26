"""The stomatogastric neuron under voltage clamp, e.g. of its own bursts, with currents blocked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import ArgumentTypeError, require, unknown_name
from neo_currentscape.conventions.units import scalar
from neo_currentscape.models.stg.equations import (
    INITIAL_STATE,
    membrane_currents,
    nernst_slope,
    right_hand_side,
)
from neo_currentscape.models.stg.parameters import CURRENTS, DESCRIPTIONS, Parameters
from neo_currentscape.models.stg.simulation import SITE, model_of

_TOLERANCES = {"rtol": 1e-8, "atol": 1e-8, "mxstep": 1_000_000}


def clamp(
    command: neo.AnalogSignal,
    model: str | Parameters = "A",
    *,
    blocked: Sequence[str] = (),
    settle: pq.Quantity = 2 * pq.s,
) -> neo.Segment:
    """Simulate the stomatogastric neuron under voltage clamp.

    The voltage is what the command says, straight between its samples; gates and calcium follow it. The
    clamp's current is C dV/dt + sum I, which is nothing where the command is the neuron's own voltage.

    Parameters
    ----------
    command : neo.AnalogSignal
        Shape (time, 1), a voltage.
    model : str or Parameters, default "A"
        As for `neo_currentscape.models.stg.simulate`.
    blocked : sequence of str
        Currents whose conductance is taken away.
    settle : Quantity, default 2 s
        Time for which the first value of the command is held before.

    Returns
    -------
    neo.Segment
        The clamp's current "I_clamp" (role membrane) in nA, outward positive, the command, and the
        currents of which it is the sum; ``annotations["clamp"]`` is "voltage".

    Raises
    ------
    UnknownNameError
        When there is no such model or current.
    UnitsError, ArgumentTypeError
        When the command is no voltage.

    Examples
    --------
    >>> held = neo.AnalogSignal(np.full((50, 1), -60.0), units="mV", sampling_period=0.1 * pq.ms)
    >>> segment = clamp(held, blocked=[name for name in CURRENTS if name != "L"])
    >>> current = segment.analogsignals[0]                # -10 mV from the reversal of the leak
    >>> current.name, round(float(current[0, 0]), 1)
    ('I_clamp', -1.8)
    """
    if not isinstance(command, neo.AnalogSignal) or command.shape[1] != 1:
        raise ArgumentTypeError(
            f"command is {type(command).__name__}: give a neo.AnalogSignal of one channel, in mV."
        )
    parameters = model_of(model)
    for name in blocked:
        if name not in CURRENTS:
            raise unknown_name("current in blocked=", name, CURRENTS)
        parameters = parameters.scaled(name, 0)
    dt = float(command.sampling_period.rescale("ms"))
    v = command.magnitude[:, 0] * scalar(1.0 * command.units, "mV", "command")
    states = _follow(parameters, v, dt, scalar(settle, "ms", "settle"))
    return _segment(parameters, states, v, dt)


def _follow(parameters: Parameters, v: np.ndarray, dt: float, settle: float) -> np.ndarray:
    """State at the samples of the command, shape (state variable, time)."""
    integrate: Any = require("scipy.integrate", "demo", "The stomatogastric neuron")
    free = right_hand_side(parameters, 0.0, "natural")
    times = dt * np.arange(len(v))

    def held(t: float, state: Any, potential: float) -> list[float]:
        state = np.array(state)
        state[0] = potential
        return [0.0, *free(t, state)[1:]]

    begin = integrate.odeint(
        held, INITIAL_STATE, [0.0, max(settle, 1e-9)], args=(v[0],), tfirst=True, **_TOLERANCES
    )[-1]
    states = integrate.odeint(
        lambda t, state: held(t, state, np.interp(t, times, v)), begin, times, tfirst=True, **_TOLERANCES
    ).T
    states[0] = v
    return np.ascontiguousarray(states)


def _segment(parameters: Parameters, states: np.ndarray, v: np.ndarray, dt: float) -> neo.Segment:
    conductances = [float(g) for g in parameters.conductances.values()]
    currents = membrane_currents(states, conductances, nernst_slope("natural"), np.log)
    total = float(parameters.capacitance) * np.gradient(v, dt) + np.sum(currents, axis=0)
    writer = Writer(Clock(dt * np.arange(len(v)), dt), site=SITE)
    writer.add("I_clamp", total, "nA", "membrane", "outward", description="current of the clamp")
    writer.add("command", v, "mV", "command", description="command potential")
    for label, current in zip(CURRENTS, currents, strict=True):
        writer.add(label, current, "nA", "current", "outward", description=DESCRIPTIONS[label])
    segment = neo.Segment(name=parameters.name, clamp="voltage")
    writer.into(segment)
    return segment
