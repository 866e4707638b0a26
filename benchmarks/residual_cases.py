"""The simulations of the table of residuals: each returns a Segment and what is to be judged of it.

A case returns ``(segment, selections, left_out)``: keywords of `Recording.from_segment` for each site,
and the time in ms around spikes that is left out, or None.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import quantities as pq


def worst_away_from(balance: Any, margin: float) -> float:
    """Largest residual away from spikes, as part of the peak of the total current.

    Parameters
    ----------
    balance : Balance
    margin : float
        Time in ms before and after each upward crossing of -20 mV that is left out.
    """
    residual = balance.residual.magnitude.ravel()
    times = balance.residual.times.rescale("ms").magnitude
    voltage = balance.recording.voltage
    v, v_times = voltage.rescale("mV").magnitude.ravel(), voltage.times.rescale("ms").magnitude
    spikes = v_times[1:][(v[1:] >= -20) & (v[:-1] < -20)]
    near = np.zeros(len(times), dtype=bool)
    for spike in spikes:  # a loop over spikes, not over samples
        near |= np.abs(times - spike) < margin
    peak = np.nanmax(balance.total.magnitude)
    return float(np.nanmax(np.abs(residual[~near])) / peak)


def _neuron(clamp: str, cvode: bool) -> Any:
    from neuron import h

    from neo_currentscape.adapters import neuron

    h.load_file("stdrun.hoc")
    soma = h.Section(name="soma")
    soma.L = soma.diam = 20
    soma.insert("hh")
    synapse = h.ExpSyn(soma(0.5))
    events = h.NetStim()
    events.start, events.number, events.interval = 3, 5, 7
    connection = h.NetCon(events, synapse)
    connection.weight[0] = 0.02
    electrode = getattr(h, clamp)(soma(0.5))
    if clamp == "IClamp":
        electrode.delay, electrode.dur, electrode.amp = 10, 20, 0.2
    else:
        electrode.dur1, electrode.amp1, electrode.dur2, electrode.amp2 = 20, -65, 20, -20
    h.CVode().active(cvode)
    h.dt = 0.025
    recorder = neuron.Recorder(soma(0.5))
    h.finitialize(-65)
    h.continuerun(50)
    return recorder.to_segment(), [{}], None


def neuron_fixed() -> Any:
    """Hodgkin-Huxley soma, fixed step."""
    return _neuron("IClamp", cvode=False)


def neuron_cvode() -> Any:
    """Hodgkin-Huxley soma, CVODE."""
    return _neuron("IClamp", cvode=True)


def neuron_seclamp() -> Any:
    """Hodgkin-Huxley soma under voltage clamp."""
    return _neuron("SEClamp", cvode=False)


def _lfpy(variable_dt: bool) -> Any:
    import LFPy
    from neuron import h

    from neo_currentscape.adapters import lfpy

    soma, dend = h.Section(name="soma"), h.Section(name="dend")
    soma.L = soma.diam = 20
    dend.L, dend.diam, dend.nseg = 300, 2, 5
    dend.connect(soma(1))
    soma.insert("hh")
    dend.insert("pas")
    h.define_shape()
    cell = LFPy.Cell(
        morphology=h.SectionList([soma, dend]),
        delete_sections=False,
        nsegs_method=None,
        dt=0.025,
        tstop=40,
        v_init=-65,
    )
    synapse = LFPy.Synapse(cell, idx=4, syntype="ExpSyn", e=0, tau=2, weight=0.03, record_current=True)
    synapse.set_spike_times(np.array([5.0, 20.0, 22.0]))
    LFPy.StimIntElectrode(cell, idx=0, pptype="IClamp", amp=0.3, delay=30, dur=5, record_current=True)
    recorder = lfpy.Recorder(cell, variable_dt=variable_dt)
    cell.simulate(variable_dt=variable_dt, **recorder.keywords)
    return recorder.to_segment(), [{"site": site} for site in lfpy.site_names(cell)], None


def lfpy_fixed() -> Any:
    """Soma and dendrite in LFPy, fixed step."""
    return _lfpy(variable_dt=False)


def lfpy_variable() -> Any:
    """Soma and dendrite in LFPy, variable step."""
    return _lfpy(variable_dt=True)


def _pynn(backend: str, cell: str) -> Any:
    import importlib

    from neo_currentscape.adapters import pynn

    sim = importlib.import_module(f"pyNN.{backend}")
    sim.setup(timestep=0.025, min_delay=0.025)
    kind = getattr(sim, cell)
    # IF cells below and above threshold; HH cells that spike.
    cells = sim.Population(2, kind(i_offset=[0.3, 0.8]))
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[10.0, 30.0, 45.0]))
    for receptor, weight in (("excitatory", 0.01), ("inhibitory", 0.01)):
        sim.Projection(
            source,
            cells,
            sim.AllToAllConnector(),
            sim.StaticSynapse(weight=weight, delay=0.5),
            receptor_type=receptor,
        )
    pynn.record_currents(cells)
    sim.run(80.0)
    segment = pynn.to_segment(cells)
    sim.end()
    return segment, [{"neuron": 0}, {"neuron": 1}], None


def pynn_neuron_if() -> Any:
    """Integrate-and-fire cells on NEURON."""
    return _pynn("neuron", "IF_cond_exp")


def pynn_nest_if() -> Any:
    """Integrate-and-fire cells on NEST."""
    return _pynn("nest", "IF_cond_exp")


def pynn_brian2_if() -> Any:
    """Integrate-and-fire cells on Brian2."""
    return _pynn("brian2", "IF_cond_exp")


def pynn_neuron_hh() -> Any:
    """Hodgkin-Huxley cells on NEURON."""
    return _pynn("neuron", "HH_cond_exp")


def pynn_nest_hh() -> Any:
    """Hodgkin-Huxley cells on NEST."""
    return _pynn("nest", "HH_cond_exp")


def _nest(model: str, parameters: dict[str, Any], recorded: list[str], rate: float) -> Any:
    import nest

    from neo_currentscape.adapters import nest as adapter

    nest.ResetKernel()
    nest.set_verbosity("M_ERROR")
    nest.resolution = 0.01
    neuron = nest.Create(model, params=parameters)
    noise = nest.Create("poisson_generator", params={"rate": rate})
    synapse = {"weight": 1.0, "receptor_type": 1} if model == "ht_neuron" else {"weight": 100.0}
    nest.Connect(noise, neuron, syn_spec=synapse)
    multimeter = nest.Create("multimeter", params={"record_from": recorded, "interval": 0.01})
    nest.Connect(multimeter, neuron)
    nest.Simulate(300.0)
    return adapter.to_segment(multimeter), [{}], 5.0


def nest_ht() -> Any:
    """ht_neuron driven by Poisson input."""
    names = ["V_m", "theta", "g_AMPA", "g_NMDA", "g_GABA_A", "g_GABA_B", "I_NaP", "I_KNa", "I_T", "I_h"]
    return _nest("ht_neuron", {}, names, 300.0)


def nest_hh() -> Any:
    """hh_psc_alpha driven by a constant current and Poisson input."""
    names = ["V_m", "Act_m", "Inact_h", "Act_n", "I_syn_ex", "I_syn_in"]
    return _nest("hh_psc_alpha", {"I_e": 400.0}, names, 200.0)


def _brian2(method: str, dt: float) -> Any:
    import brian2 as b2

    from neo_currentscape.adapters import brian2

    b2.prefs.codegen.target = "numpy"
    equations = """
    dv/dt = (I_leak - I_Na - I_K + I_ext)/(200*pF) : volt
    I_leak = 10*nS*(-65*mV - v) : amp
    I_Na = 20*usiemens*m**3*h*(v - 50*mV) : amp
    I_K = 6*usiemens*n**4*(v + 90*mV) : amp
    I_ext : amp
    dm/dt = 0.32/mV*4*mV/exprel((-50*mV - v)/(4*mV))/ms*(1 - m)
            - 0.28/mV*5*mV/exprel((v + 23*mV)/(5*mV))/ms*m : 1
    dn/dt = 0.032/mV*5*mV/exprel((-48*mV - v)/(5*mV))/ms*(1 - n)
            - 0.5*exp((-53*mV - v)/(40*mV))/ms*n : 1
    dh/dt = 0.128*exp((-46*mV - v)/(18*mV))/ms*(1 - h) - 4./(1 + exp((-23*mV - v)/(5*mV)))/ms*h : 1
    """
    group = b2.NeuronGroup(1, equations, method=method, dt=dt * b2.ms)
    group.v, group.h, group.I_ext = -65 * b2.mV, 1, 0.8 * b2.nA
    recorded = ["v", "I_leak", "I_Na", "I_K", "I_ext", "m", "n", "h"]
    monitor = b2.StateMonitor(group, recorded, record=True, dt=dt * b2.ms)
    network = b2.Network(group, monitor)
    network.run(100 * b2.ms)
    return brian2.to_segment(monitor), [{}], None


def brian2_euler() -> Any:
    """Hodgkin-Huxley neuron by Euler's method."""
    return _brian2("euler", 0.01)


def brian2_exponential() -> Any:
    """Hodgkin-Huxley neuron by the exponential Euler method."""
    return _brian2("exponential_euler", 0.025)


def brian2_rk4() -> Any:
    """Hodgkin-Huxley neuron by a Runge-Kutta method."""
    return _brian2("rk4", 0.01)


#: The stretch of cable that is the soma of the cell of `examples/arbor_probes.py`.
ARBOR_SOMA = "(cable 0 0 0.0909091)"


def _arbor(reversal: dict[str, Any] | None) -> Any:
    import runpy

    from neo_currentscape.adapters import arbor

    example = runpy.run_path(str(Path(__file__).parents[1] / "examples" / "arbor_probes.py"))
    options = {} if reversal is None else {"reversal": reversal}
    segment = arbor.to_segment(
        example["simulation"],
        example["probes"],
        morphology=example["tree"],
        capacitance=1 * pq.uF / pq.cm**2,
        **options,
    )
    return segment, [{"site": ARBOR_SOMA}], None


def arbor_reversal() -> Any:
    """Soma and dendrite in Arbor, with the slopes of the currents known."""
    leak = {ARBOR_SOMA: -54.3 * pq.mV}
    return _arbor({"Na": 50 * pq.mV, "K": -77 * pq.mV, "nonspecific": leak})


def arbor_plain() -> Any:
    """Soma and dendrite in Arbor."""
    return _arbor(None)


def stg_fine() -> Any:
    """The model of figure 2, sampled finely."""
    from neo_currentscape.models import stg

    return stg.simulate("Fig. 2", t_stop=1 * pq.s, dt=0.01 * pq.ms).segments[0], [{}], None
