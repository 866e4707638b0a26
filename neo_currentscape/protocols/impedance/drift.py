"""What a cell still had to settle when something was injected, taken out of its voltage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.errors import require

#: Shortest and longest time constants that a drift may have, in ms, and how many are tried.
SHORTEST, LONGEST, TRIED = 20.0, 50_000.0, 80

#: Points at which a drift is looked at, at rest and after the injection.
POINTS = 200

#: After an injection the response itself must be over: this part of what follows is left out.
TAIL = 0.5

#: Shorter stretches than this, in ms, show no drift.
LEAST = 40.0


@dataclass(frozen=True)
class Drift:
    """An exponential on which a cell settles.

    Attributes
    ----------
    voltage : ndarray, shape (time,)
        The drift in mV, 0 where it has settled.
    size : float
        Of it at the onset of the injection, in mV.
    tau : float
        Its time constant in ms.
    misfit : float
        Standard deviation in mV of what it leaves of the rest and of the end.
    """

    voltage: np.ndarray
    size: float
    tau: float
    misfit: float


def drift_of(times: np.ndarray, voltage: np.ndarray, rest: int, final: int) -> Drift:
    """Fit the drift of a cell to its rest before an injection, and to the end of what follows it.

    Parameters
    ----------
    times, voltage : ndarray, shape (time,)
        In ms and mV.
    rest, final : int
        The last samples before the injection and under it.

    Returns
    -------
    Drift

    Examples
    --------
    >>> t = np.arange(0.0, 3000.0)
    >>> found = drift_of(t, -70 + 5 * np.exp(-t / 600), 400, 2500)
    >>> round(found.size, 2), round(found.tau / 600, 1)       # 5 exp(-400/600) is left at the onset
    (2.57, 1.0)
    """
    t, v, weight = _settled(times, voltage, rest, final)
    grid = np.geomspace(SHORTEST, LONGEST, TRIED)
    errors = [_fitted(t, v, weight, tau, times[rest])[1] for tau in grid]
    best = int(np.argmin(errors))
    optimize = require("scipy.optimize", "protocols", "Taking out a drift")
    ends = grid[max(best - 1, 0)], grid[min(best + 1, TRIED - 1)]
    found = optimize.minimize_scalar(
        lambda log: _fitted(t, v, weight, np.exp(log), times[rest])[1],
        bounds=np.log(ends),
        method="bounded",
    )
    tau = float(np.exp(found.x))
    factors, square = _fitted(t, v, weight, tau, times[rest])
    shape = np.exp(-np.clip((times - times[rest]) / tau, -50, None))
    misfit = float(np.sqrt(square / weight.sum()))
    return Drift(factors[1] * shape, float(abs(factors[1])), tau, misfit)


def _settled(
    times: np.ndarray, voltage: np.ndarray, rest: int, final: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means of the last half of the rest, and of the end of the recording, with a weight for each."""
    after = final + 1 + int(TAIL * (len(times) - final - 1))
    parts = [(rest // 2, rest + 1), (after, len(times))]
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for start, stop in parts:
        if stop - start < 4 or times[stop - 1] - times[start] < LEAST:
            continue
        edges = np.unique(np.linspace(start, stop, min(POINTS, stop - start) + 1).astype(int))
        counts = np.diff(edges)
        means = [np.add.reduceat(x[:stop], edges[:-1]) / counts for x in (times, voltage)]
        # Both ends say as much, however long they are.
        found.append((means[0], means[1], np.full(len(counts), 1 / len(counts))))
    joined = [np.concatenate(part) for part in zip(*found, strict=True)]
    return joined[0], joined[1], joined[2]


def _fitted(
    t: np.ndarray, v: np.ndarray, weight: np.ndarray, tau: float, onset: float
) -> tuple[np.ndarray, float]:
    """Level and size at the onset of an exponential, and the weighted square of what it leaves."""
    root = np.sqrt(weight)
    basis = np.column_stack([np.ones(len(t)), np.exp(-np.clip((t - onset) / tau, -50, None))])
    factors = np.linalg.lstsq(basis * root[:, None], v * root, rcond=None)[0]
    off = (v - basis @ factors) * root
    return factors, float(off @ off)
