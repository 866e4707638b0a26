"""NEST: what multimeters recorded, as a Neo Segment."""

from neo_currentscape.adapters.nest.segment import to_segment

__all__ = ["to_segment"]
