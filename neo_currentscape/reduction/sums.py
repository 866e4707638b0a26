"""Passes over all samples of a Recording: magnitudes of each direction, and their integrals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction import split

#: Charges below have lost digits: they are compared times a factor.
SMALLEST = 1e-290


def directed_blocks(
    recording: Recording, directions: Sequence[str] = DIRECTIONS
) -> Iterator[tuple[str, slice, np.ndarray]]:
    """Yield directions, slices of samples, and the magnitudes (time, current) in them; NaN in gaps.

    All directions of a block together, so that a file is read once.
    """
    numbers, gaps = values.magnitudes(recording.currents), recording.gaps
    for rows in split.blocks(len(numbers)):
        for direction in directions:
            part = split.directed(numbers[rows], direction)
            if gaps is not None:
                part[gaps[rows]] = np.nan
            yield direction, rows, part


def charges(recording: Recording, exponent: int = 0) -> dict[str, np.ndarray]:
    """Charge of each current in both directions, times two to the power of an exponent.

    Parameters
    ----------
    recording : Recording
    exponent : int

    Returns
    -------
    dict of str to ndarray, shape (current,)
        In the unit of the currents times ms; infinite where no number is as large.
    """
    currents, gaps = recording.currents, recording.gaps
    out = {direction: np.zeros(currents.shape[1]) for direction in DIRECTIONS}
    for direction, rows, part in directed_blocks(recording):
        weights = timebase.sample_durations(currents, "ms", gaps, rows)
        if gaps is not None:
            np.nan_to_num(part, copy=False)
        part = np.ldexp(part, exponent) if exponent else part
        with np.errstate(over="ignore"):
            held = isinstance(weights, np.ndarray)
            out[direction] += weights @ part if held else part.sum(axis=0) * weights
    return out


def scaled(recording: Recording, found: Mapping[str, np.ndarray]) -> tuple[Mapping[str, np.ndarray], int]:
    """The charges over two to the power of an exponent, so that they can be compared.

    Parameters
    ----------
    recording : Recording
    found : mapping of str to ndarray, shape (current,)
        Its charges.

    Returns
    -------
    charges : mapping of str to ndarray, shape (current,)
    exponent : int
        0, and the charges as they are, unless they are larger than all numbers, or smaller.

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> huge = neo.AnalogSignal([[1.5e308, 1e308]] * 2, units="nA", sampling_period=1 * pq.ms,
    ...                         array_annotations={"name": ["K", "leak"]})
    >>> ncs.Currentscape(ncs.Recording(huge)).contributions("outward")
    array([0.6, 0.4])
    """
    largest = max(sums.max() for sums in found.values())
    if SMALLEST < largest < np.inf:
        return found, 0
    peak = max(np.nanmax(part, initial=0.0) for _, _, part in directed_blocks(recording))
    exponent = int(np.frexp(peak)[1])
    return (charges(recording, -exponent), exponent) if peak > 0 else (found, 0)
