"""Opening what a summary is given: files, Segments, Blocks, Recordings, and functions that make them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.recording.lazy.candidates import reads_in_parts
from neo_currentscape.recording.lazy.files import read_lazy
from neo_currentscape.recording.recording import Recording

#: Neurons in a job, of what is in memory and of a file, which each of its jobs opens anew. Parts are
#: merged in the order of the jobs, so that nothing depends on the number of workers.
BATCH, FILE_BATCH = 128, 512


@dataclass(frozen=True)
class RankFile:
    """The file of one rank of an MPI run."""

    path: Path
    n_ranks: int


@dataclass(frozen=True)
class Opened:
    """An open source.

    Attributes
    ----------
    segments : sequence of neo.Segment, Recording or list of places
    batch : int or None
        How many of its neurons make a job; None where only all of it can be read.
    in_memory : bool
        Whether its signals need not be read again.
    """

    segments: Sequence[Any]
    batch: int | None
    in_memory: bool


def rank_files(path: str | Path) -> list[Any]:
    """The files that stand behind a name: the file itself, or those of all ranks of an MPI run.

    Parameters
    ----------
    path : str or path
        With ``gather=False`` on several ranks PyNN writes ``x.pkl.0``, ``x.pkl.1`` ... for "x.pkl".

    Returns
    -------
    list of RankFile, or of the one path
        The path itself where there is no such file either, so that the error names it.
    """
    path = Path(path)
    is_rank = path.suffix[1:].isdigit() and not path.with_suffix("").exists()
    whole = path.with_suffix("") if is_rank else path
    if whole.exists():
        return [path]
    found = sorted(
        (one for one in whole.parent.glob(f"{whole.name}.*") if one.suffix[1:].isdigit()),
        key=lambda one: int(one.suffix[1:]),
    )
    if not found or (is_rank and path not in found):
        return [path]
    return [RankFile(one, len(found)) for one in ([path] if is_rank else found)]


@contextmanager
def opened(source: Any, label: str, trust_pickle: bool = False) -> Iterator[Opened]:
    """Open a source for as long as it is read.

    Parameters
    ----------
    source : str, path, RankFile, neo.Segment, neo.Block, Recording, Currentscape or callable
    label : str
        How errors name it.
    trust_pickle : bool
        Whether a pickle is read.

    Yields
    ------
    Opened

    Raises
    ------
    ArgumentTypeError
        When it is something else.
    FileError
        When a file is missing or not whole.
    """
    # What a file held is let go where the block ends, and the file is closed with it.
    made = callable(source)
    if made:
        source = source()
    if isinstance(source, Currentscape):
        source = source.recording
    if isinstance(source, (str, Path, RankFile)):
        yield _file(source, trust_pickle)
    elif isinstance(source, (Recording, neo.Segment, list)):
        yield Opened([source], None if made else BATCH, not made)
    elif isinstance(source, neo.Block):
        yield Opened(list(source.segments), None if made else BATCH, not made)
    else:
        raise ArgumentTypeError(
            f"{label} is a {type(source).__name__}: summarise takes file names, Neo Segments and Blocks, "
            "Recordings, and functions that make one of these."
        )


def _file(source: Any, trust_pickle: bool) -> Opened:
    path, n_ranks = (source.path, source.n_ranks) if isinstance(source, RankFile) else (Path(source), 0)
    blocks = read_lazy(path, trust_pickle=trust_pickle)
    for block in blocks:
        wanted = block.annotations.get("mpi_processes")
        if n_ranks and wanted is not None and int(wanted) != n_ranks:
            raise SelectionError(
                f"Run {path.with_suffix('').name!r} had {int(wanted)} ranks and there are {n_ranks} files: "
                "put all of them into one folder."
            )
    segments = [segment for block in blocks for segment in _segments(block)]
    return Opened(segments, FILE_BATCH if reads_in_parts(path) else None, False)


def _segments(block: neo.Block) -> Sequence[Any]:
    """The Segments; of PyNN's recordings with the currents that follow from them."""
    from neo_currentscape.adapters.pynn.description import KEY

    described = any(place.annotations.get(KEY) for place in (block, *block.segments))
    if not described:
        return list(block.segments)
    from neo_currentscape.adapters import pynn

    return list(pynn.to_block(block).segments)
