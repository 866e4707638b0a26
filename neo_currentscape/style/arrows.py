"""Arrows in labels, which are letters in every font: none is set as a formula where a font has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

#: Arrows in labels, and the formulas that stand for them in a font without them.
ARROWS = {"\N{LEFTWARDS ARROW}": "$\\leftarrow$", "\N{RIGHTWARDS ARROW}": "$\\rightarrow$"}

#: A font that has them, and comes with matplotlib.
WITH_ARROWS = "DejaVu Sans"


def arrows(left: str, right: str) -> str:
    """What lies to the left, or below, and to the right, or above: in one line that is not broken.

    Examples
    --------
    >>> arrows("inward", "outward").replace("\\N{NO-BREAK SPACE}", " ")
    '← inward | outward →'
    """
    import matplotlib

    plain = not matplotlib.rcParams["text.usetex"] and _have_arrows(matplotlib.rcParams["font.family"])
    to_left, to_right = ARROWS if plain else ARROWS.values()
    return f"{to_left} {left} | {right} {to_right}".replace(" ", "\N{NO-BREAK SPACE}")


def two_sided(what: str, left: str = "inward", right: str = "outward") -> str:
    """A label with a second line, which is not broken: it says what is below and above zero.

    Examples
    --------
    >>> two_sided("Share").replace("\\N{NO-BREAK SPACE}", " ")
    'Share\\n← inward | outward →'
    """
    return f"{what}\n{arrows(left, right)}"


def families(given: str | Sequence[str]) -> list[str]:
    """Families of fonts, with one that has arrows behind those that have none.

    Matplotlib takes each letter from the first font that has it, so that arrows are text in files too.

    Parameters
    ----------
    given : str or sequence of str
        As of matplotlib's setting ``font.family``.

    Examples
    --------
    >>> families(["DejaVu Sans"]), families("cmr10")
    (['DejaVu Sans'], ['cmr10', 'DejaVu Sans'])
    """
    names = [given] if isinstance(given, str) else list(given)
    return names if _have_arrows(names) else [*names, WITH_ARROWS]


def with_arrows(own: Mapping[str, Any]) -> dict[str, Any]:
    """The setting of the fonts, of the caller's own or of those in force, where they have no arrows."""
    import matplotlib

    given = own.get("font.family", matplotlib.rcParams["font.family"])
    found = families(given)
    return {} if found[-1] != WITH_ARROWS or WITH_ARROWS in given else {"font.family": found}


def _have_arrows(names: Sequence[str]) -> bool:
    from matplotlib.font_manager import FontProperties, findfont

    for name in names:
        try:
            found = findfont(FontProperties(family=[name]), fallback_to_default=False)
        except ValueError:  # it is not installed
            continue
        if _has_arrows(found):
            return True
    return False


@lru_cache(maxsize=16)
def _has_arrows(font: str) -> bool:
    """Whether the font in a file has arrows; to set a formula takes a long time."""
    from matplotlib.font_manager import get_font

    return all(get_font(font).get_char_index(ord(arrow)) for arrow in ARROWS)
