"""
A sweep of injected current
===========================

A Block with one Segment for each run, and in each Segment the value that it was run with: so PyNN
keeps the runs between which ``reset(annotations={"amplitude": ...})`` was called, and so any other
Block can be annotated. Here the stomatogastric neuron is given more and more current.
"""

import neo
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

block = neo.Block(name="model A, injected current")
for amplitude in [0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8] * pq.nA:
    run = stg.simulate("A", i_app=amplitude, t_stop=3 * pq.s).segments[0]
    run.annotate(amplitude=amplitude)
    block.segments.append(run)

sweep = ncs.sweep(block, by="amplitude")

# %%
# Which part of the charge each current carries, over the amplitude; and the currentscapes of the runs
# on one colour code. Bursts become faster and end in tonic spiking.

figure = sweep.plot(
    multiples={"window": (0 * pq.s, 1.5 * pq.s)},
    title="Model A with more and more injected current",
)

# %%
# The same in charges, which keep their unit: more current, more spikes, more charge.

charges = sweep.plot(what="charge", title="Charge in three seconds")

# %%
# The numbers behind the picture: a row for each step and current.

table = sweep.to_dataframe()
print(table.loc[[0.0, 4.8], ["charge_outward", "charge_inward"]].round())
print(table.attrs["units"])

# sphinx_gallery_thumbnail_number = 2
