"""A click on an entry of a legend brings out what it stands for: the rest fades, until the next click.

Colours fade towards the paper, and not into transparency, through which the ground of the areas would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS

#: Part of its colour that remains of what fades.
REMAINS = 0.18

#: How much of the text of a faded entry is seen.
PALE = 0.35

#: Properties that hold colours, of areas, patches and lines.
COLOURS = ("facecolor", "edgecolor", "hatchcolor", "color", "markerfacecolor", "markeredgecolor")


class Emphasis:
    """What a legend brings out of the axes that it belongs to.

    Parameters
    ----------
    legend : matplotlib.legend.Legend
    names : sequence of str
        Of its entries.
    parent : matplotlib Axes, Figure or SubFigure
        Whose areas and lines fade.

    Attributes
    ----------
    shown : str or None
        What is brought out.
    """

    def __init__(self, legend: Any, names: Sequence[str], parent: Any) -> None:
        self.legend, self.names, self.parent = legend, list(names), parent
        self.shown: str | None = None
        self._before: list[tuple[Any, dict[str, Any]]] = []
        for artist in (*legend.legend_handles, *legend.get_texts()):
            if artist is not None:
                artist.set_picker(True)
        # The figure holds this weakly, as it does every method; the legend keeps it.
        legend.brings_out = self
        parent.figure.canvas.mpl_connect("pick_event", self.picked)

    def picked(self, event: Any) -> None:
        """Bring out the entry that was clicked, or everything where it is already."""
        for artists in (self.legend.legend_handles, self.legend.get_texts()):
            for name, artist in zip(self.names, artists, strict=False):
                if artist is event.artist:
                    self.bring_out(None if name == self.shown else name)
                    event.canvas.draw_idle()
                    return

    def bring_out(self, name: str | None) -> None:
        """Let everything but one fade; None for nothing."""
        for artist, looks in self._before:
            artist.set(**looks)
        self._before, self.shown = [], name
        if name is None:
            return
        own = self.parent.axes
        for axes in own if isinstance(own, list) else [own]:
            self._fade_axes(axes, name)
        entries = zip(self.names, self.legend.legend_handles, self.legend.get_texts(), strict=False)
        for own, handle, words in entries:
            if own != name:
                self._set(words, {"alpha": PALE})
                self._fade(handle, paper_of(self.parent))

    def _fade_axes(self, axes: Any, name: str) -> None:
        for artist in (*axes.collections, *axes.patches, *axes.lines):
            own = self._name_of(artist)
            if own is not None and own != name:
                self._fade(artist, paper_of(axes))
            elif own is not None and artist in axes.lines:
                self._set(artist, {"zorder": artist.get_zorder() + 0.5})

    def _name_of(self, artist: Any) -> str | None:
        """The entry that an artist belongs to, by its label: the name, with or without a direction."""
        label = str(artist.get_label())
        if label in self.names:
            return label
        name, _, direction = label.rpartition(" ")
        return name if direction in (*DIRECTIONS, "positive", "negative") and name in self.names else None

    def _fade(self, artist: Any, paper: np.ndarray) -> None:
        found = {key: getattr(artist, f"get_{key}", None) for key in COLOURS}
        if hasattr(artist, "get_color"):
            found = {key: get for key, get in found.items() if key == "color" or "marker" in key}
        colours = {key: get() for key, get in found.items() if get is not None}
        self._set(artist, {key: faded(colour, paper) for key, colour in colours.items()})

    def _set(self, artist: Any, looks: dict[str, Any]) -> None:
        self._before.append((artist, {key: getattr(artist, f"get_{key}")() for key in looks}))
        artist.set(**looks)

    def __getstate__(self) -> dict[str, Any]:
        # A pickled figure is a picture: nobody is told of clicks on it.
        return {**vars(self), "_before": []}


def paper_of(artist: Any) -> np.ndarray:
    """The colour of what lies below an axes or a figure, shape (3,)."""
    from matplotlib.colors import to_rgba

    below = [artist, getattr(artist, "figure", None)]
    for one in below:
        colour = to_rgba(one.get_facecolor()) if one is not None else (1, 1, 1, 1)
        if colour[3] > 0:
            return np.array(colour[:3])
    return np.ones(3)


def faded(colour: Any, paper: np.ndarray) -> Any:
    """A colour, or several, of which little remains.

    Examples
    --------
    >>> faded("black", np.ones(3)).round(2).tolist()
    [0.82, 0.82, 0.82, 1.0]
    """
    from matplotlib.colors import to_rgba_array

    whole = np.ndim(colour) == 2
    rgba = np.array(to_rgba_array(colour)) if len(np.atleast_1d(colour)) else np.zeros((0, 4))
    shown = rgba[:, 3] > 0
    rgba[shown, :3] = REMAINS * rgba[shown, :3] + (1 - REMAINS) * paper
    return rgba if whole or not len(rgba) else rgba[0]
