"""Injected currents as signals: the constant offset, PyNN's current sources, and what the caller gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.pynn import evaluate, sources
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SelectionError, UnitsError
from neo_currentscape.recording import time_checks, timebase, values

#: Name under which Brian2's total injected current is recorded.
INJECTED = "i_inj"


def add(writer: Writer, group: Group, voltage: Any, rule: str, given: Any = None) -> None:
    """Add the injected currents of a population, in nA, without those that are zero throughout.

    Parameters
    ----------
    writer : Writer
        At the times of the voltage.
    group : Group
        The population.
    voltage : neo signal
        Whose neurons and times are taken.
    rule : {"forward", "backward", "central"}
        Finite difference that the currents go with: decides to which step a sample belongs.
    given : neo signal or sequence of neo signals, optional
        Injected currents, inward positive, in place of those of the described sources.
    """
    neurons = group.neurons(voltage)[group.columns_of(voltage)]
    found = _offset(group, neurons, voltage)
    if given is not None:
        found += _given(group, given, neurons, voltage)
    elif group.signals(INJECTED):
        found += _recorded(group, neurons, voltage, rule)
    else:
        found += _from_sources(group, neurons, voltage, rule)
    for name, numbers in found:
        if numbers.any():
            writer.add(name, numbers, "nA", "electrode", "inward", neurons=neurons)


Named = list[tuple[str, np.ndarray]]


def _offset(group: Group, neurons: np.ndarray, voltage: Any) -> Named:
    if "i_offset" not in group.description["parameters"]:
        return []
    offset = parameter(group.description, "i_offset", neurons)
    return [("i_offset", np.tile(offset, (len(voltage), 1)))]


def _from_sources(group: Group, neurons: np.ndarray, voltage: Any, rule: str) -> Named:
    out: Named = []
    described = group.description["sources"]
    kinds = [source["kind"] for source in described]
    for index, source in enumerate(described):
        # A source may inject twice into a neuron.
        times_injected = np.array([source["neurons"].count(int(n)) for n in neurons], dtype=float)
        if not times_injected.any():
            continue
        number = kinds[:index].count(source["kind"])
        name = source["kind"] if not number else f"{source['kind']} {number + 1}"
        course = _course(
            source, voltage, rule, group.description["dt"], evaluate.steps_between(group, voltage)
        )
        out.append((name, np.outer(course, times_injected)))
    return out


def _course(source: Any, voltage: Any, rule: str, dt: float, number: int) -> np.ndarray:
    times = timebase.float_times(voltage, "ms")
    if rule == "forward":
        # On average over the steps up to the next sample.
        each = (sources.amplitude(source, times + step * dt, dt) for step in range(number))
        return sum(each, start=np.zeros(len(times))) / number
    before = sources.amplitude(source, times - dt, dt)
    return before if rule == "backward" else (before + sources.amplitude(source, times, dt)) / 2


def _recorded(group: Group, neurons: np.ndarray, voltage: Any, rule: str) -> Named:
    # Brian2 records at the end of each step what was injected during it: one sample too late for
    # the rule that goes forward.
    signal = group.signals(INJECTED)[0]
    held = group.neurons(signal).tolist()
    if not set(neurons.tolist()) <= set(held):
        missing = sorted(set(neurons.tolist()) - set(held))[0]
        raise SelectionError(
            f"Variable {INJECTED!r} of population {group.label} was not recorded of neuron {missing}: call "
            "pynn.record_currents on the same neurons as the voltage."
        )
    columns = [held.index(int(n)) for n in neurons]
    numbers = values.magnitudes(signal)[:, columns]
    if rule == "forward":
        numbers = np.concatenate([numbers[1:], numbers[-1:]])
    return [("injected", numbers)]


def _given(group: Group, given: Any, neurons: np.ndarray, voltage: Any) -> Named:
    found: Named = []
    for signal in given if isinstance(given, Sequence) else [given]:
        name = str(signal.name or "injected")
        if units.kind(signal) != "current":
            raise UnitsError(
                f"Electrode {name!r} is in {units.label(signal.units) or 'no unit'}: give injected "
                "currents in nA."
            )
        time_checks.check_same_times(voltage, signal, "v", name)
        numbers = values.magnitudes(signal) * float(units.parse_units(signal.units).rescale("nA"))
        if signal.annotations.get("positive") == "outward":
            numbers = -numbers
        found.append((name, _columns_of(group, signal, name, numbers, neurons)))
    return found


def _columns_of(group: Group, signal: Any, name: str, numbers: np.ndarray, neurons: np.ndarray) -> Any:
    index = signal.array_annotations.get("channel_index")
    if index is None and numbers.shape[1] == 1:
        return np.tile(numbers, (1, len(neurons)))
    if index is None:
        raise SelectionError(
            f"Electrode {name!r} has {numbers.shape[1]} channels and no array annotation 'channel_index': "
            "write into it the index of the neuron of each channel."
        )
    # Neurons that are not named get nothing injected.
    out = np.zeros((len(numbers), len(neurons)))
    for column, neuron in enumerate(group.neurons(signal)):
        out[:, neurons == neuron] += numbers[:, [column]]
    return out
