"""Plain-text recordings: two columns, time and value, one file for each variable."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.annotations import signal_annotations
from neo_currentscape.conventions.errors import FileError, SignalError
from neo_currentscape.conventions.roles import looks_like_membrane_potential, read_role
from neo_currentscape.recording.inventory import put_signals
from neo_currentscape.recording.values import like, time_axis

#: Endings of files that are taken for plain text.
ENDINGS = (".dat", ".txt", ".csv", ".tsv", ".asc")


def is_text(path: str | Path) -> bool:
    """Whether a file is taken for plain text, by its ending."""
    return Path(path).suffix.lower() in ENDINGS


def read_text(paths: Sequence[str], units: Mapping[str, Any], roles: Mapping[str, str]) -> neo.Segment:
    """Read one variable from each file.

    Parameters
    ----------
    paths : sequence of str
        Files of two columns, apart by blanks, tabs or commas; lines with # are comments.
    units : mapping
        Units of the roles "voltage", "current" and "ion", and of "time".
    roles : mapping of str to str
        Roles by the name of the variable, which is that of the file without its ending. For the others
        the name decides: "v" is a voltage, "cai" an ion, and what is neither is a current.

    Returns
    -------
    neo.Segment
        A signal for each file, in their order.

    Raises
    ------
    FileError
        When a file is missing or does not hold two columns of numbers.
    SignalError
        When the times of a file do not increase.
    """
    segment = neo.Segment(name="plain-text recording")
    signals = []
    for path in paths:
        name = Path(path).stem
        role = roles.get(name) or _role_of(name)
        signals.append(_signal(path, name, role, units))
    put_signals(segment, signals)
    return segment


def _role_of(name: str) -> str:
    if looks_like_membrane_potential(name):
        return "voltage"
    return "ion" if read_role(name, "dimensionless").role == "ion" else "current"


def _signal(path: str, name: str, role: str, units: Mapping[str, Any]) -> Any:
    times, values = _columns(Path(path)).T
    steps = np.diff(times)
    if not (steps > 0).all():
        at = int(np.argmax(~(steps > 0))) + 1
        raise SignalError(
            f"{str(path)!r} has times that do not increase, at {times[at]:g} (row {at + 1}): sort its rows."
        )
    notes = signal_annotations(role, positive="outward" if role == "current" else None)
    axis = time_axis(times, unit=units["time"])
    return like(axis, values[:, np.newaxis], units[role], name, **notes)


def _table(path: str, columns: Any) -> np.ndarray:
    """Read a table of numbers in double precision."""
    lines = Path(path).read_text(encoding="utf-8").replace(",", " ").splitlines()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an empty file is told of below
        return np.loadtxt(lines, usecols=columns, ndmin=2)


def _columns(path: Path) -> np.ndarray:
    inputs.existing_file(path)
    try:
        # Neo reads in single precision unless it is told how, too coarse for times; and it mixes up the
        # columns when it is told which of them is the time: so it reads both as values.
        reader = neo.io.AsciiSignalIO(str(path), method=_table, signal_group_mode="all-in-one")
        found = np.asarray(reader.read_segment().analogsignals[0].magnitude, dtype=float)
    except (ValueError, UnicodeDecodeError, IndexError) as cause:
        raise FileError(f"{str(path)!r} is no table of numbers ({cause}).") from cause
    if found.ndim != 2 or found.shape[1] != 2 or len(found) < 2 or not np.isfinite(found).all():
        raise FileError(
            f"{str(path)!r} is no table of two columns of numbers: write a time and a value in each row."
        )
    return found
