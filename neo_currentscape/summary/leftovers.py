"""Folders of a process: freed when it is told to end, and swept up by others when it was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

#: What the names of the folders begin with.
PREFIX = "ncs"

#: A file in each of them, locked for as long as its owner lives.
OWNER = "owner"

#: Seconds for which a folder may have no such file.
YOUNG = 60.0


@contextlib.contextmanager
def own_folder(where: Path) -> Iterator[Path]:
    """Have a folder for as long as the block lasts, or the process is not told to end.

    Parameters
    ----------
    where : path

    Yields
    ------
    pathlib.Path
        Its name holds the number of the process and the time at which that began.
    """
    prefix = f"{PREFIX}-{os.getpid()}-{_began(os.getpid())}-"
    with _freed_on_sigterm(where, prefix):
        folder = Path(tempfile.mkdtemp(dir=where, prefix=prefix))
        try:
            with open(folder / OWNER, "w") as owner:
                _lock(owner)
                yield folder
        finally:
            _remove(folder)


@contextlib.contextmanager
def _freed_on_sigterm(where: Path, prefix: str) -> Iterator[None]:
    """Free what is this process's where SIGTERM, which nobody handles, ends it at once."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield
        return
    own = os.getpid()

    def end(number: int, frame: Any) -> None:
        if os.getpid() == own:  # and is not one that was forked
            for folder in where.glob(f"{prefix}*"):
                _remove(folder)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _remove(folder: Path) -> None:
    # On Windows a mapped file cannot be removed. Whose all was is known until it is gone.
    for path in folder.glob("*"):
        if path.name != OWNER:
            with contextlib.suppress(OSError):
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def sweep(places: Iterable[Path]) -> None:
    """Remove the folders of processes that do not live any more.

    Parameters
    ----------
    places : iterable of path
        Where `own_folder` makes them.
    """
    for where in places:
        for folder in where.glob(f"{PREFIX}-*-*-*"):
            if not _is_owned(folder):
                _remove(folder)


def _is_owned(folder: Path) -> bool:
    """Whether the process that made a folder lives, or cannot be asked.

    Its number says that in this system; the lock says it also where the folder is shared with others, as
    between containers.
    """
    try:
        _, number, began, _ = folder.name.split("-", 3)
        if _lives(int(number)) and _began(int(number)) == int(began):
            return True
        if not (folder / OWNER).exists():  # it is just made, or was just removed
            return time.time() - folder.stat().st_mtime < YOUNG
        with open(folder / OWNER, "r+") as owner:
            return not _lock(owner)
    except (OSError, ValueError):  # no folder of ours, gone meanwhile, or another user's
        return True


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _began(number: int) -> int:
    """When a process began, in ticks since the system did; 0 where the system does not tell."""
    try:
        # Its name, which comes second, may hold anything.
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def _lock(owner: Any) -> bool:
    """Lock a file for this process, which a child of it does not inherit; False where another holds it."""
    try:
        import fcntl
    except ImportError:  # nothing is swept on Windows, where a file in use cannot be removed anyway
        return False
    try:
        fcntl.lockf(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
