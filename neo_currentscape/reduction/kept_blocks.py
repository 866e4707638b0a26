"""Blocks kept in a file beside the recording that they are of, so that it need not be read again.

Nothing that is kept is believed unless the source has the size, the times and the bytes that it had, it was
the same version of this package that wrote it, and the same signals were chosen. What is damaged is made
anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zipfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import CurrentscapeError, FileError, warn
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.conventions.whole_files import whole_file
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.blocks import Blocks
from neo_currentscape.reduction.fingerprint import fingerprint
from neo_currentscape.reduction.partial import Extremes, Partial

#: How the name of such a file begins and ends.
KEPT = (".", ".ncs-blocks")

#: What reading a damaged file raises.
DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    RuntimeError,
    MemoryError,
    SyntaxError,
    zipfile.BadZipFile,
)

#: Changes when what is kept is laid out in another way.
LAYOUT = 2


def blocks_of(
    recording: Recording,
    path: str | os.PathLike[str],
    chosen: Mapping[str, Any],
    progress: Callable[[int, int], None] | None = None,
    state: str | None = None,
) -> Blocks:
    """The blocks of a recording: those that are kept, or new ones, which are then kept.

    Parameters
    ----------
    recording : Recording
    path : str or path
        Of the file, or folder, from which it is read.
    chosen : mapping
        The options by which its signals were chosen.
    progress : callable, optional
        As for `Blocks.of`.
    state : str, optional
        The fingerprint that the path had before the recording was opened; that of now where left out.

    Returns
    -------
    Blocks

    Raises
    ------
    FileError
        When the path was changed since it was opened, or while it was read: what is known of it does not
        belong together.

    Warns
    -----
    CurrentscapeWarning
        When there is no place to keep them.
    """
    about = {
        "layout": LAYOUT,
        "version": version("neo-currentscape"),
        "source": fingerprint(path) if state is None else state,
        "chosen": json.dumps(chosen, sort_keys=True, default=str),
        "names": recording.names,
        "unit": str(recording.currents.dimensionality),
        "samples": len(recording),
    }
    places = places_of(path, str(about["chosen"]))
    if state is not None:
        _check_unchanged(path, state)
    for place in places:
        found = _read(place, about)
        if found is not None:
            return found
    made = Blocks.of(recording, progress=progress)
    _check_unchanged(path, str(about["source"]))
    if not any(_written(place, made, about) for place in places):
        folders = " and ".join(repr(str(place.parent)) for place in places)
        warn(f"What was made of {str(path)!r} is not kept, as {folders} cannot be written to.")
    return made


def _check_unchanged(path: str | os.PathLike[str], state: str) -> None:
    if not os.path.exists(path) or fingerprint(path) != state:
        raise FileError(f"{str(path)!r} was changed since it was opened: open it again when it is whole.")


def places_of(path: str | os.PathLike[str], chosen: str) -> list[Path]:
    """Where blocks are kept: beside the file, or else in the user's folder for what can be made again.

    Parameters
    ----------
    path : str or path
    chosen : str
        What was chosen of it.

    Returns
    -------
    list of path
    """
    real = Path(os.path.realpath(path))
    key = hashlib.sha256(chosen.encode()).hexdigest()[:12]
    name = f"{KEPT[0]}{real.name}.{key}{KEPT[1]}"
    where = hashlib.sha256(os.fsencode(real.parent)).hexdigest()[:12]
    return [real.with_name(name), _cache_folder() / f"{where}{name}"]


def _cache_folder() -> Path:
    home = Path.home()
    told = {
        "win32": os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local",
        "darwin": home / "Library" / "Caches",
    }.get(sys.platform, os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return Path(told) / "neo-currentscape"


def _rows(blocks: Blocks) -> dict[str, np.ndarray]:
    """The numbers of blocks by names that say what they are."""
    part = blocks.partial
    found = {"starts": blocks.starts, "edges": part.edges, "time": part.time, "samples": part.samples}
    for direction in DIRECTIONS:
        found[f"shares.{direction}"] = part.shares[direction]
        found[f"totals.{direction}"] = part.totals[direction]
        assert part.flows is not None
        found[f"flows.{direction}"] = part.flows[direction]
        found[f"charge.{direction}"] = part.charge[direction]
    for key, ends in part.extremes.items():
        found[f"low.{key}"], found[f"high.{key}"] = ends.low, ends.high
    return found


def _from_rows(rows: Mapping[str, np.ndarray]) -> Blocks:
    def both(what: str) -> dict[str, np.ndarray]:
        return {direction: rows[f"{what}.{direction}"] for direction in DIRECTIONS}

    keys = [name.removeprefix("low.") for name in rows if name.startswith("low.")]
    partial = Partial(
        edges=rows["edges"],
        time=rows["time"],
        samples=rows["samples"],
        shares=both("shares"),
        totals=both("totals"),
        extremes={key: Extremes(rows[f"low.{key}"], rows[f"high.{key}"]) for key in keys},
        charge=both("charge"),
        flows=both("flows"),
    )
    return Blocks(rows["starts"], partial)


def _written(place: Path, blocks: Blocks, about: Mapping[str, Any]) -> bool:
    # A link could lead to any file of whoever opens the recording.
    if place.is_symlink():
        return False
    told = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
    rows: dict[str, Any] = {"about": told, **_rows(blocks)}
    try:
        if place.parent == _cache_folder():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(place) as file:
            np.savez(file, **rows)
    except (CurrentscapeError, OSError):
        return False
    return True


def _read(place: Path, about: Mapping[str, Any]) -> Blocks | None:
    """What is kept, if it is whole and of this very recording."""
    if place.is_symlink() or not place.is_file():
        return None
    try:
        with np.load(place, allow_pickle=False) as file:
            # No more than the file has bytes, whatever it says.
            held = file.zip.infolist()
            if any(one.compress_type or one.file_size > place.stat().st_size for one in held):
                return None
            if json.loads(file["about"].tobytes()) != json.loads(json.dumps(about)):
                return None
            return _from_rows({name: file[name] for name in file.files if name != "about"})
    except DAMAGED:
        return None
