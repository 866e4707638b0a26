"""
SONATA reports
==============

Large simulations write SONATA reports: one file for each variable, with all nodes in it. This
example writes such files itself, from a simulation of the stomatogastric neuron, and reads one node
back. BMTK's own variant is read in the same way; it stores no units, so they are given, and its time
is mended.
"""

import tempfile
from pathlib import Path

import h5py
import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import sonata
from neo_currentscape.models import stg

# %%
# Two neurons with different conductances, sampled every 0.5 ms.

names = ["Fig. 2", "Fig. 3A"] if "Fig. 3A" in stg.MODELS else list(stg.MODELS)[:2]
recordings = [
    ncs.Recording.from_segment(stg.simulate(name, t_stop=2 * pq.s).segments[0])
    for name in names
]


def write_report(path, columns, unit, step):
    """Write one variable of both somata, as the specification has it."""
    with h5py.File(path, "w") as file:
        group = file.create_group("report/neurons")
        mapping = group.create_group("mapping")
        nodes = mapping.create_dataset(
            "node_ids", data=np.arange(len(columns), dtype=np.uint64)
        )
        nodes.attrs["sorted"] = np.uint8(1)
        mapping.create_dataset(
            "index_pointers", data=np.arange(len(columns) + 1, dtype=np.uint64)
        )
        mapping.create_dataset(
            "element_ids", data=np.zeros(len(columns), dtype=np.uint32)
        )
        mapping.create_dataset(
            "element_pos", data=np.full(len(columns), 0.5, dtype=np.float32)
        )
        time = mapping.create_dataset(
            "time", data=[0.0, step * len(columns[0]), step]
        )
        time.attrs["units"] = "ms"
        data = group.create_dataset(
            "data", data=np.stack(columns, axis=1).astype(np.float32)
        )
        data.attrs["units"] = unit


folder = Path(tempfile.mkdtemp())
step = float(recordings[0].currents.sampling_period.rescale("ms"))
reports = {"v": folder / "v.h5"}
write_report(
    reports["v"],
    [r.voltage.rescale("mV").magnitude[:, 0] for r in recordings],
    "mV",
    step,
)
for number, name in enumerate(recordings[0].names):
    reports[name] = folder / f"{name}.h5"
    values = [r.currents.rescale("nA").magnitude[:, number] for r in recordings]
    write_report(reports[name], values, "nA", step)

# %%
# Back into a Segment: a signal for each report, with a channel for each node.

segment = sonata.to_segment(reports)
print([signal.shape for signal in segment.analogsignals])

# %%
# One of the nodes.

ncs.Currentscape.from_segment(segment, neuron=1).plot(title="SONATA: node 1")
