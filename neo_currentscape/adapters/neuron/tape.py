"""The variables that NEURON writes down during a run, each once."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.shared import Shared

#: Name of a procedure in NEURON's own language.
_RECORD_LAYER = "neo_currentscape_record_layer"


class Tape:
    """Vectors that are recorded at every step.

    Parameters
    ----------
    h : HocObject
        NEURON.

    Attributes
    ----------
    shared : Shared
        What cannot be recorded step by step.
    sees_starts : bool
        Whether what a fixed step starts from is recorded, so that nothing has to be taken back.
    """

    sees_starts = False

    def __init__(self, h: Any) -> None:
        self._h = h
        self._vectors: dict[str, Any] = {}
        self._cvode = h.CVode()
        self._rows = slice(None)
        self._instead: dict[str, np.ndarray] = {}
        self.shared = Shared(h)

    def add(self, key: str, pointer: Any, *, moves: bool = False, ends: bool = False) -> None:
        """Record a variable under a name; one that is recorded already is left alone.

        Parameters
        ----------
        key : str
        pointer : HocPointer
            E.g. ``soma(0.5)._ref_v``.
        moves : bool
            Whether it is a voltage, which moves when a step is solved.
        ends : bool
            Whether it is wanted as a step leaves it, though it is set after the step was solved.
        """
        if key not in self._vectors:
            self._vectors[key] = self._h.Vector().record(pointer)

    def add_layer(self, key: str, segment: Any, layer: int) -> None:
        """Record the potential of a layer outside the membrane, ``vext[layer]``.

        Python's ``_ref_vext[1]`` points to ``vext[0]`` (NEURON 9.0), so HOC is asked.
        """
        if key in self._vectors:
            return
        if not hasattr(self._h, _RECORD_LAYER):
            self._h(f"proc {_RECORD_LAYER}() {{ $o1.record(&vext[$2]($3)) }}")
            self._h("{}")  # NEURON shows the last line it read with its errors.
        self._vectors[key] = self._h.Vector()
        getattr(self._h, _RECORD_LAYER)(self._vectors[key], layer, segment.x, sec=segment.sec)

    def add_times(self, key: str, segment: Any) -> None:
        """Record the times at which a compartment is recorded.

        With the local variable time step each cell has its own times, and only ``CVode.record``
        knows them; it does so with every other method as well.
        """
        if key not in self._vectors:
            self._vectors[key], values = self._h.Vector(), self._h.Vector()
            self._vectors[f"{key} (voltage)"] = values
            self._cvode.record(segment._ref_v, values, self._vectors[key], sec=segment.sec)

    def __getitem__(self, key: str) -> np.ndarray:
        """Values of a variable, shape (time,); a view of NEURON's own memory."""
        if key in self._instead:
            return self._instead[key]
        return self._vectors[key].as_numpy()[self._rows]

    def before(self, key: str) -> np.ndarray:
        """Values of a variable when the step to each sample started, shape (time,)."""
        values = self[key]
        return np.concatenate((values[:1], values[:-1]))

    def part(self, rows: slice) -> Tape:
        """The same recording, of which some samples are read."""
        out = copy(self)
        out._rows = rows
        return out

    def with_values(self, key: str, values: np.ndarray) -> Tape:
        """The same recording with other values of a variable."""
        out = copy(self)
        out._instead = {**self._instead, key: values}
        return out

    def __contains__(self, key: str) -> bool:
        return key in self._vectors
