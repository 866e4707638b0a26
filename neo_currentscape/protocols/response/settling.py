"""Whether a cell had come to rest before something was injected."""

from __future__ import annotations

import numpy as np

#: Samples of the rest from which a drift is told.
FEWEST = 16

#: Time constant in ms beyond which a drift is too slow to be told from a rest.
LONGEST = 5000.0

#: Standard errors of a slope that are noise.
NOISE = 4.0


def unsettled(times: np.ndarray, voltage: np.ndarray, slowest: float = 0.0) -> float:
    """How far the voltage is still from where it settles, at the end of a rest.

    The last half of the rest is taken for an exponential: its two quarters have the slopes s1 and s2,
    which differ by exp(-T/tau), and s2 tau is left after them.

    Parameters
    ----------
    times, voltage : ndarray, shape (time,)
        Of the rest only, in ms and mV.
    slowest : float
        A time constant in ms that the cell may have though a faster one hides it: it is then taken, for
        an upper limit.

    Returns
    -------
    float
        >= 0, in mV; 0 where the rest is too short to tell, or moves by noise only.

    Examples
    --------
    >>> t = np.arange(0.0, 400.0, 0.1)
    >>> round(unsettled(t, -70 + 8 * np.exp(-t / 300)), 2)      # 8 exp(-400/300) is left
    2.11
    >>> unsettled(t, np.full(len(t), -70.0))
    0.0
    """
    half = len(times) // 2
    if half < FEWEST:
        return 0.0
    middle = (half + len(times)) // 2
    (first, _), (last, error) = (
        _line(times, voltage, half, middle),
        _line(times, voltage, middle, len(times)),
    )
    if abs(last) <= NOISE * error or abs(last) * LONGEST < 1e-6:
        return 0.0
    ratio, span = last / first if first else np.inf, (times[-1] - times[half]) / 2
    tau = span / -np.log(ratio) if 0 < ratio < np.exp(-span / LONGEST) else LONGEST
    # The slope is that of the middle of the last quarter.
    tau = min(max(tau, slowest), LONGEST)
    return float(abs(last) * tau * np.exp(-span / 2 / tau))


def _line(times: np.ndarray, voltage: np.ndarray, start: int, stop: int) -> tuple[float, float]:
    """Slope of a straight line, and its standard error from the differences of neighbours."""
    t, v = times[start:stop] - times[start:stop].mean(), voltage[start:stop]
    square = float(t @ t)
    slope = float(t @ v) / square
    # Second differences hold no drift, and six times the variance of independent noise.
    noise = np.sqrt(np.mean(np.diff(v, n=2) ** 2) / 6)
    return slope, float(noise / np.sqrt(square))
