r"""Boltzmann curves of activation and inactivation, fitted with standard errors.

.. math:: y(V) = b + \frac{a}{1 + e^{(V_{1/2} - V) / k}}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import SignalError, require

#: The steepest and the flattest curve, in mV, that data can tell.
STEEPEST, FLATTEST = 0.3, 60.0

#: Evaluations after which a fit is given up; and after which it is compared with others.
EVALUATIONS, ROUGH = 2_000, 200

#: A fit is begun from so many of the guesses, the nearest.
MOST_BEGUN = 8

#: By so much a curve must lower Akaike's criterion: what is less may be noise.
DECISIVE = 10.0

#: The part of a curve that the levels must show.
TOLD = 0.5

#: A fit explains at least this part of the squares.
EXPLAINED = 0.5


@dataclass(frozen=True)
class Boltzmann:
    """A fitted curve.

    Attributes
    ----------
    maximum, base : float
        The curve goes from ``base``, the end that is nearer to 0, by ``maximum`` to its other end; in the
        unit of what was fitted (nS, pA, or 1).
    half, slope : Quantity
        Voltage in mV at the middle, and the mV of an e-fold change; negative where the curve comes back to
        its base with the voltage, as that of inactivation.
    errors : dict of str to float
        Standard errors of "maximum", "half", "slope", and of "base" and "reversal" where they were fitted.
    reversal : Quantity or None
        Voltage in mV at which the current turns, where the curve is that of a conductance.
    """

    maximum: float
    half: pq.Quantity
    slope: pq.Quantity
    errors: dict[str, float]
    base: float = 0.0
    reversal: pq.Quantity | None = None

    def fraction(self, voltages: Any) -> np.ndarray:
        """The curve from 0 to 1 at voltages in mV.

        Parameters
        ----------
        voltages : array_like
            In mV.

        Returns
        -------
        np.ndarray
            Of the shape of the voltages.
        """
        v = np.asarray(voltages, dtype=float)
        return logistic((v - float(self.half)) / float(self.slope))

    def __call__(self, voltages: Any) -> np.ndarray:
        """The curve itself; a conductance, where ``reversal`` is known, not the current."""
        return self.base + self.maximum * self.fraction(voltages)

    def current(self, voltages: Any) -> np.ndarray:
        """The current in pA of a conductance in nS.

        Parameters
        ----------
        voltages : array_like
            In mV.

        Returns
        -------
        np.ndarray
            In pA, of the shape of the voltages.
        """
        if self.reversal is None:
            raise SignalError("This curve is not that of a conductance: it has no reversal potential.")
        return self(voltages) * (np.asarray(voltages, dtype=float) - float(self.reversal))

    def __str__(self) -> str:
        parts = [
            f"V½ {float(self.half):.4g} ± {self.errors['half']:.2g} mV",
            f"k {float(self.slope):.3g} ± {self.errors['slope']:.2g} mV",
        ]
        if self.reversal is not None and "reversal" in self.errors:
            parts.append(f"reversal {float(self.reversal):.4g} ± {self.errors['reversal']:.2g} mV")
        return ", ".join(parts)


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), which no x makes overflow."""
    return 0.5 * (1 + np.tanh(x / 2))


def fit_curve(
    v: np.ndarray, y: np.ndarray, error: np.ndarray | None = None, base: bool = False
) -> Boltzmann:
    """Fit a Boltzmann curve to values at voltages.

    Parameters
    ----------
    v, y : ndarray, shape (level,)
        In mV, and in any unit.
    error : ndarray, shape (level,), optional
        Standard errors of the values.
    base : bool
        Whether the curve begins elsewhere than at 0.

    Returns
    -------
    Boltzmann

    Raises
    ------
    SignalError
        When there are too few levels, or the fit runs away or explains nothing.

    Examples
    --------
    >>> v = np.arange(-80.0, 41.0, 10.0)
    >>> found = fit_curve(v, 12 / (1 + np.exp((-25 - v) / 6)))
    >>> round(found.maximum, 6), found.half.round(6), found.slope.round(6)
    (12.0, array(-25.) * mV, array(6.) * mV)
    """
    free = 4 if base else 3
    _check_levels(v, free)
    span = float(np.ptp(v))

    def model(x: np.ndarray, a: float, half: float, slope: float, b: float = 0.0) -> np.ndarray:
        return b + a * logistic((x - half) / slope)

    low, high = float(np.min(y)), float(np.max(y))
    size = max(high - low, 1e-12 * max(abs(high), abs(low), 1e-300))
    peak = float(y[np.abs(y).argmax()])
    begins = []
    for sign in (1.0, -1.0):
        for middle in np.quantile(v, (0.25, 0.5, 0.75)):
            ends = (np.sign(peak) * size, low if peak > 0 else high) if base else (peak,)
            begins.append((ends[0], float(middle), sign * span / 12, *ends[1:]))
    found, covariance = _best(model, v, y, error, begins)
    _check_fit(model, v, y, found, covariance)
    if base and abs(found[3] + found[0]) < abs(found[3]):
        # The same curve from its other end: it goes away from the one that is nearer to 0.
        other = np.array([[-1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 1]])
        found, covariance = other @ found, other @ covariance @ other.T
    names = ("maximum", "half", "slope", "base")[:free]
    errors = {n: _clean(e, x) for n, e, x in zip(names, np.sqrt(np.diag(covariance)), found, strict=True)}
    return Boltzmann(
        float(found[0]), found[1] * pq.mV, found[2] * pq.mV, errors, float(found[3]) if base else 0.0
    )


def fit_current(
    v: np.ndarray, i: np.ndarray, error: np.ndarray | None = None, reversal: float | None = None
) -> Boltzmann:
    r"""Fit the current of a conductance that opens along a Boltzmann curve.

    .. math:: I(V) = G \frac{V - E}{1 + e^{(V_{1/2} - V) / k}}

    Parameters
    ----------
    v, i : ndarray, shape (level,)
        In mV and pA.
    error : ndarray, shape (level,), optional
        Standard errors of the currents.
    reversal : float, optional
        E in mV; it is fitted where it is not given.

    Returns
    -------
    Boltzmann
        Of the conductance in nS.

    Raises
    ------
    SignalError
        When there are too few levels, or the fit runs away or explains nothing.

    Examples
    --------
    >>> v = np.arange(-80.0, 61.0, 10.0)
    >>> found = fit_current(v, 5 * (v - 50) / (1 + np.exp((-30 - v) / 7)))
    >>> print(found)
    V½ -30 ± 0 mV, k 7 ± 0 mV, reversal 50 ± 0 mV
    """
    _check_levels(v, 4 if reversal is None else 3)

    def model(x: np.ndarray, g: float, half: float, slope: float, e: float = np.nan) -> np.ndarray:
        turn = e if reversal is None else reversal
        return g * (x - turn) * logistic((x - half) / slope)

    begins = []
    for turn in [reversal] if reversal is not None else _turns(v, i):
        away = np.where(np.abs(v - turn) < 1, np.nan, v - turn)
        size = float(np.nanmax(np.abs(i / away))) or 1.0
        for sign in (1.0, -1.0):
            for middle in np.quantile(v, (0.2, 0.5, 0.8)):
                guess = (size, float(middle), sign * float(np.ptp(v)) / 15)
                begins.append(guess if reversal is not None else (*guess, turn))
    found, covariance = _best(model, v, i, error, begins)
    _check_fit(model, v, i, found, covariance)
    names = ("maximum", "half", "slope", "reversal")[: len(found)]
    errors = {n: _clean(e, x) for n, e, x in zip(names, np.sqrt(np.diag(covariance)), found, strict=True)}
    turn = found[3] if reversal is None else reversal
    return Boltzmann(float(found[0]), found[1] * pq.mV, found[2] * pq.mV, errors, reversal=turn * pq.mV)


def _clean(error: float, value: float) -> float:
    # What is left of rounding in data without noise.
    return 0.0 if error < 1e-7 * abs(value) else float(error)


def zero_crossings(v: np.ndarray, i: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a current changes its sign from one level to the next.

    Parameters
    ----------
    v, i : np.ndarray
        Levels in mV, and the current at each.

    Returns
    -------
    at, turns : np.ndarray
        Index of the level before each change, and the voltage in mV, straight between the two levels.

    Examples
    --------
    >>> zero_crossings(np.array([-90.0, -80.0, -70.0]), np.array([-1.0, 0.0, 2.0]))
    (array([0]), array([-80.]))
    """
    signs = np.sign(i)
    # A current that is exactly 0 at a level turns there: it counts with the level above.
    for k in np.flatnonzero(signs[:-1] == 0)[::-1]:
        signs[k] = signs[k + 1]
    at = np.flatnonzero(signs[1:] * signs[:-1] < 0)
    return at, v[at] - i[at] * (v[at + 1] - v[at]) / (i[at + 1] - i[at])


def _turns(v: np.ndarray, i: np.ndarray) -> list[float]:
    """Where the current may turn: at its crossings of zero, and beyond the ends of the levels."""
    at = zero_crossings(v, i)[1][-3:]
    span = float(np.ptp(v))
    return [*map(float, at), float(v.max() + 0.2 * span), float(v.min() - 0.2 * span)]


def _best(
    model: Callable[..., np.ndarray], v: np.ndarray, y: np.ndarray, error: Any, begins: list[tuple]
) -> tuple[np.ndarray, np.ndarray]:
    """The best of fits from several beginnings, and its covariance from what it leaves."""
    optimize = require("scipy.optimize", "protocols", "Fitting a Boltzmann curve")
    usable = error is not None and np.all(np.isfinite(error)) and np.all(error > 0)
    sigma = error if usable else np.ones(len(v))

    def left(p: np.ndarray) -> np.ndarray:
        return (model(v, *p) - y) / sigma

    def fitted(begin: np.ndarray, n: int, to: float) -> Any:
        scale = np.maximum(np.abs(begin), 1e-3)
        limits = {"max_nfev": n, "xtol": to, "ftol": to, "gtol": to}
        return optimize.least_squares(left, begin, method="lm", x_scale=scale, **limits)

    begins = sorted(begins, key=lambda begin: float(np.sum(left(np.array(begin)) ** 2)))
    rough = [fitted(np.array(begin), ROUGH, 1e-4) for begin in begins[:MOST_BEGUN]]
    best = fitted(min(rough, key=lambda found: found.cost).x, EVALUATIONS, 1e-13)
    free = max(len(v) - len(best.x), 1)
    covariance = np.linalg.pinv(best.jac.T @ best.jac) * (2 * best.cost / free)
    return best.x, covariance


def _check_levels(v: np.ndarray, free: int) -> None:
    if len(np.unique(np.round(v, 3))) <= free:
        raise SignalError(
            f"{len(np.unique(np.round(v, 3)))} levels tell no Boltzmann curve, which has {free} "
            f"numbers: record {free + 1} or more."
        )


def _gain(left: np.ndarray, about: np.ndarray, free: int) -> float:
    """By how much the curve lowers Akaike's criterion, beside one value for all levels."""
    nothing, rest = float(about @ about), float(left @ left)
    if nothing <= 0:
        return 0.0
    return len(left) * float(np.log(nothing / max(rest, 1e-30 * nothing))) - 2 * (free - 1)


def _check_fit(
    model: Callable[..., np.ndarray],
    v: np.ndarray,
    y: np.ndarray,
    found: np.ndarray,
    covariance: np.ndarray,
) -> None:
    left, about = y - model(v, *found), y - y.mean()
    explained = 1 - float(left @ left) / max(float(about @ about), 1e-300)
    half, slope = found[1], found[2]
    span = np.ptp(v)
    told = float(np.ptp(logistic((v - half) / slope))) if np.isfinite(half / slope) else 0.0
    why = ""
    if not np.all(np.isfinite(found)) or explained < EXPLAINED:
        why = f"it explains {max(explained, 0):.0%} of what differs between the levels"
    elif _gain(left, about, len(found)) < DECISIVE:
        why = "what differs between the levels may be noise"
    elif "e" in model.__code__.co_varnames and found[0] < 0:
        why = f"its conductance would be negative ({found[0]:.3g} nS)"
    elif not v.min() - span / 2 < half < v.max() + span / 2 or covariance[1, 1] > span**2:
        why = f"its middle, {half:.4g} mV, is not within the levels, {v.min():g} to {v.max():g} mV"
    elif not STEEPEST < abs(slope) < FLATTEST:
        why = f"its slope, {slope:.3g} mV, is none that the levels could tell"
    elif told < TOLD:
        why = (
            f"the levels show {told:.0%} of it (with its middle at {half:.4g} mV and slope {slope:.3g} mV)"
        )
    elif len(found) > 3 and "e" in model.__code__.co_varnames and covariance[3, 3] > 30.0**2:
        why = f"the reversal potential is not told ({found[3]:.3g} ± {np.sqrt(covariance[3, 3]):.2g} mV)"
    if why:
        raise SignalError(
            f"No Boltzmann curve fits: {why}; record levels around the middle, or give reversal=..."
        )
