"""What NEURON calls in each step, in a process of one thread."""

from __future__ import annotations

from typing import Any, ClassVar

from neo_currentscape.conventions.errors import SignalError


class Calls:
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
