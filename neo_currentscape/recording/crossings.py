"""What a spike is: the voltage crosses a threshold upwards."""

from __future__ import annotations

import numpy as np
import quantities as pq

#: The voltage that a spike crosses, unless told: eFEL's default, and that of Alonso & Marder (2019). Spikes
#: that a soma shows from afar, as those of crabs do, peak below 0 mV; no synaptic potential comes near it.
THRESHOLD = -20.0 * pq.mV


def crossings(voltage: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Samples at and after which a voltage has crossed a level.

    Parameters
    ----------
    voltage : ndarray, shape (time,)
    level : float
        In the same unit.

    Returns
    -------
    ups, downs : ndarray of int
        The first samples that are not below the level, and the first that are below it again; NaN
        is neither, so that nothing crosses the level in a gap. NEURON's NetCon counts the ups too.

    Examples
    --------
    >>> crossings(np.array([-1.0, 1.0, 2.0, -1.0]), 0.0)
    (array([1]), array([3]))
    """
    above, below = voltage >= level, voltage < level
    ups = np.flatnonzero(below[:-1] & above[1:]) + 1
    downs = np.flatnonzero(above[:-1] & below[1:]) + 1
    return ups, downs


def spans_above(ups: np.ndarray, downs: np.ndarray) -> list[tuple[int, int]]:
    """Pair each crossing upwards with the next one downwards; one without a next is left out.

    Examples
    --------
    >>> spans_above(np.array([3, 9]), np.array([1, 5]))
    [(3, 5)]
    """
    after = np.searchsorted(downs, ups)
    return [(int(up), int(downs[k])) for up, k in zip(ups, after, strict=True) if k < len(downs)]
