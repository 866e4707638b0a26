"""Limits and ticks of the y axes of totals."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Decades that a logarithmic axis shows at most, so that its shape can be seen.
MOST_DECADES = 5


def log_limits(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    """Limits of a logarithmic axis that show the shape of a total.

    Parameters
    ----------
    low, high : ndarray, shape (column,)
        Extremes in each column; zeros and NaN do not count.

    Returns
    -------
    lower, upper : float
        The upper one a little above the peak; the lower one a little below the 1st percentile of
        the positive values, at least one decade and at most `MOST_DECADES` below the upper one.
        (0.1, 1) where nothing is positive.

    Examples
    --------
    >>> log_limits(np.array([0.0]), np.array([0.0]))
    (0.1, 1.0)
    """
    positive = low[np.isfinite(low) & (low > 0)]
    peak = np.nanmax(high) if np.isfinite(high).any() else 0.0
    if not peak > 0:
        return 0.1, 1.0
    lowest = np.percentile(positive, 1) if len(positive) else peak
    upper = np.log10(peak) + 0.1
    lower = np.clip(np.log10(lowest) - 0.15, upper - MOST_DECADES, upper - 1)
    return float(10**lower), float(10**upper)


def linear_limits(high: np.ndarray) -> tuple[float, float]:
    """Limits of a linear axis from 0 to a little above the peak."""
    peak = np.nanmax(high) if np.isfinite(high).any() else 0.0
    return 0.0, float(peak * 1.05) if peak > 0 else 1.0


def label_decades(axes: Any, limits: tuple[float, float]) -> None:
    """Put ticks on decades, at most three of them labelled, in plain numbers where they are short.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With a logarithmic y axis.
    limits : tuple of float
        Its lower and upper limit.
    """
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter

    first, last = int(np.ceil(np.log10(limits[0]))), int(np.floor(np.log10(limits[1])))
    if first > last:
        ticks = np.array([10 ** np.mean(np.log10(limits))])
        ticks = np.array([float(f"{ticks[0]:.1g}")])
    else:
        step = max(1, -(-(last - first + 1) // 3))
        ticks = 10.0 ** np.arange(first, last + 1, step)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: plain_or_power(value)))
    axes.yaxis.set_minor_locator(LogLocator(subs=(1.0,), numticks=20))
    axes.yaxis.set_minor_formatter(NullFormatter())


def plain_or_power(value: float) -> str:
    """Write a number in full where it is short, else as a power of ten.

    Examples
    --------
    >>> plain_or_power(0.1), plain_or_power(100.0), plain_or_power(1e-7)
    ('0.1', '100', '$10^{-7}$')
    """
    if 1e-3 <= value < 1e5:
        return f"{value:g}"
    exponent = int(np.floor(np.log10(value) + 1e-9))
    mantissa = value / 10.0**exponent
    factor = "" if abs(mantissa - 1) < 1e-6 else rf"{mantissa:g} \times "
    return f"${factor}10^{{{exponent}}}$"
