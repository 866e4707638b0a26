"""Lists, arrays, Quantities and Neo signals as rows of numbers: one row for each variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Real
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.compat.arrays import opened
from neo_currentscape.conventions import units
from neo_currentscape.conventions.annotations import channel_names, directions_of
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SignalError, UnitsError
from neo_currentscape.recording import time_checks
from neo_currentscape.recording.values import like

#: Neo's signals, which know units and times.
SIGNALS = (neo.AnalogSignal, neo.IrregularlySampledSignal)


#: What is one number. That of a Decimal is real too, though Python does not count it among them.
NUMBERS = (Real, Decimal)


@dataclass(frozen=True)
class Rows:
    """What was given for the voltage, the currents or the ions.

    Attributes
    ----------
    what : str
        Name of the argument.
    values : ndarray of float64, shape (variable, time)
        May be a view of the caller's; never written to.
    unit : Quantity or None
        None where plain numbers were given.
    names : list of str or None
        Names that the data carry themselves.
    signal : neo signal or None
        Whose times the rows have.
    """

    what: str
    values: np.ndarray
    unit: pq.Quantity | None = None
    names: list[str] | None = None
    signal: Any = None


def read_rows(given: Any, what: str, single: bool = False) -> Rows:
    """Read an argument of `neo_currentscape.plot`.

    Parameters
    ----------
    given : list, array, Quantity, neo signal, list of them, or dict of name to array
        Shape (variable, time), rows in a list under a name of a dict being summed; Neo signals are
        (time, variable), as everywhere in Neo. What else holds numbers is taken as
        `neo_currentscape.compat.arrays.opened` takes it.
    what : str
        Name of the argument, for errors.
    single : bool
        Whether it is one variable, of shape (time,).

    Returns
    -------
    Rows

    Raises
    ------
    ArgumentError, ArgumentTypeError, SignalError, UnitsError
        When it is empty, ragged, not numbers, not finite, or mixes numbers with and without units.

    Examples
    --------
    >>> read_rows([[1, 2, 3], [4, 5, 6]], "currents").values.shape
    (2, 3)
    """
    found = _rows(given, what, single)
    if found.values.shape[1] < 2:
        raise SignalError(f"{what} has {found.values.shape[1]} samples: a currentscape needs at least 2.")
    if single and len(found.values) != 1:
        raise SignalError(
            f"{what} has {len(found.values)} rows of {found.values.shape[1]} samples: pass the one of this "
            "neuron, as a list of numbers."
        )
    _check_finite(found)
    return found


def _rows(given: Any, what: str, single: bool) -> Rows:
    if isinstance(given, SIGNALS):
        return _of_signal(given, what)
    # One variable has no names, and a set has no order.
    if not (single and isinstance(given, Mapping)):
        # The sum of two concentrations is none.
        of_currents = isinstance(given, Mapping) and what == "currents"
        values, names = opened(_summed(given, what) if of_currents else given)
        if values is not given:
            found = _rows(values, what, single)
            return found if names is None else replace(found, names=names)
    if isinstance(given, pq.Quantity):
        unit = units.parse_units(given)
        return Rows(what, _two_dimensional(given.magnitude, what, single), unit)
    if isinstance(given, (str, bytes)) or not isinstance(given, (Sequence, np.ndarray)):
        raise ArgumentTypeError(
            f"{what} is a {type(given).__name__}: pass a list, an array, a Quantity or a Neo signal."
        )
    if len(given) == 0:
        raise ArgumentError(f"{what} is empty: pass at least one {'number' if single else 'row'}.")
    if _is_plain(given):
        return Rows(what, _two_dimensional(given, what, single))
    rows = [row if isinstance(row, SIGNALS) else opened(row).values for row in given]
    return _listed(rows, what, single)


def _summed(given: Mapping, what: str) -> dict:
    """What stands under each name; of several rows in a list their sum."""
    return {name: _sum_of(row, f"{what}[{name!r}]") for name, row in given.items()}


def _sum_of(row: Any, what: str) -> Any:
    if not isinstance(row, (list, tuple)) or len(row) == 0 or _is_plain(row):
        return row
    if all(np.ndim(each) == 0 for each in row):
        return row  # numbers with units
    found = _rows(row, what, False)
    total = found.values.sum(axis=0)
    if found.signal is not None:
        return like(found.signal, total[:, None], found.unit, what)
    return total if found.unit is None else pq.Quantity(total, found.unit)


def _listed(given: Sequence[Any], what: str, single: bool) -> Rows:
    """A list of rows or of numbers with units, or a list of rows without."""
    with_units = [isinstance(row, pq.Quantity) for row in given]
    if not any(with_units):
        return Rows(what, _two_dimensional(given, what, single))
    if not all(with_units):
        raise UnitsError(
            f"{what}[{with_units.index(False)}] has no unit, but others of {what} have: give all of them "
            "units, or none."
        )
    if all(np.ndim(row) == 0 for row in given):
        return _rows(pq.Quantity([row.rescale(given[0].units) for row in given]), what, single)
    return _together([_rows(row, f"{what}[{k}]", True) for k, row in enumerate(given)], what)


def _is_plain(given: Any) -> bool:
    """Whether this is an array, or a list of nothing but numbers, without looking at each of them."""
    if isinstance(given, np.ndarray):
        return given.dtype != object
    return all(issubclass(kind, NUMBERS) for kind in set(map(type, given)))


def _of_signal(signal: Any, what: str) -> Rows:
    time_checks.check_signal(signal, what)
    values = np.asarray(signal.magnitude, dtype=float).T
    flips = np.array([-1.0 if direction == "inward" else 1.0 for direction in directions_of(signal)])
    if (flips < 0).any():
        values = values * flips[:, None]
    names = channel_names(signal)
    if names is None and signal.shape[1] == 1 and signal.name:
        names = [signal.name]
    return Rows(what, values, units.parse_units(signal.units), names, signal)


def _together(found: Sequence[Rows], what: str) -> Rows:
    first = found[0]
    values = []
    for rows in found:
        assert rows.unit is not None and first.unit is not None
        _check_length(rows, first)
        if not units.same_dimension(rows.unit, first.unit):
            raise UnitsError(
                f"{rows.what} is in {units.label(rows.unit) or 'no unit'} and {first.what} in "
                f"{units.label(first.unit) or 'no unit'}, which cannot be shown on one axis: convert one."
            )
        factor = float(rows.unit.rescale(first.unit.units))
        values.append(rows.values if factor == 1 else rows.values * factor)
    signals = [rows.signal for rows in found if rows.signal is not None]
    for signal in signals[1:]:
        time_checks.check_same_times(signals[0], signal, what, what)
    names = [name for rows in found for name in rows.names or []]
    stacked = np.concatenate(values, axis=0)
    return Rows(
        what, stacked, first.unit, names if len(names) == len(stacked) else None, (signals or [None])[0]
    )


def _check_length(rows: Rows, first: Rows) -> None:
    if rows.values.shape[1] != first.values.shape[1]:
        raise SignalError(
            f"{rows.what} has {rows.values.shape[1]} samples and {first.what} {first.values.shape[1]}: "
            "record them together, or resample one of them."
        )


def _two_dimensional(given: Any, what: str, single: bool) -> np.ndarray:
    values = _numbers(given, what)
    if single:
        # A row or a column is as good as a plain list.
        values = values.reshape(-1) if values.ndim == 2 and 1 in values.shape else values
        values = values[None] if values.ndim == 1 else values
    if values.ndim != 2:
        shape = "one list of numbers" if values.ndim == 1 else f"of shape {values.shape}"
        raise ArgumentError(
            f"{what} is {shape}: pass {'one list' if single else 'a list of lists'} of numbers."
        )
    return values


def _numbers(given: Any, what: str) -> np.ndarray:
    try:
        values = np.asarray(given)
    except ValueError:
        _refuse_ragged(given, what)
    if values.dtype == object and all(isinstance(number, NUMBERS) for number in values.ravel()):
        values = values.astype(float)
    if values.dtype == object:
        _refuse_ragged(given, what)
    if values.dtype.kind not in "fiub":
        raise ArgumentTypeError(f"{what} holds {values.dtype} values: pass real numbers.")
    return np.asarray(values, dtype=float)


def _refuse_ragged(given: Any, what: str) -> None:
    lengths = [np.size(row) for row in given]
    for k, length in enumerate(lengths):
        if length != lengths[0]:
            raise SignalError(
                f"{what}[{k}] has {length} samples and {what}[0] {lengths[0]}: record them together, or "
                "resample one of them."
            )
    raise ArgumentTypeError(f"{what} holds what is not a number: pass lists of numbers.")


def _check_finite(rows: Rows) -> None:
    # A sum is finite only if all its terms are; it may still overflow, so look closer then.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(rows.values.sum()):
            return
    for k, row in enumerate(rows.values):
        bad = ~np.isfinite(row)
        if bad.any():
            name = f"{rows.what}[{k}]" if len(rows.values) > 1 else rows.what
            raise SignalError(
                f"{name} is {row[bad][0]} at sample {int(np.argmax(bad))} ({int(bad.sum())} such samples): "
                "mend the data, or leave those samples out."
            )
