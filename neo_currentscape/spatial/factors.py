"""The numbers that make nA and mV of stored values."""

from __future__ import annotations

from typing import Any

from neo_currentscape.conventions import annotations as notes
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import UnitsError


class Factors:
    """Numbers that make nA or mV of stored values; those of a unit are worked out once."""

    def __init__(self) -> None:
        self._known: dict[Any, tuple[float, bool]] = {}

    def of(self, signal: Any, wanted: str, area: Any = None) -> float:
        """The factor of a signal, with the area (Quantity) where it is a density."""
        key = wanted, *((unit.name, power) for unit, power in signal.dimensionality.items())
        if key not in self._known:
            self._known[key] = self._of_unit(signal, wanted)
        factor, is_density = self._known[key]
        if not is_density:
            return factor
        if area is None:
            raise UnitsError(
                f"{signal.name!r} of {notes.sites_of(signal)[0]} is a density "
                f"({units.label(signal.units)}) without area: annotate area=..., in um**2."
            )
        return factor * units.positive(area, "um**2", "area")

    def _of_unit(self, signal: Any, wanted: str) -> tuple[float, bool]:
        unit = units.parse_units(signal.units)
        is_density = wanted == "nA" and units.kind(unit) == "current density"
        if is_density:
            unit = unit * units.parse_units("um**2")
        if not units.same_dimension(unit, units.parse_units(wanted)):
            raise UnitsError(
                f"{signal.name!r} of {notes.sites_of(signal)[0]} is in {units.label(signal.units)}, which "
                f"is no {'current' if wanted == 'nA' else 'voltage'}: store it in {wanted}."
            )
        return float(unit.rescale(units.parse_units(wanted).units)), is_density
