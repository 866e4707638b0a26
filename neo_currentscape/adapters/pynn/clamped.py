"""The times at which the voltage is held or set by a spike, and C dV/dt says nothing."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.description import parameter
from neo_currentscape.adapters.pynn.models import Model
from neo_currentscape.conventions.errors import CurrentscapeWarning

#: Name of the epochs.
NAME = "clamped"


def mark(group: Group, model: Model, voltages: Sequence[Any], out: neo.Segment) -> None:
    """Add the spike trains of a population, and an Epoch for each neuron that spiked.

    A sample belongs to an epoch when the difference quotient of the voltage at it, in either
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
    neurons = np.concatenate([group.neurons(v)[group.columns_of(v)] for v in voltages])
    if model.refractory is not None and not set(neurons.tolist()) <= set(trains):
        missing = sorted(set(neurons.tolist()) - set(trains))
        warnings.warn(
            f"Spikes of neuron {missing[0]} of population {group.label} were not recorded, so the samples "
            "at which a spike sets its voltage are not marked: call population.record('spikes') before the run.",
            CurrentscapeWarning,
            stacklevel=2,
        )
    for neuron in neurons.tolist():
        if neuron not in trains:
            continue
        out.spiketrains.append(_copy(trains[neuron], neuron))
        if model.refractory is not None and len(trains[neuron]):
            out.epochs.append(_epoch(group, model, trains[neuron], neuron))


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


def _epoch(group: Group, model: Model, train: Any, neuron: int) -> neo.Epoch:
    dt = group.description["dt"]
    held = model.refractory
    if isinstance(held, str):
        held = float(parameter(group.description, held, np.array([neuron]))[0])
    starts, stops = _merged(train.times.rescale("ms").magnitude, held or 0.0, dt)
    return neo.Epoch(
        starts * pq.ms,
        durations=(stops - starts) * pq.ms,
        labels=np.array([NAME] * len(starts)),
        name=NAME,
        channel_index=neuron,
    )


def _merged(spikes: np.ndarray, held: float, dt: float) -> tuple[np.ndarray, np.ndarray]:
    """Beginnings and ends of the stretches, those that overlap made one."""
    spikes = np.sort(spikes)
    starts, stops = spikes - 1.5 * dt, spikes + held + 1.5 * dt
    apart = starts[1:] > stops[:-1]
    return starts[np.r_[True, apart]], stops[np.r_[apart, True]]
