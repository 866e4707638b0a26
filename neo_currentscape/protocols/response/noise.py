"""The noise of a recorded voltage: how it is correlated, and what error it leaves in means and fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.protocols.response.levels import roughness
from neo_currentscape.protocols.response.saturation import IN_A_ROW, cut_off

#: A voltage that turns by less than this, in mV, is computed: there is no noise to average.
LEAST_NOISE = 1e-4

#: Bins into which the looked-at part of a sweep is cut, and the fewest quiet ones that tell a noise.
BINS, FEWEST = 160, 12

#: Time constants of filtered noises that are tried, in bins.
FILTERED = (1.0, 2.5, 6.0, 15.0, 40.0)

#: Ratios of white to coloured noise that are tried.
MIXTURES = 41


@dataclass(frozen=True)
class Noise:
    """The covariance of the means of bins.

    Attributes
    ----------
    edges : ndarray of int, shape (bin + 1,)
        Samples at which the bins begin and end.
    covariance : ndarray, shape (bin, bin)
        In mV2.
    """

    edges: np.ndarray
    covariance: np.ndarray

    def means(self, values: np.ndarray) -> np.ndarray:
        """Mean of each bin, shape (bin, ...), of values of shape (time, ...)."""
        sums = np.add.reduceat(values[: self.edges[-1]], self.edges[:-1], axis=0)
        return (sums.T / np.diff(self.edges)).T

    def error(self, *parts: tuple[float, slice]) -> float:
        """Standard error of a sum of means over windows, each with a factor, in mV."""
        weights = np.zeros(len(self.edges) - 1)
        for factor, window in parts:
            ends = np.clip(self.edges, window.start, window.stop)
            weights += factor * np.diff(ends) / max(window.stop - window.start, 1)
        return float(np.sqrt(max(weights @ self.covariance @ weights, 0.0)))


def is_noisy(voltage: np.ndarray) -> bool:
    """Whether a voltage holds noise, or was computed without any."""
    return len(voltage) > 2 and roughness(voltage) > LEAST_NOISE


def saturated(voltage: np.ndarray) -> slice | None:
    """The first stretch in which a noisy voltage stays at its extreme; None where it was not cut off."""
    if max(np.count_nonzero(voltage == end) for end in (voltage.max(), voltage.min())) < IN_A_ROW:
        return None
    return cut_off(voltage) if is_noisy(voltage) else None


def noise_of(voltage: np.ndarray, rest: int, final: int, begin: int = 0, end: int | None = None) -> Noise:
    """Estimate the noise around a step.

    Parameters
    ----------
    voltage : ndarray, shape (time,)
        In mV, at equal intervals.
    rest, final : int
        The last sample before the step, and the last that it drove.
    begin, end : int
        Between these nothing else was injected.

    Returns
    -------
    Noise
        Of bins from the rest before the step to some time after it.

    Notes
    -----
    The noise of a recording is filtered, and drifts: its samples are not independent. It is taken for a
    sum of white noise, of noise behind two low-pass filters, and of noise of power 1/f, whose variances
    are those of restricted maximum likelihood (Patterson & Thompson, Biometrika 58:545, 1971) given the
    means of bins at rest, in the second half of the step and in the second half of what follows; the
    level of each, and a slope under the step and after it, are free.
    """
    length = final - rest
    end = len(voltage) if end is None else end
    start, stop = max(begin, rest + 1 - 2 * length), max(final + 1, min(end, final + 1 + length))
    width = max(1, -(-(stop - start) // BINS))
    # Bins begin with the step, so that none lies astride its onset.
    start = rest + 1 - (rest + 1 - start) // width * width
    edges = np.arange(start, stop + 1, width)
    means = np.add.reduceat(voltage[: edges[-1]], edges[:-1]) / width
    quiet = _quiet_parts(means, edges, rest, final)
    kernels = _kernels(len(means))
    if sum(map(len, quiet)) < FEWEST:
        return Noise(edges, np.eye(len(means)) * roughness(voltage[start:stop]) ** 2 / width)
    chosen = np.concatenate(quiet)
    parts = _variances(
        means[chosen], _levels(quiet), [kernel[np.ix_(chosen, chosen)] for kernel in kernels]
    )
    kernels = [np.eye(len(means)), *kernels]
    return Noise(edges, sum(part * kernel for part, kernel in zip(parts, kernels, strict=True)))


def _quiet_parts(means: np.ndarray, edges: np.ndarray, rest: int, final: int) -> list[np.ndarray]:
    """Bins at rest, late under the step, and late after it where no rebound makes them larger."""
    starts, stops = edges[:-1], edges[1:]
    # An onset is known to a sample only: the last bin before it may have begun with the step.
    before = np.flatnonzero(stops <= rest + 1)[:-1]
    parts = [before, np.flatnonzero((starts > (rest + final) / 2) & (stops <= final + 1))]
    beyond = np.flatnonzero(starts > final + max((edges[-1] - final) / 2, (final - rest) / 4))
    spread = [np.std(np.diff(means[part])) if len(part) > 3 else np.inf for part in (before, beyond)]
    return [part for part in [*parts, *([beyond] if spread[1] <= 2 * spread[0] else [])] if len(part) > 3]


def _levels(quiet: list[np.ndarray]) -> np.ndarray:
    """Columns of what is no noise: a level for each part, and a slope for each but the first."""
    columns, n, at = [], sum(map(len, quiet)), 0
    for k, part in enumerate(quiet):
        for power in (0,) if k == 0 else (0, 1):
            column = np.zeros(n)
            column[at : at + len(part)] = np.linspace(-1, 1, len(part)) ** power
            columns.append(column)
        at += len(part)
    return np.stack(columns, axis=1)


def _kernels(n: int) -> list[np.ndarray]:
    """Covariances of the means of n bins: of filtered noises, and of 1/f noise."""
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n))).astype(float)
    found = []
    for tau in FILTERED:
        beside = tau**2 * (np.exp(1 / tau) + np.exp(-1 / tau) - 2) * np.exp(-apart / tau)
        found.append(np.where(apart == 0, 2 * tau**2 * (1 / tau - 1 + np.exp(-1 / tau)), beside))

    def twice(t: np.ndarray) -> np.ndarray:
        # The second integral of log(n / t), the covariance of 1/f noise.
        size = np.abs(t)
        return size**2 / 2 * (np.log(n) - np.log(np.maximum(size, 1e-300)) + 1.5)

    return [*found, twice(apart + 1) - 2 * twice(apart) + twice(apart - 1)]


def _variances(values: np.ndarray, levels: np.ndarray, kernels: list[np.ndarray]) -> np.ndarray:
    """Variances in mV2 of white noise and of each kernel beside it, weighted by their likelihood."""
    # What no level changes: the likelihood of it is the restricted one.
    free = np.linalg.svd(levels, full_matrices=True)[0][:, levels.shape[1] :]
    n, mixed = free.shape[1], np.linspace(0, 1, MIXTURES)
    variance = np.mean((free.T @ values) ** 2)
    parts, score = [np.array([variance, *np.zeros(len(kernels))])], [n * np.log(variance) + 2]
    for k, kernel in enumerate(kernels):
        sizes, axes = np.linalg.eigh(free.T @ kernel @ free)
        square = (axes.T @ (free.T @ values)) ** 2
        spread = mixed[1:, None] * np.maximum(sizes, 1e-12) + (1 - mixed[1:, None])
        variance = np.mean(square / spread, axis=1)
        likely = n * np.log(variance) + np.log(spread).sum(axis=1)
        best = int(likely.argmin())
        part = np.zeros(len(kernels) + 1)
        part[0], part[k + 1] = variance[best] * (1 - mixed[best + 1]), variance[best] * mixed[best + 1]
        parts.append(part)
        score.append(likely[best] + 4)
    weights = np.exp((min(score) - np.array(score)) / 2)
    return weights @ np.array(parts) / weights.sum()
