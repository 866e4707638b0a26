"""What the panels share that are not over the time of a recording: how they draw and label their axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from neo_currentscape.conventions.plain_text import with_unit
from neo_currentscape.panels.root import LabelledPanel
from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import readout, y_label


@dataclass(frozen=True)
class PlainPanel(LabelledPanel):
    """Base of the panels of results and networks, whose x axis is not the time of a recording.

    Parameters
    ----------
    source : object
        What is shown.
    ylabel : str or False, optional
        Label of the y axis; by default what is shown, with the unit of the data.
    xlabel : str or False, optional
        Label of the x axis; False for none; by default what it is and its unit, of results below the
        lowest panel only.
    grid : bool or dict
        Grid lines; a dict goes through to matplotlib.
    height : float, optional
        Height in a `neo_currentscape.Figure`, relative to the other panels.
    """

    natural_height: ClassVar[float] = 1.6
    least_height: ClassVar[float] = 8.0

    def plot(self, axes: Any) -> list[Any]:
        """Draw on exactly this axes, and return the artists.

        Parameters
        ----------
        axes : matplotlib.axes.Axes

        Returns
        -------
        list of matplotlib.artist.Artist
        """
        artists = self._draw(axes)
        axes_style.draw_grid(axes, self.grid)
        return artists

    def _draw(self, axes: Any) -> list[Any]:
        raise NotImplementedError

    def _label(self, axes: Any, x: str, y: str) -> None:
        for given, default, write in ((self.xlabel, x, axes.set_xlabel), (self.ylabel, y, axes.set_ylabel)):
            if given is not False:
                write(given if isinstance(given, str) else default)
        if self.ylabel is not False:
            y_label.keep_on_page(axes, not isinstance(self.ylabel, str))

    def label_x(self, axes: Any, default: str, unit: Any = None) -> None:
        """Write the label of the x axis, if it is the lowest of its grid or the caller gave one.

        Parameters
        ----------
        axes : matplotlib.axes.Axes
        default : str
            What is written unless the caller gave a label.
        unit : Quantity or str, optional
            Written behind it.
        """
        readout.along_other(axes, default, unit)
        hidden = self.xlabel is False or (self.xlabel is None and not axes_style.is_lowest(axes))
        axes.tick_params(axis="x", labelbottom=not hidden)
        if not hidden:
            axes.set_xlabel(self.xlabel if isinstance(self.xlabel, str) else with_unit(default, unit))
