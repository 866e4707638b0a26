"""Times at which something other than the currents sets the voltage: resets and refractory periods.

They are marked by a `neo.Epoch` called "clamped". Its array annotation ``channel_index`` says which neuron
each stretch is of, the annotation ``site`` which place is meant; an Epoch without them is meant for all.
Both ends of a stretch belong to it. An Epoch may also have one ``channel_index`` for all of its stretches,
as earlier versions of this package wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.recording import sampling, timebase

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


def _limits(epochs: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Beginnings and ends of the stretches of some Epochs, in ms."""
    starts = np.concatenate([np.asarray(e.times.rescale("ms").magnitude, dtype=float) for e in epochs])
    lengths = [np.asarray(e.durations.rescale("ms").magnitude, dtype=float) for e in epochs]
    stops = starts + np.concatenate(lengths)
    if not (np.isfinite(starts) & np.isfinite(stops) & (stops >= starts)).all():
        at = int(np.argmax(~(np.isfinite(starts) & np.isfinite(stops) & (stops >= starts))))
        raise SignalError(
            f"The Epoch of clamped times has a stretch from {starts[at]:g} to {stops[at]:g} ms: give times "
            "that are finite, and durations of 0 or more."
        )
    return starts, stops


def _within(epochs: Sequence[Any], signal: Any) -> np.ndarray:
    starts, stops = _limits(epochs)
    starts, stops = np.sort(starts), np.sort(stops)
    out = np.zeros(signal.shape[0], dtype=bool)
    for first in range(0, len(out), timebase.CHUNK):
        rows = slice(first, min(first + timebase.CHUNK, len(out)))
        # With one neighbour, so that there is a step to compare with.
        times = timebase.float_times(signal, "ms", slice(max(0, first - 1), rows.stop))
        tolerance = sampling.TOLERANCE * np.diff(times).min()
        times = times[first - max(0, first - 1) :]
        begun = np.searchsorted(starts, times + tolerance, side="right")
        out[rows] = begun > np.searchsorted(stops, times - tolerance, side="left")
    return out


def masks(segment: neo.Segment, signal: Any, neurons: np.ndarray, site: str | None) -> np.ndarray:
    """Mark the samples of many neurons that the Epochs of a Segment say to be clamped, in one go.

    Parameters
    ----------
    segment : neo.Segment
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Whose samples are meant.
    neurons : ndarray of int, shape (neuron,)
    site : str or None

    Returns
    -------
    ndarray of bool, shape (time, neuron)
        Column by column what `mask` gives of `epochs_of`.

    Examples
    --------
    >>> segment = neo.Segment()
    >>> segment.epochs.append(epoch(np.array([1.0]), np.array([2.0]), np.array([7])))
    >>> signal = neo.AnalogSignal([[0.0, 0.0]] * 4, units="mV", sampling_period=1 * pq.ms)
    >>> masks(segment, signal, np.array([6, 7]), None).T
    array([[False, False, False, False],
           [False,  True,  True, False]])
    """
    times = timebase.float_times(signal, "ms")
    changes = np.zeros((len(times) + 1, len(neurons)), dtype=np.int32)
    tolerance = sampling.TOLERANCE * np.diff(times).min() if len(times) > 1 else 0.0
    order = np.argsort(neurons, kind="stable")
    for found in epochs_of(segment, None, site):
        starts, stops = _limits([found])
        first = np.searchsorted(times, starts - tolerance)
        last = np.searchsorted(times, stops + tolerance, side="right")
        index = found.array_annotations.get("channel_index", found.annotations.get("channel_index"))
        if index is None:
            for rows, change in ((first, 1), (last, -1)):
                counts = np.bincount(rows, minlength=len(changes)).astype(np.int32)
                changes += change * counts[:, np.newaxis]
            continue
        index = np.broadcast_to(np.asarray(index), starts.shape)
        low, high = (np.searchsorted(neurons, index, side=side, sorter=order) for side in ("left", "right"))
        mine = high > low
        np.add.at(changes, (first[mine], order[low[mine]]), 1)
        np.add.at(changes, (last[mine], order[low[mine]]), -1)
    return np.cumsum(changes[:-1], axis=0, out=changes[:-1]) > 0


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
        See `stretches`.
    """
    starts, stops, _ = stretches(marked[:, np.newaxis], timebase.float_times(signal, "ms"))
    return epoch(starts, stops, None if neuron is None else np.full(len(starts), neuron), site)


def stretches(marked: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn marked samples into stretches of time.

    Parameters
    ----------
    marked : ndarray of bool, shape (time, neuron)
    times : ndarray of float, shape (time,)
        In ms; at least two.

    Returns
    -------
    starts, stops : ndarray of float, shape (stretch,)
        In ms. Each stretch reaches from half an interval before its first sample to half an interval
        after its last one, so that rounding in a file changes nothing.
    columns : ndarray of int, shape (stretch,)
        Which of the neurons it belongs to.

    Examples
    --------
    >>> marked = np.array([[False], [True], [True], [False]])
    >>> stretches(marked, np.array([1.0, 2.0, 3.0, 4.0]))
    (array([1.5]), array([3.5]), array([0]))
    """
    half = np.diff(times) / 2
    borders = np.r_[times[0] - half[0], times[:-1] + half, times[-1] + half[-1]]
    padded = np.zeros((len(marked) + 2, marked.shape[1]), dtype=np.int8)
    padded[1:-1] = marked
    edges = np.diff(padded, axis=0).T  # neuron first: starts and stops then pair up in order
    columns, first = np.nonzero(edges == 1)
    return borders[first], borders[np.nonzero(edges == -1)[1]], columns


def epoch(
    starts: np.ndarray, stops: np.ndarray, neurons: np.ndarray | None = None, site: str | None = None
) -> neo.Epoch:
    """Make the Epoch that marks clamped times; all that this package writes are made here.

    Parameters
    ----------
    starts, stops : ndarray of float, shape (stretch,)
        In ms; both ends belong to a stretch.
    neurons : ndarray of int, shape (stretch,), optional
        The neuron that each stretch is of.
    site : str, optional
        The place that is meant.

    Returns
    -------
    neo.Epoch
        Named "clamped", sorted by time, with the neurons in ``array_annotations["channel_index"]``.

    Examples
    --------
    >>> made = epoch(np.array([5.0, 2.0]), np.array([6.0, 2.5]), np.array([0, 1]))
    >>> made.times, made.array_annotations["channel_index"]
    (array([2., 5.]) * ms, array([1, 0]))
    """
    starts, stops = np.asarray(starts, dtype=float), np.asarray(stops, dtype=float)
    order = np.argsort(starts, kind="stable") if neurons is None else np.lexsort((neurons, starts))
    return neo.Epoch(
        times=starts[order] * pq.ms,
        durations=(stops - starts)[order] * pq.ms,
        labels=np.full(len(order), NAME),
        name=NAME,
        array_annotations=None if neurons is None else {"channel_index": np.asarray(neurons)[order]},
        description="Something other than currents sets the voltage: the balance leaves these times out.",
        **({} if site is None else {"site": site}),
    )
