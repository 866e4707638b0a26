"""Units as people write them: nA for uS mV, pC for nA ms, and the time last where there is no name.

A name is given only where it is the very same unit, so that no number beside it changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import quantities as pq

#: Units with a name of their own that neurons are told in; molar is mol/L.
NAMED = ("A", "V", "C", "S", "ohm", "F", "Hz", "s", "W", "J", "M")

#: Prefixes, and the powers of ten that they stand for.
PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9}

#: Names that are long in quantities.
SHORT = {"kiloohm": "kohm", "megaohm": "Mohm", "gigaohm": "Gohm"}

#: The text of units that were written before; so many are kept.
_WRITTEN: dict[str, str] = {}
MOST_WRITTEN = 4096

_Parts = Sequence[tuple[Any, float]]
_Base = frozenset[tuple[str, float]]


def written(dimensionality: Any) -> str:
    """Write a unit in the spelling of quantities, by its name where there is one.

    Parameters
    ----------
    dimensionality : quantities.dimensionality.Dimensionality

    Returns
    -------
    str
        Of the very same size: what has no name of that size stays a product, with lengths and then
        times behind the rest.

    Examples
    --------
    >>> [written(u.dimensionality) for u in (pq.mV * pq.uS, pq.pA * pq.ms, 1 / pq.ms, pq.mV / pq.nA)]
    ['nA', 'fC', 'kHz', 'Mohm']
    >>> written((pq.mV * pq.S / pq.cm**2).dimensionality), written((pq.ms * pq.mV).dimensionality)
    ('mA/cm**2', 'mV*ms')
    """
    text = dimensionality.string
    if text not in _WRITTEN:
        if len(_WRITTEN) > MOST_WRITTEN:
            _WRITTEN.clear()
        parts = [(unit, float(power)) for unit, power in dimensionality.items()]
        _WRITTEN[text] = _written(parts, text)
    return _WRITTEN[text]


def _written(parts: _Parts, text: str) -> str:
    if len(parts) == 1 and parts[0][1] == 1:
        return SHORT.get(text, text)
    if not parts:
        return text
    per = [part for part in parts if _is_per(*part)]
    name = None if any(_is(unit, "F") or _is(unit, "Hz") for unit, _ in per) else _name(parts)
    if name is not None:
        return name
    rest = [part for part in parts if part not in per]
    name = _name(rest) if per and any(power > 0 for _, power in rest) else None
    return _joined(rest, per, name)


def _is_per(unit: Any, power: float) -> bool:
    """Whether a part tells of what there is so much: of an area, a capacitance, or a band."""
    return power < 0 and any(_is(unit, one) for one in ("m", "L", "F", "Hz"))


def _name(parts: _Parts) -> str | None:
    """The name of what is exactly this product; None where there is none."""
    if not parts or (len(parts) == 1 and parts[0][1] == 1):
        return None
    size, base = _base_of(parts)
    known = _named().get(base)
    if known is None:
        return None
    symbol, one = known
    if symbol != "C" and any(power > 0 and _is(unit, "s") for unit, power in parts):
        return None  # it is an integral over time, such as pA ms/pF or nS ms
    for prefix, power in PREFIXES.items():
        if math.isclose(size, one * 10.0**power, rel_tol=1e-9):
            return prefix + symbol
    return None


def _joined(rest: _Parts, per: _Parts, name: str | None) -> str:
    below = [part for part in (per if name else [*rest, *per]) if part[1] < 0]
    above = [name] if name else [_power(*part) for part in sorted(rest, key=_rank) if part[1] > 0]
    text = "*".join(above) or "1"
    found = [_power(unit, -power) for unit, power in sorted(below, key=_rank)]
    if not found:
        return text
    return f"{text}/{found[0]}" if len(found) == 1 else f"{text}/({'*'.join(found)})"


def _rank(part: tuple[Any, float]) -> tuple[int, str]:
    unit = part[0]
    return (2 if _is(unit, "s") else 1 if _is(unit, "m") else 0), unit.symbol.lower()


def _power(unit: Any, power: float) -> str:
    symbol = SHORT.get(unit.symbol, unit.symbol)
    return symbol if power == 1 else f"{symbol}**{power:g}"


def _is(unit: Any, base: str) -> bool:
    """Whether one unit is a multiple of another, as ms is of s."""
    return _base_of([(unit, 1.0)])[1] == _base(base)[1]


def _base_of(parts: Iterable[tuple[Any, float]]) -> tuple[float, _Base]:
    """The size of a product in units of the SI, and their powers."""
    whole = pq.Quantity(1.0)
    for unit, power in parts:
        whole = whole * pq.Quantity(1.0, unit) ** power
    plain = whole.simplified
    return float(plain.magnitude), frozenset((u.symbol, float(p)) for u, p in plain.dimensionality.items())


@lru_cache(maxsize=32)
def _base(symbol: str) -> tuple[float, _Base]:
    return _base_of([(pq.unit_registry["mol/L" if symbol == "M" else symbol], 1.0)])


@lru_cache(maxsize=1)
def _named() -> dict[_Base, tuple[str, float]]:
    return {base: (symbol, one) for symbol in NAMED for one, base in [_base(symbol)]}
