"""What is said of names that mean no variable, and names in whatever has an order."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, KeysView, Sequence, ValuesView
from typing import Any

from neo_currentscape.conventions.errors import SelectionError
from neo_currentscape.recording.inventory import Variable


def not_found(variables: Sequence[Variable], pattern: str, what: str) -> SelectionError:
    """Make the error for a name that means no variable.

    Parameters
    ----------
    variables : sequence of Variable
        Those that could have been meant.
    pattern : str
        What the caller wrote.
    what : str
        The argument in which it stood.

    Returns
    -------
    SelectionError
    """
    names = [v.name for v in variables]
    shorts = [v.short_name for v in variables]
    role = {"currents=": "current", "ions=": "ion", "electrode=": "electrode"}.get(what)
    meant = [v.short_name for v in variables if v.role == role and v.short_name.startswith(pattern)]
    close = meant or difflib.get_close_matches(pattern, [*names, *shorts], n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return SelectionError(f"{what} {pattern!r} matches no signal: {hint}{describe(variables)}.")


def describe(variables: Sequence[Variable], limit: int = 30) -> str:
    """List variables for an error message, e.g. "there are 'v' (mV), 'ina' (mA/cm²)"."""
    from neo_currentscape.conventions import units

    if not variables:
        return "the segment holds no signal"
    shown = [f"{v.name!r} ({units.label(v.units) or 'no unit'})" for v in variables[:limit]]
    more = f" and {len(variables) - limit} more" if len(variables) > limit else ""
    return "there are " + ", ".join(shown) + more


def as_names(names: Any) -> Any:
    """A list of the names that stand in whatever has an order; anything else as it is.

    Parameters
    ----------
    names : object
        As for `neo_currentscape.Recording.from_segment`, or an array, an index of pandas, a view of a dict,
        or what gives one name after the other.

    Returns
    -------
    object

    Examples
    --------
    >>> as_names({"Na": 1, "K": 2}.keys()), as_names("Na")
    (['Na', 'K'], 'Na')
    """
    if hasattr(names, "tolist"):
        return names.tolist()
    return list(names) if isinstance(names, (Iterator, KeysView, ValuesView)) else names
