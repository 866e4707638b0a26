"""What a summary keeps of one neuron: charges, peaks, peak shares, and mean shares in bins of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase
from neo_currentscape.reduction import split
from neo_currentscape.reduction.kernel import Builder

#: Samples that are looked at together.
CHUNK = 1 << 16

#: Under this key stand mean currents beside mean shares.
CURRENT = "current"


@dataclass(frozen=True)
class Measures:
    """Of one neuron and site.

    Attributes
    ----------
    names : list of str
        Of the currents.
    charge, peak, peak_share : dict of str to ndarray, shape (current,)
        For each direction; the charge in their unit times ms.
    means : dict of str to ndarray, shape (current, bin)
        For each direction the mean share in each bin, and under `CURRENT` the mean current, outward
        positive; NaN in bins without samples.
    """

    names: list[str]
    charge: Mapping[str, np.ndarray]
    peak: Mapping[str, np.ndarray]
    peak_share: Mapping[str, np.ndarray]
    means: Mapping[str, np.ndarray]


class SignalTimes:
    """The times of a signal, without asking Neo for them again for each neuron.

    Parameters
    ----------
    signal : neo signal
    """

    def __init__(self, signal: Any) -> None:
        self.signal = signal
        self.period = timebase.sample_durations(signal, "ms") if timebase.is_regular(signal) else None
        self.start = timebase.span(signal, "ms")[0]

    def times(self, rows: slice) -> np.ndarray:
        """Times of some samples in ms."""
        if self.period is None:
            return timebase.float_times(self.signal, "ms", rows)
        return np.arange(rows.start, rows.stop) * self.period + self.start

    def durations(self, gaps: Any, rows: slice) -> Any:
        """The time in ms that each of them stands for."""
        if self.period is None:
            return timebase.sample_durations(self.signal, "ms", gaps, rows)
        return self.period if gaps is None else np.where(gaps[rows], 0.0, self.period)


def measure(
    names: list[str],
    numbers: Any,
    gaps: Any,
    clock: SignalTimes,
    edges: np.ndarray,
    rows: slice | None = None,
) -> Measures:
    """Go through the currents of a neuron once.

    Parameters
    ----------
    names : list of str
    numbers : ndarray or LazyArray, shape (time, current)
        Outward positive.
    gaps : ndarray or LazyGaps of bool, shape (time,), or None
    clock : SignalTimes
        Of the samples.
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms; all samples that count lie within.
    rows : slice, optional
        The samples that count.

    Returns
    -------
    Measures
        Charges and peaks in the unit of the numbers.
    """
    rows = slice(0, len(numbers)) if rows is None else rows
    builder = Builder(edges, len(names), {}, flows=True)
    highest = {d: np.zeros(len(names)) for d in DIRECTIONS}
    for first in range(rows.start, rows.stop, CHUNK):
        here = slice(first, min(first + CHUNK, rows.stop))
        part, blank = numbers[here], None if gaps is None else gaps[here]
        builder.add(clock.times(here), clock.durations(gaps, here), part, {}, blank)
        part = part.T if blank is None else part[~blank].T
        for direction, sign in (("outward", 1.0), ("inward", -1.0)):
            np.maximum(highest[direction], _highest_shares(part, sign), out=highest[direction])
    return _finished(names, builder.partial(), highest)


def _highest_shares(currents: np.ndarray, sign: float) -> np.ndarray:
    """Largest share of each current, shape (current,), of currents of shape (current, time)."""
    if not currents.shape[1]:
        return np.zeros(len(currents))
    part = np.multiply(currents, sign)
    np.maximum(part, 0.0, out=part)
    return split.fractions(part.T, split.totals_of(part.T)).max(axis=0)


def _finished(names: list[str], partial: Any, highest: Mapping[str, np.ndarray]) -> Measures:
    time = np.where(partial.time > 0, partial.time, np.nan)
    current = (partial.flows["outward"] - partial.flows["inward"]) / time
    lines = partial.extremes["currents"]
    peaks = {"outward": lines.high.max(axis=1), "inward": -lines.low.min(axis=1)}
    return Measures(
        names=names,
        charge=dict(partial.charge),
        peak={d: np.maximum(peaks[d], 0.0) for d in DIRECTIONS},
        peak_share=highest,
        means={**{d: partial.shares[d] / time for d in DIRECTIONS}, CURRENT: current},
    )
