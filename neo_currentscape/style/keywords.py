"""What matplotlib refuses of the keywords of an element, said in one sentence that names it.

A dict such as ``legend={"tilte": "Currents"}`` goes through to matplotlib, which would refuse it after
half of the figure is drawn, and without the name of the option in which it stood. The names that there
are, and the values that an artist's own setters take, are known before anything is drawn; what only
the drawing shows is named by `named`.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeError,
    UnknownOptionError,
    unknown_name,
)

#: Kinds of artist that an option may be for, which all are asked.
_KINDS = {
    "legend": ("Legend",),
    "grid": ("Grid",),
    **dict.fromkeys(("label", "note", "number"), ("Text",)),
    **dict.fromkeys(("fill", "band"), ("PolyCollection",)),
    **dict.fromkeys(("zero_line", "level_line", "threshold_line", "rheobase_line"), ("Line2D",)),
    **dict.fromkeys(("fit", "total", "scale_bar", "point"), ("Line2D",)),
    "wedge": ("Wedge",),
    **dict.fromkeys(
        ("line", "area", "bar", "mark", "marker"),
        ("Line2D", "PolyCollection", "LineCollection", "PathCollection", "Rectangle"),
    ),
}

#: Methods of an axes that make such an artist, and take more keywords than it has properties.
_MADE_BY = {
    "Line2D": ("plot", "axhline", "axvline"),
    "Grid": ("grid",),
    "PolyCollection": ("fill_between",),
    "PathCollection": ("scatter",),
    "Rectangle": ("bar", "barh"),
    "Text": ("text",),
}

#: Keywords of those methods that their signatures do not show, and those that are words out of a few.
_UNSHOWN = {
    "Rectangle": ("tick_label", "xerr", "yerr", "ecolor", "capsize", "error_kw", "log", "orientation"),
    "Legend": ("handles", "labels"),
}
_WORDS: dict[str, tuple[Any, ...]] = {
    "which": ("major", "minor", "both"),
    "axis": ("x", "y", "both"),
    "step": ("pre", "post", "mid", None),
    "align": ("center", "edge"),
}


def check_keywords(what: str, given: Mapping[str, Any], kind: Any = None) -> None:
    """Refuse keywords that matplotlib would refuse.

    Parameters
    ----------
    what : str
        Name of the option, e.g. ``"legend"``; only known ones are looked at unless `kind` is given.
    given : mapping
        The caller's keywords.
    kind : type, optional
        Class of the artist that they are for.

    Raises
    ------
    UnknownOptionError
        For a keyword that there is not, with the nearest that there is.
    ArgumentError
        For a value that cannot be used.

    Examples
    --------
    >>> check_keywords("line", {"color": "rde"})
    Traceback (most recent call last):
    ...
    neo_currentscape.conventions.errors.ArgumentError: line={'color': 'rde'} cannot be used, ...
    """
    kinds = _KINDS.get(what, ()) if kind is None else (kind.__name__,)
    kinds = tuple(name for name in kinds if name in _MAKERS)
    if not kinds or not given:
        return
    where = f"{what}=" if kind is None else what
    for key in given:
        if not any(key in _names(name) for name in kinds):
            raise unknown_name(f"keyword in {where}", key, sorted(_names(kinds[0])), UnknownOptionError)
    if any(_refusal(name, given) is None for name in _knowing(kinds, given)):
        return
    for key, value in given.items():
        _check_each(where, kinds, {key: value})
    _check_each(where, kinds, given)


def _knowing(kinds: Sequence[str], given: Mapping[str, Any]) -> list[str]:
    """The kinds of artist that know all of these keywords."""
    return [name for name in kinds if all(key in _names(name) for key in given)]


def _check_each(where: str, kinds: Sequence[str], given: Mapping[str, Any]) -> None:
    """Refuse what none of the kinds of artist takes that know these keywords."""
    causes = [_refusal(name, given) for name in _knowing(kinds, given)]
    if causes and None not in causes:
        raise _unusable(f"{where}{dict(given)!r}", causes[0]) from causes[0]


def _unusable(found: str, cause: BaseException | None) -> ArgumentError:
    return ArgumentError(
        f"{found} cannot be used, as matplotlib refuses it ({one_line(cause)}): write a value that its "
        "documentation names, or leave it out."
    )


def _refusal(name: str, given: Mapping[str, Any]) -> Exception | None:
    """What an artist of that kind says of the keywords that are its own; None where it takes them."""
    for key, words in _WORDS.items():
        found = given.get(key, words[0])
        if not isinstance(found, (str, type(None))) or found not in words:
            return ValueError(f"it is none of {', '.join(map(repr, words))}")
    own = {key: value for key, value in given.items() if key in _setters(name)}
    try:
        _MAKERS[name](own)
    except Exception as cause:  # whatever matplotlib raises is a refusal
        return cause
    return None


@contextlib.contextmanager
def named(elements: Mapping[str, Any]) -> Iterator[None]:
    """Name the elements in what matplotlib refuses while they are drawn.

    Parameters
    ----------
    elements : mapping of str to mapping
        The keywords that the caller gave for each element of what is drawn; others are left out.

    Raises
    ------
    ArgumentError
        When matplotlib refuses something, and the caller gave keywords.
    """
    given = {what: dict(own) for what, own in elements.items() if isinstance(own, Mapping) and own}
    try:
        yield
    except CurrentscapeError:
        raise
    except Exception as cause:  # whatever matplotlib raises is a refusal
        if not given or not _is_of_matplotlib(cause):
            raise
        meant = {what: own for what, own in given.items() if any(key in str(cause) for key in own)} or given
        raise _unusable(", ".join(f"{what}={own!r}" for what, own in meant.items()), cause) from cause


def _is_of_matplotlib(cause: BaseException) -> bool:
    frames = traceback.walk_tb(cause.__traceback__)
    return any(str(frame.f_globals.get("__name__")).startswith("matplotlib") for frame, _ in frames)


def one_line(cause: BaseException | None) -> str:
    """The first sentence of an error, without its full stop."""
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return lines[0].rstrip(".;: ")


def _line(given: dict[str, Any]) -> None:
    from matplotlib.lines import Line2D

    Line2D([0, 1], [0, 1]).set(**given)


def _area(given: dict[str, Any]) -> None:
    from matplotlib.collections import PolyCollection

    PolyCollection([]).set(**given)


def _lines(given: dict[str, Any]) -> None:
    from matplotlib.collections import LineCollection

    LineCollection([[(0, 0), (1, 1)]]).set(**given)


def _points(given: dict[str, Any]) -> None:
    from matplotlib.collections import PathCollection

    PathCollection([]).set(**given)


def _text(given: dict[str, Any]) -> None:
    from matplotlib.text import Text

    Text().set(**given)


def _wedge(given: dict[str, Any]) -> None:
    from matplotlib.patches import Wedge

    Wedge((0, 0), 1, 0, 1).set(**given)


def _bar(given: dict[str, Any]) -> None:
    from matplotlib.patches import Rectangle

    Rectangle((0, 0), 1, 1).set(**given)


def _legend(given: dict[str, Any]) -> None:
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.patches import Patch

    from neo_currentscape.style.legend import given as modern

    own = modern(given)
    if own.get("loc") in ("best", 0):  # which a figure refuses, and an axes takes
        own.pop("loc")
    Legend(Figure(), [Patch()], ["a"], **own)


#: How an artist of each kind, which belongs to no figure, is given its properties.
_MAKERS: dict[str, Callable[[dict[str, Any]], None]] = {
    "Line2D": _line,
    "Grid": _line,
    "PolyCollection": _area,
    "LineCollection": _lines,
    "PathCollection": _points,
    "Text": _text,
    "Wedge": _wedge,
    "Rectangle": _bar,
    "Legend": _legend,
}


@functools.cache
def _setters(name: str) -> frozenset[str]:
    """Keywords that are properties of a kind of artist, under all of their names."""
    from matplotlib import collections, legend, lines, patches, text
    from matplotlib.artist import ArtistInspector

    if name == "Legend":
        return frozenset([*list(inspect.signature(legend.Legend.__init__).parameters)[4:], "ncol"])
    name = "Line2D" if name == "Grid" else name
    modules = (collections, lines, patches, text)
    inspector = ArtistInspector(next(getattr(m, name) for m in modules if hasattr(m, name)))
    return frozenset(inspector.get_setters()).union(*inspector.aliasd.values())


@functools.cache
def _names(name: str) -> frozenset[str]:
    """Keywords that there are for a kind of artist, where an axes makes it."""
    from matplotlib.axes import Axes

    found = set(_setters(name))
    for method in _MADE_BY.get(name, ()):
        found |= {*inspect.signature(getattr(Axes, method)).parameters} - {"self", "args", "kwargs"}
    return frozenset(found.union(_UNSHOWN.get(name, ())))
