"""What is read off a step of voltage: peak and steady current of each level, with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SignalError, unknown_name, warn
from neo_currentscape.protocols.response.levels import roughness
from neo_currentscape.protocols.response.saturation import refuse_cut_off
from neo_currentscape.protocols.voltage_clamp.averaging import Averages, averaged, grouped, smoothed
from neo_currentscape.protocols.voltage_clamp.epochs import Epoch
from neo_currentscape.protocols.voltage_clamp.sweeps import Sweeps

#: What follows a step within so many ms is the charging of the membrane, unless told.
SKIP = 0.2

#: A peak of noisy currents is looked for in means over so many ms, unless told.
WIDTH = 0.1

#: The part at the end of a step that is steady.
STEADY = 0.1

#: Standard errors by which a peak stands out of noise.
CLEAR = 5.0

#: The part of a peak that counts as near to it.
CREST = 0.85

#: Which extreme is the peak.
PEAKS = ("largest", "inward", "outward")


@dataclass(frozen=True)
class Reading:
    """Currents of one step, by level.

    Attributes
    ----------
    levels : ndarray, shape (level,)
        In mV.
    peak, peak_error, t_peak : ndarray, shape (level,)
        In pA, and the time of it in ms since the step.
    steady, steady_error : ndarray, shape (level,)
        Mean over the last tenth, in pA.
    windows : tuple of tuple of float
        Where both are looked for, in ms.
    """

    levels: np.ndarray
    peak: np.ndarray
    peak_error: np.ndarray
    t_peak: np.ndarray
    steady: np.ndarray
    steady_error: np.ndarray
    windows: tuple[tuple[float, float], ...]


def by_level(sweeps: Sweeps, levels: np.ndarray) -> tuple[Averages, np.ndarray]:
    """Means of the sweeps of each command, by increasing level, and the levels."""
    at = np.array([float(levels[group].mean()) for group in grouped(sweeps.command)])
    order = np.argsort(at, kind="stable")
    return _taken(averaged(sweeps), order), at[order]


def _taken(means: Averages, order: np.ndarray) -> Averages:
    voltage = None if means.voltage is None else means.voltage[order]
    return Averages(
        means.times,
        means.command[order],
        means.current[order],
        means.error[order],
        means.charge_error[order],
        means.counts[order],
        voltage,
        means.what,
    )


def read(
    means: Averages,
    levels: np.ndarray,
    epoch: Epoch,
    *,
    skip: Any = None,
    width: Any = None,
    peak: str = "largest",
    steady_only: bool = False,
) -> Reading:
    """Read peak and steady current of each level off a step.

    Parameters
    ----------
    means : Averages
        By level.
    levels : ndarray, shape (level,)
    epoch : Epoch
        The step.
    skip : Quantity, optional
        What is left out at its begin; `SKIP` where the sweeps are noisy enough to be recorded.
    width : Quantity, optional
        Over which the peak is averaged; one sample of currents without noise.
    peak : {"largest", "inward", "outward"}
    steady_only : bool
        Whether nobody asks for the peaks, which may then be the charging of the membrane.

    Returns
    -------
    Reading
    """
    if peak not in PEAKS:
        raise unknown_name("peak", peak, PEAKS)
    dt = means.step
    noise = np.array([roughness(row[epoch.window]) for row in means.current])
    left_out = SKIP if skip is None else units.scalar(skip, "ms", "skip")
    first = epoch.start + max(1, round(left_out / dt))
    steady = slice(max(first, epoch.stop - max(1, round(STEADY * (epoch.stop - epoch.start)))), epoch.stop)
    if steady.stop - first < 4:
        raise SignalError(
            f"The step lasts {(epoch.stop - epoch.start) * dt:g} ms, of which skip= leaves "
            f"{max(steady.stop - first, 0)} samples: choose another step with onset=, or a shorter skip=."
        )
    inside = slice(first, epoch.stop)
    part = means.current[:, inside]
    refuse_cut_off(means.times[inside], part, means.what, "leave that out with skip=, or the sweep")
    over = 1 if width is None and not noise.any() else WIDTH if width is None else None
    n = 1 if over == 1 else max(1, round((over or units.positive(width, "ms", "width")) / dt))
    at, values = _extremes(smoothed(part, n), peak, noise / np.sqrt(n))
    spread = np.ones(len(at))
    if n > 1:
        values, spread = np.array([_crest(part[k], at[k], n) for k in range(len(at))]).T
    if not steady_only:
        _warn_of_charging(at, part, noise, n)
    return Reading(
        levels=levels,
        peak=values,
        peak_error=spread * _error(means, noise, first + at),
        t_peak=(first + at - epoch.start) * dt,
        steady=means.current[:, steady].mean(axis=1),
        steady_error=_error_of_mean(means, noise, steady),
        windows=(
            (float(means.times[first]), float(means.times[epoch.stop - 1])),
            (float(means.times[steady.start]), float(means.times[steady.stop - 1])),
        ),
    )


def _extremes(part: np.ndarray, peak: str, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    along = {"largest": np.abs(part), "inward": -part, "outward": part}[peak]
    at, rows = along.argmax(axis=1), np.arange(len(part))
    # The largest of noise is never 0: where no peak stands out, it is read when those of the others come.
    clear = along[rows, at] > CLEAR * noise
    if clear.any() and not clear.all():
        at = np.where(clear, at, int(np.median(at[clear])))
    return at, part[rows, at]


def _crest(current: np.ndarray, at: int, least: int) -> tuple[float, float]:
    """Value of a cubic through what is near to a peak, and its error in standard deviations of a sample.

    The largest sample, or mean of some, is one that noise has made larger.
    """
    near = np.abs(smoothed(current, least)) >= CREST * abs(smoothed(current, least)[at])
    apart = np.flatnonzero(~near)
    start = max(apart[apart < at].max(initial=-1) + 1, 0)
    stop = min(apart[apart > at].min(initial=len(current)), len(current))
    start, stop = max(0, min(start, at - least)), min(len(current), max(stop, at + least + 1))
    x = (np.arange(start, stop) - at) / max(stop - start, 1)
    powers = np.vander(x, min(4, max(1, (stop - start) // 3)), increasing=True)
    inverse = np.linalg.pinv(powers.T @ powers)
    return float((inverse @ (powers.T @ current[start:stop]))[0]), float(np.sqrt(inverse[0, 0]))


def _error(means: Averages, noise: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Standard error of a sample, from sweeps where there are several, else from the noise."""
    return np.asarray(np.where(means.counts > 1, means.error[np.arange(len(at)), at], noise))


def _error_of_mean(means: Averages, noise: np.ndarray, window: slice) -> np.ndarray:
    n = window.stop - window.start
    error = np.where(means.counts > 1, np.sqrt(np.mean(means.error[:, window] ** 2, axis=1)), noise)
    return np.asarray(error / np.sqrt(n))


def _warn_of_charging(at: np.ndarray, part: np.ndarray, noise: np.ndarray, width: int) -> None:
    """Say so where the peaks are the end of a transient.

    Warns
    -----
    CurrentscapeWarning
    """
    first = at <= width
    falls = np.abs(part[:, 0]) > 1.5 * np.abs(part[:, -1]) + 8 * noise
    early = first & falls
    if early.sum() > max(2, 0.5 * len(at)):
        warn(
            f"The peak of {early.sum()} of {len(at)} levels is where the search begins, and falls from "
            "there: it may be the charging of the membrane; subtract it (protocols.subtract_leak), or give "
            "a longer skip=."
        )
