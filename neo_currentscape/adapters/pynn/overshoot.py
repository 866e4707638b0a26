"""A step that is too long for the upstroke of spikes: NEURON's linear step carries the voltage too far."""

from __future__ import annotations

import numpy as np

from neo_currentscape.adapters.pynn import models
from neo_currentscape.adapters.pynn.columns import Group
from neo_currentscape.conventions.errors import warn

#: The part of the upstroke's charge that may lie beyond the peak, or be outward where it never should.
ALLOWED = 0.2


def check(
    group: Group, current: models.Current, v: np.ndarray, numbers: np.ndarray, excess: np.ndarray
) -> None:
    """Warn where much of the charge of a spike's upstroke is an error of the step.

    Parameters
    ----------
    group : Group
    current : Current
        Of the upstroke.
    v : ndarray, shape (time, neuron)
        In mV.
    numbers : ndarray, shape (time, neuron)
        Its values, outward positive.
    excess : ndarray, shape (time, neuron)
        What of it lifted the voltage beyond the peak, > 0, in the same unit.
    """
    inward = np.minimum(numbers, 0.0).sum(axis=0)
    # The exponential of the EIF models is inward whatever the voltage.
    outward = np.maximum(numbers, 0.0).sum(axis=0) if current.label == models.SPIKE else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.nan_to_num((excess.sum(axis=0) + outward) / -inward)
    if not len(part) or part.max() <= ALLOWED:
        return
    worst = int(np.argmax(part))
    dt, lowest, highest = group.description["dt"], v[:, worst].min(), v[:, worst].max()
    warn(
        f"A step of {dt:g} ms is too long for the spikes of population {group.label} on NEURON: the "
        f"voltage overshoots, between {lowest:.0f} and {highest:.0f} mV, and {part[worst]:.0%} of the "
        f"charge of {current.label!r} is an error of the step: write sim.setup(timestep={dt / 10:g})."
    )
