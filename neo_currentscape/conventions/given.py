"""What was given for an argument, refused in one sentence where it is of another kind."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentTypeError, unknown_name
from neo_currentscape.conventions.plain_text import brief


def mapping(given: Any, takes: str) -> dict[Any, Any]:
    """A dict of what was given; an empty one where nothing was.

    Parameters
    ----------
    given : mapping or None
    takes : str
        What is wanted, for the sentence, e.g. ``"sources= takes {mechanism: file}"``.

    Raises
    ------
    ArgumentTypeError
        When it is none.

    Examples
    --------
    >>> mapping(None, "sources= takes {mechanism: file}")
    {}
    >>> mapping("hh.mod", "sources= takes {mechanism: file}")
    Traceback (most recent call last):
        ...
    neo_currentscape.conventions.errors.ArgumentTypeError: sources= takes {mechanism: file}, not 'hh.mod'.
    """
    if given is not None and not isinstance(given, Mapping):
        raise ArgumentTypeError(f"{takes}, not {brief(given)}.")
    return dict(given or {})


def members(given: Any) -> list[Any] | None:
    """What is in what was given; None where it holds nothing, as a text, or says so when it is asked.

    Examples
    --------
    >>> members(range(2)), members("ab"), members(3), members(np.array(3))
    ([0, 1], None, None, None)
    """
    if isinstance(given, (str, bytes)):
        return None
    try:
        return list(given)
    except TypeError:
        return None


def names(given: Any, takes: str) -> list[str]:
    """The names that were given: one, or several.

    Parameters
    ----------
    given : str or iterable of str
    takes : str
        As for `mapping`.

    Raises
    ------
    ArgumentTypeError
        When something else is among it.

    Examples
    --------
    >>> names("v", "variables= takes names"), names(("v", "w"), "variables= takes names")
    (['v'], ['v', 'w'])
    """
    if isinstance(given, str):
        return [given]
    found = None if isinstance(given, Mapping) else members(given)
    if found is None or not all(isinstance(name, str) for name in found):
        raise ArgumentTypeError(f"{takes}, not {brief(given)}.")
    return [str(name) for name in found]


def one_of(given: Any, known: Sequence[str], kind: str) -> str:
    """One of some words.

    Parameters
    ----------
    given : str
    known : sequence of str
    kind : str
        What it is called, as for `neo_currentscape.conventions.errors.unknown_name`.

    Raises
    ------
    UnknownNameError

    Examples
    --------
    >>> one_of("each", ("sum", "each"), "value of synapses=")
    'each'
    """
    if not isinstance(given, str) or given not in known:
        raise unknown_name(kind, given if isinstance(given, str) else brief(given), known)
    return given


def path_of(given: Any, call: str) -> Path:
    """The path of a file.

    Parameters
    ----------
    given : str or path
    call : str
        What takes it, e.g. ``"read()"``.

    Raises
    ------
    ArgumentTypeError

    Examples
    --------
    >>> path_of("run.nix", "read()").name
    'run.nix'
    """
    if not isinstance(given, (str, os.PathLike)):
        raise ArgumentTypeError(f"{call} takes the path of a file, not {brief(given)}: write it as text.")
    return Path(given)


def numbers(given: Any, takes: str) -> np.ndarray:
    """Real numbers as an array of float64.

    Parameters
    ----------
    given : array_like
        Of any shape.
    takes : str
        As for `mapping`.

    Raises
    ------
    ArgumentTypeError
        When they are text, complex, of unequal lengths, or no numbers at all.

    Examples
    --------
    >>> numbers([1, 2], "recordings= takes numbers")
    array([1., 2.])
    """
    try:
        found = np.asarray(given)
    except ValueError:  # of unequal lengths
        found = np.asarray(None)
    if found.dtype.kind not in "biuf":
        raise ArgumentTypeError(f"{takes}, not {brief(given)}.")
    return found.astype(float, copy=False)
