"""Currents that PyNN's current sources inject: which they were, and their course in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.pynn.backends import state_of
from neo_currentscape.conventions.errors import SignalError

Source = dict[str, Any]

#: Sources whose course follows from their parameters.
_WAVEFORMS = ("DCSource", "StepCurrentSource", "ACSource")


def describe(root: Any) -> list[Source]:
    """Describe every current source that injects into a population, as it is now.

    Parameters
    ----------
    root : pyNN Population
        The whole population.

    Returns
    -------
    list of dict
        Kind, neurons (indices in the population), and times (ms) and amplitudes (nA) or parameters.
    """
    simulator = root._simulator.name
    out = []
    for source in getattr(state_of(root), "current_sources", []):
        neurons = _neurons(source, root, simulator)
        if neurons:
            out.append({"kind": _kind(source), "neurons": neurons, **_course(source, simulator)})
    return out


def _kind(source: Any) -> str:
    names = [cls.__name__ for cls in type(source).__mro__]
    known = (*_WAVEFORMS, "NoisyCurrentSource")
    return next((name for name in names if name in known), names[0])


def _neurons(source: Any, root: Any, simulator: str) -> list[int]:
    if simulator == "NEST":
        # PyNN keeps only the cells of the last injection; NEST knows all.
        import nest

        ids = np.asarray(nest.GetConnections(source=source._device).get("target", output="") or [])
    else:
        ids = np.array([int(cell) for cell in source.cell_list])
    first, last = int(root.first_id), int(root.last_id)
    ids = np.atleast_1d(ids).astype(int)
    return [int(i) - first for i in ids if first <= i <= last]


def _course(source: Any, simulator: str) -> Source:
    kind = _kind(source)
    if simulator == "NEST":
        return _course_in_nest(source, kind)
    if kind == "NoisyCurrentSource":
        if hasattr(type(source), "_generate"):
            return {"times": _floats(source.times), "amplitudes": _floats(source.amplitudes)}
        return {}
    if kind in _WAVEFORMS:
        return _from_parameters(source, kind)
    return {}


def _from_parameters(source: Any, kind: str) -> Source:
    known = {name: _plain(value) for name, value in source.get_parameters().items()}
    if kind == "StepCurrentSource":
        return {"times": known["times"], "amplitudes": known["amplitudes"]}
    return {"parameters": known}


def _course_in_nest(source: Any, kind: str) -> Source:
    # The device itself says what it does: PyNN moves times by the delay of its connection, and
    # by the time of the last reset, and not always back again.
    import nest

    status = nest.GetStatus(source._device)[0]
    delay = float(np.atleast_1d(nest.GetConnections(source=source._device).get("delay"))[0])
    shift = delay - state_time_offset(source)
    if kind == "StepCurrentSource":
        return {
            "times": [float(t) + shift for t in status["amplitude_times"]],
            "amplitudes": [float(a) * 1e-3 for a in status["amplitude_values"]],
        }
    if kind not in _WAVEFORMS:
        return {}
    known = {"start": status["start"] + shift, "stop": status["stop"] + shift}
    known["amplitude"] = status["amplitude"] * 1e-3
    if kind == "ACSource":
        # NEST counts the phase from time 0 of its kernel.
        phase = status["phase"] + 360e-3 * status["frequency"] * status["start"]
        known |= {"frequency": status["frequency"], "offset": status["offset"] * 1e-3, "phase": phase}
    return {"parameters": {name: float(value) for name, value in known.items()}}


def state_time_offset(source: Any) -> float:
    """Time of NEST's kernel at which PyNN's time 0 lies."""
    from pyNN.nest import simulator

    return float(simulator.state._time_offset)


def _plain(value: Any) -> Any:
    if value.shape is None:
        value.shape = (1,)
    value = value.evaluate(simplify=True)
    value = getattr(value, "value", value)
    return _floats(value) if np.ndim(value) else float(value)


def _floats(values: Any) -> list[float]:
    return [float(value) for value in np.asarray(values).ravel()]


def merge(first: Sequence[Source], second: Sequence[Source]) -> list[Source]:
    """Put together the sources that two ranks know of: each knows the neurons it simulates."""
    out = [dict(source) for source in first]
    for source in second:
        same = next((s for s in out if _course_of(s) == _course_of(source)), None)
        if same is None:
            out.append(dict(source))
        else:
            same["neurons"] = sorted({*same["neurons"], *source["neurons"]})
    return out


def _course_of(source: Source) -> Source:
    return {key: value for key, value in source.items() if key != "neurons"}


def amplitude(source: Mapping[str, Any], steps: np.ndarray, dt: float) -> np.ndarray:
    """The current that a source injects during simulation steps.

    Parameters
    ----------
    source : dict
        Made by `describe`.
    steps : ndarray, shape (time,)
        Times at which the steps begin, in ms.
    dt : float
        Length of a step, in ms.

    Returns
    -------
    ndarray of float64, shape (time,)
        In nA, inward positive.

    Raises
    ------
    SignalError
        When the source drew its current inside the simulator.

    Examples
    --------
    >>> pulse = {"kind": "DCSource", "parameters": {"amplitude": 0.5, "start": 0.1, "stop": 0.3}}
    >>> amplitude(pulse, np.array([0.0, 0.1, 0.2, 0.3]), 0.1)
    array([0. , 0.5, 0.5, 0. ])
    """
    # Times of sources are multiples of the step: comparing at its middle leaves no rounding ties.
    middle = steps + dt / 2
    if "times" in source:
        held = np.concatenate([[0.0], source["amplitudes"]])
        return held[np.searchsorted(np.asarray(source["times"]), middle, side="right")]
    if "parameters" not in source:
        raise SignalError(
            f"A {source['kind']} drew its current inside the simulator, where PyNN does not keep it: pass "
            "the injected current with electrodes=neo.AnalogSignal(...)."
        )
    p = source["parameters"]
    on = (p["start"] <= middle) & (middle < p["stop"])
    if source["kind"] == "DCSource":
        return np.where(on, p["amplitude"], 0.0)
    angle = 2 * np.pi * (p["frequency"] * 1e-3 * (steps - p["start"]) + p["phase"] / 360)
    return np.where(on, p["offset"] + p["amplitude"] * np.sin(angle), 0.0)
