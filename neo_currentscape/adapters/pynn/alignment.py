"""Bringing recorded variables to the time at which NEURON's implicit step used them.

One finite difference of the voltage then balances all currents of a sample (see
`neo_currentscape.adapters.pynn.backends.derivative`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.pynn.models import Model

#: Variables that NEURON's step uses as they were one step earlier: it solves for the voltage first,
#: and for these with the new voltage.
_LAGGING_ON_NEURON = ("m", "h", "n", "w", "u")

#: Width of the difference with which NEURON linearises a current, in mV.
_NEURON_DELTA_V = 1e-3


def aligned(group: Group, model: Model, name: str, neurons: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Shift a variable that was recorded at every step of NEURON's implicit method.

    The step from t to t + dt is balanced by a sample at t + dt: gates are those of the sample before;
    what decays exponentially does so after it was used, and is brought back by exp(dt/tau); alpha
    functions are recorded as they were used.

    Parameters
    ----------
    group : Group
        The population.
    model : Model
        Its cell type.
    name : str
        The variable.
    neurons : ndarray of int, shape (neuron,)
        Index in the population of each column.
    numbers : ndarray, shape (time, neuron)
        The recorded values.

    Returns
    -------
    ndarray, shape (time, neuron)
    """
    decays = dict(model.decays)
    if name in decays:
        steps = group.description["dt"] / parameter(group.description, decays[name], neurons)
        return numbers * np.exp(steps)
    return _before(numbers) if name in _LAGGING_ON_NEURON else numbers


def _before(numbers: np.ndarray) -> np.ndarray:
    return np.concatenate([numbers[:1], numbers[:-1]])


def linearised(formula: Callable[[np.ndarray], np.ndarray], v: np.ndarray) -> np.ndarray:
    """A current as NEURON's implicit step takes it: linear in the voltage, from that of the step before.

    Parameters
    ----------
    formula : callable
        The current (nA) as a function of the voltage (mV).
    v : ndarray, shape (time, neuron)
        The voltage after each step.

    Returns
    -------
    ndarray, shape (time, neuron)
    """
    before = _before(v)
    current = formula(before)
    slope = (formula(before + _NEURON_DELTA_V) - current) / _NEURON_DELTA_V
    return current + slope * (v - before)
