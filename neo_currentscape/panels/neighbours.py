"""The time axes beside a panel in a figure of others, such as PyNN's: their unit, and their limits.

PyNN's panels leave a margin at both ends, or end where they are told. Times of ours lie below those of
theirs only where ours do the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import readout

#: Part of the time shown by which the ends of a neighbour may differ from ours, to be the same run.
NEAR = 0.05

#: Units that the time of others may have, those first that are most common.
UNITS = ("ms", "s", "us", "min", "h")


def unit_beside(axes: Any, first: float, last: float) -> str | None:
    """Unit in which the axes above show the same run; None where none shows it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        On which a panel is about to draw.
    first, last : float
        What it shows, in ms.
    """
    found = (_unit_of(other, first, last) for other in _in_column(axes))
    return next((unit for unit in found if unit is not None), None)


class Follow:
    """Takes the limits of the nearest axes of others that shows the same run, above before below.

    It is called once all of them are there. Limits that the caller has changed since stay.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With the limits of its panel.
    first, last : float
        What it shows, in ms.
    unit : str
        Of its time axis.
    """

    def __init__(self, axes: Any, first: float, last: float, unit: str) -> None:
        self.first, self.last, self.unit = first, last, unit
        self.own = axes.get_xlim()

    def __call__(self, axes: Any, renderer: Any = None) -> None:
        """Do it, if there is such an axes."""
        if tuple(axes.get_xlim()) != tuple(self.own):
            return
        for other in _in_column(axes):
            unit = _unit_of(other, self.first, self.last)
            if unit is not None:
                scale = axes_style.PER_MS[self.unit] / axes_style.PER_MS[unit]
                axes.set_xlim(*(float(end) * scale for end in other.get_xlim()))
                return


def has_others(axes: Any) -> bool:
    """Whether other axes may stand above or below this one, whose time it does not share already."""
    spec = axes.get_subplotspec()
    alone = len(axes.get_shared_x_axes().get_siblings(axes)) == 1
    return alone and spec is not None and spec.get_gridspec().nrows > 1


def _in_column(axes: Any) -> Iterator[Any]:
    """Axes of others in the same column of the same grid, the nearest first, above before below."""
    own = axes.get_subplotspec()
    found: list[tuple[bool, int, int, Any]] = []
    for other in axes.figure.axes:
        spec = other.get_subplotspec()
        if other is axes or spec is None or spec.get_gridspec() is not own.get_gridspec():
            continue
        if (spec.colspan, isinstance(other.format_coord, readout.Readout)) == (own.colspan, False):
            away = spec.rowspan.start - own.rowspan.start
            found.append((away > 0, abs(away), len(found), other))
    yield from (other for *_, other in sorted(found, key=lambda one: one[:3]))


def _unit_of(axes: Any, first: float, last: float) -> str | None:
    """Unit in which an axes shows about the times from first to last (in ms); None for none."""
    if not axes.lines:
        return None
    shown = [np.sort(axes.dataLim.intervalx), np.sort(axes.get_xlim())]
    for unit in UNITS:
        wanted = np.array([first, last]) * axes_style.PER_MS[unit]
        near = NEAR * (wanted[1] - wanted[0])
        if any((np.abs(ends - wanted) <= near).all() for ends in shown):
            return unit
    return None
