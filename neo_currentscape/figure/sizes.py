"""Sizes of figures: named ones, millimetres and inches."""

from __future__ import annotations

from typing import Any

import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, unknown_name

#: Width in inches of a column and a page of a journal, and of a slide.
WIDTHS = {"column": 85 / 25.4, "page": 174 / 25.4, "slide": 13.33}

#: Height in inches of what is not panels: time axis and margins.
MARGIN = 0.55

#: Width in inches where nothing is said.
DEFAULT_WIDTH = 6.0


def size_in_inches(size: Any, natural_height: float) -> tuple[float, float]:
    """Width and height of a figure.

    Parameters
    ----------
    size : None, str or tuple
        None, or "column", "page" or "slide" (whose height is 7.5 inches), or ``(width, height)``
        in inches or as Quantities, e.g. ``(85 * pq.mm, 100 * pq.mm)``.
    natural_height : float
        Height in inches that the panels would like on a page.

    Returns
    -------
    width, height : float

    Examples
    --------
    >>> size_in_inches((50.8 * pq.mm, 1 * pq.inch), 3.0)
    (2.0, 1.0)
    """
    if size is None or isinstance(size, str):
        return _named(size, natural_height)
    if isinstance(size, pq.Quantity):
        size = tuple(size)
    try:
        width, height = (_inches(value) for value in size)
    except (TypeError, ValueError) as cause:
        raise ArgumentError(
            f"size={size!r} is no size: write (width, height) in inches, or 'column', 'page' or 'slide'."
        ) from cause
    if not (width > 0 and height > 0):
        raise ArgumentError(f"size={size!r} is no size: width and height are positive.")
    return width, height


def _named(size: str | None, natural_height: float) -> tuple[float, float]:
    if size is not None and size not in WIDTHS:
        raise unknown_name("size", size, WIDTHS)
    if size == "slide":
        return WIDTHS["slide"], 7.5
    width = DEFAULT_WIDTH if size is None else WIDTHS[size]
    # Panels of a narrow figure are lower too, but less so, as the text does not shrink as much.
    return width, round(natural_height * min(1.0, 0.55 + 0.075 * width) + MARGIN, 3)


def _inches(value: Any) -> float:
    if isinstance(value, pq.Quantity):
        return units.scalar(value, "inch", "size")
    return float(value)
