"""Worker processes that end with the process they work for, whatever ended that.

A worker of `concurrent.futures` waits for work on a pipe that it holds open itself: when the process that
would send some is killed, it waits for ever. Here each worker looks after its parent.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from neo_currentscape.conventions import dead_workers
from neo_currentscape.conventions.errors import CurrentscapeError

#: Seconds between two looks at the parent.
LOOK = 0.5

#: Seconds that workers have to end when they are told to, before they are killed.
PATIENCE = 2.0


class ExecutorError(CurrentscapeError, RuntimeError):
    """The executor is shut down, or its workers died."""


def watched(
    function: Callable[..., Any], executor: Any, when_alone: Callable[[], Any] | None = None
) -> Callable[..., Any]:
    """The same function for the workers of an executor, which from now on end with their parent.

    Parameters
    ----------
    function : callable
        Known by name to the workers.
    executor : concurrent.futures.Executor
        Only processes of this machine need it: those of Dask and MPI look after themselves.
    when_alone : callable, optional
        Called by each worker that ends so; known by name as well.

    Returns
    -------
    callable

    Examples
    --------
    >>> watched(abs, None) is abs
    True
    """
    if not isinstance(executor, ProcessPoolExecutor):
        return function
    dead_workers.guard(executor)
    pool: Any = executor
    # A worker that has not been given work yet looks after its parent too, if it begins from now on.
    if getattr(pool, "_initializer", _begin) is not _begin:
        pool._initargs = (when_alone, pool._initializer, pool._initargs)
        pool._initializer = _begin
    return partial(_call, function, when_alone)


def _begin(when_alone: Callable[[], Any] | None, own: Callable[..., Any] | None, arguments: Any) -> None:
    _watch(when_alone)
    if own is not None:
        own(*arguments)


def _call(function: Callable[..., Any], when_alone: Callable[[], Any] | None, /, *arguments: Any) -> Any:
    _watch(when_alone)
    return function(*arguments)


#: The process that is watched for, as one that is forked has its parent's memory, but not its threads.
_watching: set[int] = set()


def _watch(when_alone: Callable[[], Any] | None) -> None:
    if os.getpid() in _watching or multiprocessing.parent_process() is None:
        return
    _watching.clear()
    _watching.add(os.getpid())
    threading.Thread(target=_end_with_parent, args=(when_alone,), daemon=True).start()


def _end_with_parent(when_alone: Callable[[], Any] | None) -> None:
    parent: Any = multiprocessing.parent_process()
    # A server that forks workers is a parent as well, but not the one that they work for.
    is_own = os.getppid() == parent.pid
    while parent.is_alive() and (not is_own or os.getppid() == parent.pid):
        time.sleep(LOOK)
    try:
        if when_alone is not None:
            when_alone()
    finally:
        # Nobody is left to hand anything to.
        os._exit(1)


@contextlib.contextmanager
def worker_processes(n_workers: int) -> Iterator[ProcessPoolExecutor]:
    """Have processes to work for as long as the block lasts; an error or an interrupt ends them at once.

    Parameters
    ----------
    n_workers : int

    Yields
    ------
    concurrent.futures.ProcessPoolExecutor
        Its workers leave interrupts (Ctrl-C) to this process.
    """
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(n_workers, initializer=_leave_signals)
    dead_workers.guard(pool)
    try:
        yield pool
        pool.shutdown()
    except BaseException:
        with _undisturbed():
            manager = getattr(pool, "_executor_manager_thread", None)
            pool.shutdown(wait=False, cancel_futures=True)
            # A worker that was just begun is not yet one of the pool's.
            _end([one for one in multiprocessing.active_children() if one not in others])
            if manager is not None:
                # Python waits for it at exit, for ever where a signal came while futures were locked.
                manager.join(PATIENCE)
                _stuck.extend([manager] * manager.is_alive())
        raise


#: Threads of pools that do not end though their workers are gone.
_stuck: list[threading.Thread] = []


def can_exit() -> bool:
    """Whether no thread of a pool keeps this process from its end."""
    return not any(thread.is_alive() for thread in _stuck)


def _leave_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One that is forked has the handlers of its parent.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _watch(None)


def _end(processes: Sequence[Any]) -> None:
    for process in processes:
        process.terminate()
    end = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(0.0, end - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a second Ctrl-C wait until the workers are gone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {kind: signal.signal(kind, signal.SIG_IGN) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
