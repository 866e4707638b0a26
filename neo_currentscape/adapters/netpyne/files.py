"""Files that NetPyNE saves: JSON, pickle and MATLAB, with the traces of its ``simConfig.recordTraces``."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.netpyne.ranks import files_in, together
from neo_currentscape.adapters.netpyne.traces import Data, segments_of
from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import FileError, require, warn
from neo_currentscape.conventions.given import path_of

#: What NetPyNE's files hold their traces under.
KEY = "simData"

#: So much of a JSON file is looked at: NetPyNE writes the names of a network before its data.
_BLOCK = 1 << 20


def read(path: str | os.PathLike[str], *, trust_pickle: bool = False) -> neo.Block:
    """Read the traces of a file that NetPyNE saved.

    Parameters
    ----------
    path : str or path
        "x_data.json", "x_data.pkl" or "x_data.mat", as ``simConfig.saveJson``, ``savePickle`` and
        ``saveMat`` make them; or the folder "x_node_data" in which each rank saved its own.
    trust_pickle : bool
        Whether a pickle is read, which runs the code that it holds; it is refused unless told.

    Returns
    -------
    neo.Block
        A Segment for each cell that has traces, with the annotations ``gid``, ``population`` and the
        cell's tags. Signals are called as in ``recordTraces``; NetPyNE's description of each trace, its
        netParams and, where it is imported with the mechanisms, NEURON tell unit, role and sign, and the
        saved sections the area. A variable whose unit nothing tells is dimensionless: give it with
        ``units=`` later.

    Raises
    ------
    FileError
        When there is no such file, it is none of NetPyNE's, holds no traces, or is a pickle that is not
        trusted.

    Warns
    -----
    CurrentscapeWarning
        When a trace is the total of an ion beside one of its parts, and is not counted; when it holds one
        of several synapses; when one was asked for that NetPyNE did not record.

    Notes
    -----
    NetPyNE keeps what NEURON shows: after a fixed step currents are one step late, and the balance holds
    only nearly. `record` gives them exactly, and every one.

    Examples
    --------
    >>> block = netpyne.read("tut_data.json")                                    # doctest: +SKIP
    >>> ncs.Currentscape.from_segment(block.segments[0]).plot()                  # doctest: +SKIP
    """
    path = inputs.existing(path_of(path, "read()"))
    if path.is_dir():
        parts = [_checked(_held(file, trust_pickle), str(file)) for file in files_in(path)]
        return block_of(together(parts), str(path))
    return block_of(_held(path, trust_pickle), str(path))


def _held(path: Path, trust_pickle: bool) -> Any:
    """What a file holds, whatever its format."""
    ending = path.suffix.lower()
    if inputs.is_pickle(path):
        return _unpickled(path, trust_pickle)
    if ending in (".json", ".mat"):
        return (_json if ending == ".json" else _matlab)(path)
    raise FileError(
        f"{str(path)!r} is not of a type that NetPyNE's traces are read from: let NetPyNE save JSON "
        "(simConfig.saveJson = True)."
    )


def read_own(path: Path) -> neo.Block | None:
    """Read a file if it is NetPyNE's, by what it holds; None for any other, and for pickles.

    Raises
    ------
    FileError
        When it is NetPyNE's and holds no traces.
    """
    ending = path.suffix.lower()
    is_own = (ending == ".json" and _is_own_json(path)) or (ending == ".mat" and _is_own_matlab(path))
    return read(path) if is_own else None


def block_of(found: Any, path: str) -> neo.Block:
    """Make the Block of what a file held.

    Raises
    ------
    FileError
        When it is none of NetPyNE's, or holds no traces.
    """
    found = _checked(found, path)
    # Ranks that save for themselves put cells and populations beside the network.
    net = {**{key: found[key] for key in ("cells", "pops") if key in found}, **_mapping(found.get("net"))}
    data = Data(found[KEY], _mapping(found.get("simConfig")), _mapping(net.get("params")), _cells(net))
    if "recordTraces" not in data.config:
        raise FileError(
            f"{path!r} says nothing of its traces: save 'simConfig' too, in simConfig.saveDataInclude."
        )
    gids = data.gids
    if not gids:
        raise FileError(
            f"{path!r} holds no trace of a cell: name cells in simConfig.recordCells and variables in "
            "simConfig.recordTraces, and run again."
        )
    if data.empty:
        warn(
            f"{path!r} has no values of {', '.join(map(repr, data.empty))}: NetPyNE found no such section "
            "or variable (the 'ina' of hh is that of the section: leave 'mech' out of recordTraces)."
        )
    block = neo.Block(name="NetPyNE", file_origin=path)
    block.segments.extend(segments_of(data, gids))
    return block


def _checked(found: Any, path: str) -> Mapping[str, Any]:
    if isinstance(found, Mapping) and isinstance(found.get(KEY), Mapping):
        return found
    raise FileError(
        f"{path!r} holds no simData of NetPyNE: save it with simConfig.saveDataInclude = ['simConfig', "
        "'netParams', 'netCells', 'simData']."
    )


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _cells(net: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """The cells by gid; where they were not saved, what populations and cell types tell of them."""
    cells = net.get("cells")
    listed = [cells] if isinstance(cells, Mapping) else [] if cells is None else list(cells)
    found = {int(cell["gid"]): cell for cell in listed if isinstance(cell, Mapping) and "gid" in cell}
    rules = _mapping(_mapping(net.get("params")).get("cellParams"))
    for name, pop in _mapping(net.get("pops")).items():
        tags = {**_mapping(_mapping(pop).get("tags")), "pop": name}
        rule = _mapping(rules.get(str(tags.get("cellType"))))
        for gid in np.atleast_1d(_mapping(pop).get("cellGids", [])):
            found.setdefault(int(gid), {"tags": tags, "secs": _mapping(rule.get("secs"))})
    return found


def _json(path: Path) -> Any:
    try:
        with path.open(encoding="utf-8") as file:
            return json.load(file)
    except (ValueError, RecursionError) as cause:
        raise FileError(f"{str(path)!r} is no JSON file ({cause}): check that it is whole.") from cause


def _unpickled(path: Path, trust_pickle: bool) -> Any:
    inputs.check_trust(path, trust_pickle)
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    except Exception as cause:  # whatever the objects in it raise
        raise FileError(
            f"{str(path)!r} could not be unpickled ({type(cause).__name__}: {cause}): check that the file "
            "is whole, and that NetPyNE is installed."
        ) from cause


def _matlab(path: Path) -> Any:
    io = require("scipy.io", "netpyne", "Reading a MATLAB file of NetPyNE")
    try:
        return io.loadmat(path, simplify_cells=True)
    except Exception as cause:  # SciPy raises several kinds for a file that is damaged
        raise FileError(
            f"{str(path)!r} could not be read as a MATLAB file ({cause}): check that it is whole."
        ) from cause


def _is_own_json(path: Path) -> bool:
    """Whether a JSON file holds NetPyNE's data, as far as its text tells."""
    wanted, tail = f'"{KEY}"'.encode(), b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if wanted in tail + block:
                return True
            tail = block[-len(wanted) :]
    return False


def _is_own_matlab(path: Path) -> bool:
    try:
        from scipy.io import whosmat

        return KEY in [name for name, _, _ in whosmat(path)]
    except Exception:  # no MATLAB file, or of a version that SciPy does not read
        return False
