"""From the recordings of a population to its membrane currents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.pynn import backends, clamped, electrodes, evaluate, models, remainder
from neo_currentscape.adapters.pynn.alignment import aligned
from neo_currentscape.adapters.pynn.columns import Group, variable
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording import values


def derive(group: Group, given: Any = None) -> neo.Segment:
    """Make the Segment of one population: voltage, recorded variables, currents, electrodes, epochs.

    Parameters
    ----------
    group : Group
        The recordings and the description of a population of a standard cell type.
    given : neo signal or sequence of neo signals, optional
        Injected currents that go before those of the described sources.

    Returns
    -------
    neo.Segment

    Raises
    ------
    SelectionError
        When a variable was not recorded, or the cell type's equations are not known.
    """
    model = evaluate.known_model(group)
    voltages = group.voltages()
    if not voltages:
        variable(group, "v", None)
    out = neo.Segment(name=group.segment.name)
    clamped.mark(group, model, voltages, out)
    for voltage in voltages:
        rule = _rule(group, voltage)
        writer = Writer(Clock.of(voltage))
        _add(writer, group, model, voltage, rule, out)
        electrodes.add(writer, group, voltage, rule, given)
        if group.description["simulator"] in model.jumps:
            remainder.add(writer, group, model, out)
        writer.into(out)
    return out


def _rule(group: Group, voltage: Any) -> str:
    number = evaluate.steps_between(group, voltage)
    return backends.derivative(group.description["simulator"], number)


def _add(
    writer: Writer, group: Group, model: models.Model, voltage: Any, rule: str, marked: neo.Segment
) -> None:
    """Add the voltage, the recorded variables that are no currents, and the currents."""
    read = {name: variable(group, name, voltage) for name in model.variables}
    _add_voltage(writer, group, model, voltage, rule)
    for name in read:
        if name != "v":
            _add_recorded(writer, name, *read[name])
    if evaluate.is_implicit(group, voltage):
        read = {name: (n, aligned(group, model, name, n, x)) for name, (n, x) in read.items()}
    for current in model.currents:
        _add_current(writer, group, voltage, current, read, marked)


def _add_voltage(writer: Writer, group: Group, model: models.Model, voltage: Any, rule: str) -> None:
    columns = group.columns_of(voltage)
    neurons = group.neurons(voltage)[columns]
    capacitance = quantity_of(group, model.capacitance, neurons)
    arrays: dict[str, Any] = {}
    notes: dict[str, Any] = {"derivative": rule}
    if evaluate.steps_between(group, voltage) > 1:
        notes["resolution"] = float(group.description["dt"]) * pq.ms
    if np.all(capacitance == capacitance[0]):
        notes["capacitance"] = float(capacitance[0]) * pq.nF
    else:
        arrays["capacitance"] = capacitance * pq.nF
    numbers = values.magnitudes(voltage)[:, columns]
    writer.add("v", numbers, "mV", "voltage", neurons=neurons, arrays=arrays, **notes)


def quantity_of(group: Group, what: str | float, neurons: np.ndarray) -> np.ndarray:
    """A parameter of the cell type by name, or a number that stands for it."""
    if isinstance(what, str):
        return parameter(group.description, what, neurons)
    return np.full(len(neurons), float(what))


def _add_recorded(writer: Writer, name: str, neurons: np.ndarray, numbers: np.ndarray) -> None:
    """A recorded variable under PyNN's name; a current among them stands under its label already."""
    kind = name.rpartition(".")[2]
    role = models.ROLES.get(kind, "other")
    writer.add(name, numbers, models.VARIABLES[kind], role, neurons=neurons)


def _add_current(
    writer: Writer,
    group: Group,
    voltage: Any,
    current: models.Current,
    read: Mapping[str, tuple[np.ndarray, np.ndarray]],
    marked: neo.Segment,
) -> None:
    neurons = _common_neurons(group, voltage, current, read)
    arguments = {}
    for argument, name in current.arguments.items():
        if argument in models.VARIABLES:
            arguments[argument] = _of(neurons, *read[name])
        else:
            arguments[argument] = _parameter(group, name, neurons)
    numbers = evaluate.current(group, voltage, current, arguments, neurons, marked)
    writer.add(current.label, numbers, "nA", "current", "outward", neurons=neurons)


def _parameter(group: Group, name: str, neurons: np.ndarray) -> np.ndarray:
    constants = dict(evaluate.known_model(group).constants)
    return quantity_of(group, constants.get(name, name), neurons)


def _common_neurons(group: Group, voltage: Any, current: models.Current, read: Any) -> np.ndarray:
    """The neurons, in the order of the voltage, for which all that the current needs was recorded."""
    neurons = group.neurons(voltage)[group.columns_of(voltage)]
    for name in current.variables:
        neurons = neurons[np.isin(neurons, read[name][0])]
    if not len(neurons):
        raise SelectionError(
            f"Current {current.label!r} of population {group.label} needs {', '.join(current.variables)}, "
            "and no neuron has them all: call pynn.record_currents(population) before the run."
        )
    return neurons


def _of(wanted: np.ndarray, neurons: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The columns of the wanted neurons, in their order."""
    order = np.argsort(neurons, kind="stable")
    return numbers[:, order[np.searchsorted(neurons, wanted, sorter=order)]]
