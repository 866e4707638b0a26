"""Warnings about units: what was left out as it has none, and what was given the unit of something else."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import warn
from neo_currentscape.recording.inventory import Variable

#: Kinds of units that a membrane current may have.
_OF_CURRENTS = ("current", "current density", "current per capacitance")

#: So many samples are looked at to tell a gate, which lies between 0 and 1.
_LOOKED_AT = 10_000

#: Letters and words that stand for times, positions, potentials and counts, whatever their values.
_IS_NONE = re.compile(r"([tTxyzeEvVN]|[eEvV](_\w+|Na|K|Ca|Cl|_?rev\w*))$")

#: Names of gates that are often something else as well, which may be larger.
_LARGE = ("u", "s")


def warn_of_unitless(here: Sequence[Variable], taken: Collection[int]) -> None:
    """Warn of signals that may be currents and were left out, as they have no unit.

    Where the caller gave some signals a unit, also those of which nothing is known are meant; where not,
    these are only if their values are not those of a part, between 0 and 1.

    Parameters
    ----------
    here : sequence of Variable
        Those at the site.
    taken : collection of int
        The ``id`` of each that something was made of.
    """
    given = _given_units(here)
    doubtful = [v for v in here if id(v) not in taken and _may_be_current(v, bool(given))]
    if not doubtful:
        return
    unit = next(iter(given), None) or next((_text(v) for v in here if v.role == "current"), "pA")
    names, said = _listed(doubtful, unit)
    warn(
        f"Left out {names}, stored without a unit: if currents, write units={{{said}}}; if not, name the "
        "currents with currents=[...]."
    )


def warn_of_chosen_unitless(chosen: Sequence[Variable]) -> None:
    """Warn of signals that the caller named as currents and that have no unit.

    Parameters
    ----------
    chosen : sequence of Variable
    """
    # One without a unit beside others that have one is refused.
    if chosen and all(v.kind == "dimensionless" for v in chosen):
        names, said = _listed(chosen, "pA")
        be = "is" if len(chosen) == 1 else "are"
        warn(f"{names} {be} stored without a unit, and drawn and told without one: write units={{{said}}}.")


def warn_of_other_kinds(here: Sequence[Variable], currents: Collection[int], is_named: bool) -> None:
    """Warn where the caller gave what is a current by its name the unit of something else.

    Parameters
    ----------
    here : sequence of Variable
        Those at the site.
    currents : collection of int
        The ``id`` of each that was taken for a membrane current.
    is_named : bool
        Whether the caller named the currents.
    """
    for v in here:
        if not _was_given(v) or v.kind in _OF_CURRENTS or _is_told(v):
            continue
        if (id(v) in currents) != is_named or not roles.reads_like_a_current(v.short_name):
            continue
        if is_named and v.kind == "voltage":
            continue  # some models compute their currents as voltages
        if v.kind == "concentration" and not roles.says_current(v.short_name):
            continue
        so = "" if is_named else ", so it was left out of them"
        warn(
            f"units= gives {v.name!r}, a current by its name, the unit {units.label(v.units) or 'none'}, "
            f"which is no current's{so}: write e.g. units={{{v.name!r}: 'nA'}}."
        )


def _listed(variables: Sequence[Variable], unit: Any) -> tuple[str, str]:
    """The names of a few, and with a unit each."""
    more = ", ..." if len(variables) > 5 else ""
    names = ", ".join(repr(v.name) for v in variables[:5]) + more
    return names, ", ".join(f"{v.name!r}: {unit!r}" for v in variables[:5]) + more


def _may_be_current(v: Variable, others_were_given: bool) -> bool:
    if v.kind != "dimensionless" or _is_told(v) or _was_given(v):
        return False
    if roles.may_be_membrane_potential(v.short_name):
        return False
    if v.role == "gate":
        return (others_were_given or v.short_name not in _LARGE) and not _lies_in_one(v)
    if v.role == "conductance":
        return _is_on_both_sides(v)
    if v.role != "other":
        return False
    if roles.reads_like_a_current(v.short_name):
        return True
    if others_were_given:
        return not roles.is_of_something_else(v.short_name)
    return not _is_of_something_else(v.short_name) and not _lies_in_one(v)


def _is_of_something_else(name: str) -> bool:
    """Whether a name is one of times and counts; a letter alone may be that of anything."""
    letter = re.fullmatch(r"[A-Za-z]", name)
    return bool(_IS_NONE.fullmatch(name)) or (letter is None and roles.is_of_something_else(name))


def _first_values(v: Variable) -> np.ndarray:
    first = np.asarray(v.signal[:_LOOKED_AT].magnitude, dtype=float)[:, v.columns]
    return first[np.isfinite(first)]


def _is_on_both_sides(v: Variable) -> bool:
    """Whether the first values are above and below zero, as a conductance never is."""
    finite = _first_values(v)
    return finite.size > 0 and bool(finite.min() < 0 < finite.max())


def _lies_in_one(v: Variable) -> bool:
    """Whether the first values are those of what is open at most, and at least not."""
    finite = _first_values(v)
    return finite.size == 0 or bool(finite.min() >= -1e-6 and finite.max() <= 1 + 1e-6)


def _given_units(here: Sequence[Variable]) -> list[str]:
    """The units of currents that the caller gave to signals without one."""
    return [_text(v) for v in here if v.kind in _OF_CURRENTS and _was_given(v)]


def _was_given(v: Variable) -> bool:
    return bool(units.parse_units(v.signal.units) != v.units)


def _is_told(v: Variable) -> bool:
    return v.reason.startswith("its annotation")


def _text(v: Variable) -> Any:
    return v.units.dimensionality.string
