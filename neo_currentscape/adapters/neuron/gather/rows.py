"""Rows of values that come one at a time: the last ones in memory, all others in a file without a name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import FileError

#: Bytes that are gathered before they are put on the disk.
BUFFER_BYTES = 1 << 26

#: Rows and columns that are turned over together.
PANEL_ROWS, PANEL_COLUMNS = 512, 8


class Rows:
    """Rows that are written one by one, the newest still changing, and read as columns.

    Parameters
    ----------
    width : int
        Values of a row.
    folder : pathlib.Path
        Where the file grows.

    Attributes
    ----------
    width : int
    buffer : ndarray, shape (row, width)
        What is in memory; the next row is ``buffer[at]``, and the newest the one before it.
    at : int
    """

    def __init__(self, width: int, folder: Path) -> None:
        self.width, self._folder = width, folder
        self.buffer = np.empty((max(16, BUFFER_BYTES // (8 * width)) + 2, width))
        self._file: Any = None
        self.clear()

    def __len__(self) -> int:
        return self._n_written + self.at

    def clear(self) -> None:
        """Forget all rows."""
        self.at = self._n_written = 0
        self._error: OSError | None = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def advance(self) -> None:
        """Count the row that was written to ``buffer[at]``."""
        self.at += 1
        if self.at == len(self.buffer) - 1:
            self._put_away()

    def _put_away(self) -> None:
        """Move all rows but the last, which is not complete, to the disk."""
        n_whole = self.at - 1
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
            if self._error is None:
                self._file.seek(8 * self.width * self._n_written)
                self._file.write(self.buffer[:n_whole].data)
        except OSError as cause:  # NEURON would print it, and run on
            self._error = cause
        self._n_written += n_whole
        self.buffer[0], self.at = self.buffer[n_whole], 1

    def chunks(self, rows: int) -> Iterator[np.ndarray]:
        """Yield what was gathered, some rows at a time.

        Parameters
        ----------
        rows : int

        Yields
        ------
        ndarray, shape (column, time)
            Of which the first sample is the second once more, so that the first can be left out as after
            every fixed step. The next chunk is put into the same memory.

        Raises
        ------
        FileError
            When the disk was full during the run.
        """
        if self._error is not None:
            raise FileError(
                f"What was gathered during the run could not be kept in {str(self._folder)!r} "
                f"({self._error.strerror}): make room there, or choose another path=, and run again."
            ) from self._error
        rows = min(rows, len(self))
        memory = np.empty(self.width * (rows + 1))
        for first in range(0, len(self), rows):
            n_rows = min(rows, len(self) - first)
            out = memory[: self.width * (n_rows + 1)].reshape(self.width, n_rows + 1)
            self._turn(first, out)
            yield out

    def _turn(self, first: int, out: np.ndarray) -> None:
        """Columns first, each in one piece of memory, and the first sample twice."""
        panel = np.empty((PANEL_ROWS, self.width))
        for start in range(1, out.shape[1], PANEL_ROWS):
            at = slice(start, min(start + PANEL_ROWS, out.shape[1]))
            rows = panel[: at.stop - at.start]
            self._read(first + start - 1, rows)
            for column in range(0, self.width, PANEL_COLUMNS):
                out[column : column + PANEL_COLUMNS, at] = rows[:, column : column + PANEL_COLUMNS].T
        out[:, 0] = out[:, 1]

    def _read(self, first: int, out: np.ndarray) -> None:
        """Rows from one on, of which the last may still be in memory."""
        last = first + len(out)
        n_stored = min(last, max(first, self._n_written)) - first
        if n_stored:
            self._file.seek(8 * self.width * first)
            self._file.readinto(out[:n_stored].data)
        if n_stored < len(out):
            out[n_stored:] = self.buffer[first + n_stored - self._n_written : last - self._n_written]
