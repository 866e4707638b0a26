"""NaN and infinite values of signals that are not in memory: found when they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording.lazy.rows import LazyArray


def bad(values: np.ndarray) -> np.ndarray | None:
    """Samples with NaN or infinite values; None where there are none, which costs one sum."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum()):
            return None
    found = ~np.isfinite(values).all(axis=1)
    return found if found.any() else None


def refuse(array: LazyArray, name_of: Callable[[int], str], time_of: Callable[[int], float]) -> None:
    """Let an array refuse NaN and infinite values when it is read.

    Parameters
    ----------
    array : LazyArray
    name_of : callable
        Names the channel of a number.
    time_of : callable
        Time in ms of the sample of a number.

    Raises
    ------
    SignalError
        Not here, but from whatever reads such values.
    """

    def check(first: int, values: np.ndarray) -> None:
        marked = bad(values)
        if marked is None:
            return
        row = int(np.argmax(marked))
        channel = int(np.argmax(~np.isfinite(values[row])))
        raise SignalError(
            f"{name_of(channel)} is {values[row, channel]} at {time_of(first + row):g} ms: mend the "
            "recording, or write nan='gap' to leave those times blank."
        )

    array.check_with(check)


class LazyGaps:
    """Which samples hold NaN or infinite values in any signal; read where it is sliced.

    Parameters
    ----------
    arrays : sequence of LazyArray
        With the same samples in all.
    known : ndarray of bool, shape (time,), optional
        What the signals in memory say.
    """

    dtype = np.dtype(bool)
    ndim = 1

    def __init__(self, arrays: Sequence[LazyArray], known: np.ndarray | None = None) -> None:
        self._arrays, self._known = list(arrays), known

    def __len__(self) -> int:
        return len(self._arrays[0])

    @property
    def shape(self) -> tuple[int]:
        """Number of samples."""
        return (len(self),)

    def cut(self, first: int, last: int) -> LazyGaps:
        """Those of the samples first to last - 1."""
        known = None if self._known is None else self._known[first:last]
        return LazyGaps([array.cut(first, last) for array in self._arrays], known)

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice) or key.step not in (None, 1):
            return np.asarray(self)[key]
        first, last, _ = key.indices(len(self))
        out = np.zeros(max(0, last - first), dtype=bool)
        for array in self._arrays:
            marked = bad(array[first:last])
            if marked is not None:
                out |= marked
        return out if self._known is None else out | self._known[first:last]

    def any(self) -> bool:
        """True, as nobody knows before all is read."""
        return True

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        step = 1 << 18
        parts = [self[first : first + step] for first in range(0, len(self), step)]
        return np.asarray(np.concatenate(parts), dtype=dtype)

    def __or__(self, other: Any) -> np.ndarray:
        return np.asarray(self) | np.asarray(other)

    __ror__ = __or__

    def __invert__(self) -> np.ndarray:
        return ~np.asarray(self)
