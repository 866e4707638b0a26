"""
Currents of a Brian2 neuron
===========================

Brian2 keeps units, but has no convention for the sign of a current: in ``dv/dt = (I_L - I_Na + I_ext)/C``
positive values of I_L flow inward, of I_Na outward. `brian2.to_segment` reads the directions and
the capacitance from the equations, and converts the units.
"""

import brian2 as b2

import neo_currentscape as ncs
from neo_currentscape.adapters import brian2

b2.prefs.codegen.target = "numpy"

# %%
# A Hodgkin-Huxley neuron with spike-frequency adaptation by a slow potassium current.

C, gl, El = 200 * b2.pF, 10 * b2.nS, -65 * b2.mV
gNa, ENa, gK, EK = 20 * b2.usiemens, 50 * b2.mV, 6 * b2.usiemens, -90 * b2.mV
gM = 0.4 * b2.usiemens

equations = """
dv/dt = (I_leak - I_Na - I_K - I_M + I_ext)/C : volt
I_leak = gl*(El - v) : amp
I_Na = gNa*m**3*h*(v - ENa) : amp
I_K = gK*n**4*(v - EK) : amp
I_M = gM*p*(v - EK) : amp
I_ext : amp
dm/dt = 0.32/mV*4*mV/exprel((-50*mV - v)/(4*mV))/ms*(1 - m)
        - 0.28/mV*5*mV/exprel((v + 23*mV)/(5*mV))/ms*m : 1
dn/dt = 0.032/mV*5*mV/exprel((-48*mV - v)/(5*mV))/ms*(1 - n)
        - 0.5*exp((-53*mV - v)/(40*mV))/ms*n : 1
dh/dt = 0.128*exp((-46*mV - v)/(18*mV))/ms*(1 - h) - 4./(1 + exp((-23*mV - v)/(5*mV)))/ms*h : 1
dp/dt = (1/(1 + exp((-10*mV - v)/(5*mV))) - p)/(80*ms) : 1
"""
group = b2.NeuronGroup(1, equations, method="euler", dt=0.01 * b2.ms)
group.v, group.h = El, 1
monitor = b2.StateMonitor(
    group,
    ["v", "I_leak", "I_Na", "I_K", "I_M", "I_ext"],
    record=True,
    dt=0.01 * b2.ms,
)
b2.run(20 * b2.ms)
group.I_ext = 0.8 * b2.nA
b2.run(200 * b2.ms)

# %%
# Each signal says what it is.

segment = brian2.to_segment(monitor)
for signal in segment.analogsignals:
    print(
        f"{signal.name:7s} {signal.dimensionality.string:4s} {signal.annotations}"
    )

# %%
# The adapting current takes a growing share of the outward current.

scape = ncs.Currentscape.from_segment(segment)
print(ncs.balance(scape.recording).verdict)
scape.plot(title="Brian2: spike-frequency adaptation")
