"""Stored columns: the column, sign and area of each chosen variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.amplifier import check_offset
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, unknown_name
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording import time_checks, timebase
from neo_currentscape.recording.choices import Choice
from neo_currentscape.recording.patterns import matching, told
from neo_currentscape.recording.select import column_of, quoted


@dataclass(frozen=True)
class StoredColumn:
    """One column of one signal, and what is needed to bring it into canonical form.

    Columns of one label are summed, each with its weight.
    """

    label: str
    name: str
    signal: Any
    column: int
    units: Any
    positive: str
    area: Any
    weight: float = 1.0
    member: str = ""

    @property
    def kind(self) -> str:
        """Physical kind of the unit."""
        return units.kind(self.units)


def stored_columns(
    choices: Sequence[Choice], neuron: int | None, sign: Any = None, area: Any = None
) -> list[StoredColumn]:
    """Find the column of each choice, and the sign and area that hold for it.

    Parameters
    ----------
    choices : sequence of Choice
        What was chosen, all of one role.
    neuron : int or None
        The neuron.
    sign : {"outward", "inward"} or dict, optional
        What the caller says of the direction of stored positive values.
    area : Quantity, optional
        What the caller says of the area; goes before annotated areas.

    Returns
    -------
    list of StoredColumn

    Raises
    ------
    SelectionError
        When a variable was not recorded for the neuron, or twice.
    """
    found: dict[tuple[str, str], StoredColumn] = {}
    missing: dict[tuple[str, str], Choice] = {}
    for choice in choices:
        column, key = column_of(choice, neuron), (choice.label, choice.member)
        if column is None:
            missing.setdefault(key, choice)
            continue
        if key in found:
            raise _same_label(choice, found[key])
        found[key] = _stored_column(choice, column, sign, area)
    for key, choice in missing.items():
        if key not in found:
            raise _not_of_this_neuron(choice, neuron)
    return list(found.values())


def said_direction(choice: Choice, sign: Any) -> str | None:
    """What ``sign=`` says of one choice.

    A word and a pattern are meant for membrane currents, a name for what has it, before any pattern.
    """
    if isinstance(sign, str):
        return sign if choice.role == "current" else None
    said = None
    if isinstance(sign, Mapping):
        own = (choice.variable.name, choice.variable.short_name)
        # What is said of a sum holds for those of its signals of which nothing is said.
        for key in (choice.label, *own) if choice.member else (*own, choice.label):
            said = sign.get(key, said)
        if said is None and choice.role == "current":
            said = next((sign[key] for key in sign if matching([choice.variable], key)), None)
    return said


def _stored_column(choice: Choice, column: int, sign: Any, area: Any) -> StoredColumn:
    variable = choice.variable
    stored = (
        said_direction(choice, sign) or variable.positive or roles.CANONICAL.get(choice.role, "outward")
    )
    if area is None and variable.area is not None:
        units.positive(variable.area, "um**2", f"The area annotated on signal {variable.name!r}")
    return StoredColumn(
        label=choice.label or f"{choice.role} {column}",
        name=variable.name,
        signal=variable.signal,
        column=column,
        units=variable.units,
        positive=stored,
        area=area if area is not None else variable.area,
        weight=choice.weight,
        member=choice.member,
    )


def _same_label(choice: Choice, other: StoredColumn) -> SelectionError:
    if not choice.label:
        return SelectionError(
            f"Two signals of role {choice.role} have no name: give each a name when you make it."
        )
    often = [_how_often(signal) for signal in (other.signal, choice.variable.signal)]
    if often[0] != often[1]:
        return SelectionError(
            f"Two signals of role {choice.role} are called {choice.label!r}, sampled {often[0]} and "
            f"{often[1]}: make the Segment of one of them, as of one multimeter."
        )
    names = sorted({choice.variable.name, other.name})
    return SelectionError(
        f"Two signals of role {choice.role} are called {choice.label!r} ({quoted(names)}): rename one, "
        "name those that you want, or give labels with {label: name}."
    )


def _how_often(signal: Any) -> str:
    if not timebase.is_regular(signal):
        return "irregularly"
    return f"every {float(signal.sampling_period.rescale('ms')):.6g} ms"


def _not_of_this_neuron(choice: Choice, neuron: int | None) -> SelectionError:
    name, neurons = choice.variable.name, choice.variable.neurons
    n_channels = len(choice.variable.columns)
    if neurons is None or neuron is None:
        return SelectionError(
            f"Signal {name!r} has {n_channels} channels that nothing tells apart: write "
            "array_annotations={'channel_index': [...]} or {'name': [...]} when you make the signal."
        )
    if neuron in neurons:
        count = neurons.tolist().count(neuron)
        return SelectionError(
            f"Signal {name!r} holds neuron {neuron} {count} times: keep one channel of it."
        )
    return SelectionError(
        f"Signal {name!r} holds neurons {quoted(neurons.tolist())}, not neuron {neuron}: choose one of "
        "those with neuron=..., or leave this signal out by naming the others."
    )


def check_sign(sign: Any, names: Sequence[str]) -> None:
    """Refuse a sign convention that is not known, or names no signal.

    Parameters
    ----------
    sign : object
        What the caller wrote.
    names : sequence of str
        The names and labels that it may use.

    Raises
    ------
    ArgumentError, UnknownNameError
        With what to write instead.
    """
    if sign is None:
        return
    entries = dict(sign) if isinstance(sign, Mapping) else {None: sign}
    for name, direction in entries.items():
        if name is not None and name not in names and not (isinstance(name, str) and told(names, name)):
            raise unknown_name("signal in sign=", name, sorted(set(names)))
        if not isinstance(direction, str) or direction not in roles.DIRECTIONS:
            raise ArgumentError(
                "sign= takes 'outward' or 'inward' (the direction of stored positive values), or "
                f"{{name: direction}}, not {brief(direction)}."
            )
    if isinstance(sign, Mapping):
        _refuse_two_directions(sign, names)


def _refuse_two_directions(sign: Mapping[str, str], names: Sequence[str]) -> None:
    by: dict[str, str] = {}
    left = [name for name in names if name not in sign]
    for pattern, direction in sign.items():
        for name in told(left, pattern):
            if sign[by.setdefault(name, pattern)] != direction:
                raise ArgumentError(
                    f"sign= says two directions of {name!r}, by {by[name]!r} and by {pattern!r}: write "
                    "patterns that tell them apart."
                )


def check_times(chosen: Sequence[StoredColumn]) -> None:
    """Check each signal once, and that all were sampled at the same times.

    Raises
    ------
    SignalError
        Which names the signals.
    """
    seen: dict[int, StoredColumn] = {}
    for piece in chosen:
        if id(piece.signal) not in seen:
            time_checks.check_signal(piece.signal, f"Signal {piece.name!r}")
            check_offset(piece.signal, f"Signal {piece.name!r}")
            seen[id(piece.signal)] = piece
    first = chosen[0]
    for piece in seen.values():
        if piece.signal is not first.signal:
            time_checks.check_same_times(first.signal, piece.signal, first.name, piece.name)
