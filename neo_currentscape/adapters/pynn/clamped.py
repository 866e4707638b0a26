"""The times at which the voltage is held or set by a spike, and C dV/dt says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters import signals
from neo_currentscape.adapters.pynn.backends import HOLDING
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.pynn.models import Model
from neo_currentscape.conventions.errors import warn
from neo_currentscape.recording import clamped as masks
from neo_currentscape.recording import timebase, values

#: Beginnings and ends, in ms.
Stretches = tuple[np.ndarray, np.ndarray]


def mark(group: Group, model: Model, voltages: Sequence[Any], out: neo.Segment) -> None:
    """Add the spike trains of a population, and mark the times in which spikes set the voltage.

    A sample is marked when the difference quotient of the voltage at it, in either
    direction, touches the spike or the refractory period.

    Parameters
    ----------
    group : Group
        The population.
    model : Model
        Of its cell type; tells how long the voltage is held after a spike.
    voltages : sequence of neo signals
        Whose neurons are marked.
    out : neo.Segment
        Which gets the spike trains and epochs.
    """
    trains = dict(_trains(group))
    held = _held(group)
    _check_holding(group, held)
    neurons = np.concatenate([group.neurons(v)[group.columns_of(v)] for v in voltages])
    missing = sorted(set(neurons.tolist()) - set(trains) - set(held))
    if model.refractory is not None and missing:
        warn(
            f"Spikes of neuron {missing[0]} of population {group.label} were not recorded, so the samples "
            "at which they set its voltage are not marked: call population.record('spikes')."
        )
    marked: list[signals.Stretches] = []
    for neuron in neurons.tolist():
        if neuron in trains:
            out.spiketrains.append(_copy(trains[neuron], neuron))
        stretches = held.get(neuron)
        if stretches is None and neuron in trains and model.refractory is not None:
            stretches = _after_spikes(group, model, trains[neuron], neuron)
        none: Stretches = (np.empty(0), np.empty(0))
        starts, stops = _merged(
            *(none if stretches is None else stretches), 1.5 * _period(group, voltages[0])
        )
        starts, stops = _with_beginning(group, voltages[0], starts, stops)
        marked.append((starts, stops, np.full(len(starts), neuron)))
    signals.mark(out, marked)


def _period(group: Group, voltage: Any) -> float:
    """Between two samples, or the step of the simulation where it varies, in ms."""
    if not timebase.is_regular(voltage):
        return float(group.description["dt"])
    return float(voltage.sampling_period.rescale("ms"))


def samples(marked: neo.Segment, voltage: Any, neurons: np.ndarray) -> np.ndarray:
    """The samples of each neuron that are marked, shape (time, neuron)."""
    out = np.zeros((voltage.shape[0], len(neurons)), dtype=bool)
    for column, neuron in enumerate(neurons.tolist()):
        held = masks.mask(masks.epochs_of(marked, neuron, None), voltage)
        if held is not None:
            out[:, column] = held
    return out


#: Of which interval between samples a spike at x intervals is the end: NEST dates it at the end of its
#: step, Brian2 at the beginning. On NEURON it is the sample itself that holds the voltage above threshold.
_OF_SPIKE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "NEST": lambda x: np.ceil(x - 1e-6) - 1,
    "Brian2": lambda x: np.floor(x + 1e-6),
    "NEURON": np.round,
}


def resets(group: Group, model: Model, voltage: Any, neurons: np.ndarray) -> np.ndarray:
    """The samples of regularly sampled neurons whose interval ends in a spike, shape (time, neuron)."""
    out = np.zeros((voltage.shape[0], len(neurons)), dtype=bool)
    if model.refractory is None:
        return out
    trains, place = dict(_trains(group)), _OF_SPIKE[group.description["simulator"]]
    start, period = (float(t.rescale("ms")) for t in (voltage.t_start, voltage.sampling_period))
    for column, neuron in enumerate(neurons.tolist()):
        if neuron in trains:
            rows = place((trains[neuron].times.rescale("ms").magnitude - start) / period).astype(int)
            out[rows[(rows >= 0) & (rows < len(out))], column] = True
    return out


def add_trains(group: Group, out: neo.Segment) -> None:
    """Add the spike trains of a population to a Segment, with the index of their neuron."""
    for neuron, train in _trains(group):
        out.spiketrains.append(_copy(train, neuron))


def _trains(group: Group) -> list[tuple[int, Any]]:
    """Neuron and spike train, for those of the population."""
    first, size = group.description["first_id"], group.description["size"]
    found = []
    for train in group.segment.spiketrains:
        channel = train.annotations.get("channel_id")
        if channel is not None and 0 <= int(channel) - first < size:
            found.append((int(channel) - first, train))
    return found


def _copy(train: Any, neuron: int) -> neo.SpikeTrain:
    return neo.SpikeTrain(
        train.times,
        t_start=train.t_start,
        t_stop=train.t_stop,
        units=train.units,
        name=train.name,
        channel_index=neuron,
        **{key: value for key, value in train.annotations.items() if key != "channel_index"},
    )


def _check_holding(group: Group, held: dict[int, Stretches]) -> None:
    """Warn where what tells spikes was not recorded, as the simulator sends none to PyNN."""
    how = HOLDING.get((group.description["simulator"], group.description["celltype"]))
    if how is not None and not held:
        warn(
            f"Variable {how.name!r} of population {group.label} was not recorded, so the samples at which "
            "spikes set its voltage are not marked: call pynn.record_currents(population) before the run."
        )


def _held(group: Group) -> dict[int, Stretches]:
    """Of each neuron the times at which the simulator says that it holds the voltage, if it does."""
    how = HOLDING.get((group.description["simulator"], group.description["celltype"]))
    out: dict[int, Stretches] = {}
    for signal in group.signals(how.name) if how else []:
        times = timebase.float_times(signal, "ms")
        for column in group.columns_of(signal):
            edges = np.diff(np.r_[0, values.magnitudes(signal)[:, column] > 0.5, 0].astype(int))
            stretches = times[np.flatnonzero(edges == 1)], times[np.flatnonzero(edges == -1) - 1]
            out[int(group.neurons(signal)[column])] = stretches
    return out


def _after_spikes(group: Group, model: Model, train: Any, neuron: int) -> Stretches:
    held = model.refractory
    if isinstance(held, str):
        held = float(parameter(group.description, held, np.array([neuron]))[0])
    spikes = np.sort(train.times.rescale("ms").magnitude)
    return spikes, spikes + (held or 0.0)


def _with_beginning(group: Group, voltage: Any, starts: np.ndarray, stops: np.ndarray) -> Stretches:
    """Put in front what is not as simulated at the beginning of NEST's recordings.

    After a reset its sources stop some steps later. Where initial values are random, PyNN draws them
    once more for the first sample, which NEST does not record.
    """
    start = float(voltage.t_start.rescale("ms"))
    dt = group.description["dt"]
    ends = []
    if group.description.get("restarted") is not None and group.description["sources"]:
        ends.append(start + group.description["restarted"] - dt / 2)
    if group.description.get("drawn"):
        ends.append(start + dt / 2)
    if not ends:
        return starts, stops
    return np.r_[start - dt / 2, starts], np.r_[max(ends), stops]


def _merged(starts: np.ndarray, stops: np.ndarray, margin: float) -> Stretches:
    """The stretches with a margin on either side, those that then overlap made one."""
    starts, stops = starts - margin, stops + margin
    if not len(starts):
        return starts, stops
    apart = starts[1:] > stops[:-1]
    return starts[np.r_[True, apart]], stops[np.r_[apart, True]]
