"""Arrays in NumPy's archives (.npz): written whole, and read with what is wrong in a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import numpy as np

from neo_currentscape.conventions import declared, inputs
from neo_currentscape.conventions.errors import FileError
from neo_currentscape.conventions.whole_files import whole_file


def write_arrays(path: str | os.PathLike[str], arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays into an archive.

    Parameters
    ----------
    path : str or path
    arrays : mapping of str to ndarray

    Raises
    ------
    FileError
        When it cannot be written; an older one stays.
    """
    with whole_file(path) as file:
        np.savez_compressed(file, **dict(arrays))  # type: ignore[arg-type]


def read_arrays(
    path: str | os.PathLike[str], needed: Iterable[str] = (), mend: str = "check that the file is whole"
) -> dict[str, np.ndarray]:
    """Read what `write_arrays` wrote. Arrays of Python objects are not read, as they could run code.

    Parameters
    ----------
    path : str or path
    needed : iterable of str
        Arrays that it has to hold.
    mend : str
        What to do about one that is damaged, for the error.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    FileError
        When it is missing, damaged, or holds something else.
    """
    path = inputs.existing_file(path)
    try:
        declared.check_archive(path)
        with np.load(path, allow_pickle=False) as found:
            arrays = dict(found)
    except Exception as cause:  # as many kinds as there are ways to be damaged
        why = f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__
        raise FileError(f"{str(path)!r} is damaged ({why}): {mend}.") from cause
    lacking = [name for name in needed if name not in arrays]
    if lacking:
        raise FileError(f"{str(path)!r} is damaged (it has no array {lacking[0]!r}): {mend}.")
    return arrays
