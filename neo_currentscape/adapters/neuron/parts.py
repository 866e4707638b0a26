"""Parts of a mechanism's current that its MOD file shows besides the whole, e.g. those of AMPA and NMDA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from neo_currentscape.adapters.neuron.mechanisms import Current
from neo_currentscape.conventions.errors import ArgumentError, SelectionError

#: Parts that miss the whole by more than this share of the largest are not its parts.
SAME = 1e-6


def checked(parts: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """What was given as ``parts=``, each mechanism with at least two variables.

    Raises
    ------
    ArgumentError
    """
    found = {kind: tuple(names) for kind, names in (parts or {}).items() if not isinstance(names, str)}
    for kind in parts or {}:
        if len(set(found.get(kind, ()))) < 2:
            raise ArgumentError(
                f"parts= gives {kind!r} {(parts or {})[kind]!r}, which are no two parts of a current: "
                f"write e.g. parts={{{kind!r}: ['i_AMPA', 'i_NMDA']}}."
            )
    return found


def parts_at(
    currents: Sequence[Current], parts: Mapping[str, Sequence[str]]
) -> list[tuple[list[Current], list[Current]]]:
    """Find the currents at a compartment that are given in parts.

    Parameters
    ----------
    currents : sequence of Current
        All that are written there.
    parts : mapping of str to sequence of str
        Variables of each kind of mechanism.

    Returns
    -------
    list of (list of Current, list of Current)
        For each mechanism or point process its currents, and their parts.

    Raises
    ------
    SelectionError
        When a variable is not RANGE.
    """
    owned: dict[int, list[Current]] = {}
    for current in currents:
        if current.kind.name in parts and not current.members:
            owned.setdefault(id(current.owner), []).append(current)
    return [(whole, [_part(whole[0], n) for n in parts[whole[0].kind.name]]) for whole in owned.values()]


def _part(current: Current, name: str) -> Current:
    kind = current.kind
    if not kind.shows(name):
        raise SelectionError(
            f"{name!r} of mechanism {kind.name!r}, in parts=, is not RANGE; what is: "
            f"{', '.join(sorted(set(kind.visible) - kind.source.pointers))}."
        )
    label = f"{current.owner.hname()}.{name}" if kind.is_point else f"{name}_{kind.name}"
    return replace(current, label=label, variable=name, ion=None)


def check_used(parts: Mapping[str, Sequence[str]], found: set[str]) -> None:
    """Refuse parts of mechanisms that are nowhere.

    Raises
    ------
    SelectionError
    """
    for kind in parts:
        if kind not in found:
            raise SelectionError(
                f"parts= names the mechanism {kind!r}, which carries no current where it is recorded; "
                f"those that do: {', '.join(sorted(found))}."
            )


def add_up(pieces: Sequence[np.ndarray], whole: np.ndarray) -> float:
    """By how much parts miss the whole, as a share of the largest."""
    peak = max(np.abs(values).max() for values in (whole, *pieces))
    return float(np.abs(sum(pieces) - whole).max() / peak) if peak else 0.0
