"""Which neuron is meant, where a simulator's own object stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.inventory import Variable


def index_of(cell: Any, variables: Sequence[Variable]) -> Any:
    """The index that the signals have for a cell of PyNN, which as a number is its id; else what was given.

    Parameters
    ----------
    cell : pyNN ID, int or anything
        What a caller gives as ``neuron=``.
    variables : sequence of Variable
        The currents among which it is looked for.

    Returns
    -------
    int or anything

    Raises
    ------
    SelectionError
        When the signals are of other cells.
    """
    parent = getattr(cell, "parent", None) if isinstance(cell, int) and type(cell) is not int else None
    if parent is None or not hasattr(parent, "id_to_index"):
        return cell
    root = _root(parent)
    labelled = [v for v in variables if "source_population" in v.signal.annotations]
    if not labelled:
        # Signals of no population number cells as their simulator does.
        return int(cell)
    for variable in labelled:
        if variable.signal.annotations["source_population"] == root.label:
            ids = _ids(variable)
            if ids is not None and variable.neurons is not None and int(cell) in ids:
                return int(variable.neurons[ids.index(int(cell))])
    labels = sorted({str(v.signal.annotations["source_population"]) for v in labelled})
    raise SelectionError(
        f"neuron= gives cell {root.id_to_index(cell)} of population {root.label!r}, of which the Segment "
        f"holds no current (it is of population {', '.join(map(repr, labels))}): give a cell that was "
        "recorded."
    )


def _root(population: Any) -> Any:
    """The whole population of a view."""
    return population.recorder.population if hasattr(population, "recorder") else population


def _ids(variable: Variable) -> list[int] | None:
    known = variable.signal.array_annotations.get("channel_id")
    if known is None:
        known = variable.signal.annotations.get("channel_ids")
    if known is None or np.size(known) != variable.signal.shape[1]:
        return None
    return [int(i) for i in np.atleast_1d(np.asarray(known))[variable.columns]]
