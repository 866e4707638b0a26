"""NEURON: every current at a compartment, by itself, exactly aligned, as a `neo.Segment`."""

from neo_currentscape.adapters.neuron.cell import CellRecorder
from neo_currentscape.adapters.neuron.morphology import morphology
from neo_currentscape.adapters.neuron.recorder import Recorder, to_segment

__all__ = ["CellRecorder", "Recorder", "morphology", "to_segment"]
