"""Reading PyNN's files, those of an MPI run's ranks together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import neo

from neo_currentscape.adapters.pynn.description import KEY
from neo_currentscape.conventions import inputs, unit_text
from neo_currentscape.conventions.errors import SelectionError, SignalError
from neo_currentscape.conventions.given import path_of
from neo_currentscape.recording import pickles

_IO = {".pkl": "PickleIO", ".pickle": "PickleIO", ".nix": "NixIO", ".h5": "NixIO"}


def read(path: str | Path, *, trust_pickle: bool = False) -> neo.Block:
    """Read a Block that PyNN's `write_data` wrote, in one file or in one for each rank.

    With ``gather=False`` on several ranks PyNN writes ``x.pkl.0``, ``x.pkl.1`` ..., each with the
    neurons of one rank.

    Parameters
    ----------
    path : str or Path
        The name that was given to PyNN ("x.pkl"), or one rank's file.
    trust_pickle : bool
        Whether a pickle is read, which runs the code that it holds; it is refused unless told. NIX
        ("x.nix") keeps the same and holds no code.

    Returns
    -------
    neo.Block
        With the signals of all ranks side by side in each Segment.

    Raises
    ------
    SelectionError
        When there is no such file, or a rank's file is missing.
    FileError
        When it is a pickle that is not trusted.

    Examples
    --------
    >>> pynn.to_segment(pynn.read("x.nix"))                                  # doctest: +SKIP
    >>> pynn.to_segment(pynn.read("x.pkl", trust_pickle=True))               # doctest: +SKIP
    """
    path = path_of(path, "read()")
    if path.suffix[1:].isdigit() and not path.with_suffix("").exists():
        path = path.with_suffix("")
    if path.exists():
        return _read_one(path, path.suffix, trust_pickle)
    parts = _rank_files(path)
    if not parts:
        raise SelectionError(f"There is no file {str(path)!r}, nor {path.name + '.0'!r} of an MPI run.")
    blocks = [_read_one(part, path.suffix, trust_pickle) for part in parts]
    _check_ranks(blocks, path)
    return _merged(blocks)


def _rank_files(path: Path) -> list[Path]:
    found = [p for p in path.parent.glob(f"{path.name}.*") if p.suffix[1:].isdigit()]
    return sorted(found, key=lambda p: int(p.suffix[1:]))


def _read_one(path: Path, suffix: str, trust_pickle: bool) -> neo.Block:
    inputs.existing_file(path)
    if suffix not in _IO:
        raise SelectionError(
            f"File {path.name!r} is of a type that does not keep what the currents need: let PyNN "
            f"write one of {', '.join(_IO)}."
        )
    if _IO[suffix] == "PickleIO":
        blocks = pickles.read(path, trust_pickle)
    else:
        unit_text.guard()
        # NixIO would otherwise open the file for writing.
        blocks = neo.io.NixIO(str(path), mode="ro").read()
    if len(blocks) != 1:
        raise SelectionError(
            f"File {path.name!r} holds {len(blocks)} Blocks: read it with Neo and pass one."
        )
    return blocks[0]


def _check_ranks(blocks: list[Any], path: Path) -> None:
    wanted = blocks[0].annotations.get("mpi_processes")
    if wanted is not None and int(wanted) != len(blocks):
        raise SelectionError(
            f"Run {path.name!r} had {int(wanted)} ranks and there are {len(blocks)} files: put all of them "
            "into one folder."
        )
    if len({len(block.segments) for block in blocks}) != 1:
        raise SignalError(
            f"The files of {path.name!r} hold unequal numbers of segments: they are not of one run."
        )


def _merged(blocks: list[Any]) -> neo.Block:
    merged = blocks[0]
    for block in blocks[1:]:
        for into, segment in zip(merged.segments, block.segments, strict=True):
            for kind in ("analogsignals", "irregularlysampledsignals", "spiketrains", "epochs", "events"):
                getattr(into, kind).extend(getattr(segment, kind))
            _join(into, segment)
        _join(merged, block)
    return merged


def _join(into: Any, other: Any) -> None:
    texts = [place.annotations[KEY] for place in (into, other) if place.annotations.get(KEY)]
    if texts:
        into.annotations[KEY] = ";".join(texts)
