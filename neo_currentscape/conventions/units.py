"""Units: what kind of quantity a unit measures, and conversions that never drop it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import quantities as pq

from neo_currentscape.conventions.errors import ArgumentTypeError, UnitsError

#: quantities knows the coulomb only; charges of neurons are picocoulombs.
PICOCOULOMB = pq.UnitQuantity("picocoulomb", pq.C * 1e-12, symbol="pC")
MICROCOULOMB = pq.UnitQuantity("microcoulomb", pq.C * 1e-6, symbol="uC")

#: Representative unit of every physical kind that a recording of a neuron can hold.
REFERENCE_UNITS = {
    "voltage": "V",
    "current": "A",
    "current density": "A/m**2",
    "conductance": "S",
    "conductance density": "S/m**2",
    "concentration": "mol/m**3",
    "capacitance": "F",
    "capacitance density": "F/m**2",
    "charge": "C",
    "charge density": "C/m**2",
    "area": "m**2",
    "time": "s",
    "frequency": "Hz",
    "resistance": "ohm",
    "dimensionless": "dimensionless",
}


def parse_units(units: Any) -> pq.Quantity:
    """Turn a unit given as text or Quantity into a Quantity of magnitude 1.

    Parameters
    ----------
    units : str or Quantity
        E.g. ``"mA/cm**2"``, ``"mA/cm2"``, ``"pA"`` or ``pq.nA``.

    Returns
    -------
    Quantity
        Scalar, of magnitude 1.

    Raises
    ------
    UnitsError
        When the text is not a unit.

    Examples
    --------
    >>> parse_units("mA/cm2").dimensionality.string
    'mA/cm**2'
    """
    if isinstance(units, pq.Quantity):
        return pq.Quantity(1.0, units.dimensionality)
    if not isinstance(units, str):
        raise ArgumentTypeError(f"Units are text or a Quantity, not {units!r}: write e.g. 'nA'.")
    return _parse_text(units)


@lru_cache(maxsize=256)
def _parse_text(text: str) -> pq.Quantity:
    # NEURON, NMODL and many papers write powers without an operator: mA/cm2, S/cm^2.
    plain = text.strip().strip("()").replace("µ", "u").replace("μ", "u").replace("^", "**")
    for length in ("cm", "um", "mm", "m"):
        plain = plain.replace(f"/{length}2", f"/{length}**2")
    try:
        unit = pq.Quantity(1.0, plain or "dimensionless")
    except (LookupError, SyntaxError, ValueError, TypeError, AttributeError, NameError) as cause:
        raise UnitsError(
            f"Unit {text!r} is not known to quantities: write e.g. 'nA', 'mA/cm**2' or 'mV'."
        ) from cause
    return unit


def same_dimension(a: pq.Quantity, b: pq.Quantity) -> bool:
    """Whether two quantities measure the same thing, so that one can be rescaled to the other.

    Examples
    --------
    >>> same_dimension(pq.mV, pq.V), same_dimension(pq.nA, pq.mV)
    (True, False)
    """
    # `dimensionality ==` fails for spellings such as '(mA/cm**2)' after a file round trip.
    return a.dimensionality.simplified == b.dimensionality.simplified


@lru_cache(maxsize=1024)
def _kind_of_text(units: str) -> str:
    quantity = _parse_text(units)
    for kind, reference in REFERENCE_UNITS.items():
        if same_dimension(quantity, _parse_text(reference)):
            return kind
    return "other"


def kind(quantity: Any) -> str:
    """Name the physical kind of a quantity, a Neo signal or a unit.

    Parameters
    ----------
    quantity : Quantity, Neo signal or str
        What carries the unit.

    Returns
    -------
    str
        A key of `REFERENCE_UNITS`, or ``"other"``.

    Examples
    --------
    >>> kind(pq.Quantity([1, 2], "pA")), kind("mA/cm2"), kind("1/s")
    ('current', 'current density', 'frequency')
    """
    if isinstance(quantity, str):
        return _kind_of_text(quantity)
    try:
        return _kind_of_text(quantity.dimensionality.string)
    except UnitsError:
        return "other"


def label(quantity: Any) -> str:
    """Write a unit as it should stand in an axis label.

    Examples
    --------
    >>> label(pq.Quantity(1, "mA/cm**2")), label(pq.Quantity(1, "uM")), label(pq.nA)
    ('mA/cm²', 'µM', 'nA')
    """
    text = quantity if isinstance(quantity, str) else quantity.dimensionality.string
    if text == "dimensionless":
        return ""
    text = text.strip("()").replace("**2", "²").replace("**3", "³").replace("*", "·")
    return "µ" + text[1:] if text.startswith("u") else text.replace("/u", "/µ")


def readable(quantity: pq.Quantity) -> str:
    """Write one value in three digits, with a prefix of the unit that keeps it short.

    Examples
    --------
    >>> readable(pq.Quantity(59_900, PICOCOULOMB)), readable(0.25 * pq.nA)
    ('59.9 nC', '250 pA')
    """
    value, unit = float(quantity.magnitude), label(quantity)
    prefixes = ("f", "p", "n", "µ", "m")
    if value == 0 or not unit or unit[0] not in prefixes or len(unit.split("/")[0]) < 2:
        return f"{value:.3g} {unit}".rstrip()
    place = prefixes.index(unit[0])
    while abs(value) >= 999.5 and place + 1 < len(prefixes):
        value, place = value / 1000, place + 1
    while abs(value) < 0.9995 and place > 0:
        value, place = value * 1000, place - 1
    return f"{value:.3g} {prefixes[place]}{unit[1:]}"


def scalar(value: Any, units: str, what: str) -> float:
    """Read a physical argument as a float in given units.

    Parameters
    ----------
    value : Quantity
        One value with units.
    units : str
        The units wanted.
    what : str
        Name of the argument for the error, e.g. ``"area"``.

    Returns
    -------
    float

    Raises
    ------
    UnitsError
        When the value has no units, or other ones.

    Examples
    --------
    >>> scalar(2 * pq.s, "ms", "t_stop")
    2000.0
    """
    if not isinstance(value, pq.Quantity):
        raise UnitsError(f"{what} = {value!r} has no units: write e.g. {what}={value!r} * pq.{units}.")
    if not same_dimension(value, parse_units(units)):
        raise UnitsError(
            f"{what} is in {value.dimensionality.string}, which is no {kind(units)}: give it in {units}."
        )
    return float(value.rescale(parse_units(units).units))
