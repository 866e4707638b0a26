"""The matplotlib figure that panels are drawn on: a new one, or the caller's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from neo_currentscape.conventions.errors import warn
from neo_currentscape.figure.layout import makes_room
from neo_currentscape.figure.window import root_of
from neo_currentscape.style.drawing import drawing

#: Paddings of the constrained layout: inches around the axes, and parts of them between the axes.
PADS = {"w_pad": 0.04, "h_pad": 0.03, "hspace": 0.02, "wspace": 0.02}


def new(width: float, height: float, settings: Mapping[str, Any]) -> Any:
    """Make a figure of so many inches, whose layout clips nothing, and which pyplot does not know."""
    from neo_currentscape.figure.settled import SettledFigure

    figure = SettledFigure(settings, figsize=(width, height))
    figure.set_layout_engine("constrained", **PADS)
    return figure


def prepared(on: Any) -> Any:
    """Give the caller's figure a layout that clips nothing, if it is empty and has none.

    Parameters
    ----------
    on : matplotlib.figure.Figure or SubFigure

    Returns
    -------
    The same figure.
    """
    if on.axes:
        warn(
            "The figure given as on= has axes already, which the panels are drawn over: give an empty one, "
            "or one of figure.subfigures(1, 2)."
        )
    root = root_of(on)
    # A SubFigure's own page may hold other axes: without a layout the panels' labels would collide.
    if root.get_layout_engine() is None and (root is not on or not root.axes):
        root.set_layout_engine("constrained", **PADS)
    return on


@contextmanager
def taken_back(on: Any) -> Iterator[None]:
    """Take from the caller's figure what was drawn on it, where drawing fails half-way."""
    root = root_of(on)
    before, engine = {id(artist) for artist in on.get_children()}, root.get_layout_engine()
    try:
        yield
    except BaseException:
        for artist in [*on.axes, *(one for one in on.get_children() if one not in on.axes)]:
            if id(artist) not in before:
                artist.remove()
        root.set_layout_engine(engine)
        raise


@contextmanager
def laid_out(figure: Any, dpi: float) -> Iterator[None]:
    """Lay a figure out for so many dots per inch, and then not again.

    To lay it out before it is saved, matplotlib would first draw everything into the void.
    """
    root = root_of(figure)
    engine = root.get_layout_engine()
    if not makes_room(root):
        yield
        return
    _execute(engine, root, dpi)
    # Not "none", which leaves a stand-in, for which everything is drawn into the void as well.
    with drawing({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        root.set_layout_engine(None)
    try:
        yield
    finally:
        root.set_layout_engine(engine)


def _execute(engine: Any, root: Any, dpi: float) -> None:
    # A window is not to follow: that of a figure without a manager stays as it is.
    before, manager = root.dpi, root.canvas.manager
    root.canvas.manager = None
    try:
        root.dpi = dpi
        engine.execute(root)
    finally:
        root.dpi = before
        root.canvas.manager = manager
