"""
Signs in a model that is written in NESTML
==========================================

Is a synaptic current of a NESTML model positive when it excites, or negative? It may be either: the file
decides, and NEST's multimeter does not say. ``nest.to_segment(..., nestml=...)`` reads it from the equation
of the voltage: what is added to dV/dt flows in, what is subtracted flows out. Here excitation is written as
g (E - V) and added, inhibition as g (V - E) and subtracted, and the leak is no recordable at all.
"""

import numpy as np
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import nest

MODEL = """
model two_signs_neuron:
    state:
        V_m mV = E_L
    equations:
        kernel g_exc = exp(-t / tau_exc)
        kernel g_inh = exp(-t / tau_inh)
        recordable inline I_exc pA = unit * convolve(g_exc, exc_spikes) * (E_exc - V_m)
        recordable inline I_inh pA = unit * convolve(g_inh, inh_spikes) * (V_m - E_inh)
        V_m' = -(V_m - E_L) / tau_m + (I_exc - I_inh + I_e + I_stim) / C_m
    parameters:
        C_m pF = 200 pF
        tau_m ms = 20 ms
        E_L mV = -68 mV
        E_exc mV = 0 mV
        E_inh mV = -85 mV
        tau_exc ms = 3 ms
        tau_inh ms = 8 ms
        I_e pA = 0 pA
    internals:
        unit nS = 1 nS
    input:
        exc_spikes <- excitatory spike
        inh_spikes <- inhibitory spike
        I_stim pA <- continuous
    output:
        spike
    update:
        integrate_odes()
"""

# %%
# What a multimeter records of it. Compiled by PyNESTML the model runs in NEST; this page integrates the
# same equations in steps of 0.01 ms, so that it needs no compiler.

rng = np.random.default_rng(3)
n, h, v, g = 20000, 0.01, -68.0, np.zeros(2)
arriving = rng.random((n, 2)) < h * np.array(
    [0.5, 0.2]
)  # 500 and 200 spikes a second
rows = []
for spikes in arriving:
    pull = g[0] * (0 - v) - g[1] * (v + 85)
    v += h * (-(v + 68) / 20 + pull / 200)
    g = g * np.exp(-h / np.array([3.0, 8.0])) + 2.0 * spikes
    rows.append((v, g[0] * (0 - v), g[1] * (v + 85)))
events = {"senders": np.ones(n, int), "times": h * np.arange(1, n + 1)}
events.update(zip(("V_m", "I_exc", "I_inh"), np.array(rows).T, strict=True))

# %%
# The ten lines that answer it: units and signs are on the signals, the leak is there, and the balance says
# whether that is all. A live multimeter goes in the place of the events, and a path in that of the text.

segment = nest.to_segment(
    events, nestml=MODEL, stimulus=0 * pq.pA, resolution=h * pq.ms
)
for signal in segment.analogsignals:
    notes = signal.annotations
    if notes["role"] == "current":
        kind = "derived" if notes.get("derived") else "recorded"
        print(
            f"{signal.name:6s} {signal.dimensionality}  positive is {notes['positive']:8s} {kind}"
        )
recording = ncs.Recording.from_segment(segment)
print(ncs.balance(recording).verdict)
figure = ncs.Currentscape(recording).plot(
    title="Excitation is inward, whatever its sign in the file"
)
