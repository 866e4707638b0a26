"""A residual that flows at some times only: where V jumps, during spikes, or at its largest."""

from __future__ import annotations

import numpy as np

from neo_currentscape.conservation.shapes.fits import Shape, amount
from neo_currentscape.conservation.terms import Terms
from neo_currentscape.conventions import units
from neo_currentscape.recording.crossings import THRESHOLD, crossings

#: A part of the residual's charge that is enough to say that the rest does not count.
MOST = 0.8

#: Samples that a jump of V may take.
LONGEST_JUMP = 3


def jumps(terms: Terms, before: float) -> Shape | None:
    """Whether the residual is there where V jumps, faster than the known currents could move it."""
    capacitive = np.abs(terms.numbers[:, 0])
    jumping = terms.used & (capacitive > 10 * np.abs(terms.numbers[:, 1:]).sum(axis=1))
    charge = np.abs(np.nan_to_num(terms.residual)) * terms.durations
    starts = np.count_nonzero(np.diff(jumping.astype(np.int8), prepend=0) == 1)
    if charge[jumping].sum() < MOST * charge.sum() or np.count_nonzero(jumping) > LONGEST_JUMP * starts:
        return None
    first = terms.times[np.argmax(jumping)]
    text = (
        f"it flows in single samples only, where V jumps (first at {first:.6g} ms, jumps: {starts}): if "
        "these are resets or clamps, mark them with clamped=..."
    )
    return Shape("jumps", text, before)


def spikes(terms: Terms, before: float) -> Shape | None:
    """Whether the residual flows during spikes, and nowhere else."""
    if units.kind(terms.voltage_unit) != "voltage":
        return None
    voltage = np.where(terms.used, terms.voltage, np.nan)  # type: ignore[arg-type]
    threshold = float(THRESHOLD.rescale(terms.voltage_unit))
    if not len(crossings(voltage, threshold)[0]):
        return None
    slope = np.abs(terms.numbers[:, 0])
    spike = (voltage >= threshold) | (slope > 0.1 * slope[terms.used].max())
    charge = np.abs(np.nan_to_num(terms.residual)) * terms.durations
    inside = charge[spike].sum() / charge.sum()
    time = terms.durations[spike].sum() / terms.durations.sum()
    if inside < MOST or inside < 1.5 * time:
        return None
    text = (
        f"it flows during spikes only ({100 * inside:.0f} % of its charge in {100 * time:.2g} % of the "
        f"time, {peak(terms)})"
    )
    return Shape("spikes only", text, before)


def peak(terms: Terms) -> str:
    """When the residual is largest, and how large, in words."""
    at = int(np.nanargmax(np.abs(terms.residual)))
    return f"largest at {terms.times[at]:.6g} ms, {amount(float(terms.residual[at]), terms)}"
