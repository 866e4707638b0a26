"""Reduction of a recording to columns of time: what a figure of so many pixels can show.

A bin holds the samples whose time falls into it. Per bin it keeps the time-weighted mean of each
share (what the full-resolution picture shows in that pixel column), and the extremes of the totals,
the currents, the voltage and the ions, so that no spike is lost. A `Partial` may be of any part of
the recording, and `merge` of partials is associative: the order and the borders of the chunks do
not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.lazy.rows import chunk_rows
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction import split
from neo_currentscape.reduction.chunks import reduce
from neo_currentscape.reduction.kernel import Builder
from neo_currentscape.reduction.partial import Extremes, Partial, merge
from neo_currentscape.reduction.picks import Picks, pick, places
from neo_currentscape.reduction.spans import check_whole

__all__ = [
    "Columns",
    "Extremes",
    "Partial",
    "Picks",
    "bundled",
    "charges",
    "columns",
    "merge",
    "reduce",
    "reduce_recording",
    "samples_as_columns",
]

#: The parts of a Recording, besides the currents, of which a figure shows lines.
OTHER_PARTS = ("voltage", "ions", "electrode")

#: Key under which the summed current of a bundle is reduced.
OTHER_CURRENT = "other current"

#: Samples of which the times are written out at once.
CHUNK = 1 << 18


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
    picks : Picks or None
        Some samples that are the same whatever the number of columns.
    charges : dict of str to ndarray, shape (recorded current,), or None
        For each direction the charge of what was reduced, in the unit of the currents times ms.
    flows : dict of str to ndarray, shape (current, column), or None
        For each direction the mean of each current, >= 0; their sum is the mean total. None where it was
        not asked for. It is not the mean share times the mean total: a current that flows at rest has a
        small part of the total of a spike.
    """

    times: np.ndarray
    shares: Mapping[str, np.ndarray]
    extremes: Mapping[str, Extremes]
    means: Mapping[str, np.ndarray]
    reduced: bool
    picks: Picks | None = None
    charges: Mapping[str, np.ndarray] | None = None
    flows: Mapping[str, np.ndarray] | None = None

    def flow(self, direction: str) -> np.ndarray:
        """The mean of each current in one direction, shape (current, column); see `flows`."""
        if self.flows is None:
            raise ArgumentError(
                "The means of the currents were not asked for: write columns(..., flows=True)."
            )
        found = self.flows[direction]
        if np.isinf(found).any():
            raise SignalError(
                f"The mean {direction} current in a column is beyond the largest of numbers: give the "
                "currents in a larger unit, e.g. signal.rescale('A')."
            )
        return found


def columns(partial: Partial, picks: Picks | None = None) -> Columns:
    """Finish a reduction: means instead of integrals, and only the bins that hold samples.

    Parameters
    ----------
    partial : Partial
        Of all the samples.
    picks : Picks, optional
        Some of the samples.

    Returns
    -------
    Columns
        Bins without any sample are left out, as a line is drawn through them; bins whose samples
        are all blanked are NaN, so that the figure has a gap there.

    Raises
    ------
    ArgumentError
        When the chunks of which it was merged leave a hole.

    Examples
    --------
    >>> edges, currents = np.linspace(0.0, 6.0, 4), np.ones((3, 1))
    >>> chunks = [reduce(np.arange(start, start + 3.0), 1.0, currents, {}, edges) for start in (0, 3)]
    >>> columns(merge(*chunks)).means["outward"]
    array([1., 1., 1.])
    """
    check_whole(partial.spans)
    keep = partial.samples > 0
    time = np.where(partial.time > 0, partial.time, np.nan)[keep]

    def without(blank: float, array: np.ndarray) -> np.ndarray:
        array = array[:, keep]
        return np.where(array == blank, np.nan, array)

    return Columns(
        times=((partial.edges[:-1] + partial.edges[1:]) / 2)[keep],
        shares={d: partial.shares[d][:, keep] / time for d in DIRECTIONS},
        extremes={
            k: Extremes(without(np.inf, e.low), without(-np.inf, e.high))
            for k, e in partial.extremes.items()
        },
        means={d: partial.totals[d][0, keep] / time for d in DIRECTIONS},
        reduced=True,
        picks=picks,
        charges=partial.charge,
        flows=None if partial.flows is None else {d: partial.flows[d][:, keep] / time for d in DIRECTIONS},
    )


def reduce_recording(
    recording: Recording,
    n_columns: int,
    t_start: float | None = None,
    t_stop: float | None = None,
    bundle: np.ndarray | None = None,
    flows: bool = False,
) -> Columns:
    """Reduce a Recording to columns; one that has no more samples than that is left as it is.

    Parameters
    ----------
    recording : Recording
    n_columns : int
        Number of bins of equal width.
    t_start, t_stop : float, optional
        Window in ms; one sample on either side of it is included, so that lines reach its borders.
    bundle : ndarray, shape (recorded current, current), optional
        Zeros and ones: which shares are summed.
    flows : bool
        Whether the mean of each current in each column is wanted too.

    Returns
    -------
    Columns

    Raises
    ------
    ArgumentError
        When there is not one column, or no time in the window.
    """
    if isinstance(n_columns, bool) or not isinstance(n_columns, (int, np.integer)) or n_columns < 1:
        raise ArgumentError(f"columns={n_columns!r} is not a number of columns: write 1 or more.")
    for what, time in (("t_start", t_start), ("t_stop", t_stop)):
        if time is not None and not np.isfinite(time):
            raise ArgumentError(f"{what} is {time:g} ms: give a finite value, or leave it out.")
    if t_start is not None and t_stop is not None and not t_start < t_stop:
        raise ArgumentError(f"The window from {t_start:g} to {t_stop:g} ms holds no time: swap the two.")
    rows = window_rows(recording.currents, t_start, t_stop)
    if rows.stop - rows.start <= n_columns:
        found = _samples(recording, rows, bundle, flows)
    else:
        found = columns(*_reduce(recording, rows, n_columns, bundle, flows, other_signals(recording)))
    return found if bundle is None else bundled(found, bundle)


def window_rows(signal: Any, t_start: float | None, t_stop: float | None) -> slice:
    n_samples = signal.shape[0]
    first = 0 if t_start is None else timebase.first_at(signal, t_start) - 1
    last = n_samples if t_stop is None else timebase.first_at(signal, t_stop) + 1
    return slice(min(max(first, 0), n_samples - 1), min(last, n_samples))


def other_signals(recording: Recording) -> dict[str, Any]:
    """The numbers of the other parts, each of shape (time, channel), not yet read."""
    found = {part: getattr(recording, part) for part in OTHER_PARTS}
    return {part: values.magnitudes(signal) for part, signal in found.items() if signal is not None}


def _samples(recording: Recording, rows: slice, bundle: np.ndarray | None, flows: bool) -> Columns:
    currents = values.magnitudes(recording.currents)[rows]
    others = {part: numbers[rows] for part, numbers in other_signals(recording).items()}
    if bundle is not None:
        others[OTHER_CURRENT] = currents @ bundle[:, -1:]
    gaps = None if recording.gaps is None else recording.gaps[rows]
    times = timebase.float_times(recording.currents, "ms", rows)
    durations = timebase.sample_durations(recording.currents, "ms", recording.gaps, rows)
    picks = pick(places(slice(0, len(currents))), currents, durations, gaps)
    return replace(samples_as_columns(times, currents, others, gaps, flows), picks=picks)


def _reduce(
    recording: Recording,
    rows: slice,
    n_bins: int,
    bundle: np.ndarray | None = None,
    flows: bool = False,
    others: Mapping[str, Any] | None = None,
) -> tuple[Partial, Picks]:
    signal, gaps, others = recording.currents, recording.gaps, others or {}
    first, last = timebase.span(signal, "ms", rows)
    channels = {part: numbers.shape[1] for part, numbers in others.items()}
    sums = {} if bundle is None else {OTHER_CURRENT: bundle[:, -1]}
    builder = Builder(np.linspace(first, last, n_bins + 1), signal.shape[1], channels, sums, flows=flows)
    chunk, wanted, picks = chunk_of(recording, rows), places(rows), []
    for start in range(rows.start, rows.stop, chunk):
        part = slice(start, min(start + chunk, rows.stop))
        limits = timebase.counts_before(signal, builder.edges, part)
        # A sample at the last border belongs to the last bin.
        limits[-1] = part.stop - start
        durations = timebase.sample_durations(signal, "ms", gaps, part)
        currents, blank = values.magnitudes(signal)[part], None if gaps is None else gaps[part]
        beside = {key: numbers[part] for key, numbers in others.items()}
        builder.add_rows(limits, durations, currents, beside, blank)
        here = wanted[slice(*np.searchsorted(wanted, (part.start, part.stop)))] - part.start
        picks.append(pick(here, currents, durations, blank))
    return builder.partial(), Picks.joined(picks)


def charges(recording: Recording) -> dict[str, np.ndarray]:
    """Charge of each current in both directions, by the reduction to one bin.

    Returns
    -------
    dict of str to ndarray, shape (current,)
        In the unit of the currents times ms.
    """
    return dict(_reduce(recording, slice(0, recording.currents.shape[0]), 1)[0].charge)


def chunk_of(recording: Recording, rows: slice) -> int:
    """Samples to be taken in at once: all, where that needs nothing but what is in memory already."""
    signals = [recording.currents, *(getattr(recording, part) for part in OTHER_PARTS)]
    shapes = [signal.shape for signal in signals if is_lazy(signal)]
    if shapes or recording.gaps is not None or not timebase.is_regular(recording.currents):
        return min([CHUNK, *(chunk_rows(n_channels) for _, n_channels in shapes)])
    return max(1, rows.stop - rows.start)


def samples_as_columns(
    times: np.ndarray,
    currents: np.ndarray,
    others: Mapping[str, np.ndarray],
    gaps: np.ndarray | None = None,
    flows: bool = False,
) -> Columns:
    """Make columns of the samples themselves, for recordings that need no reduction."""
    numbers = {"currents": values.blank(currents, gaps)}
    numbers.update({part: values.blank(array, gaps) for part, array in others.items()})
    shares, means = {}, {}
    kept: dict[str, np.ndarray] | None = {} if flows else None
    for direction in DIRECTIONS:
        part = split.directed(numbers["currents"], direction)
        means[direction] = split.totals_of(part)
        if kept is not None:
            kept[direction] = part.T.copy()
        numbers[direction] = means[direction][:, None]
        shares[direction] = split.fractions(part, means[direction]).T
    # One and the same array for both extremes says that a column is a single sample.
    extremes = {key: Extremes(line, line) for key, line in ((k, a.T) for k, a in numbers.items())}
    return Columns(times, shares, extremes, means, reduced=False, flows=kept)


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
    flows = None if found.flows is None else {d: bundle.T @ found.flows[d] for d in DIRECTIONS}
    kept = np.argmax(bundle[:, :-1], axis=0)
    lines, rest = found.extremes["currents"], found.extremes[OTHER_CURRENT]
    low = np.vstack([lines.low[kept], rest.low])
    high = np.vstack([lines.high[kept], rest.high]) if found.reduced else low
    extremes = {**found.extremes, "currents": Extremes(low, high)}
    return replace(found, shares=shares, extremes=extremes, flows=flows)
