"""Bundling: the largest currents are kept, the rest are summed as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import OTHER


def ranking(charges: np.ndarray) -> np.ndarray:
    """Indices by decreasing charge; equal ones in recorded order."""
    return np.argsort(-charges, kind="stable")


def matrix(names: Sequence[str], charges: np.ndarray, top: int) -> np.ndarray | None:
    """Say which currents are kept, and which are summed.

    Parameters
    ----------
    names : sequence of str
        Names of the recorded currents.
    charges : ndarray, shape (recorded current,)
        By which they are compared.
    top : int
        How many are kept.

    Returns
    -------
    ndarray, shape (recorded current, top + 1), or None
        Zeros and ones: in which column of the result each current is counted. The kept ones are in
        recorded order, the bundle is last. None where nothing is left to bundle.

    Raises
    ------
    ArgumentError
        When `top` is no number of currents, or a current has the name of the bundle.

    Examples
    --------
    >>> matrix(["Na", "K", "leak"], np.array([5.0, 1.0, 2.0]), top=1)
    array([[1., 0.],
           [0., 1.],
           [0., 1.]])
    """
    if isinstance(top, bool) or not isinstance(top, (int, np.integer)) or top < 1:
        raise ArgumentError(f"top={top!r} is not a number of currents: write 1 or more.")
    if top >= len(names):
        return None
    if OTHER in names:
        raise ArgumentError(f"A current is called {OTHER!r} already: rename it to use top=.")
    kept = np.sort(ranking(charges)[:top])
    out = np.zeros((len(names), top + 1))
    out[:, top] = 1.0
    out[kept, top] = 0.0
    out[kept, np.arange(top)] = 1.0
    return out


def names(recorded: Sequence[str], bundle: np.ndarray | None) -> list[str]:
    """Names of the currents after bundling.

    Parameters
    ----------
    recorded : sequence of str
    bundle : ndarray, shape (recorded current, current), or None
        From `matrix`.

    Returns
    -------
    list of str
    """
    if bundle is None:
        return list(recorded)
    kept = np.argmax(bundle[:, :-1], axis=0)
    return [*(recorded[k] for k in kept), OTHER]
