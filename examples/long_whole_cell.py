"""
A whole cell for half a second, on the disk
===========================================

Every current of every compartment is soon more than memory holds. Told before the run, the recorder puts
one sample in four on the disk; the analyses read it from there, some samples at a time.
"""

import tempfile

import numpy as np
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")

# %%
# A soma with a trunk and ten branches, in space, and thirty synapses on them.


def section(name, start, stop, diameter, nseg, parent=None):
    """Make a section between two points."""
    made = h.Section(name=name)
    for x, y in (start, stop):
        made.pt3dadd(float(x), float(y), 0, diameter)
    made.nseg, made.Ra = nseg, 120
    for mechanism in ("pas", "hh"):
        made.insert(mechanism)
    made.g_pas, made.e_pas, made.gnabar_hh, made.gkbar_hh = 5e-5, -70, 0.015, 0.004
    if parent is not None:
        made.connect(parent)
    return made


soma = section("soma", (0, -10), (0, 10), 20, 1)
soma.gnabar_hh, soma.gkbar_hh = 0.12, 0.036
trunk = section("trunk", (0, 10), (0, 310), 3, 11, soma(1))
rng = np.random.default_rng(3)
branches, kept = [], []
for number in range(10):
    height = 0.1 * number + 0.05
    side = 150 * (-1) ** number
    root = (0, 10 + 300 * height)
    branches.append(
        section(
            f"branch[{number}]", root, (side, root[1] + 60), 1, 5, trunk(height)
        )
    )
for number in range(30):
    synapse = h.ExpSyn(branches[number % 10](0.1 + 0.8 * rng.random()))
    synapse.tau, synapse.e = 3, 0
    train = h.NetStim()
    train.interval, train.number, train.start, train.noise = 40, 1000, 5, 1
    train.noiseFromRandom123(number, 0, 0)
    wire = h.NetCon(train, synapse)
    wire.weight[0] = 0.0015
    kept += [synapse, train, wire]

# %%
# The recorder is told how many samples to keep, and where. What it keeps is exact: in every compartment
# the currents of each kept sample add up to zero.

folder = tempfile.TemporaryDirectory()
recorder = neuron.CellRecorder(soma, every=4, path=f"{folder.name}/run.zarr")
h.finitialize(-70)
h.continuerun(500)
cell = ncs.CellRecording.from_segment(recorder.to_segment())
print(cell)
print(cell.balance.verdict)

# %%
# What drives the soma, read from the disk:

cell.attribute("soma").plot()

# %%
# And where on the tree that comes from. The colours end at the largest contribution outside of the soma,
# whose own is written beside them.

ncs.Figure(ncs.TreePanel(cell.map("soma"), per="length"), size=(5, 4.5))

# sphinx_gallery_thumbnail_number = 2
