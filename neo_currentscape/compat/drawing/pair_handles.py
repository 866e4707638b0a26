"""Legend entries that show the area and the line of a current beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from neo_currentscape.style import paper
from neo_currentscape.style.look import Look


class AreaAndLine(tuple[Any, Any]):
    """A patch and a line under one label, as matplotlib's legend takes them."""

    def get_label(self) -> str:
        """The label of both."""
        return str(self[0].get_label())


def areas_with_lines(names: Sequence[str], looks: Mapping[str, Look], linewidth: float) -> dict[str, Any]:
    """Legend entries with a swatch and a line each.

    Parameters
    ----------
    names : sequence of str
        In the order of the legend.
    looks : mapping of str to Look
    linewidth : float
        Of the lines, in points.

    Returns
    -------
    dict
        ``handles`` and ``handler_map`` for matplotlib's legend.
    """
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        AreaAndLine(
            (
                Patch(label=name, **looks[name].patch()),
                Line2D(
                    [],
                    [],
                    color=paper.seen(looks[name].color),
                    linestyle=looks[name].line,
                    linewidth=linewidth,
                ),
            )
        )
        for name in names
    ]
    return {"handles": handles, "handler_map": {tuple: HandlerTuple(ndivide=None, pad=0.2)}}
