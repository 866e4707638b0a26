"""Small Jaxley models, simulated once."""

from types import SimpleNamespace

import numpy as np
import pytest

from neo_currentscape.adapters import jaxley as adapter

STEP = 0.025


@pytest.fixture(scope="session")
def jax():
    return pytest.importorskip("jax")


@pytest.fixture(scope="session", autouse=True)
def compiled_before(request, jax):
    """What JAX compiled in an earlier session, or another worker of this one, is not compiled again."""
    cache = getattr(request.config, "cache", None)  # pytest may be told to keep nothing
    if cache is not None:
        jax.config.update("jax_compilation_cache_dir", str(cache.mkdir("jax")))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


@pytest.fixture(scope="session")
def jx():
    return pytest.importorskip("jaxley")


def forked(jx):
    """Two compartments in a row, from which two branches part; no two of the four are alike."""
    long, short = jx.Branch(jx.Compartment(), 2), jx.Branch(jx.Compartment(), 1)
    cell = jx.Cell([long, short, short], parents=[-1, 0, 0])
    cell.insert(jx.channels.HH())
    cell.branch(1).insert(jx.channels.Leak())
    cell.set("radius", 2.0)
    cell.branch(1).set("radius", 1.0)
    cell.branch(2).set("length", 25.0)
    cell.branch(2).set("capacitance", 1.5)
    return cell


@pytest.fixture(scope="session")
def network(jax, jx):
    """A cell of one compartment with synapses of two types on another, run with each solver."""
    synapses, connect = pytest.importorskip("jaxley.synapses"), jx.connect
    with jax.enable_x64(True):
        source = jx.Cell([jx.Branch(jx.Compartment(), 1)], parents=[-1])
        source.insert(jx.channels.HH())
        net = jx.Network([source, forked(jx)])
        begin, branches = net.cell(0).branch(0).loc(0.5), net.cell(1)
        connect(begin, branches.branch(2).loc(0.5), synapses.IonotropicSynapse())
        connect(branches.branch(1).loc(0.5), branches.branch(2).loc(0.5), synapses.IonotropicSynapse())
        connect(begin, branches.branch(0).loc(0.2), synapses.TanhConductanceSynapse())
        net.set("IonotropicSynapse_gS", 1e-3)
        begin.stimulate(jx.step_current(1.0, 5.0, 0.1, STEP, 10.0), verbose=False)
        adapter.record(net)
        runs = {
            solver: np.asarray(jx.integrate(net, delta_t=STEP, solver=solver))
            for solver in ("bwd_euler", "crank_nicolson", "fwd_euler")
        }
    return SimpleNamespace(net=net, runs=runs)


@pytest.fixture(scope="session")
def single(jx):
    """One compartment in single precision, as Jaxley computes unless told."""
    comp = jx.Compartment()
    comp.insert(jx.channels.HH())
    comp.set("length", 40.0)
    comp.stimulate(jx.step_current(1.0, 5.0, 0.1, STEP, 10.0), verbose=False)
    adapter.record(comp)
    return SimpleNamespace(comp=comp, recordings=np.asarray(jx.integrate(comp, delta_t=STEP)))


def reading(jx):
    """A channel that reads a reversal potential, and hands it on as it was."""

    class CaR(jx.channels.Channel):
        def __init__(self):
            self.current_is_in_mA_per_cm2 = True
            super().__init__()
            self.channel_params, self.channel_states = {"CaR_gR": 1e-5}, {"eCa": 100.0}
            self.current_name = "i_CaR"

        def update_states(self, states, dt, v, params):
            return {"eCa": states["eCa"]}

        def compute_current(self, states, v, params):
            return params["CaR_gR"] * (v - states["eCa"])

        def init_state(self, states, v, params, delta_t):
            return {}

    return CaR()


@pytest.fixture(scope="session")
def calcium(jax, jx):
    """Channels that share the name of their current, a pump, and a trained parameter."""
    pumps = pytest.importorskip("jaxley.pumps")
    with jax.enable_x64(True):
        comp = jx.Compartment()
        for name in ("Na", "K", "Leak", "CaL", "CaT"):
            comp.insert(getattr(jx.channels, name)())
        comp.insert(reading(jx))
        comp.insert(pumps.CaPump())
        comp.insert(pumps.CaNernstReversal())
        comp.set("CaL_gCaL", 5e-4)
        comp.make_trainable("Na_gNa", verbose=False)
        params = [{"Na_gNa": jax.numpy.asarray([0.07])}]
        data = comp.data_stimulate(jx.step_current(1.0, 15.0, 0.005, STEP, 20.0))
        adapter.record(comp)
        recordings = np.asarray(jx.integrate(comp, params, data_stimuli=data, delta_t=STEP))
    return SimpleNamespace(comp=comp, params=params, data=data, recordings=recordings)
