"""Floor 8: extracellular signals by current: which membrane currents make the potential and the dipole."""

from neo_currentscape.extracellular.dipole import add, dipole
from neo_currentscape.extracellular.field import Field, shares
from neo_currentscape.extracellular.flow import dipole_by_flow
from neo_currentscape.extracellular.forward import Forward, forward, geometry
from neo_currentscape.extracellular.per_current import by_current
from neo_currentscape.extracellular.split import split_field

__all__ = [
    "Field",
    "Forward",
    "add",
    "by_current",
    "dipole",
    "dipole_by_flow",
    "forward",
    "geometry",
    "shares",
    "split_field",
]
