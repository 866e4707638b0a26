"""The noise of measured currents: the standard error of each at each time, beside the currents themselves.

A simulated current is exact. One that was isolated by subtracting recorded sweeps is uncertain by what
the sweeps differ from each other, and whoever looks at it must know by how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import channel_names
from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError, UnitsError, unknown_name
from neo_currentscape.recording import values
from neo_currentscape.recording.assemble import labels_of, places_of
from neo_currentscape.recording.stored_columns import StoredColumn
from neo_currentscape.recording.time_checks import check_same_times

#: Role of a signal that holds standard errors of currents.
ROLE = "noise"

#: What stands before the name of a current in the name of its noise, so that both can be told apart.
PREFIX = "noise of "

#: Array annotation of it: how much larger the error of a charge is than that of independent samples.
CORRELATION = "correlation"


def as_noise(given: Any, currents: Any) -> Any:
    """Bring the noise of currents into canonical form.

    Parameters
    ----------
    given : neo signal, Quantity, mapping of str to Quantity, or None
        Standard errors: of shape (time, current) with the names of the currents; one for all; or one for
        each of the names, the others being exact.
    currents : neo signal
        Shape (time, current).

    Returns
    -------
    neo signal or None
        Shape (time, current), in the unit of the currents, in their order.

    Raises
    ------
    CurrentscapeError
        When it belongs to other currents, other times or another unit, or is negative.
    """
    if given is None:
        return None
    names = channel_names(currents) or []
    if hasattr(given, "array_annotations"):
        return _of_signal(given, currents, names)
    numbers = np.broadcast_to(_row(given, currents, names), currents.shape)
    return _signal(numbers, currents, names, np.ones(len(names)))


def noise_signal(errors: np.ndarray, currents: Any, correlation: np.ndarray) -> Any:
    """Make the signal of standard errors that go with currents.

    Parameters
    ----------
    errors : ndarray, shape (time, current)
        In the unit of the currents.
    currents : neo signal
        Shape (time, current).
    correlation : ndarray, shape (current,)
        Standard error of the charge, over that of as many independent samples.

    Returns
    -------
    neo signal
    """
    return _signal(errors, currents, channel_names(currents) or [], correlation)


def _signal(numbers: np.ndarray, currents: Any, names: Sequence[str], correlation: np.ndarray) -> Any:
    bad = numbers[:1] if numbers.strides[0] == 0 else numbers
    if not np.isfinite(bad).all() or (bad < 0).any():
        raise SignalError("The noise of the currents is a standard error: give finite values, 0 or more.")
    labels = np.array([PREFIX + name for name in names])
    arrays = {"name": labels, CORRELATION: np.asarray(correlation, dtype=float)}
    return values.like(currents, numbers, currents.units, ROLE, array_annotations=arrays, role=ROLE)


def _of_signal(given: Any, currents: Any, names: Sequence[str]) -> Any:
    own = _named(given)
    missing = [name for name in names if name not in own]
    if missing:
        raise SignalError(
            f"The noise has no channel {missing[0]!r}: it needs the names of the currents, "
            f"{', '.join(map(repr, names))}."
        )
    check_same_times(currents, given, "currents", ROLE)
    factor = _factor(given.units, currents)
    columns = [own.index(name) for name in names]
    correlation = given.array_annotations.get(CORRELATION, np.ones(len(own)))
    numbers = np.asarray(values.magnitudes(given)[:, :], dtype=float)[:, columns] * factor
    return _signal(numbers, currents, names, np.asarray(correlation, dtype=float)[columns])


def _named(signal: Any) -> list[str]:
    """Names of the currents whose noise the channels of a signal are."""
    return [name.removeprefix(PREFIX) for name in channel_names(signal) or []]


def _row(given: Any, currents: Any, names: Sequence[str]) -> np.ndarray:
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                raise unknown_name("current in noise=", name, names)
        return np.array([_number(given[n], currents) if n in given else 0.0 for n in names])
    return np.full(len(names), _number(given, currents))


def _number(given: Any, currents: Any) -> float:
    if not isinstance(given, pq.Quantity) or given.size != 1:
        raise ArgumentTypeError(
            f"noise= takes the standard error of the currents, not {given!r}: write e.g. noise=8 * pq.pA, "
            "or {name: Quantity}."
        )
    return float(given.magnitude) * _factor(given.units, currents)


def _factor(unit: Any, currents: Any) -> float:
    if not units.same_dimension(unit, currents.units):
        raise UnitsError(
            f"The noise is in {units.label(unit)} and the currents in {units.label(currents.units)}: give "
            "it in a unit of the same kind."
        )
    return float((1.0 * units.parse_units(unit)).rescale(currents.units))


def of_segment(signals: Sequence[Any], columns: Sequence[StoredColumn]) -> Any:
    """The noise of the chosen currents, of a signal of a Segment; None where none holds it.

    It is read whole, as what it is compared with is. Errors of summed currents are independent: their
    squares are summed.
    """
    for given in signals:
        if given.annotations.get("role") != ROLE:
            continue
        signal = given.load() if hasattr(given, "load") else given
        known = _named(signal)
        wanted = [next((n for n in (c.label, c.name) if n in known), None) for c in columns]
        if wanted and None not in wanted:
            channels = [known.index(name) for name in wanted if name is not None]
            return signal if wanted == labels_of(columns) else _summed(signal, channels, columns)
    return None


def _summed(signal: Any, channels: Sequence[int], columns: Sequence[StoredColumn]) -> Any:
    """The noise of currents under labels of their own."""
    labels = labels_of(columns)
    counts = np.zeros((len(columns), len(labels)))
    counts[np.arange(len(columns)), places_of(columns)] = [column.weight**2 for column in columns]
    squares = np.square(values.magnitudes(signal)[:, channels])
    variance = squares @ counts
    correlation = np.asarray(signal.array_annotations.get(CORRELATION, np.ones(signal.shape[1])))[channels]
    of_charge, alone = (np.mean(squares * f, axis=0) @ counts for f in (correlation**2, 1.0))
    ratio = np.sqrt(np.divide(of_charge, alone, out=np.ones(len(labels)), where=alone > 0))
    return _signal(np.sqrt(variance), signal, labels, ratio)
