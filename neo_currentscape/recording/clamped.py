"""Times at which something other than the currents sets the voltage: resets and refractory periods.

Adapters mark them with a `neo.Epoch` called "clamped". Its ``channel_index``, one for the whole Epoch
or one for each of its stretches, says which neuron is meant, and the annotation ``site`` which place;
an Epoch without them is meant for all. Both ends of a stretch belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.recording import timebase

#: Name of the Epochs.
NAME = "clamped"


def epochs_of(segment: neo.Segment, neuron: int | None, site: str | None) -> list[Any]:
    """Find the Epochs of a Segment that mark clamped samples of one neuron and site.

    Parameters
    ----------
    segment : neo.Segment
    neuron : int or None
        None takes the Epochs of all neurons, as there is only one.
    site : str or None

    Returns
    -------
    list of neo.Epoch
        With the stretches of that neuron only; those without any are left out.
    """
    found = []
    for epoch in segment.epochs:
        if epoch.name != NAME or epoch.annotations.get("site", site) != site:
            continue
        epoch = epoch.load() if hasattr(epoch, "load") else epoch
        mine = np.full(len(epoch), True)
        index = epoch.array_annotations.get("channel_index", epoch.annotations.get("channel_index"))
        if index is not None and neuron is not None:
            mine &= np.asarray(index) == neuron
        if mine.any():
            found.append(epoch[mine])
    return found


def mask(given: Any, signal: Any) -> np.ndarray | None:
    """Mark the samples that are clamped.

    Parameters
    ----------
    given : ndarray of bool of shape (time,), neo.Epoch, sequence of neo.Epoch, or None
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Whose samples are meant.

    Returns
    -------
    ndarray of bool, shape (time,), or None
        None where no sample is clamped.

    Raises
    ------
    SignalError
        When a mask has another length than the signal.
    ArgumentTypeError
        When it is neither a mask nor an Epoch.
    """
    if given is None or (isinstance(given, Sequence) and not given):
        return None
    if isinstance(given, neo.Epoch):
        given = [given]
    if isinstance(given, Sequence) and len(given) == 0:
        return None
    if isinstance(given, Sequence) and all(isinstance(one, neo.Epoch) for one in given):
        marked = _within(given, signal)
    else:
        marked = np.array(given)
        if marked.dtype != bool:
            raise ArgumentTypeError(
                f"clamped= takes a mask of True and False or a neo.Epoch, not {type(given).__name__} of "
                f"{marked.dtype}."
            )
        if marked.shape != (signal.shape[0],):
            raise SignalError(
                f"clamped has shape {marked.shape} where the currents have {signal.shape[0]} samples: "
                "give one value for each sample."
            )
    return marked if marked.any() else None


def _within(epochs: Sequence[Any], signal: Any) -> np.ndarray:
    starts = np.concatenate([np.asarray(e.times.rescale("ms").magnitude, dtype=float) for e in epochs])
    lengths = [np.asarray(e.durations.rescale("ms").magnitude, dtype=float) for e in epochs]
    starts, stops = np.sort(starts), np.sort(starts + np.concatenate(lengths))
    out = np.zeros(signal.shape[0], dtype=bool)
    for first in range(0, len(out), timebase.CHUNK):
        rows = slice(first, min(first + timebase.CHUNK, len(out)))
        # With one neighbour, so that there is a step to compare with.
        times = timebase.float_times(signal, "ms", slice(max(0, first - 1), rows.stop))
        tolerance = timebase.TOLERANCE * np.diff(times).min()
        times = times[first - max(0, first - 1) :]
        begun = np.searchsorted(starts, times + tolerance, side="right")
        out[rows] = begun > np.searchsorted(stops, times - tolerance, side="left")
    return out


def to_epoch(marked: np.ndarray, signal: Any, neuron: int | None, site: str | None) -> Any:
    """Write a mask as an Epoch, from which `mask` makes the same mask again.

    Parameters
    ----------
    marked : ndarray of bool, shape (time,)
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Whose samples are meant.
    neuron, site : optional
        Written into the annotations where known.

    Returns
    -------
    neo.Epoch
        Each stretch reaches from half an interval before its first sample to half an interval
        after its last one, so that rounding in a file changes nothing.
    """
    import quantities as pq

    times = timebase.float_times(signal, "ms")
    borders = np.concatenate([times[:1], (times[:-1] + times[1:]) / 2, times[-1:]])
    steps = np.diff(np.concatenate([[0], marked.astype(np.int8), [0]]))
    starts, stops = borders[np.flatnonzero(steps == 1)], borders[np.flatnonzero(steps == -1)]
    notes: dict[str, Any] = {"channel_index": neuron, "site": site}
    return neo.Epoch(
        times=starts * pq.ms,
        durations=(stops - starts) * pq.ms,
        labels=np.full(len(starts), NAME),
        name=NAME,
        **{key: value for key, value in notes.items() if value is not None},
    )
