"""Fold a recording onto windows of time: means over events or cycles, and how these differ.

A window is a row of edges in time; its bins may be of any width, and windows may overlap. Each
sample stands for the time around it, so that the mean over a bin is the integral over exactly that
bin, however the samples lie. The integrals up to all edges are read off one running sum: each
sample is looked at once, whatever the number of windows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.reduction import split
from neo_currentscape.reduction.kernel import per_total

#: Samples looked at together: they stay in the processor's cache.
BLOCK = 1 << 13

#: Numbers held at once, by each thread, for the edges of the windows.
HELD = 1 << 19

#: Threads at most: NumPy lets go of the interpreter while it computes, and memory is soon the limit.
THREADS = 4


@dataclass(frozen=True)
class Moments:
    """Mean over windows and the standard deviation between them.

    Attributes
    ----------
    mean, spread : ndarray, shape (row, bin)
        The spread is that of a sample (one less than the number of windows is divided by); NaN
        where there are fewer than two windows.
    """

    mean: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True)
class Folded:
    """What a recording does in the bins of its windows.

    Attributes
    ----------
    shares : dict of str to Moments, each (current, bin)
        For each direction.
    totals : dict of str to Moments, each (1, bin)
    voltage : Moments or None
        Of shape (1, bin).
    count : ndarray of int, shape (bin,)
        The number of windows that hold time of the recording in each bin.
    """

    shares: dict[str, Moments]
    totals: dict[str, Moments]
    voltage: Moments | None
    count: np.ndarray


class _Sums:
    """Running mean and sum of squared deviations (Chan, Golub & LeVeque 1983), which merge safely."""

    def __init__(self, rows: int, bins: int) -> None:
        self.count = np.zeros(bins)
        self.mean = np.zeros((rows, bins))
        self.squares = np.zeros((rows, bins))

    def add(self, found: np.ndarray, held: np.ndarray) -> None:
        """Take in the means of some windows, shape (row, window, bin), which are overwritten.

        Only the bins count that hold time.
        """
        count = held.sum(axis=0).astype(float)
        if not held.all():
            found[:, ~held] = 0.0
        mean = found.sum(axis=1) / np.maximum(count, 1.0)
        found -= mean[:, None]
        if not held.all():
            found[:, ~held] = 0.0
        squares = np.einsum("rwb,rwb->rb", found, found)
        both = np.maximum(self.count + count, 1.0)
        step = mean - self.mean
        self.mean += step * (count / both)
        self.squares += squares + step**2 * (self.count * count / both)
        self.count += count

    def moments(self, rows: slice) -> Moments:
        mean = np.where(self.count > 0, self.mean[rows], np.nan)
        free = np.where(self.count > 1, self.count - 1, np.nan)
        return Moments(mean, np.sqrt(self.squares[rows] / free))


def fold(scape: Currentscape, edges: np.ndarray) -> Folded:
    """Fold a recording onto windows.

    Parameters
    ----------
    scape : Currentscape
    edges : ndarray, shape (window, bin + 1)
        Times in ms; each row increases.

    Returns
    -------
    Folded

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal([[3, 1], [1, 1], [1, 1], [3, 1]], units="nA", sampling_period=1 * pq.ms,
    ...                             array_annotations={"name": ["K", "leak"]})
    >>> scape = ncs.Currentscape(ncs.Recording(currents))
    >>> fold(scape, np.array([[-0.5, 1.5], [1.5, 3.5]])).shares["outward"].mean
    array([[0.625],
           [0.375]])
    """
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    places, reader = _Places(scape), _Reader(scape)
    sums = _Sums(reader.rows_shown, edges.shape[1] - 1)

    def means(part: slice) -> tuple[np.ndarray, np.ndarray]:
        integrals = reader.integrals(places.of(edges[part]))
        pieces = integrals[:, :, 1:] - integrals[:, :, :-1]
        # Rounding leaves a trace of time in bins that lie in a gap or outside of the recording.
        held = pieces[-1] > 1e-9 * np.diff(edges[part], axis=1)
        found = pieces[:-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            found /= pieces[-1]
        return reader.bundled(found), held

    groups = _groups(places.of(edges[:, 0]), places.of(edges[:, -1]), edges.shape[1] * reader.rows)
    for found, held in _mapped(means, list(groups)):
        sums.add(found, held)
    return reader.folded(sums)


def _mapped(work: Callable[[slice], Any], parts: Sequence[slice]) -> Iterator[Any]:
    """Results in the order of the parts, whatever thread was faster: sums stay the same."""
    workers = min(
        len(parts), THREADS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    )
    if workers < 2:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(workers) as pool:
        # Not all at once: what waits for its turn is held in memory.
        waiting = [pool.submit(work, part) for part in parts[:workers]]
        for nxt in [*parts[workers:], *[None] * workers]:
            yield waiting.pop(0).result()
            if nxt is not None:
                waiting.append(pool.submit(work, nxt))


class _Places:
    """Times as places on the axis of samples: sample k stands for the places k to k + 1."""

    def __init__(self, scape: Currentscape) -> None:
        signal = scape.recording.currents
        self.n = signal.shape[0]
        self.borders: np.ndarray | None = None
        if timebase.is_regular(signal):
            self.period = float(signal.sampling_period.rescale("ms"))
            self.start = float(signal.t_start.rescale("ms")) - self.period / 2
        else:
            times = timebase.float_times(signal, "ms")
            # Half the way to each neighbour; nothing before the first sample and after the last.
            self.borders = np.concatenate([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])

    def of(self, times: np.ndarray) -> np.ndarray:
        """Places from 0 to the number of samples; what lies outside is moved to the end."""
        if self.borders is None:
            return np.clip((times - self.start) / self.period, 0.0, self.n)
        return np.interp(times, self.borders, np.arange(self.n + 1.0))


def _groups(first: np.ndarray, last: np.ndarray, numbers: int) -> Iterator[slice]:
    """Windows that are read in one go: few enough to hold, and without long gaps between them."""
    most = max(1, HELD // numbers)
    ends = np.maximum.accumulate(last)
    gap = np.flatnonzero(first[1:] > ends[:-1] + BLOCK) + 1
    for begin, end in zip(np.r_[0, gap], np.r_[gap, len(first)], strict=True):
        for start in range(int(begin), int(end), most):
            yield slice(start, min(start + most, int(end)))


class _Reader:
    """Reads integrals over time: of the shares and totals of both directions, the voltage, and 1."""

    def __init__(self, scape: Currentscape) -> None:
        recording = scape.recording
        self.scape = scape
        self.currents = values.magnitudes(recording.currents)
        self.voltage = None if recording.voltage is None else values.magnitudes(recording.voltage)[:, 0]
        self.n = self.currents.shape[1]
        self.rows = 2 * self.n + 3 + (self.voltage is not None)
        self.shown = len(scape.names)

    @property
    def rows_shown(self) -> int:
        """Rows of means: as the integrals, but for the time, and bundled."""
        return self.rows - 1 - 2 * (self.n - self.shown)

    def bundled(self, found: np.ndarray) -> np.ndarray:
        """Sum the shares of a bundle, in the rows of means of shape (row, window, bin)."""
        bundle, n = self.scape.bundle, self.n
        if bundle is None:
            return found
        parts = [np.tensordot(bundle.T, found[rows], 1) for rows in (slice(0, n), slice(n, 2 * n))]
        return np.concatenate([*parts, found[2 * n :]])

    def integrals(self, places: np.ndarray) -> np.ndarray:
        """Integrals from a common beginning up to places, shape (row, *places.shape)."""
        ordered = places.ravel()
        # Windows that do not overlap are in order already.
        order = None if (ordered[1:] >= ordered[:-1]).all() else np.argsort(ordered, kind="stable")
        ordered = ordered if order is None else ordered[order]
        found = np.empty((self.rows, len(ordered)))
        running = np.zeros(self.rows)
        first, last = int(ordered[0]), min(int(np.ceil(ordered[-1])), len(self.currents))
        room = np.empty((self.rows, BLOCK))
        begin = 0
        for start in range(first, max(last, first + 1), BLOCK):
            stop = min(start + BLOCK, max(last, first + 1), len(self.currents))
            if stop <= start:
                break
            block = self._block(slice(start, stop), room[:, : stop - start])
            # The place at the very end belongs to the last block.
            end = len(ordered) if stop >= last else int(np.searchsorted(ordered, stop))
            running = _read(block, ordered[begin:end] - start, running, found[:, begin:end])
            begin = end
        found[:, begin:] = running[:, None]
        if order is None:
            return found.reshape(self.rows, *places.shape)
        out = np.empty_like(found)
        for own, row in zip(out, found, strict=True):
            own[order] = row
        return out.reshape(self.rows, *places.shape)

    def _block(self, rows: slice, room: np.ndarray) -> np.ndarray:
        """Rows of what is integrated, times the time that each sample stands for."""
        recording, n = self.scape.recording, self.n
        gaps = None if recording.gaps is None else recording.gaps[rows]
        durations = timebase.sample_durations(recording.currents, "ms", recording.gaps, rows)
        room[-1] = durations
        outward, inward = room[:n], room[n : 2 * n]
        stored = self.currents[rows].T
        if gaps is not None and gaps.any():
            stored = np.where(gaps, 0.0, stored)
        np.maximum(stored, 0.0, out=outward)
        np.subtract(outward, stored, out=inward)
        for part, total in ((outward, room[2 * n]), (inward, room[2 * n + 1])):
            total[:] = split.totals_of(part, axis=0)
            if np.isinf(total).any():
                raise units.too_large("A total", recording.currents.units)
            part *= per_total(room[-1], total, part)
            total *= room[-1]
        if self.voltage is not None:
            voltage = self.voltage[rows]
            np.multiply(voltage if gaps is None else np.where(gaps, 0.0, voltage), room[-1], out=room[-2])
        return room

    def folded(self, sums: _Sums) -> Folded:
        """Take the rows apart again."""
        n = self.shown
        ends = {"outward": (slice(0, n), 2 * n), "inward": (slice(n, 2 * n), 2 * n + 1)}
        return Folded(
            shares={d: sums.moments(ends[d][0]) for d in DIRECTIONS},
            totals={d: sums.moments(slice(ends[d][1], ends[d][1] + 1)) for d in DIRECTIONS},
            voltage=None if self.voltage is None else sums.moments(slice(2 * n + 2, 2 * n + 3)),
            count=sums.count.astype(int),
        )


def _read(block: np.ndarray, places: np.ndarray, running: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Write the integrals up to ordered places in a block; return that up to the block's end."""
    at = np.minimum(places.astype(np.intp), block.shape[1] - 1)
    if len(at) == 0:
        return running + block.sum(axis=1)
    # The places are ordered: those in the same sample follow each other.
    fresh = np.r_[True, at[1:] > at[:-1]]
    starts, which = at[fresh], np.cumsum(fresh) - 1
    before = block[:, : starts[0]].sum(axis=1) + running
    sums = np.add.reduceat(block, starts, axis=1)
    upto = np.cumsum(np.column_stack([before, sums]), axis=1)
    np.add(upto[:, which], block[:, at] * (places - at), out=out)
    return upto[:, -1]
