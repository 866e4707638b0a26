"""What the ranks of a run saved each for itself, put together (NetPyNE's ``saveDataInNodes``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from neo_currentscape.conventions.errors import FileError

#: How NetPyNE calls the file of a rank.
_OF_RANK = re.compile(r"(?P<run>.*)_node_(?P<rank>\d+)\.(?P<ending>json|pkl)")


def files_in(folder: Path) -> list[Path]:
    """The files of all ranks of the run in a folder, by rank; of those in two formats the JSON.

    Raises
    ------
    FileError
        When there are none, those of several runs, or one is missing.
    """
    found = [(match, path) for path in folder.iterdir() if (match := _OF_RANK.fullmatch(path.name))]
    runs = sorted({match["run"] for match, _ in found})
    if len(runs) != 1:
        what = f"of the runs {', '.join(map(repr, runs))}" if runs else "of no run"
        raise FileError(
            f"Folder {str(folder)!r} holds files {what} that NetPyNE saved in nodes: name one of one run."
        )
    # JSON, which holds no code, comes last and stays.
    found.sort(key=lambda one: one[0]["ending"], reverse=True)
    by_rank = {int(match["rank"]): path for match, path in found}
    if sorted(by_rank) != list(range(len(by_rank))):
        raise FileError(
            f"Folder {str(folder)!r} holds the files of ranks {', '.join(map(str, sorted(by_rank)))}: put "
            "those of all ranks there."
        )
    return [by_rank[rank] for rank in sorted(by_rank)]


def together(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The data of all ranks as of one.

    Parameters
    ----------
    parts : sequence of mapping
        What the files of the ranks hold.

    Returns
    -------
    dict
        Traces of all cells, with the times of the rank that has them.

    Examples
    --------
    >>> first = {"simData": {"t": [0.0], "v": {"cell_0": [1.0]}}}
    >>> together([first, {"simData": {"t": {}, "v": {"cell_1": [2.0]}}}])["simData"]
    {'t': [0.0], 'v': {'cell_0': [1.0], 'cell_1': [2.0]}}
    """
    traces: dict[str, Any] = {}
    for part in parts:
        for name, values in part["simData"].items():
            if isinstance(values, Mapping):
                held = traces.setdefault(name, {})
                traces[name] = {**held, **values} if isinstance(held, Mapping) else held
            elif not traces.get(name):
                traces[name] = values
    cells = [cell for part in parts for cell in part.get("cells") or ()]
    return {**parts[0], "simData": traces, "cells": cells}
