"""
The currentscape of a NetPyNE cell
==================================

`record` between the making of a network and its run, `to_segment` after it: every channel, synapse and
electrode of a cell, under NetPyNE's names.
"""

from netpyne import sim, specs

import neo_currentscape as ncs
from neo_currentscape.adapters import netpyne

# %%
# Two populations: excitatory cells of a soma and a dendrite, and inhibitory ones, which they drive.

net = specs.NetParams()
soma = {"geom": {"L": 20, "diam": 20}, "mechs": {"hh": {}}}
dend = {
    "geom": {"L": 250, "diam": 2, "nseg": 5, "Ra": 150},
    "mechs": {"pas": {"g": 1e-4, "e": -65}},
    "topol": {"parentSec": "soma", "parentX": 1, "childX": 0},
}
net.cellParams["pyramid"] = {"secs": {"soma": soma, "dend": dend}}
net.cellParams["basket"] = {"secs": {"soma": soma}}
net.popParams["E"] = {"cellType": "pyramid", "numCells": 8}
net.popParams["I"] = {"cellType": "basket", "numCells": 2}
net.synMechParams["AMPA"] = {"mod": "Exp2Syn", "tau1": 0.2, "tau2": 2, "e": 0}
net.synMechParams["GABA"] = {"mod": "Exp2Syn", "tau1": 0.5, "tau2": 8, "e": -80}

rules = (
    ("E", "I", "AMPA", 0.003),
    ("E", "E", "AMPA", 0.001),
    ("I", "E", "GABA", 0.02),
)
for pre, post, synapse, weight in rules:
    net.connParams[f"{pre}->{post}"] = {
        "preConds": {"pop": pre},
        "postConds": {"pop": post},
        "synMech": synapse,
        "sec": "soma",
        "weight": weight,
        "delay": 2,
    }
net.stimSourceParams["background"] = {"type": "NetStim", "rate": 120, "noise": 0.7}
net.stimTargetParams["background->E"] = {
    "source": "background",
    "conds": {"pop": "E"},
    "sec": "soma",
    "synMech": "AMPA",
    "weight": 0.01,
    "delay": 1,
}

config = specs.SimConfig()
config.duration, config.verbose, config.progressBar = 100, False, 0

# %%
# Nothing is named but the cell. Each connection has a synapse of its own; those of a rule are summed.

sim.create(net, config)
netpyne.record(sim, ("E", 0), synapses="conn")
sim.simulate()
segment = netpyne.to_segment(sim)

scape = ncs.Currentscape.from_segment(segment)
figure = scape.plot(
    title=f"cell {segment.annotations['gid']} of {segment.annotations['population']}"
)

# %%
# With C dV/dt and what flows in from the dendrite the currents add up to nothing, at every step:

print(
    f"unexplained: {ncs.balance(scape.recording).unexplained:.1e} of the currents"
)
