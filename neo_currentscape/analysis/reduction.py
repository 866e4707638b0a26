"""Reduction of a recording to columns of time: what a figure of so many pixels can show.

A bin holds the samples whose time falls into it. Per bin it keeps the time-weighted mean of each
share (what the full-resolution picture shows in that pixel column), and the extremes of the totals,
the currents, the voltage and the ions, so that no spike is lost. A `Partial` may be of any part of
the recording, and `merge` of partials is associative: the order and the borders of the chunks do
not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from neo_currentscape.analysis import split
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.recording import Recording

#: Values (samples x currents) that are looked at together: a block that fits into the cache.
BLOCK_VALUES = 1 << 17


@dataclass(frozen=True)
class Extremes:
    """Smallest and largest value of each channel in each bin, both of shape (channel, bin)."""

    low: np.ndarray
    high: np.ndarray

    def merge(self, other: Extremes) -> Extremes:
        """The extremes of both together; a bin without samples holds inf and -inf."""
        return Extremes(np.minimum(self.low, other.low), np.maximum(self.high, other.high))


@dataclass(frozen=True)
class Partial:
    """What is known of the bins from some of the samples.

    Attributes
    ----------
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms.
    time : ndarray, shape (bin,)
        The time in ms that the samples in each bin stand for.
    samples : ndarray of int, shape (bin,)
        How many samples each bin holds, blanked ones among them.
    shares : dict of str to ndarray, shape (current, bin)
        For each direction the integral of the shares over the bin, in ms.
    totals : dict of str to ndarray, shape (1, bin)
        For each direction the integral of the total over the bin.
    extremes : dict of str to Extremes
        Of the "outward" and "inward" totals and of every signal by its part in the Recording.
    charge : dict of str to ndarray, shape (current,)
        For each direction the charge of each current in the samples seen.
    """

    edges: np.ndarray
    time: np.ndarray
    samples: np.ndarray
    shares: Mapping[str, np.ndarray]
    totals: Mapping[str, np.ndarray]
    extremes: Mapping[str, Extremes]
    charge: Mapping[str, np.ndarray]


def merge(a: Partial, b: Partial) -> Partial:
    """Combine what is known from two sets of samples, on the same bins.

    Parameters
    ----------
    a, b : Partial
        Of samples that do not overlap.

    Returns
    -------
    Partial
    """
    return Partial(
        edges=a.edges,
        time=a.time + b.time,
        samples=a.samples + b.samples,
        shares={d: a.shares[d] + b.shares[d] for d in DIRECTIONS},
        totals={d: a.totals[d] + b.totals[d] for d in DIRECTIONS},
        extremes={key: a.extremes[key].merge(b.extremes[key]) for key in a.extremes},
        charge={d: a.charge[d] + b.charge[d] for d in DIRECTIONS},
    )


def reduce(
    times: np.ndarray,
    durations: np.ndarray | float,
    currents: np.ndarray,
    others: Mapping[str, np.ndarray],
    edges: np.ndarray,
    gaps: np.ndarray | None = None,
) -> Partial:
    """Reduce a chunk of samples to bins.

    Parameters
    ----------
    times : ndarray, shape (time,)
        Increasing, in ms.
    durations : float or ndarray, shape (time,)
        The time that each sample stands for, in ms.
    currents : ndarray, shape (time, current)
        Outward positive.
    others : mapping of str to ndarray, shape (time, channel)
        Signals of which the extremes are wanted.
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms; a sample at the last border belongs to the last bin.
    gaps : ndarray of bool, shape (time,), optional
        Samples that count for nothing.

    Returns
    -------
    Partial
    """
    builder = _Builder(edges, currents.shape[1], {key: a.shape[1] for key, a in others.items()})
    limits = np.searchsorted(times, edges)
    limits[-1] = np.searchsorted(times, edges[-1], side="right")
    rows_at_once = max(1, BLOCK_VALUES // max(1, currents.shape[1]))
    for first, last in _groups_of_bins(limits, rows_at_once):
        rows = slice(int(limits[first]), int(limits[last]))
        counts = np.diff(limits[first : last + 1])
        held = first + np.flatnonzero(counts)
        starts = (limits[held] - rows.start).astype(np.intp)
        weights = durations if np.isscalar(durations) else durations[rows]  # type: ignore[index]
        block = _channels(currents, rows, gaps)
        builder.add_currents(held, starts, block, weights, counts[counts > 0])
        for key, array in others.items():
            builder.add_extremes(key, held, starts, _channels(array, rows, gaps))
    return builder.partial()


def _channels(array: np.ndarray, rows: slice, gaps: np.ndarray | None) -> np.ndarray:
    # Time runs along memory, so that reductions over a bin are reductions over neighbours.
    block = np.array(array[rows].T, dtype=float, order="C")
    if gaps is not None and gaps[rows].any():
        block[:, gaps[rows]] = np.nan
    return block


def _groups_of_bins(limits: np.ndarray, rows_at_once: int):
    """Yield (first, last) bins such that each group holds samples, and not many more than asked."""
    n_bins = len(limits) - 1
    first = 0
    while first < n_bins:
        last = int(np.searchsorted(limits, limits[first] + rows_at_once, side="right")) - 1
        last = min(max(last, first + 1), n_bins)
        if limits[last] > limits[first]:
            yield first, last
        first = last


class _Builder:
    """Collects the bins of a Partial, some of them at a time."""

    def __init__(self, edges: np.ndarray, n_currents: int, channels: Mapping[str, int]) -> None:
        n_bins = len(edges) - 1
        self.edges = edges
        self.time = np.zeros(n_bins)
        self.samples = np.zeros(n_bins, dtype=np.int64)
        self.shares = {d: np.zeros((n_currents, n_bins)) for d in DIRECTIONS}
        self.totals = {d: np.zeros((1, n_bins)) for d in DIRECTIONS}
        self.charge = {d: np.zeros(n_currents) for d in DIRECTIONS}
        sizes = {"outward": 1, "inward": 1, "currents": n_currents, **channels}
        self.low = {key: np.full((n, n_bins), np.inf) for key, n in sizes.items()}
        self.high = {key: np.full((n, n_bins), -np.inf) for key, n in sizes.items()}

    def add_currents(self, held, starts, block, weights, counts) -> None:
        if np.isscalar(weights):
            self.time[held] += weights * counts
        else:
            self.time[held] += np.add.reduceat(weights, starts)
        self.add_extremes("currents", held, starts, block)
        blank = np.isnan(block[0])
        blank = blank if blank.any() else None
        if blank is not None:
            block = np.where(blank, 0.0, block)
        self.samples[held] += counts
        part = np.maximum(block, 0.0)
        self._add_direction("outward", held, starts, part.copy(), weights, blank)
        np.subtract(part, block, out=part)  # max(-I, 0) = max(I, 0) - I
        self._add_direction("inward", held, starts, part, weights, blank)

    def _add_direction(self, direction, held, starts, part, weights, blank) -> None:
        total = part.sum(axis=0)
        shown = total[None] if blank is None else np.where(blank, np.nan, total)[None]
        self.add_extremes(direction, held, starts, shown)
        weighted = total * weights
        self.totals[direction][:, held] += np.add.reduceat(weighted, starts)
        self.charge[direction] += part.sum(axis=1) * weights if np.isscalar(weights) else part @ weights
        flows = total > 0
        scale = np.zeros_like(total)
        with np.errstate(over="ignore"):
            np.divide(weights, total, out=scale, where=flows)
        # A total so small that 1 / total overflows: dividing first keeps its shares finite.
        tiny = ~np.isfinite(scale)
        if tiny.any():
            part[:, tiny] /= total[tiny]
            scale[tiny] = weights if np.isscalar(weights) else weights[tiny]
        part *= scale
        self.shares[direction][:, held] += np.add.reduceat(part, starts, axis=1)

    def add_extremes(self, key, held, starts, block) -> None:
        # fmin and fmax pass over NaN; the infinities left in empty bins are taken out at the end.
        low = np.fmin.reduceat(block, starts, axis=1)
        high = np.fmax.reduceat(block, starts, axis=1)
        self.low[key][:, held] = np.fmin(self.low[key][:, held], low)
        self.high[key][:, held] = np.fmax(self.high[key][:, held], high)

    def partial(self) -> Partial:
        extremes = {key: Extremes(self.low[key], self.high[key]) for key in self.low}
        return Partial(self.edges, self.time, self.samples, self.shares, self.totals, extremes, self.charge)


@dataclass(frozen=True)
class Columns:
    """The columns that a figure shows: either bins of a reduction, or the samples themselves.

    Attributes
    ----------
    times : ndarray, shape (column,)
        Centre of each column in ms; of samples their times.
    shares : dict of str to ndarray, shape (current, column)
        For each direction the mean share; NaN in gaps.
    extremes : dict of str to Extremes
        Of "outward", "inward", "currents", "voltage", "ions", ..., each (channel, column).
    means : dict of str to ndarray, shape (column,)
        For each direction the mean total.
    reduced : bool
        False where the columns are the samples themselves.
    """

    times: np.ndarray
    shares: Mapping[str, np.ndarray]
    extremes: Mapping[str, Extremes]
    means: Mapping[str, np.ndarray]
    reduced: bool


def columns(partial: Partial) -> Columns:
    """Finish a reduction: means instead of integrals, and only the bins that hold samples.

    Parameters
    ----------
    partial : Partial
        Of all the samples.

    Returns
    -------
    Columns
        Bins without any sample are left out, as a line is drawn through them; bins whose samples
        are all blanked are NaN, so that the figure has a gap there.
    """
    keep = partial.samples > 0
    time = np.where(partial.time > 0, partial.time, np.nan)[keep]

    def finite(array: np.ndarray) -> np.ndarray:
        array = array[:, keep]
        return np.where(np.isinf(array), np.nan, array)

    return Columns(
        times=((partial.edges[:-1] + partial.edges[1:]) / 2)[keep],
        shares={d: partial.shares[d][:, keep] / time for d in DIRECTIONS},
        extremes={k: Extremes(finite(e.low), finite(e.high)) for k, e in partial.extremes.items()},
        means={d: partial.totals[d][0, keep] / time for d in DIRECTIONS},
        reduced=True,
    )


def reduce_recording(
    recording: Recording,
    n_columns: int,
    t_start: float | None = None,
    t_stop: float | None = None,
    bundle: np.ndarray | None = None,
) -> Columns:
    """Reduce a Recording to columns; one that has no more samples than that is left as it is.

    Parameters
    ----------
    recording : Recording
    n_columns : int
        Number of bins of equal width.
    t_start, t_stop : float, optional
        Window in ms.
    bundle : ndarray, shape (recorded current, current), optional
        Zeros and ones: which shares are summed.

    Returns
    -------
    Columns
    """
    times = timebase.float_times(recording.currents, "ms")
    rows = _window(times, t_start, t_stop)
    times = times[rows]
    durations = timebase.sample_durations(recording.currents, "ms", recording.gaps)
    durations = durations if np.isscalar(durations) else durations[rows]  # type: ignore[index]
    gaps = None if recording.gaps is None else recording.gaps[rows]
    currents = values.magnitudes(recording.currents)[rows]
    others = {
        part: values.magnitudes(signal)[rows]
        for part in OTHER_PARTS
        if (signal := getattr(recording, part)) is not None
    }
    if bundle is not None:
        others[OTHER_CURRENT] = currents @ bundle[:, -1:]
    if len(times) <= n_columns:
        found = samples_as_columns(times, currents, others, gaps)
    else:
        edges = np.linspace(times[0], times[-1], n_columns + 1)
        found = columns(reduce(times, durations, currents, others, edges, gaps))
    return found if bundle is None else bundled(found, bundle)


#: The parts of a Recording, besides the currents, of which a figure shows lines.
OTHER_PARTS = ("voltage", "ions", "electrode")

#: Key under which the summed current of a bundle is reduced.
OTHER_CURRENT = "other current"


def _window(times: np.ndarray, t_start: float | None, t_stop: float | None) -> slice:
    first = 0 if t_start is None else int(np.searchsorted(times, t_start, side="right")) - 1
    last = len(times) if t_stop is None else int(np.searchsorted(times, t_stop, side="left")) + 1
    return slice(max(first, 0), min(last, len(times)))


def samples_as_columns(
    times: np.ndarray,
    currents: np.ndarray,
    others: Mapping[str, np.ndarray],
    gaps: np.ndarray | None = None,
) -> Columns:
    """Make columns of the samples themselves, for recordings that need no reduction."""
    numbers = {"currents": values.blank(currents, gaps)}
    numbers.update({part: values.blank(array, gaps) for part, array in others.items()})
    shares, means = {}, {}
    for direction in DIRECTIONS:
        part = split.directed(numbers["currents"], direction)
        means[direction] = part.sum(axis=1)
        numbers[direction] = means[direction][:, None]
        shares[direction] = split.fractions(part, means[direction]).T
    # One and the same array for both extremes says that a column is a single sample.
    extremes = {key: Extremes(line, line) for key, line in ((k, a.T) for k, a in numbers.items())}
    return Columns(times, shares, extremes, means, reduced=False)


def bundled(found: Columns, bundle: np.ndarray) -> Columns:
    """Show the currents of a bundle as one: its shares summed, its line that of the summed current.

    Parameters
    ----------
    found : Columns
        Of the recorded currents, and of the bundle's summed current.
    bundle : ndarray, shape (recorded current, current)
        Zeros and ones; the last column is the bundle.

    Returns
    -------
    Columns
    """
    shares = {d: bundle.T @ found.shares[d] for d in DIRECTIONS}
    kept = np.argmax(bundle[:, :-1], axis=0)
    lines, rest = found.extremes["currents"], found.extremes[OTHER_CURRENT]
    low = np.vstack([lines.low[kept], rest.low])
    high = np.vstack([lines.high[kept], rest.high]) if found.reduced else low
    extremes = {**found.extremes, "currents": Extremes(low, high)}
    return Columns(found.times, shares, extremes, found.means, found.reduced)
