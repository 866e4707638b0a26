"""Exponentials fitted to a noisy response: weighted with its noise, bounded, and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import require
from neo_currentscape.protocols.response.noise import Noise
from neo_currentscape.protocols.steps.exponentials import Fit

#: Time constants from which a fit begins, over the range that it may have.
GRID = 32

#: By so much a second exponential must lower Akaike's criterion: what is less may be noise.
DECISIVE = 10.0

#: An amplitude that is not so many standard errors from 0 is none.
SIGNIFICANT = 3.0

#: A time constant at this part of the longest that can be told has run away: it is a slope.
RUN_AWAY = 0.98


@dataclass(frozen=True)
class NoisyFit(Fit):
    """A fit with its errors; the parameters are the start, the amplitudes, and the time constants.

    Attributes
    ----------
    covariance : ndarray, shape (parameter, parameter)
    aic : float
        Akaike's criterion, but for a constant.
    explained : float
        Part of the squares of the response that it explains.
    longest : float
        The longest time constant that it could have, in ms: that of the step.
    """

    covariance: np.ndarray
    aic: float
    explained: float
    longest: float

    @property
    def parameters(self) -> np.ndarray:
        """All in one, shape (parameter,)."""
        return np.array([self.start, *self.amplitudes, *self.taus])

    def error(self, what: Callable[[Fit], float]) -> float:
        """Standard error of what is computed from the fit."""
        values, n = self.parameters, len(self.taus)
        steps = 1e-4 * np.maximum(np.abs(values), 1e-6)
        slopes = np.zeros(len(values))
        for k, step in enumerate(steps):
            up, down = values.copy(), values.copy()
            up[k], down[k] = values[k] + step, values[k] - step
            ends = [what(Fit(p[0], p[1 : n + 1], p[n + 1 :])) for p in (up, down)]
            slopes[k] = (ends[0] - ends[1]) / (2 * step)
        return float(np.sqrt(max(slopes @ self.covariance @ slopes, 0.0)))

    @property
    def has_run_away(self) -> bool:
        """Whether a time constant is as long as the step."""
        return bool(self.taus.max() >= RUN_AWAY * self.longest)

    @property
    def is_clear(self) -> bool:
        """Whether every exponential stands out of its error."""
        errors = np.sqrt(np.diag(self.covariance))[1 : len(self.taus) + 1]
        return bool(np.all(np.abs(self.amplitudes) > SIGNIFICANT * errors))


@dataclass(frozen=True)
class Charging:
    """A response to a step in bins, with the noise by which they are weighted.

    Attributes
    ----------
    since : ndarray, shape (bin,)
        Time of the first sample of each bin since the last before the step, in ms; not above 0 at rest.
    width : int
        Samples of a bin.
    step : float
        The sampling interval in ms.
    voltage : ndarray, shape (bin,)
        In mV.
    root : ndarray, shape (bin, bin)
        Cholesky root of the covariance of the noise.
    """

    since: np.ndarray
    width: int
    step: float
    voltage: np.ndarray
    root: np.ndarray

    @classmethod
    def of(cls, times: np.ndarray, voltage: np.ndarray, noise: Noise, rest: int, final: int) -> Charging:
        """Take the bins from the rest to the end of the step."""
        n = int(np.searchsorted(noise.edges, final + 1, side="right")) - 1
        width, step = int(noise.edges[1] - noise.edges[0]), float(times[-1] - times[0]) / (len(times) - 1)
        covariance = noise.covariance[:n, :n]
        jitter = 1e-9 * float(np.trace(covariance)) / n
        root = np.linalg.cholesky(covariance + jitter * np.eye(n))
        since = (noise.edges[:n] - rest) * step
        return cls(since, width, step, noise.means(voltage)[:n], root)

    @property
    def length(self) -> float:
        """How long the step lasts, in ms."""
        return float(self.since[-1] + self.width * self.step)

    def columns(self, taus: np.ndarray) -> np.ndarray:
        """``exp(-t / tau) - 1`` averaged over the samples of each bin, shape (bin, tau); 0 at rest."""
        taus = np.asarray(taus, dtype=float)
        each = np.exp(-self.step / taus)
        mean = -np.expm1(-self.width * self.step / taus) / (self.width * (1 - each))
        decay = np.exp(-np.maximum(self.since, 0)[:, None] / taus) * mean - 1
        return np.where(self.since[:, None] > 0, decay, 0.0)

    def white(self, columns: np.ndarray) -> np.ndarray:
        """Columns, shape (bin, ...), in which the noise is white and of variance 1."""
        linalg = require("scipy.linalg", "protocols", "Fitting exponentials")
        return np.asarray(linalg.solve_triangular(self.root, columns, lower=True))

    def fit(self, terms: int) -> NoisyFit:
        """The best of so many exponentials."""
        optimize = require("scipy.optimize", "protocols", "Fitting exponentials")
        shortest, longest = self.step, self.length
        taus = self._best_of_grid(np.geomspace(2 * shortest, 0.9 * longest, GRID), terms)
        data, ones = self.white(self.voltage), self.white(np.ones(len(self.voltage)))

        def linear(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            basis = np.column_stack([ones, self.white(self.columns(np.exp(logs)))])
            return basis, np.linalg.lstsq(basis, data, rcond=None)[0]

        def left(logs: np.ndarray) -> np.ndarray:
            basis, factors = linear(logs)
            return data - basis @ factors

        bounds = (np.log(shortest), np.log(longest))
        found = optimize.least_squares(left, np.log(taus), bounds=bounds, xtol=1e-10, ftol=1e-10)
        return self._result(np.exp(np.sort(found.x)), linear(np.sort(found.x))[1], data)

    def _best_of_grid(self, grid: np.ndarray, terms: int) -> np.ndarray:
        basis = np.column_stack([np.ones(len(self.voltage)), self.columns(grid)])
        white, data = self.white(basis), self.white(self.voltage)
        first, other = np.triu_indices(len(grid), 1) if terms == 2 else (np.arange(len(grid)),) * 2
        chosen = np.stack([np.zeros(len(first), int), first + 1, other + 1][: terms + 1], axis=1)
        gram, right = white.T @ white, white.T @ data
        square = gram[chosen[:, :, None], chosen[:, None, :]]
        square = square + 1e-10 * np.trace(gram) * np.eye(terms + 1)
        gain = right[chosen]
        factors = np.linalg.solve(square, gain[:, :, None])[:, :, 0]
        best = chosen[int((factors * gain).sum(axis=1).argmax())]
        return grid[best[1:] - 1]

    def _result(self, taus: np.ndarray, factors: np.ndarray, data: np.ndarray) -> NoisyFit:
        step = 1e-5
        slopes = (self.columns(taus * (1 + step)) - self.columns(taus * (1 - step))) / (2 * step * taus)
        basis = np.column_stack([np.ones(len(self.voltage)), self.columns(taus)])
        jacobian = self.white(np.column_stack([basis, slopes * factors[1:]]))
        rest = data - self.white(basis @ factors)
        square, free = float(rest @ rest), max(len(data) - len(factors) - len(taus), 1)
        # What the exponentials do not describe is taken for noise too.
        covariance = np.linalg.pinv(jacobian.T @ jacobian) * max(1.0, square / free)
        under = self.since > 0
        off = (self.voltage - basis @ factors)[under]
        beyond = (self.voltage - factors[0])[under]
        explained = 1 - float(off @ off) / max(float(beyond @ beyond), 1e-300)
        # Amplitudes are those of exp(-t / tau) - 1: positive where the voltage goes down.
        aic = square + 2 * (len(factors) + len(taus))
        return NoisyFit(float(factors[0]), factors[1:], taus, covariance, aic, explained, self.length)

    @property
    def aic_of_none(self) -> float:
        """Akaike's criterion of a voltage that does not answer to the step."""
        data, ones = self.white(self.voltage), self.white(np.ones(len(self.voltage)))
        rest = data - ones * float(ones @ data) / float(ones @ ones)
        return float(rest @ rest) + 2
