"""LFPy: the currents of every compartment of a simulated `LFPy.Cell`, as a Neo Segment.

>>> from neo_currentscape.adapters import lfpy
>>> cell.simulate(**lfpy.recorders(cell))      # doctest: +SKIP
>>> segment = lfpy.to_segment(cell)            # doctest: +SKIP
"""

from neo_currentscape.adapters.lfpy.morphology import cell_segment, morphology
from neo_currentscape.adapters.lfpy.recorder import Recorder
from neo_currentscape.adapters.lfpy.recorders import recorders
from neo_currentscape.adapters.lfpy.segment import to_segment
from neo_currentscape.adapters.lfpy.tree import axial_inflow, parents, site_names

__all__ = [
    "Recorder",
    "axial_inflow",
    "cell_segment",
    "morphology",
    "parents",
    "recorders",
    "site_names",
    "to_segment",
]
