"""Mean share of each current over the recording, and the order that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.reduction import split

if TYPE_CHECKING:
    from neo_currentscape.recording.recording import Recording


def mean_shares(recording: Recording, direction: str) -> np.ndarray:
    r"""Mean over time of the share that each current has of the total of one direction.

    .. math:: \bar s_k = \frac{1}{T} \int_0^T \frac{I_k^\pm(t)}{\sum_j I_j^\pm(t)} dt

    Unlike the contribution, which is the share of the charge, it gives a time of small currents
    the same weight as a spike. Currentscapes of Alonso & Marder (eLife 2019;8:e42722) are ordered
    by it.

    Parameters
    ----------
    recording : Recording
    direction : {"outward", "inward"}

    Returns
    -------
    ndarray, shape (current,)
        Each from 0 to 1; a time without current counts as a share of 0, and gaps do not count.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal([[1, 3], [9, 1]], units="nA", sampling_period=1 * pq.ms,
    ...                             array_annotations={"name": ["K", "leak"]})
    >>> mean_shares(ncs.Recording(currents), "outward")
    array([0.575, 0.425])
    """
    split.check_direction(direction)
    return _means(recording, (direction,))[direction]


def both_mean_shares(recording: Recording) -> dict[str, np.ndarray]:
    """Mean shares of both directions, for which each sample is read once.

    Parameters
    ----------
    recording : Recording

    Returns
    -------
    dict of str and ndarray
        As from `mean_shares`, for ``"outward"`` and ``"inward"``.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal([[1, -3], [9, -1]], units="nA", sampling_period=1 * pq.ms,
    ...                             array_annotations={"name": ["K", "leak"]})
    >>> both_mean_shares(ncs.Recording(currents))
    {'outward': array([1., 0.]), 'inward': array([0., 1.])}
    """
    return _means(recording, DIRECTIONS)


def _means(recording: Recording, directions: Sequence[str]) -> dict[str, np.ndarray]:
    numbers, whole = values.magnitudes(recording.currents), 0.0
    sums = {direction: np.zeros(numbers.shape[1]) for direction in directions}
    for rows in split.blocks(len(numbers)):
        durations = timebase.sample_durations(recording.currents, "ms", recording.gaps, rows)
        weights = np.broadcast_to(durations, (rows.stop - rows.start,))
        held, block = weights > 0, numbers[rows]
        if not held.all():
            block, weights = block[held], weights[held]
        for direction, total in sums.items():
            part = split.directed(block, direction)
            total += weights @ split.fractions(part, split.totals_of(part))
        whole += weights.sum()
    return {direction: total / whole if whole > 0 else total for direction, total in sums.items()}


def share_order(outward: np.ndarray, inward: np.ndarray) -> list[int]:
    """Order of currents: by outward mean share; then those without one, by inward mean share.

    Parameters
    ----------
    outward, inward : ndarray, shape (current,)

    Returns
    -------
    list of int
        Currents that never flow come last, as recorded.

    Examples
    --------
    >>> share_order(np.array([0.0, 0.3, 0.0, 0.7]), np.array([0.4, 0.0, 0.6, 0.0]))
    [3, 1, 2, 0]
    """
    found = [k for shares in (outward, inward) for k in np.argsort(-shares, kind="stable") if shares[k] > 0]
    return [int(k) for k in dict.fromkeys([*found, *range(len(outward))])]
