"""Files that are read: what is none is refused before anybody waits for it, and pickles unless trusted."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from neo_currentscape.conventions.errors import ArgumentTypeError, FileError

#: What a path may lead to that is no file, each a test of its mode and what it is called.
_NO_FILES: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

#: Endings of pickles, in small letters.
PICKLES = (".pkl", ".pickle")


def existing(path: str | os.PathLike[str]) -> Path:
    """The path of what is to be read, if it is there, and is a file or a folder.

    Parameters
    ----------
    path : str or path
        Some formats are folders.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileError
        When there is nothing of that name, or a pipe or a device, which may have no end.

    Examples
    --------
    >>> existing("no-such-file.nix")
    Traceback (most recent call last):
        ...
    neo_currentscape.conventions.errors.FileError: There is no file 'no-such-file.nix': check the name.
    """
    if not str(path):  # which pathlib takes for the folder that one is in
        raise FileError("The name of a file is empty: name one.")
    path = Path(path)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as cause:
        raise FileError(f"There is no file {str(path)!r}: check the name.") from cause
    except (OSError, ValueError) as cause:
        why = getattr(cause, "strerror", None) or cause
        raise FileError(f"File {str(path)!r} cannot be read ({why}): check the name.") from cause
    for is_one, name in _NO_FILES:
        if is_one(mode):
            raise FileError(
                f"{str(path)!r} is {name}, which cannot be read as a file: save what comes out of it as a "
                "file, and name that."
            )
    return path


def existing_file(path: str | os.PathLike[str]) -> Path:
    """As `existing`, of formats that are one file.

    Raises
    ------
    FileError
        When it is a folder too.
    """
    path = existing(path)
    if path.is_dir():
        raise FileError(f"{str(path)!r} is a folder: name a file.")
    return path


def is_pickle(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a pickle by its ending, that of one rank of an MPI run ("x.pkl.0") too."""
    path = Path(path)
    path = path.with_suffix("") if path.suffix[1:].isdigit() else path
    return path.suffix.lower() in PICKLES


def check_trust(
    path: str | os.PathLike[str],
    trust_pickle: bool,
    instead: str = "write trust_pickle=True (--trust-pickle in a command)",
) -> None:
    """Refuse a pickle, unless the caller says that it can be trusted.

    Parameters
    ----------
    path : str or path
        Of a pickle.
    trust_pickle : bool
    instead : str
        What to write if it can be trusted.

    Raises
    ------
    ArgumentTypeError
        When that is neither True nor False.
    FileError
        When it is False.
    """
    if not isinstance(trust_pickle, bool):
        raise ArgumentTypeError(f"trust_pickle={trust_pickle!r} is no answer: write True or False.")
    if not trust_pickle:
        raise FileError(
            f"{str(path)!r} is a pickle, and to read it runs whatever code its author put into it: if you "
            f"trust that, {instead}; else ask for the same as NIX (.nix), which holds no code."
        )
