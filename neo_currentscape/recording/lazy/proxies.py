"""Reading Neo's proxies, which its IOs give with ``lazy=True``, by the numbers of samples."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, UnitsError
from neo_currentscape.recording.lazy.rows import LazyArray, chunk_rows
from neo_currentscape.recording.lazy.signal import LazySignal, LazyTimes

#: Two times of samples count as one if they differ by less than this part of an interval.
TOLERANCE = 0.25


def as_lazy(signal: Any) -> Any:
    """Make a `LazySignal` of a Neo proxy, and give any other signal back as it is.

    Parameters
    ----------
    signal : neo signal or proxy

    Returns
    -------
    neo signal or LazySignal

    Raises
    ------
    UnitsError
        When a proxy has no units.
    SignalError
        When it has no samples, or no sampling rate.
    """
    if type(signal) is LazySignal or not hasattr(signal, "load"):
        return signal
    if not hasattr(signal, "shape"):
        return signal.load()  # what can only be loaded whole
    if not hasattr(signal, "annotations"):
        return signal  # a labelled array of another library (xarray), which has a `load` of its own
    if hasattr(signal, "lazy_signal"):  # a proxy of ours knows better what it is
        return signal.lazy_signal()
    if getattr(signal, "units", None) is None:
        raise UnitsError(
            f"The lazily read signal {_name(signal)} has no units, so nothing says what its values are: "
            "load it, and make an AnalogSignal with units=... of it."
        )
    if signal.shape[0] == 0:
        raise SignalError(f"The lazily read signal {_name(signal)} holds no samples: check its file.")
    if signal.sampling_rate is None:
        return _irregular(signal)
    t_start, rate = _times(signal)

    def read(first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
        return _read(signal, first, last, channels)

    values = LazyArray(read, tuple(signal.shape))
    given = getattr(signal, "array_annotations", None) or {}
    arrays = {key: np.array(value) for key, value in given.items()}
    notes = dict(signal.annotations)
    return LazySignal(values, signal.units, (t_start, rate), signal.name, arrays, **notes)


def _irregular(signal: Any) -> Any:
    """NWB keeps the times of such a signal beside it, and its proxy cannot be sliced by samples."""
    series = getattr(signal, "_timeseries", None)
    if series is None or series.timestamps is None:
        raise SignalError(
            f"The lazily read signal {_name(signal)} has neither a sampling rate nor times: load it, and "
            "give it one or the other."
        )
    shape = (signal.shape[0], signal.shape[1] if len(signal.shape) > 1 else 1)

    def read(first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
        found = np.asarray(series.data[first:last], dtype=float).reshape(-1, shape[1])
        return found if channels is None else found[:, channels]

    def read_times(first: int, last: int, _: Any) -> np.ndarray:
        return np.asarray(series.timestamps[first:last], dtype=float)[:, None]

    times = LazyTimes(LazyArray(read_times, (shape[0], 1)), pq.s)
    return LazySignal(LazyArray(read, shape), signal.units, times, signal.name, **signal.annotations)


def _times(signal: Any) -> tuple[Any, Any]:
    """Time of the first sample and sampling rate, as they stand in the file."""
    found = (signal.t_start, signal.sampling_rate)
    reader: Any = getattr(signal, "_rawio", None)
    if "NIXRawIO" not in [kind.__name__ for kind in type(reader).__mro__]:
        return found
    # Neo takes the numbers of a NIX file for seconds, whatever unit they have there.
    segment = reader.da_list["blocks"][signal._block_index]["segments"][signal._seg_index]
    stored = segment["data"][int(signal._global_channel_indexes[0])]
    dimension, note = stored.dimensions[0], stored.metadata.props
    period = pq.Quantity(dimension.sampling_interval, dimension.unit or "s")
    start = pq.Quantity(dimension.offset or 0.0, dimension.unit or "s")
    if "t_start" in note:
        start = pq.Quantity(note["t_start"].values[0], note["t_start"].unit or "s")
    return start, 1.0 / period


def _read(signal: Any, first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
    """The samples first to last - 1 of some channels of a proxy, and exactly those."""
    can_choose = channels is None or "channel_indexes" in inspect.signature(signal.load).parameters
    # An IO that reads all channels does so in steps of a chunk of all of them.
    step = last - first if can_choose else chunk_rows(signal.shape[1])
    options = {} if channels is None or not can_choose else {"channel_indexes": list(channels)}
    out = np.empty((signal.shape[1] if channels is None else len(channels), last - first)).T
    for begin in range(first, last, max(1, step)):
        end = min(begin + step, last)
        part = _load(signal, begin, end, options)
        numbers = part.rescale(units.parse_units(signal.units)).magnitude.reshape(end - begin, -1)
        out[begin - first : end - first] = numbers if can_choose else numbers[:, channels]
    return out


def _load(signal: Any, first: int, last: int, options: dict[str, Any]) -> Any:
    # Proxies take times, and round them to the nearest sample.
    start, rate = signal.t_start, signal.sampling_rate
    window = tuple(start + (k / rate).rescale(start.units) for k in (first, last))
    try:
        part = signal.load(time_slice=window, strict_slicing=False, **options)
    except Exception as cause:  # each format's library raises its own
        raise SignalError(
            f"Samples {first} to {last - 1} of the lazily read signal {_name(signal)} could not be read "
            f"({type(cause).__name__}: {cause}): check that the file is whole."
        ) from cause
    _check(signal, part, first, last)
    return part


def _check(signal: Any, part: Any, first: int, last: int) -> None:
    """A chunk that begins or ends elsewhere than asked for would leave a hole, or overlap."""
    place = float(((part.t_start - signal.t_start) * signal.sampling_rate).simplified)
    if len(part) == last - first and abs(place - first) < TOLERANCE:
        return
    stop = place + len(part)
    kind = "leaves a hole" if place > first or stop < last else "overlaps others"
    raise SignalError(
        f"A chunk of the lazily read signal {_name(signal)} {kind}: samples {first} to {last - 1} were "
        f"asked for, and {len(part)} from {place:g} on came: check that the file is whole, or load it."
    )


def _name(signal: Any) -> str:
    # Formats that keep strings in arrays give numpy's own, of which the repr is none of ours.
    return repr(None if signal.name is None else str(signal.name))
