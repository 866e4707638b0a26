"""Limits and ticks of the currents and ions, chosen as Currentscape chooses them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from neo_currentscape.compat.config import Config
from neo_currentscape.reduction.columns import Columns

#: Height of a number at a tick, in text sizes.
LINE = 1.05

#: Limits where nothing flows.
NOTHING = (0.1, 1.0)


@dataclass(frozen=True)
class Scale:
    """Limits and ticks of a logarithmic axis, and whether the ticks were chosen from the values."""

    limits: tuple[float, float]
    ticks: tuple[float, ...]
    chosen: bool = False


def scale_of(config: Config, part: str, columns: Columns) -> Scale:
    """The axis of the currents or of the ions.

    Parameters
    ----------
    config : Config
    part : {"current", "ions"}
    columns : Columns
        What is drawn.

    Returns
    -------
    Scale
        Chosen from the largest value, or as the configuration says.
    """
    given, limits = not config[f"{part}.autoscale_ticks_and_ylim"], config[f"{part}.ylim"]
    if given and limits is not None and None not in limits:
        return Scale(_above_zero(limits), config[f"{part}.ticks"])
    parts = ("outward", "inward") if part == "current" else ("ions",)
    extremes = [columns.extremes[key] for key in parts]
    found = chosen(max(float(np.nanmax(np.abs([e.low, e.high]))) for e in extremes))
    if not given:
        return replace(found, chosen=True)
    return Scale(_above_zero(_completed(limits or (None, None), found.limits)), config[f"{part}.ticks"])


def _completed(limits: Sequence[float | None], chosen_ones: tuple[float, float]) -> tuple[float, float]:
    """What is chosen for limits that are not told, seven decades from the other where it would cross it."""
    low, high = limits
    if low is None:
        low = chosen_ones[0] if high is None or chosen_ones[0] < high else high / 1e7
    if high is None:
        high = chosen_ones[1] if chosen_ones[1] > low else low * 1e7
    return low, high


def voltage_limits(config: Config, columns: Columns) -> tuple[float, float] | None:
    """Limits of the voltage: None where none is told; for one of two, a margin to the values."""
    limits = config["voltage.ylim"]
    if limits is None or None not in limits:
        return limits
    line = columns.extremes["voltage"]
    low, high = float(np.nanmin(line.low)), float(np.nanmax(line.high))
    margin = 0.05 * (high - low) or 1.0
    low, high = low - margin, high + margin
    first, last = limits
    if last is None:
        return first, high if high > first else first + 2 * margin
    return low if low < last else last - 2 * margin, last


def _above_zero(limits: tuple[float, float]) -> tuple[float, float]:
    # A logarithmic axis cannot reach 0: then it begins seven decades below its top, as one that is chosen.
    return limits if limits[0] > 0 else (limits[1] * 1e-7, limits[1])


def chosen(largest: float) -> Scale:
    """Seven decades up to five times the largest value; ticks 1, 3 and 5 decades below its first digit.

    Examples
    --------
    >>> scale = chosen(723.0)
    >>> [f"{tick:g}" for tick in scale.ticks], f"{scale.limits[1]:g}"
    (['0.007', '0.7', '70'], '3615')
    """
    if not largest > 0:
        return Scale(NOTHING, NOTHING)
    decade = 10.0 ** math.floor(math.log10(largest) + 1e-12)
    digit = decade * math.floor(largest / decade + 1e-9)
    return Scale((5 * largest / 1e7, 5 * largest), tuple(digit * 10.0**-n for n in (5, 3, 1)))


def time_ticks(first: float, last: float) -> tuple[float, ...]:
    """Round times from the first to the last, about five of them.

    Examples
    --------
    >>> time_ticks(100.0, 350.0)
    (100.0, 150.0, 200.0, 250.0, 300.0, 350.0)
    """
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(first, last)
    slack = 1e-9 * (last - first)
    return tuple(float(tick) for tick in found if first - slack <= tick <= last + slack)


def readable(scale: Scale, height: float, textsize: float) -> tuple[float, ...]:
    """Those ticks of a logarithmic axis whose numbers have room: the highest, and every so many below it.

    Parameters
    ----------
    scale : Scale
    height, textsize : float
        Of the axes and of its numbers, in points.

    Examples
    --------
    >>> scale = Scale((1e-3, 1e3), (0.01, 1.0, 100.0))
    >>> readable(scale, 40, 6), readable(scale, 15, 6)
    ((0.01, 1.0, 100.0), (0.01, 100.0))
    """
    ticks = [tick for tick in scale.ticks if tick > 0]
    if len(ticks) < 2 or len(ticks) < len(scale.ticks):
        return scale.ticks
    places = np.log10(np.sort(ticks)) * height / np.log10(scale.limits[1] / scale.limits[0])
    step = math.ceil(LINE * textsize / float(np.diff(places).min()) - 1e-9)
    return tuple(sorted(ticks)[::-1][::step][::-1])
