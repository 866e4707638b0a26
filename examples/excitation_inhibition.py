"""
Excitation against inhibition in a network
==========================================

Shares of a conductance-based neuron under synaptic bombardment say "100 % inhibitory over 100 %
excitatory". What tells its state are amplitudes: the mean excitatory, inhibitory and net current, how they
vary over time and over the neurons, and what they do around the spikes.
"""

import nest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as nest_adapter

# %%
# A network of 800 excitatory and 200 inhibitory neurons with conductance-based synapses; a multimeter reads
# 100 of the former.

nest.ResetKernel()
nest.verbosity = nest.VerbosityLevel.WARNING
nest.set(resolution=0.1, rng_seed=7)

excitatory = nest.Create("iaf_cond_alpha", 800)
inhibitory = nest.Create("iaf_cond_alpha", 200)
everyone = excitatory + inhibitory
outside = nest.Create("poisson_generator", params={"rate": 9000.0})
nest.Connect(outside, everyone, syn_spec={"weight": 1.2, "delay": 1.5})
for source, indegree, weight in ((excitatory, 80, 1.2), (inhibitory, 20, -12.0)):
    rule = {"rule": "fixed_indegree", "indegree": indegree}
    nest.Connect(source, everyone, rule, {"weight": weight, "delay": 1.5})

multimeter = nest.Create(
    "multimeter", params={"interval": 0.1, "record_from": ["V_m", "g_ex", "g_in"]}
)
nest.Connect(multimeter, excitatory[:100])
spikes = nest.Create("spike_recorder")
nest.Connect(excitatory, spikes)
nest.Simulate(500.0)

# %%
# Over the neurons
# ----------------
# Excitation and inhibition are known by the names of NEST's currents; any other would be said with
# ``excitatory=["AMPA*", "NMDA*"], inhibitory=["GABA*"]``. The currents are outward positive, so excitation
# lies below zero, and what is left of both is the net current that the membrane sees.

segment = nest_adapter.to_segment(multimeter)
found = ncs.excitation_inhibition(segment, t_start=100 * pq.ms)
print(found)
over_neurons = found.plot(
    title="100 neurons: inhibition takes two thirds of the excitation"
)

# %%
# The table has a row for each bin and kind; that of the neurons one for each neuron.

print(
    found.cells.to_dataframe()[
        ["neuron", "excitatory", "inhibitory", "net", "net_spread"]
    ].head()
)

# %%
# Around the spikes
# -----------------
# Each spike of each neuron is a window of its currents. Inhibition is gone before a spike, and excitation
# peaks at it.

around = ncs.excitation_inhibition(
    segment, events=spikes.get("events"), before=15 * pq.ms, after=20 * pq.ms
)
around_spikes = around.plot(
    neurons=False, title=f"Mean around {around.count[0]} spikes"
)
