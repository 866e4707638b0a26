"""Values: finite or not, in which unit, in which direction; and new signals like old ones."""

from __future__ import annotations

import inspect
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import LazySignal, is_lazy, lazy_times_of
from neo_currentscape.recording.sampling import regular_step
from neo_currentscape.recording.timebase import LATEST, float_times, is_regular

#: Rows that are looked at together; keeps temporary arrays inside the processor's cache.
BLOCK = 1 << 16


#: What tells Neo to share the values: None since 0.14, False before.
_NO_COPY = inspect.signature(neo.AnalogSignal.__new__).parameters["copy"].default and False


def magnitudes(signal: Any) -> Any:
    """The plain numbers of a signal in its own unit, shape (time, channel), without a copy.

    Of a lazily read signal they are a `LazyArray`, which is read where it is sliced.
    """
    return signal.lazy_values if is_lazy(signal) else signal.view(np.ndarray)


def bad_rows(values: np.ndarray) -> np.ndarray | None:
    """Find the samples that hold NaN or infinite values.

    Parameters
    ----------
    values : ndarray, shape (time, channel)

    Returns
    -------
    ndarray of bool, shape (time,), or None
        None when every value is finite, which costs no temporary array.
    """
    # A sum is finite only if all its terms are; it may still overflow, so look closer then.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum(dtype=float)):
            return None
    bad = np.empty(len(values), dtype=bool)
    for start in range(0, len(values), BLOCK):
        stop = start + BLOCK
        np.logical_not(np.isfinite(values[start:stop]).all(axis=1), out=bad[start:stop])
    return bad if bad.any() else None


def refuse_bad_rows(signal: Any, bad: np.ndarray, what: str) -> None:
    """Raise the error for a signal with NaN or infinite values.

    Raises
    ------
    SignalError
        Which names the signal and the first time.
    """
    row = int(np.argmax(bad))
    found = magnitudes(signal)[row]
    value = found[~np.isfinite(found)][0]
    time = float_times(signal, "ms")[row]
    count = f"in {int(bad.sum())} of {len(bad)} samples"
    raise SignalError(
        f"{what} is {value} at {time:g} ms ({count}): mend the recording, or write nan='gap' to leave "
        "those times blank."
    )


def like(signal: Any, values: np.ndarray, unit: Any, name: str, **annotations: Any) -> Any:
    """Make a Neo signal with the times of another.

    Parameters
    ----------
    signal : neo.AnalogSignal or neo.IrregularlySampledSignal
        Whose times are taken.
    values : ndarray, shape (time, channel)
        Not copied.
    unit : Quantity or str
        Unit of the values.
    name : str
        Name of the new signal.
    **annotations
        Annotations, and ``array_annotations=``.

    Returns
    -------
    neo.AnalogSignal or neo.IrregularlySampledSignal
        Of the same kind as `signal`.
    """
    unit = units.parse_units(unit)
    if isinstance(values, LazyArray):
        return LazySignal(values, unit, lazy_times_of(signal), name, **annotations)
    if is_regular(signal):
        return neo.AnalogSignal(
            values,
            units=unit,
            t_start=signal.t_start,
            sampling_rate=signal.sampling_rate,
            name=name,
            copy=_NO_COPY,
            **annotations,
        )
    return neo.IrregularlySampledSignal(signal.times, values, units=unit, name=name, **annotations)


def time_axis(times: np.ndarray, step: float | None = None, unit: str = "ms") -> Any:
    """Times as a signal without channels, for `like`.

    Parameters
    ----------
    times : ndarray, shape (time,)
    step : float, optional
        As for `neo_currentscape.recording.sampling.regular_step`.
    unit : str
        Of times and step.

    Returns
    -------
    neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, 0); the former where the times are regular.

    Raises
    ------
    SignalError
        When a time is not finite.

    Examples
    --------
    >>> axis = time_axis(np.array([0.5, 0.6, 0.7]))
    >>> type(axis).__name__, axis.shape, axis.t_start
    ('AnalogSignal', (3, 0), array(0.5) * ms)
    """
    times = np.asarray(times, dtype=float)
    bad = ~(np.abs(times) < LATEST)
    if bad.any():
        at = int(np.argmax(bad))
        raise SignalError(
            f"The times hold {times[at]:g}, at sample {at} of {len(times)}: give the time of each sample."
        )
    found, nothing, one = regular_step(times, step), np.empty((len(times), 0)), pq.Quantity(1.0, unit)
    if found is None:
        return neo.IrregularlySampledSignal(times * one, nothing, units="dimensionless")
    return neo.AnalogSignal(
        nothing, units="dimensionless", t_start=times[0] * one, sampling_period=found * one
    )


def copy_of(signal: Any) -> Any:
    """Make a second signal object with the same times, values (shared) and annotations."""
    arrays = {key: np.array(value) for key, value in signal.array_annotations.items()}
    numbers, annotations = magnitudes(signal), dict(signal.annotations)
    return like(signal, numbers, signal.units, signal.name, array_annotations=arrays, **annotations)


def blank(values: np.ndarray, gaps: np.ndarray | None) -> np.ndarray:
    """Return the values with NaN in the rows of gaps; the same array where there are none."""
    if gaps is None:
        return values
    blanked = np.array(values, dtype=float)
    blanked[gaps] = np.nan
    return blanked
