"""What is drawn on an axes, in numbers: lines, areas upon each other, and pieces of rings.

They are what a window tells below the mouse, see `neo_currentscape.style.readout`. Between two samples a
line and the border of an area are straight, and so are the numbers; a column tells its extremes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS

#: Values of a current between these, as parts of each other, are told as one.
SAME = 5e-3


def percent_words(part: float) -> str:
    """A part of a whole in words.

    Examples
    --------
    >>> percent_words(0.62), percent_words(0.0042), percent_words(1.0)
    ('62 %', '0.42 %', '100 %')
    """
    return f"{100 * part:.0f} %" if part >= 0.0995 or part == 0 else f"{100 * part:.2g} %"


def value_words(value: float, unit: str) -> str:
    """A value with its unit, in three digits.

    Examples
    --------
    >>> value_words(-40.25, "mV"), value_words(1.5e-7, "nA")
    ('−40.2 mV', '1.5e−07 nA')
    """
    return f"{value:.3g} {unit}".rstrip().replace("-", "−")


def range_words(low: float, high: float, unit: str) -> str:
    """The extremes of a column, or its one value.

    Examples
    --------
    >>> range_words(1.3, 1.3, "nA"), range_words(-3.0, 12.5, "mV"), range_words(1.466, 1.474, "nA")
    ('1.3 nA', '−3 to 12.5 mV', '1.47 nA')
    """
    same = value_words(low, "") == value_words(high, "")
    if same or high - low <= SAME * max(abs(low), abs(high)):
        return value_words((low + high) / 2, unit)
    return f"{value_words(low, '')} to {value_words(high, unit)}"


def place(x: np.ndarray, at: float) -> tuple[int, float] | None:
    """The point before a place, and how far the place lies to the next one.

    Parameters
    ----------
    x : ndarray, shape (point,)
        Increasing.
    at : float

    Returns
    -------
    index, part : int, float
        None where there is no point within a step of the place.

    Examples
    --------
    >>> place(np.array([0.0, 1.0, 3.0]), 1.5), place(np.array([0.0, 1.0, 3.0]), 9.0)
    ((1, 0.25), None)
    """
    if not len(x):
        return None
    slack = (x[-1] - x[0]) / max(len(x) - 1, 1)
    if not x[0] - slack <= at <= x[-1] + slack:
        return None
    at = min(max(at, x[0]), x[-1])
    index = min(int(np.searchsorted(x, at, side="right")) - 1, max(len(x) - 2, 0))
    step = x[min(index + 1, len(x) - 1)] - x[index]
    return index, float((at - x[index]) / step) if step > 0 else 0.0


def _between(row: Any, index: int, part: float) -> float:
    if part == 0 or index + 1 >= len(row):
        return float(row[index])
    if part == 1:
        return float(row[index + 1])
    return float((1 - part) * row[index] + part * row[index + 1])


def _nearest(row: Any, index: int, part: float) -> float:
    return float(row[index if part < 0.5 else index + 1])


@dataclass
class _Mark:
    """Something that is drawn, as long as its artists are on their axes."""

    x: np.ndarray
    artists: Sequence[Any]

    def is_on(self, axes: Any) -> bool:
        """Whether it has not been removed from the axes."""
        return any(artist.axes is axes for artist in self.artists)


@dataclass
class Line(_Mark):
    """A line through both extremes of each column.

    Parameters
    ----------
    x : ndarray, shape (column,)
    artists : sequence of artists
    low, high : ndarray, shape (column,)
        The same array where each column is a sample.
    name : str
        What it is; empty where the axes shows nothing else.
    shares : mapping of str to ndarray, each of shape (column,)
        Of a current, its share of the total of each direction.
    """

    low: np.ndarray
    high: np.ndarray
    name: str = ""
    shares: Mapping[str, np.ndarray] = field(default_factory=dict)

    def at(self, x: float) -> tuple[float, float] | None:
        """The extremes at a place; None where nothing is drawn."""
        found = place(self.x, x)
        if found is None:
            return None
        read = _between if self.low is self.high else _nearest
        low, high = read(self.low, *found), read(self.high, *found)
        return (low, high) if np.isfinite([low, high]).all() else None

    def distance(self, axes: Any, x: float, y: float) -> tuple[float, float]:
        """How far it is drawn from a place, in pixels, and how high it is there."""
        low, high = self.at(x) or (np.inf, np.inf)
        _, place, bottom, top = axes.transData.transform([(x, x), (x, y), (x, low), (x, high)])[:, 1]
        least, most = sorted((bottom, top))
        return float(max(least - place, place - most, 0.0)), float(most - least)

    def words(self, x: float, unit: str) -> str:
        """Its name, where there is one, and its value."""
        low, high = self.at(x) or (np.nan, np.nan)
        if unit == "%":
            return f"{self.name} {percent_words(low)}".strip()
        if not self.shares:
            return f"{self.name} {range_words(low, high, unit)}".strip()
        if low < 0 < high:
            return f"{self.name} {range_words(low, high, unit)}"
        outward = low + high > 0 or (low == high == 0)
        direction = DIRECTIONS[0] if outward else DIRECTIONS[1]
        least, most = sorted((abs(low), abs(high)))
        index, part = place(self.x, x) or (0, 0.0)
        share = _between(self.shares[direction], index, part)
        told = f", {percent_words(share)}" if np.isfinite(share) else ""
        return f"{self.name} {direction} {range_words(least, most, unit)}{told}"


@dataclass
class Stack(_Mark):
    """Areas upon each other, away from where the first one begins.

    Parameters
    ----------
    x : ndarray, shape (column,)
    artists : sequence of artists
    parts : sequence of ndarray, each of shape (column,)
        Thickness of each area.
    labels : sequence of str
        Of the areas, such as "K outward".
    sign, start : float
        1 for upwards and -1 for downwards; where the first area begins.
    flows : sequence of (ndarray, ndarray) or None
        Of shares, the extremes of each current, >= 0 in the direction of the areas; None for a current of
        which they are not known.
    flow_unit : Quantity
        Of these.
    """

    parts: Sequence[np.ndarray]
    labels: Sequence[str]
    sign: float = 1.0
    start: float = 0.0
    flows: Sequence[Any] = ()
    flow_unit: Any = None

    def depth(self, y: float) -> float:
        """How far a place lies in the direction of the areas."""
        return (y - self.start) * self.sign

    def at(self, x: float, y: float, unit: str) -> str | None:
        """What is drawn at a place; None where nothing is."""
        found = place(self.x, x)
        if found is None:
            return None
        here = np.array([_between(part, *found) for part in self.parts])
        if not np.isfinite(here).any():
            return None
        tops = np.cumsum(np.nan_to_num(here))
        if not tops[-1] > 0:
            return f"no {self._direction()} current"
        hits = np.flatnonzero((here > 0) & (tops * (1 + 1e-9) >= self.depth(y)))
        if not len(hits):
            return "no current here"
        hit = int(hits[0])
        value = percent_words(here[hit]) if unit == "%" else value_words(here[hit], unit)
        return ", ".join(part for part in (f"{self.labels[hit]} {value}", self._flow(hit, found)) if part)

    def _direction(self) -> str:
        last = str(self.labels[0]).rpartition(" ")[2]
        return last if last in DIRECTIONS else DIRECTIONS[0 if self.sign > 0 else 1]

    def _flow(self, hit: int, found: tuple[int, float]) -> str:
        rows = self.flows[hit] if self.flows else None
        if rows is None:
            return ""
        read = _between if rows[0] is rows[1] else _nearest
        low, high = (self.sign * read(row, *found) for row in rows)
        low, high = max(min(low, high), 0.0), max(low, high, 0.0)
        if not np.isfinite([low, high]).all():
            return ""
        if high - low <= SAME * high:
            import quantities as pq

            return units.readable(pq.Quantity((low + high) / 2, self.flow_unit))
        return range_words(low, high, units.label(self.flow_unit))


@dataclass
class Pieces(_Mark):
    """Wedges of a ring that each stand for something.

    Parameters
    ----------
    x : ndarray
        Of no meaning.
    artists : sequence of matplotlib.patches.Wedge
    words : sequence of str
        For each of them.
    """

    words: Sequence[str]

    def at(self, axes: Any, x: float, y: float) -> str:
        """The words of the patch at a place, or none."""
        for wedge, words in zip(self.artists, self.words, strict=True):
            across, up = x - wedge.center[0], y - wedge.center[1]
            # Of a ring that is one wedge, matplotlib counts the hole in.
            if wedge.axes is not axes or not wedge.r - wedge.width <= np.hypot(across, up) <= wedge.r:
                continue
            turn = np.rad2deg(np.arctan2(up, across)) - wedge.theta1
            if turn % 360 <= wedge.theta2 - wedge.theta1:
                return words
        return ""
