"""What each of Arbor's probes samples: units, role and direction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProbeKind:
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
    "membrane_voltage": ProbeKind("mV", "voltage"),
    "membrane_voltage_cell": ProbeKind("mV", "voltage"),
    "ion_current_density": ProbeKind("A/m**2", "current", "outward"),
    "ion_current_cell": ProbeKind("nA", "current", "outward"),
    "total_ion_current_density": ProbeKind("A/m**2", "membrane", "outward"),
    "total_ion_current_cell": ProbeKind("nA", "membrane", "outward"),
    "total_current_cell": ProbeKind("nA", "membrane", "outward"),
    "stimulus_current_cell": ProbeKind("nA", "electrode", "inward"),
    "axial_current": ProbeKind("nA", "other"),
    "ion_int_concentration": ProbeKind("mM", "ion"),
    "ion_int_concentration_cell": ProbeKind("mM", "ion"),
    "ion_ext_concentration": ProbeKind("mM", "ion"),
    "ion_ext_concentration_cell": ProbeKind("mM", "ion"),
    "ion_diff_concentration": ProbeKind("mM", "ion"),
    "ion_diff_concentration_cell": ProbeKind("mM", "ion"),
    "ion_reversal_potential": ProbeKind("mV", "other"),
    "ion_reversal_potential_cell": ProbeKind("mV", "other"),
    "density_state": ProbeKind("dimensionless", "gate"),
    "density_state_cell": ProbeKind("dimensionless", "gate"),
    "point_state": ProbeKind("dimensionless", "other"),
    "point_state_cell": ProbeKind("dimensionless", "other"),
}

#: First and last version of Arbor whose total currents were measured to be off, by the same.
MEASURED = ((0, 9), (0, 12, 2))

#: In those versions a total current holds the stimulus this many times too often (outward positive).
STIMULUS_ERROR = -2.0
