"""Tables in plain text: CSV, TSV, ATF and what simulators write, read by pandas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.icephys import lems
from neo_currentscape.adapters.icephys.sweeps import Channel, Sweep, block_of, unit_of
from neo_currentscape.adapters.icephys.table_layout import Layout, layout_of
from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import FileError, require, warn
from neo_currentscape.recording.values import time_axis

#: Endings of tables, in small letters.
ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".asc", ".atf", ".tab")

_TIME = re.compile(r"(.*[._\s])?(t|time|times|zeit|temps)(\s*\[?(ms|s)\]?)?", re.IGNORECASE)

_COUNT = re.compile(r"n|i?dx|index|scan|(samples?|points?)([ _]?(no\.?|number|index))?", re.IGNORECASE)

#: A membrane potential of at most so many is in volts, if its unit is not told.
_VOLTS = 0.5


def numbers(path: Path, layout: Layout) -> np.ndarray:
    """The numbers of a table.

    Parameters
    ----------
    path : pathlib.Path
    layout : Layout

    Returns
    -------
    ndarray, shape (time, column)
        NaN where a cell is empty.

    Raises
    ------
    FileError
        When a cell is no number, or rows differ in length.
    """
    pandas = require("pandas", "icephys", "Reading tables")
    try:
        try:
            values = _parsed(pandas, path, layout, layout.decimal)
        except ValueError:
            # Many rows of whole numbers tell no decimal sign.
            if layout.decimal == "," or layout.delimiter == ",":
                raise
            values = _parsed(pandas, path, layout, ",")
    except (ValueError, UnicodeError, OverflowError, MemoryError, pandas.errors.ParserError) as cause:
        raise FileError(
            f"{str(path)!r} is no table of numbers ({str(cause).splitlines()[0]}): write a time and a "
            "value in each row, with a header of names and units."
        ) from cause
    return values[:, :-1] if layout.is_trailed and np.isnan(values[:, -1]).all() else values


def _parsed(pandas: Any, path: Path, layout: Layout, decimal: str) -> np.ndarray:
    frame = pandas.read_csv(
        path,
        sep=layout.delimiter,
        decimal=decimal,
        skiprows=layout.skip,
        header=None,
        encoding=layout.encoding,
        comment="#",
        dtype=float,
        skipinitialspace=True,
    )
    values: np.ndarray = frame.to_numpy(dtype=float)
    return values


def is_table(path: Path) -> bool:
    """Whether a file is text with rows of numbers."""
    return layout_of(path) is not None


def read(path: Path) -> neo.Block:
    """Read a table; see `neo_currentscape.adapters.icephys.read`.

    Raises
    ------
    FileError
        When it is none, or no column holds times.
    """
    layout = layout_of(path)
    if layout is None:
        raise FileError(
            f"{str(path)!r} is no table of numbers: write a time and a value in each row, with a header of "
            "names and units, as in 'time (ms),V_m (mV)'."
        )
    values = numbers(path, layout)
    width = values.shape[1]
    told = lems.columns_of(path) if not layout.names else []
    if told and len(told) == width - 1:
        return _of_lems(path, values, told)
    names = layout.names if len(layout.names) == width else [f"column {k}" for k in range(width)]
    texts = layout.units if len(layout.units) == width else [""] * width
    at = _time_column(path, values, names, texts)
    times = values[:, at] * _milliseconds(path, values[:, at], texts[at])
    kept = [k for k in range(width) if k != at]
    sweeps = _sweeps(layout, kept)
    axis = time_axis(times - times[0] if len(sweeps) > 1 else times)
    starts = _starts(layout, len(sweeps), times[0] * 1e-3)
    made = [
        Sweep(
            [(_channel(path, names[k], texts[k], values[:, k], own), values[:, k]) for k, own in columns],
            axis,
            start,
        )
        for columns, start in zip(sweeps, starts, strict=True)
    ]
    return block_of(path, made, reader="pandas")


def _of_lems(path: Path, values: np.ndarray, told: Sequence[lems.Column]) -> neo.Block:
    channels = [
        Channel(
            one.name, unit_of(one.unit)[0], None, None, {"positive": one.positive} if one.positive else {}
        )
        for one in told
    ]
    pairs = [(channel, values[:, k]) for k, channel in enumerate(channels, start=1)]
    sweep = Sweep(pairs, time_axis(values[:, 0] * 1e3), float(values[0, 0]))
    return block_of(path, [sweep], reader="pandas")


def _time_column(path: Path, values: np.ndarray, names: Sequence[str], texts: Sequence[str]) -> int:
    told = [k for k, text in enumerate(texts) if text and units.kind(unit_of(text)[0]) == "time"]
    told = [k for k in told if _TIME.fullmatch(names[k])] or told
    told = told or [k for k, name in enumerate(names) if _TIME.fullmatch(name)] or [0]
    if _COUNT.fullmatch(names[told[0]].strip()):
        raise FileError(
            f"{str(path)!r} has no column of times: {names[told[0]]!r} counts samples, and does not say "
            "how far they are apart: add a column 'time (ms)'."
        )
    times = values[:, told[0]]
    if len(times) < 2 or not np.isfinite(times).all() or not (np.diff(times) > 0).all():
        raise FileError(
            f"{str(path)!r} has no column of times that increase (its columns are "
            f"{', '.join(map(repr, names[:8]))}): call it 'time (ms)', and sort the rows."
        )
    return told[0]


def _milliseconds(path: Path, times: np.ndarray, text: str) -> float:
    """What one of the times is in ms; guessed from the step, with a warning, where no unit is written."""
    if text and units.kind(unit_of(text)[0]) == "time":
        return float((1.0 * unit_of(text)[0]).rescale("ms"))
    step = float(np.median(np.diff(times)))
    unit, factor = ("s", 1e3) if step < 1e-3 * (1 + 1e-9) and times[-1] - times[0] < 100 else ("ms", 1.0)
    warn(
        f"The times of {path.name!r} have no unit and are taken to be in {unit}, as their step is "
        f"{step:.4g}: write 'time ({unit})' or another unit into the header."
    )
    return factor


def _channel(path: Path, name: str, text: str, values: np.ndarray, own: str) -> Channel:
    unit, notes = unit_of(text)
    if not text and roles.looks_like_membrane_potential(name):
        largest = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0
        guess = "V" if largest < _VOLTS else "mV"
        warn(
            f"{name!r} in {path.name!r} has no unit and is taken to be in {guess}: write '{name} (mV)' or "
            "another unit into the header."
        )
        unit = units.parse_units(guess)
    return Channel(own or name, unit, None, None, notes)


def _sweeps(layout: Layout, kept: Sequence[int]) -> list[list[tuple[int, str]]]:
    """The columns of each sweep with the names of its signals: all, but for ATF files of several sweeps."""
    signals = layout.records.get("Signals", [])
    n_signals = len(dict.fromkeys(signals))
    if not signals or len(signals) != len(kept) or n_signals == len(kept):
        own = signals if len(signals) == len(kept) else [""] * len(kept)
        return [list(zip(kept, own, strict=True))]
    return [
        list(zip(kept[k : k + n_signals], signals[k : k + n_signals], strict=True))
        for k in range(0, len(kept), n_signals)
    ]


def _starts(layout: Layout, n_sweeps: int, first: float) -> list[float]:
    told = layout.records.get("SweepStartTimesMS", [])
    try:
        found = [float(text) * 1e-3 for text in told]
    except ValueError:
        found = []
    return found if len(found) == n_sweeps else [first] * n_sweeps
