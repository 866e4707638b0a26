"""Keywords for matplotlib are tried on an empty page, so that what it refuses is said in one sentence.

A dict such as ``legend={"tilte": "Currents"}`` goes through to matplotlib, which would refuse it after
half of the figure is drawn, and without the name of the option in which it stood.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError, UnknownOptionError, unknown_name

#: What matplotlib's errors about unknown keywords have in common.
_UNKNOWN = ("unexpected keyword", "no property", "not recognized", "multiple values")

#: Keywords whose values have to fit the data, which a trial has not.
_OF_DATA = ("where", "data", "markevery", "gapcolor", "handles", "labels", "weights")


def check_keywords(what: str, given: Mapping[str, Any], kind: Any = None) -> None:
    """Refuse keywords that matplotlib would refuse.

    Parameters
    ----------
    what : str
        Name of the option, e.g. ``"legend"``; only known ones are tried unless `kind` is given.
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
    """
    attempts = _BY_KIND.get(kind.__name__, ()) if kind is not None else _BY_OPTION.get(what, ())
    tried = {key: value for key, value in given.items() if key not in _OF_DATA}
    if not attempts or not tried or _refusal(attempts, tried) is None:
        return
    where = f"{what}=" if kind is None else what
    for key, value in tried.items():
        cause = _refusal(attempts, {key: value})
        if cause is None:
            continue
        if isinstance(cause, (TypeError, AttributeError)) or any(w in str(cause) for w in _UNKNOWN):
            known = _known(what, kind)
            if key not in known:
                raise unknown_name(f"keyword in {where}", key, known, UnknownOptionError) from cause
        raise _unusable(f"{where}{{{key!r}: {value!r}}}", cause) from cause
    cause = _refusal(attempts, tried)
    raise _unusable(f"{where}{dict(tried)!r}", cause) from cause


def one_line(cause: BaseException | None) -> str:
    """The first sentence of an error, without its full stop."""
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return lines[0].rstrip(".;: ")


def _unusable(found: str, cause: BaseException | None) -> ArgumentError:
    return ArgumentError(
        f"{found} cannot be used, as matplotlib refuses it ({one_line(cause)}): write a value that its "
        "documentation names, or leave it out."
    )


def _refusal(attempts: tuple[Callable[..., Any], ...], given: Mapping[str, Any]) -> Exception | None:
    """What the first attempt was refused with; None where any of them was not."""
    first: Exception | None = None
    for attempt in attempts:
        try:
            attempt(dict(given))
        except Exception as cause:  # whatever matplotlib raises is a refusal
            first = first or cause
        else:
            return None
        finally:
            _tidy()
    return first


#: The empty page of each thread: to make a new one for each trial would take longer than the figure.
_page = threading.local()


def _axes() -> Any:
    from matplotlib.figure import Figure

    if not hasattr(_page, "axes"):
        _page.axes = Figure(layout="constrained").add_subplot()
    return _page.axes


def _tidy() -> None:
    """Take from the page what a trial, refused or not, has left there."""
    axes = getattr(_page, "axes", None)
    if axes is None:
        return
    held = [*axes.lines, *axes.collections, *axes.patches, *axes.texts, *axes.containers]
    for artist in [*held, axes.get_legend(), *axes.figure.legends]:
        if artist is not None:
            with contextlib.suppress(ValueError, NotImplementedError):  # a bar goes with its container
                artist.remove()


def _line(given: dict[str, Any]) -> None:
    from matplotlib.colors import to_rgba

    (line,) = _axes().plot([0, 1], [0, 1], **given)
    to_rgba(line.get_color())


def _level(given: dict[str, Any]) -> None:
    _axes().axhline(0, **given)


def _area(given: dict[str, Any]) -> None:
    _axes().fill_between([0, 1], [0, 1], **given)


def _text(given: dict[str, Any]) -> None:
    _axes().text(0, 0, "", **given)


def _wedge(given: dict[str, Any]) -> None:
    from matplotlib.patches import Wedge

    Wedge((0, 0), 1, 0, 1).set(**given)


def _bar(given: dict[str, Any]) -> None:
    _axes().bar([0], [1], **given)


def _lines(given: dict[str, Any]) -> None:
    from matplotlib.collections import LineCollection

    LineCollection([[(0, 0), (1, 1)]]).set(**given)


def _points(given: dict[str, Any]) -> None:
    _axes().scatter([0], [0], **given)


def _grid(given: dict[str, Any]) -> None:
    _axes().grid(True, **given)


def _legend(given: dict[str, Any]) -> None:
    from matplotlib.patches import Patch

    from neo_currentscape.style.legend import given as modern

    own = modern(given)
    outside = str(own.get("loc", "")).startswith("outside")
    (_axes().figure if outside else _axes()).legend(handles=[Patch(label="a")], **own)


_ANY = (_line, _level, _area, _lines, _points, _bar)

_BY_KIND: dict[str, tuple[Callable[..., Any], ...]] = {
    "Line2D": (_line, _level, _grid),
    "PolyCollection": (_area,),
    "Text": (_text,),
    "Wedge": (_wedge,),
    "Rectangle": (_bar,),
    "LineCollection": (_lines,),
    "PathCollection": (_points,),
}

_BY_OPTION: dict[str, tuple[Callable[..., Any], ...]] = {
    "legend": (_legend,),
    "grid": (_grid,),
    "label": (_text,),
    "note": (_text,),
    "number": (_text,),
    "wedge": (_wedge,),
    "fill": (_area,),
    "band": (_area,),
    "zero_line": (_line, _level),
    "level_line": (_line, _level),
    "line": _ANY,
    "area": _ANY,
    "bar": _ANY,
    "mark": _ANY,
    "marker": _ANY,
}


def _known(what: str, kind: Any) -> list[str]:
    """The keywords that there are."""
    import inspect

    from matplotlib.artist import ArtistInspector
    from matplotlib.collections import PolyCollection
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.patches import Wedge
    from matplotlib.text import Text

    if what == "legend":
        return [*list(inspect.signature(Legend.__init__).parameters)[4:], "ncol"]
    kinds = {"label": Text, "note": Text, "number": Text, "wedge": Wedge, "fill": PolyCollection}
    kinds |= {"band": PolyCollection, "area": PolyCollection}
    inspector = ArtistInspector(kind or kinds.get(what, Line2D))
    aliases = {name for names in inspector.aliasd.values() for name in names}
    more = ("which", "axis") if what == "grid" else ()
    return sorted({*inspector.get_setters(), *aliases, *more})
