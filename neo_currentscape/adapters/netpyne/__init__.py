"""NetPyNE: every current of chosen cells under NetPyNE's own names, and the traces of saved files.

Between ``sim.create(...)`` and ``sim.simulate()`` `record(sim, cells)`, after that `to_segment(sim, gid)`.
"""

from neo_currentscape.adapters.netpyne.files import read
from neo_currentscape.adapters.netpyne.recorded import record, to_block, to_segment

__all__ = ["read", "record", "to_block", "to_segment"]
