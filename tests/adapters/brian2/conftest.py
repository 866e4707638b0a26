"""Fixtures: Brian2 without compiled code, and neurons to record."""

import types

import numpy as np
import pytest

EQUATIONS = """
dv/dt = (I_L - I_Na - I_K + I_ext)/Cm : volt
I_L = gl*(El - v) : amp
I_Na = gNa*m**3*h*(v - ENa) : amp
I_K = gK*n**4*(v - EK) : amp
I_ext : amp
dm/dt = 0.32/mV*4*mV/exprel((-50*mV - v)/(4*mV))/ms*(1 - m)
        - 0.28/mV*5*mV/exprel((v + 23*mV)/(5*mV))/ms*m : 1
dn/dt = 0.032/mV*5*mV/exprel((-48*mV - v)/(5*mV))/ms*(1 - n)
        - 0.5*exp((-53*mV - v)/(40*mV))/ms*n : 1
dh/dt = 0.128*exp((-46*mV - v)/(18*mV))/ms*(1 - h) - 4./(1 + exp((-23*mV - v)/(5*mV)))/ms*h : 1
"""

SPATIAL = """
Im = I_L + I_Na - I_K + I/area + I_syn/area : amp/meter**2
I_L = gl*(El - v) : amp/meter**2
I_Na = gNa*m**3*h*(ENa - v) : amp/meter**2
I_K = gK*n**4*(v - EK) : amp/meter**2
I_syn = gs*(E_syn - v) : amp
I : amp
gNa : siemens/meter**2
dgs/dt = -gs/(2*ms) : siemens
dm/dt = 1/mV*1*mV/exprel((-v + 25*mV)/(10*mV))/ms*(1 - m) - 4*exp(-v/(18*mV))/ms*m : 1
dn/dt = 0.1/mV*1*mV/exprel((-v + 10*mV)/(10*mV))/ms*(1 - n) - 0.125*exp(-v/(80*mV))/ms*n : 1
dh/dt = 0.07*exp(-v/(20*mV))/ms*(1 - h) - 1/(exp((-v + 30*mV)/(10*mV)) + 1)/ms*h : 1
"""


@pytest.fixture
def b2():
    """The module brian2, with pure NumPy code and a scope of its own."""
    brian2 = pytest.importorskip("brian2", exc_type=ImportError)
    brian2.prefs.codegen.target = "numpy"
    brian2.BrianLogger.log_level_error()
    brian2.start_scope()
    yield brian2


@pytest.fixture
def point(b2):
    """A function that simulates two Hodgkin-Huxley neurons and returns group, monitor and values."""

    def simulate(method="euler", dt=0.025, duration=30.0, recorded=None, **keywords):
        area = 20000 * b2.umetre**2
        values = {
            "Cm": 1 * b2.ufarad * b2.cm**-2 * area,
            "gl": 5e-5 * b2.siemens * b2.cm**-2 * area,
            "gNa": 100 * b2.msiemens * b2.cm**-2 * area,
            "gK": 30 * b2.msiemens * b2.cm**-2 * area,
            "El": -65 * b2.mV,
            "EK": -90 * b2.mV,
            "ENa": 50 * b2.mV,
        }
        group = b2.NeuronGroup(2, EQUATIONS, method=method, dt=dt * b2.ms, namespace=values, **keywords)
        group.v = -65 * b2.mV
        group.I_ext = np.array([0.2, 0.7]) * b2.nA
        names = recorded or ["v", "I_L", "I_Na", "I_K", "I_ext", "m"]
        monitor = b2.StateMonitor(group, names, record=True, dt=dt * b2.ms)
        network = b2.Network(group, monitor)
        network.run(duration * b2.ms)
        return types.SimpleNamespace(group=group, monitor=monitor, values=values, network=network)

    return simulate


@pytest.fixture
def tree(b2):
    """A simulated SpatialNeuron: a soma, an axon, and a dendrite with two branches."""
    morphology = b2.Soma(diameter=30 * b2.um)
    morphology.axon = b2.Cylinder(length=300 * b2.um, diameter=1 * b2.um, n=4)
    morphology.dend = b2.Cylinder(length=100 * b2.um, diameter=2 * b2.um, n=3)
    morphology.dend.left = b2.Cylinder(length=50 * b2.um, diameter=1 * b2.um, n=2)
    morphology.dend.right = b2.Cylinder(length=70 * b2.um, diameter=1.5 * b2.um, n=2)
    values = {
        "gl": 0.3 * b2.msiemens / b2.cm**2,
        "gK": 36 * b2.msiemens / b2.cm**2,
        "El": 10.613 * b2.mV,
        "ENa": 115 * b2.mV,
        "EK": -12 * b2.mV,
        "E_syn": 60 * b2.mV,
    }
    neuron = b2.SpatialNeuron(
        morphology,
        SPATIAL,
        Cm=1 * b2.uF / b2.cm**2,
        Ri=100 * b2.ohm * b2.cm,
        method="exponential_euler",
        namespace=values,
        dt=0.025 * b2.ms,
    )
    neuron.h, neuron.n, neuron.gNa = 1, 0.5, 120 * b2.msiemens / b2.cm**2
    neuron.main.I = 2 * b2.nA
    neuron.gs[5] = 1 * b2.nS
    names = ["v", "Im", "Ic", "I_L", "I_Na", "I_K", "I", "I_syn", "gs"]
    monitor = b2.StateMonitor(neuron, names, record=True, dt=0.025 * b2.ms)
    network = b2.Network(neuron, monitor)
    network.run(15 * b2.ms)
    return types.SimpleNamespace(neuron=neuron, monitor=monitor, network=network)
