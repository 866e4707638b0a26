"""Exponentials fitted to the charging of a membrane, bound to begin at the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import SignalError, require

#: The least time constant, in ms, and the number of evaluations after which a fit is given up.
LEAST, EVALUATIONS = 1e-3, 10_000

#: A term that carries less than this part of the response says nothing about the membrane.
NEGLIGIBLE = 0.01


@dataclass(frozen=True)
class Fit:
    """``v(t) = v0 + sum of a_k (exp(-t / tau_k) - 1)``.

    Attributes
    ----------
    start : float
        v0 in mV.
    amplitudes : ndarray, shape (term,)
        In mV; positive where the term moves the voltage down.
    taus : ndarray, shape (term,)
        In ms.
    """

    start: float
    amplitudes: np.ndarray
    taus: np.ndarray

    def __call__(self, times: np.ndarray) -> np.ndarray:
        """The fitted voltage in mV at times since the onset in ms."""
        terms = self.amplitudes[:, None] * np.expm1(-np.asarray(times)[None, :] / self.taus[:, None])
        return self.start + terms.sum(axis=0)

    @property
    def final(self) -> float:
        """Voltage in mV that the fit goes to."""
        return float(self.start - self.amplitudes.sum())

    @property
    def slowest(self) -> float:
        """The longer time constant, in ms, of the terms that count.

        A term of less than one hundredth of the largest does not: where one exponential is enough,
        the second may have any time constant.
        """
        sizes = np.abs(self.amplitudes)
        return float(self.taus[sizes > NEGLIGIBLE * sizes.max()].max())

    @property
    def charging(self) -> float:
        """The slowest time constant, in ms, of a term that counts and moves the voltage along the step."""
        along = self.amplitudes * np.sign(self.amplitudes.sum())
        counts = along > NEGLIGIBLE * np.abs(along).max()
        return float(self.taus[counts].max())


def single_fit(times: np.ndarray, voltage: np.ndarray, tau: float) -> Fit:
    """Fit one exponential.

    Parameters
    ----------
    times, voltage : ndarray, shape (time,)
        Since the onset in ms, and in mV; the first is the rest.
    tau : float
        Where to begin.

    Returns
    -------
    Fit

    Raises
    ------
    SignalError
        When the fit does not converge.
    """
    start = voltage[0]

    def model(t: np.ndarray, a: float, tau: float) -> np.ndarray:
        return start - a + a * np.exp(-t / tau)

    found = _fitted(
        model,
        times,
        voltage,
        (voltage[-1] - start, max(tau, 2 * LEAST)),
        ((-np.inf, LEAST), np.inf),
    )
    return Fit(float(start), found[:1], found[1:])


def double_fit(times: np.ndarray, voltage: np.ndarray, guess: tuple[float, ...]) -> Fit:
    """Fit two exponentials.

    Parameters
    ----------
    times, voltage : ndarray, shape (time,)
    guess : tuple of float
        Where to begin: two amplitudes and two time constants.

    Returns
    -------
    Fit

    Raises
    ------
    SignalError
        When the fit does not converge.
    """
    start = voltage[0]

    def model(t: np.ndarray, a1: float, a2: float, tau1: float, tau2: float) -> np.ndarray:
        return (start - a1 - a2) + a1 * np.exp(-t / tau1) + a2 * np.exp(-t / tau2)

    guess = (*guess[:2], *(max(tau, 2 * LEAST) for tau in guess[2:]))
    bounds = ((-np.inf, -np.inf, LEAST, LEAST), np.inf)
    found = _fitted(model, times, voltage, guess, bounds)
    return Fit(float(start), found[:2], found[2:])


def _fitted(
    model: object, times: np.ndarray, voltage: np.ndarray, guess: tuple, bounds: tuple
) -> np.ndarray:
    optimize = require("scipy.optimize", "protocols", "Fitting exponentials")
    try:
        found, _ = optimize.curve_fit(
            model,
            times,
            voltage,
            p0=guess,
            bounds=bounds,
            maxfev=EVALUATIONS,
        )
    except (RuntimeError, ValueError) as cause:
        raise SignalError(
            f"No exponential fits the response to the step ({cause}): use method='simple', or a step that "
            "does not make the cell spike."
        ) from cause
    return np.asarray(found)
