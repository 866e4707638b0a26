"""Elements of a figure that a keyword restyles or switches off: ``True``, ``False`` or a dict."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownOptionError, unknown_name

Class = TypeVar("Class", bound=type)


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
    """
    if given is None or isinstance(given, (bool, Mapping)):
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
    kept = dict(default)
    if "color" in own:
        # matplotlib lets the default face and edge lose against it, with a warning.
        kept = {key: value for key, value in kept.items() if key not in ("facecolor", "edgecolor")}
    return {**kept, **own}


def normalized(given: Any, kind: Any) -> dict[str, Any]:
    """A caller's keywords under their full names; none where the caller gave no dict."""
    from matplotlib.cbook import normalize_kwargs

    return dict(normalize_kwargs(dict(given), kind)) if isinstance(given, Mapping) else {}


def check_options(owner: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse keywords that are not known, with the nearest that is.

    Parameters
    ----------
    owner : str
        What takes the keywords, e.g. ``"SharesPanel"``.
    given, known : iterable of str

    Raises
    ------
    UnknownOptionError
    """
    known = list(known)
    for name in given:
        if name not in known:
            raise unknown_name(f"option of {owner}", name, known, UnknownOptionError)


def options_checked(cls: Class) -> Class:
    """Make a class refuse mistyped keywords with the nearest right one, which Python does not name.

    Parameters
    ----------
    cls : type
        Whose ``__init__`` names all its keywords.

    Returns
    -------
    type
        The same class.
    """
    init = cls.__init__  # type: ignore[misc]
    parameters = list(inspect.signature(init).parameters.values())[1:]
    # What has no default is no option, though it may be given by its name.
    required = [p.name for p in parameters if p.default is p.empty]
    known = [p.name for p in parameters if p.default is not p.empty]

    @functools.wraps(init)
    def checked(self: Any, *args: Any, **options: Any) -> None:
        check_options(cls.__name__, (name for name in options if name not in required), known)
        init(self, *args, **options)

    cls.__init__ = checked  # type: ignore[misc]
    return cls
