"""A Neo signal whose values, and times where they are irregular, stay in the file."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import neo
import numpy as np
import quantities as pq
from numpy.lib.mixins import NDArrayOperatorsMixin

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.recording.lazy.rows import LazyArray


class LazyTimes:
    """Times of samples, read where they are sliced; all else that a Quantity can do reads all.

    Parameters
    ----------
    values : LazyArray
        Shape (time, 1).
    units : Quantity

    Attributes
    ----------
    increase : bool
        Whether they were found to increase, and need not be read for that again.
    same : set of LazyTimes
        Those that were found to be the same.
    apart : bool
        Whether none of them repeats.
    """

    def __init__(self, values: LazyArray, units: Any) -> None:
        self.values, self.units = values, unit_tools.parse_units(units)
        self.increase = self.apart = False
        self.same: set[LazyTimes] = set()

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, (list, tuple)):
            return pq.Quantity([self._one(k) for k in key], self.units)
        found = self._one(key) if isinstance(key, (int, np.integer)) else self.values[key, 0]
        return pq.Quantity(found, self.units)

    def _one(self, key: Any) -> float:
        # Alone, and not with the chunk that follows it.
        at = range(len(self))[key]
        return float(self.values.read(at, at + 1)[0, 0])

    def first_at(self, time: float, units: str) -> int:
        """How many of them are before a time; a few of them are read."""
        factor = float(self.units.rescale(units))
        return bisect_left(range(len(self)), time, key=lambda k: factor * self._one(k))

    def load(self) -> pq.Quantity:
        """All of them, shape (time,)."""
        return pq.Quantity(np.asarray(self.values)[:, 0], self.units)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self.load().magnitude, dtype=dtype)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("values", "units", "increase", "same", "apart"):
            raise AttributeError(name)
        return getattr(self.load(), name)


class LazySignal(NDArrayOperatorsMixin):
    """A signal that is read where its values are asked for.

    It has the times, units and annotations of a `neo.AnalogSignal` (or of a
    `neo.IrregularlySampledSignal`), and passes for one. A slice of samples is unread as well;
    whatever needs the values, such as ``signal.magnitude`` or ``signal.rescale(...)``, reads all of
    them, each time anew, as `load` does.

    Parameters
    ----------
    values : LazyArray
        Shape (time, channel).
    units : Quantity or str
    times : LazyTimes or tuple of Quantity
        The times of the samples, or ``(t_start, sampling_rate)``.
    name : str
    array_annotations : dict, optional
        One value a channel.
    **annotations

    Examples
    --------
    >>> values = LazyArray(lambda first, last, _: np.arange(first, last, dtype=float)[:, None], (1000, 1))
    >>> signal = LazySignal(values, "nA", (0 * pq.ms, 10 * pq.kHz), "ramp")
    >>> signal.shape, signal[990:].load().max()
    ((1000, 1), array(999.) * nA)
    """

    ndim = 2
    dtype = np.dtype(np.float64)
    # What else a Neo object has.
    segment = None
    file_origin = None
    description = None

    def __init__(
        self,
        values: LazyArray,
        units: Any,
        times: LazyTimes | tuple[Any, Any],
        name: str | None = None,
        array_annotations: Any = None,
        **annotations: Any,
    ) -> None:
        self.lazy_values, self.lazy_times = values, times
        self.units, self.name = unit_tools.parse_units(units), name
        self.array_annotations = dict(array_annotations or {})
        self.annotations = annotations

    @property
    def is_regular(self) -> bool:
        """Whether there is one sampling interval."""
        return isinstance(self.lazy_times, tuple)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        # What asks whether it is an AnalogSignal wants to know how it is sampled.
        return neo.AnalogSignal if self.is_regular else neo.IrregularlySampledSignal

    @property
    def shape(self) -> tuple[int, int]:
        """Samples and channels."""
        return self.lazy_values.shape

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def dimensionality(self) -> Any:
        """Of the units."""
        return self.units.dimensionality

    @property
    def sampling_rate(self) -> Any:
        """Samples per time; None where it varies."""
        return self.lazy_times[1] if isinstance(self.lazy_times, tuple) else None

    @property
    def sampling_period(self) -> Any:
        """Time between two samples; None where it varies."""
        return 1.0 / self.lazy_times[1] if isinstance(self.lazy_times, tuple) else None

    @property
    def t_start(self) -> Any:
        """Time of the first sample."""
        return self.lazy_times[0]

    @property
    def t_stop(self) -> Any:
        """One sampling interval after the last sample, or the last sample where that varies."""
        if isinstance(self.lazy_times, tuple):
            return self.t_start + self.shape[0] / self.lazy_times[1]
        return self.lazy_times[-1]

    @property
    def duration(self) -> Any:
        """From the beginning to the end."""
        return self.t_stop - self.t_start

    @property
    def times(self) -> Any:
        """Times of the samples, Quantity of shape (time,); unread where they are irregular."""
        if isinstance(self.lazy_times, tuple):
            return self.t_start + np.arange(self.shape[0]) / self.lazy_times[1]
        return self.lazy_times

    def annotate(self, **annotations: Any) -> None:
        """Add annotations."""
        self.annotations.update(annotations)

    def load(self) -> Any:
        """Read all values.

        Returns
        -------
        neo.AnalogSignal or neo.IrregularlySampledSignal
        """
        numbers, arrays = np.asarray(self.lazy_values), self.array_annotations or None
        notes = {"name": self.name, "array_annotations": arrays, **self.annotations}
        if isinstance(self.lazy_times, tuple):
            t_start, rate = self.lazy_times
            return neo.AnalogSignal(numbers, units=self.units, t_start=t_start, sampling_rate=rate, **notes)
        return neo.IrregularlySampledSignal(self.lazy_times.load(), numbers, units=self.units, **notes)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice) or key.step not in (None, 1):
            return self.load()[key]
        first, last, _ = key.indices(len(self))
        values = self.lazy_values.cut(first, last)
        times: Any
        if isinstance(self.lazy_times, tuple):
            t_start, rate = self.lazy_times
            times = (t_start + (first / rate).rescale(t_start.units), rate)
        else:
            times = LazyTimes(self.lazy_times.values.cut(first, last), self.lazy_times.units)
        arrays, notes = dict(self.array_annotations), dict(self.annotations)
        return LazySignal(values, self.units, times, self.name, arrays, **notes)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.lazy_values.__array__(dtype, copy)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        loaded = [one.load() if is_lazy(one) else one for one in inputs]
        return getattr(ufunc, method)(*loaded, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name.startswith("lazy_"):
            raise AttributeError(name)
        return getattr(self.load(), name)

    def __repr__(self) -> str:
        unit = unit_tools.label(self.units) or "no unit"
        return f"LazySignal {self.name!r} of shape {self.shape} ({unit}), read when it is asked for"


def is_lazy(signal: Any) -> bool:
    """Whether the values of a signal are still in their file."""
    return type(signal) is LazySignal


def lazy_array(signal: Any) -> LazyArray | None:
    """The unread values of a signal; None where they are in memory."""
    return signal.lazy_values if is_lazy(signal) else None


def lazy_times_of(signal: Any) -> Any:
    """The times of a signal in the form that a `LazySignal` takes.

    Returns
    -------
    LazyTimes or tuple of Quantity
    """
    if is_lazy(signal):
        return signal.lazy_times
    if isinstance(signal, neo.AnalogSignal):
        return signal.t_start, signal.sampling_rate
    numbers = np.asarray(signal.times.magnitude, dtype=float)[:, None]
    return LazyTimes(
        LazyArray(lambda first, last, _: numbers[first:last].copy(), numbers.shape), signal.times.units
    )
