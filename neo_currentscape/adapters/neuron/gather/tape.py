"""The variables that are gathered with each step, before it and after it, as `Tape` hands them on."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.shared import Shared
from neo_currentscape.adapters.neuron.tape import Tape
from neo_currentscape.conventions.errors import SelectionError

#: Columns of a row before those of the variables: the time and the length of the step, ms.
ABOUT = 2


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
