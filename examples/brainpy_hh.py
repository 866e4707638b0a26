"""
A BrainPy neuron, current by current
====================================

BrainPy's built-in channels give their current by ``current(V)``, which a monitor does not record. A loop
over the steps does, and NumPy arrays with units are all that a `Recording` needs. BrainPy counts inward
currents positive, as densities in µA/cm². This asks for ``pip install brainpy``.
"""

import brainpy as bp
import brainpy.math as bm
import neo
import numpy as np
import quantities as pq

import neo_currentscape as ncs


class Neuron(bp.dyn.CondNeuGroupLTC):
    """The squid's axon of Hodgkin and Huxley (1952), of BrainPy's own channels."""

    def __init__(self):
        super().__init__(
            1, C=1.0, A=1e-3, V_initializer=bp.init.Constant(-65.0), method="euler"
        )
        self.Na = bp.dyn.INa_HH1952(1, g_max=120.0)
        self.K = bp.dyn.IK_HH1952(1, g_max=36.0, E=-77.0)
        self.leak = bp.dyn.IL(1, g_max=0.3, E=-54.387)


bm.set_dt(0.01)
neuron = Neuron()
NAMES, INJECTED = ["Na", "K", "leak"], 10.0  # nA into 1e-3 cm2, which is 10 uA/cm2


def step(i):
    """What flows at the beginning of a step, and the step."""
    bp.share.save(i=i, t=i * bm.get_dt(), dt=bm.get_dt())
    voltage = neuron.V.value
    currents = [getattr(neuron, name).current(voltage) for name in NAMES]
    neuron.input.value = bm.zeros_like(neuron.input)
    neuron.update(INJECTED)
    return bm.concatenate([voltage, *currents])


found = np.asarray(bm.for_loop(step, bm.arange(4000)), dtype=float)

# %%
# The ten lines: a Neo signal for the voltage, one for the currents, and what was injected.
density = {"units": "uA/cm**2", "sampling_period": 0.01 * pq.ms}
currents = neo.AnalogSignal(
    found[:, 1:], **density, array_annotations={"name": NAMES}
)
voltage = neo.AnalogSignal(
    found[:, :1], units="mV", sampling_period=0.01 * pq.ms, name="V"
)
injected = neo.AnalogSignal(
    np.full((len(found), 1), INJECTED), **density, name="stimulus"
)
segment = neo.Segment()
currents.annotate(role="current", positive="inward")
injected.annotate(role="electrode")
segment.analogsignals.extend([voltage, currents, injected])
recording = ncs.Recording.from_segment(segment)
ncs.Currentscape(recording).plot(title="Hodgkin and Huxley's neuron in BrainPy")

# %%
# Whether these are all the currents, the balance tells.
print(ncs.balance(recording, capacitance=1 * pq.uF / pq.cm**2).verdict)
