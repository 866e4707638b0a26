"""The figure of a field: the signal at a contact with its parts, and their shares."""

from __future__ import annotations

from typing import Any

from neo_currentscape.figure.figure import Figure
from neo_currentscape.panels.spatial.field import FieldPanel, FieldSharesPanel

#: Options that go to both panels; the others go to the Figure.
SHARED = ("order", "palette")


def field_figure(field: Any, contact: int | str = 0, *, ylabel: Any = None, **options: Any) -> Figure:
    """Draw what makes a signal positive and negative.

    Parameters
    ----------
    field : Field
    contact : int or str
    ylabel : str, optional
        Of the upper panel.
    **options
        ``order`` and ``palette`` for the panels; the others of `neo_currentscape.Figure`.

    Returns
    -------
    Figure
    """
    shared = {key: options.pop(key) for key in SHARED if key in options}
    return Figure(
        FieldPanel(field, contact=contact, ylabel=ylabel, **shared),
        FieldSharesPanel(field, contact=contact, **shared),
        **options,
    )
