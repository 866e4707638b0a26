"""The workers of a summary: jobs are sent and their results taken in turn, also when a worker dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from neo_currentscape.conventions.errors import CurrentscapeError
from neo_currentscape.conventions.workers import ExecutorError, watched
from neo_currentscape.summary.shared import sweep_up


class Crew:
    """An executor with jobs under way, and the one that takes its place when its workers have died.

    Parameters
    ----------
    executor, function, arguments, prepare, failed
        See `neo_currentscape.summary.pool.run`.
    """

    def __init__(
        self,
        executor: Any,
        function: Callable[..., Any],
        arguments: Sequence[Any],
        prepare: Callable[[Any], Any],
        failed: Callable[[Any, str], Any] | None,
    ) -> None:
        self.waiting: deque[tuple[Any, Any]] = deque()
        self._given, self._executor = executor, executor
        self._function, self._arguments = function, arguments
        self._prepare, self._failed = prepare, failed

    def send(self, job: Any) -> None:
        """Have a job done."""
        self.waiting.append((job, self._submitted(job)))

    def next(self) -> Any:
        """Wait for the result of the job that was sent first."""
        job, future = self.waiting[0]
        try:
            found = future.result()
        except BaseException as cause:
            if isinstance(cause, (KeyboardInterrupt, SystemExit, CurrentscapeError)):
                raise
            if self._failed is None or isinstance(cause, CancelledError):
                raise self._no_result(job, cause) from cause
            if isinstance(cause, BrokenProcessPool):
                self._rescue()
                found = self.waiting[0][1].result()
            else:
                found = self._failed(job, f"it gave no result ({_named(cause)}): give a file name.")
        self.waiting.popleft()  # what was taken is let go
        return found

    def leave(self) -> None:
        """Take back what has not begun."""
        for _, future in self.waiting:
            future.cancel()
        if self._executor is not self._given:
            self._executor.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, job: Any) -> Any:
        prepared = self._prepare(job)
        try:
            return self._submit(self._executor, prepared)
        except CurrentscapeError:
            raise
        except BrokenProcessPool as cause:
            if self._failed is None:
                raise self._refused(cause) from cause
            self._rescue()
            return self._submit(self._executor, prepared)
        except Exception as cause:  # each kind of executor raises its own
            raise self._refused(cause) from cause

    def _submit(self, executor: Any, prepared: Any) -> Any:
        return executor.submit(watched(self._function, executor, sweep_up), prepared, *self._arguments)

    def _rescue(self) -> None:
        """Do the jobs that were lost with a worker one by one, so that the deadly one is found."""
        alone = _like(self._given, 1)
        for k, (job, future) in enumerate(self.waiting):
            if not future.cancelled() and future.exception() is None:
                continue
            result: Future = Future()
            try:
                result.set_result(self._submit(alone, self._prepare(job)).result())
            except BrokenProcessPool:
                alone = _like(self._given, 1)
                result.set_result(
                    self._lost(
                        job, "its worker died, of too little memory or of what reads it: try it alone."
                    )
                )
            except Exception as cause:
                result.set_result(
                    self._lost(job, f"it gave no result ({_named(cause)}): give a file name.")
                )
            self.waiting[k] = (job, result)
        alone.shutdown(wait=False)
        self._executor = _like(self._given)

    def _lost(self, job: Any, reason: str) -> Any:
        assert self._failed is not None
        return self._failed(job, reason)

    def _refused(self, cause: Exception) -> ExecutorError:
        return ExecutorError(
            f"{type(self._given).__name__} takes no more work ({_named(cause)}): it is shut "
            "down or its workers died; make a new one and call summarise again."
        )

    def _no_result(self, job: Any, cause: BaseException) -> ExecutorError:
        return ExecutorError(
            f"The executor gave no result for {job.label} ({_named(cause)}): it was "
            "shut down, its workers died, or the source cannot be sent to another process; give file "
            "names, or a new executor; errors='skip' goes on with the rest."
        )


def _named(cause: BaseException) -> str:
    return f"{type(cause).__name__}: {cause}"


def _like(given: Any, n_workers: int | None = None) -> ProcessPoolExecutor:
    """A new pool of processes like one whose workers have died."""
    if not isinstance(given, ProcessPoolExecutor):
        return ProcessPoolExecutor(n_workers or getattr(given, "_max_workers", None))
    parts: Any = given
    return ProcessPoolExecutor(
        n_workers or parts._max_workers, parts._mp_context, parts._initializer, parts._initargs
    )
