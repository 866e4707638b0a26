"""Variables gathered step by step during a fixed-step run, and left on the disk until they are needed."""

from neo_currentscape.adapters.neuron.gather.gather import Gather
from neo_currentscape.adapters.neuron.gather.tape import GatherTape

__all__ = ["Gather", "GatherTape"]
