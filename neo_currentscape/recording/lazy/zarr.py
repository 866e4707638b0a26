"""Signals of a folder of Zarr that this package wrote, left where they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions.errors import FileError, SignalError
from neo_currentscape.recording.columns_store import KEY, VERSION
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import LazySignal, LazyTimes

#: Units of what the channels of a signal are annotated with.
_UNITS = {"area": pq.um**2, "capacitance": pq.nF}


class ZarrColumns:
    """An array (time, channel) of such a folder.

    Parameters
    ----------
    path : pathlib.Path
        Folder of the array.

    Raises
    ------
    FileError
        When the array is another one than is written there.
    """

    def __init__(self, path: Path) -> None:
        about = _read_text(path / ".zarray")
        expected = {"dtype": "<f8", "order": "F", "compressor": None, "filters": None, "fill_value": 0.0}
        for key, value in expected.items():
            if about.get(key) != value:
                raise FileError(
                    f"{str(path)!r} has {key} {about.get(key)!r}, where neo_currentscape writes {value!r}: "
                    "read it with a library for Zarr."
                )
        self.path, self.shape, self._chunk = path, tuple(about["shape"]), int(about["chunks"][0])
        self._written = _written(path)

    def read(self, first: int, last: int, channels: Sequence[int] | None = None) -> np.ndarray:
        """Some rows of some channels, shape (row, channel); each channel lies in one piece."""
        wanted = slice(None) if channels is None else list(channels)
        n_channels = self.shape[1] if channels is None else len(wanted)  # type: ignore[arg-type]
        out = np.empty((n_channels, last - first))
        at = first
        while at < last:
            number, inside = divmod(at, self._chunk)
            stop = min(last, (number + 1) * self._chunk)
            out[:, at - first : stop - first] = self._part(number, inside, inside + stop - at, wanted)
            at = stop
        return out.T

    def _part(self, number: int, first: int, last: int, wanted: Any) -> Any:
        file, shape = self.path / f"{number}.0", (self.shape[1], self._chunk)
        written = _written(self.path)
        if written is None:
            raise SignalError(f"{str(self.path.parent)!r} is there no more: read it again.")
        if written != self._written:
            raise SignalError(
                f"{str(self.path.parent)!r} was written anew since it was read, and holds another run: "
                "read it again, or give each run a path= of its own."
            )
        if not file.exists():
            return 0.0  # as Zarr has it: what was never written is the fill value
        if file.stat().st_size != 8 * shape[0] * shape[1]:
            raise SignalError(
                f"{str(file)!r} holds {file.stat().st_size} bytes instead of {8 * shape[0] * shape[1]}: it "
                "was cut short; check that the folder is whole."
            )
        return np.memmap(file, "<f8", "r", shape=shape)[wanted, first:last]


def read(path: Path) -> neo.Block:
    """Open such a folder; its signals are read where they are sliced.

    Returns
    -------
    neo.Block
        With one Segment.

    Raises
    ------
    FileError
        When it is of a later version, or damaged.
    """
    about = _read_text(path / ".zattrs")[KEY]
    if about.get("version") != VERSION:
        raise FileError(
            f"{str(path)!r} was written by a later version of neo_currentscape (its format is "
            f"{about.get('version')!r}): install that one."
        )
    notes = {key: _decoded(value) for key, value in about["annotations"].items()}
    segment = neo.Segment(name=about["name"], file_origin=str(path), **notes)
    times = _times(path, about["period"])
    for name in about["arrays"]:
        signal = _signal(path / name, times)
        kind = segment.analogsignals if signal.is_regular else segment.irregularlysampledsignals
        kind.append(signal)
    block = neo.Block(name=about["name"], file_origin=str(path))
    block.segments.append(segment)
    return block


def _times(path: Path, period: float | None) -> Any:
    times = np.fromfile(path / "times" / "0", "<f8")
    if period is not None:
        return times[0] * pq.ms, 1.0 / (period * pq.ms)
    column = times[:, None]
    return LazyTimes(LazyArray(lambda first, last, _: column[first:last].copy(), column.shape), pq.ms)


def _signal(path: Path, times: Any) -> LazySignal:
    array, about = ZarrColumns(path), _read_text(path / ".zattrs")
    columns = {
        key: np.array(values) * _UNITS[key] if key in _UNITS else np.array(values)
        for key, values in about["channels"].items()
    }
    notes = {key: _decoded(value) for key, value in about["notes"].items()}
    values = LazyArray(array.read, array.shape)
    return LazySignal(values, about["unit"], times, about["name"], columns, **notes)


def _written(path: Path) -> tuple[int, int] | None:
    """What tells an array from a later one in its place; None where there is none."""
    try:
        found = (path / ".zarray").stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read_text(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise FileError(
            f"{str(path)!r} could not be read ({cause}): check that the folder is whole."
        ) from cause


def _decoded(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"value", "unit"}:
        return pq.Quantity(value["value"], value["unit"] or "dimensionless")
    return value
