"""Whether a converter or an amplifier cut a recorded trace off."""

from __future__ import annotations

import numpy as np

from neo_currentscape.conventions.errors import SignalError

#: Equal samples in a row, at the extreme of a noisy trace, that are no chance.
IN_A_ROW = 5

#: Noise, in steps of the converter, of which so many equal samples are no chance.
STEPS = 2.0

#: Stretches within the trace that may be longer than the one at its extreme, as those that were blanked.
LONGER = 2


def cut_off(trace: np.ndarray) -> slice | None:
    """The first stretch in which a trace stays at its extreme value, though it is noisy elsewhere.

    Parameters
    ----------
    trace : ndarray, shape (time,)

    Returns
    -------
    slice or None
        None also for a trace without noise, as that of a simulation, which may well stay where it is.

    Examples
    --------
    >>> trace = 10 * np.random.default_rng(0).normal(size=200)
    >>> cut_off(trace) is None, cut_off(np.minimum(trace + 40 * (np.arange(200) > 150), 20))
    (True, slice(151, 159, None))
    """
    moves = np.abs(np.diff(trace))
    if not moves.any():
        return None
    # The median of second differences is that of the noise, whatever the trace does.
    noise = np.median(np.abs(np.diff(trace, n=2)[moves[1:] > 0]))
    if noise < STEPS * moves[moves > 0].min() or noise < 1e-5 * np.ptp(trace):
        return None
    begins = np.r_[0, np.flatnonzero(moves) + 1]
    lengths = np.diff(np.r_[begins, len(trace)])
    levels = trace[begins]
    extremes = trace.max(), trace.min()
    # Filtered noise stays where it is for some samples by chance, anywhere.
    within = np.sort(lengths[(levels != extremes[0]) & (levels != extremes[1])])
    chance = int(within[-1 - LONGER]) if len(within) > LONGER else 0
    for extreme in extremes:
        long = np.flatnonzero((levels == extreme) & (lengths >= max(IN_A_ROW, chance + 1)))
        if len(long):
            return slice(int(begins[long[0]]), int(begins[long[0]] + lengths[long[0]]))
    return None


def refuse_cut_off(times: np.ndarray, current: np.ndarray, what: str, hint: str) -> None:
    """Refuse sweeps of which one is cut off.

    Parameters
    ----------
    times : ndarray, shape (time,)
        In ms.
    current : ndarray, shape (sweep, time)
        In pA.
    what, hint : str
        What they are, and what to write.

    Raises
    ------
    SignalError
    """
    for k, trace in enumerate(current):
        found = cut_off(trace)
        if found is not None:
            raise SignalError(
                f"Sweep {k} of {what} is saturated: its current stays at {trace[found.start]:g} pA from "
                f"{times[found.start]:g} to {times[found.stop - 1]:g} ms; {hint}."
            )
