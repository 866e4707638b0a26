"""MOD files of every kind: their currents against their equations, and against NEURON's own balance."""

import numpy as np
import pytest

from neo_currentscape.adapters import neuron
from neo_currentscape.adapters.neuron.jumps import undone
from neo_currentscape.adapters.neuron.segments import sides_of_jumps
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeWarning,
    SelectionError,
)

pytestmark = pytest.mark.neuron


def logistic(x):
    return 1 / (1 + np.exp(-x))


#: Densities in mA/cm2 of mechanisms that hide or shift what they do, as functions of v (mV) and t (ms).
DENSITIES = {
    "ncs_timed": ("ca", lambda v, t, s: 1e-4 * np.sin(t) * (v - s.eca)),
    "ncs_exchange": ("ca", lambda v, t, s: 3e-5 * (1 + 0.01 * v)),
    "ncs_set_e": ("na", lambda v, t, s: 4e-4 * (v - 31 - 2 * np.log(s.nai)) * logistic((v + 20) / 9)),
    "ncs_sized": ("k", lambda v, t, s: 3e-4 * _size(s) * logistic((v + 35) / 6) * (v - s.ek)),
    "ncs_sharp": (None, lambda v, t, s: np.where(v > -58, 2e-4 * (v - 35), 0.0)),
    "ncs_hinted": (None, lambda v, t, s: 3e-4 * logistic((v + 40) / 5) * (v + 80)),
}


def _size(segment):
    return segment.diam / 20 + segment.area() / 900 + 0.025


def column(signal):
    return np.asarray(signal.magnitude)[:, 0]


@pytest.fixture
def full(h, soma, inject):
    """A spiking compartment of a size of its own, with a hidden current of each ion besides."""
    soma.L, soma.diam = 15, 17
    for name in ("ncs_cal", "ncs_krange"):
        soma.insert(name)
    clamp = inject(soma(0.5), amp=0.2)
    yield soma
    assert clamp.amp == 0.2


def _record(h, soma, run, method):
    recorder = neuron.Recorder(soma(0.5))
    v, t = (h.Vector().record(x) for x in (soma(0.5)._ref_v, h._ref_t))
    run(method)
    segment = recorder.to_segment()
    return segment, v.as_numpy().copy(), t.as_numpy().copy()


@pytest.mark.parametrize("name", DENSITIES)
def test_fixed_step_gives_the_equation_and_its_quotient(h, full, run, signals, missed, name):
    """i(v) at the start of the step, and NEURON's quotient over 0.001 mV for the rest of it."""
    full.insert(name)
    ion, equation = DENSITIES[name]
    segment, v, t = _record(h, full, run, "fixed")
    before, after, time = v[:-1], v[1:], t[1:] - 0.0125
    value = equation(before, time, full(0.5))
    slope = (equation(before + 1e-3, time, full(0.5)) - value) / 1e-3
    if name == "ncs_hinted":
        slope = 3e-4 * logistic((before + 40) / 5)
    expected = (value + slope * (after - before)) * full(0.5).area() * 1e-2
    found = column(signals(segment)[f"i{ion or ''}_{name}"])
    rounding = 2e-7 if name == "ncs_sized" else 1e-8  # of a table in the one, of the quotient in both
    scale = np.abs(expected).max()
    if name == "ncs_sized":
        rounding = 2e-3  # a table of half millivolts is no exponential
    np.testing.assert_allclose(found, expected, rtol=0, atol=rounding * scale)
    assert missed(segment) < 1e-9


@pytest.mark.parametrize("name", ["ncs_timed", "ncs_exchange", "ncs_set_e", "ncs_hinted"])
def test_variable_steps_give_the_equation(h, full, run, signals, missed, name):
    full.insert(name)
    ion, equation = DENSITIES[name]
    segment, v, t = _record(h, full, run, "global")
    expected = equation(v, t, full(0.5)) * full(0.5).area() * 1e-2
    found = column(signals(segment)[f"i{ion or ''}_{name}"])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    assert missed(segment) < 1e-9


@pytest.mark.parametrize("method", ["fixed", "global", "local"])
def test_a_global_is_shared_with_the_copy(h, full, run, signals, missed, method):
    """Two hidden currents of one ion, each scaled by a GLOBAL that stays as it is."""
    h.celsius = 31
    full.insert("ncs_tadj")
    gate = h.Vector().record(full(0.5)._ref_n_ncs_tadj)
    segment, v, _ = _record(h, full, run, method)
    n = gate.as_numpy()
    n, v = (n[:-1], v[1:]) if method == "fixed" else (n, v)
    expected = 2.1**0.9 * 0.003 * n * (v - full(0.5).ek) * full(0.5).area() * 1e-2
    found = column(signals(segment)["ik_ncs_tadj"])
    if method != "fixed":
        # Samples at one time are two sides of a jump; here nothing jumps.
        found = found[: len(expected)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    assert {"ik_hh", "ik_ncs_krange"} < set(signals(segment))
    assert missed(segment) < 1e-9


def test_a_reversal_potential_of_its_own(h, full, run, signals, missed):
    """`ena` that does not stand under READ is the mechanism's, though the ion has another."""
    full.insert("ncs_own_e")
    g = h.Vector().record(full(0.5)._ref_g_ncs_own_e)
    segment, v, _ = _record(h, full, run, "fixed")
    assert full(0.5).ena == 50
    expected = g.as_numpy()[1:] * (v[1:] - 43) * full(0.5).area() * 1e-2
    found = column(signals(segment)["ina_ncs_own_e"])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    assert np.abs(expected).max() > 0.1 and missed(segment) < 1e-9


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_an_ion_current_set_when_states_are_advanced(h, full, run, signals, missed, method):
    """What NEURON adds up is the value that stood there before; the variable shows the next one."""
    full.insert("ncs_late_ion")
    shown = h.Vector().record(full(0.5)._ref_ica_ncs_late_ion)
    segment, _, _ = _record(h, full, run, method)
    found = column(signals(segment)["ica_ncs_late_ion"])
    expected = shown.as_numpy() * full(0.5).area() * 1e-2
    assert missed(segment) < 1e-9 and "ica_other" not in signals(segment)
    if method == "fixed":
        np.testing.assert_allclose(found, expected[:-1], rtol=0, atol=1e-12 * np.abs(expected).max())
    assert np.abs(found).max() > 0.05


def test_a_reversal_potential_made_at_the_start(h, full, run, signals, missed):
    """Two variables that NEURON does not show: INITIAL tells them, once and for all."""
    full.insert("ncs_first")
    gate = h.Vector().record(full(0.5)._ref_m_ncs_first)
    segment, v, _ = _record(h, full, run, "fixed")
    area, m = full(0.5).area() * 1e-2, gate.as_numpy()[:-1]
    for name, scale, e in (("ina", 1, 30 + 4 * h.celsius), ("i", 0.3, -50 - 4 * h.celsius)):
        expected = scale * 0.002 * m * (v[1:] - e) * area
        found = column(signals(segment)[f"{name}_ncs_first"])
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    assert missed(segment) < 1e-9


def test_blocks_before_and_after_the_step(h, full, run, signals, missed):
    """NEURON's quotient does not move what BEFORE BREAKPOINT set; AFTER SOLVE sets what flows next."""
    full.insert("ncs_blocks")
    first, second = (h.Vector().record(full(0.5).ncs_blocks._ref_s[index]) for index in (0, 1))
    segment, v, _ = _record(h, full, run, "fixed")
    old, new, found = v[:-1], v[1:], signals(segment)
    gate = first.as_numpy()[:-1] + 3 * second.as_numpy()[:-1]
    expected = {
        "i": 2e-4 * (1 + 0.01 * old) ** 2 * (new + 12),
        "j": np.concatenate(([0.0], 1e-4 * (old[1:] + 25))),
        "k": 1e-4 * gate * (new + 15),
    }
    for name, values in expected.items():
        here = values * full(0.5).area() * 1e-2
        scale = np.abs(here).max()
        np.testing.assert_allclose(column(found[f"{name}_ncs_blocks"]), here, rtol=0, atol=1e-8 * scale)
    assert missed(segment) < 1e-9


def test_a_conductance_that_is_moved_at_each_evaluation(h, soma, run, missed, signals):
    """What flowed is what the balance leaves, and that is said before the run."""
    synapse = h.NcsGraded(soma(0.5))
    with pytest.warns(CurrentscapeWarning, match=r"'i' of 'NcsGraded.*BREAKPOINT moves g each time"):
        recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    segment = recorder.to_segment()
    assert f"{synapse.hname()} (rest)" in signals(segment) and missed(segment) < 1e-9


def test_a_density_that_watches_another_membrane_in_parts(h, full, run, signals, missed):
    other = h.Section(name="other")
    other.insert("hh")
    full.insert("ncs_watch")
    h.setpointer(other(0.5)._ref_v, "seen", full(0.5).ncs_watch)
    seen = h.Vector().record(other(0.5)._ref_v)
    recorder = neuron.Recorder(full(0.5), parts={"ncs_watch": ("i_one", "i_two")})
    run("fixed")
    segment = recorder.to_segment()
    found = signals(segment)
    one = 1e-4 * (column(found["v"]) - seen.as_numpy()[:-1]) * full(0.5).area() * 1e-2
    np.testing.assert_allclose(column(found["i_one_ncs_watch"]), one, rtol=0, atol=1e-9 * np.abs(one).max())
    assert "i_two_ncs_watch" in found and "i_ncs_watch" not in found and missed(segment) < 1e-9


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_a_current_that_only_events_set(h, soma, run, drive, signals, missed, method):
    (synapse,) = drive(h.NcsKick(soma(0.5)), weight=0.1)
    recorder = neuron.Recorder(soma(0.5))
    run(method)
    segment = recorder.to_segment()
    assert set(np.unique(column(signals(segment)[synapse.hname()]))) == {-0.1, 0.0}
    assert missed(segment) < 1e-9


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_a_current_that_is_a_state(h, soma, run, drive, signals, missed, method):
    """A fixed step begins with the state before it, events included, and shows the one after it."""
    (synapse,) = drive(h.NcsState(soma(0.5)), weight=0.3)
    recorder = neuron.Recorder(soma(0.5))
    run(method)
    segment = recorder.to_segment()
    found = column(signals(segment)[synapse.hname()])
    assert missed(segment) < 1e-9 and found.min() < -0.3
    if method == "fixed":
        first = np.flatnonzero(found)[0]
        np.testing.assert_allclose(found[first : first + 2], [-0.3, -0.3 * np.exp(-0.025 / 2.3)], rtol=1e-9)


@pytest.mark.parametrize("kind", ["NcsLate", "NcsTwice", "NcsLoops", "NcsNMDA", "NcsDrawn", "NcsParts"])
def test_synapses_at_a_fixed_step(h, soma, run, drive, inject, missed, signals, kind):
    """Currents set before, in or after the step, with loops, arrays, and events in the middle of a run."""
    (synapse,) = drive(getattr(h, kind)(soma(0.5)), weight=0.02)
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    segment = recorder.to_segment()
    assert np.abs(column(signals(segment)[synapse.hname()])).max() > 1e-2
    assert missed(segment) < 1e-9
    assert clamp.amp == 0.3


def test_a_current_set_when_states_are_advanced_is_what_variable_steps_leave(h, soma, run, drive, signals):
    """NEURON adds up what stood in `i` at the evaluation before, so about what the states tell."""
    (synapse,) = drive(h.NcsLate(soma(0.5)), weight=0.02)
    v, t, a, b = (
        h.Vector().record(x) for x in (soma(0.5)._ref_v, h._ref_t, synapse._ref_a, synapse._ref_b)
    )
    recorder = neuron.Recorder(soma(0.5))
    run("global")
    rest = signals(recorder.to_segment())[f"{synapse.hname()} (rest)"]
    assert rest.array_annotations["remainder"].tolist() == [True]
    kept, _ = sides_of_jumps(t.as_numpy())
    expected = (0.6 * (b.as_numpy() - a.as_numpy()) * (v.as_numpy() + 4))[kept]
    off = np.abs(column(rest) - expected)
    assert np.quantile(off, 0.9) < 0.05 * np.abs(expected).max() and np.abs(expected).max() > 0.1


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_random_numbers_behind_a_pointer(h, soma, run, drive, missed, method):
    (synapse,) = drive(h.NcsDrawn(soma(0.5)), weight=0.05)
    draws = h.Random(3)
    draws.uniform(0.2, 1)
    synapse.take(draws)
    recorder = neuron.Recorder(soma(0.5))
    run(method)
    assert missed(recorder.to_segment()) < 1e-9


def test_what_a_pointer_points_to_is_given_to_the_copy(h, soma, run, inject, missed, signals):
    """The current names a POINTER, set before the Recorder is made; a second POINTER is never set."""
    other = h.Section(name="other")
    other.L = other.diam = 20
    other.insert("hh")
    synapse = h.NcsPointed(soma(0.5))
    h.setpointer(other(0.5)._ref_v, "pre", synapse)
    clamp = inject(other(0.5), amp=0.3, dur=3)
    recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9
    assert np.abs(column(signals(segment)[synapse.hname()])).max() > 0.01
    assert clamp.amp == 0.3


def test_a_threshold_between_two_voltages_of_the_quotient(h, soma, run, missed):
    """Just below its threshold NEURON's quotient reaches across, and holds the voltage there."""
    section = h.Section(name="passive")
    section.L = section.diam = 20
    for name in ("pas", "ncs_sharp"):
        section.insert(name)
    section.e_pas = -50
    section.edge_ncs_sharp = 100
    v = h.Vector().record(section(0.5)._ref_v)
    run("fixed", v_init=-75)
    section.edge_ncs_sharp = v[150] + 0.0004
    recorder = neuron.Recorder(section(0.5))
    run("fixed", v_init=-75)
    near = section.edge_ncs_sharp - v.as_numpy()
    assert ((near > 0) & (near < 1e-3)).sum() > 10
    assert missed(recorder.to_segment()) < 1e-9


def test_arrays_that_no_current_reads_are_not_recorded(h, soma):
    synapse = h.NcsLoops(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    assert not any("past" in key for key in recorder._run._tape._vectors)
    assert synapse.past[0] == 0


def test_a_source_of_another_mechanism_is_refused(h, soma):
    soma.insert("ncs_cal")
    text = "NEURON { SUFFIX ncs_krange USEION k WRITE ik } ASSIGNED { v ik } BREAKPOINT { ik = 0 }"
    with pytest.raises(SelectionError, match="'ncs_cal' describes 'ncs_krange'"):
        neuron.Recorder(soma(0.5), sources={"ncs_cal": text})
    with pytest.raises(SelectionError, match="'ncs_cal' has no NEURON block"):
        neuron.Recorder(soma(0.5), sources={"ncs_cal": ": nothing {}"})


def test_a_given_file_is_read_with_what_it_includes(h, soma, tmp_path):
    (tmp_path / "cal.mod").write_text('NEURON { SUFFIX ncs_cal RANGE gbar }\nINCLUDE "more.inc"\n')
    (tmp_path / "more.inc").write_text("NEURON { USEION ca READ eca WRITE ica }\nBREAKPOINT { ica = 0 }\n")
    soma.insert("ncs_cal")
    sources = {"ncs_cal": str(tmp_path / "cal.mod")}
    assert [c.label for c in neuron.Recorder(soma(0.5), sources=sources)._run.sites[0].writers("ca")] == [
        "ica_ncs_cal"
    ]
    (tmp_path / "more.inc").unlink()
    with pytest.raises(ArgumentError, match="includes 'more.inc', which is not beside it"):
        neuron.Recorder(soma(0.5), sources=sources)


def test_a_global_that_changes_during_the_run(h, soma, run, missed, signals):
    """One hidden current that depends on it is what the others leave; of two, the sum is known."""
    for name in ("ncs_tadj", "ncs_sized"):
        soma.insert(name)
    recorder = neuron.Recorder(soma(0.5))
    gate, tadj = (h.Vector().record(x) for x in (soma(0.5)._ref_n_ncs_tadj, h._ref_tadj_ncs_tadj))
    run("fixed", t_stop=5)
    h.q10_ncs_tadj = 3
    h.continuerun(10)
    h.q10_ncs_tadj = 2.1
    assert np.ptp(tadj.as_numpy()) > 0.1
    found = signals(recorder.to_segment())
    conductance = column(found["ik_ncs_tadj"]) / (column(found["v"]) - soma(0.5).ek)
    expected = (tadj.as_numpy() * gate.as_numpy())[:-1] * 0.003 * soma(0.5).area() * 1e-2
    np.testing.assert_allclose(conductance, expected, rtol=0, atol=1e-9 * expected.max())

    h.scale_ncs_sized = 0.5
    with pytest.warns(CurrentscapeWarning, match="cannot be told apart.*scale.*changed during the run"):
        segment = recorder.to_segment()
    h.scale_ncs_sized = 1
    assert missed(segment) < 1e-9


def test_a_pointer_set_after_the_recorder_was_made(h, soma, run, missed, signals):
    """What it points to was not recorded, so the current is what the balance leaves."""
    synapse = h.NcsPointed(soma(0.5))
    with pytest.warns(CurrentscapeWarning, match="POINTER pre was not set before the Recorder was made"):
        recorder = neuron.Recorder(soma(0.5))
    other = h.Section(name="other")
    h.setpointer(other(0.5)._ref_v, "pre", synapse)
    run("fixed")
    segment = recorder.to_segment()
    assert f"{synapse.hname()} (rest)" in signals(segment) and missed(segment) < 1e-9


class Endless(dict):
    """A mapping that makes every attribute it is asked for, as NetPyNE's does."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self[name] = Endless()
        return self[name]


def test_mappings_that_make_their_attributes(h, soma):
    cell = Endless(soma=Endless(hObj=soma, geom=Endless(L=20)))
    assert [site.name for site in neuron.CellRecorder(cell)._run.sites] == ["soma(0.5)"]
    assert list(cell) == ["soma"] and list(cell["soma"]) == ["hObj", "geom"]
    with pytest.raises(ArgumentTypeError, match="holds no section"):
        neuron.CellRecorder(Endless())


def test_steps_are_taken_back_for_states_that_relax_anywhere():
    """A state relaxes to 0.3 with two events, of which one comes in the step before another."""
    s, states, jumped = 0.0, [0.0], np.zeros(30, bool)
    truth = np.zeros(30)
    for k in range(1, 30):
        jumped[k] = k in (7, 8, 20)
        truth[k] = s + 0.5 * jumped[k]
        s = 0.3 + (truth[k] - 0.3) * 0.9
        states.append(s)
    np.testing.assert_allclose(undone(np.array(states), jumped), truth, atol=1e-14)


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_parts_of_a_synapse(h, soma, run, drive, missed, signals, method):
    """The parts, brought to their samples, against a twin that has one receptor only."""
    synapse, alone = drive(h.NcsParts(soma(0.5)), h.NcsParts(soma(0.5)), weight=0.02)
    recorder = neuron.Recorder(soma(0.5), parts={"NcsParts": ["i_fast", "i_slow"]})
    a, v = h.Vector().record(synapse._ref_a), h.Vector().record(soma(0.5)._ref_v)
    run(method)
    segment = recorder.to_segment()
    found, name = signals(segment), synapse.hname()
    assert missed(segment) < 1e-9
    assert {f"{name}.i_fast", f"{name}.i_slow", f"{alone.hname()}.i_fast"} < set(found)
    assert name not in found and np.abs(column(found[f"{name}.i_slow"])).max() > 0.1
    if method == "fixed":
        used = column(found[f"{name}.i_fast"]) / v.as_numpy()[1:]
        conductance = undone(a.as_numpy(), np.diff(a.as_numpy(), prepend=0.0) > 0)[1:]
        np.testing.assert_allclose(used, conductance, rtol=0, atol=1e-8)


def test_parts_that_are_none(h, soma, run, drive, missed, signals):
    (synapse,) = drive(h.NcsParts(soma(0.5)), weight=0.02)
    recorder = neuron.Recorder(soma(0.5), parts={"NcsParts": ["i_fast", "g_fast"]})
    run("fixed")
    with pytest.warns(CurrentscapeWarning, match="'NcsParts' miss its current.*the whole is given"):
        segment = recorder.to_segment()
    assert synapse.hname() in signals(segment) and missed(segment) < 1e-9
    with pytest.raises(SelectionError, match="'i_gone' of mechanism 'NcsParts'.*i_fast"):
        neuron.Recorder(soma(0.5), parts={"NcsParts": ["i_fast", "i_gone"]})
    with pytest.raises(SelectionError, match="'NcsPart'.*those that do: NcsParts, hh"):
        neuron.Recorder(soma(0.5), parts={"NcsPart": ["i_fast", "i_slow"]})
    with pytest.raises(ArgumentError, match="no two parts"):
        neuron.Recorder(soma(0.5), parts={"NcsParts": "i_fast"})
