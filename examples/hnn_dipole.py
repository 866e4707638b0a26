"""
What drives the dipole of hnn-core up and down
==============================================

The dipole of hnn-core is what flows along the dendrites of its pyramidal cells. The same moment is that of
the currents that cross their membranes, so it is a sum of parts: one for each channel, and one for each
drive and type of cells whose synapses let current in or out.
"""

from hnn_core import neymotin_2020_model, simulate_dipole

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.adapters import hnn_core as hnn

# %%
# Four pyramidal cells in each layer. A proximal drive comes first, a distal one follows.

net = neymotin_2020_model(mesh_shape=(2, 2))
cells = ["L2_basket", "L2_pyramidal", "L5_pyramidal"]
for name, mu, location, receptors in (
    ("proximal", 15, "proximal", {"ampa": 2e-3}),
    ("distal", 35, "distal", {"ampa": 2e-3, "nmda": 1e-3}),
):
    weights = {f"weights_{receptor}": dict.fromkeys(cells, w) for receptor, w in receptors.items()}
    delays = dict.fromkeys(cells, 0.1)
    net.add_evoked_drive(
        name,
        mu=mu,
        sigma=2,
        numspikes=1,
        location=location,
        synaptic_delays=delays,
        event_seed=2,
        **weights,
    )

# %%
# The ten lines: record the pyramidal cells during the run, and split the moment of each.


def moment(segment):
    """The dipole moment of a cell along its apical dendrite, by current."""
    return extracellular.dipole(ncs.CellRecording.from_segment(segment), "z")


with hnn.record(net, ["L2_pyramidal", "L5_pyramidal"], sources=True, each=moment) as recorder:
    (dipole,) = simulate_dipole(net, tstop=60, verbose=False)

of_type = {kind: [recorder.to_segment(gid) for gid in gids] for kind, gids in recorder.types().items()}
whole = extracellular.add([field for fields in of_type.values() for field in fields])
whole.rescale("nA*m").top(9).plot(title="hnn-core's dipole by current", ylabel="Dipole\n(nAm)")

# %%
# The sum of the parts is the dipole that hnn-core computes itself, before it takes a baseline off.

offset = dipole.data["agg"][1:] * 1e6 - whole.total[0]
print(f"what differs is hnn-core's baseline, {offset[:2].mean():.1f} fAm at first")
print(whole.to_dataframe().sort_values("peak").tail(6))

# %%
# By type of cell.

layers = extracellular.add(of_type)
layers.rescale("nA*m").plot(title="By type of cell", ylabel="Dipole\n(nAm)")
