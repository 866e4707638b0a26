"""The figure of a summary: the mean shares of a population over time, with their spread."""

from __future__ import annotations

from typing import Any

from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.population import PopulationPanel

#: Options that go to the panel; the others go to the Figure.
OF_PANEL = ("order", "palette", "band")


def summary_figure(summary: Any, **options: Any) -> Figure:
    """Draw the mean share of each current over the neurons, and its spread.

    Parameters
    ----------
    summary : Summary
    **options
        ``order``, ``palette`` and ``band`` for the panel; the others of `neo_currentscape.Figure`.

    Returns
    -------
    Figure
    """
    own = {name: options.pop(name) for name in OF_PANEL if name in options}
    return Figure(PopulationPanel(summary, **own), **options)
