"""Splitting currents by direction: the outward and the inward part, block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.conventions.roles import DIRECTIONS

#: Totals above are divided by as smaller numbers: time over total would lose digits, or be 0.
LARGE = 1e290

#: By which magnitudes are multiplied whose sum would be beyond all numbers; their shares stay the same.
SMALLER = 2.0**-64

#: Samples looked at together, so that temporary arrays stay in the processor's cache.
BLOCK = 1 << 14


def check_direction(direction: str) -> None:
    """Refuse what is neither "outward" nor "inward".

    Raises
    ------
    UnknownNameError
        With the two that there are.
    """
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise unknown_name("direction", direction, DIRECTIONS)


def blocks(n_samples: int, size: int = BLOCK) -> Iterator[slice]:
    """Cut a number of samples into slices of a bounded size.

    Examples
    --------
    >>> list(blocks(5, 3))
    [slice(0, 3, None), slice(3, 5, None)]
    """
    for start in range(0, n_samples, size):
        yield slice(start, min(start + size, n_samples))


def directed(currents: np.ndarray, direction: str) -> np.ndarray:
    """The magnitude of the currents that flow in one direction, 0 for those that do not.

    Parameters
    ----------
    currents : ndarray, shape (time, current)
        Outward positive.
    direction : {"outward", "inward"}

    Returns
    -------
    ndarray, shape (time, current)
        A new array, >= 0; NaN stays NaN.

    Examples
    --------
    >>> directed(np.array([[1.0, -2.0]]), "inward")
    array([[0., 2.]])
    """
    # In one order whatever that of the currents is, so that sums are the same to the last digit.
    if direction == "outward":
        return np.maximum(currents, 0.0, order="C")
    # 0.0 - x rather than -x: a current of exactly 0 gives 0, never -0.
    part = np.subtract(0.0, currents, order="C")
    return np.maximum(part, 0.0, out=part)


def totals_of(parts: np.ndarray, axis: int = 1) -> np.ndarray:
    """Sums of magnitudes over the currents, which are infinite where no number is as large."""
    with np.errstate(over="ignore"):
        return parts.sum(axis=axis)


def fractions(parts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Divide the parts by their total; 0 where the total is 0. Overwrites and returns `parts`.

    Parameters
    ----------
    parts : ndarray, shape (time, current)
        Magnitudes in one direction.
    totals : ndarray, shape (time,)
        Their sums, of `totals_of`.

    Examples
    --------
    >>> huge = np.full((1, 2), 1.5e308)
    >>> fractions(huge, totals_of(huge))
    array([[0.5, 0.5]])
    """
    beyond = np.isinf(totals)
    if beyond.any():
        parts[beyond] *= SMALLER
        totals = np.where(beyond, totals_of(parts), totals)
    positive = totals > 0
    # 1 / total may overflow for subnormal totals; dividing row by row does not.
    np.divide(parts, totals[:, None], out=parts, where=positive[:, None])
    return parts
