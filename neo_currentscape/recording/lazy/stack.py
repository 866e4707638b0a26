"""Channels of several unread signals side by side, in one unit and direction, still unread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.recording.lazy.progress import Progress
from neo_currentscape.recording.lazy.rows import LazyArray, chunk_rows
from neo_currentscape.recording.lazy.signal import is_lazy, lazy_array


def stack(signals: Sequence[Any], columns: Sequence[int], factors: Sequence[float], what: str) -> Any:
    """Put channels side by side.

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

    Returns
    -------
    ndarray or LazyArray, shape (time, channel)
        An ndarray where all signals are in memory, or all that is wanted fits into one chunk.
    """
    groups: dict[int, list[int]] = {}
    for place, signal in enumerate(signals):
        groups.setdefault(id(signal), []).append(place)
    n_samples = signals[0].shape[0]
    progress = Progress(n_samples, what)

    def _fill(part: np.ndarray, places: Sequence[int], wanted: Sequence[int], begin: int) -> None:
        if not places:
            return
        signal, here = signals[places[0]], [columns[place] for place in places]
        found = _values(signal, here, begin, begin + part.shape[1])
        for k, place in enumerate(places):
            np.multiply(found[:, k], factors[place], out=part[wanted.index(place)], dtype=np.float64)

    def read(first: int, last: int, channels: Sequence[int] | None) -> np.ndarray:
        wanted = list(range(len(signals)) if channels is None else channels)
        # Each channel lies in one piece in memory, as it is written here and reduced over time later.
        out = np.empty((len(wanted), last - first))
        # In smaller steps, so that what is read and what is made of it are not both here whole.
        step = max(1, chunk_rows(len(signals)) // 4)
        for begin in range(first, last, step):
            part = out[:, begin - first : min(begin + step, last) - first]
            for places in groups.values():
                _fill(part, [place for place in places if place in wanted], wanted, begin)
            progress.reached(begin, begin + part.shape[1])
        return out.T

    in_memory = not any(map(is_lazy, signals)) or n_samples <= chunk_rows(len(signals))
    return read(0, n_samples, None) if in_memory else LazyArray(read, (n_samples, len(signals)))


def _values(signal: Any, columns: list[int], first: int, last: int) -> np.ndarray:
    if is_lazy(signal):
        array = lazy_array(signal)
        assert array is not None
        return array.read(first, last, None if columns == list(range(signal.shape[1])) else columns)
    one = slice(columns[0], columns[0] + 1)  # a slice is not copied
    return signal.view(np.ndarray)[first:last, one if len(columns) == 1 else columns]
