"""Rows of a signal that is not in memory, as an array that is read where it is sliced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

#: So many bytes of a signal are read at once, and kept until others are asked for.
CHUNK_BYTES = 1 << 23

#: Reads the rows first to last - 1 of the given channels, all of them where None is given: an array
#: of float64, shape (row, channel).
Reader = Callable[[int, int, Sequence[int] | None], np.ndarray]


def chunk_rows(n_channels: int) -> int:
    """How many samples are read at once."""
    return max(1, CHUNK_BYTES // (8 * max(1, n_channels)))


#: What is longer than so many chunks is not kept.
MOST_KEPT = 8

#: Rows before those asked for that are kept as well: the time that a sample stands for ends half the way
#: to its neighbour.
BEFORE = 1


class _Cache:
    """The rows that were read last; all cuts of an array share them.

    Whoever goes through a file in small steps is given them from one larger chunk, and whoever asks for
    some of them again together with the next ones is given those that are still here: going forward reads
    each row once.
    """

    def __init__(self, read: Reader, n_samples: int, n_channels: int) -> None:
        self.read = read
        self.n_samples, self.n_channels = n_samples, n_channels
        # Both at once, so that no other thread sees rows of one chunk under the number of another.
        self.held = (0, np.empty((0, n_channels)))
        self.check: Callable[[int, np.ndarray], None] | None = None

    def rows(self, first: int, last: int) -> np.ndarray:
        begin, held = self.held
        if first < begin or last > begin + len(held):
            del held  # its memory is free before it is needed again
            begin, held = self._fetched(first, last)
        return held[first - begin : last - begin]

    def _fetched(self, first: int, last: int) -> tuple[int, np.ndarray]:
        """The rows with those that follow, and the number of the first of them; kept from now on."""
        known = self._known(first)
        start = first if known is None else self.held[0] + len(self.held[1])
        self.held = (0, np.empty((0, self.n_channels)))
        stop = min(max(last, start + chunk_rows(self.n_channels)), self.n_samples)
        found = self.read(start, stop, None)
        if self.check is not None:
            self.check(start, found)
        if known is not None:
            start, found = start - len(known), np.concatenate([known.T, found.T], axis=1).T
        found.flags.writeable = False
        if found.nbytes <= MOST_KEPT * CHUNK_BYTES:
            self.held = (start, found)
        return start, found

    def _known(self, first: int) -> np.ndarray | None:
        """A copy of the rows that are here, from `first` on and those before it that are kept as well."""
        begin, held = self.held
        if not (len(held) and begin <= first <= begin + len(held)):
            return None
        return held[max(0, first - BEFORE - begin) :].T.copy().T


class LazyArray(NDArrayOperatorsMixin):
    """An array of shape (time, channel) that is read from its file when it is sliced.

    A slice of rows is an ndarray; everything else that an ndarray can do reads all of it first.

    Parameters
    ----------
    read : callable
        ``read(first, last, channels)`` gives the rows first to last - 1, shape (row, channel), float64;
        of all channels where `channels` is None.
    shape : tuple of int
        Samples and channels.

    Examples
    --------
    >>> array = LazyArray(lambda first, last, _: np.arange(first, last, dtype=float)[:, None], (1000, 1))
    >>> array[10:12]
    array([[10.],
           [11.]])
    """

    ndim = 2
    dtype = np.dtype(np.float64)

    def __init__(self, read: Reader, shape: tuple[int, int]) -> None:
        self._cache = _Cache(read, *shape)
        self._first, self._last = 0, shape[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Samples and channels."""
        return len(self), self._cache.n_channels

    @property
    def nbytes(self) -> int:
        """The memory that all of it would need."""
        return 8 * self.shape[0] * self.shape[1]

    def __len__(self) -> int:
        return self._last - self._first

    def cut(self, first: int, last: int) -> LazyArray:
        """The rows first to last - 1, still unread."""
        part = object.__new__(LazyArray)
        part._cache = self._cache
        part._first, part._last = self._first + first, self._first + max(first, last)
        return part

    def check_with(self, check: Callable[[int, np.ndarray], None]) -> None:
        """Have ``check(first, rows)`` called with all that is read from now on; it may raise."""
        self._cache.check = check

    def read(self, first: int, last: int, channels: Sequence[int] | None = None) -> np.ndarray:
        """Read some rows of some channels, without keeping them."""
        return self._cache.read(self._first + first, self._first + last, channels)

    def __getitem__(self, key: Any) -> Any:
        rows, rest = (key[0], key[1:]) if isinstance(key, tuple) and key else (key, ())
        if isinstance(rows, slice):
            first, last, step = rows.indices(len(self))
            if step == 1:
                found = self._cache.rows(self._first + first, self._first + max(first, last))
                of_rows = (slice(None), *rest)
                return found[of_rows] if rest else found
        if isinstance(rows, (int, np.integer)):
            at = range(len(self))[rows]
            of_row = (0, *rest)
            return self[at : at + 1][of_row]
        return np.asarray(self)[key]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        # Chunk by chunk into one array, as a file may need more memory while it is read.
        out = np.empty(self.shape[::-1]).T
        step = chunk_rows(self.shape[1])
        for first in range(0, len(self), step):
            out[first : first + step] = self[first : first + step]
        return out if dtype is None else out.astype(dtype, copy=False)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        loaded = [np.asarray(one) if isinstance(one, LazyArray) else one for one in inputs]
        return getattr(ufunc, method)(*loaded, **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def __repr__(self) -> str:
        return f"LazyArray of shape {self.shape}, read when it is sliced"
