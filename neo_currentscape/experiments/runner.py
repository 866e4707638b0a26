"""Runs the steps of a long experiment: anywhere, with progress, and from where it was left."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions import inputs, whole_files
from neo_currentscape.conventions.errors import ArgumentError, FileError, SelectionError
from neo_currentscape.conventions.workers import ExecutorError, watched
from neo_currentscape.experiments.archives import read_arrays, write_arrays


def run_steps(
    work: Callable[..., Any],
    steps: Sequence[tuple],
    executor: Executor | None = None,
    on_step: Callable[[int, Any], None] | None = None,
    skip: Sequence[int] = (),
) -> dict[int, Any]:
    """Call a function for every step, here or in the workers of an executor.

    Parameters
    ----------
    work : callable
        Of the module level, so that it can be sent to another process.
    steps : sequence of tuple
        Arguments of each call.
    executor : concurrent.futures.Executor, optional
        Of threads, processes, dask (``client.get_executor()``) or MPI (``mpi4py.futures``); the
        steps run one after the other where left out.
    on_step : callable, optional
        Called with number and result of each step as soon as it is done, in whatever order.
    skip : sequence of int
        Steps that are done already.

    Returns
    -------
    dict of int to result
        Of the steps that were run. What does not yet run is cancelled when a step fails, or when the
        user interrupts; what is done by then is told to ``on_step`` all the same.

    Raises
    ------
    ExecutorError
        When a worker died.

    Examples
    --------
    >>> run_steps(pow, [(2, 3), (2, 4)])
    {0: 8, 1: 16}
    """
    todo = [k for k in range(len(steps)) if k not in set(skip)]
    tell = on_step or (lambda index, result: None)
    found: dict[int, Any] = {}

    def take(index: int, result: Any) -> None:
        tell(index, result)
        found[index] = result

    if executor is None:
        for index in todo:
            take(index, work(*steps[index]))
    else:
        _run_on(executor, work, steps, todo, take)
    return {index: found[index] for index in todo}


def _run_on(
    executor: Executor,
    work: Callable[..., Any],
    steps: Sequence[tuple],
    todo: Sequence[int],
    take: Callable[[int, Any], None],
) -> None:
    if not callable(getattr(executor, "submit", None)):
        raise ArgumentError(
            f"executor={executor!r} has no method submit(): give an Executor, e.g. ProcessPoolExecutor(2)."
        )
    function = watched(work, executor)
    pending: dict[Future, int] = {}
    # Not `as_completed`: interrupted at the wrong moment, it leaves futures locked, and all wait for ever.
    done: queue.SimpleQueue[Future] = queue.SimpleQueue()
    try:
        for index in todo:
            future = executor.submit(function, *steps[index])
            pending[future] = index
            future.add_done_callback(done.put)
        while pending:
            future = done.get()
            take(pending[future], future.result())
            del pending[future]
    except BaseException as cause:
        for future in pending:
            future.cancel()
        _take_done(pending, take)
        if isinstance(cause, BrokenExecutor):
            raise ExecutorError(
                f"A worker died, or ran out of memory ({cause}): take fewer workers, and run again what is "
                "missing."
            ) from cause
        raise


def _take_done(pending: Mapping[Future, int], take: Callable[[int, Any], None]) -> None:
    """Take what was done while something else failed."""
    for future, index in pending.items():
        if future.done() and not future.cancelled() and future.exception() is None:
            take(index, future.result())


class Store:
    """A folder with the results of steps, each written as soon as it is there.

    Parameters
    ----------
    folder : path
        Made where it is missing.
    described : mapping
        What the steps depend on; kept beside them, so that results of another experiment are never
        taken for this one's.
    resume : bool
        Whether results in the folder are used; else it has to be empty.

    Raises
    ------
    ArgumentError
        When the folder holds results that are not to be used, or those of something else.
    FileError
        When what is in it is damaged; the message says what to delete.
    """

    def __init__(self, folder: Any, described: Mapping[str, Any], resume: bool) -> None:
        self.folder = Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise FileError(f"{str(self.folder)!r} is a file, and steps need a folder: name another.")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        self._note = self.folder / "experiment.json"
        text = json.dumps(dict(described), indent=1, sort_keys=True, default=str)
        if self._note.exists() or self.done():
            self._check(text, resume)
        else:
            whole_files.write(self._note, text)

    def _check(self, text: str, resume: bool) -> None:
        before, now = self._before(), json.loads(text)
        if not resume:
            raise ArgumentError(
                f"{str(self.folder)!r} holds {len(self.done())} steps of an experiment already: "
                "resume it, or choose another folder."
            )
        other = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        if other:
            key = other[0]
            raise ArgumentError(
                f"{str(self.folder)!r} holds an experiment with {key}={before.get(key)!r}, not "
                f"{now.get(key)!r}: resume with the same options, or choose another folder."
            )

    def _before(self) -> dict[str, Any]:
        """What the steps that are there depend on."""
        try:
            found = json.loads(inputs.existing_file(self._note).read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
            why = f"is damaged (it holds a {type(found).__name__})"
        except (OSError, ValueError, RecursionError) as cause:
            why = f"is damaged ({cause})" if self._note.exists() else "is missing"
        n, folder = len(self.done()), str(self.folder)
        raise FileError(
            f"{str(self._note)!r} {why}, and nothing else tells of what experiment the {n} steps beside it "
            f"are: delete the folder {folder!r}, or choose another."
        )

    def _path(self, index: int) -> Path:
        return self.folder / f"step-{index:05d}.npz"

    def done(self) -> list[int]:
        """Numbers of the steps that are there."""
        numbers = (path.stem.removeprefix("step-") for path in self.folder.glob("step-*.npz"))
        return sorted(int(number) for number in numbers if number.isdecimal())

    def save(self, index: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Write the result of a step; a file is there as a whole, or not at all."""
        write_arrays(self._path(index), arrays)

    def _sweep(self) -> None:
        """Delete what a process was writing when it was killed."""
        for path in self.folder.glob("*".join(whole_files.DRAFT)):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the results and, if there is nothing else in it, the folder."""
        self._sweep()
        for path in [*self.folder.glob("step-*.npz"), self._note]:
            path.unlink(missing_ok=True)
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    def load(self, index: int, needed: Iterable[str] = ()) -> dict[str, np.ndarray]:
        """Read the result of a step.

        Parameters
        ----------
        index : int
        needed : iterable of str
            Arrays that it has to hold.

        Raises
        ------
        SelectionError
            When it is not there.
        FileError
            When it is damaged; the message says what to delete.
        """
        path = self._path(index)
        if not path.exists():
            raise SelectionError(f"Step {index} is not in {str(self.folder)!r}: run it first.")
        return read_arrays(path, needed, "delete this file, and resume")
