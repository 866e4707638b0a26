"""What all panels over time share: their source, their columns of time, axis, labels and grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.analysis.currentscape import OTHER, Currentscape
from neo_currentscape.analysis.reduction import Columns
from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.recording import timebase
from neo_currentscape.recording.recording import Recording
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style.palettes import Look, looks


def as_currentscape(source: Any) -> Currentscape:
    """Take a Currentscape as it is, and make one of a Recording.

    Raises
    ------
    ArgumentTypeError
        When the source is neither.
    """
    if isinstance(source, Currentscape):
        return source
    if isinstance(source, Recording):
        return Currentscape(source)
    raise ArgumentTypeError(
        f"A panel shows a Currentscape or a Recording, not a {type(source).__name__}: "
        "write e.g. Currentscape.from_segment(segment)."
    )


@dataclass(frozen=True)
class TimePanel:
    """Base of the panels over time.

    Parameters
    ----------
    scape : Currentscape or Recording
        What is shown.
    ylabel : str or False, optional
        Label of the y axis; by default what is shown, with the unit of the data.
    ylim : tuple of float, optional
        Limits of the y axis in the unit of the data.
    grid : bool or dict
        Grid lines; a dict goes through to matplotlib.
    time_units : {"us", "ms", "s", "min", "h"}, optional
        Unit of the time axis; by default one that fits the duration.
    columns : int, optional
        Number of columns to which longer recordings are reduced; by default from the figure's size.
    height : float, optional
        Height in a `Figure`, relative to the other panels.
    """

    scape: Any
    ylabel: str | bool | None = field(default=None, kw_only=True)
    ylim: tuple[float, float] | None = field(default=None, kw_only=True)
    grid: bool | dict[str, Any] = field(default=False, kw_only=True)
    time_units: str | None = field(default=None, kw_only=True)
    columns: int | None = field(default=None, kw_only=True)
    height: float | None = field(default=None, kw_only=True)

    #: Height in inches that the panel would like to have on a page.
    natural_height: ClassVar[float] = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "scape", as_currentscape(self.scape))
        if self.time_units is not None:
            axes_style.check_time_unit(self.time_units)

    @property
    def duration(self) -> float:
        """Time from the first to the last sample, in ms."""
        first, last = self._limits()
        return last - first

    def _limits(self) -> tuple[float, float]:
        return timebase.span(self.scape.recording.currents, "ms")

    @property
    def limits(self) -> tuple[float, float]:
        """First and last time, in the unit of the time axis."""
        scale = axes_style.PER_MS[self.unit_of_time]
        first, last = self._limits()
        return first * scale, last * scale

    @property
    def unit_of_time(self) -> str:
        """Unit of the time axis."""
        return self.time_units or axes_style.time_unit(self.duration)

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib artists
            What was drawn, without axis labels and legend.
        """
        data = self.scape.columns(self.columns or axes_style.n_columns(axes))
        scale = axes_style.PER_MS[self.unit_of_time]
        artists = self._draw(axes, data, data.times * scale)
        axes.set_xlim(self.limits)
        if self.ylim is not None:
            axes.set_ylim(self.ylim)
        axes_style.draw_grid(axes, self.grid)
        if axes_style.is_lowest(axes):
            axes_style.label_time(axes, self.unit_of_time)
        return artists

    def _draw(self, axes: Any, data: Columns, x: np.ndarray) -> list[Any]:
        raise NotImplementedError


def looks_of(scape: Currentscape, palette: Any) -> dict[str, Look]:
    """The looks of the currents of a currentscape; a bundle is grey.

    Looks are given to all recorded currents, so that bundling some changes none of the others.
    """
    recorded = scape.recording.names
    if scape.bundle is None:
        return looks(recorded, palette)
    found = looks([*recorded, OTHER], palette, grey=OTHER)
    return {name: found[name] for name in scape.names}
