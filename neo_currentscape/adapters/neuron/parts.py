"""Parts of a mechanism's current that its MOD file shows besides the whole, e.g. those of AMPA and NMDA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.addends import Addends, addends
from neo_currentscape.adapters.neuron.mechanisms import Current
from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.conventions.plain_text import brief

#: Parts that miss the whole by more than this share of the largest are not its parts.
SAME = 1e-6

#: What a caller may give as ``parts=``.
Parts = Mapping[str, "Sequence[str] | bool"] | bool | None

#: The key of what holds for every mechanism.
EVERY = "*"


@dataclass(frozen=True)
class Split:
    """Currents that are given in parts.

    Attributes
    ----------
    wholes : tuple of Current
    parts : tuple of (Current, float)
        And by which number each is multiplied in the sum.
    rest : Current or None
        What is left of the whole beside them; None where they have to add up to it.
    """

    wholes: tuple[Current, ...]
    parts: tuple[tuple[Current, float], ...]
    rest: Current | None = None


def checked(parts: Any) -> dict[str, tuple[str, ...] | bool]:
    """What was given as ``parts=``: for each key variables, or True for those that the MOD file shows.

    Raises
    ------
    ArgumentError
    """
    if parts is True:
        return {EVERY: True}
    given: Any = {} if parts is None or parts is False else parts
    if not isinstance(given, Mapping):
        raise ArgumentError(
            f"parts={brief(parts)} is not an option: write True for all that MOD files show, or e.g. "
            "parts={'ProbAMPANMDA': ['i_AMPA', 'i_NMDA']}."
        )
    found: dict[str, tuple[str, ...] | bool] = {}
    for kind, names in given.items():
        if names is True:
            found[kind] = True
            continue
        listed = () if isinstance(names, (str, bool)) or not np.iterable(names) else tuple(names)
        if not listed or len(set(listed)) < len(listed) or not all(isinstance(x, str) for x in listed):
            raise ArgumentError(
                f"parts= gives {kind!r} {brief(names)}, which are no two parts of a current: write e.g. "
                f"parts={{{kind!r}: ['i_AMPA', 'i_NMDA']}}, or True for those that its MOD file shows."
            )
        found[kind] = listed
    return found


def parts_at(currents: Sequence[Current], parts: Mapping[str, Sequence[str] | bool]) -> list[Split]:
    """Find the currents at a compartment that are given in parts.

    Parameters
    ----------
    currents : sequence of Current
        All that are written there.
    parts : mapping of str to sequence of str, or True
        Variables by mechanism, or by current.

    Returns
    -------
    list of Split

    Raises
    ------
    SelectionError
        When a variable is not RANGE, or a single one is no part that the MOD file shows, or it shows none.
    """
    owned: dict[tuple[int, str], list[Current]] = {}
    for current in currents:
        key = next((key for key in _keys(current) if key in parts), None)
        if key is not None and not current.members:
            owned.setdefault((id(current.owner), key), []).append(current)
    return [split for (_, key), own in owned.items() for split in _splits(own, key, parts[key])]


def _keys(current: Current) -> list[str]:
    """By what a current can be named, the narrowest first."""
    owner, kind = current.owner.hname() if current.kind.is_point else "", current.kind.name
    of_kind = f"{kind}.{current.variable}" if current.kind.is_point else current.label
    return [current.label, owner, of_kind, kind, EVERY]


def _splits(own: Sequence[Current], key: str, names: Sequence[str] | bool) -> list[Split]:
    kind = own[0].kind
    if isinstance(names, bool):
        sums = [(current, shown_parts(current)) for current in own]
        found = [_of_sum(current, sum_, sum_.factors) for current, sum_ in sums if sum_ is not None]
        if not found and key != EVERY:
            raise SelectionError(
                f"The MOD file of {kind.name!r}, in parts=, shows no current as a sum of RANGE variables: "
                f"name those that add up to it, as parts={{{key!r}: ['i_AMPA', 'i_NMDA']}}."
            )
        return found
    # A current that is named among the parts of others is one of its own.
    given = [name for name in names if name not in {current.variable for current in own}]
    for name in given:
        _check_shown(own[0], name)
    by_current = [(current, addends(kind.source, current.variable, frozenset(given))) for current in own]
    known = [(current, sum_) for current, sum_ in by_current if sum_ is not None]
    if given and set(given) <= {name for _, sum_ in known for name in sum_.factors}:
        return [_of_sum(current, sum_, sum_.factors) for current, sum_ in known]
    if len(names) == 1:
        raise SelectionError(
            f"{names[0]!r} of mechanism {kind.name!r}, in parts=, is no part of a current that its MOD "
            "file shows: name all that add up to one."
        )
    for name in names:
        _check_shown(own[0], name)
    return [Split(tuple(own), tuple((_part(own[0], name), 1.0) for name in names))]


def shown_parts(current: Current) -> Addends | None:
    """The parts of a current that its MOD file shows by itself; None where it shows none.

    Parameters
    ----------
    current : Current

    Returns
    -------
    Addends or None
    """
    kind, source = current.kind, current.kind.source
    # A reversal potential that is subtracted is no current.
    fixed = source.parameters - source.set_at_breakpoint - source.set_after_breakpoint
    shown = {name for name, size in kind.visible.items() if size == 1 and kind.shows(name)} - fixed
    written = {variable for variable, _, _ in source.currents}
    found = addends(source, current.variable, frozenset(shown | written))
    # What another current carries is taken off this one, as in iNK = i - ica: it is no part.
    if found is None or set(found.factors) & written:
        return None
    return found if len(found.factors) + (not found.is_whole) > 1 else None


def _of_sum(whole: Current, found: Addends, names: Iterable[str]) -> Split:
    parts = tuple((_part(whole, name), found.factors[name]) for name in names)
    return Split((whole,), parts, None if found.is_whole else _rest(whole))


def _part(current: Current, name: str) -> Current:
    kind = current.kind
    label = f"{current.owner.hname()}.{name}" if kind.is_point else f"{name}_{kind.name}"
    return replace(current, label=label, variable=name, ion=None)


def _rest(whole: Current) -> Current:
    """What a current is beside its parts, of which NEURON shows nothing."""
    kind, name = whole.kind, f"{whole.variable}_other"
    label = f"{whole.owner.hname()}.{name}" if kind.is_point else f"{name}_{kind.name}"
    return replace(whole, label=label, ion=None, members=(label,))


def _check_shown(current: Current, name: str) -> None:
    kind = current.kind
    single = {each for each, size in kind.visible.items() if size == 1}
    if name in single and kind.shows(name):
        return
    raise SelectionError(
        f"{name!r} of mechanism {kind.name!r}, in parts=, is not RANGE; what is: "
        f"{', '.join(sorted(single - kind.source.pointers))}."
    )


def check_used(parts: Mapping[str, Any], currents: Iterable[Current]) -> None:
    """Refuse parts of mechanisms that are nowhere.

    Raises
    ------
    SelectionError
    """
    found = list(currents)
    known = {key for current in found for key in _keys(current)}
    for kind in parts:
        if kind != EVERY and kind not in known:
            raise SelectionError(
                f"parts= names the mechanism {kind!r}, which carries no current where it is recorded; "
                f"those that do: {', '.join(sorted({current.kind.name for current in found}))}."
            )


def add_up(pieces: Sequence[np.ndarray], whole: np.ndarray) -> float:
    """By how much parts miss the whole, as a share of the largest."""
    peak = max(np.abs(values).max() for values in (whole, *pieces))
    return float(np.abs(sum(pieces) - whole).max() / peak) if peak else 0.0
