"""Spikes of populations, and their mean rates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    SignalError,
    require,
)
from neo_currentscape.network.model import Network


@dataclass(frozen=True)
class Spikes:
    """Spike trains by population.

    Attributes
    ----------
    trains : dict of str to list of neo.SpikeTrain
        A train for each cell, also for those that are silent.
    """

    trains: dict[str, list[neo.SpikeTrain]]

    def __post_init__(self) -> None:
        for name, trains in self.trains.items():
            for train in trains:
                ends = float(train.t_start) + float(train.t_stop)
                if not (np.isfinite(ends) and np.isfinite(train.magnitude).all()):
                    raise SignalError(
                        f"A spike train of {name!r} holds, begins or ends at a time that is not finite: "
                        "leave such spikes out, and give t_start= and t_stop=."
                    )

    @property
    def populations(self) -> list[str]:
        """Names."""
        return list(self.trains)

    @property
    def limits(self) -> tuple[float, float]:
        """First and last time of the recording, in ms."""
        every = [train for trains in self.trains.values() for train in trains]
        if not every:
            raise SelectionError("There is no spike train: record the spikes of a population first.")
        begin, end = (
            [float(getattr(train, name).rescale("ms")) for train in every] for name in ("t_start", "t_stop")
        )
        return min(begin), max(end)

    def rows(self) -> list[tuple[str, np.ndarray, np.ndarray]]:
        """Of each population its times in ms, and the rows of a raster, counted over all.

        Returns
        -------
        list of tuple
            Name of the population, times in ms of shape (spike,), rows of shape (spike,).
        """
        found, first = [], 0
        for name, trains in self.trains.items():
            times = [train.rescale("ms").magnitude for train in trains]
            rows = np.repeat(np.arange(first, first + len(trains)), [len(t) for t in times])
            found.append((name, np.concatenate(times) if times else np.empty(0), rows))
            first += len(trains)
        return found


def spikes_of(sources: Any) -> Spikes:
    """Take the spikes of Neo objects.

    Parameters
    ----------
    sources : mapping of str to Block, Segment or list of SpikeTrain; or a Block or Segment
        By population. Trains of a single Block or Segment go by their annotation ``source_population``
        (PyNN's), or ``population``; by the Block's name where they have none.

    Returns
    -------
    Spikes

    Raises
    ------
    ArgumentTypeError
        When something holds no spike trains.

    Examples
    --------
    >>> import neo
    >>> segment = neo.Segment()
    >>> segment.spiketrains.append(neo.SpikeTrain([3.0, 7.0], units="ms", t_stop=10))
    >>> spikes = spikes_of({"E": segment})
    >>> [(name, times) for name, times, _ in spikes.rows()]
    [('E', array([3., 7.]))]
    """
    if isinstance(sources, Spikes):
        return sources
    if isinstance(sources, Mapping):
        return Spikes({str(name): _trains(source) for name, source in sources.items()})
    found: dict[str, list[neo.SpikeTrain]] = {}
    for train in _trains(sources):
        label = train.annotations.get("source_population") or train.annotations.get("population")
        found.setdefault(str(label or getattr(sources, "name", None) or "cells"), []).append(train)
    return Spikes(found)


def _trains(source: Any) -> list[neo.SpikeTrain]:
    if isinstance(source, neo.Block):
        if len(source.segments) != 1:
            raise SelectionError(
                f"Block {source.name or ''!r} holds {len(source.segments)} segments where one is needed: "
                "pass one of them, e.g. block.segments[0]."
            )
        source = source.segments[0]
    if isinstance(source, neo.Segment):
        return list(source.spiketrains)
    trains = list(source) if hasattr(source, "__iter__") else [source]
    for train in trains:
        if not isinstance(train, neo.SpikeTrain):
            raise ArgumentTypeError(
                f"Spikes are neo.SpikeTrains, not {type(train).__name__}: pass a Segment or a list of them."
            )
    return trains


def spikes_from_sonata(
    path: str | os.PathLike[str],
    network: Network | None = None,
    *,
    t_stop: Any = None,
    population: str | None = None,
) -> Spikes:
    """Read a SONATA file of spikes.

    Parameters
    ----------
    path : path
    network : Network, optional
        Made by `from_sonata` of the same node population; then spikes go by its populations, and silent
        cells have a train too.
    t_stop : Quantity, optional
        End of the simulation; the last spike unless told.
    population : str, optional
        Node population; may be left out where the file holds one.

    Returns
    -------
    Spikes

    Examples
    --------
    >>> spikes = spikes_from_sonata("spikes.h5", net, t_stop=3 * pq.s)  # doctest: +SKIP
    """
    libsonata = require("libsonata", "network", "Reading SONATA spikes")
    if not Path(path).is_file():
        raise ArgumentError(f"There is no file {str(path)!r} of spikes.")
    reader = libsonata.SpikeReader(str(path))
    names = list(reader.get_population_names())
    if population is None and len(names) != 1:
        raise SelectionError(f"The file holds spikes of {', '.join(names)}: choose with population=...")
    nodes, times = _recorded(reader, path, population or names[0])
    if not np.isfinite(times).all():
        bad = times[~np.isfinite(times)][0]
        raise SignalError(f"{str(path)!r} has a spike at {bad:g} ms, which is no time: leave it out.")
    end = units.scalar(t_stop, "ms", "t_stop") if t_stop is not None else times.max(initial=0.0)
    if len(times) and times.max() > end:
        raise ArgumentError(
            f"t_stop is {end:g} ms, and the last spike is at {times.max():g} ms: give a later one."
        )
    if network is None:
        wanted = {population or names[0]: np.unique(nodes)}
    else:
        wanted = {name: network.ids[network.cells(name)] for name in network.populations}
    trains = {
        name: [
            neo.SpikeTrain(np.sort(times[nodes == i]), units="ms", t_stop=end, node=int(i), population=name)
            for i in ids
        ]
        for name, ids in wanted.items()
    }
    return Spikes(trains)


def _recorded(reader: Any, path: str | os.PathLike[str], population: str) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and times (ms) of all spikes."""
    try:
        pairs = reader[population].get()
    except RuntimeError:
        # Some builds of libsonata cannot read what is compressed, as the files of BMTK are.
        h5py = require("h5py", "network", "Reading compressed SONATA spikes")
        with h5py.File(path, "r") as file:
            group = file["spikes"][population]
            return group["node_ids"][()].astype(int), group["timestamps"][()].astype(float)
    return np.array([n for n, _ in pairs], dtype=int), np.array([t for _, t in pairs], dtype=float)


def rates(spikes: Any, *, t_start: Any = None, t_stop: Any = None) -> dict[str, Any]:
    """The mean rate of every cell, by population.

    Parameters
    ----------
    spikes : Spikes, or what `spikes_of` takes
    t_start, t_stop : Quantity, optional
        Limits of the time; those of the recording unless told.

    Returns
    -------
    dict of str to Quantity, shape (cell,)
        In Hz, by elephant's ``mean_firing_rate``; silent cells have 0 Hz.

    Raises
    ------
    ArgumentError
        When the time is empty.

    Examples
    --------
    >>> rates({"E": block_e, "I": block_i}, t_stop=3 * pq.s)["E"].mean()  # doctest: +SKIP
    """
    statistics = require("elephant.statistics", "network", "Computing mean rates")
    found = spikes_of(spikes)
    first, last = found.limits
    begin = units.scalar(t_start, "ms", "t_start") if t_start is not None else first
    end = units.scalar(t_stop, "ms", "t_stop") if t_stop is not None else last
    if end <= begin:
        raise ArgumentError(f"The time from {begin:g} to {end:g} ms is empty: give t_start before t_stop.")
    return {
        name: np.array([_rate(statistics, train, begin, end) for train in trains]) * pq.Hz
        for name, trains in found.trains.items()
    }


def _rate(statistics: Any, train: neo.SpikeTrain, begin: float, end: float) -> float:
    if not len(train):  # of which elephant says nothing
        return 0.0
    found = statistics.mean_firing_rate(train, t_start=begin * pq.ms, t_stop=end * pq.ms)
    return float(found.rescale("Hz"))
