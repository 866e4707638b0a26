"""Units that a caller gives to signals, by their names or by patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo_currentscape.conventions import roles, units
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, UnitsError
from neo_currentscape.recording.patterns import by_name


@dataclass(frozen=True)
class Stored:
    """What is known of a variable before anything is decided: its names, unit and annotated role."""

    name: str
    short_name: str
    units: Any
    role: str | None

    @property
    def may_be_current(self) -> bool:
        """Whether it has no unit, and neither its annotation nor its name says that it is no current."""
        if units.kind(self.units) != "dimensionless":
            return False
        return (self.role or roles.read_role(self.short_name, "dimensionless").role) in ("current", "other")


def by_full_name(given: Mapping[str, Any] | None, variables: Sequence[Stored]) -> dict[str, Any]:
    """The units that were given, by the full names or those without the site.

    A pattern is meant for the signals without a unit that may be currents, then for all without one.

    Parameters
    ----------
    given : mapping of str to str or Quantity, or None
        ``units=``.
    variables : sequence of Stored

    Returns
    -------
    dict of str to str or Quantity

    Raises
    ------
    ArgumentTypeError, SelectionError, UnitsError
        When it is no mapping, names no signal, or gives one signal two units by two patterns.

    Examples
    --------
    >>> stored = [Stored(name, name, "dimensionless", None) for name in ("I_Na", "m")]
    >>> by_full_name({"*": "pA"}, stored)
    {'I_Na': 'pA'}
    """
    if not isinstance(given, (Mapping, type(None))):
        raise ArgumentTypeError(
            f"units= takes {{name: unit}}, not {given!r}: write e.g. units={{'I_NaP': 'pA'}}."
        )
    found = by_name(given or {}, variables, _meant, _two_units)
    known = {name for v in variables for name in (v.name, v.short_name)}
    for name in found:
        if name not in known:
            raise SelectionError(f"units= names {name!r}, which is not a signal: {_listed(known)}.")
    return found


def _meant(matches: list[Stored]) -> list[Stored]:
    unitless = [v for v in matches if units.kind(v.units) == "dimensionless"]
    return [v for v in unitless if v.may_be_current] or unitless


def _two_units(name: str, patterns: Sequence[str]) -> UnitsError:
    first, second = patterns
    return UnitsError(
        f"units= gives {name!r} one unit by {first!r} and another by {second!r}: name it itself as well."
    )


def _listed(names: Any) -> str:
    return "there are " + ", ".join(repr(name) for name in sorted(names)) if names else "there is none"


def unit_of(signal: Any, name: str, override: Any) -> Any:
    """The unit of a signal: the stored one, or what the caller said it is.

    Raises
    ------
    UnitsError
        When the caller gives it another unit of what it is stored in.
    """
    stored = units.parse_units(signal.units)
    if override is None:
        return stored
    wanted = units.parse_units(override)
    if stored != wanted and units.kind(stored) != "dimensionless" and units.same_dimension(stored, wanted):
        raise UnitsError(
            f"units= gives {name!r} the unit {units.label(wanted)}, but it is stored in "
            f"{units.label(stored)}: leave it out, or rescale the signal first."
        )
    return wanted
