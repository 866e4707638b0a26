r"""The exponential Euler method: currents as they flowed on average in each step.

Brian2's ``exponential_euler`` holds all other variables for a step, in which dv/dt = A v + B, and solves
that exactly: the voltage moves along an exponential, and a current with the slope s = dI/dv is on average

.. math:: \bar I = I_k + s_k (\bar v - v_k), \qquad
          \bar v - v_k = \dot v_k \, dt \, \frac{\phi(A dt) - 1}{A dt}, \qquad \phi(x) = \frac{e^x - 1}{x}

with dv/dt, A and the slopes at the start of the step. These currents charge the membrane from v[k] to
v[k+1] to the rounding of the arithmetic, whatever the step, and nothing of v[k+1] is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.brian2.equations import Charging

#: Distance to a reversal potential (V) below which I / (v - E) is lost in rounding.
_CLOSE = 1e-9


def step_means(
    charging: Charging,
    names: Sequence[str],
    recorded: Callable[[str], np.ndarray | None],
    dt: float,
    index: np.ndarray,
) -> dict[str, np.ndarray] | None:
    """Currents as they flowed on average in each step, in SI units.

    Parameters
    ----------
    charging : Charging
        The equations.
    names : sequence of str
        Recorded currents that charge the membrane and are no sums of others.
    recorded : callable
        Gives what was recorded under a name, shape (neuron, time) in SI units, or None.
    dt : float
        Step in seconds.
    index : ndarray of int, shape (neuron,)
        The recorded neurons in their group.

    Returns
    -------
    dict of str to ndarray, shape (neuron, time), or None
        None where a slope or a weight is not known, or the equation has terms that were not recorded.
    """
    if not names or not charging.is_sum_of(names) or recorded(str(charging.voltage)) is None:
        return None
    found = {name: _slope(charging, name, recorded, index) for name in names}
    weights = {name: charging.weight(name) for name in names}
    if any(value is None for value in (*found.values(), *weights.values())):
        return None
    columns = {name: charging.column(weight, index) for name, weight in weights.items()}
    currents = {name: recorded(name) for name in names}
    change = sum(columns[name] * currents[name] for name in names)
    decay = sum(columns[name] * found[name] for name in names) * dt
    shift = change * dt * _mean_of_path(np.broadcast_to(decay, np.shape(change)))
    return {name: currents[name] + found[name] * shift for name in names}


def _mean_of_path(x: np.ndarray) -> np.ndarray:
    """``(phi(x) - 1) / x`` with ``phi(x) = (exp(x) - 1) / x``; 1/2 at 0."""
    small = np.abs(x) < 1e-3
    safe = np.where(small, 1.0, x)
    series = 0.5 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x / 720)))
    return np.where(small, series, (np.expm1(safe) - safe) / safe**2)


def _slope(
    charging: Charging, name: str, recorded: Callable[[str], np.ndarray | None], index: np.ndarray
) -> np.ndarray | float | None:
    """dI/dv: from its own expression where all in it is known, else from the reversal potential."""
    parts = charging.linear_in_voltage(name)
    if parts is None:
        return None
    slope, offset = parts
    if slope == 0:
        return 0.0
    value = charging.evaluate(slope, recorded, index)
    if value is not None:
        return value
    reversal = charging.evaluate((-offset / slope).simplify(), recorded, index)
    if reversal is None:
        return None
    current, voltage = recorded(name), recorded(str(charging.voltage))
    return _from_reversal(np.asarray(current), np.asarray(voltage) - reversal)


def _from_reversal(current: np.ndarray, force: np.ndarray) -> np.ndarray:
    known = np.abs(force) > _CLOSE
    slope = np.divide(current, force, out=np.zeros_like(force), where=known)
    for row, good in zip(slope, known, strict=True):
        if good.any() and not good.all():
            row[~good] = np.interp(np.flatnonzero(~good), np.flatnonzero(good), row[good])
    return slope


def is_used_by(group: Any) -> bool:
    """Whether a group is integrated with the exponential Euler method."""
    method = getattr(group.state_updater, "method_choice", None)
    method = method[0] if isinstance(method, (list, tuple)) else method
    return str(method) == "exponential_euler"
