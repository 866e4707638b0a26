"""States that an event changed between a sample and the step that follows it."""

from __future__ import annotations

import numpy as np


def undone(values: np.ndarray, jumped: np.ndarray) -> np.ndarray:
    """States at the start of steps before which an event set them, from what the steps made of them.

    A state that relaxes with a constant rate moves in each step by the same rule,
    ``s[k] = s_inf + (s[k-1] - s_inf) r``. Three samples without an event in between tell `r` and
    `s_inf`, so that one step can be taken back.

    Parameters
    ----------
    values : ndarray, shape (time,)
        The state after each step.
    jumped : ndarray of bool, shape (time,)
        The steps to take back.

    Returns
    -------
    ndarray, shape (time,)
        The state before each step: of the sample before, but where it jumped.

    Examples
    --------
    An event adds 1 to a state that halves in each step:

    >>> undone(np.array([0.0, 0.0, 0.5, 0.25, 0.125]), np.array([False, False, True, False, False]))
    array([0.  , 0.  , 1.  , 0.5 , 0.25])
    """
    before = np.concatenate((values[:1], values[:-1]))
    clean = np.flatnonzero(~jumped[1:-1] & ~jumped[2:])
    where = np.flatnonzero(jumped)
    if not len(clean) or not len(where):
        return before
    following = clean[np.minimum(np.searchsorted(clean, where), len(clean) - 1)]
    first = values[following + 1] - values[following]
    second = values[following + 2] - values[following + 1]
    rate = np.divide(second, first, out=np.ones_like(first), where=first != 0)
    rate[rate <= 0] = 1.0
    end = values[following] + np.divide(first, 1 - rate, out=np.zeros_like(first), where=rate != 1)
    before[where] = np.where(rate != 1, end + (values[where] - end) / rate, values[where] - first)
    return before


def jumps_of(values: np.ndarray) -> np.ndarray:
    """Find the steps before which an event set a state that relaxes with a constant rate.

    Parameters
    ----------
    values : ndarray, shape (time,)
        The state after each step.

    Returns
    -------
    ndarray of bool, shape (time,)
        The steps that do not move the state as most steps do.

    Examples
    --------
    >>> jumps_of(np.array([0.0, 0.0, 0.5, 0.25, 0.125, 0.0625, 0.53125, 0.265625, 0.1328125]))
    array([False, False,  True, False, False, False,  True, False, False])
    """
    moves = np.diff(values)
    rates = moves[1:][moves[:-1] != 0] / moves[:-1][moves[:-1] != 0]
    rates = rates[(rates > 0) & (rates < 1)]
    out = np.zeros(len(values), bool)
    if not len(rates):
        return out
    rate = float(np.median(rates))
    alike = np.flatnonzero(np.abs(moves[1:] - rate * moves[:-1]) <= 1e-9 * np.abs(moves[:-1]))
    moving = alike[moves[alike] != 0]
    end = float(np.median(values[moving] + moves[moving] / (1 - rate))) if len(moving) else 0.0
    off = np.abs(values[1:] - end - (values[:-1] - end) * rate)
    out[1:] = off > 1e-9 * np.abs(values - end).max()
    return out
