"""What the value of a configuration key must be: a check and a sentence for each kind."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.compat.readings import (
    Beyond,
    are_limits,
    are_numbers,
    are_texts,
    as_dpi,
    as_falling,
    as_flag,
    as_part,
    as_points,
    as_rising,
    as_text,
    as_texts,
    as_whole,
    is_flag,
    is_list,
    is_number,
    is_whole,
)
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, CurrentscapeError, warn


@dataclass(frozen=True)
class KeyKind:
    """A kind of value.

    Attributes
    ----------
    type_fits, value_fits : callable
        Whether the type, and then the value, can be used.
    write : str
        What to write instead, as in "write ...".
    finish : callable
        Makes of the value what is used; never the caller's own object where that can be changed.
    lenient : callable
        Makes of a value that Currentscape draws, though it is not what is to be written, one that is; gives
        back the value itself where there is nothing to be made.
    """

    type_fits: Callable[[Any], bool]
    value_fits: Callable[[Any], bool]
    write: str
    finish: Callable[[Any], Any] = lambda value: value
    lenient: Callable[[Any], Any] = lambda value: value


def check(path: str, value: Any, kind: str, optional: bool) -> Any:
    """Check the value of a key, and return it as it is used.

    Parameters
    ----------
    path : str
        The key, for the error.
    value : object
        What the configuration says.
    kind : str
        A name in `KINDS`.
    optional : bool
        Whether None is one of the values.

    Raises
    ------
    ArgumentTypeError, ArgumentError
        When the type or the value cannot be used.

    Warns
    -----
    CurrentscapeWarning
        When the value is read as another one.

    Examples
    --------
    >>> check("figsize", [3, 4], "sizes", False)
    (3.0, 4.0)
    """
    if optional and (value is None or (is_list(value) and [*value] == [None, None])):
        return None
    wanted = KINDS[kind]
    read = wanted.lenient(value)
    if read is not value:
        warn(f"Configuration key {path!r} is {value!r}, which is read as {read!r}: write {wanted.write}.")
        value = read
    if not wanted.type_fits(value):
        raise _refusal(ArgumentTypeError, path, value, wanted.write, optional)
    if not wanted.value_fits(value):
        raise _refusal(ArgumentError, path, value, wanted.write, optional)
    return wanted.finish(value)


def _refusal(
    error: type[CurrentscapeError], path: str, value: Any, write: str, optional: bool
) -> CurrentscapeError:
    found = f"{value!r} (a {type(value).__name__})"
    return error(f"Configuration key {path!r} is {found}: write {write}{' or None' if optional else ''}.")


def _is_color(value: Any) -> bool:
    from matplotlib.colors import is_color_like

    return is_color_like(value)


def _is_style(value: Any) -> bool:
    from matplotlib.lines import Line2D

    try:
        Line2D([], []).set_linestyle(_style(value))
    except (ValueError, TypeError):
        return False
    return True


def _style(value: Any) -> Any:
    # JSON has no tuples, and matplotlib takes dashes as nothing else.
    if is_list(value) and len(value) == 2 and is_list(value[1]):
        return value[0], tuple(value[1])
    return value


def _is_hatch(text: str) -> bool:
    return set(text) <= set("/\\|-+xXoO.*")


def _floats(value: Any) -> tuple[float, ...]:
    return tuple(float(number) for number in value)


def _told(value: Any) -> list[float]:
    return [number for number in value if number is not None]


def _differ(value: Any) -> bool:
    return value[0] is None or value[0] != value[1]


def _bounds(value: Any) -> tuple[float | None, ...]:
    return tuple(None if number is None else float(number) for number in value)


def _finite(value: Any) -> bool:
    return bool(np.isfinite(value).all())


#: Kind of a key -> what is checked.
KINDS: dict[str, KeyKind] = {
    "flag": KeyKind(is_flag, lambda v: True, "True or False (true or false in JSON)", bool, as_flag),
    "number": KeyKind(is_number, _finite, "a number", float),
    "positive": KeyKind(is_number, lambda v: _finite(v) and v > 0, "a number greater than 0", float),
    "size": KeyKind(is_number, lambda v: _finite(v) and v >= 0, "a number of 0 or more", float),
    "part": KeyKind(
        is_number,
        lambda v: 0 <= v <= 1 or isinstance(v, Beyond),
        "a number from 0 to 1",
        float,
        as_part,
    ),
    "count": KeyKind(is_whole, lambda v: v >= 1, "a whole number of 1 or more", int, as_whole),
    "text": KeyKind(lambda v: isinstance(v, str), lambda v: True, "text", str, as_text),
    "text size": KeyKind(
        is_number, lambda v: _finite(v) and v > 0, "a number of points greater than 0", float, as_points
    ),
    "dpi": KeyKind(is_number, lambda v: _finite(v) and v > 0, "a number greater than 0", float, as_dpi),
    "path": KeyKind(lambda v: isinstance(v, (str, os.PathLike)), lambda v: True, "the path of a folder"),
    "texts": KeyKind(are_texts, lambda v: True, "a list of texts", tuple, as_texts),
    "numbers": KeyKind(are_numbers, _finite, "a list of numbers", _floats),
    "limits": KeyKind(
        are_limits,
        lambda v: _differ(v) and _finite(_told(v)),
        "[lower, upper], with None for one to be chosen,",
        _bounds,
        as_falling,
    ),
    "log limits": KeyKind(
        are_limits,
        lambda v: _differ(v) and _finite(_told(v)) and (v[1] is None or v[1] > max(v[0] or 0, 0)),
        "[lower, upper], the upper one above 0 as the axis is logarithmic",
        _bounds,
        as_rising,
    ),
    "sizes": KeyKind(
        are_numbers,
        lambda v: len(v) == 2 and _finite(v) and min(v) > 0,
        "[width, height], both greater than 0",
        _floats,
    ),
    "color": KeyKind(
        lambda v: isinstance(v, str) or is_list(v), _is_color, "a colour, e.g. 'black' or '#117733'"
    ),
    "style": KeyKind(
        lambda v: isinstance(v, str) or is_list(v),
        _is_style,
        "a line style, e.g. '--' or [0, [2, 1]]",
        _style,
    ),
    "styles": KeyKind(
        lambda v: is_list(v) and all(isinstance(s, str) or is_list(s) for s in v),
        lambda v: len(v) > 0 and all(_is_style(style) for style in v),
        "a list of line styles, e.g. ['solid', [0, [2, 1]]]",
        lambda v: tuple(_style(style) for style in v),
    ),
    "patterns": KeyKind(
        are_texts,
        lambda v: len(v) > 0 and len(set(v)) == len(v) and all(_is_hatch(text) for text in v),
        "a list of different hatches made of / \\ | - + x o O . *",
        tuple,
    ),
}
