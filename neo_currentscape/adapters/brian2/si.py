"""From Brian2's dimensions to units that Neo knows; nothing is ever stripped of its unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.conventions import units

#: Usual unit of each kind of quantity, and of nothing else: what is not here stays in SI.
USUAL = {
    "voltage": "mV",
    "current": "nA",
    "current density": "mA/cm**2",
    "conductance": "nS",
    "conductance density": "mS/cm**2",
    "concentration": "mM",
    "capacitance": "pF",
    "capacitance density": "uF/cm**2",
    "area": "um**2",
    "time": "ms",
}

_BASE = ("m", "kg", "s", "A", "K", "mol", "cd")


def unit_of(exponents: Sequence[float]) -> Any:
    """The SI unit with given exponents.

    Parameters
    ----------
    exponents : sequence of float
        Of metre, kilogram, second, ampere, kelvin, mole and candela, as in Brian2's dimensions.

    Returns
    -------
    Quantity
        Scalar, of magnitude 1.

    Examples
    --------
    >>> from neo_currentscape.conventions import units
    >>> units.kind(unit_of((2, 1, -3, -1, 0, 0, 0)))
    'voltage'
    """
    unit = pq.Quantity(1.0, "dimensionless")
    for base, exponent in zip(_BASE, exponents, strict=True):
        if exponent:
            unit = unit * pq.Quantity(1.0, base) ** exponent
    return unit


def convert(values: Any, exponents: Sequence[float]) -> tuple[np.ndarray, Any]:
    """Bring values in SI units into the usual unit of their kind.

    Parameters
    ----------
    values : array-like
        Plain numbers in SI units.
    exponents : sequence of float
        The dimensions; see `unit_of`.

    Returns
    -------
    values : ndarray of float64
        A new array.
    units : Quantity
        Their unit.

    Examples
    --------
    >>> values, unit = convert([-0.065], (2, 1, -3, -1, 0, 0, 0))
    >>> float(values[0]), unit.dimensionality.string
    (-65.0, 'mV')
    """
    unit = unit_of(exponents)
    kind = units.kind(unit)
    if kind not in USUAL:
        return np.array(values, dtype=float), unit
    usual = units.parse_units(USUAL[kind])
    return np.asarray(values, dtype=float) * float(unit.rescale(usual.units)), usual


def exponents_of(thing: Any) -> tuple[float, ...]:
    """Exponents of the base units of a Brian2 quantity, variable or dimension."""
    dimension = getattr(thing, "dim", thing)
    return tuple(float(exponent) for exponent in dimension._dims)


def kind_of(thing: Any) -> str:
    """Physical kind of a Brian2 quantity, variable or dimension, e.g. "current density"."""
    return units.kind(unit_of(exponents_of(thing)))
