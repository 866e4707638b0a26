"""The balance of a real cell: NEURON's Hodgkin-Huxley soma with a synapse and an electrode, by CVODE."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs

pytestmark = pytest.mark.neuron

CAPACITANCE = 1 * pq.uF / pq.cm**2
NAMES = ("ina", "ik", "il", "syn")


@pytest.fixture(scope="module")
def h():
    neuron = pytest.importorskip("neuron")
    neuron.h.load_file("stdrun.hoc")
    return neuron.h


def simulate(h, dendrite=None, active=True):
    """Record everything of the soma by hand; all sections are gone when this returns."""
    soma = h.Section(name="balance_soma")
    soma.L = soma.diam = 20
    soma.insert("hh" if active else "pas")
    sections = [soma]
    if dendrite is not None:
        length, nseg = dendrite
        dend = h.Section(name="balance_dend")
        dend.L, dend.diam, dend.nseg = length, 2, nseg
        dend.connect(soma(1))
        sections.append(dend)
    for section in sections if not active else sections[1:]:
        if section is not soma:
            section.insert("pas")
        section.g_pas, section.e_pas = 1e-4, -65
    syn, clamp, source = h.ExpSyn(soma(0.5)), h.IClamp(soma(0.5)), h.NetStim()
    syn.tau, syn.e = 5, 0
    source.start, source.interval, source.number, source.noise = 15, 9, 4, 0
    connection = h.NetCon(source, syn)
    connection.weight[0], connection.delay = 0.004, 1
    clamp.delay, clamp.dur, clamp.amp = 5, 30, 0.05
    refs = {"t": h._ref_t, "v": soma(0.5)._ref_v, "syn": syn._ref_i, "stim": clamp._ref_i}
    if active:
        refs.update(ina=soma(0.5)._ref_ina, ik=soma(0.5)._ref_ik, il=soma(0.5).hh._ref_il)
    else:
        refs.update(ipas=soma(0.5).pas._ref_i)
    vectors = {key: h.Vector().record(ref) for key, ref in refs.items()}
    solver = h.CVode()
    solver.active(1)
    tolerance = solver.atol()
    try:
        solver.atol(1e-6)
        h.finitialize(-65)
        h.continuerun(60)
    finally:
        solver.atol(tolerance)
        solver.active(0)
    values = {key: np.array(vector) for key, vector in vectors.items()}
    values["area"] = soma(0.5).area()
    values["ri"] = dend(0.5 / nseg).ri() if dendrite is not None else np.inf
    return values


@pytest.fixture(scope="module")
def cell(h):
    return simulate(h)


def recording(cell, factors=None, without=(), electrode=1.0, scale=1.0):
    # At an event CVODE gives a time twice: what comes after it is kept.
    keep = np.append(np.diff(cell["t"]) > 0, True)

    def signal(values, units, name):
        return neo.IrregularlySampledSignal(
            cell["t"][keep] * pq.ms, values[keep, None], units=units, name=name
        )

    area = cell["area"] * pq.um**2
    currents = []
    for name in [n for n in (*NAMES, "ipas") if n in cell and n not in without]:
        nano = cell[name] * (1.0 if name == "syn" else cell["area"] * 1e-2)
        currents.append(signal(nano * scale * (factors or {}).get(name, 1.0), "nA", name))
    stim = None if electrode is None else signal(cell["stim"] * electrode, "nA", "stim")
    return ncs.Recording(currents, signal(cell["v"], "mV", "v"), electrode=stim, area=area)


def judge(cell, **changes):
    return ncs.balance(recording(cell, **changes), CAPACITANCE)


def test_everything_is_there(cell):
    found = judge(cell)
    assert found.verdict.startswith("complete")
    assert found.unexplained < 1e-4
    assert cell["v"].max() > 20


@pytest.mark.parametrize("name", NAMES)
def test_an_inverted_sign(cell, name):
    found = judge(cell, factors={name: -1.0})
    assert found.verdict.startswith(f"sign looks inverted: '{name}'")
    assert found.diagnosis.inverted == (name,)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("factor, size", [(1e3, "large"), (1e-3, "small")])
def test_a_factor(cell, name, factor, size):
    found = judge(cell, factors={name: factor})
    assert found.verdict.startswith(
        f"off by a constant factor (unit or area): '{name}' is 1000 times too {size}"
    )


@pytest.mark.parametrize(
    "name, shape", [("ina", "spikes only"), ("ik", "spikes only"), ("il", "follows V"), ("syn", "other")]
)
def test_a_missing_current(cell, name, shape):
    found = judge(cell, without=[name])
    assert found.verdict.startswith("a current is missing")
    assert found.diagnosis.shape.kind == shape


def test_the_leak_is_that_of_hodgkin_and_huxley(cell):
    numbers = judge(cell, without=["il"]).diagnosis.shape.numbers
    g = (0.3 * pq.mS / pq.cm**2 * cell["area"] * pq.um**2).rescale("nS")
    assert float(numbers["g"].rescale("nS")) == pytest.approx(float(g), rel=0.01)
    assert float(numbers["E"]) == pytest.approx(-54.3, abs=0.1)


def test_the_electrode(cell):
    found = judge(cell, electrode=None)
    assert "it is constant, 50 pA inward, from 5" in found.verdict and "to 35 ms" in found.verdict
    assert judge(cell, electrode=-1.0).diagnosis.inverted == ("stim",)
    assert judge(cell, electrode=1e3).diagnosis.factors == {"stim": pytest.approx(1e3, rel=0.01)}


def test_all_currents_and_the_area(cell):
    assert judge(cell, scale=-1.0).verdict.startswith("sign looks inverted: all membrane currents")
    wrong = recording(cell)
    wrong.area = wrong.area * 2.5
    found = ncs.balance(wrong, CAPACITANCE)
    assert found.verdict.startswith("off by a constant factor (unit or area): the capacitance is 2.5 times")


@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize("dendrite", [(800, 1), (500, 5), (1000, 11)])
def test_the_axial_current_of_a_dendrite(h, active, dendrite):
    cell = simulate(h, dendrite, active)
    found = judge(cell)
    assert "the axial current of a multi-compartment cell" in found.verdict
    assert found.diagnosis.shape.kind == "axial"
    if dendrite[1] == 1:
        g = float(found.diagnosis.shape.numbers["g"].rescale("uS"))
        assert g == pytest.approx(1 / cell["ri"], rel=0.03)


def branched(h, dt):
    """A spiking soma of a cell with two excitable dendrites, one with a synapse; at a fixed step."""
    soma = h.Section(name="branched_soma")
    soma.L = soma.diam = 18
    soma.insert("hh")
    dends = [h.Section(name=f"branched_dend{k}") for k in range(2)]
    for k, dend in enumerate(dends):
        dend.L, dend.diam, dend.nseg = 250 + 150 * k, 1.5 + k, 7
        dend.connect(soma(k))
        dend.insert("hh")
        for segment in dend:
            segment.hh.gnabar, segment.hh.gkbar = 0.05, 0.012
    clamp, syn, source = h.IClamp(soma(0.5)), h.ExpSyn(dends[0](0.6)), h.NetStim()
    clamp.delay, clamp.dur, clamp.amp = 5, 50, 0.4
    syn.tau, source.start, source.interval, source.number, source.noise = 4, 12, 11, 4, 0
    connection = h.NetCon(source, syn)
    connection.weight[0] = 0.006
    refs = {"v": "_ref_v", "ina": "_ref_ina", "ik": "_ref_ik"}
    vectors = {key: h.Vector().record(getattr(soma(0.5), ref)) for key, ref in refs.items()}
    vectors |= {"il": h.Vector().record(soma(0.5).hh._ref_il), "stim": h.Vector().record(clamp._ref_i)}
    h.dt, h.steps_per_ms = dt, 1 / dt
    h.finitialize(-65)
    h.continuerun(60)
    h.dt, h.steps_per_ms = 0.025, 40
    return {key: np.array(vector)[1:] for key, vector in vectors.items()}, soma(0.5).area() * pq.um**2


@pytest.mark.parametrize("dt, every", [(0.025, 1), (0.025, 4), (0.1, 1)])
@pytest.mark.parametrize("electrode", [True, False])
def test_the_axial_current_is_called_before_any_current_is_accused(h, dt, every, electrode):
    # Active dendrites, and NEURON's currents as recorded, which lag a step: what flows into them is no
    # longer a multiple of anything, but it is taken while V rises and given back later.
    found, area = branched(h, dt)
    density = {"v": "mV", "stim": "nA"}
    signals = {
        key: neo.AnalogSignal(
            values[::every, None],
            units=density.get(key, "mA/cm**2"),
            sampling_period=dt * every * pq.ms,
            name=key,
        )
        for key, values in found.items()
    }
    stim = signals.pop("stim") if electrode else None
    voltage = signals.pop("v")
    recording = ncs.Recording(list(signals.values()), voltage, electrode=stim, area=area)
    balance = ncs.balance(recording, CAPACITANCE)
    assert voltage.magnitude.max() > 20
    assert balance.verdict.startswith("the axial current is missing"), balance.verdict
    assert balance.diagnosis.shape.kind == "axial"


@pytest.mark.parametrize("every", [1, 4])
def test_a_passive_membrane_does_not_spike_by_itself(h, every):
    # Of the middle of a passive dendrite only its leak is known: the spikes come from the soma.
    soma, dend = h.Section(name="spiking_soma"), h.Section(name="passive_dend")
    soma.L = soma.diam = 20
    soma.insert("hh")
    dend.L, dend.diam, dend.nseg = 260, 2, 5
    dend.connect(soma(1))
    dend.insert("pas")
    dend.e_pas = -65
    clamp = h.IClamp(soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = 5, 40, 0.4
    here = dend(0.5)
    vectors = [h.Vector().record(ref) for ref in (here._ref_v, here.pas._ref_i)]
    h.finitialize(-65)
    h.continuerun(50)
    v, leak = (np.array(vector)[1::every, None] for vector in vectors)
    step = 0.025 * every * pq.ms
    recording = ncs.Recording(
        neo.AnalogSignal(leak, units="mA/cm**2", sampling_period=step, name="leak"),
        neo.AnalogSignal(v, units="mV", sampling_period=step, name="v"),
    )
    assert v.max() > -20
    verdict = ncs.balance(recording, CAPACITANCE).verdict
    assert verdict.startswith("a current is missing: the axial current, if this is part of"), verdict
