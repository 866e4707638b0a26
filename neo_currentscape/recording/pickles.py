"""Pickles of Neo objects, and NetPyNE's, read only if the caller trusts them: to read one runs its code."""

from __future__ import annotations

import importlib
import os
import pickle
from collections.abc import Mapping
from typing import Any

import neo

from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import FileError

#: What reads the mapping that NetPyNE pickles. By name, because adapters stand above.
_NETPYNE = "neo_currentscape.adapters.netpyne.files"


def read(path: str | os.PathLike[str], trust_pickle: bool) -> list[neo.Block]:
    """Read a pickle of Blocks or Segments, or of NetPyNE's data.

    Parameters
    ----------
    path : str or path
    trust_pickle : bool
        Whether code that it holds may run.

    Returns
    -------
    list of neo.Block
        Segments without one get a Block.

    Raises
    ------
    FileError
        When it is not trusted, is no pickle, or holds something else.
    """
    path = inputs.existing_file(path)
    inputs.check_trust(path, trust_pickle)
    try:
        with path.open("rb") as file:
            found = pickle.load(file)
    except Exception as cause:  # whatever the objects in it raise
        raise FileError(
            f"{str(path)!r} could not be unpickled ({type(cause).__name__}: {cause}): check that the file "
            "is whole, and that what wrote it is installed."
        ) from cause
    if isinstance(found, Mapping) and "simData" in found:
        return [importlib.import_module(_NETPYNE).block_of(found, str(path))]
    return _blocks(found, str(path))


def _blocks(found: Any, path: str) -> list[neo.Block]:
    several = list(found) if isinstance(found, (list, tuple)) else [found]
    if several and all(isinstance(one, neo.Block) for one in several):
        return several
    if several and all(isinstance(one, neo.Segment) for one in several):
        block = neo.Block()
        block.segments.extend(several)
        return [block]
    held = "an empty list" if not several else f"a {type(found).__name__}"
    if several and several[0] is not found:
        held += f" of {type(several[0]).__name__}"
    raise FileError(
        f"{path!r} holds {held}, where a neo.Block or neo.Segment is needed: make one of it in Python, and "
        "save that."
    )
