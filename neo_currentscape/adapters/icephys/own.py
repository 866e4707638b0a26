"""Files that this adapter reads itself; for all others None, so that a reader of Neo may take them."""

from __future__ import annotations

from pathlib import Path

import neo

from neo_currentscape.adapters.icephys import abf, nwb, tables, through_neo
from neo_currentscape.conventions.errors import MissingDependencyError, warn


def read_own(path: Path) -> neo.Block | None:
    """Read a file whose ending is one of the bench.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    neo.Block or None
        None where Neo is to be asked: a file of another kind under the same ending.

    Raises
    ------
    FileError
        When it is damaged.
    """
    ending = path.suffix.lower()
    if ending == ".abf":
        return _abf(path)
    if ending == ".nwb":
        return nwb.read(path) if nwb.is_intracellular(path) else None
    if ending in tables.ENDINGS and tables.is_table(path):
        return tables.read(path)
    if ending in through_neo.ENDINGS:
        return through_neo.read(path)
    if ending in (".csv", ".tsv", ".atf"):
        return tables.read(path)  # which says what is wrong
    return None


def _abf(path: Path) -> neo.Block | None:
    try:
        return abf.read(path)
    except abf.UnknownToPyABF:
        return None
    except MissingDependencyError as cause:
        warn(f"{path.name!r} is read by Neo, without the command that was sent: {cause}")
        return None
