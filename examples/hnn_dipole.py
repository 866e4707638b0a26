"""
What drives the dipole of hnn-core up and down
==============================================

The dipole of hnn-core is what flows along the dendrites of its pyramidal cells. All of it enters and leaves
through their membranes: through channels, and through synapses that a drive or a type of cells opens. So it
is a sum of parts that say what feeds and what draws the flow up, and the flow down.
"""

from hnn_core import neymotin_2020_model, simulate_dipole

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.adapters import hnn_core as hnn

# %%
# Four pyramidal cells in each layer. A proximal drive comes first, a distal one follows.

net = neymotin_2020_model(mesh_shape=(2, 2))
cells = ["L2_basket", "L2_pyramidal", "L5_pyramidal"]
for name, mu, receptors in (
    ("proximal", 15, {"ampa": 2e-3}),
    ("distal", 35, {"ampa": 2e-3, "nmda": 1e-3}),
):
    weights = {
        f"weights_{receptor}": dict.fromkeys(cells, w)
        for receptor, w in receptors.items()
    }
    delays = dict.fromkeys(cells, 0.1)
    times = {"mu": mu, "sigma": 2, "numspikes": 1, "event_seed": 2}
    net.add_evoked_drive(
        name, location=name, synaptic_delays=delays, **times, **weights
    )

# %%
# The ten lines: record the pyramidal cells during the run, and split the moment of each.

with hnn.record(net, ["L2_pyramidal", "L5_pyramidal"], by_source=True) as recorder:
    (dipole,) = simulate_dipole(net, tstop=60, verbose=False)


def moment(gid):
    """The dipole moment of a cell along its apical dendrite, by what feeds and draws it."""
    cell = ncs.CellRecording.from_segment(recorder.to_segment(gid))
    return extracellular.dipole_by_flow(cell, "z").rescale("nA*m")


of_type = {
    kind: [moment(gid) for gid in gids] for kind, gids in recorder.types().items()
}
whole = extracellular.add(
    [field for fields in of_type.values() for field in fields]
)
whole.top(11).plot(
    title="What drives the dipole up and down", ylabel="Dipole\n(nAm)"
)

# %%
# The sum of the parts is the dipole that hnn-core computes itself, before it takes a baseline off: what is
# left between the two does not change from sample to sample.

left = dipole.data["agg"][1:] - whole.total[0]
print(
    f"hnn-core's baseline at the beginning: {left[0]:.3e} nAm, at 30 ms: {left[1200]:.3e} nAm"
)

# %%
# How much of the flow up and of the flow down each part makes, on average over time.

table = whole.to_dataframe().droplevel("contact")
print(
    table[["share_positive", "share_negative"]]
    .sort_values("share_positive")
    .tail(8)
    .round(3)
)

# %%
# By type of cell.

extracellular.add(of_type).plot(title="By type of cell", ylabel="Dipole\n(nAm)")

# %%
# The currentscape of a soma in layer 5.

segment = recorder.to_segment(recorder.types()["L5_pyramidal"][0])
scape = ncs.Currentscape.from_segment(segment, site="soma(0.5)")
print(ncs.balance(scape.recording).verdict)
scape.plot(title="The soma of a pyramidal cell in layer 5")
