"""The line at zero that panels draw through their currents."""

from __future__ import annotations

from typing import Any

from neo_currentscape.style import text
from neo_currentscape.style.elements import element


def draw_zero_line(axes: Any, given: Any, width: float = 0.8, **default: Any) -> list[Any]:
    """Draw a line at zero, and return it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    given : dict or False
        What the panel was told of its ``zero_line``.
    width : float
        In points, before the size of the text is taken into account.
    **default
        What is another than of a line in the colour of text.

    Returns
    -------
    list
        Empty where there is none.
    """
    from matplotlib.lines import Line2D

    look = element(given, {"color": text.ink(), "linewidth": text.line_width(width), **default}, Line2D)
    return [] if look is None else [axes.axhline(0, **look)]
