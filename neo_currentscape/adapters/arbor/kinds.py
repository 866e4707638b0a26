"""What each of Arbor's probes samples: units, role and direction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What a probe samples.

    Attributes
    ----------
    units : str
        Unit of the values.
    role : str
        Role of the signal; see `neo_currentscape.conventions.roles.ROLES`.
    positive : {"outward", "inward"} or None
        Direction of positive values.
    """

    units: str
    role: str
    positive: str | None = None


#: Probe by the name of its function in Arbor without "cable_probe_".
KINDS = {
    "membrane_voltage": Kind("mV", "voltage"),
    "membrane_voltage_cell": Kind("mV", "voltage"),
    "ion_current_density": Kind("A/m**2", "current", "outward"),
    "ion_current_cell": Kind("nA", "current", "outward"),
    "total_ion_current_density": Kind("A/m**2", "membrane", "outward"),
    "total_ion_current_cell": Kind("nA", "membrane", "outward"),
    "total_current_cell": Kind("nA", "membrane", "outward"),
    "stimulus_current_cell": Kind("nA", "electrode", "inward"),
    "axial_current": Kind("nA", "other"),
    "ion_int_concentration": Kind("mM", "ion"),
    "ion_int_concentration_cell": Kind("mM", "ion"),
    "ion_ext_concentration": Kind("mM", "ion"),
    "ion_ext_concentration_cell": Kind("mM", "ion"),
    "ion_diff_concentration": Kind("mM", "ion"),
    "ion_diff_concentration_cell": Kind("mM", "ion"),
    "ion_reversal_potential": Kind("mV", "other"),
    "ion_reversal_potential_cell": Kind("mV", "other"),
    "density_state": Kind("dimensionless", "gate"),
    "density_state_cell": Kind("dimensionless", "gate"),
    "point_state": Kind("dimensionless", "other"),
    "point_state_cell": Kind("dimensionless", "other"),
}

#: First and last version of Arbor whose total currents were measured to be off, by the same.
MEASURED = ((0, 9), (0, 12, 2))

#: In those versions a total current holds the stimulus this many times too often (outward positive).
STIMULUS_ERROR = -2.0
