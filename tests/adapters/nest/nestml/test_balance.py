"""Currents that are read from the equations of a model balance what was integrated without the adapter."""

import sys
from pathlib import Path

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import nest

pytest.importorskip("pynestml")

SPIKES = {"up_spikes": [(5.0, 8.0), (12.3, 12.0), (13.0, 9.0)], "low_spikes": [(20.0, 4.0)]}


def pulse(t):
    """350 pA from 15 to 35 ms."""
    return 350.0 if 15.0 <= t < 35.0 else 0.0


@pytest.fixture(scope="module")
def adapting(written, texts):
    """Events of a run with synapses, a pulse of current and a spike."""
    return written(texts.ADAPTING).run(45.0, spikes=SPIKES, current=pulse)


def injected(events):
    """What the pulse is in the steps that begin at the samples."""
    return np.array([pulse(t + 1e-9) for t in events["times"]]) * pq.pA


def worst(segment):
    """The largest residual as part of the peak current."""
    found = ncs.balance(ncs.Recording.from_segment(segment))
    return float(np.nanmax(np.abs(found.residual.magnitude)) / np.nanmax(found.terms.total))


def roles(segment):
    return {s.name: (s.annotations["role"], s.annotations.get("positive")) for s in segment.analogsignals}


def test_every_term_of_the_voltage_is_a_current(adapting, texts):
    segment = nest.to_segment(adapting, nestml=texts.ADAPTING, stimulus=injected(adapting))
    assert {n: p for n, (r, p) in roles(segment).items() if r == "current"} == dict.fromkeys(
        ["I_L", "I_up", "I_low", "I_adapt"], "outward"
    )
    assert worst(segment) < 2e-3
    # Without one of them it does not close.
    rec = ncs.Recording.from_segment(segment, currents=["I_L", "I_up", "I_adapt"])
    assert "missing" in ncs.balance(rec).verdict


def test_a_spike_and_the_pause_after_it_are_marked(adapting, texts):
    segment = nest.to_segment(adapting, nestml=texts.ADAPTING, stimulus=injected(adapting))
    (epoch,) = segment.epochs
    assert epoch.name == "clamped" and len(epoch) == 1
    v = adapting["V_m"]
    reset = adapting["times"][np.flatnonzero(np.diff(v) < -5)[0]]
    assert float(epoch.times[0]) == pytest.approx(reset, abs=0.06)
    assert float(epoch.durations[0]) == pytest.approx(1.6, abs=0.06)


def test_numbers_of_the_neuron_go_before_those_of_the_file(written, texts):
    changed = {"C_cell": 90.0, "g_rest": 14.0, "E_rest": -60.0}
    events = written(texts.ADAPTING, **changed).run(15.0, spikes=SPIKES)
    quiet = {"nestml": texts.ADAPTING, "stimulus": 0 * pq.pA}
    assert worst(nest.to_segment(events, parameters=changed, **quiet)) < 2e-3
    assert worst(nest.to_segment(events, **quiet)) > 0.2
    segment = nest.to_segment(events, parameters=changed, **quiet)
    voltage = next(s for s in segment.analogsignals if s.name == "V_m")
    assert voltage.annotations["capacitance"] == 90 * pq.pF


def test_the_sign_is_that_of_the_equation(written, texts):
    events = written(texts.THREE_SIGNS).run(25.0, spikes={"spikes": [(5.0, 8.0), (12.3, 12.0)]})
    segment = nest.to_segment(events, nestml=texts.THREE_SIGNS)
    assert roles(segment)["I_a"] == ("current", "outward")
    assert roles(segment)["I_b"] == ("current", "inward")
    rec = ncs.Recording.from_segment(segment)
    out, into = (rec.currents.magnitude[:, rec.names.index(name)] for name in ("I_a", "I_b"))
    assert out == pytest.approx(into) and out.min() < -100
    assert worst(segment) < 1e-2


def test_an_equation_may_be_written_in_any_form(written, texts):
    spikes = {"x_spikes": [(3.0, 200.0), (8.3, 120.0)], "y_spikes": [(5.0, 8.0)]}
    events = written(texts.FORM.format(texts.FORMS[0])).run(15.0, spikes=spikes, current=lambda t: 40.0)
    made = []
    for form in texts.FORMS:
        segment = nest.to_segment(events, nestml=texts.FORM.format(form), stimulus=40 * pq.pA)
        found = roles(segment)
        assert found["I_x"] == ("current", "inward") and found["I_e"] == ("electrode", "inward")
        assert {"I_x", "I_L", "I_syn_y"} == {n for n in found if found[n][0] == "current"}
        assert worst(segment) < 1e-3
        rec = ncs.Recording.from_segment(segment)
        assert float(rec.voltage.annotations["capacitance"]) == pytest.approx(150.0)
        made.append(rec.currents.magnitude)
    for currents in made[1:]:
        assert currents == pytest.approx(made[0], abs=1e-3 * np.abs(made[0]).max())


def test_what_is_declared_in_microsiemens_is_recorded_in_nanosiemens(written, texts):
    events = written(texts.THREE_SIGNS).run(2.0)
    segment = nest.to_segment(events, nestml=texts.THREE_SIGNS)
    g = next(s for s in segment.analogsignals if s.name == "g_c")
    assert g.dimensionality.string == "nS" and float(g[0, 0]) == pytest.approx(4 * np.exp(-0.1 / 5))
    assert worst(segment) < 1e-3


@pytest.fixture(scope="module")
def channels(written, texts):
    spikes = {"x_spikes": [(5.0, 8.0), (12.3, 12.0)], "y_spikes": [(15.0, 8.0)]}
    return written(texts.CHANNELS).run(30.0, spikes=spikes, current=lambda t: 50.0)


def test_gates_functions_and_parts_of_a_sum(channels, texts):
    with pytest.warns(ncs.CurrentscapeWarning, match="I_flag of channels_neuron needs 'open'"):
        segment = nest.to_segment(channels, nestml=texts.CHANNELS, stimulus=50 * pq.pA)
    found = roles(segment)
    assert found["I_both"] == ("other", None)
    assert {"I_K", "I_P", "I_L", "I_both_x", "I_both_y"} == {n for n in found if found[n][0] == "current"}
    assert worst(segment) < 1e-3
    assert "I_flag" in segment.annotations["not_derived"][0]


def test_a_sum_stands_for_parts_that_were_not_recorded(channels, texts):
    events = {name: values for name, values in channels.items() if name not in ("g_x", "g_y")}
    with pytest.warns(ncs.CurrentscapeWarning):
        segment = nest.to_segment(events, nestml=texts.CHANNELS, stimulus=50 * pq.pA)
    found = roles(segment)
    assert {"I_K", "I_P", "I_L", "I_both"} == {n for n in found if found[n][0] == "current"}
    assert ncs.balance(ncs.Recording.from_segment(segment)).unexplained < 0.02


def test_what_was_not_recorded_is_named(channels, texts):
    events = {name: values for name, values in channels.items() if name not in ("n", "g_x", "I_both")}
    with pytest.warns(
        ncs.CurrentscapeWarning, match=r"I_K, I_both_x of channels_neuron left out.*'n', 'g_x'"
    ):
        segment = nest.to_segment(events, nestml=texts.CHANNELS, stimulus=50 * pq.pA)
    assert len(segment.annotations["not_derived"]) == 3


def test_a_voltage_of_another_name_without_capacitance(written, texts):
    events = written(texts.PLAIN).run(30.0, spikes={"spikes": [(5.0, 8.0), (12.3, 12.0)]})
    segment = nest.to_segment(events, nestml=texts.PLAIN, stimulus=0 * pq.mV)
    found = {s.name: s for s in segment.analogsignals}
    assert set(found) == {"v", "I_L", "I_syn"}
    assert found["I_L"].dimensionality.string == "mV"
    assert found["v"].annotations["capacitance"] == 1 * pq.ms
    # What makes V jump by 8 mV in a step of 0.1 ms.
    assert float(found["I_syn"].min()) == pytest.approx(-120.0, rel=0.02)
    assert np.count_nonzero(found["I_syn"].magnitude) == 2


SHIPPED = Path(sys.prefix) / "models" / "neurons"


@pytest.mark.slow
@pytest.mark.filterwarnings("default::neo_currentscape.CurrentscapeWarning")
@pytest.mark.parametrize(
    "name, spikes, amplitude, step, bound",
    [
        ("iaf_psc_alpha", {"exc_spikes": [(5.0, 200.0)], "inh_spikes": [(9.0, 90.0)]}, 500.0, 0.1, 2e-4),
        ("aeif_psc_exp", {"exc_spikes": [(5.0, 200.0)], "inh_spikes": [(9.0, 90.0)]}, 900.0, 0.1, 1e-3),
        ("wb_cond_multisyn", {"AMPA": [(5.0, 9.0)], "GABA_A": [(9.0, 9.0)]}, 60.0, 0.02, 5e-3),
        ("hill_tononi", {"AMPA": [(5.0, 3.0)], "GABA_B": [(9.0, 9.0)]}, 0.0, 0.1, 2e-4),
    ],
)
def test_models_that_come_with_nestml(written, name, spikes, amplitude, step, bound):
    path = SHIPPED / f"{name}_neuron.nestml"
    if not path.exists():
        pytest.skip("PyNESTML is not installed with its models")
    model = written(path.read_text())
    events = model.run(20.0, spikes=spikes, current=lambda t: amplitude * (t >= 3 - 1e-9), step=step)
    stimulus = amplitude * (events["times"] >= 3 - 1e-9) * pq.pA
    segment = nest.to_segment(events, nestml=path, stimulus=stimulus, resolution=step * pq.ms)
    assert worst(segment) < bound
    assert (name == "hill_tononi") == ("not_derived" in segment.annotations)
