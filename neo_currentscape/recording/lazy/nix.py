"""Signals of NIX files that `neo.io.NixIO` wrote, which it can only read whole: slices of the file.

All else (names, annotations, spike trains, epochs) is read by Neo itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import neo
import numpy as np
import quantities as pq
from neo.io.proxyobjects import BaseProxy

from neo_currentscape.conventions import declared
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import timebase
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import LazySignal, LazyTimes


class NixProxy(BaseProxy):
    """A signal of a NIX file that is not loaded; what Neo calls a proxy.

    Parameters
    ----------
    arrays : list of nixio.DataArray
        One a channel.
    times : LazyTimes or tuple of Quantity
        As of a `LazySignal`.
    io : neo.io.NixIO
        The open file.
    **attributes
        Name, description and annotations.
    """

    _parent_objects = ("Segment",)

    def __init__(self, arrays: Sequence[Any], times: Any, io: Any, **attributes: Any) -> None:
        path = str(io.filename)
        # Neo closes the file when nobody needs its IO any more.
        self._io, self.arrays, self.lazy_times = io, list(arrays), times
        lengths = sorted({len(array) for array in arrays})
        if len(lengths) > 1:
            raise SignalError(
                f"Signal {attributes.get('name')!r} of {path!r} has channels of {lengths[0]} and "
                f"{lengths[-1]} samples: the file was cut short while it was written."
            )
        self.shape = (lengths[0], len(self.arrays))
        size = 8 * lengths[0] * len(self.arrays)
        declared.check(path, size, f"signal {attributes.get('name')!r}", declared.BY_CHUNK)
        self.units = attributes.pop("units")
        arrays_given = attributes.pop("array_annotations", None) or {}
        # A property of one value is read back as that value.
        channels = {key: np.atleast_1d(np.asarray(value)) for key, value in arrays_given.items()}
        attributes.setdefault("file_origin", path)
        BaseProxy.__init__(self, array_annotations=channels, **attributes)

    @property
    def proxy_for(self) -> type:
        """What `load` gives."""
        return neo.AnalogSignal if isinstance(self.lazy_times, tuple) else neo.IrregularlySampledSignal

    @property
    def t_start(self) -> Any:
        """Time of the first sample."""
        return self.lazy_times[0]

    @property
    def sampling_rate(self) -> Any:
        """Samples per time; None where it varies."""
        return self.lazy_times[1] if isinstance(self.lazy_times, tuple) else None

    def lazy_signal(self) -> LazySignal:
        """The same as a `LazySignal`."""
        values = LazyArray(self._read, self.shape)
        arrays = dict(self.array_annotations)
        return LazySignal(values, self.units, self.lazy_times, self.name, arrays, **self.annotations)

    def _read(self, first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
        wanted = self.arrays if channels is None else [self.arrays[k] for k in channels]
        out = np.empty((len(wanted), last - first))
        for row, array in zip(out, wanted, strict=True):
            row[:] = _slice(array, first, last, self.name)
        return out.T

    def load(
        self,
        time_slice: Any = None,
        strict_slicing: bool = True,
        channel_indexes: Any = None,
        magnitude_mode: str = "rescaled",
    ) -> Any:
        """Read the signal, or a slice of time of it; see `neo.io.proxyobjects.AnalogSignalProxy.load`.

        Returns
        -------
        neo.AnalogSignal or neo.IrregularlySampledSignal
        """
        signal = self.lazy_signal()
        if time_slice is not None:
            limits = [None if end is None else float(end.rescale("ms")) for end in time_slice]
            first = 0 if limits[0] is None else timebase.first_at(signal, limits[0])
            last = len(signal) if limits[1] is None else timebase.first_at(signal, limits[1])
            signal = signal[first:last]
        loaded = signal.load()
        return loaded if channel_indexes is None else loaded[:, channel_indexes]


def _slice(array: Any, first: int, last: int, name: str | None) -> np.ndarray:
    try:
        return np.asarray(array[first:last])
    except Exception as cause:  # h5py raises whatever the library underneath says
        raise SignalError(
            f"Samples {first} to {last - 1} of signal {name!r} could not be read from its NIX file "
            f"({type(cause).__name__}: {cause}): check that the file is whole."
        ) from cause


class LazyNixIO(neo.io.NixIO):
    """NixIO that leaves the values of signals in the file."""

    def _nix_to_neo_analogsignal(self, nix_da_group: Any) -> Any:
        return _proxy(self, nix_da_group, _regular_times)

    def _nix_to_neo_irregularlysampledsignal(self, nix_da_group: Any) -> Any:
        return _proxy(self, nix_da_group, _irregular_times)


def read(path: Any) -> list[neo.Block]:
    """Open a NIX file; its signals are proxies.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    list of neo.Block
    """
    return LazyNixIO(str(path), mode="ro").read_all_blocks()


def _proxy(io: Any, arrays: Sequence[Any], times_of: Any) -> NixProxy:
    attributes = io._nix_attr_to_neo(arrays[0])
    attributes["nix_name"] = arrays[0].metadata.name
    dimension = io._get_time_dimension(arrays[0])
    times = times_of(arrays[0], dimension, attributes)
    proxy = NixProxy(arrays, times, io, units=_quantity(1.0, arrays[0].unit), **attributes)
    io._neo_map[attributes["nix_name"]] = proxy
    for source in arrays[0].sources:
        io._ref_map.setdefault(source.name, []).append(proxy)
    return proxy


def _quantity(value: Any, unit: str | None) -> Any:
    from neo.io.nixio import create_quantity

    return create_quantity(value, unit or "dimensionless")


def _regular_times(array: Any, dimension: Any, attributes: dict[str, Any]) -> tuple[Any, Any]:
    period = _quantity(dimension.sampling_interval, dimension.unit)
    start = attributes.pop("t_start", None)
    start = _quantity(dimension.offset or 0.0, dimension.unit) if start is None else start
    # NixIO makes a signal of the period; its rate is then exactly this.
    return start, 1.0 / period


def _irregular_times(array: Any, dimension: Any, attributes: dict[str, Any]) -> LazyTimes:
    # Not dimension.ticks, which reads all of them.
    ticks = dimension._h5group.group["ticks"]

    def read(first: int, last: int, _: Any) -> np.ndarray:
        return _slice(ticks, first, last, attributes.get("name"))[:, None].astype(float)

    return LazyTimes(LazyArray(read, (len(ticks), 1)), pq.Quantity(1.0, dimension.unit or "s"))
