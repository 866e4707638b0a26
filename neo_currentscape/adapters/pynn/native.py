"""Native cell types: what NEURON's cells and NEST's models recorded under the simulators' own names."""

from __future__ import annotations

import re
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.pynn import clamped, sources
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.evaluate import every_step
from neo_currentscape.adapters.signals import Clock, Writer
from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import SelectionError, UnitsError
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.inventory import put_signals, signals_of

#: NEURON's currents of ions ("ina") and of density mechanisms ("il_hh", "i_pas"), all in mA/cm2.
_DENSITY = re.compile(r"i(na|k|ca|cl|\w*_\w+)")


def segment(group: Group, given: Any = None) -> neo.Segment:
    """Make the Segment of a population of a native cell type.

    Parameters
    ----------
    group : Group
        The recordings and the description.
    given : neo signal, optional
        Injected current, inward positive.

    Returns
    -------
    neo.Segment

    Raises
    ------
    SelectionError
        When there is nothing to show, or nothing is known of the cell type.
    UnitsError
        When a variable has a unit that its simulator does not compute it in.
    """
    if "nest_model" in group.description:
        return _from_nest(group, given)
    out = neo.Segment(name=group.segment.name)
    found = [s for s in signals_of(group.segment) if len(group.columns_of(s))]
    if not found:
        raise SelectionError(
            f"Population {group.label} of the native cell type {group.description['celltype']!r} has no "
            "recorded variable: call pynn.record_currents(population) before the run."
        )
    # Those with a role are ready: the NEURON adapter made them.
    ready = ["role" in signal.annotations for signal in found]
    put_signals(
        out, [values.copy_of(s) if r else _from_neuron(group, s) for s, r in zip(found, ready, strict=True)]
    )
    clamped.add_trains(group, out)
    return out


def _from_neuron(group: Group, signal: Any) -> Any:
    """A variable of a NEURON cell, with its true unit, place, area and time."""
    name = str(signal.name)
    variable = name.rpartition(".")[2]
    _check_unit(group, signal, variable)
    site = _site(group, name)
    columns = group.columns_of(signal)
    neurons = group.neurons(signal)[columns]
    arrays: dict[str, Any] = {}
    notes: dict[str, Any] = {}
    reading = roles.read_role(variable, units.kind(signal))
    if reading.role == "current" and roles.read_role(name, units.kind(signal)).role == "electrode":
        reading = roles.Reading("electrode", "its name")
    positive = roles.CANONICAL.get(reading.role)
    if site is not None:
        areas = np.array(group.description["areas"][site], dtype=float)[neurons]
        arrays["area"] = areas * pq.um**2
    if reading.role == "voltage":
        notes["derivative"] = "central"
    numbers = _at_its_time(group, signal, reading.role, values.magnitudes(signal)[:, columns])
    if site is not None:
        name = name[len(site) + 1 :]
    writer = Writer(Clock.of(signal[: len(numbers)]), neurons=neurons, site=site)
    return writer.add(name, numbers, signal.units, reading.role, positive, arrays=arrays, **notes)


def _site(group: Group, name: str) -> str | None:
    """The longest recorded place that a name begins with."""
    places = [place for place in group.description.get("areas", {}) if name.startswith(f"{place}.")]
    return max(places, key=len, default=None)


def _check_unit(group: Group, signal: Any, variable: str) -> None:
    kind = units.kind(signal)
    if _DENSITY.fullmatch(variable) and kind != "current density":
        raise UnitsError(
            f"Variable {signal.name!r} of population {group.label} is labelled "
            f"{units.label(signal.units) or 'without a unit'}, but NEURON computes {variable!r} in mA/cm2: "
            f"write units = {{{signal.name!r}: 'mA/cm**2'}} in the cell type."
        )
    if kind == "dimensionless" and re.fullmatch(r"i|i_\w+|v", variable):
        raise UnitsError(
            f"Variable {signal.name!r} of population {group.label} has no unit: write units = "
            f"{{{signal.name!r}: {'mV' if variable == 'v' else 'nA'!r}}} in the cell type."
        )


def _at_its_time(group: Group, signal: Any, role: str, numbers: np.ndarray) -> np.ndarray:
    # A fixed step evaluates the currents with what holds at its beginning, and records them at its
    # end; the last sample is cut, because nothing recorded its currents.
    if not every_step(group, signal):
        return numbers
    return numbers[1:] if role in ("current", "electrode") else numbers[:-1]


def _from_nest(group: Group, given: Any) -> neo.Segment:
    from neo_currentscape.adapters import nest

    first = int(group.description["first_id"])
    signals = sorted(signals_of(group.segment), key=lambda s: str(s.name))
    signals = [s for s in signals if len(group.columns_of(s))]
    if not signals:
        raise SelectionError(
            f"Population {group.label} of NEST's {group.description['nest_model']} has no recorded "
            "variable: call pynn.record_currents(population) before the run."
        )
    like = signals[0]
    neurons = group.neurons(like)[group.columns_of(like)]
    # The first sample is not NEST's: PyNN puts its initial value, or a zero, in front.
    times = timebase.float_times(like, "ms")[1:]
    events = {"times": np.tile(times, len(neurons)), "senders": np.repeat(neurons + first, len(times))}
    for signal in signals:
        events[str(signal.name)] = _column(group, signal, neurons)
    parameters = {
        name: np.array(value)[neurons] if isinstance(value, list) else value
        for name, value in group.description["native"].items()
    }
    order = np.argsort(neurons)
    out = nest.to_segment(
        events,
        model=group.description["nest_model"],
        parameters={n: v[order] if isinstance(v, np.ndarray) else v for n, v in parameters.items()},
        stimulus=_stimulus(group, given, neurons[order], times),
    )
    _renumber(out, first)
    clamped.add_trains(group, out)
    return out


def _column(group: Group, signal: Any, neurons: np.ndarray) -> np.ndarray:
    held = group.neurons(signal).tolist()
    missing = [int(n) for n in neurons if int(n) not in held]
    if missing:
        raise SelectionError(
            f"Variable {signal.name!r} of population {group.label} was not recorded of neuron "
            f"{missing[0]}: record the same variables of all neurons."
        )
    columns = [held.index(int(n)) for n in neurons]
    return np.array(values.magnitudes(signal)[1:, columns], dtype=float).T.ravel()


def _stimulus(group: Group, given: Any, neurons: np.ndarray, times: np.ndarray) -> Any:
    # ht_neuron takes the number that others take as pA for mV, as it does all its currents.
    unit = pq.mV if group.description["nest_model"] == "ht_neuron" else pq.pA
    if given is not None:
        return given.rescale("pA").magnitude[1:] * unit
    described = group.description["sources"]
    if not described:
        return None
    dt = group.description["dt"]
    total = np.zeros((len(times), len(neurons)))
    for source in described:
        course = sources.amplitude(source, times, dt)
        total += np.outer(course, [source["neurons"].count(int(n)) for n in neurons])
    return 1e3 * total * unit


def _renumber(segment: neo.Segment, first: int) -> None:
    for other in [*signals_of(segment), *segment.epochs]:
        other.array_annotations["channel_index"] = other.array_annotations["channel_index"] - first
