"""Colours, hatches, lines and labels of matplotlib as Bokeh has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from neo_currentscape.style import arrows, paper
from neo_currentscape.style.look import HATCHES, Look

#: Bokeh's hatches, in the order of ours.
PATTERNS = (" ", "/", ".", "\\", "x", "|", "-", "o", "+", "*", "@", ",", "`", ":", '"', "v", ">", "@")

#: What remains of a muted current.
MUTED = 0.12

#: The background of a page that is dark.
DARK_PAPER = "#16181c"


def look_of(look: Look) -> dict[str, Any]:
    """Keywords of an area of Bokeh."""
    own = {"fill_color": colour(look.color), "line_color": None, "muted_alpha": MUTED}
    if not look.hatch:
        return own
    pattern = PATTERNS[HATCHES.index(look.hatch)] if look.hatch in HATCHES else "/"
    hatch = {"hatch_pattern": pattern, "hatch_color": colour(look.hatch_color)}
    return {**own, **hatch, "hatch_scale": 8, "hatch_weight": 0.7}


def colour(given: Any) -> str:
    """A colour of matplotlib as a page has it.

    Examples
    --------
    >>> colour("0.5"), colour((1, 0, 0))
    ('#808080', '#ff0000')
    """
    from matplotlib.colors import to_hex

    return str(to_hex(given))


def on_both(given: Any) -> list[str]:
    """A colour of a line as tags, for a light page and for a dark one, on which some would not be seen.

    Examples
    --------
    >>> on_both("#001489"), on_both("#ee6677")
    (['on', '#001489', '#5966b2'], ['on', '#ee6677', '#ee6677'])
    """
    return ["on", colour(given), colour(paper.seen_on(given, DARK_PAPER))]


def area_on_both(given: Any) -> tuple[str, str]:
    """A colour of an area for a light page and for a dark one.

    Examples
    --------
    >>> area_on_both("#001489"), area_on_both("#ee6677")
    (('#001489', '#2e3e9e'), ('#ee6677', '#ee6677'))
    """
    return colour(given), colour(paper.filled_on(given, DARK_PAPER))


def dash_of(line: Any) -> list[int] | str:
    """A line style of matplotlib as dashes in pixels.

    Examples
    --------
    >>> dash_of("-"), dash_of((0, (4, 1.5)))
    ('solid', [6, 2])
    """
    named = {"-": "solid", "--": "dashed", ":": "dotted", "-.": "dotdash"}
    if isinstance(line, str):
        return named.get(line, "solid")
    return [max(1, round(1.5 * part)) for part in line[1] or ()] or "solid"


def ink_or(lines: Sequence[Any], ink: Any) -> dict[str, Any]:
    """The colour of the first line that was drawn; that of text changes with the page."""
    found = colour(lines[0].get_color()) if lines else colour(ink)
    return {"color": found, "ink": found in ("#000000", "#ffffff", colour(ink))}


def plain(words: str) -> str:
    """A label without the formulas that stand for arrows, and without marks of formulas of Bokeh's."""
    for arrow, formula in arrows.ARROWS.items():
        words = words.replace(formula, arrow)
    return words.replace("$$", "$ $").replace("\\$", "$")
