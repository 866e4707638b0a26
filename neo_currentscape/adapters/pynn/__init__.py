"""PyNN: membrane currents of populations on NEURON, NEST and Brian2.

Before the run `record_currents(population)`, after it `to_segment(population)`.
"""

from neo_currentscape.adapters.pynn.files import read
from neo_currentscape.adapters.pynn.record import record_currents
from neo_currentscape.adapters.pynn.segments import annotate, to_block, to_segment

__all__ = ["annotate", "read", "record_currents", "to_block", "to_segment"]
