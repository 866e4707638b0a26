"""Files of NEST's ascii recording backend.

One multimeter writes a file for each thread, ``<label>-<node id>-<thread>.dat``: two lines that
begin with ``#``, a line of column names, then one line a sample, all separated by tabs.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, SignalError

#: <label>-<node id>-<thread>.<extension>
_FILE = re.compile(r"(?P<label>.*)-(?P<node>\d+)-(?P<thread>\d+)\.\w+$")

#: Columns under the keys that an events dict has.
_KEYS = {"sender": "senders", "time_ms": "times", "time_step": "times", "time_offset": "offsets"}


def read(label: str | Path) -> list[dict[str, Any]]:
    """Read all files of a label, threads put together.

    Parameters
    ----------
    label : str or Path
        Folder and label, e.g. ``"results/multimeter"``, or one of the files, which stands for all
        threads of its multimeter.

    Returns
    -------
    list of dict
        Events of each multimeter that used the label, by node id.

    Raises
    ------
    SelectionError
        When there is no such file.
    """
    by_node: dict[int, list[Path]] = {}
    for path, node in _find(Path(label)):
        by_node.setdefault(node, []).append(path)
    return [_together(by_node[node]) for node in sorted(by_node)]


def read_files(paths: Sequence[str] | str) -> list[dict[str, Any]]:
    """Read the files that one live multimeter lists under ``filenames``."""
    listed = [paths] if isinstance(paths, str) else list(paths)
    if not listed:
        raise SignalError("The multimeter has written no file yet: simulate, and pass it again.")
    # NEST lists the files of some threads only; all of them carry the label and the node id.
    return read(listed[0])


def _find(label: Path) -> list[tuple[Path, int]]:
    one = _FILE.match(label.name)
    if label.is_file() and not one:
        raise ArgumentError(
            f"File {label.name!r} is not called <label>-<node id>-<thread>.dat: pass the folder and label "
            "of the multimeter."
        )
    start = f"{one['label']}-{one['node']}" if one and label.is_file() else label.name
    found = []
    for name in sorted(glob.glob(glob.escape(str(label.parent / start)) + "-*")):
        parts = _FILE.match(Path(name).name)
        if parts and start in (parts["label"], f"{parts['label']}-{parts['node']}"):
            found.append((Path(name), int(parts["node"])))
    if not found:
        raise SelectionError(
            f"No file is called '{label}-<node id>-<thread>.dat': pass the folder (nest.data_path) and "
            "the label of the multimeter."
        )
    return found


def _together(paths: Sequence[Path]) -> dict[str, Any]:
    tables = [_read_one(path) for path in paths]
    for path, (names, _) in zip(paths, tables, strict=True):
        if names != tables[0][0]:
            raise SignalError(
                f"Files {paths[0].name!r} and {path.name!r} have different columns: they are of different "
                "runs, so remove those of the older one."
            )
    columns = np.concatenate([values for _, values in tables]).T
    events = {_KEYS.get(n, n): column for n, column in zip(tables[0][0], columns, strict=True)}
    if "senders" in events:
        events["senders"] = events["senders"].astype(np.int64)
    return events


def _read_one(path: Path) -> tuple[list[str], np.ndarray]:
    with open(inputs.existing_file(path), encoding="utf-8") as file:
        line = file.readline()
        while line.startswith("#"):
            line = file.readline()
        names = line.split()
        if names[:1] != ["sender"]:
            raise SignalError(
                f"File {path.name!r} has no line of column names that begins with 'sender': it was not "
                "written by the ascii backend of NEST 3."
            )
        rows = file.readlines()
    if not rows:
        return names, np.empty((0, len(names)))
    return names, np.loadtxt(rows, delimiter="\t", ndmin=2)
