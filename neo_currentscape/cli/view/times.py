"""Times as they are typed into the page, and as it writes them."""

from __future__ import annotations

import re

import numpy as np

from neo_currentscape.cli import selection
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError

#: A number with a comma, as many languages write it.
_COMMA = re.compile(r"^([-+]?\d*),(\d+)")


def time_of(text: str, field: str, per_ms: float, end: float) -> float:
    """Read a time.

    Parameters
    ----------
    text : str
        With a unit or without.
    field : str
        Where it was typed, for the error.
    per_ms : float
        How many of the unit of the axis, which the time has that is found, are a millisecond.
    end : float
        What stands for no text.

    Returns
    -------
    float

    Raises
    ------
    CurrentscapeError
        When it is no time.

    Examples
    --------
    >>> time_of("1,5", "From", 1.0, 0.0), time_of("0.2 s", "From", 1.0, 0.0), time_of(" ", "To", 1.0, 80.0)
    (1.5, 200.0, 80.0)
    """
    plain = _COMMA.sub(r"\1.\2", text.strip().replace("\u2212", "-"))
    if not plain:
        return end
    try:
        found = float(plain)
    except ValueError:
        if not re.match(r"[-+]?\.?\d", plain):
            raise _no_time(text, field) from None
        found = units.scalar(selection.quantity(plain, field), "ms", field) * per_ms
    if not np.isfinite(found):
        raise _no_time(text, field)
    return found


def _no_time(text: str, field: str) -> ArgumentError:
    return ArgumentError(f"{field} {text!r} is no time: write e.g. 100 or '100 ms'.")


def window_of(start: float, stop: float, ends: tuple[float, float], unit: str) -> tuple[float, float]:
    """The part of a recording between two times.

    Raises
    ------
    ArgumentError
        When there is none.

    Examples
    --------
    >>> window_of(-5.0, 20.0, (0.0, 100.0), "ms")
    (0.0, 20.0)
    """
    if start == stop:
        raise ArgumentError(
            f"From and To are both {start:g} {unit}, which holds no time: write a later To."
        )
    if start > stop:
        raise ArgumentError(f"The window from {start:g} to {stop:g} {unit} holds no time: swap the two.")
    first, last = ends
    if stop <= first or start >= last:
        raise ArgumentError(f"The recording goes from {first:g} to {last:g} {unit}: choose times within.")
    return max(start, first), min(stop, last)


def written(value: float, window: float) -> str:
    """A time, as exactly as a window of this length is seen.

    Examples
    --------
    >>> written(769.230769, 600.0), written(2000.0, 2000.0), written(769.230769, 3.0)
    ('769.2', '2000', '769.231')
    """
    digits = int(np.clip(np.ceil(-np.log10(window / 1000.0)), 0, 12)) if window > 0 else 9
    found = f"{value:.{digits}f}"
    return found.rstrip("0").rstrip(".") if digits else found
