"""The dominant current: which one carries the largest share, as a Neo Epoch."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.experiments.distribution import share_blocks
from neo_currentscape.experiments.source import as_scape
from neo_currentscape.recording import timebase
from neo_currentscape.reduction.split import check_direction

#: Stands for "no current flows in that direction".
NONE = -1


def dominant(
    source: Any,
    direction: str = "inward",
    *,
    min_duration: pq.Quantity = 0 * pq.ms,
    **selection: Any,
) -> neo.Epoch:
    """Find which current carries the largest share at each time.

    Parameters
    ----------
    source : Currentscape, Recording, neo.Segment or neo.Block
    direction : {"outward", "inward"}, default "inward"
    min_duration : Quantity, default 0 ms
        Shorter periods go to the one before them (at the beginning, to the one after).
    **selection
        For a Segment: keywords of `Recording.from_segment`.

    Returns
    -------
    neo.Epoch
        One period after the other, in ms, without those in which nothing flows in that direction, or
        which are gaps; labels are the names of the currents. Each sample stands for the time around
        it. Annotated with ``direction``.

    Raises
    ------
    SignalError
        When no current flows in that direction at all.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[-1, -2], [-1, -2], [-3, -2]],
    ...     units="nA",
    ...     sampling_period=1 * pq.ms,
    ...     array_annotations={"name": ["Na", "Ca"]},
    ... )
    >>> found = dominant(ncs.Recording(currents))
    >>> found.labels.tolist(), found.durations
    (['Ca', 'Na'], array([2., 1.]) * ms)
    """
    check_direction(direction)
    scape = as_scape(source, **selection)
    least = units.scalar(min_duration, "ms", "min_duration")
    if least < 0:
        raise ArgumentError(f"min_duration is {least:g} ms: give 0 ms or more.")
    index = np.empty(len(scape.recording), dtype=np.int32)
    for rows, part in share_blocks(scape, direction):
        index[rows] = np.where(part.max(axis=1) > 0, part.argmax(axis=1), NONE)
    borders = _borders(scape)
    starts = _merged(index, borders, least)
    kept = index[starts] != NONE
    if not kept.any():
        raise SignalError(
            f"No {direction} current flows at any time: ask for the other direction, or check sign=... "
            "when you make the Recording."
        )
    begin, end = borders[starts], borders[np.r_[starts[1:], len(index)]]
    names = np.array(scape.names, dtype="U")
    return neo.Epoch(
        begin[kept],
        (end - begin)[kept],
        labels=names[index[starts[kept]]],
        units="ms",
        name=f"dominant {direction} current",
        direction=direction,
    )


def _borders(scape: Any) -> np.ndarray:
    """Where the time of each sample begins, and where that of the last ends, in ms."""
    signal = scape.recording.currents
    times = timebase.float_times(signal, "ms")
    if timebase.is_regular(signal):
        half = float(signal.sampling_period.rescale("ms")) / 2
        return np.r_[times - half, times[-1] + half]
    return np.r_[times[0], (times[1:] + times[:-1]) / 2, times[-1]]


def _merged(index: np.ndarray, borders: np.ndarray, least: float) -> np.ndarray:
    """First samples of the periods, after short ones went to a neighbour."""
    starts = np.r_[0, np.flatnonzero(np.diff(index)) + 1]
    durations = np.diff(borders[np.r_[starts, len(index)]])
    # Up to rounding; what was not recorded is never given to a current.
    short = (durations < least * (1 - 1e-9)) & (index[starts] != NONE)
    if not short.any() or short.all():
        return starts
    starts = starts[~short]
    starts[0] = 0 if index[0] != NONE else starts[0]
    same = np.r_[False, index[starts[1:]] == index[starts[:-1]]]
    return starts[~same]
