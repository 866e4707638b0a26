"""A part of a population: which neurons a caller names, and a Segment of these alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn import trains
from neo_currentscape.adapters.pynn.description import root_of
from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.conventions.plain_text import numbers_told
from neo_currentscape.recording.inventory import put_signals, signals_of

#: Gives the channel index of a cell of PyNN; None where it is of another population.
Place = Callable[[Any], int | None]


def indices(neurons: Any, place: Place) -> np.ndarray:
    """Read which neurons a caller names.

    Parameters
    ----------
    neurons : int, sequence of int, or cells of a population
        Channel indices, or PyNN's own cells.
    place : callable
        Gives the channel index of a cell.

    Returns
    -------
    ndarray of int, shape (neuron,)
        Increasing, each once.

    Raises
    ------
    ArgumentError
        When it names no neuron.
    SelectionError
        When a cell is of another population.
    """
    listed = [neurons] if isinstance(neurons, (int, str)) else getattr(neurons, "all_cells", neurons)
    listed = list(listed) if np.iterable(listed) else [listed]
    if not listed or not all(_is_number(one) for one in listed):
        raise ArgumentError(
            f"neurons={neurons!r} names no neurons: write indices in the population, e.g. neurons=[0, 3], "
            "or cells of it, e.g. neurons=population[0:4]."
        )
    return np.unique(np.array([_index(one, place) for one in listed], dtype=int))


def _is_number(one: Any) -> bool:
    return isinstance(one, (int, np.integer)) and not isinstance(one, (bool, np.bool_))


def _index(one: Any, place: Place) -> int:
    parent = getattr(one, "parent", None) if isinstance(one, int) and type(one) is not int else None
    if parent is None:
        return int(one)
    found = place(one)
    if found is None:
        raise SelectionError(
            f"neurons= names a cell of population {root_of(parent).label!r}, of which nothing was recorded "
            "here: give cells of the population that was recorded, or their indices."
        )
    return found


def in_population(population: Any) -> Place:
    """The index that cells have in the whole of a live population."""
    first, size = int(root_of(population).first_id), int(root_of(population).size)
    return lambda cell: int(cell) - first if first <= int(cell) < first + size else None


def in_assembly(assembly: Any) -> Place:
    """The index that cells have in an Assembly."""
    known = {int(cell): place for place, cell in enumerate(assembly.all_cells)}
    return lambda cell: known.get(int(cell))


def in_data(descriptions: Sequence[Mapping[str, Any]]) -> Place:
    """The channel index that cells have in data of some populations, one description each."""

    def place(cell: Any) -> int | None:
        offset, label = 0, root_of(cell.parent).label
        for described in descriptions:
            index = int(cell) - int(described["first_id"])
            if described["label"] == label and 0 <= index < described["size"]:
                return offset + index
            offset += int(described["size"])
        return None

    return place


def check(wanted: np.ndarray, there: Any, label: str) -> None:
    """Refuse neurons of which nothing was recorded.

    Parameters
    ----------
    wanted : ndarray of int
    there : sequence of int
        Those that were.
    label : str
        What holds it, for the error.

    Raises
    ------
    SelectionError
    """
    there = np.unique(np.asarray(there, dtype=int))
    absent = np.setdiff1d(wanted, there)
    if len(absent):
        raise SelectionError(
            f"neurons= names neuron {absent[0]}, of which nothing was recorded: {label} holds "
            f"{numbers_told(there.tolist())}."
        )


def view(source: Any, wanted: np.ndarray) -> Any:
    """The part of a live population that is wanted, as a view of the whole.

    Raises
    ------
    SelectionError
        When one of the neurons was not recorded.
    """
    root = root_of(source)
    mine = {int(cell) for cell in source.all_cells}
    cells = {int(cell) for ids in root.recorder.recorded.values() for cell in ids} & mine
    if root._simulator.state.num_processes == 1:  # else no rank knows what the others recorded
        check(wanted, [cell - int(root.first_id) for cell in cells], f"population {root.label!r}")
    return root[wanted]


def recorded(segment: neo.Segment) -> np.ndarray:
    """The channel indices that the signals of a Segment have."""
    found = [s.array_annotations.get("channel_index") for s in signals_of(segment)]
    told = [np.asarray(index, dtype=int) for index in found if index is not None]
    return np.unique(np.concatenate([np.empty(0, dtype=int), *told]))


def any_of(wanted: np.ndarray, offset: int, size: int) -> bool:
    """Whether some of the neurons are of the population that begins at an offset."""
    return bool(((wanted >= offset) & (wanted < offset + size)).any())


def of_segment(
    segment: neo.Segment, wanted: np.ndarray, description: Mapping[str, Any], offset: int
) -> neo.Segment:
    """The recordings of some neurons only.

    Parameters
    ----------
    segment : neo.Segment
        As PyNN gave it; not changed.
    wanted : ndarray of int
        Channel indices.
    description : dict
        Of the population.
    offset : int
        What channel indices have in front of the index in the population.

    Returns
    -------
    neo.Segment
    """
    out = neo.Segment(name=segment.name)
    out.annotate(**segment.annotations)
    signals = []
    for signal in signals_of(segment):
        index = signal.array_annotations.get("channel_index")
        columns = np.flatnonzero(np.isin(index, wanted))
        if len(columns):
            signals.append(signal if len(columns) == signal.shape[1] else signal[:, columns])
    put_signals(out, signals)
    trains.put(out, trains.read(segment, description).of(wanted - offset).made())
    return out
