"""What the value of a configuration key must be: a check and a sentence for each kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, CurrentscapeError


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Attributes
    ----------
    type_fits, value_fits : callable
        Whether the type, and then the value, can be used.
    write : str
        What to write instead, as in "write ...".
    finish : callable
        Makes of the value what is used; never the caller's own object where that can be changed.
    """

    type_fits: Callable[[Any], bool]
    value_fits: Callable[[Any], bool]
    write: str
    finish: Callable[[Any], Any] = lambda value: value


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

    Examples
    --------
    >>> check("figsize", [3, 4], "sizes", False)
    (3.0, 4.0)
    """
    if value is None and optional:
        return None
    wanted = KINDS[kind]
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


def _is_flag(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not _is_flag(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not _is_flag(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes))


def _are_numbers(value: Any) -> bool:
    return _is_list(value) and np.ndim(value) == 1 and all(_is_number(number) for number in value)


def _are_texts(value: Any) -> bool:
    return _is_list(value) and all(isinstance(text, str) for text in value)


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
    if _is_list(value) and len(value) == 2 and _is_list(value[1]):
        return value[0], tuple(value[1])
    return value


def _is_hatch(text: str) -> bool:
    return set(text) <= set("/\\|-+xXoO.*")


def _floats(value: Any) -> tuple[float, ...]:
    return tuple(float(number) for number in value)


def _finite(value: Any) -> bool:
    return bool(np.isfinite(value).all())


#: Kind of a key -> what is checked.
KINDS: dict[str, Kind] = {
    "flag": Kind(_is_flag, lambda v: True, "True or False (true or false in JSON)", bool),
    "number": Kind(_is_number, _finite, "a number", float),
    "positive": Kind(_is_number, lambda v: _finite(v) and v > 0, "a number greater than 0", float),
    "size": Kind(_is_number, lambda v: _finite(v) and v >= 0, "a number of 0 or more", float),
    "part": Kind(_is_number, lambda v: 0 <= v <= 1, "a number from 0 to 1", float),
    "count": Kind(_is_whole, lambda v: v >= 1, "a whole number of 1 or more", int),
    "text": Kind(lambda v: isinstance(v, str), lambda v: True, "text", str),
    "path": Kind(lambda v: isinstance(v, (str, os.PathLike)), lambda v: True, "the path of a folder"),
    "texts": Kind(_are_texts, lambda v: True, "a list of texts", tuple),
    "numbers": Kind(_are_numbers, _finite, "a list of numbers", _floats),
    "limits": Kind(
        _are_numbers, lambda v: len(v) == 2 and _finite(v) and v[0] < v[1], "[lower, upper]", _floats
    ),
    "log limits": Kind(
        _are_numbers,
        lambda v: len(v) == 2 and _finite(v) and v[0] < v[1] and v[1] > 0,
        "[lower, upper], the upper one above 0 as the axis is logarithmic",
        _floats,
    ),
    "sizes": Kind(
        _are_numbers,
        lambda v: len(v) == 2 and _finite(v) and min(v) > 0,
        "[width, height], both greater than 0",
        _floats,
    ),
    "color": Kind(
        lambda v: isinstance(v, str) or _is_list(v), _is_color, "a colour, e.g. 'black' or '#117733'"
    ),
    "style": Kind(
        lambda v: isinstance(v, str) or _is_list(v),
        _is_style,
        "a line style, e.g. '--' or [0, [2, 1]]",
        _style,
    ),
    "styles": Kind(
        lambda v: _is_list(v) and all(isinstance(s, str) or _is_list(s) for s in v),
        lambda v: len(v) > 0 and all(_is_style(style) for style in v),
        "a list of line styles, e.g. ['solid', [0, [2, 1]]]",
        lambda v: tuple(_style(style) for style in v),
    ),
    "patterns": Kind(
        _are_texts,
        lambda v: len(v) > 0 and len(set(v)) == len(v) and all(_is_hatch(text) for text in v),
        "a list of different hatches made of / \\ | - + x o O . *",
        tuple,
    ),
}
