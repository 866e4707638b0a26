"""
A bursting neuron
=================

The stomatogastric neuron of Alonso & Marder (2019) comes with the package. Its simulation is a Neo
Block, as any other recording is: eight membrane currents, the voltage, the calcium concentration.
"""

import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

block = stg.simulate("Fig. 2", t_stop=3 * pq.s)
scape = ncs.Currentscape.from_segment(block.segments[0])

# %%
# The standard figure: which currents carry the outward and the inward current, and how much that is.

figure = scape.plot(title="Model of figure 2", voltage={"levels": [-50, 0]})

# %%
# One burst, with all that the recording holds, in a column of a journal.

burst = scape.slice(0.8 * pq.s, 1.2 * pq.s)
column = burst.plot(panels="all", size="column", electrode={"height": 0.4})

# %%
# The largest four, the rest bundled; the totals and the shares of the four stay what they were.

largest = ncs.Currentscape(scape.recording, top=4).plot(
    panels=["voltage", "shares", "contributions"], size="page"
)

# %%
# The numbers behind the picture.

print(scape.to_dataframe()[["charge_outward", "charge_inward", "rank"]])
