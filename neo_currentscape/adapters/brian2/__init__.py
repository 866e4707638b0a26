"""Brian2: what StateMonitors recorded, of a NeuronGroup or a SpatialNeuron, as a Neo Segment."""

from neo_currentscape.adapters.brian2.segment import to_segment

__all__ = ["to_segment"]
