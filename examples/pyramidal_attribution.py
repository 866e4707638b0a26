"""
Which currents drive the soma of a pyramidal cell
=================================================

Most of the current at the soma of a spatially extended cell flows in along its dendrites. A
currentscape of the soma alone shows that as one current, "axial", and stops. `CellRecording.attribute`
follows it along the tree to the membrane currents that it comes from.
"""

import numpy as np
import quantities as pq
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")

# %%
# A pyramidal cell with active dendrites: a soma, basal dendrites, an apical trunk with obliques, a
# tuft.


def branch(name, parent, start, angle, length, diameter, channels):
    """Make a section that leaves its parent in a direction of the plane."""
    section = h.Section(name=name)
    stop = start + length * np.array(
        [np.sin(np.radians(angle)), np.cos(np.radians(angle))]
    )
    for (x, y), width in ((start, diameter), (stop, 0.7 * diameter)):
        section.pt3dadd(float(x), float(y), 0, width)
    section.nseg = 2 * int(length / 40) + 1
    section.Ra, section.cm = 120, 1
    section.insert("pas")
    section.g_pas, section.e_pas = 5e-5, -68
    section.insert("hh")
    section.gnabar_hh, section.gkbar_hh, section.gl_hh = (
        0.12 * channels,
        0.036 * channels,
        0,
    )
    if parent is not None:
        section.connect(parent)
    return section, stop


soma, top = branch("soma", None, np.array([0.0, -10.0]), 0, 20, 20, 1.0)
cell = {"soma": [soma], "basal": [], "trunk": [], "oblique": [], "tuft": []}
for number, angle in enumerate((-150, -115, 115, 150)):
    stem, end = branch(
        f"basal[{3 * number}]", soma(0), np.array([0.0, -10.0]), angle, 70, 2, 0.1
    )
    cell["basal"].append(stem)
    for k, side in enumerate((-25, 25)):
        twig, _ = branch(
            f"basal[{3 * number + k + 1}]",
            stem(1),
            end,
            angle + side,
            110,
            1.2,
            0.1,
        )
        cell["basal"].append(twig)
place, below = top, soma(1)
for number in range(4):
    trunk, end = branch(
        f"trunk[{number}]", below, place, 0, 100, 3.2 - 0.4 * number, 0.25
    )
    cell["trunk"].append(trunk)
    middle = (place + end) / 2
    oblique, _ = branch(
        f"oblique[{number}]", trunk(0.5), middle, 70 * (-1) ** number, 120, 1, 0.1
    )
    cell["oblique"].append(oblique)
    place, below = end, trunk(1)
for number, angle in enumerate((-45, 45)):
    stem, end = branch(f"tuft[{3 * number}]", below, place, angle, 80, 1.5, 0.15)
    cell["tuft"].append(stem)
    for k, side in enumerate((-25, 25)):
        twig, _ = branch(
            f"tuft[{3 * number + k + 1}]", stem(1), end, angle + side, 130, 1, 0.15
        )
        cell["tuft"].append(twig)

# %%
# Synapses in the tuft, on the obliques and near the soma: AMPA everywhere, GABA on the trunk.

rng = np.random.default_rng(4)
synapses = []


def excite(name, sections, count, rate, weight, reversal, decay):
    """Put synapses onto sections, each with its own Poisson train."""
    for _ in range(count):
        section = sections[rng.integers(len(sections))]
        synapse = h.Exp2Syn(section(rng.uniform(0.1, 0.9)))
        synapse.tau1, synapse.tau2, synapse.e = 0.3, decay, reversal
        source = h.NetStim()
        source.start, source.interval, source.number, source.noise = (
            0,
            1000 / rate,
            1000,
            1,
        )
        source.noiseFromRandom123(len(synapses), 1, 0)
        connection = h.NetCon(source, synapse, 0, 0, weight)
        kind[synapse.hname()] = name
        synapses.append((synapse, source, connection))


kind = {}
excite("AMPA", cell["tuft"], 30, 20, 0.0006, 0, 2)
excite("AMPA", cell["oblique"] + cell["basal"], 40, 15, 0.0006, 0, 2)
excite("GABA", cell["trunk"], 10, 40, 0.0015, -75, 6)

# %%
# Nothing else has to be named: the recorder finds all compartments, what writes currents in them, and
# how they are connected.

recorder = neuron.CellRecorder(soma)
h.finitialize(-68)
h.continuerun(150)

LABELS = {"ina_hh": "Na", "ik_hh": "K", "il_hh": "leak", "i_pas": "leak"}
recording = ncs.CellRecording.from_segment(
    recorder.to_segment(),
    types=lambda label, site: kind.get(label, LABELS.get(label, label)),
)
print(recording)
print(recording.balance.verdict)

# %%
# The soma by itself: between the spikes, what matters is "axial".

window = {"t_start": 20 * pq.ms, "t_stop": 120 * pq.ms}
recording.attribute("soma", axial=True, **window).plot(
    title="Soma: its own currents, and the cable"
)

# %%
# The same current, attributed: the axial current is now that of synapses and channels in the dendrites.
# The totals are the same.

attributed = recording.attribute("soma", **window)
attributed.plot(title="Soma: attributed to the currents of the whole cell")

# %%
# The same once more, by where the currents cross the membrane.

regions = {
    name: [section.name() for section in sections]
    for name, sections in cell.items()
}
recording.attribute("soma", by="region", regions=regions, **window).plot(
    title="Soma: by region"
)

# %%
# By path distance, and at another target: in the tuft.

by_distance = recording.attribute("soma", by="distance", bins=100, **window).plot(
    title="Soma: by distance"
)
in_the_tuft = recording.attribute(
    "tuft[0](0.5)", by="region", regions=regions, **window
)
in_the_tuft.plot(title="Tuft: by region")

# %%
# Where on the tree: the synaptic current that reaches the soma. Contributions per length do not depend
# on the number of compartments.

ncs.Figure(
    ncs.TreePanel(recording.map("soma", types="AMPA", **window), per="length"),
    size=(5, 4.5),
)

# %%
# At one moment, the peak of the spike: what enters the first branch of the tuft has come up the trunk.

peak = float(recording.times[recording.voltage()[0].argmax()].rescale("ms")) * pq.ms
ncs.Figure(ncs.TreePanel(recording.map("tuft[0](0.5)", time=peak)), size=(5, 4.5))

# sphinx_gallery_thumbnail_number = 2
