"""
Control and drug; six models
============================

Two recordings are brought onto the same bins, of time, of the time around spikes, or of the phase of
a cycle, however they were sampled; then their shares and totals are subtracted.
"""

import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

settled = {"t_stop": 6 * pq.s, "transient": 6 * pq.s}
control = stg.simulate("A", **settled)
drug = stg.simulate(stg.MODELS["A"].scaled("CaT", 0.7), **settled)

# %%
# By the phase of the burst: with less CaT the bursts are longer, and the difference says what stands
# in for it. On the right of the lowest panel the outward, on the left the inward currents.

by_phase = ncs.compare(control, drug, by="phase", labels=("control", "70 % CaT"))
print(by_phase)
phase = by_phase.plot(title="A third of CaT taken away")

# %%
# Around the spikes, and as a table of what changed, the most first.

by_spike = ncs.compare(
    control,
    drug,
    by="spike",
    labels=("control", "drug"),
    before=5 * pq.ms,
    after=10 * pq.ms,
)
spike = ncs.Figure(
    ncs.ComparedVoltagePanel(by_spike),
    ncs.DifferencePanel(by_spike, "outward"),
    ncs.DifferencePanel(by_spike, "inward"),
)
print(by_spike.to_dataframe()[["change_outward", "change_inward", "rank"]].round(3))

# %%
# How far from each other are the six models, whose voltages are so alike? The distance of two
# currentscapes is the part of the current that would have to be given to other channels, from 0 to 1.

models = [stg.simulate(model, **settled) for model in "ABCDEF"]
found = ncs.distances(models, by="phase", labels=list("ABCDEF"))
distances = found.plot(title="Distances of the six models over the burst cycle")

# sphinx_gallery_thumbnail_number = 2
