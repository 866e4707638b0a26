"""The text of a unit, wherever it comes from: bounded before quantities computes it.

`quantities` reads a unit as a sum that Python works out, so that ``9**9**9`` would never end.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from typing import Any

from quantities.registry import unit_registry

from neo_currentscape.conventions.errors import UnitsError

#: The longest text that is taken for a unit; compound units of all seven base units have about 60.
LONGEST = 200

#: The largest power, those of nested brackets multiplied, and the largest number.
LARGEST_POWER, LARGEST_NUMBER = 30, 1e30

#: What may stand between two parts. A sum of units is one that holds a number, and is told as such.
_BETWEEN = (ast.Mult, ast.Div, ast.Add, ast.Sub)

#: What Python warns of while it reads, and no unit has: quotes, escapes, numbers of other bases; and a word
#: of its own that is stuck to a number.
_STRANGE = re.compile(r"[\\'\"]|\b0[xob]", re.IGNORECASE)
_STUCK = re.compile(r"(?<=[0-9.])(?=(?:and|else|for|if|in|is|not|or)\b)")


class UnitTextError(UnitsError, LookupError):
    """The text of a unit is none, or is more than a unit."""


def shown(text: str) -> str:
    """A text in quotes, cut where it is too long for a message.

    Examples
    --------
    >>> shown("nA"), len(shown("n" * 100_000))
    ("'nA'", 45)
    """
    return repr(text) if len(text) <= 40 else repr(f"{text[:40]}...")


def check(text: str) -> None:
    """Refuse a text that is no product of names, numbers and small powers.

    Parameters
    ----------
    text : str
        In the spelling of quantities, which takes ``^`` for ``**``, ``·`` and ``a.b`` for ``*``.

    Raises
    ------
    UnitTextError
        Before anything is computed.

    Examples
    --------
    >>> check("mA/cm**2"), check("(kg*m**2)/(s**3*A)")
    (None, None)
    >>> check("9**9**9")
    Traceback (most recent call last):
        ...
    neo_currentscape.conventions.unit_text.UnitTextError: Unit '9**9**9' has a power that is no number ...
    """
    if len(text) > LONGEST:
        raise UnitTextError(f"Unit {shown(text)} has {len(text)} characters: write e.g. 'mA/cm**2'.")
    plain = text.strip().replace("^", "**").replace("·", "*").replace("%", "percent")
    if plain in ("", "in"):
        return
    try:
        tree = ast.parse(_quiet(plain, text), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as cause:
        raise unknown(text) from cause
    _check_part(tree, 1.0, text)


def _quiet(plain: str, text: str) -> str:
    """The same text without what Python warns of, as to silence it would silence other threads too."""
    if _STRANGE.search(plain):
        raise unknown(text)
    return _STUCK.sub(" ", plain)


def unknown(text: str) -> UnitTextError:
    """The error for a text that is no unit; to be raised by the caller."""
    return UnitTextError(
        f"Unit {shown(text)} is not known to quantities: write e.g. 'nA', 'mA/cm**2' or 'mV'."
    )


def _check_part(part: ast.AST, power: float, text: str) -> None:
    if isinstance(part, ast.Name):
        return
    if isinstance(part, ast.Attribute):  # quantities takes the dot for a product
        return _check_part(part.value, power, text)
    if isinstance(part, ast.Constant):
        return _check_number(part.value, power, text)
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, (ast.UAdd, ast.USub)):
        return _check_part(part.operand, power, text)
    if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow):
        return _check_part(part.left, power * _power(part.right, power, text), text)
    if isinstance(part, ast.BinOp) and isinstance(part.op, _BETWEEN):
        _check_part(part.left, power, text)
        return _check_part(part.right, power, text)
    raise unknown(text)


def _check_number(value: Any, power: float, text: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise unknown(text)
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise UnitTextError(f"Unit {shown(text)} holds a number beyond {LARGEST_NUMBER:g}: leave it out.")


def _power(exponent: ast.AST, outer: float, text: str) -> float:
    """The size of a power, 1 at least: what stands inside is raised no less by a small one."""
    value = _number(exponent)
    if value is None:
        raise UnitTextError(
            f"Unit {shown(text)} has a power that is no number of its own: write e.g. 'mA/cm**2'."
        )
    size = max(abs(value), 1.0)
    if not size * outer <= LARGEST_POWER:
        raise UnitTextError(f"Unit {shown(text)} has a power beyond {LARGEST_POWER}: write e.g. 'um**2'.")
    return size


def _number(part: ast.AST) -> float | None:
    """A number, or a fraction of two, with or without a sign."""
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, (ast.UAdd, ast.USub)):
        return _number(part.operand)
    if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div):
        above, below = _number(part.left), _number(part.right)
        return above / below if above is not None and below else None
    value = part.value if isinstance(part, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(min(value, LARGEST_NUMBER))  # an int may be too large for a float


def guard() -> None:
    """Have quantities itself check each text, as Neo hands it those of the files that it reads.

    From the first call on, for the whole process; units that are units are what they were.
    """
    kind = type(unit_registry)
    if not hasattr(kind.__getitem__, "bounded"):
        kind.__getitem__ = _bounded(kind.__getitem__)


def _bounded(inner: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def checked(registry: Any, label: str) -> Any:
        # Most are plain names, as "mV".
        if not (isinstance(label, str) and label.isalpha() and len(label) <= LONGEST):
            check(str(label))
        return inner(registry, label)

    checked.bounded = True  # type: ignore[attr-defined]
    return checked
