"""Names and patterns of names, and what is said of signals by them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar


class Named(Protocol):
    """What has a full name, and one without its site."""

    @property
    def name(self) -> str: ...

    @property
    def short_name(self) -> str: ...


AnyNamed = TypeVar("AnyNamed", bound=Named)


def matching(variables: Sequence[AnyNamed], pattern: str) -> list[AnyNamed]:
    """Return the variables that a name or glob pattern means.

    The full name goes before the name without its site, an exact name before a pattern, and
    brackets mean themselves (``"ampa[0].i"``) before they mean a set of characters.

    Parameters
    ----------
    variables : sequence of Variable
        Those to choose from, or whatever else has a `name` and a `short_name`.
    pattern : str
        A name, or a pattern with ``*`` and ``?``.

    Returns
    -------
    list of Variable
        Empty where nothing matches.
    """
    exact = [v for v in variables if v.name == pattern]
    if not exact:
        exact = [v for v in variables if v.short_name == pattern]
    if exact:
        return exact
    literal = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
    found = [v for v in variables if literal.fullmatch(v.name) or literal.fullmatch(v.short_name)]
    if found:
        return found
    return [
        v
        for v in variables
        if fnmatch.fnmatchcase(v.name, pattern) or fnmatch.fnmatchcase(v.short_name, pattern)
    ]


@dataclass(frozen=True)
class _Alone:
    """A name of which no other is known."""

    name: str

    @property
    def short_name(self) -> str:
        return self.name


def told(names: Iterable[str], pattern: str) -> list[str]:
    """The names that a pattern matches, or the name that it is.

    Examples
    --------
    >>> told(["I_Na", "I_K", "v"], "I_*")
    ['I_Na', 'I_K']
    """
    return [found.name for found in matching([_Alone(name) for name in dict.fromkeys(names)], pattern)]


#: Those of the variables that a pattern is meant for; one that matches others only is meant for these.
Meant = Callable[[list[AnyNamed]], list[AnyNamed]]


def by_name(
    given: Mapping[Any, Any],
    variables: Sequence[AnyNamed],
    meant: Meant[AnyNamed],
    refuse_two: Callable[[str, Sequence[str]], Exception],
) -> dict[Any, Any]:
    """What is said by patterns, said of each name that they match.

    What is said of a name itself goes before what is said of a pattern.

    Parameters
    ----------
    given : mapping
        From names and patterns.
    variables : sequence of Variable
        Or whatever else has a `name` and a `short_name`.
    meant : callable
        Which of those that a pattern matches are meant.
    refuse_two : callable
        Makes the error for a name of which two patterns say different things, from it and them.

    Returns
    -------
    dict
        With the full names in place of the patterns; keys that match nothing stay as they are.
    """
    names = {name for v in variables for name in (v.name, v.short_name)}
    found: dict[str, Any] = {}
    by: dict[str, str] = {}
    for key, said in given.items():
        if not isinstance(key, str) or key in names:
            continue
        matches = matching(variables, key)
        for name in dict.fromkeys(v.name for v in meant(matches) or matches):
            if name in found and found[name] != said:
                raise refuse_two(name, [by[name], key])
            found[name], by[name] = said, key
    plain = {key: said for key, said in given.items() if key not in by.values()}
    exact = {v.name for v in variables if plain.keys() & {v.name, v.short_name}}
    return {name: said for name, said in found.items() if name not in exact} | plain
