"""Blocks of samples that are reduced once, and of which every window of a recording is put together.

A long recording in a file is read as a whole one time. After that a window needs the blocks inside of it,
and the samples themselves only where it is so short that a block would be wider than a column. Blocks are
counted in samples: what a block holds is exact, also of irregular times, and so is all that is merged
of whole blocks. What is told of a window then has the borders of blocks; see `Blocks.columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.cuts import rows_between
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.columns import (
    Columns,
    chunk_of,
    columns,
    other_signals,
    reduce_recording,
    window_rows,
)
from neo_currentscape.reduction.kernel import Builder
from neo_currentscape.reduction.partial import Extremes, Partial

#: Bytes that the numbers of all blocks may take, and the fewest and the most blocks.
ROOM, FEWEST, MOST = 128 << 20, 1 << 12, 1 << 17

#: Samples that a block has at least, so that blocks are much less than what they are of.
SHORTEST = 64

#: Values (samples x currents) of a window that are read at once, in less than half a second, where blocks
#: would be wider than columns; and the blocks that do for such a window of more values.
MOST_READ, ENOUGH = 6 << 20, 150


@dataclass(frozen=True)
class Blocks:
    """The reduction of each block of neighbouring samples of a recording.

    Attributes
    ----------
    starts : ndarray of int, shape (block + 1,)
        Block k holds the samples starts[k] to starts[k + 1] - 1.
    partial : Partial
        Of all samples, each block a bin, with the charge of each current in it.
    """

    starts: np.ndarray
    partial: Partial

    @classmethod
    def of(
        cls,
        recording: Recording,
        n_blocks: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Blocks:
        """Reduce a recording to blocks, chunk by chunk.

        Parameters
        ----------
        recording : Recording
        n_blocks : int, optional
            As many as 128 MB hold, if not told, of 64 samples or more each.
        progress : callable, optional
            Called with the samples done, and with their number.

        Returns
        -------
        Blocks

        Examples
        --------
        >>> import neo, quantities as pq
        >>> signal = neo.AnalogSignal(np.ones((90, 1)), units="nA", sampling_period=1 * pq.ms)
        >>> blocks = Blocks.of(Recording(signal), 9)
        >>> blocks.starts, blocks.partial.samples
        (array([ 0, 10, 20, 30, 40, 50, 60, 70, 80, 90]), array([10, 10, 10, 10, 10, 10, 10, 10, 10]))
        """
        signal, gaps, others = recording.currents, recording.gaps, other_signals(recording)
        n_samples, n_currents = signal.shape
        channels = {part: numbers.shape[1] for part, numbers in others.items()}
        if n_blocks is None:
            n_blocks = n_blocks_for(n_currents, sum(channels.values()))
            n_blocks = min(n_blocks, -(-n_samples // SHORTEST))
        starts = np.linspace(0, n_samples, min(n_blocks, n_samples) + 1).astype(np.int64)
        edges = _times_of(recording, starts)
        builder = Builder(edges, n_currents, channels, flows=True)
        numbers, chunk = values.magnitudes(signal), chunk_of(recording, slice(0, n_samples))
        for start in range(0, n_samples, chunk):
            part = slice(start, min(start + chunk, n_samples))
            limits = np.clip(starts, part.start, part.stop) - part.start
            durations = timebase.sample_durations(signal, "ms", gaps, part)
            beside = {key: array[part] for key, array in others.items()}
            blank = None if gaps is None else gaps[part]
            builder.add_rows(limits, durations, numbers[part], beside, blank)
            if progress is not None:
                progress(part.stop, n_samples)
        return cls(starts, builder.partial())

    def columns(
        self,
        recording: Recording,
        n_columns: int,
        t_start: float | None = None,
        t_stop: float | None = None,
    ) -> Columns:
        """The columns of a window: of blocks, or of the samples where there are fewer blocks than columns.

        Parameters
        ----------
        recording : Recording
            Of which these are the blocks.
        n_columns : int
            Wanted.
        t_start, t_stop : float, optional
            Window in ms.

        Returns
        -------
        Columns
            Of the samples: the same as `reduce_recording` gives. Of blocks: each column is exactly what its
            samples are reduced to, but its borders are those of blocks, so that there are `n_columns` to
            twice as many, and the outer ones reach beyond the window by less than a block. Of a window with
            more values than are quickly read there may be fewer, a block each.
        """
        rows = window_rows(recording.currents, t_start, t_stop)
        first, last = self._around(rows)
        n_values = (rows.stop - rows.start) * recording.currents.shape[1]
        is_quick = n_values <= MOST_READ or last - first < ENOUGH
        if last - first < n_columns and is_quick:
            return reduce_recording(recording, n_columns, t_start, t_stop, flows=True)
        return columns(self._merged(first, last, max((last - first) // n_columns, 1)))

    def _around(self, rows: slice) -> tuple[int, int]:
        """The blocks that hold some samples."""
        first = int(np.searchsorted(self.starts, rows.start, side="right")) - 1
        return first, int(np.searchsorted(self.starts, rows.stop, side="left"))

    def _merged(self, first: int, last: int, size: int) -> Partial:
        """Neighbouring blocks put together, so many of them to a column."""
        whole, at = self.partial, np.arange(0, last - first, size)
        here = slice(first, last)

        def summed(array: np.ndarray) -> np.ndarray:
            return np.add.reduceat(array[..., here], at, axis=-1)

        def both(found: Extremes) -> Extremes:
            ends = zip((np.minimum, np.maximum), (found.low, found.high), strict=True)
            return Extremes(*(ufunc.reduceat(array[:, here], at, axis=1) for ufunc, array in ends))

        flows = {d: summed(self._flows[d]) for d in DIRECTIONS}
        return Partial(
            edges=whole.edges[np.append(first + at, last)],
            time=summed(whole.time),
            samples=summed(whole.samples),
            shares={d: summed(whole.shares[d]) for d in DIRECTIONS},
            totals={d: summed(whole.totals[d]) for d in DIRECTIONS},
            extremes={key: both(found) for key, found in whole.extremes.items()},
            charge={d: flows[d].sum(axis=1) for d in DIRECTIONS},
            flows=flows,
        )

    def charges(
        self, recording: Recording, t_start: float | None = None, t_stop: float | None = None
    ) -> dict[str, np.ndarray]:
        """Charge of each current in a window: of the samples with ``t_start <= t < t_stop``, all exactly.

        Parameters
        ----------
        recording : Recording
        t_start, t_stop : float, optional
            In ms.

        Returns
        -------
        dict of str to ndarray, shape (current,)
            For each direction, in the unit of the currents times ms.
        """
        rows = rows_between(recording.currents, t_start, t_stop)
        first = int(np.searchsorted(self.starts, rows.start, side="left"))
        last = int(np.searchsorted(self.starts, rows.stop, side="right")) - 1
        if last <= first:
            return _charges_of(recording, rows)
        borders = slice(rows.start, int(self.starts[first])), slice(int(self.starts[last]), rows.stop)
        ends = [_charges_of(recording, rows) for rows in borders]
        inside = {d: self._flows[d][:, first:last].sum(axis=1) for d in DIRECTIONS}
        return {d: inside[d] + ends[0][d] + ends[1][d] for d in DIRECTIONS}

    def scaled(self, factor: float) -> Blocks:
        """The blocks of the same currents in a unit of which there are so many in theirs.

        Parameters
        ----------
        factor : float
            Above 0.

        Returns
        -------
        Blocks
            Shares, times, and all signals besides the currents stay what they are.
        """
        part = self.partial

        def more(rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {direction: factor * rows[direction] for direction in DIRECTIONS}

        ends = {key: part.extremes[key] for key in ("currents", *DIRECTIONS)}
        ends = {key: Extremes(factor * one.low, factor * one.high) for key, one in ends.items()}
        scaled = replace(
            part,
            totals=more(part.totals),
            charge=more(part.charge),
            flows=more(self._flows),
            extremes={**part.extremes, **ends},
        )
        return Blocks(self.starts, scaled)

    @property
    def _flows(self) -> dict[str, np.ndarray]:
        if self.partial.flows is None:
            raise ArgumentError("These blocks hold no charges of currents: reduce them with flows=True.")
        return dict(self.partial.flows)

    @cached_property
    def n_bytes(self) -> int:
        """Size of the numbers."""
        ends = [side for found in self.partial.extremes.values() for side in (found.low, found.high)]
        sums = [*self.partial.shares.values(), *self.partial.totals.values(), *self._flows.values()]
        return sum(array.nbytes for array in (self.starts, self.partial.edges, *ends, *sums))


def n_blocks_for(n_currents: int, n_channels: int) -> int:
    """How many blocks there are to be.

    Parameters
    ----------
    n_currents : int
    n_channels : int
        Of the other signals.

    Returns
    -------
    int

    Examples
    --------
    >>> n_blocks_for(3, 1), n_blocks_for(25, 10)
    (131072, 93206)
    """
    # Two shares, two charges and two extremes of each current; times, totals and what else has extremes.
    numbers = 6 * n_currents + 2 * n_channels + 10
    return int(np.clip(ROOM // (8 * numbers), FEWEST, MOST))


def _times_of(recording: Recording, starts: np.ndarray) -> np.ndarray:
    """The time of the first sample of each block, and of the last sample of all."""
    signal = recording.currents
    at = np.minimum(starts, signal.shape[0] - 1)
    if timebase.is_regular(signal):
        start, period = timebase.clock(signal, "ms")
        return start + period * at
    found = np.empty(len(at))
    chunk = chunk_of(recording, slice(0, signal.shape[0]))
    for begin in range(0, signal.shape[0], chunk):
        rows = slice(begin, min(begin + chunk, signal.shape[0]))
        here = (at >= rows.start) & (at < rows.stop)
        found[here] = timebase.float_times(signal, "ms", rows)[at[here] - rows.start]
    return found


def _charges_of(recording: Recording, rows: slice) -> dict[str, np.ndarray]:
    """Charges of some samples, which are read."""
    signal, gaps = recording.currents, recording.gaps
    found = {d: np.zeros(signal.shape[1]) for d in DIRECTIONS}
    numbers, chunk = values.magnitudes(signal), chunk_of(recording, rows)
    for start in range(rows.start, rows.stop, chunk):
        part = slice(start, min(start + chunk, rows.stop))
        weights = np.broadcast_to(
            timebase.sample_durations(signal, "ms", gaps, part), part.stop - part.start
        )
        currents = np.array(numbers[part], dtype=float)
        if gaps is not None:
            currents[gaps[part]] = 0.0
        found["outward"] += weights @ np.maximum(currents, 0.0)
        found["inward"] -= weights @ np.minimum(currents, 0.0)
    return found
