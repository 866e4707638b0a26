"""Arbor: what the probes of a cable cell sampled, as a Neo Segment."""

from neo_currentscape.adapters.arbor.morphology import cell_segment, morphology
from neo_currentscape.adapters.arbor.segment import to_segment

__all__ = ["cell_segment", "morphology", "to_segment"]
