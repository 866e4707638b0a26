"""The time argument: fixed or variable steps, in the unit of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.compat.config import Config
from neo_currentscape.compat.labels import checked_unit
from neo_currentscape.compat.rows import Rows, read_rows
from neo_currentscape.conventions.errors import SignalError, UnitsError
from neo_currentscape.recording import sampling, time_checks
from neo_currentscape.recording.values import like, time_axis
from neo_currentscape.style.axes import PER_MS

#: What to do about data of other lengths.
_RESAMPLE = "record them together, or resample one of them"


@dataclass(frozen=True)
class SampleTimes:
    """When the samples were taken.

    Attributes
    ----------
    signal : neo signal
        Without channels: makes other signals with the same times.
    unit : str
        Unit of the time axis, a key of `neo_currentscape.style.axes.PER_MS`.
    label : str
        Of the time axis.
    """

    signal: Any
    unit: str
    label: str

    def signals(self, values: np.ndarray, unit: Any, name: str, names: list[str]) -> Any:
        """A Neo signal of rows (variable, time) at these times, without a copy."""
        return like(self.signal, values.T, unit, name, array_annotations={"name": np.array(names)})


def read_times(config: Config, time: Any, parts: list[Rows]) -> SampleTimes:
    """Find the times of the samples.

    Parameters
    ----------
    config : Config
    time : array, Quantity or None
        Shape (time,), increasing; plain numbers are in the unit ``xaxis.units``.
    parts : list of Rows
        All data, which may carry times of their own.

    Returns
    -------
    SampleTimes
        Where no times are known, one sample a unit of time, as in Currentscape; the axis then
        counts samples.

    Raises
    ------
    SignalError
        When the times do not increase, or are not as many as the samples.
    UnitsError
        When they are not times.
    """
    first = parts[0]
    signals = [(rows.what, rows.signal) for rows in parts if rows.signal is not None]
    for what, signal in signals[1:]:
        time_checks.check_same_times(signals[0][1], signal, signals[0][0], what)
    _check_lengths(parts)
    wanted = checked_unit(config, "xaxis.units")
    axis = _axis_unit(wanted)
    label = config["xaxis.units"]
    if time is None and signals:
        return SampleTimes(signals[0][1], axis, label)
    if time is None:
        label = label if "xaxis.units" in config.given else "sample"
        numbers = np.arange(first.values.shape[1], dtype=float)
    else:
        numbers = _numbers(time, wanted, label)
        if len(numbers) != first.values.shape[1]:
            raise SignalError(
                f"time has {len(numbers)} samples and {first.what} {first.values.shape[1]}: pass the time "
                "of each sample."
            )
    clock = SampleTimes(time_axis(sampling.set_apart(numbers / PER_MS[axis])), axis, label)
    for what, signal in signals:
        time_checks.check_same_times(clock.signal, signal, "time", what)
    return clock


def _axis_unit(wanted: pq.Quantity | None) -> str:
    # A unit that no axis of ours has (ns, days) is read as ms and written as it is.
    name = "ms" if wanted is None else wanted.dimensionality.string
    return name if name in PER_MS else "ms"


def _numbers(time: Any, wanted: pq.Quantity | None, label: str) -> np.ndarray:
    rows = read_rows(time, "time", single=True)
    values = rows.values[0]
    if rows.unit is not None:
        target = pq.ms if wanted is None else wanted
        try:
            with np.errstate(over="ignore"):  # what is infinite is told of
                values = values * float(rows.unit.rescale(target.units))
        except ValueError as cause:
            raise UnitsError(
                f"time is in {rows.unit.dimensionality}, which is no time: give e.g. ms."
            ) from cause
    _check_increasing(values)
    return values


def _check_increasing(values: np.ndarray) -> None:
    steps = np.diff(values)
    if not values[-1] > values[0] and (steps == 0).all():
        raise SignalError(f"time stands still at {values[0]:g}: pass the time of each sample.")
    if (steps >= 0).all():
        return
    at = int(np.argmax(~(steps >= 0)))
    raise SignalError(
        f"time is not increasing: it goes back to {values[at + 1]:g} at sample {at + 1}: sort the samples "
        "by time."
    )


def _check_lengths(parts: list[Rows]) -> None:
    first = parts[0]
    for rows in parts[1:]:
        if rows.values.shape[1] != first.values.shape[1]:
            turned = rows.values.shape[1] == first.values.shape[0]
            instead = f"pass {first.what}.T, a row for each current" if turned else _RESAMPLE
            raise SignalError(
                f"{rows.what} has {rows.values.shape[1]} samples and {first.what} {first.values.shape[1]}: "
                f"{instead}."
            )
