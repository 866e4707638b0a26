"""Panels that look again: after a zoom or a pan the visible window is reduced anew, down to samples.

A reduced panel leaves an artist without looks on its axes, which is drawn before all others. Where it
finds that the axes shows another window than what was reduced, or a page of more dots than there are
columns, it has the panel draw that window on an axes aside, and takes over the shapes: lines, areas
and images. Limits, labels, ticks and legends stay as they are. As this happens when a figure is drawn,
and not at every step of a gesture, it works in every backend, and costs nothing until somebody looks.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

from neo_currentscape.style import axes as axes_style
from neo_currentscape.style import readout

#: Below everything else, and so drawn first.
LOWEST = -1e6

#: A window in ms, None for all of the recording, and a number of columns.
Shown = tuple[tuple[float, float] | None, int]

#: Factor by which a page must be finer than what was reduced, to be worth another reduction.
FINER = 1.4

#: What is switched off aside: it stays as it is on the axes.
KEPT = {"legend": False, "grid": False, "xlabel": False, "ylabel": False}


class Live(Artist):
    """What looks whether its axes still shows what was reduced, whenever that is drawn.

    Parameters
    ----------
    panel : TimePanel
        Which drew on the axes.
    axes : matplotlib.axes.Axes
    before : sequence of artists
        Children that the axes had before that; the others are the panel's.
    n_columns : int
        To which the whole recording was reduced.
    """

    def __init__(self, panel: Any, axes: Any, before: Iterable[Any], n_columns: int) -> None:
        super().__init__()
        known = {id(child) for child in before}
        self.shapes = [c for c in axes.get_children() if id(c) not in known and _can_change(c)]
        self.panel, self.on = panel, axes
        self.aside: Any = None
        self.shown: Shown = (None, n_columns)
        self.least = n_columns
        self.set_zorder(LOWEST)
        self.set_in_layout(False)
        axes.add_artist(self)

    def draw(self, renderer: Any) -> None:
        """Draw nothing, but see to it that what is drawn next is what is to be seen."""
        if self.panel is None:
            return
        wanted = self._wanted()
        window, n_columns = wanted
        if window == self.shown[0] and self._is_near(n_columns):
            return
        self._take_over(*wanted)
        self.shown = wanted

    def _is_near(self, n_columns: int) -> bool:
        """Whether what is shown has about as many columns as are wanted."""
        if self.panel.columns is not None:
            return True
        most = FINER * n_columns if is_vector(self.on.figure) else float("inf")
        return n_columns / FINER <= self.shown[1] <= most

    def _wanted(self) -> Shown:
        """What the axes shows now, and the columns for it."""
        scale = axes_style.PER_MS[self.panel.unit_of_time]
        start, stop = (float(end) / scale for end in sorted(self.on.get_xlim()))
        first, last = self.panel.recorded
        # Limits at the last sample, and not at the end of its time, still show the whole.
        slack = (last - first) / (2 * self.least)
        whole = start <= first + slack and stop >= last - slack
        n_columns = columns_now(self.on, self.panel.n_currents)
        # The whole is shown as it was at first, which is at hand.
        if whole and not is_vector(self.on.figure):
            n_columns = max(n_columns, self.least)
        return (None if whole else (start, stop)), n_columns

    def _take_over(self, window: tuple[float, float] | None, n_columns: int) -> None:
        """Draw the window aside, and give its shapes to the artists on the axes."""
        from matplotlib.figure import Figure

        if self.aside is None:
            self.aside = Figure().add_subplot()
        before = self.aside.get_children()
        panel = self.panel.of_window(window, n_columns, sorted(self.on.get_ylim()))
        data = panel.reduced(panel.scape, self.aside)
        panel._draw(self.aside, data, data.times * axes_style.PER_MS[panel.unit_of_time])
        known = {id(child) for child in before}
        drawn = [child for child in self.aside.get_children() if id(child) not in known]
        give_shapes([shape for shape in drawn if _can_change(shape)], self.shapes)
        readout.of(self.on).take(readout.of(self.aside))
        for child in drawn:
            child.remove()

    def __getstate__(self) -> dict[str, Any]:
        # A pickled figure is a picture: it does not take the recording with it.
        state: Any = super().__getstate__()  # type: ignore[misc]
        return {**state, "panel": None, "aside": None, "shapes": []}


def columns_now(axes: Any, n_currents: int) -> int:
    """Number of columns that the figure of an axes can show as it is drawn now.

    On a screen these are twice its pixels, no more than printed. A file may be looked at closely: it
    gets as many as a page that is printed, and more where it has more dots. One without dots gets a
    set number, as its size grows with it, and fewer of many currents.
    """
    figure = axes.figure
    if is_vector(figure):
        return axes_style.vector_columns(n_currents)
    per_inch = axes_style.COLUMNS_PER_INCH
    per_inch = max(per_inch, figure.dpi) if figure.canvas.is_saving() else min(per_inch, 2 * figure.dpi)
    return max(axes_style.LEAST_COLUMNS, int(figure.bbox.width / figure.dpi * per_inch))


def is_vector(figure: Any) -> bool:
    """Whether a figure is just being saved to a file that has no dots."""
    return figure.canvas.is_saving() and not hasattr(figure.canvas, "buffer_rgba")


def _can_change(artist: Any) -> bool:
    return isinstance(artist, (Line2D, PolyCollection, LineCollection, PathPatch, AxesImage))


def _key(artist: Any) -> tuple[type, str]:
    """What finds the same artist again: its label, or where it has none its turn among those."""
    label = str(artist.get_label())
    own = not label.startswith("_") or label.startswith("_ground")
    return type(artist), label if own else ""


def give_shapes(new: Sequence[Any], old: Sequence[Any]) -> None:
    """Give the shapes of artists to those of the same kind and label; what has none is emptied.

    Parameters
    ----------
    new, old : sequence of artists
        Lines, areas, patches and images, in the order in which they were drawn.
    """
    waiting: dict[Any, deque[Any]] = defaultdict(deque)
    for artist in new:
        waiting[_key(artist)].append(artist)
    for artist in old:
        if artist.axes is None:  # the caller has removed it
            continue
        same = waiting[_key(artist)]
        _change(artist, same.popleft() if same else None)


def _change(artist: Any, new: Any) -> None:
    from matplotlib.path import Path

    if isinstance(artist, Line2D):
        artist.set_data(*(new.get_data() if new is not None else ([], [])))
    elif isinstance(artist, PolyCollection):
        paths = new.get_paths() if new is not None else []
        artist.set_verts_and_codes([path.vertices for path in paths], [path.codes for path in paths])
    elif isinstance(artist, LineCollection):
        artist.set_segments(new.get_segments() if new is not None else [])
    elif isinstance(artist, PathPatch):
        artist.set_path(new.get_path() if new is not None else Path([(0.0, 0.0)]))
    elif new is not None:
        artist.set_data(new.get_array())
        artist.set_extent(new.get_extent())


def options_aside(panel: Any, ylim: Sequence[float]) -> dict[str, Any]:
    """The options of a panel that draws aside: the same, within the limits of the axes.

    Parameters
    ----------
    panel : TimePanel
    ylim : sequence of float
        The smaller limit first.
    """
    names = {field.name for field in dataclasses.fields(panel)}
    found = {name: value for name, value in KEPT.items() if name in names}
    return {**found, "time_units": panel.unit_of_time, "ylim": (float(ylim[0]), float(ylim[1]))}
