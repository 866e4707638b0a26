"""Floor 8: the extracellular field by current: which membrane currents make the potential."""

from neo_currentscape.extracellular.field import Field, shares, split_field
from neo_currentscape.extracellular.forward import Forward, forward, geometry
from neo_currentscape.extracellular.per_current import by_current

__all__ = ["Field", "Forward", "by_current", "forward", "geometry", "shares", "split_field"]
