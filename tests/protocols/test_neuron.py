"""Runs on NEURON: the balance of currents, who carries what, and templates."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
)
from neo_currentscape.protocols.carriers import sag_carriers

pytestmark = pytest.mark.neuron
pytest.importorskip("neuron")

SHORT = {"onset": 20 * pq.ms, "duration": 60 * pq.ms, "tail": 20 * pq.ms}


def test_a_compartment_and_its_section(h, cell):
    soma = cell().soma[0]
    here = protocols.run_passive(soma(0.5), -20 * pq.pA, **SHORT)
    there = protocols.run_passive(soma, -20 * pq.pA, **SHORT)
    assert here.r_in == there.r_in
    assert ncs.balance(here.recording).unexplained < 1e-9
    assert len(h.List("IClamp")) == 0 and h.dt == 0.025


def test_the_changes_of_the_sag_add_up(cell):
    found = protocols.run_passive(cell(), -20 * pq.pA, **SHORT)
    carriers = found.carriers
    times = found.recording.times.rescale("ms").magnitude
    at = [np.abs(times - found.trace.times[k]).argmin() for k in (found.peak, found.step.final)]
    by_hand = -(found.recording.currents[at[1]] - found.recording.currents[at[0]]).magnitude
    assert carriers.effect.magnitude == pytest.approx(by_hand)
    # C dV/dt is 0 at the end, and within one step of 0 at the peak.
    assert abs(by_hand.sum()) < 0.01 * np.abs(by_hand).max()
    assert carriers.carrier == carriers.names[int(by_hand.argmax())] == "ina_hh"
    assert carriers.parts.sum() == pytest.approx(1)
    assert "carries 86%" in str(carriers)


def test_without_sag_nothing_carries_it(h):
    soma = h.Section(name="soma")
    soma.L = soma.diam = 20
    soma.insert("pas")
    soma.e_pas = -65
    found = protocols.run_passive(soma, -10 * pq.pA, **SHORT)
    area = np.pi * 20 * 20 * 1e-8
    assert float(found.r_in.rescale("Mohm")) == pytest.approx(1e-6 / (0.001 * area), rel=0.01)
    assert found.carriers is None
    with pytest.raises(SignalError, match="has no sag"):
        sag_carriers(found)
    found.plot()


def test_the_charge_to_the_first_spike_adds_up(cell):
    found = protocols.run_clamp(cell(), 0.1 * pq.nA, **SHORT)
    effect = found.carriers.effect.rescale("pC").magnitude
    # C dV + sum of charges = injected charge, from the onset to the beginning of the spike.
    from neo_currentscape.protocols.carriers import takeoff

    trace, step = found.trace, found.step
    begin = takeoff(trace.times, trace.voltage, step.rest, int(found.spike_indices[0]))
    lifted = np.pi * 20 * 20 * 1e-8 * 1e3 * (trace.voltage[begin] - trace.voltage[step.rest])
    injected = 0.1 * (trace.times[begin] - trace.times[step.rest])
    assert injected + effect.sum() == pytest.approx(lifted, rel=0.05)
    assert found.carriers.carrier == "ina_hh" and found.carriers.opponent == "ik_hh"
    assert np.diff(trace.voltage)[begin - 1] <= 0.25 < np.diff(trace.voltage)[begin + 1]


def test_admittances_add_up_to_that_of_the_cell(cell):
    found = protocols.run_zap(cell(), 5 * pq.pA, f_stop=150 * pq.Hz, duration=2 * pq.s, onset=50 * pq.ms)
    names, values = found.admittances(found.recording)
    assert names == ["ik_hh", "il_hh", "ina_hh", "capacitive"] or "capacitive" in names
    total = 1 / found.impedance.magnitude
    assert np.abs(values.sum(axis=1) - total).max() < 1e-9 * np.abs(total).max()
    # The capacitance has the admittance of the backward difference.
    f = found.frequencies.magnitude
    c = np.pi * 20 * 20 * 1e-8 * 1e3
    shown, inner = np.imag(values[:, names.index("capacitive")]), (f > 40) & (f < 140)
    assert np.median(shown[inner] / (2 * np.pi * f[inner] * 1e-3 * c)) == pytest.approx(1, rel=0.01)
    low, high = (part.real for part in (np.abs(total[found.low_bins]), np.abs(total[found.resonance_bins])))
    assert found.carriers.effect.sum() == pytest.approx(low.mean() - high.mean(), rel=1e-6)
    assert found.carriers.carrier == "ik_hh"


def test_a_cell_that_drifts_is_run_again_after_a_longer_rest(h):
    soma = h.Section(name="slow")
    soma.L = soma.diam = 30
    soma.insert("pas")
    soma.g_pas, soma.e_pas = 2e-6, -72  # a time constant of 500 ms
    area = np.pi * 30 * 30 * 1e-8
    options = {"f_stop": 8 * pq.Hz, "duration": 4 * pq.s, "dt": 0.1 * pq.ms}

    def truth(found):
        f = found.frequencies.magnitude[found.low_bins.start :]
        return 1 / np.abs(2e-6 + 2j * np.pi * f * 1e-6) / area * 1e-6, f

    found = protocols.run_zap(soma(0.5), 2 * pq.pA, v_init=-64 * pq.mV, **options)
    z, f = truth(found)
    off = np.abs(found.magnitude.magnitude[found.low_bins.start :] / z - 1)[f < 6]
    assert found.trace.told.onset == 10000 and off.max() < 0.12
    with pytest.warns(CurrentscapeWarning, match="mV to settle when the chirp began"):
        told = protocols.run_zap(soma(0.5), 2 * pq.pA, v_init=-64 * pq.mV, onset=200 * pq.ms, **options)
    # What it had still to settle was taken out.
    assert np.abs(told.magnitude.magnitude[told.low_bins.start :] / z - 1)[f < 6].max() < 0.12
    resting = protocols.run_zap(soma(0.5), 2 * pq.pA, v_init=-72 * pq.mV, **options)
    assert resting.trace.told.onset == 200


def test_fi_with_the_currents_at_the_rheobase(cell):
    found = protocols.run_fi(cell(), np.arange(0, 0.11, 0.02) * pq.nA, **SHORT)
    assert len(found.runs) == 6 and found.counts[0] == 0
    assert 0 < float(found.rheobase) < 0.1 and found.carriers.carrier == "ina_hh"
    assert found.recording.names == found.rheobase_run.recording.names
    figure = found.plot()
    assert [type(panel).__name__ for panel in figure.panels][0] == "FIPanel"
    assert "CarriersPanel" in [type(panel).__name__ for panel in figure.panels]


def test_a_hoc_template_and_a_dendrite(h):
    if not hasattr(h, "NcsProtocolCell"):
        h("""
            begintemplate NcsProtocolCell
            public soma, dend, all
            create soma, dend
            objref all
            proc init() {
                soma { L = 20 diam = 20 insert hh }
                dend { L = 200 diam = 2 nseg = 5 insert pas }
                connect dend(0), soma(1)
                all = new SectionList()
                soma all.append()
                dend all.append()
            }
            endtemplate NcsProtocolCell
        """)
    soma = protocols.run_passive("NcsProtocolCell", -20 * pq.pA, **SHORT)
    dend = protocols.run_passive("NcsProtocolCell", -20 * pq.pA, inject=("dend", 0, 0.9), **SHORT)
    # What is injected far away moves the soma less, and moves the dendrite as reciprocity has it.
    assert 0 < dend.r_in < soma.r_in
    back = protocols.run_passive(
        "NcsProtocolCell", -20 * pq.pA, record=("dend", 0, 0.9), inject="soma", **SHORT
    )
    assert float(dend.r_in) == pytest.approx(float(back.r_in), rel=0.05)
    assert "ina_hh" in dend.recording.names and "i_pas" in back.recording.names
    assert "axial" in " ".join(s.annotations["role"] for s in dend.trace.segment.analogsignals)


def test_cvode(h, cell):
    fixed = protocols.run_passive(cell(), -20 * pq.pA, **SHORT)
    h.CVode().active(True)
    h.CVode().atol(1e-6)
    found = protocols.run_passive(cell(), -20 * pq.pA, **SHORT)
    assert found.trace.segment.irregularlysampledsignals
    assert float(found.r_in) == pytest.approx(float(fixed.r_in), rel=1e-3)
    assert float(found.tau_by("interpolated")) == pytest.approx(
        float(fixed.tau_by("interpolated")), rel=0.05
    )
    with pytest.raises(ArgumentError, match="CVODE is active"):
        protocols.run_zap(cell(), f_stop=20 * pq.Hz, duration=100 * pq.ms)


def test_what_cannot_be_run_is_named(h, cell):
    with pytest.raises(SelectionError, match="no template 'NoSuchCell'"):
        protocols.run_passive("NoSuchCell")
    with pytest.raises(SelectionError, match="section of the cell 'apical'"):
        protocols.run_passive(cell(), record="apical")
    with pytest.raises(SelectionError, match="there is no number 3"):
        protocols.run_passive(cell(), record=("soma", 3))
    with pytest.raises(ArgumentTypeError, match="not on int"):
        protocols.run_passive(3)
    with pytest.raises(ArgumentError, match="amplitude is 0"):
        protocols.run_passive(cell(), 0 * pq.nA)
    with pytest.raises(ArgumentError, match="no rest before"):
        protocols.run_passive(cell(), onset=0 * pq.ms)
    with pytest.raises(ArgumentTypeError, match="Quantity of several"):
        protocols.run_fi(cell(), [0.1, 0.2])


def test_what_the_recorder_is_to_know_is_handed_on(h):
    soma = h.Section(name="soma")
    soma.L = soma.diam = 20
    soma.insert("pas")
    soma.insert("fastpas")
    with pytest.raises(SelectionError, match="'fastpas'.*unknown='each'"):
        protocols.run_passive(soma, **SHORT)
    found = protocols.run_passive(soma, unknown="each", **SHORT)
    assert [name for name in found.recording.names if name.endswith("(rest)")] == ["fastpas (rest)"]


@pytest.mark.parametrize(
    "run", [protocols.run_passive, protocols.run_clamp, protocols.run_fi, protocols.run_zap]
)
def test_keywords_that_there_are_not(cell, run):
    amplitudes = [] if run is protocols.run_passive else [0.1 * pq.nA]
    with pytest.raises(
        TypeError, match=rf"^Unknown option of {run.__name__} 'unknwon': did you mean 'unknown'\?"
    ):
        run(cell(), *amplitudes, unknwon="each")
    with pytest.raises(
        TypeError, match=rf"^Unknown option of {run.__name__} 'durration': did you mean 'duration'"
    ):
        run(cell(), *amplitudes, durration=5 * pq.ms)
