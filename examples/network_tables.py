"""
Tables and pictures of a network
================================

Who is connected to whom, from the Projections of PyNN (or, with `from_sonata`, from SONATA files), and who
spikes when.
"""

import numpy as np
import pyNN.neuron as sim
from pyNN.random import NumpyRNG
from pyNN.space import Cuboid, RandomStructure

import neo_currentscape as ncs
from neo_currentscape import network
from neo_currentscape.panels import network as panels

# %%
# Excitatory and inhibitory neurons, connected at random, more likely where they are near.

sim.setup(timestep=0.1)
rng = NumpyRNG(seed=4)
room = [RandomStructure(Cuboid(200, 200, 50), rng=rng) for _ in range(2)]
drive = np.random.default_rng(1)
excitatory = sim.Population(
    40,
    sim.IF_cond_exp(i_offset=drive.uniform(0.5, 1.2, 40)),
    label="E",
    structure=room[0],
)
inhibitory = sim.Population(
    12, sim.IF_cond_exp(i_offset=0.4), label="I", structure=room[1]
)
near = sim.DistanceDependentProbabilityConnector(
    "exp(-d / 80)", rng=rng, allow_self_connections=False
)
some = sim.FixedProbabilityConnector(0.3, rng=rng, allow_self_connections=False)
synapse = sim.StaticSynapse(weight=0.004, delay=1.0)
projections = [
    sim.Projection(
        excitatory, inhibitory, near, synapse, receptor_type="excitatory"
    ),
    sim.Projection(
        inhibitory, excitatory, near, synapse, receptor_type="inhibitory"
    ),
    sim.Projection(
        excitatory, excitatory, some, synapse, receptor_type="excitatory"
    ),
]
for population in (excitatory, inhibitory):
    population.record("spikes")
    population.initialize(v=-65.0)
sim.run(500.0)

# %%
# The tables: numbers of connections, pairs that are connected one way and both ways, convergence and
# divergence over all cells.

net = network.from_pynn(projections)
print(repr(net))
for name in (
    "total",
    "percent",
    "percent uni",
    "percent bi",
    "convergence mean",
    "convergence std",
):
    print(f"\n{network.table(net, name)}")

# %%
# As pictures: sources in rows, targets in columns.

tables = [
    network.table(net, name) for name in ("total", "percent", "convergence mean")
]
figure = ncs.Figure(*(panels.PairTablePanel(table) for table in tables))

# %%
# How many connections a cell gets, how their probability falls with the distance, and where the cells are.

places = ncs.Figure(
    panels.ConnectionHistogramPanel(net, "E", "I"),
    panels.DistancePanel(net, "E", "I", bins=8),
    panels.PositionsPanel(net),
)

# %%
# The spikes of both populations, and their mean rates.

spikes = network.spikes_of(
    {p.label: p.get_data("spikes") for p in (excitatory, inhibitory)}
)
for name, values in network.rates(spikes).items():
    print(
        f"{name}: {values.mean():.1f}, from {values.min():.1f} to {values.max():.1f}"
    )
activity = ncs.Figure(panels.RasterPanel(spikes), panels.RatesPanel(spikes))

# %%
# A networkx graph, for everything else that there is to know of a network.

graph = network.to_graph(net)
print(graph)
sim.end()

# sphinx_gallery_thumbnail_number = 3
