"""Reading what PyNN recorded in time linear in the data.

PyNN 0.13 takes time that grows with the square of the neurons. On NEST it looks the samples of each cell up
under its id, and each comparison of such an id asks NEST for all parameters of the cell; on NEURON it goes
through all spike trains again for each. `reading` has it read the same numbers from the same devices as
arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def reading(recorder: Any) -> Iterator[None]:
    """Let a PyNN recorder read its devices quickly for as long as the block lasts.

    Parameters
    ----------
    recorder : pyNN Recorder
        As it was, afterwards.
    """
    quick = _quick(recorder)
    vars(recorder).update(quick)
    try:
        yield
    finally:
        for name in quick:
            del vars(recorder)[name]


def _quick(recorder: Any) -> dict[str, Any]:
    """What replaces the recorder's own methods; nothing where they are replaced already."""
    if hasattr(recorder, "_multimeter"):
        found = {"_get_all_signals": _nest_signals(recorder)}
    elif recorder._simulator.name == "NEURON":
        found = {"_get_spiketimes": _neuron_spikes(recorder)}
    else:
        found = {}
    return {name: method for name, method in found.items() if name not in vars(recorder)}


def _nest_signals(recorder: Any) -> Callable[..., Any]:
    plain = recorder._get_all_signals

    def signals(variable: Any, ids: Sequence[Any], clear: bool = False) -> Any:
        read = None if clear or not len(ids) else _nest_table(recorder, variable, ids)
        return plain(variable, ids, clear=clear) if read is None else (read, None)

    return signals


def _nest_table(recorder: Any, variable: Any, ids: Sequence[Any]) -> np.ndarray | None:
    """Samples of some cells, shape (time, cell); None where they do not have equally many."""
    celltype, multimeter = recorder.population.celltype, recorder._multimeter
    name = getattr(celltype, "variable_map", {}).get(variable.name, variable.name)
    factor = celltype.scale_factors[variable.name] if hasattr(celltype, "scale_factors") else 1
    senders, values = multimeter._get_data_arrays(variable.name, name, factor)
    wanted = np.array([int(cell) for cell in ids])
    mine = np.isin(senders, wanted)
    senders, values = senders[mine], values[mine]
    found, counts = np.unique(senders, return_counts=True)
    if len(found) != len(wanted) or np.ptp(counts):
        return None
    # Those of one cell stand in the order of time; cells are sorted, as PyNN asks for them.
    table = values[np.argsort(senders, kind="stable")].reshape(len(found), -1)
    table = table[np.searchsorted(found, wanted)]
    first = _initial(recorder, variable.name, ids)
    if multimeter._clean:
        # NEST does not record the values at time 0.
        return np.column_stack([first, table]).T
    table[:, 0] = first
    return table.T


def _initial(recorder: Any, name: str, ids: Sequence[Any]) -> np.ndarray:
    known = recorder._multimeter._initial_values.get(name, {})
    lazy = recorder.population.initial_values.get(name)
    base = getattr(lazy, "base_value", lazy)
    if not known and isinstance(base, (int, float)) and not getattr(lazy, "operations", ()):
        return np.full(len(ids), float(base))
    # One by one, as values that are random are drawn by each question.
    return np.array([known.get(int(cell), cell.get_initial_value(name)) for cell in ids], dtype=float)


def _neuron_spikes(recorder: Any) -> Callable[..., Any]:
    plain = recorder._get_spiketimes

    def spikes(ids: Any, clear: bool = False) -> Any:
        found = plain(ids, clear=clear)
        if not isinstance(found, dict):
            return found
        trains = [np.asarray(train, dtype=float) for train in found.values()]
        lengths = [len(train) for train in trains]
        senders = np.repeat(np.array([int(cell) for cell in found], dtype=int), lengths)
        return senders, np.concatenate(trains) if trains else np.empty(0)

    return spikes
