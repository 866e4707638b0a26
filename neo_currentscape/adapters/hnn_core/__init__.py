"""hnn-core: every current of chosen cells of a `simulate_dipole` run, as Neo Segments.

>>> from neo_currentscape.adapters import hnn_core as hnn
>>> with hnn.record(net, "L5_pyramidal") as recorder:          # doctest: +SKIP
...     dipoles = simulate_dipole(net, tstop=170)
>>> segment = recorder.to_segment(gid=170)                     # doctest: +SKIP
"""

from neo_currentscape.adapters.hnn_core.own import to_segment
from neo_currentscape.adapters.hnn_core.recorder import Recorder, record

__all__ = ["Recorder", "record", "to_segment"]
