"""ABF files of versions 1 and 2 (pCLAMP), read by pyABF."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.icephys import abf_header
from neo_currentscape.adapters.icephys.abf_commands import Command, source
from neo_currentscape.adapters.icephys.channels import Port, clamp_of, commands_of, inputs_of
from neo_currentscape.adapters.icephys.sweeps import Channel, Sweep, block_of, regular_axis
from neo_currentscape.conventions.errors import FileError, require


class UnknownToPyABF(FileError):
    """An ABF file of a kind that pyABF does not read, as those of ABF 1 that hold floats."""


def read(path: Path) -> neo.Block:
    """Read an ABF file; see `neo_currentscape.adapters.icephys.read`.

    Raises
    ------
    FileError
        When it is damaged, or pyABF cannot read it.
    """
    version = abf_header.version(path)
    abf = _opened(path)
    if version == 1:
        abf.holdingCommand = [x if abs(x) < 1e6 else np.nan for x in abf_header.holding_v1(path)]
    inputs, outputs = _inputs(abf), _outputs(abf)
    clamp = clamp_of(inputs, outputs)
    channels = inputs_of(inputs, outputs, clamp)
    commands = [(Command(abf, k), channel) for k, channel in commands_of(channels, inputs, outputs, clamp)]
    channels, commands = _without_copies(channels, commands)
    made = _sweeps(abf, _starts(abf, path, version), channels, commands, {"clamp": clamp} if clamp else {})
    notes = {"protocol": abf.protocol, "abf_version": abf.abfVersionString, "reader": "pyABF"}
    return block_of(path, made, rec_datetime=_when(abf), **notes)


def _opened(path: Path) -> Any:
    kept = list(sys.path)
    with np.printoptions():  # pyABF 2.3 changes how NumPy prints arrays, and adds a folder to the path
        pyabf = require("pyabf", "icephys", "Reading ABF files")
    sys.path[:] = kept
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            abf = pyabf.ABF(str(path), cacheStimulusFiles=False)
    except Exception as cause:  # whatever the parser meets in a header
        raise UnknownToPyABF(
            f"{str(path)!r} could not be read by pyABF ({type(cause).__name__}: {cause}): check that the "
            "file is whole."
        ) from cause
    if not len(abf.data) or not abf.data.size:
        raise FileError(f"{str(path)!r} holds no sample: check that the recording was saved.")
    return abf


def _inputs(abf: Any) -> list[Port]:
    pairs = zip(abf.adcNames, abf.adcUnits, strict=True)
    return [Port.of(name, unit, otherwise=f"channel {k}") for k, (name, unit) in enumerate(pairs)]


def _outputs(abf: Any) -> list[Port]:
    pairs = zip(abf.dacNames, abf.dacUnits, strict=False)
    return [
        Port.of(name or "", unit or "", source(abf, k) > 0, otherwise=f"command {k}")
        for k, (name, unit) in enumerate(pairs)
    ]


def _without_copies(
    channels: list[Channel], commands: list[tuple[Command, Channel]]
) -> tuple[list[Channel], list[tuple[Command, Channel]]]:
    """Of an output and an input that recorded it leave the exact command, else the recorded one."""
    if not any(channel.role == "command" for channel in channels):
        return channels, commands
    sent = [pair for pair in commands if pair[0].source]
    if sent:
        note = {"copy_of": sent[0][1].name}
        channels = [
            replace(c, role="other", notes={**c.notes, **note}) if c.role == "command" else c
            for c in channels
        ]
    return channels, sent


def _starts(abf: Any, path: Path, version: int) -> np.ndarray:
    """When each sweep began since the first one, in s."""
    unit = None if version == 1 else abf._protocolSection.fSynchTimeUnit
    told = abf_header.starts(path, version, abf.dataRate, unit)
    if told is not None and len(told) == abf.sweepCount:
        return np.round(told - told[0], 9)
    return np.round(np.arange(abf.sweepCount) * float(abf.sweepIntervalSec), 9)


def _lengths(abf: Any) -> list[int]:
    told = getattr(getattr(abf, "_synchArraySection", None), "lLength", None) or []
    if abf.sweepCount > 1 and len(told) == abf.sweepCount and len(set(told)) > 1:
        return [int(length) // abf.channelCount for length in told]
    return [abf.sweepPointCount] * abf.sweepCount


def _sweeps(
    abf: Any,
    starts: np.ndarray,
    channels: list[Channel],
    commands: list[tuple[Command, Channel]],
    notes: dict[str, Any],
) -> Iterator[Sweep]:
    axis, first = regular_axis(abf.dataSecPerPoint), 0
    for k, length in enumerate(_lengths(abf)):
        last = first + length
        values = [(channel, abf.data[j, first:last]) for j, channel in enumerate(channels)]
        waves = [(channel, command.of(k, len(values[0][1]))) for command, channel in commands]
        values += [(channel, wave) for channel, wave in waves if wave is not None]
        yield Sweep(values, axis, float(starts[k]), notes)
        first = last


def _when(abf: Any) -> Any:
    """When the recording began; None where the header holds no date that can be."""
    when = getattr(abf, "abfDateTime", None)
    return when if when is not None and when.year > 1980 else None
