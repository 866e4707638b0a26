"""The scale of colours on a tree, on which one place does not hide what is at all the others."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import unknown_name

#: What the colours of a tree can follow.
SCALES = ("others", "linear", "log", "quantile")

#: The least that a logarithmic scale shows, as a part of the most.
DECADES = 1e-3

#: Part of a colour bar by which its ticks are apart.
LEAST_APART = 0.12

#: Quantiles between which colours are even.
N_QUANTILES = 21


def largest(values: np.ndarray, is_target: np.ndarray, scale: str) -> float:
    """The contribution at the end of the colours.

    Parameters
    ----------
    values : ndarray, shape (compartment,)
        As they are coloured.
    is_target : ndarray of bool, shape (compartment,)
    scale : str
        One of `SCALES`.

    Returns
    -------
    float
        Of "others" the largest outside of the target, if there is any.

    Examples
    --------
    >>> largest(np.array([60.0, 3.0, 1.0]), np.array([True, False, False]), "others")
    3.0
    """
    if scale not in SCALES:
        raise unknown_name("scale", scale, SCALES)
    others = values[~is_target]
    top = float(others.max(initial=0.0)) if scale == "others" else 0.0
    return top or float(values.max(initial=0.0)) or 1.0


def norm_of(values: np.ndarray, is_target: np.ndarray, scale: str, vmax: float | None = None) -> Any:
    """The norm that colours follow.

    Parameters
    ----------
    values, is_target, scale
        As for `largest`.
    vmax : float, optional
        In place of that.

    Returns
    -------
    matplotlib.colors.Normalize
    """
    from matplotlib.colors import FuncNorm, LogNorm, Normalize

    top = vmax or largest(values, is_target, scale)
    if scale == "log":
        return LogNorm(DECADES * top, top, clip=True)
    if scale != "quantile" or len(np.unique(values)) < 3:
        return Normalize(0.0, top)
    knots = np.unique(np.quantile(np.minimum(values, top), np.linspace(0, 1, N_QUANTILES)))
    knots = np.unique(np.concatenate([[0.0], knots, [top]]))
    at = np.linspace(0.0, 1.0, len(knots))
    there = (lambda x: np.interp(x, knots, at), lambda y: np.interp(y, at, knots))
    return FuncNorm(there, 0.0, top)


def spread_ticks(norm: Any) -> list[float]:
    """Round numbers at about every quarter of a colour bar, of those that are not too near to each other.

    Examples
    --------
    >>> from matplotlib.colors import Normalize
    >>> spread_ticks(Normalize(0, 82.3))
    [0.0, 21.0, 41.0, 62.0, 82.0]
    """
    found: list[float] = []
    for part in np.linspace(0, 1, 5):
        value = float(f"{float(norm.inverse(part)):.2g}")
        tick = min(value, norm.vmax)
        if not found or float(norm(tick)) - float(norm(found[-1])) >= LEAST_APART:
            found.append(tick)
    return found


def beyond(values: np.ndarray, norm: Any) -> str:
    """How a colour bar ends, as matplotlib calls it: where some values are beyond what it shows.

    Returns
    -------
    {"neither", "min", "max", "both"}
    """
    from matplotlib.colors import LogNorm

    over = norm.vmax is not None and bool((values > norm.vmax * (1 + 1e-9)).any())
    least = norm.vmin if isinstance(norm, LogNorm) and norm.vmin is not None else -np.inf
    under = bool((values < least).any())
    return ("both" if under else "max") if over else ("min" if under else "neither")
