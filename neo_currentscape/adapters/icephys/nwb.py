"""Intracellular NWB files of version 2, read by pynwb: conversion and offset applied, sweeps paired."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.icephys.nwb_pairs import Group, Part, groups_of, start_of
from neo_currentscape.adapters.icephys.sweeps import Channel, Sweep, block_of, regular_axis
from neo_currentscape.conventions import declared, units
from neo_currentscape.conventions.amplifier import NWB, ROLE_UNDER
from neo_currentscape.conventions.errors import FileError, require, warn
from neo_currentscape.recording.values import time_axis

#: Units of NWB, and those that are written, with the factor.
_UNITS = {"volts": ("mV", 1e3), "amperes": ("pA", 1e12), "v": ("mV", 1e3), "a": ("pA", 1e12)}

#: Classes of series that an amplifier recorded or sent.
CLASSES = (*NWB, "PatchClampSeries")


def is_intracellular(path: Path) -> bool:
    """Whether an NWB file holds series of an amplifier; other files are for other readers."""
    try:
        import h5py

        with h5py.File(path, "r") as file:
            places = [file.get(place) for place in ("acquisition", "stimulus/presentation")]
            kinds = {_kind(series) for place in places if place is not None for series in place.values()}
    except (ImportError, OSError, RuntimeError, KeyError, AttributeError):
        return False
    return bool(kinds & set(CLASSES))


def _kind(series: Any) -> str:
    kind = series.attrs.get("neurodata_type", "") if hasattr(series, "attrs") else ""
    return kind.decode() if isinstance(kind, bytes) else str(kind)


def read(path: Path) -> neo.Block:
    """Read an intracellular NWB file; see `neo_currentscape.adapters.icephys.read`.

    Raises
    ------
    FileError
        When pynwb cannot read it, or it holds no response of an amplifier.
    """
    pynwb = require("pynwb", "icephys", "Reading NWB files")
    try:
        with pynwb.NWBHDF5IO(os.fspath(path), "r") as io:
            file = io.read()
            for series in (*_series(file.acquisition), *_series(file.stimulus)):
                n_bytes = 8 * math.prod(getattr(series.data, "shape", (0,)))
                declared.check(path, n_bytes, f"series {series.name!r}")
            groups = groups_of(file, _series(file.acquisition), _series(file.stimulus))
            made = [sweep for group in groups for sweep in _sweeps(group)]
            when = file.session_start_time
    except FileError:
        raise
    except Exception as cause:  # whatever the file, or an extension of it, makes pynwb raise
        raise FileError(
            f"{str(path)!r} could not be read by pynwb ({type(cause).__name__}: {cause}): check that the "
            "file is whole, and of version 2."
        ) from cause
    if not made:
        raise FileError(
            f"{str(path)!r} holds no response of an amplifier (a CurrentClampSeries or a "
            "VoltageClampSeries in its acquisition): name another file."
        )
    return block_of(path, made, rec_datetime=when, reader="pynwb")


def _series(place: Any) -> list[Any]:
    return [series for series in place.values() if type(series).__name__ in CLASSES]


def _sweeps(group: Group) -> Iterator[Sweep]:
    """A sweep, or where responses of it begin or are sampled differently, one for each."""
    several = len({id(part.series.electrode) for part in group.responses}) > 1
    by_clock: dict[Any, list[Part]] = {}
    for part in group.responses:
        by_clock.setdefault((start_of(part.series), part.series.rate, _length(part)), []).append(part)
    for (start, rate, _), parts in by_clock.items():
        clamp = _clamp(parts, group.stimuli)
        values = [(_channel(part, "response", clamp, several), _numbers(part)) for part in parts]
        electrodes = [part.series.electrode for part in parts]
        n_samples = _acquired(values)
        values = [(channel, numbers[:n_samples]) for channel, numbers in values]
        for part in group.stimuli:
            if any(part.series.electrode is one for one in electrodes):
                values += _command(part, rate, n_samples, clamp, several)
        first = parts[0].first / rate if rate else 0.0
        notes = {} if clamp is None else {"clamp": clamp}
        if group.number is not None:
            notes["sweep_number"] = str(group.number)
        yield Sweep(values, _axis(parts[0], n_samples), round(start + first, 9), notes)


def _length(part: Part) -> int:
    return int(len(part.series.data) - part.first) if part.count < 0 else part.count


def _axis(part: Part, n_samples: int) -> Any:
    if part.series.rate:
        return regular_axis(1.0 / part.series.rate)
    times = np.asarray(part.series.timestamps[part.first : part.first + n_samples], dtype=float)
    return time_axis((times - times[0]) * 1e3)


def _clamp(responses: list[Part], stimuli: list[Part]) -> str | None:
    told = {NWB[kind][0] for part in responses if (kind := type(part.series).__name__) in NWB}
    if not told:  # the class of all, whose unit tells: what was sent is what was clamped
        sent = {units.kind(_unit(part)[0]) for part in stimuli}
        told = sent & set(ROLE_UNDER)
    if not told:
        measured = {units.kind(_unit(part)[0]) for part in responses}
        told = {{"voltage": "current", "current": "voltage"}[kind] for kind in measured & set(ROLE_UNDER)}
    return told.pop() if len(told) == 1 else None


def _unit(part: Part) -> tuple[str, float]:
    return _UNITS.get(str(part.series.unit).strip().lower(), ("dimensionless", 1.0))


def _channel(part: Part, what: str, clamp: str | None, several: bool) -> Channel:
    kind, unit = type(part.series).__name__, units.parse_units(_unit(part)[0])
    role: str | None = NWB[kind][1] if kind in NWB else None
    if role is None and what == "stimulus":
        role = "command"
    elif role is None and units.kind(unit) == "voltage":
        role = "voltage"
    elif role is None and clamp is not None and units.kind(unit) == "current":
        role = ROLE_UNDER[clamp]
    place = getattr(part.series.electrode, "name", None) if several else None
    return Channel(part.series.name, unit, role, place, {"nwb_neurodata_type": kind})


def _numbers(part: Part) -> np.ndarray:
    """The values in mV or pA: data * conversion + offset, the conversion of a channel included."""
    series, factor = part.series, _unit(part)[1]
    stop = None if part.count < 0 else part.first + part.count
    data = np.asarray(series.data[part.first : stop], dtype=float)
    channel = series.fields.get("channel_conversion")
    scale = float(series.conversion) * (1.0 if channel is None else float(np.asarray(channel).ravel()[0]))
    return (data.reshape(len(data), -1)[:, 0] * scale + float(series.offset or 0.0)) * factor


def _acquired(values: list[tuple[Channel, np.ndarray]]) -> int:
    """How many samples were acquired: an aborted sweep is filled up with NaN."""
    stops = []
    for _, numbers in values:
        finite = np.flatnonzero(np.isfinite(numbers))
        stops.append(int(finite[-1]) + 1 if len(finite) else len(numbers))
    return max(stops)


def _command(
    part: Part, rate: float | None, n_samples: int, clamp: str | None, several: bool
) -> list[tuple[Channel, np.ndarray]]:
    numbers = _numbers(part)
    if part.series.rate == rate and len(numbers) >= n_samples:
        return [(_channel(part, "stimulus", clamp, several), numbers[:n_samples])]
    warn(
        f"The command {part.series.name!r} has {len(numbers)} samples at {part.series.rate or 0:g} Hz, its "
        f"response {n_samples} at {rate or 0:g} Hz, and is left out: write what was sent with amplitude=, "
        "onset= and duration=."
    )
    return []
