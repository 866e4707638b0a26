"""Choosing variables under labels of their own: one signal, or the sum of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import as_names, describe, not_found
from neo_currentscape.recording.patterns import matching

#: What stands for a current, an ion or an electrode: names, or labels with what they stand for.
Names = str | Sequence[str] | Mapping[str, str | Sequence[str]] | bool | None

#: Roles of what may be summed; the sum of two concentrations is none.
SUMMED = ("current", "electrode")


@dataclass(frozen=True)
class Choice:
    """A variable that was chosen, the label it gets, and the role that it plays.

    Attributes
    ----------
    label : str
    variable : Variable
    role : str
    member : str
        Of one that is summed with others under its label, the name that tells it from these; else empty.
    weight : float
        By which it is multiplied in that sum.
    """

    label: str
    variable: Variable
    role: str
    member: str = ""
    weight: float = 1.0


def labels_in(names: Names) -> list[str]:
    """The labels that a caller gives."""
    return [str(label) for label in names] if isinstance(names, Mapping) else []


def labelled(variables: Sequence[Variable], names: Mapping[Any, Any], role: str, what: str) -> list[Choice]:
    """Choose by ``{label: name}``, or ``{label: [names]}`` for a sum.

    Parameters
    ----------
    variables : sequence of Variable
        Those to choose from.
    names : mapping of str to str, or to sequence of str
        Names, and in lists also patterns.
    role : str
        What they are to be.
    what : str
        The argument in which it stands.

    Returns
    -------
    list of Choice

    Raises
    ------
    SelectionError
        When a name means no signal, or several where one is meant, or a signal is counted twice.
    ArgumentTypeError
        When something else stands under a label.
    """
    choices: list[Choice] = []
    for label, given in names.items():
        here = f"{what}{{{label!r}: ...}}"
        several = members_of(given, role, here)
        if several is None:
            more = f", or write [{given!r}] for their sum" if role in SUMMED else ""
            found = [Choice(str(label), v, role) for v in one_variable(variables, given, here, more)]
        else:
            found = [Choice(str(label), v, role, v.name) for v in summed(variables, several, role, here)]
        for choice in found:
            _refuse_twice(choice, choices, what)
        choices += found
    return choices


def members_of(given: Any, role: str, what: str) -> list[str] | None:
    """The names that are to be summed.

    Parameters
    ----------
    given : object
        What stands under a label.
    role : str
        What it is to be.
    what : str
        Where it stands, for errors.

    Returns
    -------
    list of str or None
        None where one name stands alone.

    Raises
    ------
    SelectionError, ArgumentTypeError
        When the list is empty, names a signal twice, or is none.
    """
    if isinstance(given, str):
        return None
    listed = as_names(given)
    if (
        role not in SUMMED
        or not isinstance(listed, Sequence)
        or not all(isinstance(x, str) for x in listed)
    ):
        more = ", or a list of names for their sum" if role in SUMMED else ""
        raise ArgumentTypeError(f"{what} takes the name of one signal{more}, not {brief(given)}.")
    if not listed:
        raise SelectionError(f"{what} names no signal: list those whose sum it is.")
    again = next((name for name in listed if list(listed).count(name) > 1), None)
    if again is not None:
        raise SelectionError(f"{what} names {again!r} twice, which a sum counts once: name it once.")
    return list(listed)


def summed(variables: Sequence[Variable], names: Sequence[str], role: str, what: str) -> list[Variable]:
    """What names and patterns mean together, each variable once."""
    found = [matching(variables, name) for name in names]
    missing = [name for name, some in zip(names, found, strict=True) if not some]
    if len(missing) > 1:
        listed = ", ".join(map(repr, missing))
        raise SelectionError(f"{what} {listed} match no signal: {describe(variables)}.")
    if missing:
        raise not_found(variables, missing[0], what)
    taken: dict[int, Variable] = {}
    for name, some in zip(names, found, strict=True):
        exact = any(name in (v.name, v.short_name) for v in some)
        for variable in one_variable(variables, name, what) if exact else meant(some, name, role):
            taken[id(variable)] = variable
    return list(taken.values())


def _refuse_twice(choice: Choice, before: Sequence[Choice], what: str) -> None:
    for other in before:
        if other.variable is choice.variable:
            raise SelectionError(
                f"{what} counts signal {choice.variable.name!r} twice, as {other.label!r} and as "
                f"{choice.label!r}: give it one label."
            )
        if other.label == choice.label and other.role == choice.role:
            raise SelectionError(f"{what} has the label {choice.label!r} twice: give each its own.")


def meant(matches: list[Variable], name: str, role: str) -> list[Variable]:
    """Of what a pattern matches, the signals of the role, if there are any; a name means itself."""
    if any(name in (v.name, v.short_name) for v in matches):
        return matches
    # "*.i" must not make an electrode's current a membrane current, nor "*" the voltage.
    return [v for v in matches if v.role == role] or matches


def one_variable(variables: Sequence[Variable], name: str, what: str, more: str = "") -> list[Variable]:
    """The variable of a name; several entries only if they hold it for different neurons."""
    found = matching(variables, name)
    if not found:
        raise not_found(variables, name, what)
    if len({(v.name, v.site) for v in found}) > 1:
        raise SelectionError(
            f"{what} {name!r} matches several signals ({describe(found)}): name one{more}."
        )
    return found
