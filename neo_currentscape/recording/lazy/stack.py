"""Channels of several unread signals side by side, in one unit and direction, still unread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.recording.lazy.progress import Progress
from neo_currentscape.recording.lazy.rows import LazyArray, chunk_rows
from neo_currentscape.recording.lazy.signal import is_lazy, lazy_array


def stack(
    signals: Sequence[Any],
    columns: Sequence[int],
    factors: Sequence[float],
    what: str,
    into: Sequence[int] | None = None,
) -> Any:
    """Put channels side by side, or sum them.

    What fits into one chunk is read at once.

    Parameters
    ----------
    signals : sequence of neo signal or LazySignal
        Whose channel is taken, with the same samples in all; some may be in memory.
    columns : sequence of int
        Which channel.
    factors : sequence of float
        By which its values are multiplied.
    what : str
        What the progress bar says is read.
    into : sequence of int, optional
        To which channel of the result each is added; by default each has one of its own.

    Returns
    -------
    ndarray or LazyArray, shape (time, channel)
        An ndarray where all signals are in memory, or all that is wanted fits into one chunk.
    """
    to = list(range(len(signals)) if into is None else into)
    n_samples, n_channels = signals[0].shape[0], len(set(to))
    groups: dict[int, list[int]] = {}
    for place, signal in enumerate(signals):
        groups.setdefault(id(signal), []).append(place)
    # What is read first of a channel of the result; the others are added to it.
    in_order = [place for places in groups.values() for place in places]
    firsts = {to[place]: place for place in reversed(in_order)}
    progress = Progress(n_samples, what)

    def read(first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
        wanted = list(range(n_channels) if channels is None else channels)
        # Each channel lies in one piece in memory, as it is written here and reduced over time later.
        out = np.empty((len(wanted), last - first))
        # In smaller steps, so that what is read and what is made of it are not both here whole.
        step = max(1, chunk_rows(len(signals)) // 4)
        for begin in range(first, last, step):
            part = out[:, begin - first : min(begin + step, last) - first]
            for places in groups.values():
                here = [place for place in places if to[place] in wanted]
                found = _values(signals[places[0]], [columns[p] for p in here], begin, part.shape[1])
                for values, place in zip(found, here, strict=True):
                    row = part[wanted.index(to[place])]
                    _put(values, factors[place], row, is_first=firsts[to[place]] == place)
            progress.reached(begin, begin + part.shape[1])
        return out.T

    in_memory = not any(map(is_lazy, signals)) or n_samples <= chunk_rows(len(signals))
    return read(0, n_samples, None) if in_memory else LazyArray(read, (n_samples, n_channels))


def _put(values: np.ndarray, factor: float, row: np.ndarray, is_first: bool) -> None:
    if is_first:
        np.multiply(values, factor, out=row, dtype=np.float64)
    else:
        row += np.multiply(values, factor, dtype=np.float64)


def _values(signal: Any, columns: list[int], first: int, n_rows: int) -> np.ndarray:
    """Some channels of some samples, shape (channel, time)."""
    last = first + n_rows
    if not columns:
        return np.empty((0, n_rows))
    if is_lazy(signal):
        array = lazy_array(signal)
        assert array is not None
        return array.read(first, last, None if columns == list(range(signal.shape[1])) else columns).T
    one = slice(columns[0], columns[0] + 1)  # a slice is not copied
    return signal.view(np.ndarray)[first:last, one if len(columns) == 1 else columns].T
