"""What a file says it holds, against how long it is: before memory is taken for it."""

from __future__ import annotations

import math
import os
import zipfile
from pathlib import Path
from typing import Any

from neo_currentscape.conventions.errors import FileError

#: The most that a compressed file can hold, as a multiple of its length: that of deflate is 1032.
MOST_COMPRESSED = 1100

#: What may be declared whatever the length of the file: numbers that were never written take no room in it,
#: and stand for one value. Of what is read whole, and of what is read by chunk.
WHOLE, BY_CHUNK = 1 << 26, 1 << 34


def check(
    path: str | os.PathLike[str], n_bytes: int, what: str, least: int = WHOLE, length: int | None = None
) -> None:
    """Refuse what cannot be in a file.

    Parameters
    ----------
    path : str or path
    n_bytes : int
        That it declares.
    what : str
        For the error, e.g. ``"signal 'ina'"``.
    least : int
        What may be declared in any case.
    length : int, optional
        Of all files that hold the data; that of the one file where left out.

    Raises
    ------
    FileError
        Which says what is declared, and how long the file is.
    """
    length = os.path.getsize(path) if length is None else length
    if n_bytes > max(least, MOST_COMPRESSED * length):
        raise _too_much(path, n_bytes, what, length)


def _too_much(path: str | os.PathLike[str], n_bytes: int, what: str, length: int) -> FileError:
    return FileError(
        f"{str(path)!r} declares {min(n_bytes, 10**300):.3g} bytes for {what}, and has {length}: it is "
        "damaged or cut short; check that the file is whole."
    )


def length_with_parts(path: Path) -> int:
    """Length in bytes of a file and those that belong to it by their name, or of all in a folder."""
    if path.is_dir():
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    # Headers stand beside their data ("a.vhdr" and "a.eeg").
    return sum(one.stat().st_size for one in path.parent.glob(f"{_escaped(path.stem)}*") if one.is_file())


def _escaped(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def check_datasets(file: Any, path: str | os.PathLike[str], least: int = WHOLE) -> None:
    """Check all datasets of an open HDF5 file, but for those whose values are elsewhere.

    Raises
    ------
    FileError
        As `check`.
    """
    import h5py

    def visit(name: str, one: Any) -> None:
        if isinstance(one, h5py.Dataset) and one.shape is not None and not (one.is_virtual or one.external):
            check(path, one.size * one.dtype.itemsize, f"dataset {name!r}", least)

    file.visititems(visit)


def check_archive(path: str | os.PathLike[str]) -> None:
    """Check all arrays of an ``.npz`` file.

    Raises
    ------
    FileError
        As `check`, and where the header of an array declares another size than it has.
    """
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            check(path, entry.file_size, f"array {entry.filename!r}")
            with archive.open(name=entry) as stream:
                shape, dtype = _header(stream)
                size = stream.tell() + math.prod(shape) * dtype.itemsize
                if size > entry.file_size:
                    raise _too_much(path, size, f"array {entry.filename!r}", entry.file_size)


def _header(stream: Any) -> tuple[tuple[int, ...], Any]:
    from numpy.lib import format as npy

    old = npy.read_magic(stream) == (1, 0)
    shape, _, dtype = npy.read_array_header_1_0(stream) if old else npy.read_array_header_2_0(stream)
    return shape, dtype
