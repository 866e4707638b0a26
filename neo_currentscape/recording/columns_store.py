"""Signals in a folder of Zarr (format 2, not compressed), written chunk by chunk of time.

Each variable is an array of shape (time, channel) whose chunks hold some samples of all channels, channel
after channel ("order": "F"), so that neither a stretch of time nor one channel needs all of a file. What
Neo knows beside the values stands in the attributes. Any reader of Zarr opens it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.annotations import remainders_of
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.conventions.whole_folders import check_target
from neo_currentscape.recording.sampling import regular_step
from neo_currentscape.recording.timebase import float_times, is_regular

#: Key of our attributes, and the version of what they say.
KEY, VERSION = "neo_currentscape", 1

#: Ending of the name of such a folder.
ENDING = ".zarr"

#: What tells the point processes of one kind apart.
_NUMBER = re.compile(r"\[\d+\]")

_NUMBERS = np.dtype("<f8")


@dataclass(frozen=True)
class Variable:
    """What the channels of an array have in common.

    Attributes
    ----------
    name, unit : str
    notes : tuple of (str, str)
        Annotations, as JSON has them.
    """

    name: str
    unit: str
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Channel:
    """What tells a channel from others: its name and site; and what is known of it.

    Attributes
    ----------
    name, site : str
    area, capacitance : float or None
        In um**2 and nF.
    remainder : bool
        Whether it is what the balance leaves.
    """

    name: str
    site: str
    area: float | None = field(default=None, compare=False)
    capacitance: float | None = field(default=None, compare=False)
    remainder: bool = field(default=False, compare=False)

    def joined(self, later: Channel) -> Channel:
        """What holds for both of two chunks."""
        same = self.capacitance if self.capacitance == later.capacitance else None
        return replace(self, capacitance=same, remainder=self.remainder or later.remainder)


def described(name: str, site: str, unit: str, notes: Mapping[str, Any], **facts: Any) -> tuple:
    """The variable and the channel of one recorded current, voltage or concentration.

    Point processes of one kind are channels of one variable.

    Parameters
    ----------
    name, site, unit : str
    notes : mapping
        Annotations of all channels alike.
    **facts
        Further fields of `Channel`.

    Returns
    -------
    (Variable, Channel)

    Examples
    --------
    >>> variable, channel = described("ExpSyn[3]", "dend(0.5)", "nA", {"role": "current"})
    >>> variable.name, channel.name, channel.site
    ('ExpSyn', 'ExpSyn[3]', 'dend(0.5)')
    """
    plain = tuple((key, json.dumps(_encoded(value))) for key, value in notes.items())
    return Variable(_NUMBER.sub("", name), unit, plain), Channel(name, site, **facts)


#: Values of shape (time,) by variable and channel.
Columns = Mapping[Variable, Mapping[Channel, np.ndarray]]


class StoreWriter:
    """Writes a folder of Zarr.

    Parameters
    ----------
    folder : pathlib.Path
        Empty.
    chunk : int
        Samples of a chunk.
    """

    def __init__(self, folder: Path, chunk: int) -> None:
        self._folder, self._chunk, self._n_chunks = folder, chunk, 0
        self._channels: dict[Variable, dict[Channel, int]] = {}
        self._about: dict[Variable, list[Channel]] = {}
        self._times: list[np.ndarray] = []

    def add(self, times: np.ndarray, columns: Columns) -> None:
        """Write a chunk; only the last may be shorter than a whole one.

        Parameters
        ----------
        times : ndarray, shape (time,)
            In ms.
        columns : Columns
            A channel that is not here is 0, as is one that was not in earlier chunks.
        """
        self._times.append(np.array(times))
        for variable, given in columns.items():
            known = self._channels.setdefault(variable, {})
            about = self._about.setdefault(variable, [])
            for channel in given:
                if channel not in known:
                    known[channel] = len(known)
                    about.append(channel)
                about[known[channel]] = about[known[channel]].joined(channel)
            values = np.zeros((len(known), self._chunk), _NUMBERS)
            for channel, column in given.items():
                values[known[channel], : len(times)] = column
            self._path(variable).mkdir(exist_ok=True)
            self._file(variable, self._n_chunks).write_bytes(values.data)
        self._n_chunks += 1

    def finish(self, segment: neo.Segment, period: float | None) -> None:
        """Write what the arrays are.

        Parameters
        ----------
        segment : neo.Segment
            Whose name and annotations are kept.
        period : float or None
            Sampling interval in ms; None where the times are not even.
        """
        times = np.concatenate(self._times)
        arrays = []
        for variable, channels in self._channels.items():
            self._lengthen(variable, len(channels))
            path = self._path(variable)
            _describe(path, (len(times), len(channels)), (self._chunk, len(channels)))
            _write(path / ".zattrs", _attributes(variable, self._about[variable]))
            arrays.append(path.name)
        (self._folder / "times").mkdir()
        (self._folder / "times" / "0").write_bytes(times.astype(_NUMBERS).data)
        _describe(self._folder / "times", (len(times),), (len(times),))
        _write(self._folder / "times" / ".zattrs", {"unit": "ms", "_ARRAY_DIMENSIONS": ["time"]})
        about = {"version": VERSION, "name": segment.name, "period": period, "arrays": arrays}
        about["annotations"] = {key: _encoded(value) for key, value in segment.annotations.items()}
        _write(self._folder / ".zattrs", {KEY: about})
        _write(self._folder / ".zgroup", {"zarr_format": 2})

    def _path(self, variable: Variable) -> Path:
        # Two variables of one name differ in their notes.
        number = [v for v in self._channels if v.name == variable.name].index(variable)
        name = variable.name.replace("/", "_").replace(os.sep, "_")
        return self._folder / (f"{name}.{number}" if number or name == "times" else name)

    def _file(self, variable: Variable, chunk: int) -> Path:
        return self._path(variable) / f"{chunk}.0"

    def _lengthen(self, variable: Variable, n_channels: int) -> None:
        """Channels that came later are 0 in the earlier chunks; they stand behind the others there."""
        for chunk in range(self._n_chunks):
            if self._file(variable, chunk).exists():
                os.truncate(self._file(variable, chunk), n_channels * self._chunk * _NUMBERS.itemsize)


def _describe(path: Path, shape: tuple[int, ...], chunks: tuple[int, ...]) -> None:
    about = {"zarr_format": 2, "shape": shape, "chunks": chunks, "dtype": _NUMBERS.str}
    about |= {"compressor": None, "filters": None, "fill_value": 0.0, "order": "F"}
    _write(path / ".zarray", about)


def is_store(path: Path) -> bool:
    """Whether something is a folder of Zarr that this package wrote."""
    if not (path / ".zgroup").is_file() or not (path / ".zattrs").is_file():
        return False
    try:
        return KEY in json.loads((path / ".zattrs").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def checked_store(path: Any) -> Path:
    """Refuse a name that no folder of Zarr could be written to.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    pathlib.Path
        Where the folder is to be.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        When its name does not end with ".zarr", or is none.
    FileError
        When it cannot be written there.
    """
    if not isinstance(path, (str, os.PathLike)) or not str(path):
        raise ArgumentTypeError(f"path={path!r} is no name: write e.g. path='run.zarr'.")
    if not str(path).lower().endswith(ENDING):
        raise ArgumentError(
            f"path={str(path)!r} does not end with '.zarr', the format that is written piece by piece: "
            f"write e.g. path={str(Path(path).with_suffix(ENDING))!r}."
        )
    return check_target(path, is_store)


def write_segment(segment: neo.Segment, folder: Path, chunk: int = 1 << 14) -> None:
    """Write signals of one channel and the same times into a folder of Zarr.

    Parameters
    ----------
    segment : neo.Segment
        As an adapter makes it.
    folder : pathlib.Path
        Empty.
    chunk : int
        Samples of a chunk.
    """
    signals = [*segment.analogsignals, *segment.irregularlysampledsignals]
    times = float_times(signals[0], "ms")
    columns: dict[Variable, dict[Channel, np.ndarray]] = {}
    for signal in signals:
        variable, channel = _of_signal(signal)
        columns.setdefault(variable, {})[channel] = signal.view(np.ndarray)[:, 0]
    store = StoreWriter(folder, min(chunk, len(times)))
    for first in range(0, len(times), chunk):
        rows = slice(first, first + chunk)
        part = {v: {c: values[rows] for c, values in one.items()} for v, one in columns.items()}
        store.add(times[rows], part)
    store.finish(segment, regular_step(times) if is_regular(signals[0]) else None)


def _of_signal(signal: Any) -> tuple[Variable, Channel]:
    notes = dict(signal.annotations)
    site, capacitance = notes.pop("site", ""), notes.pop("capacitance", None)
    area = notes.pop("area", None)
    return described(
        signal.name, site, unit_tools.label(signal.units), notes,
        area=None if area is None else float(area.rescale("um**2")),
        capacitance=None if capacitance is None else float(capacitance.rescale("nF")),
        remainder=any(remainders_of(signal)),
    )  # fmt: skip


def _attributes(variable: Variable, channels: list[Channel]) -> dict[str, Any]:
    columns: dict[str, Any] = {key: [getattr(c, key) for c in channels] for key in ("name", "site")}
    for key in ("area", "capacitance"):
        found = [getattr(c, key) for c in channels]
        if all(value is not None for value in found):
            columns[key] = found
    if any(c.remainder for c in channels):
        columns["remainder"] = [c.remainder for c in channels]
    notes = {key: json.loads(value) for key, value in variable.notes}
    about = {"name": variable.name, "unit": variable.unit, "notes": notes}
    return about | {"channels": columns, "_ARRAY_DIMENSIONS": ["time", "channel"]}


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def _encoded(value: Any) -> Any:
    """An annotation as JSON has it."""
    if isinstance(value, pq.Quantity):
        return {"value": np.asarray(value.magnitude).tolist(), "unit": unit_tools.label(value.units)}
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value
