"""Synaptic currents of which NEST records nothing: what is left when everything else is known.

Delta synapses make V jump, and some models do not let their synaptic currents be recorded. Where NEST does
not set V, what else flows is known, and the balance of a step leaves one current: that of all synapses
together. Its signal has the annotation ``remainder``, as no balance can check it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions import units

#: Name of the signal.
NAME = "I_syn"

#: A jump smaller than this part of the current that flows is the error of the means.
SMALLEST = 1e-3


def reason_against(writer: Writer, group: Group, known: bool) -> str | None:
    """Why the current cannot be told; None where it can, or where there is none to tell.

    Parameters
    ----------
    writer : Writer
        Holds all other currents of the group.
    group : Group
    known : bool
        Whether it is known what electrodes inject.
    """
    model = group.model
    if model is None or not model.unrecorded:
        return None
    what = f"The synaptic current of {group.name}, which NEST does not record,"
    if not np.array_equal(group.recorded.get("V_m", ()), group.nodes):
        return f"{what} needs 'V_m': create the multimeter with record_from=['V_m', ...]."
    if _capacitance(group) is None:
        return f"{what} needs the parameters of the neuron: pass the live multimeter, or parameters=...."
    if not known:
        return (
            f"{what} can be told from V if what is injected is known: pass the live multimeter, or "
            "stimulus=... (0 * pq.pA where nothing is)."
        )
    missing = [current.name for current in model.derived if current.name not in _by_name(writer)]
    missing += [
        name
        for name, variable in model.variables.items()
        if variable.role == "current" and name not in _by_name(writer)
    ]
    return f"{what} needs {', '.join(missing)}." if missing else None


def add_remainder(writer: Writer, group: Group) -> None:
    """Add the current, where `reason_against` gives none."""
    assert group.model is not None
    if not group.model.unrecorded or len(group.grid.times) < 2:
        return
    v = group.values("V_m", group.nodes)
    charging = _capacitance(group) * np.diff(v, axis=0, append=v[-1:]) / group.sampling.interval
    flowing, size = _sum(writer, group), np.abs(charging)
    rest = -charging - flowing
    for signal in writer.signals:
        if signal.annotations["role"] in ("current", "electrode"):
            size = size + np.abs(signal.magnitude)
    if group.model.unrecorded == "jumps":
        rest[np.abs(rest) < SMALLEST * size] = 0.0
        rest = _at_the_end(writer, group, rest)
    if group.marks is not None:
        rest[group.marks.held] = 0.0
    rest[-1] = 0.0
    writer.add(
        NAME,
        rest,
        group.model.currents,
        "current",
        "outward",
        neurons=group.nodes,
        derived=True,
        remainder=True,
    )


def _by_name(writer: Writer) -> dict[str, Any]:
    return {signal.name: signal for signal in writer.signals}


def _capacitance(group: Group) -> np.ndarray | None:
    assert group.model is not None
    if group.model.fixed_capacitance is not None:
        return np.full(len(group.nodes), group.model.fixed_capacitance)
    parameter, _ = group.model.capacitance[None]
    return group.parameters.get(parameter)


def _sum(writer: Writer, group: Group) -> np.ndarray:
    """What flows out through all known currents, without what electrodes bring in."""
    assert group.model is not None
    unit = units.parse_units(group.model.currents).units
    total = np.zeros((len(group.grid.times), len(group.nodes)))
    for signal in writer.signals:
        role, positive = signal.annotations["role"], signal.annotations.get("positive")
        if role not in ("current", "electrode"):
            continue
        numbers = signal.rescale(unit).magnitude
        if positive == "outward":
            total += numbers
        else:
            total -= numbers
    return total


def _at_the_end(writer: Writer, group: Group, rest: np.ndarray) -> np.ndarray:
    """Put right the leak of steps at whose end V jumps: its mean is that of V before the jump."""
    leak = _by_name(writer).get("I_L")
    tau = _time_constant(group)
    if leak is None or tau is None or group.sampling.number > 1:
        return rest
    half = 0.5 * group.sampling.interval / tau
    rest = rest / (1 + half)
    numbers = leak.magnitude
    numbers += half * rest
    return rest


def _time_constant(group: Group) -> np.ndarray | None:
    p = group.parameters
    if "tau_m" in p:
        return p["tau_m"]
    return p["C_m"] / p["g_L"] if {"C_m", "g_L"} <= set(p) else None
