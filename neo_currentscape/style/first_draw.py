"""What is put right when an axes is drawn for the first time, and all else of its figure stands.

In figures of others nothing tells how many axes are still to come, nor what they show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.artist import Artist

#: Below all that is drawn, and so drawn first.
LOWEST = -2e6


class _Waiting(Artist):
    """An artist without looks that acts when it is drawn, once."""

    def __init__(self, act: Callable[[Any, Any], None]) -> None:
        super().__init__()
        self.act: Callable[[Any, Any], None] | None = act
        self.set_zorder(LOWEST)
        self.set_in_layout(False)

    def draw(self, renderer: Any) -> None:
        act, self.act = self.act, None
        if act is not None:
            act(self.axes, renderer)


def before(axes: Any, act: Callable[[Any, Any], None]) -> None:
    """Have a function called with the axes and the renderer, before the axes is drawn for the first time.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    act : callable

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> before(figure.add_subplot(), lambda axes, renderer: print("now"))
    >>> figure.draw_without_rendering()
    now
    >>> figure.draw_without_rendering()
    """
    axes.add_artist(_Waiting(act))
