"""Times as plain arrays: which of them are regular, which are the same, and repeated ones set apart."""

from __future__ import annotations

import numpy as np

#: Two times count as one if they differ by less than this part of a sampling interval. That is far more
#: than rounding (a sum of 1e6 steps, times in single precision or written with four digits), and far less
#: than any difference that a method or a schedule makes.
TOLERANCE = 1e-3


def regular_step(times: np.ndarray, step: float | None = None) -> float | None:
    """The sampling interval of evenly spaced times; decides what counts as regularly sampled.

    A `neo.AnalogSignal` keeps no times but an even grid, so times are regular where each of them counts
    as one with its place on the grid (see `TOLERANCE`). Steps that are compared with each other would tell
    something else: small differences of them add up, and rounded times have unequal steps.

    Parameters
    ----------
    times : ndarray, shape (time,)
        In any unit.
    step : float, optional
        The interval, where the source tells it; taken as it is if the times follow it.

    Returns
    -------
    float or None
        None where the times are uneven, or a single one tells no interval.

    Examples
    --------
    >>> regular_step(np.array([0.1, 0.2, 0.3])), regular_step(np.array([0.1, 0.2, 0.4]))
    (0.1, None)
    """
    if len(times) < 2:
        return step
    # Simulators add up their step: to twelve digits 0.1 is again 0.1.
    mean = float(f"{(times[-1] - times[0]) / (len(times) - 1):.12g}")
    for found in (mean,) if step is None else (float(step), mean):
        if not 0 < found < np.inf:
            continue
        even = times[0] + found * np.arange(len(times))
        if np.abs(times - even).max() <= TOLERANCE * found:
            return found
    return None


def are_same(first: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays of increasing times are those of the same samples, to `TOLERANCE`.

    Examples
    --------
    >>> are_same(np.array([0.0, 0.1]), np.array([0.0, 0.10001])), are_same(np.zeros(1), np.zeros(2))
    (True, False)
    """
    return len(first) == len(other) and not are_apart(first, other).any()


def are_apart(first: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which of as many increasing times differ by more than `TOLERANCE` of the smallest step."""
    step = (
        np.diff(first).min() if len(first) > 1 else np.spacing(np.abs(first).max(initial=0.0)) / TOLERANCE
    )
    return ~(np.abs(first - other) <= TOLERANCE * step)  # what is no number is apart from all


def set_apart(times: np.ndarray, largest: float | None = None) -> np.ndarray:
    """Times of which none repeats: the later ones of a repeated time are moved on by a rounding error.

    Methods of variable step record an event by two samples of one time, what was before it and what is
    from there on: NEURON's CVode does so at every synaptic event. Both are true, and the interval between
    them counts for nothing.

    Parameters
    ----------
    times : ndarray, shape (time,)
        That do not go back.
    largest : float, optional
        The largest magnitude of all times, where these are some of them.

    Returns
    -------
    ndarray, shape (time,)
        The same array where no time repeats.

    Examples
    --------
    >>> times = set_apart(np.array([0.0, 1.0, 1.0, 1.0, 2.0]))
    >>> bool((np.diff(times) > 0).all()), times.round(12).tolist()
    (True, [0.0, 1.0, 1.0, 1.0, 2.0])
    """
    repeats = np.diff(times, prepend=np.nan) == 0
    if not repeats.any():
        return times
    count = np.arange(len(times))
    since = count - np.maximum.accumulate(np.where(repeats, 0, count))
    # Some units of the last place, so that they stay apart when the unit of time is changed.
    least = 8 * np.spacing(np.abs(times).max() if largest is None else largest)
    moved = times + least * since
    if (np.diff(moved) > 0).all():
        return moved
    # Some were moved past a later one, which was closer than that: it is moved on as well.
    line = least * count
    return np.maximum.accumulate(moved - line) + line
