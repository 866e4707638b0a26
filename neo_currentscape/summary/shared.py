"""Signals in memory, for other processes of this machine: written to a file once, and mapped there.

To send a signal through a pipe costs more than to summarise it, and is done by one process for all.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.summary.leftovers import own_folder, sweep
from neo_currentscape.summary.recorded_sites import RecordedSite

#: Memory that looks like a folder, where there is such.
RAM_FOLDER = Path("/dev/shm")


class Shared:
    """The files behind the signals of a summary.

    Parameters
    ----------
    folder : str or path
        Where they are written.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._written: dict[int, tuple[Any, Any]] = {}

    def places(self, found: Sequence[RecordedSite]) -> list[RecordedSite]:
        """The same places with signals that another process opens from their files."""
        new: dict[int, Any] = {}
        out = []
        for place in found:
            choices = []
            for choice in place.choices:
                variable = choice.variable
                if id(variable) not in new:
                    new[id(variable)] = replace(variable, signal=self._signal(variable.signal))
                choices.append(replace(choice, variable=new[id(variable)]))
            out.append(replace(place, choices=choices))
        return out

    def _signal(self, signal: Any) -> Any:
        if id(signal) not in self._written:
            # The signal is kept as well, so that its number stays its own.
            self._written[id(signal)] = (signal, _Mapped(signal, self._folder / str(len(self._written))))
        return self._written[id(signal)][1]


class _Mapped:
    """Stands for a signal while it is sent; what arrives is the signal."""

    def __init__(self, signal: Any, path: Path) -> None:
        numbers = values.magnitudes(signal)
        # Written as it lies in memory.
        by_channel = numbers.flags.f_contiguous and not numbers.flags.c_contiguous
        (numbers.T if by_channel else numbers).tofile(path)
        self._given = (str(path), numbers.dtype, numbers.shape, by_channel, _times(signal), signal.units)
        self._name = signal.name

    def __reduce__(self) -> Any:
        return _open, (*self._given, self._name)


def _times(signal: Any) -> Any:
    if timebase.is_regular(signal):
        return signal.t_start, signal.sampling_rate
    return signal.times


def _open(path: str, dtype: Any, shape: Any, by_channel: bool, times: Any, units: Any, name: Any) -> Any:
    import neo

    mapped = np.memmap(path, dtype, mode="r", shape=shape[::-1] if by_channel else shape)
    numbers = mapped.view(np.ndarray).T if by_channel else mapped.view(np.ndarray)
    if isinstance(times, tuple):
        start, rate = times
        like = neo.AnalogSignal(np.empty((0, 1)), units=units, t_start=start, sampling_rate=rate)
    else:
        like = neo.IrregularlySampledSignal(times, np.empty((shape[0], 1)), units=units)
    return values.like(like, numbers, units, name)


@contextmanager
def shared(executor: Any, jobs: Sequence[Any]) -> Iterator[Shared | None]:
    """Have a folder for as long as the work lasts.

    Parameters
    ----------
    executor : concurrent.futures.Executor or None
    jobs : sequence of Job

    Yields
    ------
    Shared or None
        None where the executor's workers may be on other machines or are threads, where there is no
        room, and where no job has its signals in memory.
    """
    needed = _bytes(jobs) if isinstance(executor, ProcessPoolExecutor) else 0
    if needed:
        sweep_up()
    folder = _folder_with_room(needed) if needed else None
    if folder is None:
        yield None
        return
    with own_folder(folder) as place:
        yield Shared(place)


def _bytes(jobs: Sequence[Any]) -> int:
    signals = {}
    for job in jobs:
        for place in job.source if isinstance(job.source, list) else ():
            for choice in place.choices if isinstance(place, RecordedSite) else ():
                signals[id(choice.variable.signal)] = choice.variable.signal
    if any(map(is_lazy, signals.values())):
        return 0
    return sum(values.magnitudes(signal).nbytes for signal in signals.values())


def _places() -> tuple[Path, Path]:
    return RAM_FOLDER, Path(tempfile.gettempdir())


def sweep_up() -> None:
    """Remove what processes left that were killed; see `neo_currentscape.summary.leftovers`."""
    sweep(_places())


def _folder_with_room(needed: int) -> Path | None:
    for folder in _places():
        if folder.is_dir() and shutil.disk_usage(folder).free > 2 * needed:
            return folder
    return None
