"""What a recorded NEURON variable is, by its name, and the unit that it is kept in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SelectionError

#: Units of NEURON's densities, and of what BluePyEModel makes of them.
DENSITY, PICOAMPERE = "mA/cm**2", "pA"

#: The place of BluePyEModel's recordings of a stimulus.
STIMULUS = "iclamp"

_CURRENT = re.compile(r"i[A-Za-z]*(_\w+)?")
_ION = re.compile(r"(?!i)[a-z]\w*i|(ca|na|k|cl|mg|h)o")
_POTENTIAL = re.compile(r"e([a-z]{1,3}|_\w+)|v\w+")
_CONDUCTANCE = re.compile(r"g\w*")
_GATE = re.compile(r"[a-z]_\w+")
_BY_UNIT = {
    "voltage": "other",
    "concentration": "ion",
    "current": "current",
    "current density": "current",
    "conductance": "conductance",
    "conductance density": "conductance",
}


@dataclass(frozen=True)
class VariableKind:
    """What a variable is.

    Attributes
    ----------
    role, unit : str
    positive : str or None
        Direction of positive values, of a current.
    """

    role: str
    unit: str
    positive: str | None = None


def kind_of(variable: str, location: str, given: str | Mapping[str, Any] | None) -> VariableKind:
    """Tell what a variable is.

    Parameters
    ----------
    variable : str
        As NEURON calls it: "v", "ina", "ihcn_Ih", "cai".
    location : str
    given : str, mapping or None
        The unit of currents, or units by variable.

    Raises
    ------
    SelectionError
        When the name tells nothing and no unit is given.

    Examples
    --------
    >>> kind_of("ina", "soma", None)
    VariableKind(role='current', unit='mA/cm**2', positive='outward')
    >>> kind_of("ihcn_Ih", "soma", "pA").unit, kind_of("cai", "soma", None).role
    ('pA', 'ion')
    """
    if isinstance(given, Mapping) and variable in given:
        return _by_unit(variable, str(given[variable]))
    current = _of_currents(given) if isinstance(given, str) else DENSITY
    if variable == "v":
        return VariableKind("voltage", "mV")
    if location == STIMULUS:
        return VariableKind("electrode", "nA", "inward")
    if variable == "i_cap":
        return VariableKind("capacitive", current, "outward")
    if variable in ("i_membrane", "i_membrane_"):
        return VariableKind("membrane", "nA" if variable.endswith("_") else current, "outward")
    for pattern, found in (
        (_CURRENT, VariableKind("current", current, "outward")),
        (_POTENTIAL, VariableKind("other", "mV")),
        (_ION, VariableKind("ion", "mM")),
        (_CONDUCTANCE, VariableKind("conductance", "S/cm**2")),
        (_GATE, VariableKind("gate", "dimensionless")),
    ):
        if pattern.fullmatch(variable):
            return found
    raise SelectionError(
        f"Variable {variable!r} recorded at {location!r} is none that its name explains: say its unit, "
        f'units={{{variable!r}: "mA/cm**2"}} for a current, or "dimensionless".'
    )


def _of_currents(unit: str) -> str:
    """The unit that is given for all currents."""
    try:
        is_current = units.kind(unit) in ("current", "current density")
    except Exception as cause:
        raise ArgumentError(f"units={unit!r} is no unit: write e.g. 'pA'.") from cause
    if not is_current:
        raise ArgumentError(
            f"units={unit!r} is no unit of a current: write e.g. 'pA', or {{variable: unit}} for others."
        )
    return unit


def _by_unit(variable: str, unit: str) -> VariableKind:
    try:
        kind = units.kind(unit)
    except Exception as cause:
        raise ArgumentError(f"units={{{variable!r}: {unit!r}}} is no unit: write e.g. 'nA'.") from cause
    role = "voltage" if variable == "v" else _BY_UNIT.get(str(kind), "gate")
    return VariableKind(role, unit, "outward" if role == "current" else None)


def totals(variables: Mapping[str, Any]) -> dict[str, list[str]]:
    """Ion totals of which mechanisms' own currents were recorded as well, and which those are.

    Examples
    --------
    >>> totals({"ina": 0, "ina_NaTg": 0, "ik": 0, "i_pas": 0})
    {'ina': ['ina_NaTg']}
    """
    found = {}
    for name in variables:
        if re.fullmatch(r"i[a-z]+", name):
            parts = [other for other in variables if other.startswith(f"{name}_")]
            if parts:
                found[name] = parts
    return found
