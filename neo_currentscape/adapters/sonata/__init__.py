"""SONATA: compartment reports of libsonata's kind and of BMTK's, as a Neo Segment."""

from neo_currentscape.adapters.sonata.cell import cell_segment
from neo_currentscape.adapters.sonata.segment import to_segment

__all__ = ["cell_segment", "to_segment"]
