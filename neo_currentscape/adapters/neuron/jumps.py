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
