"""Folders that stand for a file, as those of Zarr: written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from neo_currentscape.conventions.errors import FileError
from neo_currentscape.conventions.whole_files import DRAFT

#: Says whether a folder that is there already is of the kind that may be replaced.
Known = Callable[[Path], bool]


def check_target(path: str | os.PathLike[str], known: Known) -> Path:
    """Refuse a name that cannot be written to, before anything is computed for it.

    Parameters
    ----------
    path : str or path
    known : callable
        Takes a folder that is there, and says whether it may be replaced.

    Returns
    -------
    pathlib.Path
        Where the folder is to be; links are followed.

    Raises
    ------
    FileError
        When its own folder is missing or may not be changed, or something else has that name.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileError(
            f"There is no folder {str(target.parent)!r} to write {target.name!r} into: make it first."
        )
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise FileError(
            f"{str(path)!r} cannot be written: the folder {str(target.parent)!r} may not be changed."
        )
    if target.exists() and not known(target):
        raise FileError(f"{str(path)!r} is something else already: choose another name.")
    return target


@contextlib.contextmanager
def whole_folder(path: str | os.PathLike[str], known: Known) -> Iterator[Path]:
    """A new folder, which takes its place when the block ends without an error.

    Parameters
    ----------
    path, known
        As for `check_target`; what is there is replaced.

    Yields
    ------
    pathlib.Path
        To be filled; beside its place.

    Raises
    ------
    FileError
        When it cannot be written; what was there stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> home = Path(tempfile.mkdtemp())
    >>> with whole_folder(home / "a", Path.is_dir) as draft:
    ...     _ = (draft / "one").write_text("whole")
    >>> with whole_folder(home / "a", Path.is_dir) as draft:
    ...     raise KeyError("half")
    Traceback (most recent call last):
        ...
    KeyError: 'half'
    >>> (home / "a" / "one").read_text(), len(list(home.iterdir()))
    ('whole', 1)
    """
    target = check_target(path, known)
    beside = _beside(target)
    try:
        beside.mkdir()
        yield beside
        _keep(beside)
        _put(beside, target)
    except OSError as cause:
        raise FileError(
            f"{str(path)!r} could not be written ({cause.strerror or cause}): what was there is as it was."
        ) from cause
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _beside(target: Path) -> Path:
    return target.with_name(f"{DRAFT[0]}{secrets.token_hex(6)}{DRAFT[1]}")


def _keep(folder: Path) -> None:
    """Have the system write all files of a folder to the disk."""
    for one in folder.rglob("*"):
        if one.is_file():
            number = os.open(one, os.O_RDWR)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def _put(beside: Path, target: Path) -> None:
    if not target.exists():
        os.rename(beside, target)
        return
    # A folder with something in it cannot be replaced in one move.
    old = _beside(target)
    os.rename(target, old)
    try:
        os.rename(beside, target)
    except OSError:
        os.rename(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)
