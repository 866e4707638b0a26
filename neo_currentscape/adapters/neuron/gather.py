"""Variables gathered step by step during a fixed-step run, and left on the disk until they are needed.

NEURON calls back after each step was solved and before the states are advanced. Voltage and capacitive
current are then those of the end of the step; every other variable is still as the step was computed with
it, so that nothing has to be taken back, whatever events there were. The voltage before the step is
gathered one step earlier, and concentrations, as the step leaves them, one step later.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from neo_currentscape.adapters.neuron.shared import Shared
from neo_currentscape.adapters.neuron.tape import Tape
from neo_currentscape.conventions.errors import FileError, SelectionError, SignalError

#: Bytes that are gathered before they are put on the disk.
BUFFER_BYTES = 1 << 26

#: Columns of a row before those of the variables: the time and the length of the step, ms.
ABOUT = 2

#: Rows and columns that are turned over together.
PANEL_ROWS, PANEL_COLUMNS = 512, 8


class GatherTape(Tape):
    """As `Tape`, of variables that a `Gather` keeps; of one chunk at a time.

    Parameters
    ----------
    h : HocObject
        NEURON.

    Attributes
    ----------
    shared : Shared
    sees_starts : bool
        True: what a step starts from is recorded.
    pointers, moving, ending : dict of str to HocPointer
        Those that are gathered with the step, the voltages before it, and what is gathered after it.
    """

    sees_starts = True

    def __init__(self, h: Any) -> None:
        self.shared = Shared(h)
        self.pointers: dict[str, Any] = {}
        self.moving: dict[str, Any] = {}
        self.ending: dict[str, Any] = {}
        self._places: dict[str, int] = {}
        self._chunk = np.empty((0, 0))

    def add(self, key: str, pointer: Any, *, moves: bool = False, ends: bool = False) -> None:
        """As `Tape.add`."""
        if key in self.pointers:
            return
        pointer[0]  # raises where it points to nothing, as recording does
        self.pointers[key] = pointer
        if moves:
            self.moving[key] = pointer
        if ends:
            self.ending[key] = pointer

    def add_times(self, key: str, segment: Any) -> None:
        """Nothing: a fixed step has one time for all."""

    def add_layer(self, key: str, segment: Any, layer: int) -> None:
        """Refuse what no pointer of Python points to.

        Raises
        ------
        SelectionError
        """
        raise SelectionError(
            f"{segment} has the mechanism 'extracellular', which a CellRecorder with path= does not gather:"
            " leave path= out there, and give it to to_segment(path=...)."
        )

    def groups(self) -> tuple[dict[str, Any], ...]:
        """The pointers that are gathered with a step, before it and after it.

        Those to one variable of all compartments follow each other, as NEURON has them in its memory.
        """
        held = (self.pointers, self.moving, self.ending)
        return tuple(dict(sorted(one.items(), key=lambda item: item[0].rpartition(")")[2])) for one in held)

    def load(self, chunk: np.ndarray) -> None:
        """Read from some rows on.

        Parameters
        ----------
        chunk : ndarray, shape (column, time)
        """
        if not self._places:
            named = zip(("", "start ", "end "), self.groups(), strict=True)
            keys = [f"{group}{key}" for group, held in named for key in held]
            self._places = {key: ABOUT + place for place, key in enumerate(keys)}
        self._chunk = chunk

    @property
    def times(self) -> np.ndarray:
        """Ends of the steps of the chunk, ms."""
        return self._chunk[0]

    @property
    def dt(self) -> np.ndarray:
        """Lengths of the steps of the chunk, ms."""
        return self._chunk[1]

    def __getitem__(self, key: str) -> np.ndarray:
        """Values of a variable, shape (time,)."""
        found = self._places.get(f"end {key}")
        return self._chunk[self._places[key] if found is None else found]

    def before(self, key: str) -> np.ndarray:
        """As `Tape.before`."""
        found = self._places.get(f"start {key}")
        return self._chunk[self._places[key] if found is None else found]

    def part(self, rows: slice) -> GatherTape:
        """The same: a chunk is read whole."""
        return copy(self)

    def __contains__(self, key: str) -> bool:
        return key in self.pointers


class Gather:
    """Gathers what a tape names, from each ``h.finitialize()`` on.

    Parameters
    ----------
    h : HocObject
        NEURON.
    tape : GatherTape
        To which nothing is added any more.
    every : int
        One in so many steps is kept; the first is.
    folder : pathlib.Path
        Where a file without a name grows during the run.

    Attributes
    ----------
    n_left_out : int
        Samples that were dropped, as the time was set back after them.
    is_variable : bool
        Whether CVODE was active, which calls back at its trials too.
    """

    def __init__(self, h: Any, tape: GatherTape, every: int, folder: Path) -> None:
        self._h, self._every, self._folder = h, every, folder
        self._pointers = list(tape.pointers.values())
        self._groups, stop = [], ABOUT
        for held in tape.groups():
            start, stop = stop, stop + len(held)
            self._groups.append((*_pointers(h, list(held.values())), slice(start, stop)))
        self.width = stop
        self._buffer = np.empty((max(16, BUFFER_BYTES // (8 * stop)) + 2, stop))
        self._file: Any = None
        self._begin()
        self.n_left_out, self.is_variable = 0, False
        self.error: OSError | None = None
        self._is_by_cvode = h.CVode().active
        self._listen(h)

    def _listen(self, h: Any) -> None:
        # NEURON holds what it calls, which therefore must not hold this object.
        this = weakref.ref(self)

        def step() -> None:
            found = this()
            if found is not None:
                found._step()

        def start() -> None:
            found = this()
            if found is not None:
                found._start()

        self._at_start = h.FInitializeHandler(2, start)
        self._calls = _Calls(h, step)
        weakref.finalize(self, self._calls.stop).atexit = False

    def __len__(self) -> int:
        """Rows that were gathered."""
        return self._n_written + self._row

    def _begin(self) -> None:
        self._row = self._n_written = self._n_steps = 0
        self._is_open = False
        self._last = -np.inf
        if self._file is not None:
            self._file.close()
            self._file = None

    def _start(self) -> None:
        self._begin()
        self.n_left_out, self.error, self.is_variable = 0, None, False
        if not all(_is_alive(pointer) for pointer in self._pointers):
            self._calls.stop()  # NEURON would read where nothing is
            return
        self._calls.begin()
        self._take(1)
        self._last = self._h.t

    def _step(self) -> None:
        self.is_variable = self.is_variable or bool(self._is_by_cvode())
        if self.is_variable:
            return
        # NEURON moves its clock on when all of the step is done.
        dt = self._h.dt
        time = self._h.t + dt
        if time < self._last:
            # What this step started from was not gathered; the next is the first.
            dropped = self.n_left_out + len(self)
            self._begin()
            self.n_left_out, self._last = dropped, time
            self._take(1)
            return
        self._last = time
        if self._is_open:
            self._take(2, -1)
            self._is_open = False
        if self._n_steps % self._every == 0:
            self._take(0)
            self._buffer[self._row, :ABOUT] = time, dt
            self._row += 1
            self._is_open = True
            if self._row == len(self._buffer) - 1:
                self._put_away()
        self._n_steps += 1
        if self._n_steps % self._every == 0:
            self._take(1)

    def _take(self, group: int, row: int = 0) -> None:
        pointers, vector, values, columns = self._groups[group]
        if len(values):
            pointers.gather(vector)
            self._buffer[self._row + row, columns] = values

    def _put_away(self) -> None:
        """Move all rows but the last, which is not complete, to the disk."""
        n_whole = self._row - 1
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
            if self.error is None:
                self._file.seek(8 * self.width * self._n_written)
                self._file.write(self._buffer[:n_whole].data)
        except OSError as cause:  # NEURON would print it, and run on
            self.error = cause
        self._n_written += n_whole
        self._buffer[0], self._row = self._buffer[n_whole], 1

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
        if self.error is not None:
            raise FileError(
                f"What was gathered during the run could not be kept in {str(self._folder)!r} "
                f"({self.error.strerror}): make room there, or choose another path=, and run again."
            ) from self.error
        if self._is_open:
            self._take(2, -1)
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
            out[n_stored:] = self._buffer[first + n_stored - self._n_written : last - self._n_written]


def check_threads(h: Any) -> None:
    """Refuse several threads: where a step was to call back once, NEURON would end the process.

    Raises
    ------
    SignalError
    """
    n_threads = int(h.ParallelContext().nthread())
    if n_threads > 1:
        raise SignalError(
            f"NEURON runs in {n_threads} threads, and a CellRecorder with path= needs, and leaves behind, "
            "a NEURON of one: write h.ParallelContext().nthread(1), or, in a new process, leave path= out "
            "and give it to to_segment(path=...)."
        )


class _Calls:
    """A function that NEURON calls in each step, or not."""

    #: Kept for as long as NEURON lives, as what it holds of this is.
    _guards: ClassVar[list[Any]] = []

    def __init__(self, h: Any, step: Any) -> None:
        check_threads(h)
        self._h, self._cvode, self._step, self._on = h, h.CVode(), step, False

    def begin(self) -> None:
        if not self._guards:
            self._guards.append(self._h.FInitializeHandler(2, lambda: check_threads(self._h)))
        if not self._on:
            self._cvode.extra_scatter_gather(0, self._step)
            self._on = True

    def stop(self) -> None:
        if self._on:
            self._cvode.extra_scatter_gather_remove(self._step)
            self._on = False


def _is_alive(pointer: Any) -> bool:
    """Whether what a pointer points to is still there."""
    try:
        pointer[0]
    except ValueError:
        return False
    return True


def _pointers(h: Any, given: list[Any]) -> tuple[Any, Any, np.ndarray]:
    """A PtrVector, and a vector that it is gathered into, with its memory."""
    vector = h.Vector(len(given))
    if not given:
        return None, vector, np.empty(0)
    pointers = h.PtrVector(len(given))
    for place, pointer in enumerate(given):
        pointers.pset(place, pointer)
    return pointers, vector, vector.as_numpy()
