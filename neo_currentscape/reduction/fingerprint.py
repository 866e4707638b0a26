"""What tells one state of a recording on disk from another: a file, or a folder of files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

#: So many bytes are hashed of a file or folder: all where there are no more, else pieces of at most such a
#: length, so many of a file.
WHOLE, PIECE, PIECES = 16 << 20, 1 << 16, 64

#: The least that is hashed of each of many files.
LEAST = 1 << 9


def fingerprint(path: str | os.PathLike[str]) -> str:
    """What tells one state of a file, or of a folder of files, from another.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    str
        Of the names, sizes and times of all files, and of their bytes: all of them, or of large ones the
        first, the last, and pieces in between. The time at which a file was changed last is among them,
        which nobody sets back.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.nix"
    >>> _ = file.write_bytes(b"one"); before = fingerprint(file)
    >>> _ = file.write_bytes(b"two"); before == fingerprint(file)
    False
    """
    top = Path(path)
    files = sorted(_files_below(top)) if top.is_dir() else [top]
    found = hashlib.sha256()
    for file in files:
        about = file.stat()
        name = str(file.relative_to(top)) if file != top else ""
        found.update(json.dumps([name, about.st_size, about.st_mtime_ns, about.st_ctime_ns]).encode())
        with file.open("rb") as content:
            for piece in _pieces(content, about.st_size, WHOLE // len(files)):
                found.update(piece)
    return found.hexdigest()


def _files_below(top: Path) -> Iterator[Path]:
    """Files of a folder, also behind links to other folders, each of which is gone through once."""
    known = set()
    for folder, below, names in os.walk(top, followlinks=True):
        real = os.path.realpath(folder)
        if real in known:
            below.clear()
            continue
        known.add(real)
        yield from (Path(folder, name) for name in names if Path(folder, name).is_file())


def _pieces(content: Any, size: int, whole: int) -> Iterator[bytes]:
    if size <= whole:
        yield content.read()
        return
    n_pieces = int(np.clip(whole // PIECE, 2, PIECES))
    length = min(int(np.clip(whole // n_pieces, LEAST, PIECE)), size)
    for start in np.linspace(0, size - length, n_pieces).astype(np.int64):
        content.seek(int(start))
        yield content.read(length)


def stamp(path: str | os.PathLike[str]) -> tuple[int, ...] | None:
    """What is quickly looked up of a file, and differs as soon as it was written to or replaced.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    tuple of int or None
        None of a folder, whose files are too many, and of what is not there.
    """
    try:
        about = os.stat(path)
    except OSError:
        return None
    return None if os.path.isdir(path) else (about.st_ino, about.st_size, about.st_mtime_ns)


def other_files(path: str | os.PathLike[str]) -> list[str]:
    """Names of files from which an HDF5 file takes values: by links, as raw storage, or virtually.

    Parameters
    ----------
    path : str or path
        Of any file.

    Returns
    -------
    list of str
        As they stand in the file; empty where it is no HDF5 file.
    """
    try:
        import h5py
    except ImportError:
        return []
    if not h5py.is_hdf5(path):
        return []
    found: list[str] = []

    def of_link(name: bytes, info: Any) -> None:
        if info.type == h5py.h5l.TYPE_EXTERNAL:
            found.append(file.get(name.decode(), getlink=True).filename)

    def of_object(name: str, held: Any) -> None:
        if not isinstance(held, h5py.Dataset):
            return
        found.extend(str(one[0]) for one in held.external or ())
        if held.is_virtual:
            found.extend(one.file_name for one in held.virtual_sources() if one.file_name != ".")

    with h5py.File(path, "r") as file:
        file.id.links.visit(of_link, info=True)
        file.visititems(of_object)
    return list(dict.fromkeys(found))
