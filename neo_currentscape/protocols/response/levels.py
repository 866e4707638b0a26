"""The levels of a current that changes in steps, commanded or measured with the noise of an amplifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from neo_currentscape.protocols.response.injection import SAME

#: A change is told from noise where it explains so many times the variance of a mean.
CERTAIN = 40.0

#: Levels that differ by less than this part of the largest change are one: a measured current drifts.
DRIFT = 0.05

#: The parts of a level, and by less than which part of the largest change they differ.
PARTS, FLAT = 6, 0.03

#: So many levels are no steps, but a ramp, a chirp or noise.
MOST = 24

#: Blocks whose means show the noise that a mean over a level keeps, and how it wanders between levels.
BLOCKS, WIDE_BLOCKS = 400, 60

#: Levels that differ by less than this many standard deviations of wide blocks are one.
WANDER = 4.0

#: The mean distance from one turning point of a noise to the next, in standard deviations of the noise.
SWING = 1.7

#: Samples from one turn of an oscillation to the next, at least, and by how much of that they differ; those
#: of a noise, even of a filtered one, differ by a third and more.
LEAST_PERIOD, EVEN = 8, 0.2


@dataclass(frozen=True)
class Level:
    """A stretch of samples with one current.

    Attributes
    ----------
    start, stop : int
        The first sample, and the one after the last.
    value, error : float
        The mean, in nA, and its standard error; 0 without noise.
    flat : bool
        Whether its parts have the same mean, as those of a ramp or a chirp have not.
    """

    start: int
    stop: int
    value: float
    error: float = 0.0
    flat: bool = True


def roughness(values: np.ndarray) -> float:
    """Standard deviation of the noise of a trace, whatever moves slowly beneath it.

    Parameters
    ----------
    values : ndarray, shape (time,)

    Returns
    -------
    float
        0 where the trace turns too seldom to be noisy, as what is computed without noise.

    Notes
    -----
    From one turning point to the next a noise swings by 1.7 standard deviations, whether it is white or
    filtered; differences of neighbouring samples would take a filtered noise for none.

    Examples
    --------
    >>> t = np.arange(0.0, 100.0, 0.1)
    >>> round(roughness(np.sin(t / 20) + 0.01 * np.random.default_rng(1).normal(size=len(t))), 3)
    0.01
    >>> roughness(np.sin(t / 20))
    0.0
    """
    moved = values[np.append(True, np.diff(values) != 0)]
    rises = np.diff(moved) > 0
    places = np.flatnonzero(rises[1:] != rises[:-1]) + 1
    turns = moved[places]
    if len(turns) < 10 or _rings(places):
        return 0.0
    swing = float(np.median(np.abs(np.diff(turns))))
    # A chirp swings by what it is; and rounding is no noise.
    span, size = float(np.ptp(values)), float(np.abs(values).max())
    is_wave = swing > 0.5 * span and len(turns) < 0.02 * len(values)
    return 0.0 if is_wave or swing < SAME * size else swing / SWING


def _rings(places: np.ndarray) -> bool:
    """Whether a trace turns at even intervals of many samples, as a damped oscillation does."""
    apart = np.diff(places)
    usual = float(np.median(apart))
    return usual >= LEAST_PERIOD and float(np.median(np.abs(apart - usual))) < EVEN * usual


def levels_of(current: np.ndarray, shortest: int = 1) -> list[Level]:
    """Cut a current into its levels.

    Parameters
    ----------
    current : ndarray, shape (time,)
        In nA.
    shortest : int
        A shorter stretch between two levels of a noisy current is the flank between them.

    Returns
    -------
    list of Level
        In order; neighbours differ. More than `MOST` of them are no steps.

    Examples
    --------
    >>> noise = 0.003 * np.random.default_rng(0).normal(size=3000)
    >>> found = levels_of(np.repeat([0.0, 0.1, 0.0], 1000) + noise, 20)
    >>> [(level.start, level.stop) for level in found]
    [(0, 1000), (1000, 2000), (2000, 3000)]
    """
    changes = np.flatnonzero(np.abs(np.diff(current)) > SAME * max(np.abs(current).max(), 1e-300)) + 1
    if len(changes) < MOST:
        edges = [0, *changes.tolist(), len(current)]
        return [Level(a, b, float(current[a])) for a, b in pairwise(edges)]
    noise = _variance_of_means(current)
    edges = _cut(current, CERTAIN * noise)
    edges = _without_flanks(current, edges, shortest)
    edges = _sharp(current, _without_drift(current, edges), shortest)
    # Second differences hold no slope, as that of a chirp, but the wander of a noise.
    wander = 2 * WANDER * _spread(current, WIDE_BLOCKS, 2)[1]
    uneven = max(FLAT * float(np.ptp(_means(current, edges))), wander)
    error = _error_of_means(current, noise)
    apart = 6 * np.sqrt(PARTS * noise)
    return [
        _level(current[a:b], a, error(b - a), max(uneven, apart / np.sqrt(b - a)), shortest)
        for a, b in pairwise(edges)
    ]


def _level(values: np.ndarray, start: int, error: float, uneven: float, flank: int) -> Level:
    inner = values[flank:-flank] if len(values) > 4 * flank else values
    parts = [part.mean() for part in np.array_split(inner, PARTS)] if len(inner) > PARTS else [0.0]
    return Level(start, start + len(values), float(values.mean()), error, bool(np.ptp(parts) <= uneven))


def _error_of_means(current: np.ndarray, noise: float) -> Callable[[int], float]:
    """Standard error of a mean over n samples, as means over short and long blocks scatter.

    It falls with the square root of n for white noise, and hardly for 1/f noise.
    """
    (narrow, short), (wide, long) = (_spread(current, blocks) for blocks in (BLOCKS, WIDE_BLOCKS))
    if wide <= narrow or not long > 0 or not short > 0:
        return lambda n: float(np.sqrt(noise / n))
    power = float(np.clip(np.log(short / long) / np.log(wide / narrow), 0.0, 0.5))
    return lambda n: float(long * (wide / n) ** power)


def _variance_of_means(current: np.ndarray) -> float:
    """What the variance of a mean over n samples is, times n, where there is no step."""
    width, spread = _spread(current, BLOCKS)
    return max(width * spread**2, roughness(current) ** 2, (SAME * float(np.abs(current).max())) ** 2)


def _spread(current: np.ndarray, blocks: int, order: int = 1) -> tuple[int, float]:
    """Samples of a block, and the standard deviation of the means of blocks, which no few steps change."""
    width = max(1, len(current) // blocks)
    n = len(current) // width
    means = current[: n * width].reshape(n, width).mean(axis=1)
    return width, 1.4826 * float(np.median(np.abs(np.diff(means, n=order)))) / np.sqrt((2, 6)[order - 1])


def _cut(current: np.ndarray, least: float) -> list[int]:
    """Edges found by halving: each where the means before and after it differ most."""
    total = np.append(0.0, np.cumsum(current - current.mean()))
    edges, open_ = {0, len(current)}, [(0, len(current))]
    while open_ and len(edges) <= 4 * MOST:
        a, b = open_.pop(0)
        if b - a < 4:
            continue
        n, k = b - a, np.arange(1, b - a)
        apart = total[a + 1 : b] - total[a] - k / n * (total[b] - total[a])
        gain = apart**2 * (n / (k * (n - k)))
        best = int(gain.argmax())
        if gain[best] > least:
            middle = a + 1 + best
            edges.add(middle)
            open_ += [(a, middle), (middle, b)]
    return sorted(edges)


def _means(current: np.ndarray, edges: list[int]) -> np.ndarray:
    return np.add.reduceat(current, edges[:-1]) / np.diff(edges)


def _without_flanks(current: np.ndarray, edges: list[int], shortest: int) -> list[int]:
    """Short stretches between two different levels go half to the one, half to the other."""
    means, lengths = _means(current, edges), np.diff(edges)
    span = float(np.ptp(means)) or 1.0
    kept, k = [edges[0]], 1
    while k < len(edges) - 1:
        last = k
        while last < len(edges) - 2 and lengths[last] < shortest:
            last += 1
        flank = last > k and abs(means[last] - means[k - 1]) > DRIFT * span
        kept.append((edges[k] + edges[last]) // 2 if flank else edges[k])
        k = last + 1 if flank else k + 1
    return [*kept, edges[-1]]


def _sharp(current: np.ndarray, edges: list[int], reach: int) -> list[int]:
    """Edges moved, within reach, to where the sum of squares about the two levels is least."""
    means, found = _means(current, edges), list(edges)
    for k in range(1, len(edges) - 1):
        a = max(edges[k] - reach, found[k - 1] + 1)
        b = min(edges[k] + reach, edges[k + 1] - 1)
        before = np.cumsum((current[a:b] - (means[k - 1] + means[k]) / 2) * (means[k - 1] - means[k]))
        found[k] = a + 1 + int(before.argmax()) if len(before) else edges[k]
    return found


def _without_drift(current: np.ndarray, edges: list[int]) -> list[int]:
    """Neighbours that differ by little, beside the largest change or what the noise wanders, are one."""
    wander = WANDER * _spread(current, WIDE_BLOCKS)[1]
    while len(edges) > 2:
        apart = np.abs(np.diff(_means(current, edges)))
        least = int(apart.argmin())
        if apart[least] > max(DRIFT * apart.max(), wander):
            break
        edges = edges[: least + 1] + edges[least + 2 :]
    return edges
