"""
Probes of an Arbor cell
=======================

A probe of the whole cell samples every stretch of cable. `arbor.to_segment` sorts the samples by place,
takes the stimulus out of the totals (Arbor 0.9 to 0.12.2 subtracts it twice), and derives what cannot
be probed: the nonspecific current, and what flows in along the cable.
"""

import arbor as A
import quantities as pq
from arbor import units as U

import neo_currentscape as ncs
from neo_currentscape.adapters import arbor

# %%
# A soma with Hodgkin-Huxley channels and a passive dendrite, cut into stretches of 20 um.

tree = A.segment_tree()
soma = tree.append(A.mnpos, A.mpoint(-10, 0, 0, 10), A.mpoint(10, 0, 0, 10), tag=1)
tree.append(soma, A.mpoint(10, 0, 0, 2), A.mpoint(210, 0, 0, 1), tag=3)
labels = A.label_dict(
    {"soma": "(tag 1)", "dend": "(tag 3)", "middle": "(location 0 0.05)"}
)
decor = A.decor()
decor.set_property(Vm=-65 * U.mV)
decor.paint('"soma"', A.density("hh"))
decor.paint('"dend"', A.density("pas/e=-65", {"g": 0.0003}))
decor.place('"middle"', A.i_clamp(5 * U.ms, 25 * U.ms, 0.5 * U.nA))
cell = A.cable_cell(tree, decor, labels, A.cv_policy("(max-extent 20)"))

PROBES = {
    "v": A.cable_probe_membrane_voltage_cell("v"),
    "Na": A.cable_probe_ion_current_cell("na", "Na"),
    "K": A.cable_probe_ion_current_cell("k", "K"),
    "ionic": A.cable_probe_total_ion_current_cell("ionic"),
    "total": A.cable_probe_total_current_cell("total"),
    "stimulus": A.cable_probe_stimulus_current_cell("stimulus"),
}
KINDS = {
    "v": "membrane_voltage_cell",
    "Na": "ion_current_cell",
    "K": "ion_current_cell",
    "ionic": "total_ion_current_cell",
    "total": "total_current_cell",
    "stimulus": "stimulus_current_cell",
}


class Recipe(A.recipe):
    """One cell with its probes."""

    def num_cells(self):
        return 1

    def cell_kind(self, gid):
        return A.cell_kind.cable

    def cell_description(self, gid):
        return cell

    def global_properties(self, kind):
        return A.neuron_cable_properties()

    def probes(self, gid):
        return list(PROBES.values())


simulation = A.simulation(Recipe())
schedule = A.regular_schedule(0.025 * U.ms)
probes = {
    name: (kind, simulation.sample((0, name), schedule))
    for name, kind in KINDS.items()
}
simulation.run(40 * U.ms, 0.025 * U.ms)

# %%
# With the reversal potentials the currents are those that really flowed in each step.

first = "(cable 0 0 0.0909091)"
segment = arbor.to_segment(
    simulation,
    probes,
    morphology=tree,
    capacitance=1 * pq.uF / pq.cm**2,
    reversal={
        "Na": 50 * pq.mV,
        "K": -77 * pq.mV,
        "nonspecific": {first: -54.3 * pq.mV},
    },
)
recording = ncs.Recording.from_segment(
    segment, site=first, currents={"Na": "Na", "K": "K", "leak": "nonspecific"}
)
print(ncs.balance(recording).verdict)

# %%
# The currents of the soma.

ncs.Currentscape(recording).plot(title="Arbor: soma")
