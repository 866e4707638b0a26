"""From pieces to canonical signals: one unit, outward positive, one time base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.annotations import (
    joinable,
    per_channel,
    remainders_of,
    signal_annotations,
)
from neo_currentscape.conventions.errors import UnitsError
from neo_currentscape.recording import values
from neo_currentscape.recording.lazy import stack as lazy
from neo_currentscape.recording.stored_columns import StoredColumn


def common_unit(currents: Sequence[StoredColumn], convert: bool) -> Any:
    """Decide the one unit of a set of currents.

    Parameters
    ----------
    currents : sequence of StoredColumn
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


def _require_areas(currents: Sequence[StoredColumn], absolute: StoredColumn) -> None:
    for piece in currents:
        if piece.kind == "current density" and piece.area is None:
            raise UnitsError(
                f"Current {piece.name!r} is a density ({_shown(piece)}) and {absolute.name!r} is "
                f"absolute ({_shown(absolute)}): give area=... to combine them."
            )


def _shown(piece: StoredColumn) -> str:
    # As the user writes it: 'mA/cm**2'.
    if piece.kind == "dimensionless":
        return "no unit"
    return units.parse_units(piece.units).dimensionality.string


def factor(piece: StoredColumn, unit: Any, role: str) -> float:
    """Number that brings the stored values of a piece into a unit and the canonical direction.

    Raises
    ------
    UnitsError, ArgumentError
        When an area is needed, and is not a positive area.
    """
    quantity = units.parse_units(piece.units)
    if piece.kind == "current density" and units.kind(unit) == "current":
        quantity = quantity * (units.positive(piece.area, "um**2", "area") * units.parse_units("um**2"))
    number = float(quantity.rescale(unit.units))
    flipped = role in roles.CANONICAL and piece.positive != roles.CANONICAL[role]
    return -number if flipped else number


def stack(
    chosen: Sequence[StoredColumn],
    unit: Any,
    role: str,
    name: str,
    neuron: int | None = None,
    site: str | None = None,
) -> Any:
    """Put pieces side by side into one new signal, those of one label summed.

    Parameters
    ----------
    chosen : sequence of StoredColumn
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
        Shape (time, label), with ``array_annotations["name"]``.
    """
    first = chosen[0]
    numbers = lazy.stack(
        [piece.signal for piece in chosen],
        [piece.column for piece in chosen],
        [piece.weight * factor(piece, unit, role) for piece in chosen],
        f"reading {name}",
        places_of(chosen),
    )
    labels = labels_of(chosen)
    notes = {**marks(role, labels, neuron, site), **kept(name, first.signal, first.column)}
    rests = {piece.label for piece in chosen if remainders_of(piece.signal)[piece.column]}
    mark_remainders(notes, [label in rests for label in labels])
    return values.like(first.signal, numbers, unit, name, **notes)


def labels_of(chosen: Sequence[StoredColumn]) -> list[str]:
    """The labels of pieces, each once."""
    return list(dict.fromkeys(piece.label for piece in chosen))


def places_of(chosen: Sequence[StoredColumn]) -> list[int]:
    """In which channel of a signal each piece is counted."""
    at = {label: k for k, label in enumerate(labels_of(chosen))}
    return [at[piece.label] for piece in chosen]


#: Annotations of the voltage that the balance needs.
KEPT = ("capacitance", "derivative", "resolution", "unaligned", "means")


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
    return {key: joinable(value) for key, value in found.items() if value is not None}


def mark_remainders(notes: dict[str, Any], are: Sequence[bool]) -> None:
    """Keep, in the array annotations of a canonical signal, which channels are the balance's remainder."""
    if any(are):
        notes["array_annotations"]["remainder"] = np.array(are)


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
