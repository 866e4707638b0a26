"""How the variables of a model run between two samples, from its equations and kernels.

NEST adds the spikes of a step at its end, so that from a sample on a synapse decays freely: with one time
constant, or as a sum of two exponentials whose slope jumps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest.courses import Rule
from neo_currentscape.adapters.nest.nestml.equations import Equations
from neo_currentscape.adapters.nest.nestml.evaluate import Untold, recordable

#: Two values that differ by less are equal.
_SAME = 1e-6


def course(equations: Equations, name: str, known: Mapping[str, Any]) -> tuple[Rule, dict[str, np.ndarray]]:
    """How a variable runs, and its time constants as parameters of names of their own.

    Parameters
    ----------
    equations : Equations
    name : str
        NEST's name of a state or of a convolution.
    known : mapping
        Parameters and internals.
    """
    try:
        taus = time_constants(equations, name, known)
    except (Untold, KeyError, ZeroDivisionError):
        taus = ()
    own = [made for made in equations.assignments if made.variable == name]
    at_spikes = any(not made.port for made in own)
    names = tuple(f"tau {at} of {name}" for at in range(len(taus)))
    values = dict(zip(names, taus, strict=True))
    if len(taus) == 2:
        return Rule("two", names), values
    if len(taus) == 1 and not at_spikes:
        return Rule("decaying", names), values
    if len(taus) == 1:
        return Rule("decaying from spikes", names), values
    return Rule("jumps at spikes" if at_spikes else "straight"), {}


def time_constants(equations: Equations, name: str, known: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """One or two time constants in ms, the longer first; none where it does not decay by itself."""
    kernel, cross, _ = name.partition("__X__")
    with np.errstate(all="ignore"):
        if cross:
            return _of_kernel(equations, kernel, known)
        if f"{name}__d" in equations.rates:
            return _of_second_order(equations, name, known)
        if name in equations.rates:
            return _of_first_order(equations, equations.rates[name], name, known)
    return ()


def _rate(equations: Equations, node: Any, known: Mapping[str, Any], **states: float) -> np.ndarray:
    return np.asarray(equations.evaluation({**known, **states}).of(node), dtype=float)


def _of_first_order(
    equations: Equations, node: Any, name: str, known: Mapping[str, Any]
) -> tuple[np.ndarray, ...]:
    if equations.variables(node) != {name}:
        return ()
    zero, one, two = (_rate(equations, node, known, **{name: x}) for x in (0.0, 1.0, 2.0))
    if np.any(np.abs(two - 2 * one) > _SAME * np.abs(one)) or np.any(zero != 0) or np.any(one >= 0):
        return ()
    return (-1 / one,)


def _of_second_order(equations: Equations, name: str, known: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    node, slope = equations.rates[f"{name}__d"], f"{name}__d"
    if not equations.variables(node) <= {name, slope}:
        return ()
    spring = -_rate(equations, node, known, **{name: 1.0, slope: 0.0})
    damping = -_rate(equations, node, known, **{name: 0.0, slope: 1.0})
    return _of_roots(damping, spring)


def _of_roots(damping: np.ndarray, spring: np.ndarray) -> tuple[np.ndarray, ...]:
    """The time constants of x'' + damping x' + spring x = 0."""
    apart = np.sqrt(np.maximum(damping**2 - 4 * spring, 0.0))
    slow, fast = (damping - apart) / 2, (damping + apart) / 2
    return (1 / slow, 1 / fast) if np.all(slow > 0) else ()


def _of_kernel(equations: Equations, kernel: str, known: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    by_name = {recordable(key.rstrip("'")): key for key in equations.kernels}
    key = by_name.get(kernel)
    if key is None:
        return ()
    if key.endswith("'"):
        return _of_system(equations, kernel, known)
    return _of_function(equations, equations.kernels[key], known)


def _of_system(equations: Equations, kernel: str, known: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """The time constants of a kernel that is given by two equations of first order."""
    nodes = {recordable(k.rstrip("'")): node for k, node in equations.kernels.items() if k.endswith("'")}
    other = [name for name in equations.names(nodes[kernel]) if name in nodes and name != kernel]
    if len(other) > 1:
        return ()
    if not other:
        return _of_first_order(equations, nodes[kernel], kernel, known)
    first, second = nodes[kernel], nodes[other[0]]
    at = [{kernel: 1.0, other[0]: 0.0}, {kernel: 0.0, other[0]: 1.0}]
    a, b = (_rate(equations, first, known, **x) for x in at)
    c, d = (_rate(equations, second, known, **x) for x in at)
    return _of_roots(-(a + d), a * d - b * c)


def _of_function(equations: Equations, node: Any, known: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """The time constants of a kernel that is a function of t, from its values (Prony's method)."""
    times = [known[n] for n in equations.names(node) if n in known and equations.units.get(n) == "ms"]
    if not times:
        return ()
    step = np.min([np.broadcast_to(t, np.broadcast(*times).shape) for t in times], axis=0)
    k = [_rate(equations, node, known, t=at * step) for at in range(6)]
    if np.all(k[0] > 0) and np.all(np.abs(k[1] * k[1] - k[0] * k[2]) < _SAME * k[1] * k[1]):
        return (step / np.log(k[0] / k[1]),)
    # k[n + 2] = p k[n + 1] - q k[n], whose roots are exp(-step / tau).
    area = k[1] * k[1] - k[0] * k[2]
    p, q = (k[1] * k[2] - k[0] * k[3]) / area, (k[2] * k[2] - k[1] * k[3]) / area
    if not np.all(np.abs(p * k[4] - q * k[3] - k[5]) < _SAME * np.abs(k[1])):
        return ()
    apart = np.sqrt(np.maximum(p * p - 4 * q, 0.0))
    apart = np.where(apart < 1e-4 * p, 0.0, apart)
    roots = (p + apart) / 2, (p - apart) / 2
    return tuple(-step / np.log(root) for root in roots) if np.all(roots[1] > 0) else ()


def is_delta(equations: Equations, name: str) -> bool:
    """Whether a convolution is with a delta function, which makes the voltage jump."""
    kernel, cross, _ = name.partition("__X__")
    nodes = [node for key, node in equations.kernels.items() if recordable(key.rstrip("'")) == kernel]
    return bool(cross) and any("delta()" in equations.names(node) for node in nodes)
