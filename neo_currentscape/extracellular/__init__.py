"""The extracellular field by current: which membrane currents make the potential."""

from neo_currentscape.extracellular.split import by_current

__all__ = ["by_current"]
