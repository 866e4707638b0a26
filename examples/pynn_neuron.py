"""
Ionic currents of a PyNN population
===================================

PyNN records voltages, spikes and conductances. `record_currents` has everything else recorded that the
cell type's currents need; `to_segment` and `to_block` give them, on NEURON, NEST and Brian2 alike.
"""

import numpy as np
import pyNN.neuron as sim
from pyNN.utility.plotting import Panel

import neo_currentscape as ncs
from neo_currentscape.adapters import pynn

# %%
# Five Hodgkin-Huxley neurons that differ in their potassium conductance get the same random input, and a
# step of current.

sim.setup(timestep=0.025)
neurons = sim.Population(
    5,
    sim.HH_cond_exp(gbar_K=[4.0, 5.0, 6.0, 7.0, 8.0], tau_syn_E=2.0, tau_syn_I=5.0),
    label="neurons",
)
neurons.initialize(v=-65.0, h=1.0)

rng = np.random.default_rng(1)
trains = [np.sort(rng.uniform(5, 100, 20)) for _ in range(2)]
inputs = sim.Population(2, sim.SpikeSourceArray(spike_times=trains))
for source, receptor, weight in ((0, "excitatory", 0.01), (1, "inhibitory", 0.02)):
    sim.Projection(
        inputs[source : source + 1],
        neurons,
        sim.AllToAllConnector(),
        sim.StaticSynapse(weight=weight, delay=0.5),
        receptor_type=receptor,
    )

step = sim.DCSource(start=30.0, stop=90.0)
step.inject_into(neurons)

# %%
# One call before the run. The gates of the channels are among what is recorded, although PyNN's cell type
# does not offer them.

print(pynn.record_currents(neurons))

# %%
# A sweep: one Segment for each ``reset()``. Each keeps the parameters and sources with which it was run.

for amplitude in (0.0, 0.2, 0.5):
    step.amplitude = amplitude
    sim.run(100.0)
    sim.reset(annotations={"amplitude": amplitude})

block = pynn.to_block(neurons)
for segment in block.segments:
    counts = [len(train) for train in segment.spiketrains]
    print(f"{segment.annotations['amplitude']} nA: spikes {counts}")

# %%
# The segments hold the voltage, conductances and gates, the currents (outward positive), and what was
# injected.

segment = block.segments[-1]
for signal in sorted(
    segment.analogsignals, key=lambda s: (s.annotations["role"], s.name)
):
    print(
        f"{signal.name:12}{signal.annotations['role']:13}{signal.units.dimensionality} {signal.shape}"
    )

# %%
# NEURON's implicit step goes with the voltage at its end and the gates at its beginning. With that taken
# into account the currents explain C dV/dt of every neuron and run to rounding.

for run in block.segments:
    left = [
        ncs.balance(ncs.Recording.from_segment(run, neuron=neuron)).unexplained
        for neuron in range(5)
    ]
    print(
        f"{run.annotations['amplitude']} nA: unexplained {max(left):.0e} of the currents"
    )

# %%
# The currentscape of one neuron.

scape = ncs.Currentscape.from_segment(segment, neuron=2)
figure = scape.plot(title="HH_cond_exp, neuron 2, 0.5 nA")

# %%
# PyNN's own panels stand in the same figure: what the neuron gets, what its channels make of it, and
# what all of them fire.

conductances = [
    segment.filter(name=name)[0][:, [2]] for name in ("gsyn_exc", "gsyn_inh")
]
combined = ncs.Figure(
    Panel(
        *conductances,
        ylabel="Conductance (uS)",
        data_labels=["excitatory", "inhibitory"],
        yticks=True,
    ),
    ncs.VoltagePanel(scape),
    ncs.TotalPanel(scape, "outward"),
    ncs.SharesPanel(scape),
    ncs.TotalPanel(scape, "inward"),
    Panel([train for train in segment.spiketrains if len(train)], yticks=True),
    title="From synapses to spikes",
)
sim.end()
