"""Workers that die while they hand something over, for which `concurrent.futures` waits for ever.

A result larger than the buffer of a pipe is written in several pieces. Where a worker is killed between two
of them, the thread that reads results waits for the rest; as this process and the other workers hold the
pipe open, it never ends. Here somebody else looks after the workers, and closes it.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any

#: Seconds between two looks at the workers, and those that the pool has to notice a death by itself.
LOOK, GRACE = 0.5, 1.5

#: Pools that are looked after.
_guarded: weakref.WeakSet[ProcessPoolExecutor] = weakref.WeakSet()


def guard(pool: ProcessPoolExecutor) -> None:
    """See to it that a pool whose worker has died says so: its results raise `BrokenProcessPool`.

    Parameters
    ----------
    pool : concurrent.futures.ProcessPoolExecutor
    """
    if pool not in _guarded:
        _guarded.add(pool)
        threading.Thread(target=_look_after, args=(weakref.ref(pool),), daemon=True).start()


def _look_after(pool: weakref.ref[ProcessPoolExecutor]) -> None:
    dead_since: dict[Any, float] = {}
    while True:
        time.sleep(LOOK)
        found: Any = pool()
        if found is None or found._broken or found._shutdown_thread:
            return
        dead = _dead(found)
        now = time.monotonic()
        dead_since = {one: dead_since.get(one, now) for one in dead}
        if any(now - since > GRACE for since in dead_since.values()):
            _close(found)
            return
        del found


def _workers(pool: Any) -> list[Any]:
    with contextlib.suppress(RuntimeError):  # one more began just now
        return list((pool._processes or {}).values())
    return []


def _dead(pool: Any) -> list[Any]:
    return [one for one in _workers(pool) if wait([one.sentinel], 0)]


def _close(pool: Any) -> None:
    """End the other workers too, as the pool would, and close the pipe of results."""
    for one in _workers(pool):
        with contextlib.suppress(ValueError, OSError):
            one.kill()
    with contextlib.suppress(OSError):
        pool._result_queue._writer.close()
