"""NEURON: every current at a compartment, by itself, exactly aligned, as a `neo.Segment`."""

from neo_currentscape.adapters.neuron.recorder import Recorder, to_segment

__all__ = ["Recorder", "to_segment"]
