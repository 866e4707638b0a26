"""What an experiment is made on: a Currentscape, a Recording, or a Segment to pick one from."""

from __future__ import annotations

from typing import Any

import neo
import numpy as np

from neo_currentscape.analysis.currentscape import Currentscape
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SelectionError
from neo_currentscape.recording import values
from neo_currentscape.recording.recording import Recording


def as_scape(source: Any, **selection: Any) -> Currentscape:
    """Take a Currentscape as it is, and make one of a Recording, Segment or Block.

    Parameters
    ----------
    source : Currentscape, Recording, neo.Segment or neo.Block
        A Block must hold one Segment.
    **selection
        For a Segment or Block: keywords of `Recording.from_segment`, and ``top``.

    Returns
    -------
    Currentscape

    Raises
    ------
    ArgumentTypeError
        When the source is something else, or a selection was given for what is selected already.
    """
    if isinstance(source, (neo.Segment, neo.Block)):
        return Currentscape.from_segment(source, **selection)
    if selection:
        raise ArgumentTypeError(
            f"{next(iter(selection))}=... chooses signals of a Segment, and a {type(source).__name__} was "
            "given: choose when you make the Recording."
        )
    if isinstance(source, Currentscape):
        return source
    if isinstance(source, Recording):
        return Currentscape(source)
    raise ArgumentTypeError(
        f"A Currentscape, Recording or neo.Segment is needed, not a {type(source).__name__}: write e.g. "
        "Currentscape.from_segment(segment)."
    )


def voltage_of(recording: Recording, purpose: str) -> np.ndarray:
    """The membrane potential in mV, shape (time,), without a copy where it is stored so.

    Raises
    ------
    SelectionError
        When the recording holds none.
    """
    signal = recording.voltage
    if signal is None:
        raise SelectionError(
            f"{purpose} needs the voltage, which the recording does not hold: pass voltage=... when you "
            "make the Recording."
        )
    column = values.magnitudes(signal)[:, 0]
    if units.kind(signal) == "dimensionless":
        return column
    factor = float(units.parse_units(signal.units).rescale("mV"))
    return column if factor == 1.0 else column * factor


def check_count(what: str, value: Any, least: int = 1) -> int:
    """Read a number of bins or the like.

    Raises
    ------
    ArgumentError
        When it is no whole number, or less than the least.

    Examples
    --------
    >>> check_count("bins", 20)
    20
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least:
        raise ArgumentError(f"{what}={value!r} cannot be used: write a whole number of {least} or more.")
    return int(value)
