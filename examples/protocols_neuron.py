"""
Protocols of single cells, and which current carries what they show
===================================================================

Passive properties, spikes, the FI curve and the impedance of a NEURON compartment, each with the
currentscape of the same traces: which current carries the sag, the rheobase, the resonance.
"""

import numpy as np
import quantities as pq
from neuron import h

from neo_currentscape import protocols

# %%
# A soma with Hodgkin-Huxley channels. The runners take a compartment, a section, a cell with a ``soma``,
# the name of a HOC template, or a PyNN population; they record every current by themselves.

soma = h.Section(name="soma")
soma.L = soma.diam = 20
soma.insert("hh")

# %%
# **Passive.** A step of -20 pA. The voltage sags: the sodium channels lose their inactivation, so that
# sodium brings the voltage back, and the leak resists.

passive = protocols.run_passive(
    soma(0.5),
    -20 * pq.pA,
    onset=20 * pq.ms,
    duration=60 * pq.ms,
    tail=30 * pq.ms,
    method="exp2",
)
print(passive)
print(passive.carriers)
figure = passive.plot(title="Passive")

# %%
# eFEL has features of the same trace.

for name, value in protocols.features(passive.trace.segment).items():
    print(f"{name:32}{value}")

# %%
# **Current clamp.** Number and times of the spikes.

clamp = protocols.run_clamp(
    soma, 100 * pq.pA, onset=20 * pq.ms, duration=60 * pq.ms, tail=20 * pq.ms
)
print(clamp.spike_times)

# %%
# **FI curve.** One Segment for each step, the last included. The bars show the charge that each current
# brings between the onset of the step and the first spike, at the rheobase.

curve = protocols.run_fi(
    soma,
    np.arange(0, 201, 20) * pq.pA,
    onset=20 * pq.ms,
    duration=200 * pq.ms,
    tail=20 * pq.ms,
)
print(curve)
print(curve.carriers)
fi_figure = curve.plot(title="FI curve")

# %%
# **ZAP.** The impedance from a current whose frequency rises. Each current adds its part to the admittance;
# that of the potassium current is large at low frequencies only, so that it makes the resonance.

zap = protocols.run_zap(
    soma, 5 * pq.pA, f_stop=150 * pq.Hz, duration=4 * pq.s, smooth=5
)
print(zap)
print(zap.carriers)
zap_figure = zap.plot(title="ZAP")

# %%
# The recordings are Neo Segments, annotated with what was injected. The same analyses read them from any
# file that Neo reads.

segment = passive.trace.segment
print(segment.annotations)
print(protocols.passive(segment, method="membrane").tau)

# sphinx_gallery_thumbnail_number = 2
