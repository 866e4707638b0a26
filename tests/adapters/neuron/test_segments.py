"""What the Segment holds: names, units, roles, areas, sites, times."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeWarning

pytestmark = pytest.mark.neuron


@pytest.fixture
def recorded(h, soma, run, drive, inject):
    """A run of a soma with a dendrite, its Recorder, and what keeps the model alive."""
    soma.insert("ncs_cal")
    soma.insert("ncs_cadyn")
    dendrite = h.Section(name="dend")
    dendrite.L, dendrite.nseg = 100, 3
    dendrite.insert("pas")
    dendrite.connect(soma(1))
    synapses = drive(h.ExpSyn(soma(0.5)), h.NcsCaSynShown(soma(0.5)))
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder([soma(0.5), dendrite])
    run("fixed")
    return recorder, synapses, clamp


def test_names_and_roles(recorded, signals):
    recorder, synapses, clamp = recorded
    found = signals(neuron.to_segment(recorder), "soma(0.5)")
    roles = {name: signal.annotations["role"] for name, signal in found.items()}
    assert roles == {
        "v": "voltage",
        "ina_hh": "current",
        "ik_hh": "current",
        "il_hh": "current",
        "ica_ncs_cal": "current",
        synapses[0].hname(): "current",
        f"{synapses[1].hname()}.i": "current",
        f"{synapses[1].hname()}.ica": "current",
        clamp.hname(): "electrode",
        "i_cap": "capacitive",
        "i_axial": "axial",
        "cai": "ion",
    }


def test_annotations_units_and_times(recorded, soma, signals):
    recorder = recorded[0]
    segment = recorder.to_segment()
    assert recorder.sites == ["soma(0.5)", "dend(0.166667)", "dend(0.5)", "dend(0.833333)"]
    inward = {"electrode", "axial"}
    for signal in segment.analogsignals:
        role = signal.annotations["role"]
        assert signal.shape == (800, 1)
        assert signal.t_start == 0.025 * pq.ms and signal.sampling_period == 0.025 * pq.ms
        if role not in ("voltage", "ion"):
            assert signal.units == pq.nA
            assert signal.annotations["positive"] == ("inward" if role in inward else "outward")
    area = signals(segment, "soma(0.5)")["ina_hh"].annotations["area"]
    assert float(area.rescale("um**2")) == pytest.approx(soma(0.5).area())
    assert signals(segment, "soma(0.5)")["cai"].units == pq.mM


def test_densities_are_currents_over_area(recorded, soma, signals):
    recorder = recorded[0]
    absolute = signals(recorder.to_segment(), "soma(0.5)")
    density = signals(recorder.to_segment(density=True), "soma(0.5)")
    for name in ("ina_hh", "i_cap", "i_axial", recorded[1][0].hname(), recorded[2].hname()):
        expected = (absolute[name] / (soma(0.5).area() * pq.um**2)).rescale("mA/cm**2")
        np.testing.assert_allclose(density[name].rescale("mA/cm**2").magnitude, expected.magnitude)


@pytest.mark.parametrize("density", [False, True])
def test_voltage_carries_what_its_capacitive_current_is_made_of(recorded, signals, density):
    found = signals(recorded[0].to_segment(density=density), "soma(0.5)")
    v, i_cap = found["v"], found["i_cap"]
    assert v.annotations["derivative"] == "backward"
    expected = v.annotations["capacitance"] * (np.diff(v.magnitude, axis=0) * pq.mV) / (0.025 * pq.ms)
    np.testing.assert_allclose(
        expected.rescale(i_cap.units).magnitude,
        i_cap.magnitude[1:],
        atol=1e-9 * np.abs(i_cap.magnitude).max(),
    )


def test_recording_and_balance_take_it_as_it_is(recorded):
    recorder = recorded[0]
    for density in (False, True):
        recording = ncs.Recording.from_segment(recorder.to_segment(density=density), site="soma(0.5)")
        assert len(recording.names) == 7
        assert recording.ions.shape == (800, 1)
        assert ncs.balance(recording).unexplained < 1e-9


def test_every_keeps_one_in_so_many(recorded, signals):
    recorder = recorded[0]
    all_of_it, some = (signals(recorder.to_segment(every=n), "soma(0.5)")["ina_hh"] for n in (1, 8))
    np.testing.assert_array_equal(some.magnitude, all_of_it.magnitude[::8])
    assert some.sampling_period == 0.2 * pq.ms and some.t_start == all_of_it.t_start
    with pytest.raises(ArgumentError, match="every=0"):
        recorder.to_segment(every=0)


def test_variable_steps_keep_both_sides_of_a_jump(h, soma, run, drive, signals):
    synapse = drive(h.ExpSyn(soma(0.5)), start=5.01)[0]
    recorder = neuron.Recorder(soma(0.5))
    run("global")
    current = signals(recorder.to_segment())[synapse.hname()]
    assert isinstance(current, neo.IrregularlySampledSignal)
    times, values = np.asarray(current.times), np.asarray(current.magnitude)[:, 0]
    assert (np.diff(times) > 0).all()
    at = int(np.argmin(np.abs(times - 6.01)))
    at += int(times[at] < 6.01)
    assert times[at] == pytest.approx(6.01, abs=1e-12)
    assert values[at - 1] == 0 and values[at] < -0.1  # before and after the event
    assert 0 < times[at] - times[at - 1] < 1e-8
    with pytest.raises(ArgumentError, match="every= is for runs with a fixed step"):
        recorder.to_segment(every=2)


def test_local_steps_give_each_cell_its_own_times(h, soma, run, drive, signals):
    other = h.Section(name="other")
    other.insert("hh")
    drive(h.ExpSyn(soma(0.5)))
    recorder = neuron.Recorder([soma(0.5), other(0.5)])
    run("local")
    segment = recorder.to_segment()
    lengths = [len(signals(segment, site)["v"]) for site in recorder.sites]
    assert lengths[0] > lengths[1]


def test_a_step_that_changes_gives_irregular_times(h, soma, missed):
    recorder = neuron.Recorder(soma(0.5))
    h.finitialize(-55)
    for dt, stop in ((0.025, 5), (0.1, 10)):
        h.dt = dt
        while h.t < stop - dt / 2:
            h.fadvance()
    segment = recorder.to_segment()
    assert not segment.analogsignals
    assert missed(segment) < 1e-9


def test_later_runs_do_not_change_earlier_segments(h, soma, run, signals):
    recorder = neuron.Recorder(soma(0.5))
    run("fixed", v_init=-65)
    first = signals(recorder.to_segment())["v"]
    kept = first.magnitude.copy()
    run("fixed", v_init=-40)
    np.testing.assert_array_equal(first.magnitude, kept)
    assert signals(recorder.to_segment())["v"].magnitude[0, 0] > -50


def test_what_was_not_found_is_reported(h, soma, inject):
    """A step that changes its method in the middle cannot be set right, and says so."""
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    h.finitialize(-65)
    h.continuerun(4)
    h.CVode().active(True)
    h.continuerun(10)
    h.CVode().active(False)
    with pytest.warns(CurrentscapeWarning, match=r"soma\(0.5\) miss the balance by up to"):
        recorder.to_segment()
    assert clamp.amp == 0.3


@pytest.mark.slow
def test_a_thousand_compartments(h, soma, run, inject, missed):
    axons = []
    for number in range(10):
        axon = h.Section(name=f"axon[{number}]")
        axon.nseg, axon.L, axon.diam = 101, 1000, 1
        for name in ("hh", "ncs_cal", "ncs_ghk", "ncs_krange"):
            axon.insert(name)
        axon.connect(soma(1))
        axons.append(axon)
    clamp = inject(soma(0.5), amp=1)
    recorder = neuron.Recorder([soma, *axons])
    run("fixed", t_stop=5)
    segment = recorder.to_segment()
    assert len(recorder.sites) == 1011
    assert max(missed(segment, site) for site in (recorder.sites[0], "axon[4](0.5)")) < 1e-9
    assert clamp.amp == 1
