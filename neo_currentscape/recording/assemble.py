"""From chosen variables to canonical signals: one unit, outward positive, one time base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.annotations import per_channel, signal_annotations
from neo_currentscape.conventions.errors import (
    ArgumentError,
    SelectionError,
    UnitsError,
    unknown_name,
)
from neo_currentscape.recording import timebase, values
from neo_currentscape.recording.select import Choice, column_of


@dataclass(frozen=True)
class Piece:
    """One column of one signal, and what is needed to bring it into canonical form."""

    label: str
    name: str
    signal: Any
    column: int
    units: Any
    positive: str
    area: Any

    @property
    def kind(self) -> str:
        """Physical kind of the unit."""
        return units.kind(self.units)


def pieces(
    choices: Sequence[Choice], neuron: int | None, sign: Any = None, area: Any = None
) -> list[Piece]:
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
    list of Piece

    Raises
    ------
    SelectionError
        When a variable was not recorded for the neuron, or twice.
    """
    by_label: dict[str, Piece] = {}
    missing: dict[str, Choice] = {}
    for choice in choices:
        column = column_of(choice, neuron)
        if column is None:
            missing.setdefault(choice.label, choice)
            continue
        if choice.label in by_label:
            raise SelectionError(
                f"Two signals of role {choice.role} are called {choice.label!r}: rename one, or give "
                "labels with {label: name}."
            )
        by_label[choice.label] = _piece(choice, column, sign, area)
    for label, choice in missing.items():
        if label not in by_label:
            raise _not_of_this_neuron(choice, neuron)
    return list(by_label.values())


def _piece(choice: Choice, column: int, sign: Any, area: Any) -> Piece:
    variable = choice.variable
    stored = variable.positive or roles.CANONICAL.get(choice.role, "outward")
    if isinstance(sign, str) and choice.role == "current":
        stored = sign
    elif isinstance(sign, Mapping):
        for key in (variable.name, variable.short_name, choice.label):
            stored = sign.get(key, stored)
    return Piece(
        label=choice.label,
        name=variable.name,
        signal=variable.signal,
        column=column,
        units=variable.units,
        positive=stored,
        area=area if area is not None else variable.area,
    )


def _not_of_this_neuron(choice: Choice, neuron: int | None) -> SelectionError:
    neurons = choice.variable.neurons
    held = "several channels" if neurons is None else "neurons " + ", ".join(map(str, neurons[:20]))
    if neurons is not None and len(neurons) > 20:
        held += ", ..."
    return SelectionError(
        f"Signal {choice.variable.name!r} holds {held}, not neuron {neuron}: choose one of those with "
        "neuron=..., or leave this signal out by naming the others."
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
        if name is not None and name not in names:
            raise unknown_name("signal in sign=", name, sorted(set(names)))
        if direction not in roles.DIRECTIONS:
            raise ArgumentError(
                f"sign= takes 'outward' or 'inward' (the direction of stored positive values), or "
                f"{{name: direction}}, not {direction!r}."
            )


def common_unit(currents: Sequence[Piece], convert: bool) -> Any:
    """Decide the one unit of a set of currents.

    Parameters
    ----------
    currents : sequence of Piece
        All that will stand in one signal.
    convert : bool
        Whether the caller asked for absolute currents by giving an area.

    Returns
    -------
    Quantity

    Raises
    ------
    UnitsError
        When the currents measure different things.
    """
    kinds = {piece.kind for piece in currents}
    absolute = [piece for piece in currents if piece.kind == "current"]
    if kinds == {"current density"}:
        return units.parse_units("nA") if convert else currents[0].units
    if kinds <= {"current", "current density"}:
        _require_areas(currents, absolute[0])
        return absolute[0].units
    first = currents[0]
    for piece in currents[1:]:
        if not units.same_dimension(piece.units, first.units):
            raise UnitsError(
                f"Current {first.name!r} is in {_shown(first)} and {piece.name!r} in {_shown(piece)}: "
                "choose currents of one unit with currents=[...]."
            )
    return first.units


def _require_areas(currents: Sequence[Piece], absolute: Piece) -> None:
    for piece in currents:
        if piece.kind == "current density" and piece.area is None:
            raise UnitsError(
                f"Current {piece.name!r} is a density ({_shown(piece)}) and {absolute.name!r} is "
                f"absolute ({_shown(absolute)}): give area=... to combine them."
            )


def _shown(piece: Piece) -> str:
    return piece.units.dimensionality.string.strip("()") if piece.kind != "dimensionless" else "no unit"


def factor(piece: Piece, unit: Any, role: str) -> float:
    """Number that brings the stored values of a piece into a unit and the canonical direction."""
    quantity = piece.units
    if piece.kind == "current density" and units.kind(unit) == "current":
        area = units.scalar(piece.area, "um**2", "area")
        if not area > 0:
            raise ArgumentError(f"area is {area:g} um**2: an area is positive.")
        quantity = piece.units * (area * units.parse_units("um**2"))
    number = float(quantity.rescale(unit.units))
    flipped = role in roles.CANONICAL and piece.positive != roles.CANONICAL[role]
    return -number if flipped else number


def stack(
    chosen: Sequence[Piece],
    unit: Any,
    role: str,
    name: str,
    neuron: int | None = None,
    site: str | None = None,
) -> Any:
    """Put pieces side by side into one new signal.

    Parameters
    ----------
    chosen : sequence of Piece
        All sampled at the same times.
    unit : Quantity
        Unit of the result.
    role : str
        Role of the result; decides the canonical direction.
    name : str
        Name of the result.
    neuron, site : optional
        What all pieces belong to; kept in the annotations.

    Returns
    -------
    neo.AnalogSignal or neo.IrregularlySampledSignal
        Shape (time, piece), with ``array_annotations["name"]``.
    """
    first = chosen[0]
    out = np.empty((first.signal.shape[0], len(chosen)))
    for column, piece in enumerate(chosen):
        stored = values.magnitudes(piece.signal)[:, piece.column]
        np.multiply(stored, factor(piece, unit, role), out=out[:, column])
    labels = [piece.label for piece in chosen]
    notes = {**marks(role, labels, neuron, site), **kept(name, first.signal, first.column)}
    return values.like(first.signal, out, unit, name, **notes)


#: Annotations of the voltage that the balance needs.
KEPT = ("capacitance", "derivative")


def kept(part: str, signal: Any, column: int) -> dict[str, Any]:
    """The annotations of one channel of a voltage that its canonical signal keeps.

    Returns
    -------
    dict
        Empty for other parts of a Recording.
    """
    if part != "voltage":
        return {}
    found = {key: per_channel(signal, key)[column] for key in KEPT}
    return {key: value for key, value in found.items() if value is not None}


def marks(
    role: str, names: Sequence[str], neuron: int | None = None, site: str | None = None
) -> dict[str, Any]:
    """The annotations of a canonical signal, as keywords of a Neo signal.

    Returns
    -------
    dict
        Annotations, and under "array_annotations" those that have one value a channel.
    """
    arrays: dict[str, Any] = {"name": np.array(list(names))}
    if neuron is not None:
        arrays["channel_index"] = np.full(len(names), neuron)
    notes = signal_annotations(role, roles.CANONICAL.get(role), site=site)
    return {"array_annotations": arrays, **notes}


def check_times(chosen: Sequence[Piece]) -> None:
    """Check each signal once, and that all were sampled at the same times.

    Raises
    ------
    SignalError
        Which names the signals.
    """
    seen: dict[int, Piece] = {}
    for piece in chosen:
        if id(piece.signal) not in seen:
            timebase.check_signal(piece.signal, f"Signal {piece.name!r}")
            seen[id(piece.signal)] = piece
    first = chosen[0]
    for piece in seen.values():
        if piece.signal is not first.signal:
            timebase.check_same_times(first.signal, piece.signal, first.name, piece.name)
