"""The standard figure of an attribution: the extended currentscape."""

from __future__ import annotations

from typing import Any

from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.spatial.extended import AttributionPanel
from neo_currentscape.panels.total import TotalPanel
from neo_currentscape.panels.voltage import VoltagePanel


def attribution_figure(
    attribution: Any,
    *,
    order: Any = "charge",
    palette: Any = None,
    title: str | None = None,
    **options: Any,
) -> Figure:
    """Draw the voltage at the target, the totals there, and the shares of what they are attributed to.

    Parameters
    ----------
    attribution : neo_currentscape.spatial.Attribution
    order, palette
        As for `neo_currentscape.SharesPanel`.
    title : str, optional
        By default the name of the target.
    **options
        Go through to `neo_currentscape.Figure`: size, legend, time_units, on, settings.

    Returns
    -------
    Figure
    """
    scape = attribution.currentscape()
    return Figure(
        VoltagePanel(scape),
        TotalPanel(scape, "outward"),
        AttributionPanel(scape, order=order, palette=palette),
        TotalPanel(scape, "inward"),
        title=title or f"Current at {attribution.label}",
        **options,
    )
