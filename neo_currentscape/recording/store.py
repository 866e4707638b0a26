"""A Recording as a Neo Segment, which any Neo IO can save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import neo

from neo_currentscape.recording import clamped, values
from neo_currentscape.recording.inventory import put_signals

if TYPE_CHECKING:
    from neo_currentscape.recording.recording import Recording


def to_segment(recording: Recording, parts: Sequence[str]) -> neo.Segment:
    """Write a Recording as a Segment; see `Recording.to_segment`.

    Parameters
    ----------
    recording : Recording
    parts : sequence of str
        Names of its signals, in the order in which they are stored.

    Returns
    -------
    neo.Segment
        The signals share their values with those of the Recording.
    """
    segment = neo.Segment(name="neo-currentscape recording")
    signals = []
    for part in parts:
        signal = getattr(recording, part)
        if signal is None:
            continue
        signal = values.copy_of(signal)
        if recording.area is not None:
            signal.annotate(area=recording.area)
        signals.append(signal)
    put_signals(segment, signals)
    if recording.clamped is not None:
        segment.epochs.append(
            clamped.to_epoch(recording.clamped, recording.currents, recording.neuron, recording.site)
        )
    return segment
