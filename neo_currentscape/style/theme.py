"""Colours that the user gives to families and currents, for every figure that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.conventions.families import FAMILIES
from neo_currentscape.style.look import Look

#: What is in force; replaced as a whole, never changed.
_colors: Mapping[str, tuple[Any, ...]] = {}


class theme:
    """Give families of currents, or single currents, colours of your own in every figure.

    Parameters
    ----------
    colors : mapping of str to colour or sequence of colours, optional
        By the name of a family (``"Na"``, ``"Na persistent"``, ``"K"``, ``"K fast"``, ``"K A-type"``,
        ``"K slow"``, ``"K(Ca)"``, ``"Ca"``, ``"Ca L-type"``, ``"Ca N-type"``, ``"Ca T-type"``, ``"h"``,
        ``"leak"``, ``"GABA"``, ``"GABA_B"``, ``"AMPA"``, ``"NMDA"``, ``"pump"``, ``"adaptation"``) or of a
        current. Several colours are those of a family's first, second ... member.
        What is not named keeps its default colour; nothing at all brings all of these back.

    Raises
    ------
    ArgumentError
        When there is no such colour.
    ArgumentTypeError
        When `colors` is no mapping.

    Notes
    -----
    It holds from the call on, or for a ``with`` block. Figures that were made before keep their colours.
    For one figure use ``palette=``, which goes before the theme.

    Examples
    --------
    >>> from neo_currentscape.style.palettes import looks
    >>> with theme({"Na": "tomato", "my current": "0.5"}):
    ...     looks(["INa", "K"])["INa"].color
    'tomato'
    >>> looks(["INa", "K"])["INa"].color == "tomato"
    False
    """

    def __init__(self, colors: Mapping[str, Any] | None = None) -> None:
        global _colors
        self._before = _colors
        _colors = _read({} if colors is None else colors)

    def __enter__(self) -> theme:
        return self

    def __exit__(self, *raised: object) -> None:
        global _colors
        _colors = self._before


def of_families() -> dict[str, tuple[Any, ...]]:
    """The colours of families that the user gave."""
    return {name: colors for name, colors in _colors.items() if name in FAMILIES}


def of_currents(names: Sequence[str]) -> dict[str, Look]:
    """The looks of those of the currents that the user gave a colour by their own names."""
    return {name: Look(_colors[name][0]) for name in names if name in _colors and name not in FAMILIES}


def is_default() -> bool:
    """Whether the user gave no colours."""
    return not _colors


def _read(colors: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    if not isinstance(colors, Mapping):
        raise ArgumentTypeError(
            f"theme() takes {{family or current: colour}}, not {colors!r}: write e.g. "
            "theme({'Na': 'tomato'})."
        )
    return {str(name): _listed(name, color) for name, color in colors.items()}


def _listed(name: str, given: Any) -> tuple[Any, ...]:
    from matplotlib.colors import is_color_like

    several = isinstance(given, Sequence) and not isinstance(given, str) and not is_color_like(given)
    listed = tuple(given) if several else (given,)
    wrong = [color for color in listed if not is_color_like(color)]
    if wrong or not listed:
        raise ArgumentError(
            f"theme() holds {(wrong or [given])[0]!r} for {name!r}, which is no colour: write e.g. "
            "'#117733' or 'teal'."
        )
    return listed
