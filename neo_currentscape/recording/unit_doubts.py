"""Warnings about units: what was left out as it has none, and what was given the unit of something else."""

from __future__ import annotations

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

#: Names of gates that are often something else as well, which may be larger.
_LARGE = ("u", "s")


def warn_of_unitless(here: Sequence[Variable], taken: Collection[int]) -> None:
    """Warn of signals that may be currents and were left out, as they have no unit.

    Where the caller gave some signals a unit, also those of which nothing is known are meant.

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
    names = ", ".join(repr(v.name) for v in doubtful[:5]) + (", ..." if len(doubtful) > 5 else "")
    said = ", ".join(f"{v.name!r}: {unit!r}" for v in doubtful[:5]) + (", ..." if len(doubtful) > 5 else "")
    warn(
        f"Left out {names}, stored without a unit: if currents, write units={{{said}}}; if not, name the "
        "currents with currents=[...]."
    )


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


def _may_be_current(v: Variable, others_were_given: bool) -> bool:
    if v.kind != "dimensionless" or _is_told(v) or _was_given(v):
        return False
    if roles.may_be_membrane_potential(v.short_name):
        return False
    if v.role == "gate":
        return (others_were_given or v.short_name not in _LARGE) and not _lies_in_one(v)
    if v.role != "other":
        return False
    if roles.reads_like_a_current(v.short_name):
        return True
    return others_were_given and not roles.is_of_something_else(v.short_name)


def _lies_in_one(v: Variable) -> bool:
    """Whether the first values are those of what is open at most, and at least not."""
    first = np.asarray(v.signal[:_LOOKED_AT].magnitude, dtype=float)[:, v.columns]
    finite = first[np.isfinite(first)]
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
