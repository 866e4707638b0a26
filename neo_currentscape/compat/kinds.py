"""What the value of a configuration key must be: a check and a sentence for each kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

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
    if value is None and optional:
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


def _is_flag(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not _is_flag(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not _is_flag(value)


def _is_list(value: Any) -> bool:
    # An index of pandas is a list of names too.
    if isinstance(value, (str, bytes)):
        return False
    return isinstance(value, Sequence) or (hasattr(value, "__array__") and np.ndim(value) > 0)


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


def _as_flag(value: Any) -> Any:
    return bool(value) if _is_number(value) and value in (0, 1) else value


def _as_whole(value: Any) -> Any:
    return int(value) if isinstance(value, (float, np.floating)) and float(value).is_integer() else value


def _as_text(value: Any) -> Any:
    return str(value) if _is_number(value) else value


def _as_texts(value: Any) -> Any:
    if _is_list(value) and any(_is_number(text) for text in value):
        return [_as_text(text) for text in value]
    return value


def _as_points(value: Any) -> Any:
    """Points of a size in words, which matplotlib takes as parts of ``font.size``."""
    from matplotlib.font_manager import FontProperties, font_scalings

    if isinstance(value, str) and value in font_scalings:
        return float(FontProperties(size=value).get_size_in_points())
    return value


def _as_dpi(value: Any) -> Any:
    import matplotlib

    return float(matplotlib.rcParams["figure.dpi"]) if value == "figure" else value


def _as_part(value: Any) -> Any:
    """A number a little outside of the page; far outside there is nothing to see."""
    return _Beyond(value) if _is_number(value) and (-0.5 <= value < 0 or 1 < value <= 1.5) else value


class _Beyond(float):
    """A place outside of the page."""

    def __repr__(self) -> str:
        return f"{float(self)!r}, outside of the page"


class _Falling(list[float]):
    """Limits of which the first is the upper one."""

    def __repr__(self) -> str:
        return f"{list(self)!r}, an axis that points downwards"


def _as_falling(value: Any) -> Any:
    return _Falling(value) if _are_numbers(value) and len(value) == 2 and value[0] > value[1] else value


def _as_rising(value: Any) -> Any:
    if _are_numbers(value) and len(value) == 2 and value[0] > value[1]:
        return [value[1], value[0]]
    return value


def _floats(value: Any) -> tuple[float, ...]:
    return tuple(float(number) for number in value)


def _finite(value: Any) -> bool:
    return bool(np.isfinite(value).all())


#: Kind of a key -> what is checked.
KINDS: dict[str, KeyKind] = {
    "flag": KeyKind(_is_flag, lambda v: True, "True or False (true or false in JSON)", bool, _as_flag),
    "number": KeyKind(_is_number, _finite, "a number", float),
    "positive": KeyKind(_is_number, lambda v: _finite(v) and v > 0, "a number greater than 0", float),
    "size": KeyKind(_is_number, lambda v: _finite(v) and v >= 0, "a number of 0 or more", float),
    "part": KeyKind(
        _is_number,
        lambda v: 0 <= v <= 1 or isinstance(v, _Beyond),
        "a number from 0 to 1",
        float,
        _as_part,
    ),
    "count": KeyKind(_is_whole, lambda v: v >= 1, "a whole number of 1 or more", int, _as_whole),
    "text": KeyKind(lambda v: isinstance(v, str), lambda v: True, "text", str, _as_text),
    "text size": KeyKind(
        _is_number, lambda v: _finite(v) and v > 0, "a number of points greater than 0", float, _as_points
    ),
    "dpi": KeyKind(_is_number, lambda v: _finite(v) and v > 0, "a number greater than 0", float, _as_dpi),
    "path": KeyKind(lambda v: isinstance(v, (str, os.PathLike)), lambda v: True, "the path of a folder"),
    "texts": KeyKind(_are_texts, lambda v: True, "a list of texts", tuple, _as_texts),
    "numbers": KeyKind(_are_numbers, _finite, "a list of numbers", _floats),
    "limits": KeyKind(
        _are_numbers,
        lambda v: len(v) == 2 and _finite(v) and v[0] != v[1],
        "[lower, upper]",
        _floats,
        _as_falling,
    ),
    "log limits": KeyKind(
        _are_numbers,
        lambda v: len(v) == 2 and _finite(v) and v[0] < v[1] and v[1] > 0,
        "[lower, upper], the upper one above 0 as the axis is logarithmic",
        _floats,
        _as_rising,
    ),
    "sizes": KeyKind(
        _are_numbers,
        lambda v: len(v) == 2 and _finite(v) and min(v) > 0,
        "[width, height], both greater than 0",
        _floats,
    ),
    "color": KeyKind(
        lambda v: isinstance(v, str) or _is_list(v), _is_color, "a colour, e.g. 'black' or '#117733'"
    ),
    "style": KeyKind(
        lambda v: isinstance(v, str) or _is_list(v),
        _is_style,
        "a line style, e.g. '--' or [0, [2, 1]]",
        _style,
    ),
    "styles": KeyKind(
        lambda v: _is_list(v) and all(isinstance(s, str) or _is_list(s) for s in v),
        lambda v: len(v) > 0 and all(_is_style(style) for style in v),
        "a list of line styles, e.g. ['solid', [0, [2, 1]]]",
        lambda v: tuple(_style(style) for style in v),
    ),
    "patterns": KeyKind(
        _are_texts,
        lambda v: len(v) > 0 and len(set(v)) == len(v) and all(_is_hatch(text) for text in v),
        "a list of different hatches made of / \\ | - + x o O . *",
        tuple,
    ),
}
