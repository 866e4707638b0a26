"""The waveforms that an ABF file says were sent, from its tables of epochs, by pyABF's own reckoning."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import warn

#: Where a waveform comes from, as the header counts it.
EPOCHS, STIMULUS_FILE = 1, 2


def source(abf: Any, dac: int) -> int:
    """Where the waveform of an output came from: 0 where none was sent, or the header is not filled in."""
    table = abf._headerV1 if abf.abfVersion["major"] == 1 else abf._dacSection
    if dac >= len(table.nWaveformEnable) or table.nWaveformEnable[dac] != 1:
        return 0
    found = int(table.nWaveformSource[dac])
    return found if found in (EPOCHS, STIMULUS_FILE) else 0


class Command:
    """What one output sent, sweep by sweep.

    Parameters
    ----------
    abf : pyabf.ABF
    dac : int
        Number of the output.
    """

    def __init__(self, abf: Any, dac: int) -> None:
        self.abf, self.dac, self.source = abf, dac, source(abf, dac)
        self._known: dict[Any, np.ndarray | None] = {}
        self._epochs = self._table() if self.source == EPOCHS else None

    def _table(self) -> Any:
        from pyabf.waveform import EpochTable

        return EpochTable(self.abf, self.dac).epochWaveformsBySweep

    def of(self, sweep: int, n_samples: int) -> np.ndarray | None:
        """The waveform of a sweep; None where the file does not tell it.

        Parameters
        ----------
        sweep : int
        n_samples : int
            In the sweep.

        Returns
        -------
        ndarray, shape (time,), or None
            The same array for sweeps that are alike.
        """
        epochs = None if self._epochs is None else self._epochs[sweep]
        key = (n_samples, None if epochs is None else _key(epochs))
        if key not in self._known:
            self._known[key] = self._made(epochs, n_samples)
        return self._known[key]

    def _made(self, epochs: Any, n_samples: int) -> np.ndarray | None:
        if self.source == STIMULUS_FILE:
            return _from_file(self.abf, self.dac, n_samples)
        if self.source == EPOCHS and n_samples == self.abf.sweepPointCount:
            return _from_epochs(epochs, n_samples)
        level = self.abf.holdingCommand[self.dac] if self.dac < len(self.abf.holdingCommand) else np.nan
        # A sweep whose length varies was not driven by epochs.
        return np.full(n_samples, level) if np.isfinite(level) else None


def _key(epochs: Any) -> tuple[Any, ...]:
    parts = (epochs.p1s, epochs.p2s, epochs.levels, epochs.types, epochs.pulseWidths, epochs.pulsePeriods)
    return tuple(tuple(part) for part in parts)


def _from_epochs(epochs: Any, n_samples: int) -> np.ndarray | None:
    ends = [0, *epochs.p1s, *epochs.p2s]
    levels = np.asarray(epochs.levels, dtype=float)
    if min(ends) < 0 or max(ends) > n_samples or not np.isfinite(levels).all() or "Unknown" in epochs.types:
        warn(
            "An epoch of the command ends beyond its sweep, or is of a kind that pyABF does not know: the "
            "command is left out, so write what was sent with amplitude=, onset= and duration=."
        )
        return None
    found = np.asarray(epochs.getWaveform(), dtype=float)
    return found if np.isfinite(found).all() else None


def _from_file(abf: Any, dac: int, n_samples: int) -> np.ndarray | None:
    """The waveform of another file, which is looked for beside the recording only."""
    name = _stimulus_name(abf, dac)
    path = Path(abf.abfFolderPath) / name
    if not name or not path.is_file():
        warn(
            f"The command of {Path(abf.abfFilePath).name!r} is in the file {name!r}, which is not beside "
            "it, and is left out: copy that file into the same folder."
        )
        return None
    found = _read_stimulus(path)
    if found is None or len(found) < n_samples:
        held = "could not be read" if found is None else f"holds {len(found)} samples of {n_samples}"
        warn(f"The command in {name!r} {held}, and is left out: copy the right file beside the recording.")
        return None
    return found[:n_samples]


def _stimulus_name(abf: Any, dac: int) -> str:
    if abf.abfVersion["major"] == 1:
        stored = getattr(abf._headerV1, "sDACFilePath", [""])
        stored = stored[dac] if isinstance(stored, (list, tuple)) and dac < len(stored) else str(stored)
    else:
        stored = abf._stringsSection._indexedStrings[abf._dacSection.lDACFilePathIndex[dac]]
    return PureWindowsPath(str(stored).replace("\x00", "").strip()).name


def _read_stimulus(path: Path) -> np.ndarray | None:
    import pyabf

    try:
        kind = pyabf.ATF if path.suffix.lower() == ".atf" else pyabf.ABF
        found = np.asarray(kind(str(path)).sweepY, dtype=float)
    except Exception:  # whatever pyABF meets in a file that is none
        return None
    return found if np.isfinite(found).all() else None
