"""What file formats lose of PyNN's recordings, as far as it can be known again.

MATLAB files lose the index of each channel and keep the ids of the cells; NWB files lose both, and give
signals names of their own ("segment000 v 2").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn.trains import are_arrays
from neo_currentscape.conventions.roles import plain_name
from neo_currentscape.recording import values
from neo_currentscape.recording.inventory import put_signals, signals_of


def restored(segment: neo.Segment, description: Mapping[str, Any]) -> neo.Segment:
    """The Segment with PyNN's names, and the index of each channel where it follows from what is left.

    Parameters
    ----------
    segment : neo.Segment
        As it was read; not changed.
    description : dict
        Of its population.

    Returns
    -------
    neo.Segment
        The same one where nothing is missing.
    """
    signals = list(signals_of(segment))
    trains = _trains(segment, description)
    if all(_is_whole(signal) for signal in signals) and trains is segment.spiketrains:
        return segment
    out = neo.Segment(name=segment.name)
    out.annotate(**segment.annotations)
    out.spiketrains.extend(trains)
    put_signals(out, [s if _is_whole(s) else _named(s, description) for s in signals])
    return out


def _is_whole(signal: Any) -> bool:
    index = signal.array_annotations.get("channel_index")
    return index is not None and len(index) == signal.shape[1]


def _named(signal: Any, description: Mapping[str, Any]) -> Any:
    out = values.copy_of(signal)
    out.name = plain_name(str(signal.name))
    index = _index(signal, description)
    if index is not None:
        out.array_annotations["channel_index"] = index
    return out


def _index(signal: Any, description: Mapping[str, Any]) -> np.ndarray | None:
    ids = signal.annotations.get("channel_ids")
    if ids is not None and np.size(ids) == signal.shape[1]:
        return np.atleast_1d(np.asarray(ids)).astype(int) - int(description["first_id"])
    if signal.shape[1] == description["size"]:
        # PyNN writes the cells of a population in their order.
        return np.arange(signal.shape[1])
    return None


def _trains(segment: neo.Segment, description: Mapping[str, Any]) -> Any:
    """The spike trains, those of a whole population with the ids that they have lost."""
    trains = segment.spiketrains
    if are_arrays(trains):
        return trains
    lost = [train for train in trains if "channel_id" not in train.annotations]
    if not lost or len(lost) != description["size"]:
        return trains
    first = int(description["first_id"])
    out = []
    for index, train in enumerate(lost):
        notes = {**train.annotations, "channel_id": first + index, "source_index": index}
        times = {"t_start": train.t_start, "t_stop": train.t_stop}
        out.append(neo.SpikeTrain(train.times, name=train.name, **times, **notes))
    return out
