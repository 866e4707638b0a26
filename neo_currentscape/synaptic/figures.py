"""The figure of excitation and inhibition: over time or around events, and over the neurons."""

from __future__ import annotations

from typing import Any

from neo_currentscape.conventions.plain_text import with_unit
from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.experiments.base import AXES
from neo_currentscape.panels.experiments.excitation import (
    ExcitationInhibitionNeuronsPanel,
    ExcitationInhibitionPanel,
)

#: Options that go to the panels; the others go to the Figure.
OF_PANELS = ("palette", "band", "line", "zero_line")


def excitation_inhibition_figure(found: Any, *, neurons: bool | None = None, **options: Any) -> Figure:
    """Draw the mean currents with their spread.

    Parameters
    ----------
    found : ExcitationInhibition
    neurons : bool, optional
        Whether a second panel shows each neuron; by default where there are several.
    **options
        ``palette``, ``line``, ``band`` and ``zero_line`` for the panels; the others of
        `neo_currentscape.Figure`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ncs.excitation_inhibition(segment).plot(size="column")           # doctest: +SKIP
    """
    own = {name: options.pop(name) for name in OF_PANELS if name in options}
    several = len(found.cells) > 1 if neurons is None else neurons
    # The axis of the neurons is another one: both are labelled.
    label = with_unit(AXES[found.axis], found.edges) if several else None
    panels: list[Any] = [ExcitationInhibitionPanel(found, xlabel=label, **own)]
    if several:
        panels.append(ExcitationInhibitionNeuronsPanel(found.cells, **own))
    return Figure(*panels, **options)
