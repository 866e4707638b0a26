"""Formats of the bench that Neo reads: WinWCP, AxoGraph, Igor, Spike2, HEKA; in mV and pA, with roles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

from neo_currentscape.adapters.icephys.sweeps import Channel, Sweep, block_of
from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions import units
from neo_currentscape.conventions.amplifier import is_command
from neo_currentscape.conventions.errors import FileError
from neo_currentscape.recording.inventory import signals_of
from neo_currentscape.recording.lazy.candidates import first_that_reads
from neo_currentscape.recording.timebase import float_times, is_regular
from neo_currentscape.recording.values import time_axis

#: Endings of files that Neo reads and whose roles are told here.
ENDINGS = (".wcp", ".axgd", ".axgx", ".ibw", ".pxp", ".smr", ".smrx")

#: In what the values of readers that give SI units are written.
_WRITTEN = {"V": ("mV", 1e3), "A": ("pA", 1e12)}


def read(path: Path) -> neo.Block:
    """Read a file by the reader of Neo that finds something in it; see `adapters.icephys.read`.

    Raises
    ------
    FileError
        When no reader does; the sentence names those that were tried.
    """
    blocks = first_that_reads(path, lambda kind: kind(str(path)).read())
    segments = [segment for block in blocks for segment in block.segments]
    sweeps = [sweep for segment in segments for sweep in _sweeps(segment)]
    if not sweeps:
        raise FileError(f"{str(path)!r} holds no signal: name another file.")
    return block_of(path, sweeps, rec_datetime=blocks[0].rec_datetime, reader="Neo")


def _sweeps(segment: neo.Segment) -> list[Sweep]:
    """One sweep for all signals of a Segment that share their times, and one for each other time base."""
    by_times: dict[Any, list[Any]] = {}
    for signal in signals_of(segment):
        if signal.shape[0] and signal.shape[1]:
            times = float_times(signal, "ms")
            key = (len(times), round(float(times[0]), 6), round(float(times[-1]), 6))
            by_times.setdefault(key, []).append(signal)
    return [_sweep(signals) for signals in by_times.values()]


def _sweep(signals: Sequence[Any]) -> Sweep:
    values = [pair for signal in signals for pair in _channels(signal)]
    clamp = _clamp([channel for channel, _ in values])
    values = [(_with_role(channel, clamp), numbers) for channel, numbers in values]
    first, times = signals[0], float_times(signals[0], "ms")
    axis = time_axis(times - times[0])
    if is_regular(first):
        axis = first[:, :0].duplicate_with_new_data(np.empty((len(times), 0)))
        axis.t_start = 0 * pq.ms
    return Sweep(values, axis, float(times[0]) * 1e-3, {"clamp": clamp} if clamp else {})


def _channels(signal: Any) -> list[tuple[Channel, np.ndarray]]:
    names = notes.channel_names(signal) or [signal.name or ""] * signal.shape[1]
    unit = units.parse_units(signal.units)
    text, factor = _WRITTEN.get(unit.dimensionality.string, ("", 1.0))
    unit = units.parse_units(text) if text else unit
    numbers = np.asarray(signal.magnitude)
    scaled = numbers if factor == 1.0 else np.asarray(numbers, dtype=float) * factor
    return [(Channel(str(name), unit), scaled[:, k]) for k, name in enumerate(names)]


def _clamp(channels: Sequence[Channel]) -> str | None:
    """What is measured alone was not clamped; where both are, only names and annotations can tell."""
    kinds = {units.kind(channel.unit) for channel in channels if not is_command(channel.name)}
    kinds &= {"voltage", "current"}
    return None if len(kinds) != 1 else {"voltage": "current", "current": "voltage"}[kinds.pop()]


def _with_role(channel: Channel, clamp: str | None) -> Channel:
    kind = units.kind(channel.unit)
    role = None
    if kind in ("voltage", "current") and is_command(channel.name):
        role = "command"
    elif kind == "voltage":
        role = "voltage"
    elif kind == "current" and clamp == "voltage":
        role = "membrane"
    return Channel(channel.name, channel.unit, role)
