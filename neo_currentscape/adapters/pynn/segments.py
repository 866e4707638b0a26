"""From populations, Blocks and files to Segments with membrane currents."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn import (
    formats,
    live,
    matching,
    native,
    plausible,
    stretches,
    subset,
    trains,
)
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.adapters.pynn.derive import derive
from neo_currentscape.adapters.pynn.description import (
    KEY,
    Description,
    by_population,
    decode,
    describe,
    encode,
    model_of,
    root_of,
)
from neo_currentscape.adapters.pynn.repair import repaired
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, warn
from neo_currentscape.recording.inventory import signals_of


def to_segment(
    source: Any,
    population: Any = None,
    *,
    neurons: Any = None,
    segment: int | None = None,
    electrodes: Any = None,
) -> neo.Segment:
    """Give the recorded variables and all membrane currents of a population.

    Parameters
    ----------
    source : pyNN Population, PopulationView, Assembly or cell, neo.Block or neo.Segment
        After the run. A Block or Segment must carry the description of its population, which it does
        after `record_currents` or `annotate`; or give `population`.
    population : pyNN Population or PopulationView, optional
        Whose recordings a Block or Segment without description holds.
    neurons : int, sequence of int, or cells of the population, optional
        Only these: indices in the whole population (in an Assembly, of the Assembly), or PyNN's cells, e.g.
        ``population[0:4]``; by default all that were recorded.
    segment : int, optional
        Which Segment, where there are several (one for each `reset()`).
    electrodes : neo signal or sequence of neo signals, optional
        Injected currents, inward positive, at the times of the voltage, for sources that PyNN does
        not keep (NoisyCurrentSource on NEST); in place of those reconstructed from the sources. A
        signal of one channel goes into every neuron; of more needs ``channel_index``.

    Returns
    -------
    neo.Segment
        Signals of shape (time, neuron), with ``channel_index`` the index in the whole population (in
        an Assembly, of the Assembly):

        - "v" (mV), annotated with ``capacitance`` (nF; an array annotation where neurons differ) and
          ``derivative``, the finite difference that goes with the currents;
        - the recorded conductances, gates and other variables under PyNN's names;
        - the membrane currents "leak", "excitatory", "inhibitory", "spike", "adaptation", "Na", "K"
          ..., in nA, outward positive;
        - injected currents, role electrode, in nA, inward positive;

        spike trains, and an Epoch "clamped" (annotation ``channel_index``) for each neuron that
        spiked, of the times at which the voltage is set and C dV/dt says nothing.

    Raises
    ------
    SignalError
        When the population has not run yet.
    SelectionError
        When a variable or a neuron was not recorded, or there are several segments.

    Notes
    -----
    The currents are the equations of the cell types (PyNN's documentation, standard models) with the
    recorded state. On NEURON the gates of a sample are those of one step earlier, which its
    implicit step goes with. Parameters and current sources that were changed between two runs hold each
    for their time, where `record_currents` was called before; else those of this call hold for all.

    Examples
    --------
    >>> segment = pynn.to_segment(population)                                # doctest: +SKIP
    >>> ncs.Recording.from_segment(segment, neuron=1).names                  # doctest: +SKIP
    ['excitatory', 'inhibitory', 'leak']
    """
    segments = _all_segments(source, population, electrodes, segment, neurons=neurons)
    return segments[0]


def to_block(
    source: Any, population: Any = None, *, neurons: Any = None, electrodes: Any = None
) -> neo.Block:
    """Give `to_segment` of every Segment, in one Block.

    Parameters
    ----------
    source, population, neurons, electrodes
        As for `to_segment`.

    Returns
    -------
    neo.Block
        One Segment for each run, with its annotations.

    Examples
    --------
    >>> [s.annotations["amplitude"] for s in pynn.to_block(population).segments]     # doctest: +SKIP
    """
    block = neo.Block(name=getattr(source, "name", None) or getattr(source, "label", None))
    block.segments.extend(_all_segments(source, population, electrodes, None, True, neurons))
    return block


def annotate(data: Any, population: Any) -> Any:
    """Store the description of a population in a Block, so that a saved file is enough later.

    Needed only for data that was recorded without `record_currents`.

    Parameters
    ----------
    data : neo.Block or neo.Segment
        Recorded from the population; gets one annotation of text, which NIX and pickle keep.
    population : pyNN Population or PopulationView
        With the parameters with which the data was recorded.

    Returns
    -------
    neo.Block or neo.Segment
        The same object.

    Examples
    --------
    >>> block = population.get_data()                                    # doctest: +SKIP
    >>> neo.io.NixIO("run.nix").write_block(pynn.annotate(block, population))  # doctest: +SKIP
    """
    if not isinstance(data, (neo.Block, neo.Segment)):
        raise ArgumentTypeError(f"annotate takes a neo.Block or neo.Segment, not {type(data).__name__}.")
    description = describe(matching.cells(population))
    for segment in data.segments if isinstance(data, neo.Block) else [data]:
        matching.check_same_population(segment, data, description)
    data.annotate(**{KEY: encode(description)})
    return data


def _all_segments(
    source: Any,
    population: Any,
    electrodes: Any,
    index: int | None,
    several: bool = False,
    neurons: Any = None,
) -> list[neo.Segment]:
    source, population = matching.cells(source), matching.cells(population)
    if hasattr(source, "populations"):
        return _of_assembly(source, electrodes, index, several, neurons)
    if neurons is not None and not isinstance(source, (neo.Block, neo.Segment)):
        neurons = subset.indices(neurons, subset.in_population(source))
        source = subset.view(source, neurons)
    block = live.recorded(source)
    if population is None and block is not source and not isinstance(source, neo.Segment):
        population = source
    segments = block.segments if isinstance(block, neo.Block) else [block]
    chosen = _chosen(segments, index, several)
    return [_derived(s, block, population, electrodes, s is segments[-1], neurons) for s in chosen]


def _chosen(segments: Sequence[neo.Segment], index: int | None, several: bool) -> list[neo.Segment]:
    if several:
        return list(segments)
    if index is None and len(segments) != 1:
        raise SelectionError(
            f"The Block holds {len(segments)} segments, and a currentscape is of one: write segment=0 (to "
            f"{len(segments) - 1}), or pynn.to_block(...) for all."
        )
    index = 0 if index is None else index
    if not -len(segments) <= index < len(segments):
        raise SelectionError(f"There is no segment {index}: the Block holds {len(segments)}.")
    return [segments[index]]


def _derived(
    segment: neo.Segment,
    block: Any,
    population: Any,
    electrodes: Any,
    is_last: bool,
    neurons: Any = None,
) -> neo.Segment:
    parts: list[neo.Segment] = []
    offset = 0
    populations = by_population(_descriptions(segment, block, population, is_last))
    place = subset.in_data([described[0] for described in populations])
    wanted = None if neurons is None else subset.indices(neurons, place)
    for described in populations:
        whole = repaired(formats.restored(segment, described[0]), described[0])
        if wanted is not None and not parts:
            subset.check(wanted, subset.recorded(whole), "the data")
        if wanted is None or subset.any_of(wanted, offset, described[0]["size"]):
            if wanted is not None:
                whole = subset.of_segment(whole, wanted, described[0], offset)
            parts.append(_of_population(whole, described, electrodes, offset))
        offset += described[0]["size"]
    return _together(parts, segment)


def _of_population(
    whole: neo.Segment, described: Sequence[Description], electrodes: Any, offset: int
) -> neo.Segment:
    made = functools.partial(_of_stretch, offset=offset)
    out = stretches.derived(whole, described, electrodes, made)
    if described[0].pop("current_only", False) and model_of(described[0]) is not None:
        plausible.check(out, str(described[0]["label"]))
    _name_cells(out, described[0])
    _shift(out, offset)
    return out


def _of_stretch(
    recorded: neo.Segment, description: Description, electrodes: Any, offset: int
) -> neo.Segment:
    make = derive if model_of(description) is not None else native.segment
    return make(Group(recorded, description, offset), electrodes)


def _descriptions(segment: Any, block: Any, population: Any, is_last: bool) -> list[Description]:
    for place in (segment, block, getattr(segment, "block", None)):
        text = None if place is None else place.annotations.get(KEY)
        if text:
            return decode(text)
    if population is None:
        raise SelectionError(
            "The data does not say from which cells it was recorded: give the population, "
            "to_segment(block, population), or call pynn.annotate(block, population) before saving it."
        )
    if not is_last:
        warn(
            "The segment was recorded before the last reset() and without pynn.record_currents, so that "
            "the population's parameters and current sources as they are now are taken for it."
        )
    description = describe(population)
    matching.check_same_population(segment, block, description)
    return [{**description, "current_only": True}]


def _name_cells(segment: neo.Segment, description: Description) -> None:
    """Write on each signal whose cells it is of, so that PyNN's cells can be given as neurons."""
    for signal in signals_of(segment):
        signal.annotations["source_population"] = str(description["label"])
        ids = int(description["first_id"]) + np.asarray(signal.array_annotations["channel_index"]).astype(
            int
        )
        signal.array_annotations["channel_id"] = ids


def _shift(segment: neo.Segment, offset: int) -> None:
    if not offset:
        return
    for other in [*signals_of(segment), *segment.epochs]:
        other.array_annotations["channel_index"] = other.array_annotations["channel_index"] + offset
    for train in segment.spiketrains:
        train.annotations["channel_index"] += offset


def _together(parts: Sequence[neo.Segment], recorded: neo.Segment) -> neo.Segment:
    out = neo.Segment(
        name=recorded.name, description=recorded.description, rec_datetime=recorded.rec_datetime
    )
    out.annotate(**recorded.annotations)
    for part in parts:
        for kind in ("analogsignals", "irregularlysampledsignals", "epochs"):
            getattr(out, kind).extend(getattr(part, kind))
    trains.put(out, [train for part in parts for train in part.spiketrains])
    return out


def _of_assembly(
    assembly: Any, electrodes: Any, index: int | None, several: bool, neurons: Any
) -> list[neo.Segment]:
    # Each population is derived by itself: PyNN's merged Block shifts the channels of views wrongly.
    wanted = None if neurons is None else subset.indices(neurons, subset.in_assembly(assembly))
    if wanted is not None:
        subset.check(wanted, np.arange(assembly.size), "the assembly")
    parts, offset = [], 0
    for population in assembly.populations:
        places = _positions(population, offset)
        own = None if wanted is None else [i for i, place in places.items() if place in wanted]
        if own is None or own:
            segments = _all_segments(population, None, electrodes, index, several, own)
            for segment in segments:
                _renumber(segment, places)
            parts.append(segments)
        offset += population.size
    return [_together(segments, segments[0]) for segments in zip(*parts, strict=True)]


def _positions(population: Any, offset: int) -> dict[int, int]:
    """Index in the assembly of each index in the whole population."""
    root = root_of(population)
    indices = [int(cell) - int(root.first_id) for cell in population.all_cells]
    return {index: offset + place for place, index in enumerate(indices)}


def _renumber(segment: neo.Segment, positions: dict[int, int]) -> None:
    for other in [*signals_of(segment), *segment.epochs]:
        index = other.array_annotations["channel_index"]
        other.array_annotations["channel_index"] = [positions[int(i)] for i in index]
    for train in segment.spiketrains:
        train.annotations["channel_index"] = positions[train.annotations["channel_index"]]
