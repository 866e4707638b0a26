"""The figure of a summary: mean shares and mean currents of a population over time, with their spread."""

from __future__ import annotations

from typing import Any

from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.population import PopulationCurrentsPanel, PopulationPanel

#: Options that go to the panels; the others go to the Figure.
OF_PANEL = ("order", "palette", "band")


def summary_figure(summary: Any, *, amplitudes: bool = True, **options: Any) -> Figure:
    """Draw the mean share and the mean of each current over the neurons, and their spread.

    Parameters
    ----------
    summary : Summary
    amplitudes : bool
        Whether a second panel shows the currents themselves: shares do not tell how much flows.
    **options
        ``order``, ``palette`` and ``band`` for the panels; the others of `neo_currentscape.Figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ncs.summarise(segments).plot(size="column")                      # doctest: +SKIP
    """
    own = {name: options.pop(name) for name in OF_PANEL if name in options}
    panels = [PopulationPanel(summary, **own)]
    if amplitudes:
        panels.append(PopulationCurrentsPanel(summary, **own))
    return Figure(*panels, **options)
