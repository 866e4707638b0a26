"""The kernel of the reduction: samples in, sums and extremes of bins out, block by block.

All passes over a block find it in the processor's cache, and within a block time runs along memory,
so that what belongs to a bin lies side by side. This is the reference; where numba is installed and
there is much to do, `neo_currentscape.reduction.threads` does the same with compiled code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.reduction import engine, split
from neo_currentscape.reduction.partial import Extremes, Partial

#: Values (samples x currents) in a block.
BLOCK_VALUES = 1 << 17

#: Mean number of samples of a bin from which on each bin is summed by a call of its own.
WIDE = 400


@dataclass(frozen=True)
class _Block:
    """Some neighbouring samples, and the bins that they fall into."""

    rows: slice
    bins: np.ndarray  # the bins that hold samples of the block
    starts: np.ndarray  # where in the block each of them begins
    counts: np.ndarray  # how many samples of the block it holds


def _blocks(limits: np.ndarray, size: int) -> Iterator[_Block]:
    """Cut the samples into blocks; bin k holds the samples limits[k] to limits[k + 1] - 1."""
    for first in range(int(limits[0]), int(limits[-1]), size):
        last = min(first + size, int(limits[-1]))
        begin = int(np.searchsorted(limits, first, side="right")) - 1
        end = int(np.searchsorted(limits, last, side="left"))
        borders = np.clip(limits[begin : end + 1], first, last) - first
        counts = borders[1:] - borders[:-1]
        held = np.flatnonzero(counts)
        yield _Block(slice(first, last), begin + held, borders[held], counts[held])


@dataclass(frozen=True)
class _Chunk:
    """Some neighbouring samples; the parameters of `Builder.add_rows`."""

    limits: np.ndarray
    durations: np.ndarray | float
    currents: np.ndarray
    others: Mapping[str, np.ndarray]
    gaps: np.ndarray | None


class Builder:
    """Collects a Partial from chunks of samples.

    Parameters
    ----------
    edges : ndarray, shape (bin + 1,)
        Borders of the bins in ms.
    n_currents : int
    channels : mapping of str to int
        Number of channels of each other signal.
    sums : mapping of str to ndarray, shape (current,), optional
        Weighted sums of the currents of which the extremes are wanted too.
    kernel : {"auto", "numpy", "numba"}, optional
        See `neo_currentscape.reduction.engine`.
    flows : bool
        Whether the charge of each current in each bin is wanted, which costs NumPy two passes more.
    """

    def __init__(
        self,
        edges: np.ndarray,
        n_currents: int,
        channels: Mapping[str, int],
        sums: Mapping[str, np.ndarray] | None = None,
        kernel: str | None = None,
        flows: bool = False,
    ) -> None:
        n_bins = len(edges) - 1
        self.kernel = kernel
        self.values = 0
        self.edges = edges
        self.n_currents = n_currents
        self.sums = dict(sums or {})
        self.time = np.zeros(n_bins)
        self.samples = np.zeros(n_bins, dtype=np.int64)
        self.shares = {d: np.zeros((n_currents, n_bins)) for d in DIRECTIONS}
        self.totals = {d: np.zeros((1, n_bins)) for d in DIRECTIONS}
        self.charge = {d: np.zeros(n_currents) for d in DIRECTIONS}
        self.flows = {d: np.zeros((n_currents, n_bins)) for d in DIRECTIONS} if flows else None
        sizes = {"outward": 1, "inward": 1, "currents": n_currents, **channels}
        sizes.update({key: 1 for key in self.sums})
        self.low = {key: np.full((n, n_bins), np.inf) for key, n in sizes.items()}
        self.high = {key: np.full((n, n_bins), -np.inf) for key, n in sizes.items()}

    def add(
        self,
        times: np.ndarray,
        durations: np.ndarray | float,
        currents: np.ndarray,
        others: Mapping[str, np.ndarray],
        gaps: np.ndarray | None = None,
    ) -> None:
        """Take in a chunk of samples; the parameters are those of `chunks.reduce`."""
        limits = np.searchsorted(times, self.edges)
        limits[-1] = np.searchsorted(times, self.edges[-1], side="right")
        self.add_rows(limits, durations, currents, others, gaps)

    def add_rows(
        self,
        limits: np.ndarray,
        durations: np.ndarray | float,
        currents: np.ndarray,
        others: Mapping[str, np.ndarray],
        gaps: np.ndarray | None = None,
    ) -> None:
        """Take in a chunk of samples of which it is known what lies in which bin.

        Parameters
        ----------
        limits : ndarray of int, shape (bin + 1,)
            Bin k holds the samples limits[k] to limits[k + 1] - 1 of this chunk.
        durations, currents, others, gaps
            As for `add`.
        """
        self.values += int(limits[-1] - limits[0]) * self.n_currents
        chunk = _Chunk(limits, durations, currents, others, gaps)
        # Sums may be beyond all numbers, while shares are not.
        with np.errstate(over="ignore", invalid="ignore"):
            if engine.use_compiled(self.values, self.kernel):
                self._add_compiled(chunk)
            else:
                self._add_blocks(chunk)

    def _add_compiled(self, chunk: _Chunk) -> None:
        from neo_currentscape.reduction import threads

        weights = np.atleast_1d(np.asarray(chunk.durations, dtype=float))
        sums = np.array(list(self.sums.values()), dtype=float).reshape(-1, self.n_currents)
        signals = list(chunk.others.values())
        found = threads.reduce(
            chunk.limits, weights, chunk.currents, signals, sums, chunk.gaps, engine.threads()
        )
        bins = found.bins
        self.samples += np.diff(chunk.limits)
        self.time[bins] += found.time
        for side, direction in enumerate(DIRECTIONS):
            self.shares[direction][:, bins] += found.flows[:, :, side].T
            self.charge[direction] += found.flows[:, :, 2 + side].sum(axis=0)
            if self.flows is not None:
                self.flows[direction][:, bins] += found.flows[:, :, 2 + side].T
            self.totals[direction][0, bins] += found.totals[:, side, 0]
            self._widen(direction, bins, found.totals[:, side : side + 1])
        self._widen("currents", bins, found.flows)
        for k, key in enumerate(self.sums):
            self._widen(key, bins, found.sums[:, k : k + 1])
        for key, extremes in zip(chunk.others, found.others, strict=True):
            self._widen(key, bins, extremes)

    def _widen(self, key: str, bins: np.ndarray, found: np.ndarray) -> None:
        """Take in extremes, the last two of the last axis of (bin, channel, ...)."""
        low, high = self.low[key], self.high[key]
        low[:, bins] = np.fmin(low[:, bins], found[..., -2].T)
        high[:, bins] = np.fmax(high[:, bins], found[..., -1].T)

    def _add_blocks(self, chunk: _Chunk) -> None:
        limits, durations, gaps = chunk.limits, chunk.durations, chunk.gaps
        size = max(1, min(BLOCK_VALUES // max(1, self.n_currents), int(limits[-1] - limits[0])))
        # Used again for every block, as fresh memory would cost more than the arithmetic.
        room = np.empty((2, self.n_currents, size))
        same = np.full(size, durations) if np.ndim(durations) == 0 else None
        for block in _blocks(limits, size):
            rows = block.rows
            blank = None if gaps is None or not gaps[rows].any() else gaps[rows]
            values, part = room[:, :, : rows.stop - rows.start]
            np.copyto(values, chunk.currents[rows].T)
            weights = durations[rows] if same is None else same[: rows.stop - rows.start]  # type: ignore[index]
            self._add_currents(block, values, part, weights, blank)
            for key, array in chunk.others.items():
                self._add_extremes(key, block, array[rows].T, blank)

    def _add_currents(
        self,
        block: _Block,
        values: np.ndarray,
        part: np.ndarray,
        weights: np.ndarray,
        blank: np.ndarray | None,
    ) -> None:
        if blank is not None:
            values[:, blank] = 0.0
            weights = np.where(blank, 0.0, weights)
        self.samples[block.bins] += block.counts
        self.time[block.bins] += np.add.reduceat(weights, block.starts)
        self._add_extremes("currents", block, values, blank)
        for key, coefficients in self.sums.items():
            self._add_extremes(key, block, (coefficients @ values)[None], blank)
        nothing = np.zeros(part.shape[1])  # three times as fast as a plain 0
        for direction, keep in zip(DIRECTIONS, (np.maximum, np.minimum), strict=True):
            keep(values, nothing, out=part)
            self._add_direction(direction, block, part, weights, blank)

    def _add_direction(
        self,
        direction: str,
        block: _Block,
        part: np.ndarray,
        weights: np.ndarray,
        blank: np.ndarray | None,
    ) -> None:
        """Add the currents of one direction, shape (current, time), which are overwritten.

        All of `part` has one sign, so that magnitudes are taken of the few sums and not of every value.
        """
        total = np.abs(split.totals_of(part, axis=0))
        self._add_extremes(direction, block, total[None], blank)
        self.totals[direction][0, block.bins] += np.add.reduceat(total * weights, block.starts)
        self.charge[direction] += np.abs(part @ weights)
        if self.flows is not None:
            self.flows[direction][:, block.bins] += np.abs(_sums(part, weights, block.starts))
        factors = per_total(weights, total, part)
        self.shares[direction][:, block.bins] += np.abs(_sums(part, factors, block.starts))

    def _add_extremes(self, key: str, block: _Block, values: np.ndarray, blank: np.ndarray | None) -> None:
        if blank is not None:
            values = np.where(blank, np.nan, values)
        # fmin and fmax pass over NaN; the infinities left in empty bins are taken out at the end.
        ends = (ufunc.reduceat(values, block.starts, axis=1).T for ufunc in (np.fmin, np.fmax))
        self._widen(key, block.bins, np.stack(list(ends), axis=-1))

    def partial(self) -> Partial:
        """What is known after the chunks so far."""
        extremes = {key: Extremes(self.low[key], self.high[key]) for key in self.low}
        sums = (self.edges, self.time, self.samples, self.shares, self.totals)
        return Partial(*sums, extremes, self.charge, flows=self.flows)


def _sums(parts: np.ndarray, factors: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Sums over the bins of parts, shape (current, time), times the factor of each sample."""
    if parts.shape[1] < WIDE * len(starts):
        return np.add.reduceat(parts * factors, starts, axis=1)
    stops = np.append(starts[1:], parts.shape[1])
    # A product with a vector reads the parts once, and writes nothing.
    found = [parts[:, i:j] @ factors[i:j] for i, j in zip(starts, stops, strict=True)]
    return np.stack(found, axis=1)


def per_total(weights: np.ndarray, total: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Factors that turn the parts of each sample into shares times the time it stands for.

    Parameters
    ----------
    weights : ndarray, shape (time,)
        The time that each sample stands for.
    total : ndarray, shape (time,)
        Sum of the magnitudes of the parts.
    part : ndarray, shape (current, time)
        Changed where a total is too small or too large to divide by.

    Returns
    -------
    ndarray, shape (time,)
        0 where nothing flows.
    """
    beyond = total > split.LARGE
    if beyond.any():
        part[:, beyond] *= split.SMALLER
        total = np.where(beyond, np.abs(split.totals_of(part, axis=0)), total)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        out = weights / total
    if not total.all():
        out[total == 0] = 0.0
    # A total so small that 1 / total overflows: dividing first keeps its shares finite.
    tiny = np.isinf(out)
    if tiny.any():
        part[:, tiny] /= total[tiny]
        out[tiny] = weights[tiny]
    return out
