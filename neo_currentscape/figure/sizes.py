"""Sizes of figures: named ones, millimetres and inches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeError,
    unknown_name,
)

#: Width in inches of a column and a page of a journal, and of a slide.
WIDTHS = {"column": 85 / 25.4, "page": 174 / 25.4, "slide": 13.33}

#: Other words for them.
ALIASES = {"single": "column", "double": "page"}

#: What an inch is in each unit of a size in words.
PER_INCH = {"in": 1.0, "inch": 1.0, "inches": 1.0, "cm": 2.54, "mm": 25.4, "pt": 72.0}

_NUMBER, _UNIT = r"\d+\.?\d*|\.\d+", "|".join(sorted(PER_INCH, reverse=True))
# A width alone needs its unit; two numbers without one are in inches.
_WRITTEN = re.compile(
    rf"\s*(?P<width>{_NUMBER})\s*(?P<unit>{_UNIT})?"
    rf"(?:\s*[x×*,]\s*(?P<height>{_NUMBER})\s*(?P<last>{_UNIT})?|(?<=[a-z]))\s*"
)

#: Height in inches of a slide.
SLIDE_HEIGHT = 7.5

#: Width in inches where nothing is said.
DEFAULT_WIDTH = 6.0


def width_and_height(size: Any) -> tuple[float, float | None]:
    """Width and height of a figure.

    Parameters
    ----------
    size : None, str or tuple
        None, or "column" (also "single"), "page" ("double") or "slide", or ``(width, height)`` in
        inches or as Quantities, e.g. ``(85 * pq.mm, 100 * pq.mm)``, or in words, e.g. "85x100mm",
        "3.5x4in", or "85mm" for the width alone.

    Returns
    -------
    width : float
        In inches.
    height : float or None
        In inches; None where it is what the panels need.

    Raises
    ------
    UnknownNameError
        When the name is not known, with the nearest that is.
    ArgumentError
        When it is no size.

    Examples
    --------
    >>> width_and_height((2 * pq.inch, 1)), width_and_height("slide")
    ((2.0, 1.0), (13.33, 7.5))
    >>> width_and_height("3.5x4in"), width_and_height("127 x 101.6 mm"), width_and_height("127mm")
    ((3.5, 4.0), (5.0, 4.0), (5.0, None))
    """
    if size is None:
        return DEFAULT_WIDTH, None
    if isinstance(size, str):
        return _of_text(size)
    try:
        width, height = (_inches(value) for value in tuple(size))
    except (TypeError, ValueError) as cause:
        if isinstance(cause, CurrentscapeError):
            raise
        raise ArgumentError(
            f"size={size!r} is no size: write (width, height) in inches, or 'column', 'page' or 'slide'."
        ) from cause
    if not (0 < width < np.inf and 0 < height < np.inf):
        raise ArgumentError(f"size={size!r} is no size: width and height are positive.")
    return width, height


def _of_text(size: str) -> tuple[float, float | None]:
    name = ALIASES.get(size, size)
    if name in WIDTHS:
        return WIDTHS[name], SLIDE_HEIGHT if name == "slide" else None
    found = _WRITTEN.fullmatch(size)
    if found is None:
        if not any(letter.isdigit() for letter in size):
            raise unknown_name("size", size, [*WIDTHS, *ALIASES])
        raise ArgumentError(
            f"size={size!r} is no size: write e.g. '3.5x4in', '85x100mm', '85mm' for the width alone, or "
            "'column', 'page' or 'slide'."
        )
    width, unit, height, last = found["width"], found["unit"], found["height"], found["last"]
    # '85x100mm' has its unit once, at the end.
    common = last or unit or "in"
    across = float(width) / PER_INCH[unit or common]
    up = None if height is None else float(height) / PER_INCH[common]
    if not (0 < across < np.inf and (up is None or 0 < up < np.inf)):
        raise ArgumentError(f"size={size!r} is no size: width and height are positive.")
    return across, up


def _inches(value: Any) -> float:
    if isinstance(value, pq.Quantity):
        return units.scalar(value, "inch", "size")
    return float(value)


def natural_scale(width: float) -> float:
    """Factor of the panels' heights in a figure so wide.

    Panels of a narrow figure are lower too, but less so, as the text does not shrink as much.
    """
    return min(1.0, 0.55 + 0.075 * width)


def share_height(natural: Sequence[float], least: Sequence[float], height: float) -> np.ndarray:
    """Divide a height among panels: as they would like, but none gets less than its labels need.

    Parameters
    ----------
    natural : sequence of float
        Heights that the panels would like, in any unit.
    least : sequence of float
        What they need, in the unit of the height.
    height : float
        Of all together.

    Returns
    -------
    ndarray
        Sums to `height`; where that is not enough for all, what they need, scaled.

    Examples
    --------
    >>> share_height([1, 3], [1, 1], 8).tolist(), share_height([1, 9], [2, 1], 10).tolist()
    ([2.0, 6.0], [2.0, 8.0])
    """
    wanted, needed = np.asarray(natural, dtype=float), np.asarray(least, dtype=float)
    if needed.sum() >= height:
        return needed * height / needed.sum()
    fixed = np.zeros(len(wanted), dtype=bool)
    while True:
        rest = height - needed[fixed].sum()
        found = np.where(fixed, needed, wanted * rest / wanted[~fixed].sum())
        if (found >= needed - 1e-9).all():
            return found
        fixed |= found < needed


def page_size(size: Any, on: Any) -> tuple[float, float | None]:
    """Width and height in inches of a new page, or of the figure that is drawn on.

    Raises
    ------
    ArgumentError
        When both are given.
    ArgumentTypeError
        When what is drawn on is no figure.
    """
    if on is None:
        return width_and_height(size)
    if not hasattr(on, "add_gridspec"):
        raise ArgumentTypeError(f"on= takes a matplotlib Figure or SubFigure, not {type(on).__name__}.")
    if size is not None:
        raise ArgumentError("size= cannot be given with on=: the figure to draw on has a size of its own.")
    return on.bbox.width / on.dpi, on.bbox.height / on.dpi
