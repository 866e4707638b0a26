"""Limits and ticks of y axes: of totals on a logarithmic scale, and of small numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, unknown_name

#: Powers of ten between which a logarithmic axis ends: beyond are no numbers.
LEAST_POWER, LARGEST_POWER = -323.0, 308.25

#: Decades that a logarithmic axis shows at most, so that its shape can be seen.
MOST_DECADES = 5

#: Part of the time for which a total may be below the lower limit of its axis.
RARE = 0.01

#: How far below what is not rare, as a factor, an axis reaches to show a minimum.
DEEPEST_DIP = 1 / 3


def check_scale(scale: str, known: tuple[str, ...]) -> None:
    """Refuse a scale that a panel cannot have.

    Raises
    ------
    UnknownNameError
        With the nearest that it can have.
    """
    if scale not in known:
        raise unknown_name("scale", scale, known)


def check_limits(ylim: Any, scale: str = "linear", rising: bool = False) -> None:
    """Refuse limits of a y axis that are no two numbers that the scale can show.

    Parameters
    ----------
    ylim : tuple of float or None
    scale : str
    rising : bool
        Whether the first has to be the smaller one.

    Raises
    ------
    ArgumentError
    """
    if ylim is None:
        return
    try:
        low, high = (float(value) for value in ylim)
    except (TypeError, ValueError):
        low = high = float("nan")
    if not (np.isfinite([low, high]).all() and low != high):
        raise ArgumentError(f"ylim={ylim!r} are no limits: write two numbers, e.g. ylim=(-80, 40).")
    if scale == "log" and min(low, high) <= 0:
        raise ArgumentError(
            f"ylim={ylim!r} cannot be shown on a logarithmic axis: give limits above 0, or scale='linear'."
        )
    if rising and low > high:
        raise ArgumentError(f"ylim={ylim!r} falls: write the smaller limit first.")


def log_limits(
    low: np.ndarray,
    high: np.ndarray,
    typical: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> tuple[float, float]:
    """Limits of a logarithmic axis that show the shape of a total.

    Both extremes over all columns, and what is typical, do not depend on the number of columns, and
    so neither do the limits.

    Parameters
    ----------
    low, high : ndarray, shape (column,)
        Extremes in each column; NaN do not count.
    typical : ndarray, shape (sample,), optional
        Values that do not depend on the number of columns; zeros and NaN do not count. By default
        `low`.
    weights : ndarray, shape (sample,), optional
        The time that each of them stands for; the same for all where left out.

    Returns
    -------
    lower, upper : float
        The upper one a little above the peak. The lower one a little below the minimum, or where that
        is less than a third of it a little below a third of the value under which the total stays for
        1 % of the time that it flows; at least one decade and at most `MOST_DECADES` below the upper
        one. (0.1, 1) where nothing is positive.

    Examples
    --------
    >>> log_limits(np.array([0.0]), np.array([0.0]))
    (0.1, 1.0)
    """
    peak = peak_of(high)
    if not peak > 0:
        return 0.1, 1.0
    usual = _low_quantile(low if typical is None else typical, weights) or peak
    lowest = max(float(np.nanmin(low)), usual * DEEPEST_DIP)
    upper = np.clip(np.log10(peak) + 0.1, LEAST_POWER + 1, LARGEST_POWER)
    smallest = np.log10(max(min(lowest, usual), 10.0**LEAST_POWER))
    lower = np.clip(smallest - 0.15, max(upper - MOST_DECADES, LEAST_POWER), upper - 1)
    return float(10.0**lower), float(10.0**upper)


def _low_quantile(values: np.ndarray, weights: np.ndarray | None) -> float:
    """The value below which positive values stay for `RARE` of their time; 0 where there are none."""
    held = np.isfinite(values) & (values > 0)
    if not held.any():
        return 0.0
    order = np.argsort(values[held])
    passed = np.cumsum(np.ones(len(order)) if weights is None else weights[held][order])
    return float(values[held][order][np.searchsorted(passed, RARE * passed[-1])])


def linear_limits(high: np.ndarray) -> tuple[float, float]:
    """Limits of a linear axis from 0 to a little above the peak."""
    return 0.0, min(1.05 * peak_of(high) or 1.0, 10.0**LARGEST_POWER)


def peak_of(high: np.ndarray) -> float:
    """The largest of what is finite and above 0, else 0."""
    return float(np.max(high, where=np.isfinite(high), initial=0.0))


def shorten_ticks(axes: Any) -> None:
    """Take powers of ten out of tick labels that are long: ``0.0005`` becomes 5 below ``x 10^-4``."""
    axes.ticklabel_format(axis="y", style="sci", scilimits=(-3, 5), useMathText=True)


def label_log(axes: Any) -> None:
    """Put two to four labelled ticks on a logarithmic y axis, plain numbers where they are short.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With a logarithmic y axis whose limits are set.
    """
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter

    low, high = sorted(float(limit) for limit in axes.get_ylim())
    axes.yaxis.set_major_locator(FixedLocator([float(tick) for tick in log_ticks(low, high)]))
    axes.yaxis.set_major_formatter(FuncFormatter(_written))
    # All digits between ticks that lie in two decades at most; else decades only.
    subs = [float(n) for n in range(1, 10)] if high < 60 * low else [1.0]
    axes.yaxis.set_minor_locator(LogLocator(subs=subs, numticks=20))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _written(value: float, _: int | None) -> str:
    return plain_or_power(value)


def log_ticks(low: float, high: float) -> np.ndarray:
    """Choose two to four ticks between two limits: decades, or what lies between these.

    Examples
    --------
    >>> log_ticks(0.02, 300).tolist(), log_ticks(0.4, 7).tolist()
    ([0.1, 10.0], [1.0, 3.0])
    >>> log_ticks(0.5, 0.6).tolist()
    [0.52, 0.56, 0.6]
    """
    exponents = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    # Powers are rounded differently on different machines; what is written is not.
    decades = [float(f"1e{exponent}") for exponent in exponents]
    for digits in ((1,), (1, 3), (1, 2, 5)):
        ticks = np.sort(np.outer(digits, decades).ravel())
        ticks = ticks[(ticks >= low * (1 - 1e-9)) & (ticks <= high * (1 + 1e-9))]
        if len(ticks) >= 2:
            step = -(-len(ticks) // (3 if len(digits) == 1 else 4))
            return ticks[::step]
    from matplotlib.ticker import MaxNLocator

    ticks = np.array([float(f"{tick:.6g}") for tick in MaxNLocator(3).tick_values(low, high)])
    return ticks[(ticks >= low * (1 - 1e-9)) & (ticks <= high * (1 + 1e-9))]


def plain_or_power(value: float) -> str:
    """Write a number in full where it is short, else as a power of ten.

    Examples
    --------
    >>> plain_or_power(0.1), plain_or_power(100.0), plain_or_power(1e-7), plain_or_power(-3.0)
    ('0.1', '100', '$10^{-7}$', '−3')
    """
    if value <= 0:
        # As matplotlib writes it, with a minus sign and not a hyphen.
        return f"\N{MINUS SIGN}{plain_or_power(-value)}" if value < 0 else "0"
    if 1e-3 <= value < 1e5:
        return f"{value:g}"
    exponent = max(int(np.floor(np.log10(value) + 1e-9)), int(LEAST_POWER))
    mantissa = value / 10.0**exponent
    factor = "" if abs(mantissa - 1) < 1e-6 else rf"{mantissa:g} \times "
    return f"${factor}10^{{{exponent}}}$"
