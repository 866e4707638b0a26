"""Levels of a reduction: the same recording in few columns for the whole, and in many for a closer look.

What is kept in a page that is to be small has a size in bytes: numbers are kept to four digits, in which
they are drawn and told, and shares in steps of 1/65534.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction.columns import Columns
from neo_currentscape.reduction.shares import Shares

#: Stands for a gap among shares, and the number that stands for 1.
GAP, WHOLE = 65535, 65534

#: Between one level and the next the columns become so many times more.
FINER = 6

#: Bits of a float that hold no digit that is kept: 12 are left, 1 part in 8192.
_DROPPED = 11


@dataclass(frozen=True)
class Level:
    """One reduction, in numbers of few bytes.

    Attributes
    ----------
    times : ndarray, shape (column,)
        In ms.
    rows : dict of str to ndarray, each of shape (channel, column)
        Shares as "shares.outward", extremes as "voltage.low" and "voltage.high", of which the second is
        missing where each column is a sample; means of currents as "flows.outward".
    reduced : bool
    """

    times: np.ndarray
    rows: Mapping[str, np.ndarray] = field(default_factory=dict)
    reduced: bool = True


def level_of(found: Columns, parts: tuple[str, ...]) -> Level:
    """The columns of a reduction, as they are kept.

    Parameters
    ----------
    found : Columns
    parts : tuple of str
        Which extremes are kept, of "currents", "outward", "inward", "voltage", "ions" and "electrode".

    Returns
    -------
    Level
    """
    rows = {f"shares.{direction}": in_steps(found.shares[direction]) for direction in DIRECTIONS}
    for part in parts:
        ends = found.extremes[part]
        rows[f"{part}.low"] = in_few_digits(ends.low)
        if ends.high is not ends.low:
            rows[f"{part}.high"] = in_few_digits(ends.high)
    if found.flows is not None:
        rows.update(
            {f"flows.{direction}": in_few_digits(found.flow(direction)) for direction in DIRECTIONS}
        )
    return Level(np.asarray(found.times, dtype=float), rows, found.reduced)


def in_steps(shares: np.ndarray) -> np.ndarray:
    """Shares as whole numbers of two bytes.

    Examples
    --------
    >>> in_steps(np.array([0.0, 0.5, 1.0, np.nan]))
    array([    0, 32767, 65534, 65535], dtype=uint16)
    """
    steps = np.rint(np.clip(np.nan_to_num(shares), 0.0, 1.0) * WHOLE)
    return np.where(np.isnan(shares), GAP, steps).astype("<u2")


def in_few_digits(values: np.ndarray) -> np.ndarray:
    """Values as floats of four bytes, of which the last bits are zeros, so that they pack well.

    Examples
    --------
    >>> in_few_digits(np.array([-61.2345, 0.0, np.nan]))
    array([-61.234375,   0.      ,        nan], dtype=float32)
    """
    short = np.ascontiguousarray(values, dtype="<f4")
    bits = short.view("<u4") + np.uint32(1 << (_DROPPED - 1))
    kept = (bits & ~np.uint32((1 << _DROPPED) - 1)).view("<f4")
    return np.where(np.isfinite(short), kept, short)


def levels(
    scape: Shares, coarsest: int, finest: int, parts: tuple[str, ...], flows: bool = False
) -> Iterator[Level]:
    """Reduce a recording to several numbers of columns, the fewest first.

    Parameters
    ----------
    scape : Shares
    coarsest, finest : int
        Numbers of columns; a recording of fewer samples ends at these.
    parts : tuple of str
        As for `level_of`.
    flows : bool
        Whether the means of the currents are wanted too.

    Yields
    ------
    Level

    Examples
    --------
    >>> import neo, quantities as pq
    >>> from neo_currentscape.recording.recording import Recording
    >>> signal = neo.AnalogSignal(np.ones((90, 1)), units="nA", sampling_period=1 * pq.ms)
    >>> [len(level.times) for level in levels(Shares(Recording(signal)), 10, 1000, ("currents",))]
    [10, 60, 90]
    """
    for n_columns in steps_of(coarsest, min(finest, len(scape.recording))):
        yield level_of(scape.columns(n_columns, flows=flows), parts)


def steps_of(coarsest: int, finest: int) -> list[int]:
    """Numbers of columns of levels, each `FINER` times the one before, and the last the finest.

    Examples
    --------
    >>> steps_of(2000, 30_000), steps_of(2000, 900), steps_of(2000, 2100)
    ([2000, 12000, 30000], [900], [2100])
    """
    found: list[int] = []
    n_columns = coarsest
    while 1.2 * n_columns < finest:
        found.append(n_columns)
        n_columns *= FINER
    return [*found, finest]


def n_bytes(level: Level) -> int:
    """Size of the numbers of a level."""
    sizes: list[Any] = [level.times.nbytes, *(row.nbytes for row in level.rows.values())]
    return int(sum(sizes))
