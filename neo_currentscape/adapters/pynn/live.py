"""The recordings of a population of the running simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.pynn import matching, quick
from neo_currentscape.adapters.pynn.description import root_of
from neo_currentscape.conventions.errors import SignalError


def recorded(source: Any) -> Any:
    """What a population recorded; a Block or Segment as it is.

    Parameters
    ----------
    source : pyNN Population or PopulationView, neo.Block or neo.Segment

    Returns
    -------
    neo.Block or neo.Segment
        Of a view its neurons only.

    Raises
    ------
    SignalError
        When it has not run yet, or PyNN cannot give what it recorded.
    """
    if isinstance(source, (neo.Block, neo.Segment)):
        return source
    root = root_of(source)
    recorder = root.recorder
    if not recorder._simulator.state.running and not list(recorder.cache):
        raise SignalError(
            f"Population {root.label!r} holds no recording yet: call sim.run(...) before to_segment."
        )
    if recorder.clear_flag and recorder._simulator.state.t * pq.ms == recorder._recording_start_time:
        raise SignalError(
            f"Population {root.label!r} holds no recording since get_data(clear=True): take the currents "
            "of the Block that it gave, or call sim.run(...) first."
        )
    matching.check_recorded(source)
    if root._simulator.name == "Brian2" and source is not root:
        # PyNN cannot take part of what Brian2 recorded.
        return _only(_data(root), [int(cell) - int(root.first_id) for cell in source.all_cells], root)
    return _data(source)


def _data(population: Any) -> neo.Block:
    try:
        with quick.reading(root_of(population).recorder):
            block = population.get_data()
    except (IndexError, KeyError, ValueError) as cause:
        raise _begun_late(population, f"{type(cause).__name__}: {cause}") from cause
    state = population._simulator.state
    for signal in block.segments[-1].analogsignals if state.running else ():
        period = float(signal.sampling_period.rescale("ms"))
        if float(signal.t_stop.rescale("ms")) < state.t - 2 * period:
            raise _begun_late(population, f"{signal.name!r} holds {signal.shape[0]} samples")
    return block


def _begun_late(population: Any, what: str) -> SignalError:
    return SignalError(
        f"PyNN cannot give the recordings of population {population.label!r} ({what}), as when they begin "
        "in the middle of a run: call pynn.record_currents(population) before the first sim.run(...)."
    )


def _only(block: neo.Block, neurons: Sequence[int], root: Any) -> neo.Block:
    """The recordings of some neurons of a population."""
    for segment in block.segments:
        for kind in ("analogsignals", "irregularlysampledsignals"):
            signals = list(getattr(segment, kind))
            columns = [np.isin(s.array_annotations["channel_index"], neurons) for s in signals]
            kept = [s[:, np.flatnonzero(c)] for s, c in zip(signals, columns, strict=True) if c.any()]
            setattr(segment, kind, kept)
        wanted = {neuron + int(root.first_id) for neuron in neurons}
        trains = [t for t in segment.spiketrains if int(t.annotations["channel_id"]) in wanted]
        segment.spiketrains = trains
    return block
