"""Several currents of a cell as one, in every compartment, as a list under a label is at a point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.recording.choices import members_of
from neo_currentscape.recording.inventory import stored_signals
from neo_currentscape.recording.patterns import matching
from neo_currentscape.spatial.cell import Cell
from neo_currentscape.spatial.channels import labels_of
from neo_currentscape.spatial.current_types import CAPACITIVE, type_of, typing

AnyCell = TypeVar("AnyCell", bound=Cell)


@dataclass(frozen=True)
class _Label:
    """A current by its own name, and by its type."""

    name: str
    short_name: str


def summing(segment: Any, currents: Any, types: Any = None) -> Callable[[str, str], str]:
    """Make the function that says of which type each current of a Segment is, where some are summed.

    Parameters
    ----------
    segment : neo.Segment
        As an adapter makes it.
    currents : mapping of str to str or list of str
        ``{label: [names and patterns]}``, of currents or of types of them.
    types : optional
        As for `neo_currentscape.spatial.current_types.typing`, for all others.

    Returns
    -------
    callable

    Raises
    ------
    SelectionError
        When a name means no current, or a current is counted twice.
    """
    signals = [s for s in stored_signals(segment) if "current" in notes.roles_of(s)]
    names = [name for signal in signals for name in labels_of(signal)]
    label_of = groups_in(((name, type_of(name)) for name in names), currents)
    others = typing(types)
    return lambda label, site: label_of.get(label) or others(label, site)


def summed(cell: AnyCell, currents: Any) -> AnyCell:
    """The same cell with some types of current summed in every compartment.

    Parameters
    ----------
    cell : Cell
    currents : mapping of str to str or list of str, or None
        ``{label: [names and patterns]}`` of types.

    Returns
    -------
    Cell
        Values are not copied.
    """
    if currents is None:
        return cell
    others = {CAPACITIVE, *cell.traces.electrodes}
    label_of = groups_in(((name, name) for name in cell.names if name not in others), currents)
    names = [label_of.get(name, name) for name in cell.names]
    kept = list(dict.fromkeys(names))
    kinds = [kept.index(name) for name in names]
    out = copy(cell)
    moved = [replace(trace, kind=kinds[trace.kind]) for trace in cell.traces.currents]
    out.traces = replace(cell.traces, names=kept, currents=moved)
    return out


def groups_in(names: Iterable[tuple[str, str]], currents: Any) -> dict[str, str]:
    """The label of each current that is in a group.

    Parameters
    ----------
    names : iterable of (str, str)
        Of the currents, with their types.
    currents : mapping of str to str or list of str

    Returns
    -------
    dict of str to str

    Raises
    ------
    SelectionError, ArgumentTypeError
    """
    if not isinstance(currents, Mapping):
        raise ArgumentTypeError(f"currents= of a cell takes {{label: [names]}}, not {currents!r}.")
    known = list(dict.fromkeys(_Label(*name) for name in names))
    found: dict[str, str] = {}
    for label, given in currents.items():
        for one in _members(known, label, given):
            if one.name in found:
                raise SelectionError(
                    f"currents= counts {one.name!r} twice, as {found[one.name]!r} and as {label!r}: give "
                    "it one label."
                )
            found[one.name] = str(label)
    _check_apart(known, found)
    return found


def _members(known: Sequence[_Label], label: Any, given: Any) -> list[_Label]:
    what = f"currents={{{label!r}: ...}}"
    names = members_of(given, "current", what)
    found = {name: matching(known, name) for name in names or [given]}
    missing = [name for name, some in found.items() if not some]
    types = ", ".join(repr(name) for name in dict.fromkeys(one.short_name for one in known))
    if missing:
        listed = ", ".join(map(repr, missing))
        raise SelectionError(f"{what} {listed} matches no current of the cell: there are {types}.")
    if names is None and len({one.short_name for one in found[given]}) > 1:
        raise SelectionError(
            f"{what} {given!r} matches several currents of the cell: name one of {types}, or write "
            f"[{given!r}] for their sum."
        )
    return list(dict.fromkeys(one for some in found.values() for one in some))


def _check_apart(known: Sequence[_Label], found: Mapping[str, str]) -> None:
    """Refuse a label that a current beside its group has."""
    for one in known:
        if one.name not in found and one.short_name in found.values():
            raise SelectionError(
                f"currents= calls a group {one.short_name!r}, as {one.name!r} is, which is not in it: give "
                "it another label."
            )
