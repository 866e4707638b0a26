"""Currents that are given in parts, which were recorded beside them, and are never counted twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.choices import Choice, members_of, one_variable, summed
from neo_currentscape.recording.inventory import Variable

#: For the name of a whole those of its parts, or labels with them, of which None stands for the rest.
Parts = Mapping[str, Sequence[str] | Mapping[str, str | None]] | None


def in_parts(
    currents: Sequence[Choice], variables: Sequence[Variable], parts: Parts
) -> tuple[list[Choice], list[Choice]]:
    """Put the parts of currents in their place.

    Parameters
    ----------
    currents : sequence of Choice
        The membrane currents that were chosen, with or without the wholes and parts.
    variables : sequence of Variable
        Those to choose from.
    parts : mapping
        For the name of each whole those of its parts (also patterns), or ``{label: name}``, or
        ``{label: None}`` for the rest.

    Returns
    -------
    currents : list of Choice
        Parts that were not chosen stand where the whole was, or at the end.
    checks : list of Choice
        Wholes (of weight -1) and parts that have to add up to them, with the whole's name as `member`.

    Raises
    ------
    SelectionError
        When a name means no signal, or a current would be counted twice.
    ArgumentTypeError
        When something else is given.
    """
    if not isinstance(parts, (Mapping, type(None))):
        raise ArgumentTypeError(
            f"parts= takes {{name: [names of its parts]}}, not {brief(parts)}: write e.g. "
            "parts={'syn.i': ['syn.i_AMPA', 'syn.i_NMDA']}."
        )
    chosen, checks = list(currents), list[Choice]()
    for name, given in (parts or {}).items():
        whole, own = _read(variables, str(name), given)
        at = _place_of(chosen, whole)
        known = {id(choice.variable): choice for choice in chosen}
        fresh = [c for c in own if c.member or id(c.variable) not in known]
        chosen[at : at + 1] = fresh
        if isinstance(given, Mapping):
            chosen = _relabelled(chosen, own)
        if not any(choice.member for choice in own):
            labels = {id(c.variable): c.label for c in chosen}
            checks.append(Choice(whole.short_name, whole, "current", whole.name, -1.0))
            checks += [replace(c, label=labels[id(c.variable)], member=whole.name) for c in own]
    return chosen, checks


def _relabelled(chosen: Sequence[Choice], own: Sequence[Choice]) -> list[Choice]:
    """The choices with the labels that parts= gives them; a member of a sum has none of its own."""
    labels = {id(choice.variable): choice.label for choice in own if not choice.member}
    return [c if c.member else replace(c, label=labels.get(id(c.variable), c.label)) for c in chosen]


def _read(variables: Sequence[Variable], name: str, given: Any) -> tuple[Variable, list[Choice]]:
    """The whole, and its parts; the rest is a sum of both."""
    what = f"parts={{{name!r}: ...}}"
    whole = _only(one_variable(variables, name, "parts="), what)
    if isinstance(given, Mapping):
        named = {str(label): part for label, part in given.items() if part is not None}
    else:
        named = {part: part for part in _named(variables, whole, given, what)}
    found = {label: _only(one_variable(variables, part, what), what) for label, part in named.items()}
    twice = [v for v in found.values() if v is whole or sum(v is other for other in found.values()) > 1]
    if twice:
        raise SelectionError(f"{what} names {twice[0].name!r} twice, as whole or part: name each once.")
    labelled = isinstance(given, Mapping)
    own = [Choice(label if labelled else v.short_name, v, "current") for label, v in found.items()]
    rests = [str(label) for label, part in given.items() if part is None] if labelled else []
    if len(own) + len(rests) < 2 or len(rests) > 1:
        raise SelectionError(
            f"{what} names no two parts of a current: name all of them, or write "
            f"{{label: name, label: None}} with one None for what is left of {name!r}."
        )
    for label in rests:
        own.append(Choice(label, whole, "current", whole.name))
        own += [Choice(label, v, "current", v.name, -1.0) for v in found.values()]
    return whole, own


def _named(variables: Sequence[Variable], whole: Variable, given: Any, what: str) -> list[str]:
    """The names of the parts; of a pattern those of all that it matches beside the whole."""
    names: list[str] = []
    for name in members_of(given, "current", what) or [given]:
        some = [v.name for v in summed(variables, [name], "current", what)]
        is_pattern = not any(name in (v.name, v.short_name) for v in variables)
        names += [n for n in some if n != whole.name and n not in names] if is_pattern else [name]
    return names


def _only(found: Sequence[Variable], what: str) -> Variable:
    if len(found) > 1:
        raise SelectionError(
            f"{what} means signals of several populations: make the Segment of one of them."
        )
    return found[0]


def _place_of(chosen: Sequence[Choice], whole: Variable) -> int:
    """Where a whole stands; behind all where it was not chosen."""
    at = next((k for k, choice in enumerate(chosen) if choice.variable is whole), len(chosen))
    if at < len(chosen) and chosen[at].member:
        raise SelectionError(
            f"parts= gives {whole.name!r} in parts, and currents= sums it as {chosen[at].label!r}: leave "
            "it out of one of them."
        )
    return at


def labels_of_parts(parts: Parts) -> list[str]:
    """The labels that a caller gives to parts."""
    found = parts.values() if isinstance(parts, Mapping) else ()
    return [str(label) for given in found if isinstance(given, Mapping) for label in given]
