"""Which of several readers reads a file: each is tried, until one finds something in it."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import neo

from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import FileError

#: The adapters of recordings from the bench, and of what NetPyNE saves. By name, because adapters stand
#: above, and none is imported unless a file may be one of its own.
_NETPYNE, NETPYNE_ENDINGS = "neo_currentscape.adapters.netpyne.files", (".json", ".mat")
_BENCH, BENCH_ENDINGS = (
    "neo_currentscape.adapters.icephys.own",
    (
        ".abf",
        ".nwb",
        ".csv",
        ".tsv",
        ".txt",
        ".dat",
        ".asc",
        ".atf",
        ".tab",
        ".wcp",
        ".axgd",
        ".axgx",
        ".ibw",
    )
    + (".pxp", ".smr", ".smrx"),
)

#: Extras with the packages that readers of Neo need.
_EXTRAS = {"NixIO": "nix", "NWBIO": "icephys", "IgorIO": "icephys"}

#: Readers of Neo that take any bytes, or any text, for numbers, whatever they are.
_TAKE_ANYTHING = ("RawBinarySignalIO", "AsciiSignalIO", "AsciiSpikeTrainIO", "ExampleIO", "NestIO")


def from_an_adapter(path: Path) -> list[neo.Block] | None:
    """What an adapter makes of a file that it reads better than Neo; None for any other.

    Raises
    ------
    FileError
        When it is one of an adapter's own, and damaged.
    """
    if path.is_dir():
        return None
    for module, endings in ((_BENCH, BENCH_ENDINGS), (_NETPYNE, NETPYNE_ENDINGS)):
        if path.suffix.lower() in endings:
            block = importlib.import_module(module).read_own(path)
            return None if block is None else [block]
    return None


def candidates_of(path: str | Path) -> list[Any]:
    """The Neo IOs for a file, the best first: those that keep names and annotations, then those that need
    not read it whole.

    Raises
    ------
    FileError
        When there is none.
    """
    path = Path(path)
    if inputs.is_pickle(path):
        return [neo.io.PickleIO]
    if path.suffix[1:].isdigit():  # one rank's file of an MPI run
        path = path.with_suffix("")
    try:
        found = neo.io.list_candidate_ios(str(path))
    except ValueError:  # no IO knows the suffix
        found = []
    # Neo goes by the names of other files too; what is not called a pickle is not read as one.
    found = [kind for kind in dict.fromkeys(found) if kind.__name__ not in (*_TAKE_ANYTHING, "PickleIO")]
    if not found and path.is_dir():
        raise _no_recording(path)
    if not found:
        raise FileError(
            f"Neo has no reader for {str(path)!r}: convert it to NIX (.nix), e.g. with neo.io.NixIO."
        )
    keep_all = (neo.io.NixIO, neo.io.NeoMatlabIO)
    return sorted(found, key=lambda kind: (kind not in keep_all, not kind.support_lazy))


def reads_in_parts(path: Path) -> bool:
    """Whether the signals of a file can stay in it, as far as its ending tells."""
    if inputs.is_pickle(path) or path.suffix.lower() in (*BENCH_ENDINGS, *NETPYNE_ENDINGS):
        return False
    kind = candidates_of(path)[0]
    return kind is neo.io.NixIO or bool(kind.support_lazy)


def first_that_reads(path: Path, read: Callable[[Any], Any]) -> list[neo.Block]:
    """Try the readers of a file in turn.

    Parameters
    ----------
    path : pathlib.Path
    read : callable
        Takes a Neo IO class, and returns a Block or a list of them.

    Returns
    -------
    list of neo.Block
        Of the first reader that finds anything, else of the first that reads it at all.

    Raises
    ------
    FileError
        When none does; the sentence names those that were tried.
    """
    tried: list[tuple[str, Exception]] = []
    empty = None
    for kind in candidates_of(path):
        try:
            with _quiet_about(path):
                blocks = read(kind)
        except Exception as cause:  # each Neo IO raises what its format's library raises
            tried.append((kind.__name__, cause))
            continue
        blocks = list(blocks) if isinstance(blocks, (list, tuple)) else [blocks]
        if any(_holds_something(block) for block in blocks):
            return blocks
        empty = blocks if empty is None else empty
    if empty is not None:
        return empty
    raise _unread(path, tried) from tried[0][1]


@contextlib.contextmanager
def _quiet_about(path: Path) -> Iterator[None]:
    """What a reader of another format warns of a folder is not told."""
    if not path.is_dir():
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _holds_something(block: neo.Block) -> bool:
    return any(segment.data_children for segment in block.segments) or bool(block.groups)


def _no_recording(folder: Path) -> FileError:
    return FileError(
        f"{str(folder)!r} is a folder in which no reader of Neo finds a recording: name the file of one."
    )


def _unread(path: Path, tried: Sequence[tuple[str, Exception]]) -> FileError:
    if path.is_dir():
        return _no_recording(path)
    if path.exists() and not path.stat().st_size:
        return FileError(f"{str(path)!r} is empty: write the recording again.")
    name, cause = tried[0]
    if isinstance(cause, FileError):
        return cause
    if isinstance(cause, ImportError):
        lacking = " ".join(str(cause).split()).rstrip(".")
        write = "install that package with pip"
        if name in _EXTRAS:
            write = f'write pip install "neo-currentscape[{_EXTRAS[name]}]"'
        return FileError(
            f"{str(path)!r} could not be read by {name}, as a package that it needs is missing "
            f"({lacking}): {write}."
        )
    further = [other for other in dict.fromkeys(other for other, _ in tried) if other != name]
    others = f", nor by {', '.join(further)}" if further else ""
    told = " ".join(f"{type(cause).__name__}: {cause}".split())
    told = told if len(told) < 400 else f"{told[:400]}..."
    return FileError(f"{str(path)!r} could not be read by {name} ({told}){others}: {advice(path)}.")


def advice(path: Path) -> str:
    """What to do about a file that no Neo IO could read."""
    try:
        import h5py

        with h5py.File(path, "r") as file:
            held = set(file)
    except (ImportError, OSError):  # other formats are not looked into
        return "check that the file is whole"
    if "report" in held:
        return (
            "it is a SONATA report, which neo_currentscape.adapters.sonata.to_segment reads in Python "
            "into a Segment that can be saved"
        )
    return "check that the file is whole, and of a format that Neo reads"
