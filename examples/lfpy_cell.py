"""
Every compartment of an LFPy cell
=================================

LFPy records per compartment, but leaves two things to do: which variables there are, and that NEURON
evaluates them one time step before the voltage. `lfpy.recorders` names the variables, and
`lfpy.to_segment` brings the currents to the voltage, so that each compartment is in balance.
"""

import LFPy
import numpy as np
from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import lfpy

# %%
# A soma with spikes and a passive dendrite with two synapses on its far end.

soma, dend = h.Section(name="soma"), h.Section(name="dend")
soma.L = soma.diam = 20
dend.L, dend.diam, dend.nseg = 300, 2, 5
dend.connect(soma(1))
soma.insert("hh")
dend.insert("pas")
h.define_shape()

cell = LFPy.Cell(
    morphology=h.SectionList([soma, dend]),
    delete_sections=False,
    nsegs_method=None,
    dt=0.025,
    tstop=50,
    v_init=-65,
)
synapses = (
    ({"syntype": "ExpSyn", "e": 0, "tau": 2, "weight": 0.03}, [5.0, 20.0, 22.0]),
    (
        {"syntype": "Exp2Syn", "e": -80, "tau1": 1, "tau2": 5, "weight": 0.01},
        [30.0],
    ),
)
for keywords, times in synapses:
    synapse = LFPy.Synapse(
        cell, idx=cell.totnsegs - 1, record_current=True, **keywords
    )
    synapse.set_spike_times(np.array(times))
electrode = LFPy.StimIntElectrode(
    cell, idx=0, pptype="IClamp", amp=0.3, delay=35, dur=10, record_current=True
)
cell.simulate(**lfpy.recorders(cell))

# %%
# One Segment holds all compartments; nothing is left over in any of them.

segment = lfpy.to_segment(cell)
for site in lfpy.site_names(cell):
    recording = ncs.Recording.from_segment(segment, site=site)
    print(
        f"{site:12s} {', '.join(recording.names):32s} {ncs.balance(recording).verdict}"
    )

# %%
# The soma spikes on what flows in from the dendrite, and on the electrode's current.

ncs.Currentscape.from_segment(segment, site="soma(0.5)").plot(title="LFPy: soma")

# %%
# At the synapses.

ncs.Currentscape.from_segment(segment, site="dend(0.9)").plot(
    title="LFPy: far end of the dendrite"
)

# sphinx_gallery_thumbnail_number = 2
