"""Sharing out jobs over any `concurrent.futures.Executor`, and telling what went wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

from neo_currentscape.conventions.errors import ArgumentTypeError, CurrentscapeError

#: Jobs that are under way at once: enough for many workers, and few enough to be held in memory.
WINDOW = 128


class ExecutorError(CurrentscapeError, RuntimeError):
    """The executor is shut down, or its workers died."""


def check_executor(executor: Any) -> None:
    """Refuse what cannot run functions.

    Raises
    ------
    ArgumentTypeError
        Which says what can.
    """
    # Dask's Client has a method submit as well, but its futures are not those of an Executor.
    if executor is None or isinstance(executor, Executor):
        return
    raise ArgumentTypeError(
        f"executor= takes a concurrent.futures.Executor, not a {type(executor).__name__}: write e.g. "
        "ProcessPoolExecutor(), dask's client.get_executor() or mpi4py's MPIPoolExecutor()."
    )


def run(
    function: Callable[..., Any],
    jobs: Sequence[Any],
    arguments: Sequence[Any],
    executor: Any,
    prepare: Callable[[Any], Any] = lambda job: job,
) -> Iterator[Any]:
    """Call a function with each job, and give the results in the order of the jobs.

    Parameters
    ----------
    function : callable
        Called as ``function(job, *arguments)``; must be known by name to the workers.
    jobs : sequence
    arguments : sequence
    executor : concurrent.futures.Executor or None
        None calls it here.
    prepare : callable, optional
        Called with each job before it is sent to an executor.

    Yields
    ------
    object
        What the function returned.

    Raises
    ------
    ExecutorError
        When the executor is shut down, a worker died, or a job cannot be sent to it.
    """
    if executor is None:
        for job in jobs:
            yield function(job, *arguments)
        return
    futures: list[Any] = []
    done = 0
    try:
        for job in jobs:
            if len(futures) - done >= WINDOW:
                yield _result(futures, done, jobs)
                done += 1
            futures.append(_submit(executor, function, prepare(job), arguments))
        while done < len(futures):
            yield _result(futures, done, jobs)
            done += 1
    finally:
        for future in futures[done:]:
            if future is not None:
                future.cancel()


def _submit(executor: Any, function: Callable[..., Any], job: Any, arguments: Sequence[Any]) -> Any:
    try:
        return executor.submit(function, job, *arguments)
    except CurrentscapeError:
        raise
    except Exception as cause:  # each kind of executor raises its own
        raise ExecutorError(
            f"{type(executor).__name__} takes no more work ({type(cause).__name__}: {cause}): it is shut "
            "down or its workers died; make a new one and call summarise again."
        ) from cause


def _result(futures: list[Any], k: int, jobs: Sequence[Any]) -> Any:
    future, futures[k] = futures[k], None  # what was taken is let go
    try:
        return future.result()
    except BaseException as cause:
        if isinstance(cause, (KeyboardInterrupt, SystemExit, CurrentscapeError)):
            raise
        raise ExecutorError(
            f"The executor gave no result for {jobs[k].label} ({type(cause).__name__}: {cause}): it was "
            "shut down, its workers died, or the source cannot be sent to another process; give file "
            "names, or a new executor."
        ) from cause
