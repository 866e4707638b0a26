"""Whether what a caller gives belongs together: cells, populations, and data of them."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import numpy as np

from neo_currentscape.adapters.pynn import models
from neo_currentscape.adapters.pynn.description import Description, root_of
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.recording.inventory import signals_of

#: How PyNN's text about a population names its cell type.
_CELL_TYPE = re.compile(r"Cell type\s*:\s*(\w+)")


def cells(source: Any) -> Any:
    """A single cell, as ``population[2]`` gives it, as a view of one; anything else as it is."""
    if isinstance(source, ModuleType):
        raise ArgumentTypeError(f"A population is needed, not the module {source.__name__!r}.")
    is_cell = isinstance(source, int) and hasattr(type(source), "as_view")
    return source.as_view() if is_cell else source


def check_recorded(source: Any) -> None:
    """Refuse a view none of whose neurons was recorded.

    Raises
    ------
    SelectionError
        Which names the neurons that were.
    """
    root = root_of(source)
    if root._simulator.state.num_processes > 1:
        return  # no rank knows what the others recorded
    recorded = {int(cell) for cells in root.recorder.recorded.values() for cell in cells}
    if recorded & {int(cell) for cell in source.all_cells}:
        return
    indices = sorted(cell - int(root.first_id) for cell in recorded)
    some = ", ".join(map(str, indices[:10])) + (", ..." if len(indices) > 10 else "")
    there = f"neurons {some}" if indices else "none"
    raise SelectionError(
        f"Nothing was recorded of these neurons of population {root.label!r} (there are recordings of "
        f"{there}): choose others, or call pynn.record_currents on these before the run."
    )


def check_same_population(segment: Any, block: Any, description: Description) -> None:
    """Refuse data that was recorded from another population than the one that is given.

    Parameters
    ----------
    segment, block : neo.Segment and neo.Segment or neo.Block
        The data, and what holds it.
    description : dict
        Of the population that was given for it.

    Raises
    ------
    SelectionError
        When label, size or cell type say so.
    """
    label, size = description["label"], description["size"]
    labels = _labels(segment)
    if labels and label not in labels:
        raise SelectionError(
            f"The data was recorded from population {sorted(labels)[0]!r}, and {label!r} was given: give "
            "the population that it is of (one made anew needs the same label=...)."
        )
    highest = max((int(np.max(index)) for index in _indices(segment)), default=0)
    known = block.annotations.get("size", size)
    if highest >= size or int(known) != size:
        raise SelectionError(
            f"The data is of {max(int(known), highest + 1)} neurons, and population {label!r} has {size}: "
            "give the population that it is of."
        )
    kinds = {_standard(text) for text in _CELL_TYPE.findall(f"{segment.description} {block.description}")}
    kinds -= {None, description["celltype"]}
    if kinds and description["celltype"] in models.MODELS:
        raise SelectionError(
            f"The data was recorded from cells of type {sorted(map(str, kinds))[0]}, and population "
            f"{label!r} is of {description['celltype']}: give the population that it is of."
        )


def _standard(celltype: str) -> str | None:
    return celltype if celltype in models.MODELS else None


def _labels(segment: Any) -> set[str]:
    held = [*signals_of(segment), *segment.spiketrains]
    found = {str(s.annotations["source_population"]) for s in held if "source_population" in s.annotations}
    # Neo writes this where it merged signals of several populations.
    return set() if any("MERGE CONFLICT" in label for label in found) else found


def _indices(segment: Any) -> list[Any]:
    found = [signal.array_annotations.get("channel_index") for signal in signals_of(segment)]
    return [index for index in found if index is not None and len(index)]
