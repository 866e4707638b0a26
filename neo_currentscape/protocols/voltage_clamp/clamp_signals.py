"""The signals of a sweep of a voltage clamp: which is the current, which the command, and their values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units as unit_tools
from neo_currentscape.conventions.errors import SelectionError, SignalError, UnitsError
from neo_currentscape.protocols.response.channel_values import signal_of
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import describe, not_found
from neo_currentscape.recording.patterns import matching
from neo_currentscape.recording.select import quoted


def at_site(variables: Sequence[Variable], site: str | None, place: str) -> Sequence[Variable]:
    """The signals of one place."""
    found = [v for v in variables if site is None or v.site == site]
    if not found and variables:
        sites = sorted({v.site for v in variables if v.site is not None})
        raise SelectionError(f"{place} holds nothing of site {site!r}: the sites are {quoted(sites)}.")
    return found


def the_one(
    variables: Sequence[Variable], name: str | None, known: Sequence[str], word: str, place: str
) -> Variable:
    """The one signal of a name; else that of the first role that one has."""
    if name is not None:
        hits = matching(variables, name)
        if not hits:
            raise not_found(variables, name, f"{word}=")
        return hits[0]
    for role in known:
        hits = [v for v in variables if v.role == role]
        if len(hits) == 1:
            return hits[0]
        if hits:
            places = len({v.site for v in hits}) == len(hits)
            where = f", or site={hits[0].site!r} or another" if places and hits[0].site is not None else ""
            raise SelectionError(
                f"{place} holds {len(hits)} signals that may be the {word} "
                f"({quoted([v.name for v in hits])}): choose with {word}=...{where}"
            )
    found = describe(variables) if variables else "there is none of that kind"
    raise SelectionError(
        f"{place} holds no {word} of a voltage clamp ({found}): name it with {word}=..., or annotate the "
        f"signal with role={known[0]!r}."
    )


def values_of(
    variable: Variable, neuron: int | None, unit: str, place: str
) -> tuple[np.ndarray, np.ndarray]:
    """Times in ms since the begin of a sweep, and values, of one channel."""
    if variable.kind == "current density":
        raise UnitsError(
            f"{place}: {variable.name!r} is a density ({unit_tools.label(variable.units)}), and an "
            "amplifier measures a current: multiply it with the area of the membrane first."
        )
    if not unit_tools.same_dimension(variable.units, pq.Quantity(1.0, unit)):
        raise UnitsError(
            f"{place}: {variable.name!r} is in {unit_tools.label(variable.units) or 'no unit'}, where "
            f"{unit} is needed: write units={{{variable.name!r}: {unit!r}}}."
        )
    signal = signal_of(variable, place)
    column = 0
    if variable.neurons is not None and neuron is not None:
        at = np.flatnonzero(variable.neurons == neuron)
        if not len(at):
            raise SelectionError(
                f"{place}: neuron {neuron} was not recorded; there are {quoted(variable.neurons.tolist())}."
            )
        column = int(at[0])
    elif len(variable.columns) > 1:
        raise SelectionError(
            f"{place}: {variable.name!r} has {len(variable.columns)} channels: choose with neuron=..."
        )
    factor = float((1.0 * variable.units).rescale(unit))
    if variable.role in ("membrane", "current", "electrode") and _turned(variable):
        factor = -factor
    numbers = np.asarray(signal.magnitude[:, variable.columns[column]], dtype=float) * factor
    if not np.isfinite(numbers).all():
        raise SignalError(f"{place}: {variable.name!r} holds NaN or infinite values: cut them out first.")
    times = np.asarray(signal.times.rescale("ms").magnitude, dtype=float)
    return times - times[0], numbers


def _turned(variable: Variable) -> bool:
    """Whether positive values are inward through the membrane: what is injected flows out of it."""
    usual = "inward" if variable.role == "electrode" else "outward"
    return variable.positive not in (None, usual)
