"""What a value of the configuration is, and what it is read as where it can be meant only one way."""

from __future__ import annotations

from collections.abc import KeysView, Sequence, ValuesView
from numbers import Integral, Real
from typing import Any

import numpy as np


def is_flag(value: Any) -> bool:
    """Whether it is true or false."""
    return isinstance(value, (bool, np.bool_))


def is_number(value: Any) -> bool:
    """Whether it is a real number, which true and false are not."""
    return isinstance(value, Real) and not is_flag(value)


def is_whole(value: Any) -> bool:
    """Whether it is of a type of whole numbers."""
    return isinstance(value, Integral) and not is_flag(value)


def is_list(value: Any) -> bool:
    """Whether it lists values."""
    # An index of pandas is a list of names too, and so are the keys of a dict.
    if isinstance(value, (str, bytes)):
        return False
    return isinstance(value, (Sequence, KeysView, ValuesView)) or (
        hasattr(value, "__array__") and np.ndim(value) > 0
    )


def are_numbers(value: Any) -> bool:
    """Whether it lists numbers, and nothing else."""
    return is_list(value) and all(is_number(number) for number in value)


def are_limits(value: Any) -> bool:
    """Whether it lists two numbers, or None for one that is to be chosen."""
    if not is_list(value) or len(value) != 2:
        return False
    told = [number for number in value if number is not None]
    return bool(told) and all(is_number(number) for number in told)


def are_texts(value: Any) -> bool:
    """Whether it lists texts, and nothing else."""
    return is_list(value) and all(isinstance(text, str) for text in value)


def as_flag(value: Any) -> Any:
    """0 and 1 as what they mean."""
    return bool(value) if is_number(value) and value in (0, 1) else value


def as_whole(value: Any) -> Any:
    """A whole number that is written as 50.0."""
    return int(value) if isinstance(value, (float, np.floating)) and float(value).is_integer() else value


def as_text(value: Any) -> Any:
    """A number as a text."""
    return str(value) if is_number(value) else value


def as_texts(value: Any) -> Any:
    """Numbers among names as texts."""
    if is_list(value) and any(is_number(text) for text in value):
        return [as_text(text) for text in value]
    return value


def as_points(value: Any) -> Any:
    """Points of a size in words, which matplotlib takes as parts of ``font.size``, or as text."""
    from matplotlib.font_manager import FontProperties, font_scalings

    if isinstance(value, str) and value.lower() in font_scalings:
        return float(FontProperties(size=value.lower()).get_size_in_points())
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def as_dpi(value: Any) -> Any:
    import matplotlib

    is_word = isinstance(value, str) and value == "figure"
    return float(matplotlib.rcParams["figure.dpi"]) if is_word else value


def as_part(value: Any) -> Any:
    """A number a little outside of the page; far outside there is nothing to see."""
    return Beyond(value) if is_number(value) and (-0.5 <= value < 0 or 1 < value <= 1.5) else value


class Beyond(float):
    """A place outside of the page."""

    def __repr__(self) -> str:
        return f"{float(self)!r}, outside of the page"


class Falling(list[float]):
    """Limits of which the first is the upper one."""

    def __repr__(self) -> str:
        return f"{list(self)!r}, an axis that points downwards"


def as_falling(value: Any) -> Any:
    """Limits the wrong way round, for an axis that can point downwards."""
    return Falling(value) if _fall(value) else value


def as_rising(value: Any) -> Any:
    """Limits the wrong way round, put right."""
    return [value[1], value[0]] if _fall(value) else value


def _fall(value: Any) -> bool:
    return are_numbers(value) and len(value) == 2 and value[0] > value[1]
