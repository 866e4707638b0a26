"""Units: what kind of quantity a unit measures, and conversions that never drop it."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

import numpy as np
import quantities as pq
from quantities.registry import unit_registry

from neo_currentscape.conventions import unit_text, unit_words
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SignalError, UnitsError

#: quantities knows the coulomb only; charges of neurons are picocoulombs.
PICOCOULOMB = pq.UnitQuantity("picocoulomb", pq.C * 1e-12, symbol="pC")
#: Currents of single channels are femtoamperes, which quantities does not know either.
FEMTOAMPERE = pq.UnitQuantity("femtoampere", pq.A * 1e-15, symbol="fA")
MICROCOULOMB = pq.UnitQuantity("microcoulomb", pq.C * 1e-6, symbol="uC")

#: Representative unit of every physical kind that a recording of a neuron can hold.
REFERENCE_UNITS = {
    "voltage": "V",
    "current": "A",
    "current density": "A/m**2",
    "current per capacitance": "A/F",
    "conductance": "S",
    "conductance density": "S/m**2",
    "concentration": "mol/m**3",
    "capacitance": "F",
    "capacitance density": "F/m**2",
    "charge": "C",
    "charge density": "C/m**2",
    "area": "m**2",
    "time": "s",
    "length": "m",
    "volume": "m**3",
    "frequency": "Hz",
    "resistance": "ohm",
    "dimensionless": "dimensionless",
}


_PER_CAPACITANCE = re.compile(r"A.*/.*F")


def parse_units(units: Any) -> pq.Quantity:
    """Turn a unit given as text or Quantity into a Quantity of magnitude 1.

    Parameters
    ----------
    units : str or Quantity
        E.g. ``"mA/cm**2"``, ``"mA/cm2"``, ``"pA"`` or ``pq.nA``.

    Returns
    -------
    Quantity
        Scalar, of magnitude 1, in the plain spelling: a file may turn ``mA/cm**2`` into the compound
        unit ``(mA/cm**2)``, which is the same unit but compares unequal.

    Raises
    ------
    UnitsError
        When the text is not a unit.
    ArgumentTypeError
        When it is neither text nor a Quantity.

    Examples
    --------
    >>> parse_units("mA/cm2").dimensionality.string
    'mA/cm**2'
    """
    if isinstance(units, pq.Quantity):
        return _plain_spelling(pq.Quantity(1.0, units.dimensionality))
    if not isinstance(units, str):
        raise ArgumentTypeError(f"Units are text or a Quantity, not {units!r}: write e.g. 'nA'.")
    if len(units) > unit_text.LONGEST:  # before it is kept
        unit_text.check(units)
    return _parse_text(units)


def _plain_spelling(unit: pq.Quantity) -> pq.Quantity:
    if not any(isinstance(part, pq.CompoundUnit) for part in unit.dimensionality):
        return unit
    try:
        plain = _parse_text(unit.dimensionality.string)
    except UnitsError:
        return unit
    # A compound unit may hold a number, as "(10*um)" does, which its parsed text would lose.
    return plain if np.isclose(float(unit.rescale(plain.units)), 1.0, rtol=1e-12) else unit


@lru_cache(maxsize=256)
def _parse_text(text: str) -> pq.Quantity:
    # NEURON, NMODL and many papers write powers without an operator: mA/cm2, S/cm^2.
    plain = text.strip().replace("µ", "u").replace("μ", "u").replace("^", "**")
    plain = re.sub(r"\b([cmun]?m)([23])\b", r"\1**\2", plain)
    unit_text.check(plain)
    try:
        with np.errstate(all="ignore"):
            unit = pq.Quantity(1.0, plain or "dimensionless")
            magnitude = float(unit_registry[plain].magnitude) if plain else 1.0
    except (LookupError, SyntaxError, ValueError, TypeError, AttributeError, NameError) as cause:
        raise unit_text.unknown(text) from cause
    except ArithmeticError as cause:
        raise UnitsError(f"Unit {text!r} cannot be computed ({cause}): write e.g. 'mA/cm**2'.") from cause
    if magnitude != 1.0:
        raise UnitsError(f"Unit {text!r} holds a number: scale the values, and write the unit alone.")
    return unit


#: What cells have in place of plain units of the SI.
OF_CELLS = {"V": "mV", "A": "pA"}


def of_cells(unit: Any) -> Any:
    """The unit in which a cell is told, for the plain volt and ampere and for products that have a name.

    Examples
    --------
    >>> of_cells(pq.V), of_cells(pq.nA), of_cells(pq.uS * pq.mV)
    (array(1.) * mV, array(1.) * nA, array(1.) * nA)
    """
    named = by_name(unit)
    known = OF_CELLS.get(named.dimensionality.string)
    return named if known is None else _parse_text(known)


def by_name(unit: Any) -> Any:
    """The name of a product, such as nA for uS mV; a unit that is none, or has none, as it is.

    Examples
    --------
    >>> by_name(pq.mV * pq.uS), by_name(pq.V), by_name(pq.mA / pq.cm**2)
    (array(1.) * nA, array(1.) * V, array(1.) * mA/cm**2)
    """
    plain = parse_units(unit)
    text = unit_words.written(plain.dimensionality)
    if "*" in text.split("/")[0] and kind(plain) in ("voltage", "current"):
        # No name has its very size; that of the kind is what it is rescaled to.
        return _parse_text(OF_CELLS["V" if kind(plain) == "voltage" else "A"])
    try:
        return plain if text == plain.dimensionality.string else _parse_text(text)
    except UnitsError:  # quantities does not know it
        return plain


#: Pairs of units that were compared, as quantities takes a millisecond for it; so many are kept.
_COMPARED: dict[tuple[str, str], bool] = {}
MOST_COMPARED = 4096


def same_dimension(a: pq.Quantity, b: pq.Quantity) -> bool:
    """Whether two quantities measure the same thing, so that one can be rescaled to the other.

    Examples
    --------
    >>> same_dimension(pq.mV, pq.V), same_dimension(pq.nA, pq.mV)
    (True, False)
    """
    first, other = a.dimensionality, b.dimensionality
    texts = first.string, other.string
    found = _COMPARED.get(texts)
    if found is None:
        # `dimensionality ==` fails for spellings such as '(mA/cm**2)' after a file round trip.
        found = first.simplified == other.simplified
        if len(_COMPARED) < MOST_COMPARED:
            _COMPARED[texts] = found
    return bool(found)


_FACTORS: dict[tuple[str, str], float] = {}


def factor(quantity: Any, units: str) -> float:
    """The number by which the magnitude of a quantity is multiplied to have it in other units.

    It is found once for each pair of units: to find it costs far more than the multiplication, which
    matters where there are thousands of signals.

    Examples
    --------
    >>> factor(3 * pq.s, "ms")
    1000.0
    """
    key = (quantity.dimensionality.string, units)
    if key not in _FACTORS:
        if len(_FACTORS) > 1024:
            _FACTORS.clear()
        _FACTORS[key] = float(pq.Quantity(1.0, quantity.dimensionality).rescale(units))
    return _FACTORS[key]


@lru_cache(maxsize=1024)
def _kind_of_text(units: str) -> str:
    return _kind_of_unit(_parse_text(units))


def _kind_of_unit(unit: pq.Quantity) -> str:
    for kind, reference in REFERENCE_UNITS.items():
        # mV/ms is the same, and is a slope as long as nobody writes it as a current.
        if kind == "current per capacitance" and not _PER_CAPACITANCE.search(unit.dimensionality.string):
            continue
        if same_dimension(unit, _parse_text(reference)):
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
    >>> kind("pA/pF"), kind("mV/ms")
    ('current per capacitance', 'other')
    """
    if isinstance(quantity, str):
        return _kind_of_text(quantity)
    unit = parse_units(quantity)
    try:
        return _kind_of_text(unit.dimensionality.string)
    except UnitsError:
        return _kind_of_unit(unit)


def too_large(what: str, unit: Any) -> SignalError:
    """The error for what is larger than any number, though what it is made of is not."""
    return SignalError(
        f"{what} is beyond {np.finfo(float).max:.2g} {label(unit)}, the largest of numbers: give the "
        "currents in a larger unit, e.g. signal.rescale('A')."
    )


def label(quantity: Any) -> str:
    """Write a unit as it should stand in an axis label, a table or a message.

    A product that has a name is written by it, where that is the very same unit, so that the numbers
    stay as they are.

    Parameters
    ----------
    quantity : Quantity, signal or str
        A text that is no unit stays as it is.

    Examples
    --------
    >>> label(pq.Quantity(1, "mA/cm**2")), label(pq.Quantity(1, "uM")), label(pq.nA)
    ('mA/cm²', 'µM', 'nA')
    >>> label(pq.nA * pq.ms), label(pq.ms * pq.mV), label("uS*mV")
    ('pC', 'mV·ms', 'nA')
    """
    text = _text_of(quantity)
    if text == "dimensionless":
        return ""
    text = re.sub(r"\*\*(\d+)", lambda power: power[1].translate(_SUPERSCRIPTS), text)
    text = re.sub(rf"\bu(?=({_PREFIXED})(?![A-Za-z]))", "µ", text)
    return text.replace("*", "·")


def _text_of(quantity: Any) -> str:
    if isinstance(quantity, str):
        if not re.search(r"[*/^]", quantity):
            return quantity
        try:
            return unit_words.written(_parse_text(quantity).dimensionality)
        except UnitsError:
            return quantity
    return unit_words.written(parse_units(quantity).dimensionality)


_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

#: Symbols of units that are written with a prefix, such as "nA" and "mS".
_PREFIXED = "mol|ohm|Pa|Hz|A|V|C|S|F|s|M|m|W|N|J|g|l|L"


def readable(quantity: pq.Quantity) -> str:
    """Write one value in three digits, with a prefix of the unit that keeps it short.

    Examples
    --------
    >>> readable(pq.Quantity(59_900, PICOCOULOMB)), readable(0.25 * pq.nA)
    ('59.9 nC', '250 pA')
    """
    value, unit = float(quantity.magnitude), label(quantity)
    prefixes = ("f", "p", "n", "µ", "m")
    # The prefix of a unit with a power counts with that power: 2000 µm² are not 2 mm².
    if value == 0 or not re.match(rf"[fpnµm]({_PREFIXED})(?![A-Za-z²³⁴])", unit):
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
    ArgumentError
        When it is more than one value, or not finite.

    Examples
    --------
    >>> scalar(2 * pq.s, "ms", "t_stop")
    2000.0
    """
    if not isinstance(value, pq.Quantity):
        raise UnitsError(f"{what} is {value!r}, without units: give a Quantity in {units}.")
    if value.size != 1:
        raise ArgumentError(f"{what} has {value.size} values: give one, in {units}.")
    if not same_dimension(value, parse_units(units)):
        found = label(value) or "no unit"
        raise UnitsError(f"{what} is in {found}, which is no {kind(units)}: give it in {units}.")
    wanted = parse_units(units)
    if value.dimensionality.string == wanted.dimensionality.string:
        magnitude = float(value.magnitude.reshape(()))
    else:
        magnitude = float(value.reshape(()).rescale(wanted.units))
    if not math.isfinite(magnitude):
        raise ArgumentError(f"{what} is {magnitude} {units}: give a finite value.")
    return magnitude


def positive(value: Any, units: str, what: str) -> float:
    """Read a physical argument that must be more than 0; otherwise as `scalar`.

    Raises
    ------
    UnitsError, ArgumentError
        As `scalar`, and when the value is 0 or less.

    Examples
    --------
    >>> positive(0.5 * pq.s, "ms", "t_stop")
    500.0
    """
    magnitude = scalar(value, units, what)
    if magnitude <= 0:
        raise ArgumentError(f"{what} is {magnitude:g} {units}: give more than 0 {units}.")
    return magnitude
