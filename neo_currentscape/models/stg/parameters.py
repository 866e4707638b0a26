"""Parameters of the single-compartment stomatogastric neuron, and the eight published models."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

import quantities as pq

from neo_currentscape.conventions.errors import ArgumentError, unknown_name
from neo_currentscape.conventions.units import scalar

#: Labels of the eight currents, in the order in which they are recorded.
CURRENTS = ("Na", "CaT", "CaS", "A", "KCa", "Kd", "H", "L")

#: What each current is, for the descriptions of the recorded signals.
DESCRIPTIONS = {
    "Na": "fast sodium current",
    "CaT": "transient calcium current",
    "CaS": "slow calcium current",
    "A": "transient potassium current",
    "KCa": "calcium-dependent potassium current",
    "Kd": "delayed-rectifier potassium current",
    "H": "hyperpolarization-activated inward current",
    "L": "leak current",
}

_UNITS = {"tau_Ca": "ms", "capacitance": "nF"} | {f"g_{label}": "uS" for label in CURRENTS}
_MUST_BE_POSITIVE = ("tau_Ca", "capacitance")


@dataclass(frozen=True)
class Parameters:
    """Maximal conductances and time scales of one stomatogastric neuron.

    Every value but the name is a scalar Quantity, and is kept in the unit given here. To change
    one, use `scaled`, or `dataclasses.replace`.

    Attributes
    ----------
    name : str
        Name of the model, e.g. ``"A"``.
    g_Na, g_CaT, g_CaS, g_A, g_KCa, g_Kd, g_H, g_L : Quantity
        Maximal conductances, in uS, not negative.
    tau_Ca : Quantity
        Time constant of the intracellular calcium, in ms, positive.
    capacitance : Quantity
        Membrane capacitance, in nF, positive.

    Raises
    ------
    UnitsError
        When a value has no units, or other ones.
    ArgumentError
        When a value is not finite, or negative, or 0 where it must be positive.

    Examples
    --------
    >>> from dataclasses import replace
    >>> model = replace(MODELS["A"], name="A with more leak", g_L=200 * pq.nS)
    >>> model.g_L
    array(0.2) * uS
    """

    name: str
    g_Na: pq.Quantity
    g_CaT: pq.Quantity
    g_CaS: pq.Quantity
    g_A: pq.Quantity
    g_KCa: pq.Quantity
    g_Kd: pq.Quantity
    g_H: pq.Quantity
    g_L: pq.Quantity
    tau_Ca: pq.Quantity
    capacitance: pq.Quantity = field(default_factory=lambda: 10 * pq.nF)

    def __post_init__(self) -> None:
        for key, units in _UNITS.items():
            magnitude = scalar(getattr(self, key), units, key)
            if magnitude < 0 or (magnitude == 0 and key in _MUST_BE_POSITIVE):
                least = "more than 0" if key in _MUST_BE_POSITIVE else "0 or more"
                raise ArgumentError(f"{key} is {magnitude:g} {units}: give {least} {units}.")
            # The dataclass is frozen; this is its documented way to normalise a field.
            object.__setattr__(self, key, pq.Quantity(magnitude, units))

    @property
    def conductances(self) -> dict[str, pq.Quantity]:
        """Maximal conductance in uS of each current, by its label in `CURRENTS`."""
        return {label: getattr(self, f"g_{label}") for label in CURRENTS}

    @property
    def quantities(self) -> dict[str, pq.Quantity]:
        """Every value but the name, by the name of its attribute."""
        return {each.name: getattr(self, each.name) for each in fields(self)[1:]}

    def scaled(self, current: str, factor: float) -> Parameters:
        """Multiply one maximal conductance, as a partial or full block of its channel does.

        Parameters
        ----------
        current : str
            A label in `CURRENTS`.
        factor : float
            From 0 (the current is blocked) over 1 (unchanged) upwards.

        Returns
        -------
        Parameters
            A copy; its name tells the change.

        Raises
        ------
        UnknownNameError
            When there is no such current.
        ArgumentError
            When the factor is negative or not finite.

        Examples
        --------
        >>> half = MODELS["A"].scaled("CaT", 0.5)
        >>> half.name, half.g_CaT
        ('A, 0.5 x CaT', array(3.2028) * uS)
        """
        if current not in CURRENTS:
            raise unknown_name("current", current, CURRENTS)
        if not (math.isfinite(factor) and factor >= 0):
            raise ArgumentError(f"factor for {current!r} is {factor!r}: give 0 or more.")
        conductance = self.conductances[current] * factor
        name = f"{self.name}, {factor:g} x {current}"
        return replace(self, name=name, **{f"g_{current}": conductance})


def _published(name: str, *values: float) -> Parameters:
    *conductances, tau_ca = values
    in_uS = {f"g_{label}": g * pq.uS for label, g in zip(CURRENTS, conductances, strict=True)}
    return Parameters(name, **in_uS, tau_Ca=tau_ca * pq.ms)


#: The models of Alonso & Marder, eLife 2019;8:e42722, by the figure or letter they have there.
#: Columns: maximal conductances in uS in the order of `CURRENTS`, then tau_Ca in ms.
MODELS: dict[str, Parameters] = {
    name: _published(name, *values)
    for name, values in {
        "Fig. 2": (1228.368, 7.0336, 11.0528, 117.5616, 16.328, 110.7792, 0.13816, 0.10048, 605.98),
        "Fig. 3": (895.528, 3.8936, 16.5792, 116.4312, 21.352, 115.6776, 0.0, 0.08792, 828.73),
        "A": (1076.392, 6.4056, 10.048, 8.0384, 17.584, 124.0928, 0.11304, 0.17584, 653.5),
        "B": (1165.568, 6.6568, 9.5456, 54.5104, 16.328, 110.7792, 0.0628, 0.10676, 813.88),
        "C": (1228.368, 7.0336, 11.0528, 117.5616, 16.328, 111.2816, 0.13816, 0.10676, 605.98),
        "D": (1203.248, 6.6568, 10.5504, 59.5344, 16.328, 111.4072, 0.0, 0.10676, 653.5),
        "E": (1210.784, 8.164, 6.28, 113.04, 12.56, 118.4408, 0.1256, 0.0314, 393.13),
        "F": (1245.952, 7.7872, 6.7824, 84.6544, 12.56, 113.9192, 0.02512, 0.0, 174.34),
    }.items()
}
