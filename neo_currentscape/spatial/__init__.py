"""Floor 7: whole-cell attribution: which membrane currents, anywhere in the tree, drive one place."""

from neo_currentscape.recording.morphology import Morphology
from neo_currentscape.spatial.attribution import by_compartment, partition, weights
from neo_currentscape.spatial.cell_recording import CellRecording
from neo_currentscape.spatial.compartment_map import CompartmentMap
from neo_currentscape.spatial.grouping import Attribution
from neo_currentscape.spatial.merging import merge

__all__ = [
    "Attribution",
    "CellRecording",
    "CompartmentMap",
    "Morphology",
    "by_compartment",
    "merge",
    "partition",
    "weights",
]
