"""The values of one variable for one neuron, as arrays."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.amplifier import check_offset
from neo_currentscape.conventions.errors import UnitsError
from neo_currentscape.recording import time_checks, timebase
from neo_currentscape.recording.inventory import Variable


def column_of(variable: Variable, neuron: int | None) -> int | None:
    """The channel of a neuron; None where it was not recorded."""
    if variable.neurons is None or neuron is None:
        return int(variable.columns[0])
    hits = np.flatnonzero(variable.neurons == neuron)
    return int(variable.columns[hits[0]]) if len(hits) else None


def signal_of(variable: Variable, place: str = "") -> Any:
    """The signal of a variable in memory.

    Parameters
    ----------
    variable : Variable
    place : str
        Where it is, for the error.

    Raises
    ------
    SignalError
        When its times cannot be.
    """
    signal = variable.signal.load() if hasattr(variable.signal, "load") else variable.signal
    time_checks.check_signal(signal, f"{place}{': ' if place else ''}Signal {variable.name!r}")
    check_offset(signal, f"Signal {variable.name!r}")
    return signal


def values_of(variable: Variable, neuron: int | None, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Times in ms, and values in a unit, shape (time,)."""
    signal = signal_of(variable)
    column = column_of(variable, neuron)
    if not unit_tools.same_dimension(variable.units, unit_tools.parse_units(unit)):
        found = unit_tools.label(variable.units) or "no unit"
        raise UnitsError(
            f"{variable.name!r} is in {found}, where {unit} is needed: write "
            f"units={{{variable.name!r}: {unit!r}}}."
        )
    factor = _factor(variable.units.dimensionality.string, unit)
    values = np.asarray(signal.magnitude[:, column], dtype=float) * factor
    return _times(signal), values


@lru_cache(maxsize=256)
def _factor(stored: str, wanted: str) -> float:
    return float(unit_tools.parse_units(stored).rescale(wanted))


def _times(signal: Any) -> np.ndarray:
    """Times in ms; one array, which is not to be written, for all sweeps that are sampled alike."""
    if not timebase.is_regular(signal):
        return np.asarray(signal.times.rescale("ms").magnitude, dtype=float)
    rate = signal.sampling_rate
    return _grid(len(signal), begin_of(signal), float(rate.magnitude), rate.dimensionality.string)


def begin_of(signal: Any) -> float:
    """Time of the first sample in ms."""
    start = signal.t_start
    return float(start.magnitude) * _factor(start.dimensionality.string, "ms")


@lru_cache(maxsize=4)
def _grid(n: int, first: float, rate: float, unit: str) -> np.ndarray:
    times = first + np.arange(n) / (rate * _factor(unit, "1/ms"))
    times.setflags(write=False)
    return times
