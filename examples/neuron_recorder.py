"""
Every current of a NEURON compartment
=====================================

`Recorder` finds the channels, synapses and electrodes of a compartment by itself: one call before the run,
one after.
"""

from neuron import h

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")

# %%
# A soma with Hodgkin-Huxley channels, and a passive dendrite that draws current from it. A synapse is hit
# three times, and an electrode injects a step.

soma, dend = h.Section(name="soma"), h.Section(name="dend")
soma.L = soma.diam = 20
dend.L, dend.diam, dend.nseg = 300, 2, 5
dend.connect(soma(1))
soma.insert("hh")
dend.insert("pas")

synapse = h.ExpSyn(soma(0.5))
synapse.tau = 2
train = h.NetStim()
train.start, train.interval, train.number = 5, 10, 3
connection = h.NetCon(train, synapse)
connection.weight[0] = 0.02

electrode = h.IClamp(soma(0.5))
electrode.delay, electrode.dur, electrode.amp = 40, 15, 0.4

# %%
# Nothing is named: what writes a current in ``soma(0.5)`` is recorded.

recorder = neuron.Recorder(soma(0.5))
h.finitialize(-65)
h.continuerun(65)
segment = recorder.to_segment()

for signal in segment.analogsignals:
    print(f"{signal.name:12} {signal.annotations['role']:11} {signal.units}")

# %%
# With C dV/dt and what flows in from the dendrite, the currents add up to nothing, at every step:

recording = ncs.Recording.from_segment(segment)
print(f"unexplained: {ncs.balance(recording).unexplained:.1e} of the currents")

# %%
# The currentscape of the soma.

scape = ncs.Currentscape.from_segment(segment)
figure = scape.plot()
