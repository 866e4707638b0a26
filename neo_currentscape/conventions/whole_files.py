"""Files are written whole or not at all: beside their place first, then moved there.

All that this package writes goes through here, so that a full disk, an error or an interrupt in the
middle of it leaves what was there before, and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from neo_currentscape.conventions.errors import CurrentscapeError, FileError

#: How the name of a draft begins and ends.
DRAFT = (".ncs-", ".part")

#: Names under which a process finds what is open already, and writes to as it is.
_OPEN = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")


@contextlib.contextmanager
def whole_file(path: str | os.PathLike[str], mode: str = "wb", **options: Any) -> Iterator[Any]:
    """Open a file to write, which takes its place when the block ends without an error.

    Parameters
    ----------
    path : str or path
        A link is followed, and stays; the permissions of an older file are kept. What is no file, such
        as a pipe or ``/dev/null``, is written to as it is.
    mode : {"wb", "w"}
    **options
        Go through to `open`.

    Yields
    ------
    file

    Raises
    ------
    FileError
        When it cannot be written; what was there stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with whole_file(folder / "a.txt", "w") as file:
    ...     _ = file.write("whole")
    >>> with whole_file(folder / "a.txt", "w") as file:
    ...     _ = file.write("ha")
    ...     raise KeyError("lf")
    Traceback (most recent call last):
        ...
    KeyError: 'lf'
    >>> (folder / "a.txt").read_text(), len(list(folder.iterdir()))
    ('whole', 1)
    """
    if is_no_file(path):
        with _told(path), open(path, mode, **options) as file:
            yield file
        return
    number = _nameless(path)
    if number is None:
        with draft(path) as beside, open(beside, mode, **options) as file:
            yield file
        return
    with _told(path), open(number, mode, **options) as file:
        target = _target(path)
        before = _mode_of(target, path)
        yield file
        file.flush()
        _name(number, target, before)


def write(path: str | os.PathLike[str], content: bytes | memoryview | str) -> None:
    """Write a file whole or not at all; see `whole_file`. Text is written in UTF-8."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogateescape")
    with whole_file(path) as file:
        file.write(content)


@contextlib.contextmanager
def draft(path: str | os.PathLike[str], room: int = 0) -> Iterator[Path]:
    """The name of an empty file, which takes the place of another when the block ends without an error.

    Parameters
    ----------
    path : str or path
        As for `whole_file`; for what writes by name, as the libraries of HDF5 do.
    room : int
        Bytes for which the disk must have room, or nothing is begun: HDF5 does not survive a full one.

    Yields
    ------
    pathlib.Path
        In the same folder.

    Raises
    ------
    FileError
        When it cannot be written; what was there stays as it was.
    """
    with _told(path):
        target = _target(path)
        before = _mode_of(target, path)
        beside = _beside(target)
        # Made as `open` makes a file, so that the mask of the process counts.
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        try:
            _check_room(beside, room)
            yield beside
            _put(beside, target, before)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise


def _check_room(beside: Path, room: int) -> None:
    if not room or not hasattr(os, "posix_fallocate"):
        return
    with beside.open("r+b") as file:
        os.posix_fallocate(file.fileno(), 0, room)
        file.truncate(0)


def check_target(path: str | os.PathLike[str]) -> None:
    """Refuse a name that cannot be written to, before anything is computed for it.

    Raises
    ------
    FileError
        When its folder is missing, it is a folder, or may not be written.
    """
    with _told(path):
        if is_no_file(path):
            return
        target = _target(path)
        _mode_of(target, path)
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise FileError(
                f"{str(path)!r} cannot be written: the folder {str(target.parent)!r} may not be changed."
            )


def _beside(target: Path) -> Path:
    return target.with_name(f"{DRAFT[0]}{secrets.token_hex(6)}{DRAFT[1]}")


def is_no_file(path: str | os.PathLike[str]) -> bool:
    """Whether a name is no file that could be replaced: a pipe, a device, what the process has open.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    bool
        False where there is nothing of that name.
    """
    if os.fsdecode(path).startswith(_OPEN):
        return True
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _target(path: str | os.PathLike[str]) -> Path:
    """Where the file is that a name stands for."""
    if "\0" in os.fsdecode(path):
        raise FileError(f"{str(path)!r} is no name of a file: leave the null character out.")
    target = Path(os.path.realpath(os.fsdecode(path)))
    if target.is_dir() or not os.path.basename(path):
        raise FileError(f"{str(path)!r} is a folder: write the name of a file.")
    if not target.parent.is_dir():
        folder = str(target.parent)
        raise FileError(f"There is no folder {folder!r} to write {target.name!r} into: make it first.")
    return target


def _mode_of(target: Path, path: Any) -> os.stat_result | None:
    """What is known of the file that is there; None where there is none."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not os.access(target, os.W_OK):
        raise FileError(f"{str(path)!r} may not be overwritten: choose another name.")
    return found


def _put(beside: Path, target: Path, before: os.stat_result | None) -> None:
    if before is not None:
        _like_before(beside, before)
    _to_disk(beside, os.O_RDWR)
    os.replace(beside, target)
    # The name itself is kept by the folder. Not every system can do this for one.
    with contextlib.suppress(OSError):
        _to_disk(target.parent, os.O_RDONLY)


def _like_before(beside: Path | int, before: os.stat_result) -> None:
    # Another's file may be replaced, but not given to him; Windows knows no owners.
    with contextlib.suppress(OSError, AttributeError):
        if (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
            os.chown(beside, before.st_uid, before.st_gid)
    os.chmod(beside, before.st_mode & 0o777)


def _nameless(path: str | os.PathLike[str]) -> int | None:
    """A new file without a name, of which nothing is left if the process is killed.

    Linux has them, on most of its file systems; None elsewhere.
    """
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir("/proc/self/fd"):
        return None
    try:
        return os.open(_target(path).parent, os.O_TMPFILE | os.O_RDWR, 0o666)
    except OSError:  # which is told of where a draft with a name cannot be made either
        return None


def _name(number: int, target: Path, before: os.stat_result | None) -> None:
    """Give a file without a name its place."""
    if before is not None:
        _like_before(number, before)
    os.fsync(number)
    beside = _beside(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        try:
            os.link(f"/proc/self/fd/{number}", beside, src_dir_fd=folder, follow_symlinks=True)
        except OSError:  # where that is not allowed
            _copy(number, beside)
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    finally:
        os.close(folder)
    with contextlib.suppress(OSError):
        _to_disk(target.parent, os.O_RDONLY)


def _copy(number: int, beside: Path) -> None:
    with open(os.dup(number), "rb") as whole, beside.open("xb") as file:
        whole.seek(0)
        shutil.copyfileobj(whole, file)
        os.fchmod(file.fileno(), os.fstat(number).st_mode & 0o777)
        file.flush()
        os.fsync(file.fileno())


def _to_disk(path: Path, flags: int) -> None:
    number = os.open(path, flags)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextlib.contextmanager
def _told(path: Any) -> Iterator[None]:
    """Say in a sentence what the system refuses."""
    try:
        yield
    except (CurrentscapeError, BrokenPipeError):
        raise
    except OSError as cause:
        error = FileError(
            f"{str(path)!r} could not be written ({cause.strerror or cause}): what was there is as it was."
        )
        error.errno = cause.errno
        raise error from cause
