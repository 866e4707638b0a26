"""
What happens at a spike, and over a burst
=========================================

Averages of the currentscape around events and over the phase of a cycle, with the spread between
them; the phases of the spike; and which current dominates at each time.
"""

import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

segment = stg.simulate("A", t_stop=8 * pq.s, transient=6 * pq.s).segments[0]
scape = ncs.Currentscape.from_segment(segment)

# %%
# Around the spikes
# -----------------
# Spikes are found where the voltage crosses -20 mV; a ``SpikeTrain``, ``Event``, ``Epoch`` or times of
# any other origin may be given instead. Every sample counts with the time it stands for, and the mean
# is that of the shares. The bands are one standard deviation between spikes: the upstroke is always
# sodium, while what comes before and after depends on the place in the burst.

around = ncs.event_average(scape, before=8 * pq.ms, after=16 * pq.ms)
spike = around.plot(title=f"Mean of {len(around.windows)} spikes")

# %%
# Over the cycle of the bursts
# ----------------------------
# From the beginning of one burst to that of the next, each cycle stretched to the same length. Bursts
# are runs of spikes at most 100 ms apart, as Alonso & Marder (2019) define them.

cycle = ncs.phase_average(scape, by="burst", bins=200)
print(cycle)
burst = cycle.plot(spread=False, title="Mean of the burst cycles")

# %%
# Shares against voltage
# ----------------------
# The upstroke from left to right, and the downstroke from left to right, so that a spike can be read
# through; then the interval between spikes.

phases = ncs.spike_phases(scape).plot(title="Which currents make the spike")

# %%
# The dominant current
# --------------------
# As the colour of the voltage, and as a Neo Epoch, which can be added to the Segment and saved.

start = ncs.detect_bursts(scape).times[0]
one = scape.slice(start - 100 * pq.ms, start + 400 * pq.ms)
dominant = ncs.Figure(
    ncs.DominantPanel(one, "outward"), ncs.DominantPanel(one, "inward")
)

epoch = ncs.dominant(scape, "inward", min_duration=1 * pq.ms)
segment.epochs.append(epoch)
for name in scape.names:
    time = epoch.durations[epoch.labels == name].sum().rescale("s")
    print(f"{name:4} {float(time):6.3f} s")

# sphinx_gallery_thumbnail_number = 3
