"""What a window says below the mouse: the time, and the current, share and value that are drawn there.

Panels say what they draw, in the numbers of what is drawn: an axes then tells these in place of two bare
coordinates. Nothing is computed before somebody asks, and nothing is read again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.style.drawn import Line, Pieces, Stack, percent_words, value_words

#: Said where an axes shows nothing at a time.
NOTHING = "nothing recorded here"

#: What the unit of an axis of shares is called here.
PERCENT = "%"


class Readout:
    """Tells what an axes shows at a place; it takes the place of `matplotlib.axes.Axes.format_coord`.

    Parameters
    ----------
    axes : matplotlib.axes.Axes

    Attributes
    ----------
    marks : list of Line, Stack or Pieces
        What is drawn.
    along, x_unit : str
        What the x axis shows, empty for the time, and its unit.
    unit : str
        Of the y axis; "%" of shares.
    """

    def __init__(self, axes: Any) -> None:
        self.axes = axes
        self.marks: list[Any] = []
        self.along, self.x_unit, self.unit = "", "", ""

    def add(self, mark: Any) -> None:
        """Tell of one more thing that is drawn."""
        self.marks = [one for one in self.marks if one.is_on(self.axes)] + [mark]

    def take(self, other: Readout) -> None:
        """Tell the numbers of another axes, on which the same was drawn of another window of time."""
        own = [mark for mark in self.marks if mark.is_on(self.axes)]
        for new, old in zip(other.marks, own, strict=False):
            new.artists = old.artists
        self.marks, other.marks = other.marks[: len(own)], []

    def __call__(self, x: float, y: float) -> str:
        """The words for a place in data coordinates."""
        marks = [mark for mark in self.marks if mark.is_on(self.axes)]
        pieces = [mark for mark in marks if isinstance(mark, Pieces)]
        if pieces:
            found = (one.at(self.axes, x, y) for one in pieces)
            return next((words for words in found if words), "")
        # Whoever has cleared the axes draws something else.
        if not marks and (self.marks or not (self.x_unit or self.along)):
            return str(type(self.axes).format_coord(self.axes, x, y))
        return f"{self._where(x)}, {self._what(marks, x, y)}"

    def _where(self, x: float) -> str:
        first, last = self.axes.get_xlim()
        step = abs(last - first) / max(self.axes.bbox.width, 1.0)
        digits = int(np.clip(np.ceil(-np.log10(step)), 0, 12)) if step > 0 else 3
        words = f"{x:.{digits}f}"
        words = words.rstrip("0").rstrip(".") if "." in words else words
        return " ".join(part for part in (self.along, words.replace("-", "−"), self.x_unit) if part)

    def _what(self, marks: list[Any], x: float, y: float) -> str:
        stacks = [mark for mark in marks if isinstance(mark, Stack) and mark.depth(y) >= 0]
        lines = [mark for mark in marks if isinstance(mark, Line)]
        if stacks:
            told = [stack.at(x, y, self.unit) for stack in stacks]
            return next((words for words in told if words is not None), NOTHING)
        if lines:
            return self._of_lines(lines, x, y)
        return self._of_axis(y)

    def _of_lines(self, lines: list[Line], x: float, y: float) -> str:
        held = [line for line in lines if line.at(x) is not None]
        if not held:
            return NOTHING
        nearest = min(held, key=lambda line: line.distance(self.axes, x, y))
        return f"{nearest.words(x, self.unit)} (cursor at {self._of_axis(y)})"

    def _of_axis(self, y: float) -> str:
        return percent_words(abs(y)) if self.unit == PERCENT else value_words(y, self.unit)

    def __getstate__(self) -> dict[str, Any]:
        # A pickled figure is a picture: it takes no numbers with it.
        return {**vars(self), "marks": []}


def of(axes: Any) -> Readout:
    """What an axes tells, from now on instead of its bare coordinates.

    Parameters
    ----------
    axes : matplotlib.axes.Axes

    Returns
    -------
    Readout

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().add_subplot(xlim=(0, 100))
    >>> along_time(axes, "ms")
    >>> of_unit(axes, "mV")
    >>> axes.format_coord(12, -40.25)
    '12 ms, −40.2 mV'
    """
    found = axes.format_coord
    if not isinstance(found, Readout):
        found = axes.format_coord = Readout(axes)
    return found


def along_time(axes: Any, unit: str) -> None:
    """Say that the x axis is time, and its unit."""
    own = of(axes)
    own.along, own.x_unit = "", units.label(unit)


def along_other(axes: Any, what: str, unit: Any = None) -> None:
    """Say what the x axis is, where it is not time, and its unit."""
    own = of(axes)
    own.along, own.x_unit = what, "" if unit is None else units.label(unit)


def of_unit(axes: Any, unit: Any) -> None:
    """Say the unit of the y axis: a Quantity or text, and "%" of shares."""
    of(axes).unit = PERCENT if unit is PERCENT else units.label(unit)
