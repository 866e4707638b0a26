"""Whatever holds numbers, as a list or an array of NumPy, with the names of its rows if it has any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

import numpy as np
import quantities as pq


class Opened(NamedTuple):
    """What was found.

    Attributes
    ----------
    values : object
        A list, an array or a Quantity; what is nothing of that is as it was given.
    names : list of str or None
        Of the rows.
    """

    values: Any
    names: list[str] | None = None


def opened(given: Any) -> Opened:
    """Take numbers out of what holds them.

    Parameters
    ----------
    given : object
        A list or anything to go through, a mapping of name and row, an array of NumPy (with fields, masked,
        of time differences), or an array of another package: pandas, xarray, polars, NEURON's Vector.

    Returns
    -------
    Opened
        Masked values are NaN. A table with names above its columns, and no more columns than rows, has a
        column for each variable, and is turned.

    Examples
    --------
    >>> opened({"K": [1, 2], "Na": [3, 4]})
    Opened(values=[[1, 2], [3, 4]], names=['K', 'Na'])
    >>> opened(np.ma.masked_array([1, 2], mask=[False, True])).values
    array([ 1., nan])
    """
    if isinstance(given, pq.Quantity):
        return Opened(given)
    if isinstance(given, Mapping):
        return Opened(list(given.values()), [str(name) for name in given])
    if isinstance(given, np.ndarray):
        return _of_numpy(given)
    if is_foreign(given):
        return _of_table(given)
    if isinstance(given, Iterable) and not isinstance(given, (Sequence, Set, str, bytes)):
        return Opened(list(given))
    return Opened(given)


def is_foreign(given: Any) -> bool:
    """Whether this is an array of another package, or anything else that lists its numbers."""
    if isinstance(given, (np.ndarray, np.generic, list, tuple, str, bytes, Mapping)):
        return False
    if any(hasattr(given, name) for name in ("__array__", "__array_interface__")):
        return True
    return hasattr(given, "__len__") and hasattr(given, "__getitem__")


def _of_numpy(given: np.ndarray) -> Opened:
    if given.dtype.names:
        return Opened([given[name] for name in given.dtype.names], list(given.dtype.names))
    if isinstance(given, np.ma.MaskedArray):
        # As integers have no NaN, they become floats.
        return Opened(np.ma.filled(given.astype(float), np.nan))
    if given.dtype.kind == "m":
        return Opened(given / np.timedelta64(1, "ms") * pq.ms)
    return Opened(given)


def _of_table(given: Any) -> Opened:
    values = _of_numpy(np.asarray(given)).values
    if np.ndim(values) == 1 and isinstance(values, np.ndarray) and values.dtype == object:
        # A Series of Series.
        return Opened(list(given), _labels(given, 0))
    if np.ndim(values) != 2:
        return Opened(values)
    names, columns = _labels(given, 0), _labels(given, 1)
    if names is None and columns is not None and len(values) >= len(columns):
        return Opened(values.T, columns)
    return Opened(values, names)


def _labels(table: Any, axis: int) -> list[str] | None:
    """The names along an axis of a table; None where it has none, or what it has is no text."""
    if hasattr(table, "dims") and hasattr(table, "coords"):
        found = table.coords[table.dims[axis]].values if table.dims[axis] in table.coords else None
    else:
        found = getattr(table, ("index", "columns")[axis], None)
    # A list has a method `index`.
    labels = [] if found is None or callable(found) else list(found)
    return [str(name) for name in labels] if labels and all(isinstance(x, str) for x in labels) else None
