"""
Which currents an extracellular pulse drives
============================================

A cathode beside a myelinated axon makes it spike. Which currents flow at the node of Ranvier below it, and
where does the current of an internode go, along the space under the myelin or through it? NEURON's
`extracellular` knows: ``CellRecorder`` records that space as a layer, and membrane and layer both balance.
"""

import numpy as np
import quantities as pq
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")

# %%
# Nine nodes of 1 um, and internodes of 1 mm. ``xg`` and ``xc`` are those of the myelin, ``xraxial`` is the
# resistance along the thin space below it.

axon, myelin, h.celsius = [], 1.0 / 120, 18.5  # 120 lamellae
for number in range(17):
    section = h.Section(
        name=f"{'node' if number % 2 == 0 else 'internode'}[{number // 2}]"
    )
    section.Ra, section.diam = 70, 3.3 if number % 2 == 0 else 7
    section.L, section.nseg, section.cm = (
        (1, 1, 2) if number % 2 == 0 else (1000, 11, 2)
    )
    section.insert("hh" if number % 2 == 0 else "pas")
    section.insert("extracellular")
    for segment in section:
        if number % 2 == 0:
            segment.hh.gnabar, segment.hh.gkbar, segment.hh.gl = 2.4, 0.72, 0.006
        else:
            segment.pas.g, segment.pas.e = 1e-4, -65
            segment.xg[0], segment.xc[0], segment.xraxial[0] = (
                1e-3 * myelin,
                0.1 * myelin,
                8e4,
            )
    if axon:
        section.connect(axon[-1](1))
    axon.append(section)

# %%
# The electrode, 1 mm from the middle node in 300 ohm cm, sets the potential that the axon lies in:
# ``e_extracellular``, here as a pulse of -0.6 mA for 0.1 ms.

middle = axon[8]
times, kept = h.Vector([0, 1, 1.005, 1.105, 1.11, 10]), []
for section in axon:
    for segment in section:
        along = h.distance(section(segment.x), middle(0.5)) / 1000  # mm
        millivolts = (
            300 * 10 / (4 * np.pi * np.hypot(along, 1)) * -0.6
        )  # rho I / (4 pi r)
        wave = h.Vector([0, 0, 1, 1, 0, 0]).mul(millivolts)
        wave.play(segment._ref_e_extracellular, times, True)
        kept.append(wave)

recorder = neuron.CellRecorder(axon)
h.dt = 0.005
h.finitialize(-65)
while h.t < 4:
    h.fadvance()
segment = recorder.to_segment()

# %%
# Below the cathode the pulse draws current out through the node, which charges its membrane; it comes from
# the capacitance of the membrane around. Then sodium takes over, and potassium ends the spike.

cell = ncs.CellRecording.from_segment(segment)
print(cell.balance.verdict)
site = str(middle(0.5))
node = cell.attribute(site, t_start=0.95 * pq.ms, t_stop=2.5 * pq.ms).currentscape()
ncs.Figure(
    ncs.VoltagePanel(node),
    ncs.TotalPanel(node, "outward"),
    ncs.SharesPanel(node),
    ncs.TotalPanel(node, "inward"),
    title="A node of Ranvier below the cathode",
)

# %%
# Under the myelin of the internode beside it, as a site of its own: what the membrane of the axon lets out
# flows on through the myelin, or along the space below it.

under = ncs.Recording.from_segment(segment, site="internode[4].vext[0](0.5)")
print(ncs.balance(under).verdict)
ncs.Currentscape(under).slice(0.9 * pq.ms, 3 * pq.ms).plot(title="Under the myelin")
