"""A recording in another unit of its currents, which are read where they are, and not before."""

from __future__ import annotations

from copy import copy
from typing import Any

from neo_currentscape.conventions import units
from neo_currentscape.recording import values
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.recording import Recording


def in_unit(recording: Recording, unit: str) -> Recording:
    """The same recording with its currents, and their noise, in another unit.

    Parameters
    ----------
    recording : Recording
    unit : str
        Of the kind that the currents have.

    Returns
    -------
    Recording

    Raises
    ------
    UnitsError
        When the unit is of another kind.

    Examples
    --------
    >>> import neo, quantities as pq
    >>> signal = neo.AnalogSignal([[1.0], [-2.0]], units="nA", sampling_period=1 * pq.ms, name="K")
    >>> in_unit(Recording(signal), "pA").currents.magnitude[:, 0]
    array([ 1000., -2000.])
    """
    found = copy(recording)
    found.currents = _scaled(recording.currents, unit)
    found.noise = None if recording.noise is None else _scaled(recording.noise, unit)
    return found


def _scaled(signal: Any, unit: str) -> Any:
    factor, numbers = units.factor(signal.units, unit), values.magnitudes(signal)
    scaled: Any = factor * numbers if not isinstance(numbers, LazyArray) else _read_scaled(numbers, factor)
    notes = {**signal.annotations, "array_annotations": dict(signal.array_annotations)}
    return values.like(signal, scaled, unit, signal.name, **notes)


def _read_scaled(numbers: LazyArray, factor: float) -> LazyArray:
    def read(first: int, last: int, channels: Any) -> Any:
        return factor * numbers.read(first, last, channels)

    return LazyArray(read, numbers.shape)
