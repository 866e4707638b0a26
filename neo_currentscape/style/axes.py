"""Time axes, grids, labels and ticks that panels share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.style import paper, readout, y_label
from neo_currentscape.style.elements import element
from neo_currentscape.style.text import line_width, spelled

#: Pixel columns per inch that a reduced recording gets; print shows no more.
COLUMNS_PER_INCH = 300

#: Columns that a file without dots (PDF, SVG, EPS) gets, whatever its size, of up to so many currents.
VECTOR_COLUMNS, MANY_CURRENTS = 1200, 12

#: Columns that the smallest figure gets.
LEAST_COLUMNS = 500

#: A column belongs to a flank where neighbours move by more than this part of its own range, twice.
FLANK = 0.2

#: Time units of an axis, and how many of them make a millisecond.
PER_MS = {"us": 1e3, "ms": 1.0, "s": 1e-3, "min": 1e-3 / 60, "h": 1e-3 / 3600}


def n_columns(axes: Any) -> int:
    """Number of columns that are worth drawing on an axes.

    Taken from the width of the whole figure, so that all panels of a figure share one reduction
    and a later change of the margins needs no new one.
    """
    # A SubFigure has no size of its own in inches; its box in pixels has one.
    return columns_of_width(axes.figure.bbox.width / axes.figure.dpi)


def columns_of_width(inches: float) -> int:
    """Number of columns that are worth drawing on a figure of a width in inches."""
    return max(LEAST_COLUMNS, int(inches * COLUMNS_PER_INCH))


def vector_columns(n_currents: int) -> int:
    """Columns in a file without dots: fewer of many currents, so that it stays below a megabyte.

    Examples
    --------
    >>> vector_columns(8), vector_columns(16), vector_columns(100)
    (1200, 900, 600)
    """
    return int(np.clip(VECTOR_COLUMNS * MANY_CURRENTS / max(n_currents, 1), 600, VECTOR_COLUMNS))


def or_samples(n_columns: int, n_samples: int) -> int:
    """Columns to draw, or all samples where these are no more points than the columns' two extremes.

    Examples
    --------
    >>> or_samples(900, 1001), or_samples(900, 5000)
    (1001, 900)
    """
    return n_samples if n_columns < n_samples <= 2 * n_columns else n_columns


def time_unit(duration_ms: float) -> str:
    """Choose the time unit of an axis: ms up to ten seconds, then s, min and h.

    Examples
    --------
    >>> time_unit(50), time_unit(20_000), time_unit(3_600_000)
    ('ms', 's', 'min')
    """
    for unit, longest in (("ms", 1e4), ("s", 1e6), ("min", 6e6)):
        if duration_ms <= longest:
            return unit
    return "h"


def check_time_unit(unit: str) -> str:
    """Return the unit if an axis can have it.

    Raises
    ------
    UnknownNameError
        When it is not a unit of time that is known here.
    """
    if not isinstance(unit, str) or unit not in PER_MS:
        raise unknown_name("time unit", unit, PER_MS)
    return unit


def is_lowest(axes: Any) -> bool:
    """Whether an axes stands in the last row of its grid, or in no grid at all."""
    spec = axes.get_subplotspec()
    return spec is None or spec.is_last_row()


def label_time(axes: Any, unit: str, label: str | bool | None = None) -> None:
    """Write the label of the time axis and its tick labels; where it is not the lowest, neither.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    unit : str
        Of the axis.
    label : str, bool or None
        The caller's own label; True for the default one and False for none, wherever the axes
        stands; None for the default one below the lowest axes of a grid.
    """
    readout.along_time(axes, unit)
    if label is False or (label is None and not is_lowest(axes)):
        axes.tick_params(axis="x", labelbottom=False)
        axes.set_xlabel("")
        return
    axes.tick_params(axis="x", labelbottom=True)
    axes.set_xlabel(spelled(label) if isinstance(label, str) else f"Time ({units.label(unit)})")


def label_values(axes: Any, text: str | bool | None, default: str, unit: Any = None) -> None:
    """Write the label of the y axis: the caller's, or the default with the unit of the data.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    text : str, bool or None
        The caller's own label as it is; False for none; None or True for the default.
    default : str
        What is shown.
    unit : Quantity or str, optional
        Unit of the data.
    """
    if unit is not None:
        readout.of_unit(axes, unit)
    if text is False:
        return
    y_label.keep_on_page(axes, not isinstance(text, str))
    if isinstance(text, str):
        axes.set_ylabel(spelled(text))
        return
    shown = units.label(unit) if unit is not None else ""
    axes.set_ylabel(spelled(f"{default}\n({shown})" if shown else default))


def draw_grid(axes: Any, grid: bool | Mapping[str, Any]) -> None:
    """Draw a grid behind everything, or none.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    grid : bool or dict
        A dict goes through to `matplotlib.axes.Axes.grid`.
    """
    from matplotlib import rcParams
    from matplotlib.lines import Line2D

    options = dict(grid) if isinstance(grid, Mapping) else {}
    where = {key: options.pop(key) for key in ("which", "axis") if key in options}
    look = element(
        options if grid is not False else False,
        {"color": paper.tone(0.85), "linewidth": line_width(0.6)},
        Line2D,
    )
    if look is None:
        if rcParams["axes.grid"]:
            axes.grid(False)
        return
    axes.set_axisbelow(True)
    axes.grid(True, **where, **look)


def envelope(times: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points of a line that goes through both extremes of every column.

    Parameters
    ----------
    times : ndarray, shape (column,)
        Increasing.
    low, high : ndarray, shape (column,)
        Extremes in each column; the same where each column is one sample.

    Returns
    -------
    x, y : ndarray
        Shape (2 column,); or (column,) where low and high are the same array.
    """
    if low is high:
        return times, low
    # On a flank through each column as the flank goes, from its one side to the other; and else up in
    # one column and down in the next, so that the line takes no needless step.
    middle = low + high
    slope = np.gradient(middle) if len(middle) > 1 else np.zeros(len(middle))
    rises = np.arange(len(low)) % 2 == 0
    flank = np.abs(slope) > FLANK * (high - low)
    rises[flank] = slope[flank] > 0
    first, second = np.where(rises, low, high), np.where(rises, high, low)
    # Columns without samples are left out: the narrowest step is the width of one.
    half = flank * (np.diff(times).min() / 2 if len(times) > 1 else 0.0)
    return np.column_stack([times - half, times + half]).ravel(), np.column_stack([first, second]).ravel()
