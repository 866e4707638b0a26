"""Text sizes and line widths that fit the width of a figure, as settings for one figure only."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from neo_currentscape.style.drawing import drawing

#: Letters of a name that are drawn: more are wider than any page.
MOST_LETTERS = 300

#: The smallest text in points that journals accept.
SMALLEST = 6.0


def base_size(width: float) -> float:
    """Size of the text in points for a figure of so many inches.

    From 6.5 pt in a column of 85 mm over 8 pt on a page to 15 pt on a slide.

    Examples
    --------
    >>> base_size(85 / 25.4), base_size(13.33)
    (6.5, 15.0)
    """
    return round(float(np.interp(width, [85 / 25.4, 6.85, 13.33], [6.5, 8.0, 15.0])), 2)


def chosen_size(own: Mapping[str, Any]) -> float | None:
    """Size of the text in points that the caller chose, for this figure or for all; None for none.

    Parameters
    ----------
    own : mapping
        The caller's settings of this figure, which go before matplotlib's.
    """
    import matplotlib

    default: Any = matplotlib.rcParamsDefault
    common = float(matplotlib.rcParams["font.size"])
    return own.get("font.size", None if common == float(default["font.size"]) else common)


def settings(size: float) -> dict[str, Any]:
    """rcParams of a figure whose text has so many points, for `matplotlib.rc_context`.

    Parameters
    ----------
    size : float
        In points.

    Returns
    -------
    dict
    """
    line, small = size / 10, max(SMALLEST, 0.92 * size)
    return {
        **_fitting_ticks(),
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "figure.titlesize": size * 1.2,
        "xtick.labelsize": small,
        "ytick.labelsize": small,
        "legend.fontsize": small,
        "axes.linewidth": line * 0.8,
        "lines.linewidth": line,
        "lines.markersize": size * 0.35,
        "xtick.major.width": line * 0.8,
        "ytick.major.width": line * 0.8,
        "xtick.major.size": size * 0.35,
        "ytick.major.size": size * 0.35,
        "xtick.minor.width": line * 0.5,
        "ytick.minor.width": line * 0.5,
        "xtick.minor.size": size * 0.2,
        "ytick.minor.size": size * 0.2,
        "hatch.linewidth": line * 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        # Text stays text in vector files, so that journals can edit it.
        "pdf.fonttype": 42,
        "svg.fonttype": "none",
    }


def check_settings(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a copy of the caller's rcParams.

    Raises
    ------
    ArgumentTypeError
        When they are no mapping.
    UnknownNameError
        When matplotlib knows no such setting; with the nearest that it knows.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ArgumentTypeError(f"settings= takes a dict of rcParams, not {given!r}.")
    import matplotlib

    for name in given:
        if name not in matplotlib.rcParams:
            close = difflib.get_close_matches(str(name), list(matplotlib.rcParams), n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else "see matplotlib.rcParams."
            raise UnknownNameError(f"Unknown rcParam {str(name)!r} in settings=: {hint}")
        _check_setting(name, given[name])
    return dict(given)


def _check_setting(name: str, value: Any) -> None:
    import matplotlib

    try:
        matplotlib.RcParams({name: value})
        usable = name != "font.size" or 0 < float(value) < np.inf
        cause, problem = None, "is no size in points"
    except Exception as refusal:  # each setting has a check of its own
        usable, cause = False, refusal
        problem = f"cannot be used ({(str(refusal).splitlines() or [''])[0].rstrip('.')})"
    if not usable:
        known: Any = matplotlib.rcParamsDefault
        raise ArgumentError(
            f"settings={{{name!r}: {value!r}}} {problem}: write what matplotlib.rcParams takes, e.g. "
            f"{known[name]!r}."
        ) from cause


def _fitting_ticks() -> dict[str, Any]:
    """What matplotlib's style "classic" takes away: ticks that are as many as there is room for."""
    import matplotlib

    key: Any = "_internal.classic_mode"
    return {key: False} if matplotlib.rcParams.get(key) else {}


def check_words(what: str, given: Any) -> None:
    """Refuse what is neither text nor None.

    Parameters
    ----------
    what : str
        Name of the keyword.
    given : str or None

    Raises
    ------
    ArgumentTypeError
    """
    if given is not None and not isinstance(given, str):
        raise ArgumentTypeError(
            f"{what}= takes text, not {given!r}: write e.g. {what}={str(given)[:30]!r}."
        )


def small_size() -> float:
    """Size in points of text inside a panel, by the settings in force; 6 at least."""
    import matplotlib

    return max(SMALLEST, 0.85 * float(matplotlib.rcParams["font.size"]))


def line_width(relative: float = 1.0) -> float:
    """Width in points of a line that goes with the text of the settings in force."""
    import matplotlib

    return 0.1 * relative * float(matplotlib.rcParams["font.size"])


def ink() -> Any:
    """Colour of lines and text by the settings in force: black, or white in a dark style."""
    import matplotlib

    return matplotlib.rcParams["text.color"]


def brief(words: str) -> str:
    """Words as they are drawn: of very long ones the beginning and the end; see `spelled`.

    Examples
    --------
    >>> brief("I_Na"), len(brief("x" * 100_000))
    ('I_Na', 263)
    """
    return spelled(words if len(words) <= MOST_LETTERS else f"{words[:200]} … {words[-60:]}")


def spelled(words: str) -> str:
    """Words whose dollar signs are drawn as such, where what stands between them is no formula.

    Examples
    --------
    >>> print(spelled("Na$^+$"), spelled("a$^$b"))
    Na$^+$ a\\$^\\$b
    """
    from matplotlib.cbook import is_math_text

    if "$" not in words or all(_is_formula(line) for line in words.split("\n") if is_math_text(line)):
        return words
    return re.sub(r"(?<!\\)\$", r"\\$", words)


@lru_cache(maxsize=512)
def _is_formula(line: str) -> bool:
    from matplotlib.mathtext import MathTextParser

    try:
        with drawing():  # the parser is one for all threads
            MathTextParser("path").parse(line)
    except ValueError:
        return False
    return True


def with_minus(words: str) -> str:
    r"""Words with a minus sign before their negative numbers, as the numbers at the ticks have it.

    Examples
    --------
    >>> print(with_minus("V½ -27.1 mV, type-2"))
    V½ −27.1 mV, type-2
    """
    return re.sub(r"(?<![^\s(\[])-(?=[\d.])", "\N{MINUS SIGN}", words)


def width_of(text: str, size: float) -> float:
    """Width of a text in points, of its longest line, measured with the font that will be drawn."""
    from matplotlib.cbook import is_math_text
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size)
    widths = [
        text_to_path.get_text_width_height_descent(line, font, ismath=bool(is_math_text(line)))[0]
        for line in brief(text).split("\n")
    ]
    return float(max(widths, default=0.0))


def wrapped(text: str, size: float, width: float) -> str:
    """Break a text between its words so that no line is longer than so many points, if it can be.

    Parameters
    ----------
    text : str
        Line breaks in it are kept.
    size : float
        In points.
    width : float
        In points.

    Returns
    -------
    str

    Examples
    --------
    >>> wrapped("Membrane potential (mV)", 10, 80)
    'Membrane\\npotential (mV)'
    """
    return "\n".join(_wrapped_line(line, size, width) for line in spelled(text).split("\n"))


def _wrapped_line(line: str, size: float, width: float) -> str:
    if width_of(line, size) <= width:
        return line
    words, lines = line.split(" "), list[str]()
    if any(word.count("$") % 2 for word in words):
        return line  # a formula with blanks in it
    for word in words:
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return "\n".join(lines)
