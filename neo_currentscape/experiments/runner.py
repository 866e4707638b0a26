"""Runs the steps of a long experiment: anywhere, with progress, and from where it was left."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, SelectionError


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
        user interrupts.

    Examples
    --------
    >>> run_steps(pow, [(2, 3), (2, 4)])
    {0: 8, 1: 16}
    """
    todo = [k for k in range(len(steps)) if k not in set(skip)]
    tell = on_step or (lambda index, result: None)
    found: dict[int, Any] = {}
    for index, result in _results(work, steps, todo, executor):
        found[index] = result
        tell(index, result)
    return {index: found[index] for index in todo}


def _results(
    work: Callable[..., Any], steps: Sequence[tuple], todo: Sequence[int], executor: Executor | None
) -> Iterator[tuple[int, Any]]:
    if executor is None:
        for index in todo:
            yield index, work(*steps[index])
        return
    if not callable(getattr(executor, "submit", None)):
        raise ArgumentError(
            f"executor={executor!r} has no method submit(): give an Executor, e.g. ProcessPoolExecutor(2)."
        )
    pending: dict[Future, int] = {executor.submit(work, *steps[index]): index for index in todo}
    try:
        for future in as_completed(pending):
            yield pending[future], future.result()
    except (Exception, KeyboardInterrupt, CancelledError):
        for future in pending:
            future.cancel()
        raise


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
    """

    def __init__(self, folder: Any, described: Mapping[str, Any], resume: bool) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._note = self.folder / "experiment.json"
        text = json.dumps(dict(described), indent=1, sort_keys=True, default=str)
        if self._note.exists():
            self._check(text, resume)
        else:
            self._note.write_text(text)

    def _check(self, text: str, resume: bool) -> None:
        if not resume:
            raise ArgumentError(
                f"{str(self.folder)!r} holds {len(self.done())} steps of an experiment already: "
                "resume it, or choose another folder."
            )
        before, now = json.loads(self._note.read_text()), json.loads(text)
        other = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        if other:
            key = other[0]
            raise ArgumentError(
                f"{str(self.folder)!r} holds an experiment with {key}={before.get(key)!r}, not "
                f"{now.get(key)!r}: resume with the same options, or choose another folder."
            )

    def _path(self, index: int) -> Path:
        return self.folder / f"step-{index:05d}.npz"

    def done(self) -> list[int]:
        """Numbers of the steps that are there."""
        return sorted(int(path.stem.split("-")[1]) for path in self.folder.glob("step-*.npz"))

    def save(self, index: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Write the result of a step; a file is there as a whole, or not at all."""
        path = self._path(index)
        draft = path.with_suffix(".part")
        with open(draft, "wb") as file:
            np.savez_compressed(file, **dict(arrays))  # type: ignore[arg-type]
        os.replace(draft, path)

    def remove(self) -> None:
        """Delete the results and, if there is nothing else in it, the folder."""
        for path in [*self.folder.glob("step-*.npz"), *self.folder.glob("step-*.part"), self._note]:
            path.unlink(missing_ok=True)
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    def load(self, index: int) -> dict[str, np.ndarray]:
        """Read the result of a step.

        Raises
        ------
        SelectionError
            When it is not there.
        """
        path = self._path(index)
        if not path.exists():
            raise SelectionError(f"Step {index} is not in {str(self.folder)!r}: run it first.")
        with np.load(path) as found:
            return dict(found)
