"""Channels of signals that stay in their file: read for many compartments at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import timebase

#: What takes less memory is read at once: files of many short signals are slow to read in pieces.
SMALL = 1 << 24


class Source:
    """A signal that is read where it is asked for.

    Parameters
    ----------
    signal : LazySignal
    names : sequence of str
        Of its channels, for errors.
    """

    def __init__(self, signal: Any, names: Sequence[str]) -> None:
        self.signal, self.names = signal, names

    def __len__(self) -> int:
        return int(self.signal.shape[0])

    def read(self, rows: slice, columns: Sequence[int]) -> np.ndarray:
        """Some samples of some channels, shape (channel, time).

        Raises
        ------
        SignalError
            When one is no number.
        """
        first, last, _ = rows.indices(len(self))
        whole = len(columns) == self.signal.shape[1] and list(columns) == list(range(len(columns)))
        found = self.signal.lazy_values.read(first, last, None if whole else list(columns)).T
        with np.errstate(over="ignore", invalid="ignore"):
            if not np.isfinite(found.sum()):
                self._refuse(found, first, columns)
        return found

    def _refuse(self, found: np.ndarray, first: int, columns: Sequence[int]) -> None:
        bad = np.argwhere(~np.isfinite(found))
        if len(bad):
            channel, row = bad[0]
            time = float(timebase.float_times(self.signal[first + row : first + row + 1], "ms")[0])
            raise SignalError(
                f"{self.names[columns[channel]]} is {found[channel, row]} at {time:g} ms: every "
                "compartment is needed at every time, so mend it or leave those times out."
            )


@dataclass(frozen=True)
class Unread:
    """One channel of a `Source`, which is read where it is sliced.

    Attributes
    ----------
    source : Source
    column : int
    """

    source: Source
    column: int

    def __len__(self) -> int:
        return len(self.source)

    def __getitem__(self, rows: slice) -> np.ndarray:
        return self.source.read(rows, [self.column])[0]


def by_source(values: Sequence[Any]) -> Iterator[tuple[Source, list[int], list[int]]]:
    """The unread ones among values, those of one signal together.

    Parameters
    ----------
    values : sequence of ndarray or Unread

    Yields
    ------
    source : Source
    columns : list of int
        Which of its channels.
    places : list of int
        Where each of them is in what was given.
    """
    found: dict[int, tuple[Source, list[int], list[int]]] = {}
    for place, value in enumerate(values):
        if isinstance(value, Unread):
            _, columns, places = found.setdefault(id(value.source), (value.source, [], []))
            columns.append(value.column)
            places.append(place)
    yield from found.values()


def places_of(traces: Sequence[Any]) -> list[tuple]:
    """Where the unread ones among traces belong.

    Parameters
    ----------
    traces : sequence of Trace

    Returns
    -------
    list of tuple
        For each signal: the source, its channels, their nodes and types (two arrays), their factors, shape
        (channel, 1), and whether no two fall together.
    """
    found = []
    for source, columns, places in by_source([trace.values for trace in traces]):
        chosen = [traces[place] for place in places]
        at = np.array([t.node for t in chosen]), np.array([t.kind for t in chosen])
        are_apart = len(set(zip(*(one.tolist() for one in at), strict=True))) == len(chosen)
        found.append((source, columns, at, np.array([[t.factor] for t in chosen]), are_apart))
    return found
