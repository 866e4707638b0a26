"""Reading files through Neo, and choosing the segment that was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.recording.lazy.files import blocks_of, read_lazy


def add_trust(parser: Any) -> None:
    """Add the option without which no pickle is read."""
    parser.add_argument(
        "--trust-pickle",
        action="store_true",
        help="read pickles (.pkl) too, which runs whatever code their author put into them",
    )


@np.errstate(divide="ignore", invalid="ignore")  # of sampling intervals that are none: they are told of
def read_blocks(path: str | Path, trust_pickle: bool = False) -> list[neo.Block]:
    """Read all Blocks of a file, for commands that need every value at once.

    Parameters
    ----------
    path : str or path
        Any file that Neo reads.
    trust_pickle : bool
        Whether a pickle is read.

    Returns
    -------
    list of neo.Block

    Raises
    ------
    FileError
        When there is no such file, no Neo IO for it, the IO fails, or it is a pickle that is not trusted.
    """
    path = Path(path)
    ranks = _of_ranks(path, trust_pickle)
    if ranks is not None:
        return ranks
    return blocks_of(path, trust_pickle, _read_whole)


def _read_whole(kind: Any, path: Path) -> Any:
    reader = kind(str(path), **({"mode": "ro"} if kind is neo.io.NixIO else {}))
    try:
        return reader.read()
    finally:
        close = getattr(reader, "close", None)
        if close is not None:
            close()


def open_blocks(path: str | Path, trust_pickle: bool = False) -> list[neo.Block]:
    """Open all Blocks of a file, for commands that go through its signals chunk by chunk.

    Parameters
    ----------
    path : str or path
        Any file that Neo reads; the signals stay in it where the format allows that.
    trust_pickle : bool
        Whether a pickle is read.

    Returns
    -------
    list of neo.Block

    Raises
    ------
    FileError
        When there is no such file, no Neo IO for it, the IO fails, or it is a pickle that is not trusted.
    """
    ranks = _of_ranks(Path(path), trust_pickle)
    return read_lazy(path, trust_pickle=trust_pickle) if ranks is None else ranks


def _of_ranks(path: Path, trust_pickle: bool) -> list[neo.Block] | None:
    """The Block of a run on several ranks, which PyNN writes into files of their own ("x.pkl.0" ...)."""
    if path.exists() or not path.with_name(f"{path.name}.0").exists():
        return None
    from neo_currentscape.adapters import pynn

    return [pynn.read(path, trust_pickle=trust_pickle)]


def choose_segment(blocks: list[neo.Block], index: int | None, path: str) -> neo.Segment:
    """Choose a segment by its number in the file.

    Parameters
    ----------
    blocks : list of neo.Block
        All of a file.
    index : int or None
        Counted from 0 over all Blocks; may be left out where there is one segment.
    path : str
        Name of the file, for the error.

    Returns
    -------
    neo.Segment

    Raises
    ------
    ArgumentError
        When there is no such segment, or several and none chosen.
    """
    return choose_segment_of([segment for block in blocks for segment in block.segments], index, path)


def choose_segment_of(segments: list[neo.Segment], index: int | None, path: str) -> neo.Segment:
    """Choose one of the segments of a file; see `choose_segment`."""
    if index is None and len(segments) == 1:
        return segments[0]
    if index is None or not 0 <= index < len(segments):
        asked = "none was chosen" if index is None else f"there is no segment {index}"
        if not segments:
            raise ArgumentError(f"{path!r} holds no segment: name a file with a recording.")
        if len(segments) == 1:
            raise ArgumentError(f"{path!r} holds one segment, number 0, and {asked}: leave --segment out.")
        raise ArgumentError(
            f"{path!r} holds {len(segments)} segments and {asked}: write --segment with a number from 0 "
            f"to {len(segments) - 1}."
        )
    return segments[index]
