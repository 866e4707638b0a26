"""Jaxley: voltages, currents and stimuli of the compartments of a module, as a Neo Segment."""

from neo_currentscape.adapters.jaxley.record import record
from neo_currentscape.adapters.jaxley.segment import to_segment

__all__ = ["record", "to_segment"]
