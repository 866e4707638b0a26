"""Time constants of currents under a step of voltage: one or two exponentials with standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.protocols.response.levels import roughness
from neo_currentscape.protocols.steps.noisy_fits import DECISIVE, Charging, NoisyFit
from neo_currentscape.protocols.voltage_clamp.epochs import Epoch
from neo_currentscape.protocols.voltage_clamp.measure import Reading

#: Means that an exponential is fitted to, at most.
BINS = 200

#: A fit explains at least this part of the squares of what moves.
EXPLAINED = 0.5

#: A current that ends below this part of its peak falls from it.
FALLS = 0.8

#: A time constant is told to this part of itself.
TOLD = 0.3


@dataclass(frozen=True)
class Relaxation:
    """``i(t) = end + sum of a_k exp(-t / tau_k)`` fitted to a stretch of a current.

    Attributes
    ----------
    start, end : float
        The current at the begin of the stretch, and where it goes to, in pA.
    taus, amplitudes : ndarray, shape (term,)
        In ms and pA, the fastest first.
    tau_errors : ndarray, shape (term,)
        Standard errors in ms.
    start_error : float
        In pA.
    """

    start: float
    end: float
    taus: np.ndarray
    amplitudes: np.ndarray
    tau_errors: np.ndarray
    start_error: float

    @property
    def tau(self) -> float:
        """The one that carries most, in ms."""
        return float(self.taus[np.abs(self.amplitudes).argmax()])

    @property
    def tau_error(self) -> float:
        """Standard error of `tau`, in ms."""
        return float(self.tau_errors[np.abs(self.amplitudes).argmax()])

    def __call__(self, times: np.ndarray) -> np.ndarray:
        """The current in pA at times in ms since the begin of the stretch."""
        decays = np.exp(-np.asarray(times, dtype=float)[:, None] / self.taus)
        return self.end + decays @ self.amplitudes


def relaxation(current: np.ndarray, step: float, since: float = 0.0, terms: int = 2) -> Relaxation | None:
    """Fit exponentials to a stretch of a current.

    Parameters
    ----------
    current : ndarray, shape (time,)
        In pA.
    step : float
        The sampling interval in ms.
    since : float
        Time in ms from where the fit is said to begin to the first sample, e.g. what was skipped.
    terms : {1, 2}
        At most so many; a second one where Akaike's criterion tells it for certain.

    Returns
    -------
    Relaxation or None
        None where the current does not relax: where nothing stands out of the noise, or the time constant
        is as long as the stretch, or not told to a third of itself.

    Examples
    --------
    >>> t = np.arange(0, 50, 0.1)
    >>> found = relaxation(40 - 100 * np.exp(-t / 6), 0.1, terms=1)
    >>> round(found.tau, 6), round(found.start, 6), round(found.end, 6)
    (6.0, -60.0, 40.0)
    >>> relaxation(np.random.default_rng(0).normal(size=500), 0.1) is None
    True
    """
    if len(current) < 12:
        return None
    data = _binned(current, step)
    fits = [data.fit(1)]
    if terms > 1:
        fits.append(data.fit(2))
    chosen = fits[0]
    if len(fits) > 1:
        other = fits[1]
        if chosen.aic - other.aic > DECISIVE and other.is_clear and not other.has_run_away:
            chosen = other
    nothing = data.aic_of_none - chosen.aic < DECISIVE
    # The parameters are the start, the amplitudes and the time constants.
    errors = np.sqrt(np.diag(chosen.covariance))[1 + len(chosen.taus) :]
    largest = int(np.abs(chosen.amplitudes).argmax())
    unclear = errors[largest] > TOLD * chosen.taus[largest]
    if nothing or chosen.has_run_away or unclear or chosen.explained < EXPLAINED:
        return None
    return _relaxation(chosen, errors, step, since)


def _binned(current: np.ndarray, step: float) -> Charging:
    """Means over bins of equal width, in which the noise is white."""
    width = max(1, len(current) // BINS)
    n = len(current) // width
    means = current[: n * width].reshape(n, width).mean(axis=1)
    # Rounding is the noise of a current without any.
    noise = max(roughness(current), 1e-7 * float(np.ptp(current)), 1e-12)
    # What is fitted begins one sample before, at which its exponentials are 1.
    since = step * (1 + width * np.arange(n))
    return Charging(since, width, step, means, np.eye(n) * noise / np.sqrt(width))


def _relaxation(fit: NoisyFit, errors: np.ndarray, step: float, since: float) -> Relaxation:
    order = np.argsort(fit.taus)
    taus, sizes = fit.taus[order], fit.amplitudes[order]
    end = fit.start - float(fit.amplitudes.sum())
    # The fit's own origin is one sample before its first; the one that is asked for, ``since`` before it.
    back = step - since
    moved = sizes * np.exp(-back / taus)
    error = fit.error(lambda one: float(one(np.array([back]))[0]))
    return Relaxation(end + float(moved.sum()), end, taus, moved, errors[order], error)


def relaxation_of_step(
    current: np.ndarray, step: float, epoch: Epoch, reading: Reading, k: int
) -> Relaxation | None:
    """Fit the fall of a current from its peak, or its rise where it has none."""
    peak, steady = float(reading.peak[k]), float(reading.steady[k])
    at = epoch.start + round(reading.t_peak[k] / step)
    falls = abs(steady) < FALLS * abs(peak) and at < epoch.stop - 12
    begin = round(reading.windows[0][0] / step)
    if falls:
        part = current[at : epoch.stop] - steady
        # Where it has just turned, channels still open.
        begin = at + int(np.argmax(np.abs(part) <= 0.9 * abs(peak - steady)))
    return relaxation(current[begin : epoch.stop], step, (begin - epoch.start) * step, terms=1)
