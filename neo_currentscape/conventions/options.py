"""Mistyped keywords are refused with the nearest right one, which Python does not name."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from neo_currentscape.conventions.errors import UnknownOptionError, unknown_name

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])


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
    cls.__init__ = keywords_checked(cls.__name__)(cls.__init__)  # type: ignore[misc]
    return cls


def keywords_checked(owner: str) -> Callable[[Function], Function]:
    """Make a function or method refuse mistyped keywords with the nearest right one.

    Parameters
    ----------
    owner : str
        How the error calls it.

    Returns
    -------
    callable
        A decorator of what names all its keywords.

    Examples
    --------
    >>> @keywords_checked("drink")
    ... def drink(self, milk=False):
    ...     return milk
    >>> drink(None, mlik=True)
    Traceback (most recent call last):
        ...
    neo_currentscape.conventions.errors.UnknownOptionError: Unknown option of drink 'mlik': ...
    """

    def decorate(function: Function) -> Function:
        parameters = list(inspect.signature(function).parameters.values())[1:]
        # What has no default is no option, though it may be given by its name.
        required = [p.name for p in parameters if p.default is p.empty]
        known = [p.name for p in parameters if p.default is not p.empty]

        @functools.wraps(function)
        def checked(self: Any, *args: Any, **options: Any) -> Any:
            check_options(owner, (name for name in options if name not in required), known)
            return function(self, *args, **options)

        return checked  # type: ignore[return-value]

    return decorate
