r"""What of measured currents stands out of their noise.

Noise that is split into an outward and an inward part does not cancel: where nothing flows, each of the
two totals is what noise of both signs leaves of one. With independent normal errors :math:`\sigma_k` the
mean of that is :math:`\sum_k \sigma_k / \sqrt{2 \pi}`, and its variance
:math:`(1/2 - 1/2\pi) \sum_k \sigma_k^2`. Currents that were isolated one after the other share sweeps with
opposite sign, and scatter less than that.
"""

from __future__ import annotations

import copy

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.noise import CORRELATION
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction import split

#: Standard deviations by which something stands out of noise.
CLEAR = 4.0

_MEAN, _VARIANCE = 1 / np.sqrt(2 * np.pi), 0.5 - 0.5 / np.pi


def floor(recording: Recording) -> np.ndarray:
    """The total that noise alone hardly reaches in either direction.

    Parameters
    ----------
    recording : Recording
        With ``noise``.

    Returns
    -------
    ndarray, shape (time,)
        In the unit of the currents: the mean of what noise alone gives, and `CLEAR` standard deviations.
    """
    sigma = values.magnitudes(recording.noise)
    spread = np.sqrt(_VARIANCE * np.einsum("tk,tk->t", sigma, sigma))
    return _MEAN * sigma.sum(axis=1) + CLEAR * spread


def counted(recording: Recording) -> Recording:
    """The same Recording with nothing where the total of a direction does not stand out of the noise."""
    numbers = np.array(values.magnitudes(recording.currents)[:], dtype=float)
    least = floor(recording)
    for direction in DIRECTIONS:
        part = split.directed(numbers, direction)
        lost = np.nan_to_num(part).sum(axis=1) <= least
        numbers[lost[:, None] & (part > 0)] = 0.0
    clear = copy.copy(recording)
    clear.currents, clear.noise = (
        values.like(recording.currents, numbers, recording.currents.units, ""),
        None,
    )
    return clear


def charges(recording: Recording) -> dict[str, np.ndarray]:
    """Charge of each current in both directions, in which noise cancels.

    A sample that stands out of its noise counts in its own direction. Those between two such count
    together, as one charge of one direction: their sum. So the difference of both directions is the
    integral of the current, and noise of both signs is not counted twice.

    Returns
    -------
    dict of str to ndarray, shape (current,)
        In the unit of the currents times ms.
    """
    numbers = np.nan_to_num(np.asarray(values.magnitudes(recording.currents)[:], dtype=float))
    clear = np.abs(numbers) > CLEAR * values.magnitudes(recording.noise)
    moved = (numbers.T * timebase.sample_durations(recording.currents, "ms", recording.gaps)).T
    found = {direction: np.zeros(numbers.shape[1]) for direction in DIRECTIONS}
    for k in range(numbers.shape[1]):
        own = clear[:, k]
        begins = np.flatnonzero(own | np.r_[True, own[:-1]])
        sums = np.add.reduceat(moved[:, k], begins)
        found["outward"][k], found["inward"][k] = sums[sums > 0].sum(), np.abs(sums[sums < 0]).sum()
    return found


def charge_errors(recording: Recording) -> np.ndarray:
    """Standard error of the net charge of each current, in the unit of the currents times ms.

    That of independent samples, times what the noise is known to be correlated.
    """
    sigma = values.magnitudes(recording.noise)
    weights = np.broadcast_to(
        timebase.sample_durations(recording.currents, "ms", recording.gaps), (len(sigma),)
    )
    factor = np.asarray(recording.noise.array_annotations[CORRELATION], dtype=float)
    return np.sqrt(np.einsum("t,tk->k", weights**2, sigma**2)) * factor
