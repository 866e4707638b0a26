"""The spike trains of a population: as arrays to compute with, and as Neo objects to hand out.

Neo compares a train that is appended with all that are there, and finds the spikes of each train among
those of all; here all trains are cut from sorted arrays, and put into a Segment at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np
import quantities as pq
from neo.core.spiketrainlist import SpikeTrainList


@dataclass(frozen=True)
class Trains:
    """Spike trains of some neurons.

    Attributes
    ----------
    neurons : ndarray of int, shape (train,)
        Index in the population, increasing.
    times : ndarray, shape (spike,)
        In ms, those of one train after another, each increasing.
    borders : ndarray of int, shape (train + 1,)
        Where each train begins and ends among the times.
    t_start, t_stop : Quantity
        Of the recording.
    notes : list of dict
        Annotations of each train.
    """

    neurons: np.ndarray
    times: np.ndarray
    borders: np.ndarray
    t_start: Any
    t_stop: Any
    notes: list[dict[str, Any]]

    @property
    def of_spike(self) -> np.ndarray:
        """Index in the population of the neuron of each spike, shape (spike,)."""
        return np.repeat(self.neurons, np.diff(self.borders))

    def of(self, neurons: np.ndarray) -> Trains:
        """The trains of some neurons only, in their order; those without a train are left out."""
        known = {neuron: k for k, neuron in enumerate(self.neurons.tolist())}
        chosen = [known[n] for n in neurons.tolist() if n in known]
        pieces = [self.times[self.borders[k] : self.borders[k + 1]] for k in chosen]
        lengths = np.cumsum([0, *map(len, pieces)])
        times = np.concatenate(pieces) if pieces else np.empty(0)
        notes = [self.notes[k] for k in chosen]
        return Trains(self.neurons[chosen], times, lengths, self.t_start, self.t_stop, notes)

    def made(self) -> list[neo.SpikeTrain]:
        """Neo's objects, each with the annotation ``channel_index``."""
        made, span = [], {"t_start": self.t_start, "t_stop": self.t_stop}
        for k, neuron in enumerate(self.neurons.tolist()):
            times = self.times[self.borders[k] : self.borders[k + 1]]
            notes = {**self.notes[k], "channel_index": neuron}
            made.append(neo.SpikeTrain(times, units="ms", **span, **notes))
        return made


def put(segment: neo.Segment, trains: list[Any]) -> None:
    """Put trains into a Segment, beside those that it holds."""
    if trains:
        whole = SpikeTrainList(items=[*segment.spiketrains, *trains], parent=segment)
        for train in trains:
            train.segment = segment
        segment.spiketrains = whole


def are_arrays(stored: Any) -> bool:
    """Whether Neo holds trains as one array of all spikes, as PyNN makes them of NEST's."""
    return getattr(stored, "_items", ()) is None and len(stored) > 0


def read(segment: neo.Segment, description: Mapping[str, Any]) -> Trains:
    """The spike trains of a population that a Segment holds.

    Parameters
    ----------
    segment : neo.Segment
    description : dict
        Of the population.

    Returns
    -------
    Trains
        Of the neurons that have one, be it empty.
    """
    stored = segment.spiketrains
    first, size = int(description["first_id"]), int(description["size"])
    if are_arrays(stored):
        return _of_arrays(stored, first, size, str(description["label"]))
    found = {}
    for train in stored:
        channel = train.annotations.get("channel_id")
        if channel is not None and 0 <= int(channel) - first < size:
            found[int(channel) - first] = train
    neurons = sorted(found)
    times = [np.sort(np.asarray(found[n].times.rescale("ms").magnitude, dtype=float)) for n in neurons]
    borders = np.cumsum([0, *map(len, times)])
    notes = [_notes(found[n]) for n in neurons]
    starts, stops = ([getattr(found[n], what) for n in neurons] for what in ("t_start", "t_stop"))
    whole = np.concatenate(times) if times else np.empty(0)
    span = (min(starts), max(stops)) if neurons else (0 * pq.ms, 0 * pq.ms)
    return Trains(np.array(neurons, dtype=int), whole, borders, *span, notes)


def _notes(train: Any) -> dict[str, Any]:
    notes = {key: value for key, value in train.annotations.items() if key != "channel_index"}
    return {**notes, "name": train.name}


def _of_arrays(stored: Any, first: int, size: int, label: str) -> Trains:
    channels, times = stored.multiplexed
    ids = np.asarray(stored.all_channel_ids, dtype=int)
    kept = np.unique(ids[(ids >= first) & (ids < first + size)])
    mine = np.isin(channels, kept)
    channels = np.asarray(channels)[mine]
    spikes = np.asarray(times.rescale("ms").magnitude, dtype=float)[mine]
    order = np.lexsort((spikes, channels))
    borders = np.searchsorted(channels[order], [*kept, first + size])
    notes = [
        {"source_population": label, "channel_id": n, "source_index": n - first} for n in kept.tolist()
    ]
    return Trains(kept - first, spikes[order], borders, stored.t_start, stored.t_stop, notes)
