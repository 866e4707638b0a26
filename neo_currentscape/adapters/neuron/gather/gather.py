"""When NEURON calls back in a step, and what can be gathered then.

NEURON calls back after each step was solved and before the states are advanced. Voltage and capacitive
current are then those of the end of the step; every other variable is still as the step was computed with
it, so that nothing has to be taken back, whatever events there were. The voltage before the step is
gathered one step earlier, and concentrations, as the step leaves them, one step later.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.gather.calls import Calls
from neo_currentscape.adapters.neuron.gather.rows import Rows
from neo_currentscape.adapters.neuron.gather.tape import ABOUT, GatherTape


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
    rows : Rows
    is_variable : bool
        Whether CVODE was active, which calls back at its trials too.
    """

    def __init__(self, h: Any, tape: GatherTape, every: int, folder: Path) -> None:
        self._h, self._every = h, every
        self._pointers = list(tape.pointers.values())
        self._groups, stop = [], ABOUT
        for held in tape.groups():
            start, stop = stop, stop + len(held)
            self._groups.append((*_pointers(h, list(held.values())), slice(start, stop)))
        self.rows = Rows(stop, folder)
        self._begin()
        self.n_left_out, self.is_variable = 0, False
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
        self._calls = Calls(h, step)
        weakref.finalize(self, self._calls.stop).atexit = False

    def __len__(self) -> int:
        """Rows that were gathered."""
        return len(self.rows)

    def _begin(self) -> None:
        self.rows.clear()
        self._n_steps, self._is_open, self._last = 0, False, -np.inf

    def _start(self) -> None:
        self._begin()
        self.n_left_out, self.is_variable = 0, False
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
            self.rows.buffer[self.rows.at, :ABOUT] = time, dt
            self.rows.advance()
            self._is_open = True
        self._n_steps += 1
        if self._n_steps % self._every == 0:
            self._take(1)

    def _take(self, group: int, row: int = 0) -> None:
        pointers, vector, values, columns = self._groups[group]
        if len(values):
            pointers.gather(vector)
            self.rows.buffer[self.rows.at + row, columns] = values

    def chunks(self, rows: int) -> Iterator[np.ndarray]:
        """As `Rows.chunks`, of all that was gathered up to now."""
        if self._is_open:
            self._take(2, -1)
        return self.rows.chunks(rows)


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
