"""Elements of a figure that a keyword restyles or switches off: ``True``, ``False`` or a dict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.conventions.options import check_options, options_checked
from neo_currentscape.style import keywords

__all__ = ["check_element", "check_options", "element", "normalized", "options_checked"]


def check_element(what: str, given: Any) -> None:
    """Refuse what neither switches an element on or off nor restyles it.

    Parameters
    ----------
    what : str
        Name of the keyword.
    given : bool, mapping or None
        Its value.

    Raises
    ------
    ArgumentTypeError
        When it is something else.
    UnknownOptionError, ArgumentError
        When matplotlib takes no such keyword, or no such value.
    """
    if given is None or isinstance(given, (bool, Mapping)):
        if isinstance(given, Mapping) and given:
            keywords.check_keywords(what, given)
        return
    raise ArgumentTypeError(
        f"{what}= takes True, False or a dict of matplotlib's keywords, not {given!r}: "
        f"write e.g. {what}=False."
    )


def element(
    given: bool | Mapping[str, Any] | None, default: Mapping[str, Any], kind: Any
) -> dict[str, Any] | None:
    """Keywords of an element: the default look, and what the caller says of it.

    Parameters
    ----------
    given : bool, mapping or None
        False switches the element off; a mapping goes before the default, also where it uses
        another of matplotlib's names (``lw`` for ``linewidth``, ``color`` for ``facecolor``).
    default : mapping
    kind : type
        Class of the matplotlib artist, which knows the names.

    Returns
    -------
    dict or None
        None where the element is switched off.

    Examples
    --------
    >>> from matplotlib.lines import Line2D
    >>> element({"lw": 2}, {"linewidth": 1, "color": "black"}, Line2D)
    {'linewidth': 2, 'color': 'black'}
    >>> element(False, {"linewidth": 1}, Line2D) is None
    True
    """
    if given is False:
        return None
    own = normalized(given, kind)
    if own:
        keywords.check_keywords(f"a dict for {kind.__name__}", own, kind)
    kept = dict(default)
    if "color" in own:
        # matplotlib lets the default face and edge lose against it, with a warning.
        kept = {key: value for key, value in kept.items() if key not in ("facecolor", "edgecolor")}
    return {**kept, **own}


def normalized(given: Any, kind: Any) -> dict[str, Any]:
    """A caller's keywords under their full names; none where the caller gave no dict."""
    from matplotlib.cbook import normalize_kwargs

    if not isinstance(given, Mapping) or not given:
        return {}
    try:
        return dict(normalize_kwargs(dict(given), kind))
    except TypeError as cause:  # one thing under two names
        raise ArgumentTypeError(
            f"{dict(given)!r} says one thing twice: {keywords.one_line(cause)}."
        ) from cause
