"""Layouts of a figure: whether there is one that makes room, and that each finds the same places."""

from __future__ import annotations

from typing import Any

from neo_currentscape.figure.window import root_of


def makes_room(figure: Any) -> bool:
    """Whether the layout of a figure makes room for labels and legends."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    return isinstance(root_of(figure).get_layout_engine(), ConstrainedLayoutEngine)


def as_before_layout(figure: Any) -> None:
    """Take the axes back to where they were before any layout, so that each finds the same places.

    A layout goes on from what the last one left, and never comes to an end to the last digit.
    """
    root = root_of(figure)
    if not makes_room(root):
        return
    for axes in root.axes:
        # Those that the caller moved are out of the layout.
        if axes.get_in_layout() and axes.get_subplotspec() is not None:
            axes.set_subplotspec(axes.get_subplotspec())
