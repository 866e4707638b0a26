"""Ticks that are placed and measured once, while a figure is laid out and drawn.

Matplotlib asks each axis for its ticks anew whenever a label is placed next to them, for each axis that is
aligned with it, and for each of the four sides of its frame: some thirty times for a figure of four panels.
Nothing about them changes meanwhile, unless the axes moves or shows something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: What matplotlib's axes are asked for: the ticks that are drawn, and the boxes of their labels.
_ASKED = ("_update_ticks", "_get_ticklabel_bboxes")


@contextmanager
def ticks(figure: Any) -> Iterator[None]:
    """Let the axes of a figure keep their ticks, until they move or show something else.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> axes = figure.add_subplot()
    >>> with ticks(figure):
    ...     before = axes.xaxis._update_ticks()
    ...     same = axes.xaxis._update_ticks() is before
    ...     _ = axes.set_xlim(0, 7)
    ...     same, axes.xaxis._update_ticks() is before
    (True, False)
    """
    axes = list(figure.axes)
    known = [axis for one in axes for axis in (one.xaxis, one.yaxis)]
    # Where matplotlib names them otherwise, or somebody is at it already, it is only slower.
    known = [axis for axis in known if all(_is_own(axis, name) for name in _ASKED)]
    for axis in known:
        for name in _ASKED:
            setattr(axis, name, _Kept(axis, getattr(axis, name)))
    try:
        yield
    finally:
        for axis in known:
            for name in _ASKED:
                delattr(axis, name)


def _is_own(axis: Any, name: str) -> bool:
    return hasattr(axis, name) and name not in vars(axis)


class _Kept:
    """A method of an axis whose last answer is given again while it would be the same."""

    def __init__(self, axis: Any, ask: Any) -> None:
        self.axis, self.ask = axis, ask
        self.state: Any = None
        self.answer: Any = None

    def __call__(self, *given: Any) -> Any:
        state = self._now(given)
        if state != self.state:
            self.answer = self.ask(*given)
            self.state = state
        return self.answer

    def _now(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        axes, major, minor = self.axis.axes, self.axis.major, self.axis.minor
        place, shown = axes.bbox.get_points().tobytes(), axes.viewLim.get_points().tobytes()
        # Of the boxes the renderer counts; the ticks are those of the same state.
        return (place, shown, major.locator, major.formatter, minor.locator, minor.formatter, given[1:])
