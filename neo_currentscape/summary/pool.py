"""Sharing out jobs over any `concurrent.futures.Executor`, and telling what went wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.conventions.workers import ExecutorError as ExecutorError
from neo_currentscape.summary.crew import Crew

#: Jobs that are under way at once: enough for many workers, and few enough to be held in memory.
WINDOW = 128


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
    failed: Callable[[Any, str], Any] | None = None,
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
    failed : callable, optional
        Makes the result of a job that cannot be sent, or whose worker died, of the job and a sentence.

    Yields
    ------
    object
        What the function returned.

    Raises
    ------
    ExecutorError
        When the executor is shut down; and where no `failed` is given, when a worker died or a job cannot
        be sent to it.
    """
    if executor is None:
        for job in jobs:
            yield function(job, *arguments)
        return
    crew = Crew(executor, function, arguments, prepare, failed)
    try:
        for job in jobs:
            if len(crew.waiting) >= WINDOW:
                yield crew.next()
            crew.send(job)
        while crew.waiting:
            yield crew.next()
    finally:
        crew.leave()
