"""Currents that cannot be known: said when the Recorder is made, and never the loss of the others."""

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron
from neo_currentscape.adapters.neuron.outside import name_of_layer
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeWarning, SelectionError

pytestmark = pytest.mark.neuron


@pytest.fixture
def cell(h, soma):
    """A soma with a dendrite, so that there is an axial current."""
    dend = h.Section(name="dend")
    dend.L, dend.diam, dend.nseg = 150, 2, 3
    dend.insert("pas")
    dend.connect(soma(1))
    return soma, dend


def true_current(h, run, make, t_stop=20.0):
    """The same run with CVODE, which needs no alignment, as (times, current)."""
    process = make()
    t, i = h.Vector().record(h._ref_t), h.Vector().record(process._ref_i)
    h.CVode().atol(1e-7)
    run("global", t_stop)
    h.CVode().atol(1e-3)
    return np.array(t), np.array(i)


def test_a_single_one_is_what_the_balance_leaves(h, cell, run, inject, signals):
    wave, clamp = h.NcsWave(cell[0](0.5)), inject(cell[0](0.5))
    times, expected = true_current(h, run, lambda: wave)
    with pytest.warns(
        CurrentscapeWarning,
        match=r"'i' of 'NcsWave\[\d+\]' at soma\(0.5\).*it uses inner, which is not RANGE.*"
        "unknown='each'.*CVODE",
    ):
        recorder = neuron.Recorder(cell[0](0.5))
    h.dt = 0.001
    run("fixed")
    segment = recorder.to_segment()
    (name,) = [name for name in signals(segment) if name.endswith("(rest)")]
    rest = signals(segment)[name]
    assert name.startswith("NcsWave[") and rest.array_annotations["remainder"].tolist() == [True]
    late = np.abs(rest.magnitude[:, 0] - np.interp(rest.times.magnitude, times, expected))
    assert late.max() < 0.01 * np.abs(expected).max()
    balance = ncs.balance(ncs.Recording.from_segment(segment))
    assert balance.verdict.startswith(f"cannot be checked here: {name!r} is what the balance leaves")
    assert clamp.amp == 0.3


def aligned(h, wave, t, v):
    """i at the old voltage and the slope over the step, as NEURON takes it (in the middle of the step)."""
    middle, before = t[1:] - 0.5 * h.dt, v[:-1]

    def current(volts):
        conductance = wave.gmax * (1 - np.cos(6.283185307 * middle / wave.period))
        return conductance * (volts + 5) / (1 + 0.2 * np.exp(-0.07 * volts))

    return current(before) + (current(before + 0.001) - current(before)) / 0.001 * np.diff(v)


@pytest.mark.parametrize("count", [1, 2])
def test_what_the_balance_leaves_is_what_flowed(h, cell, run, inject, signals, count):
    waves, clamp = [h.NcsWave(cell[0](0.5)) for _ in range(count)], inject(cell[0](0.5))
    waves[-1].period = 4
    recorder = neuron.Recorder(cell[0](0.5), unknown="sum")
    t, v = h.Vector().record(h._ref_t), h.Vector().record(cell[0](0.5)._ref_v)
    run("fixed")
    found = signals(recorder.to_segment())
    exact = sum(aligned(h, wave, t.as_numpy(), v.as_numpy()) for wave in waves)
    (name,) = [name for name in found if name.endswith("(rest)")]
    np.testing.assert_allclose(found[name].magnitude[:, 0], exact, rtol=0, atol=1e-6 * np.abs(exact).max())
    assert clamp.amp == 0.3


def test_with_cvode_nothing_is_unknown(h, cell, run, missed, signals):
    wave = h.NcsWave(cell[0](0.5))
    h.CVode().active(True)
    recorder = neuron.Recorder(cell[0](0.5))
    run("global")
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9 and wave.hname() in signals(segment)
    assert ncs.balance(ncs.Recording.from_segment(segment)).verdict.startswith("complete")


def test_several_are_given_one_step_late_or_as_their_sum(h, cell, run, inject, signals, missed):
    waves = [h.NcsWave(cell[0](0.5)) for _ in range(2)]
    waves[1].period, clamp = 4, inject(cell[0](0.5))
    with pytest.warns(CurrentscapeWarning, match=r"2 currents at soma\(0.5\) are known one step late"):
        recorder = neuron.Recorder(cell[0](0.5))
    raw = [h.Vector().record(wave._ref_i) for wave in waves]
    both = neuron.Recorder(cell[0](0.5), unknown="sum")
    run("fixed")
    with pytest.warns(CurrentscapeWarning, match="as recorded, one step late.*unknown='sum'"):
        segment = recorder.to_segment()
    for wave, values in zip(waves, raw, strict=True):
        signal = signals(segment)[wave.hname()]
        np.testing.assert_array_equal(signal.magnitude[:, 0], values.as_numpy()[1:])
        assert signal.annotations["aligned"] is False
    together = both.to_segment()
    name = f"{waves[0].hname()} + {waves[1].hname()} (rest)"
    assert name in signals(together) and missed(together) < 1e-12 < missed(segment)
    assert clamp.amp == 0.3


FASTPAS = "NEURON { SUFFIX fastpas NONSPECIFIC_CURRENT i RANGE g, e } BREAKPOINT { i = g*(v - e) }"


@pytest.mark.parametrize("text, label", [(None, "fastpas"), (FASTPAS, "i_fastpas")])
@pytest.mark.parametrize("unknown", ["each", "sum"])
def test_what_neuron_does_not_show(h, cell, run, inject, signals, text, label, unknown):
    """A mechanism whose source is not known, and one whose source is, but shows no current."""
    soma, clamp = cell[0], inject(cell[0](0.5))
    soma.insert("fastpas")
    sources = {} if text is None else {"fastpas": text}
    with pytest.raises(SelectionError, match="'fastpas' at .*unknown='each'"):
        neuron.Recorder(soma(0.5), sources=sources)
    recorder = neuron.Recorder(soma(0.5), sources=sources, unknown=unknown)
    run("fixed")
    found = signals(recorder.to_segment())
    expected = soma.g_fastpas * (found["v"].magnitude[:, 0] - soma.e_fastpas) * soma(0.5).area() * 1e-2
    rest = found[f"{label} (rest)"].magnitude[:, 0]
    np.testing.assert_allclose(rest, expected, rtol=0, atol=1e-11 * np.abs(found["ina_hh"].magnitude).max())
    assert clamp.amp == 0.3


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_currents_of_an_ion_that_cannot_be_told_apart_are_one(
    h, soma, run, inject, signals, missed, method
):
    soma.insert("ncs_kept")
    soma.insert("ncs_cal_shown")
    synapse, clamp = h.NcsCaSyn(soma(0.5)), inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5), unknown="each")
    run(method)
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9
    name = f"ica_ncs_kept + {synapse.hname()}.ica"
    assert {name, "ica_ncs_cal_shown", f"{synapse.hname()}.i"} < signals(segment).keys()
    assert ncs.balance(ncs.Recording.from_segment(segment)).verdict.startswith("complete")
    assert clamp.amp == 0.3


def test_linear_mechanism(h, cell, run, inject, signals):
    """A resistor to ground, 50 megohm at soma(0.5)."""
    soma, clamp = cell[0], inject(cell[0](0.5))
    c, g, y, b = h.Matrix(1, 1), h.Matrix(1, 1), h.Vector(1), h.Vector(1)
    g.setval(0, 0, 0.02e-6 / (soma(0.5).area() * 1e-8) * 1e3)  # per area: mA/cm2/mV
    linear = h.LinearMechanism(c, g, y, b, h.SectionList([soma]), h.Vector([0.5]))
    recorder = neuron.Recorder(soma.wholetree(), unknown="each")
    run("fixed")
    segment = recorder.to_segment()
    del linear
    names = {s.name for s in signals(segment, "soma(0.5)").values()}
    assert "LinearMechanism (rest)" in names
    assert "LinearMechanism (rest)" not in signals(segment, "dend(0.5)") and clamp.amp == 0.3


@pytest.mark.parametrize("layers", [False, True])
def test_linear_mechanism_is_named_with_its_size(h, cell, run, inject, signals, layers):
    """A resistor of 500 megohm between two compartments, of which nobody told the recorder."""
    soma, dend, clamp = *cell[:2], inject(cell[0](0.5))
    for section in (soma, dend) if layers else ():
        section.insert("extracellular")
        for segment in section:
            segment.xg[0] = segment.xg[1] = 0.02
    places, siemens = [soma(0.5), dend(0.5)], 2e-3
    c, g, y, b = h.Matrix(2, 2), h.Matrix(2, 2), h.Vector(2), h.Vector(2)
    for row, place in enumerate(places):
        for column in (0, 1):
            g.setval(row, column, (1 if row == column else -1) * siemens / (place.area() * 1e-2))
    linear = h.LinearMechanism(c, g, y, b, h.SectionList([soma, dend]), h.Vector([0.5, 0.5]))
    recorder = neuron.CellRecorder(soma)
    run("fixed")
    with pytest.warns(CurrentscapeWarning, match=r"a LinearMechanism.* leaves at .* up to 0.0\d+ nA of"):
        segment = recorder.to_segment()

    def inside(place):
        found = signals(segment, str(place))["v"].magnitude[:, 0]
        outer = signals(segment, name_of_layer(str(place), 0)).get("vext[0]")
        return found if outer is None else found + outer.magnitude[:, 0]

    through = siemens * (inside(places[0]) - inside(places[1]))
    for place, sign in zip(places, (1, -1), strict=True):
        rest = signals(segment, str(place))["LinearMechanism (rest)"]
        assert np.allclose(rest.magnitude[:, 0], sign * through, rtol=0, atol=1e-9)
    named = [s for s in segment.analogsignals if s.name.startswith("LinearMechanism")]
    assert len(named) == 2 and linear and clamp
    said = ncs.CellRecording.from_segment(segment).balance.verdict
    assert f"where 'LinearMechanism (rest)', up to {np.abs(through).max():.3g} nA, is what the" in said
    alone = ncs.balance(ncs.Recording.from_segment(segment, site=str(places[0])))
    assert f"(up to {np.abs(through).max():.3g} of " in alone.verdict


def test_cell_says_where_nothing_can_be_checked(h, cell, run, inject):
    wave, clamp = h.NcsWave(cell[1](0.5)), inject(cell[0](0.5))
    end = h.NcsWave(cell[1](0))
    with pytest.warns(CurrentscapeWarning, match="and 1 other compartment is known"):
        recorder = neuron.CellRecorder(cell[0])
    run("fixed")
    whole = ncs.CellRecording.from_segment(recorder.to_segment())
    assert whole.balance.worst < 1e-9 and len(whole.balance.unchecked) == 2
    assert "nothing can be checked at" in whole.balance.verdict
    assert (wave.gmax, end.gmax, clamp.amp) == (0.003, 0.003, 0.3)


def test_no_such_option(h, soma):
    with pytest.raises(
        ArgumentError, match="unknown='rest' is not an option: write unknown='each' or 'sum'"
    ):
        neuron.Recorder(soma(0.5), unknown="rest")
