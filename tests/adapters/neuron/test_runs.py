"""Runs that do not go straight on: time and voltage set from outside, several runs, joined by Neo."""

import subprocess
import sys
import warnings

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import neuron
from neo_currentscape.conventions.errors import CurrentscapeWarning, SignalError

pytestmark = pytest.mark.neuron


@pytest.fixture
def pair(h, soma, inject):
    """A soma with a dendrite and a clamp."""
    dend = h.Section(name="dend")
    dend.L, dend.diam, dend.nseg = 120, 1.5, 3
    dend.insert("pas")
    dend.connect(soma(1))
    clamp = inject(soma(0.5), delay=0, dur=1e9)
    return soma, dend, clamp


def test_time_set_back_before_the_run(h, pair, missed, signals):
    """A warm-up without h.frecord_init(): one sample is of another time, and nothing is lost."""
    recorder = neuron.CellRecorder(pair[0])
    h.finitialize(-65)
    h.t = -20
    h.continuerun(10)
    segment = recorder.to_segment()
    v = signals(segment, "soma(0.5)")["v"]
    assert isinstance(v, neo.AnalogSignal) and float(v.t_start) == pytest.approx(-19.975)
    assert len(v) == 1200 and missed(segment, "soma(0.5)") < 1e-9 and missed(segment, "dend(0.5)") < 1e-9


def test_time_set_back_during_the_run(h, pair, missed, signals):
    recorder = neuron.Recorder(pair[0](0.5))
    h.finitialize(-65)
    h.continuerun(5)
    h.t = 0
    h.continuerun(8)
    with pytest.warns(CurrentscapeWarning, match="set back to 0 ms .* the 200 samples .*frecord_init"):
        segment = recorder.to_segment()
    assert len(signals(segment)["v"]) == 320 and missed(segment) < 1e-9
    h.t = 2
    h.continuerun(2.05)
    with pytest.raises(SignalError, match="set back to 2.025 ms, and 2 samples .*: run on"):
        recorder.to_segment()


def test_time_set_forward(h, pair, missed, signals):
    recorder = neuron.Recorder(pair[0](0.5))
    h.finitialize(-65)
    h.continuerun(5)
    h.t = 50
    h.continuerun(55)
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9
    assert (
        isinstance(signals(segment)["v"], neo.IrregularlySampledSignal)
        and len(signals(segment)["v"]) == 400
    )


@pytest.mark.parametrize("low", [-71.3, -54.3, -58.0])
def test_voltage_that_is_set_back_at_a_threshold(h, run, inject, missed, low):
    """Also to the reversal potential of a leak, where no current tells its slope."""
    cell = h.Section(name="cell")
    cell.L = cell.diam = 20
    cell.insert("pas")
    cell.e_pas = -54.3
    reset, clamp = h.NcsReset(cell(0.5)), inject(cell(0.5), amp=0.5)
    reset.low = low
    recorder = neuron.Recorder(cell(0.5))
    run("fixed")
    segment = recorder.to_segment()
    v = segment.analogsignals[0].magnitude[:, 0]
    assert (np.diff(v) < -5).sum() > 2 and missed(segment) < 1e-9
    assert clamp.amp == 0.5


def test_voltage_that_the_user_sets(h, pair, missed):
    recorder = neuron.Recorder(pair[0](0.5))
    h.finitialize(-65)
    for stop, voltage in ((3, -40), (6, -80), (9, None)):
        h.continuerun(stop)
        if voltage is not None:
            pair[0](0.5).v = voltage
    assert missed(recorder.to_segment()) < 1e-9


def test_voltage_that_is_played_is_said(h, soma):
    """It is set in the middle of each step and at its end, so that where a step began is nowhere seen."""
    recorder = neuron.Recorder(soma(0.5))
    t = np.arange(0, 10, 0.025)
    played, times = h.Vector(-65 + 30 * np.sin(t)), h.Vector(t)
    played.play(soma(0.5)._ref_v, times, 1)
    h.finitialize(-65)
    h.continuerun(9)
    with pytest.warns(CurrentscapeWarning, match="miss the balance"):
        recorder.to_segment()


def test_step_that_changes(h, pair, missed, signals):
    recorder = neuron.Recorder(pair[0](0.5))
    h.finitialize(-65)
    for step, stop in ((0.025, 3), (0.01, 5), (0.05, 9)):
        h.dt, h.steps_per_ms = step, 1 / step
        h.continuerun(stop)
    segment = recorder.to_segment()
    assert missed(segment) < 1e-9 and isinstance(signals(segment)["v"], neo.IrregularlySampledSignal)


def test_fixed_step_and_cvode_in_one_run_are_said(h, pair):
    recorder = neuron.Recorder(pair[0](0.5))
    h.finitialize(-65)
    h.continuerun(5)
    h.CVode().active(True)
    h.continuerun(10)
    h.CVode().active(False)
    with pytest.warns(CurrentscapeWarning, match="miss the balance .* the method changed during the run"):
        recorder.to_segment()


def test_second_run_replaces_the_first(h, pair, run, missed, signals):
    recorder = neuron.Recorder(pair[0](0.5))
    run("fixed", 5)
    first = recorder.to_segment()
    pair[2].amp = 0.5
    run("global", 7)
    h.dt = 0.025
    run("fixed", 6)
    second = recorder.to_segment()
    assert [len(signals(s)["v"]) for s in (first, second)] == [200, 240]
    assert missed(first) < 1e-9 and missed(second) < 1e-9
    np.testing.assert_array_equal(signals(second)[pair[2].hname()].magnitude, 0.5)


@pytest.mark.parametrize("clamped", [False, True])
@pytest.mark.parametrize("change", ["leak", "synapse"])
def test_parameters_that_change_in_a_run_are_right_or_said(h, soma, drive, missed, clamped, change):
    """What flows counts at that moment, not the 5000 nA of the first sample of a stiff clamp."""
    soma.insert("pas")
    (synapse,) = drive(h.Exp2Syn(soma(0.5)), weight=0.02)
    clamp = h.SEClamp(soma(0.5)) if clamped else None
    if clamped:
        clamp.rs, clamp.dur1, clamp.amp1 = 0.001, 1, -75
    recorder = neuron.Recorder(soma(0.5))
    h.finitialize(-65)

    def alter():
        if change == "leak":
            soma.g_pas, soma.e_pas = 6e-4, -85
        else:
            synapse.e = -75

    h.CVode().event(11.3, alter)
    h.continuerun(25)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        segment = recorder.to_segment()
    said = [str(w.message) for w in caught if w.category is CurrentscapeWarning]
    assert missed(segment) < 1e-9 or (len(said) == 1 and "parameters" in said[0]), said


def test_neo_joins_the_signals_of_pieces(h, pair, run):
    """concatenate, time_slice and merge, of which ncs makes what it made of the whole."""
    soma = pair[0]
    recorder = neuron.Recorder(soma(0.5))
    h.finitialize(-65)
    h.continuerun(6)
    first = recorder.to_segment()
    h.frecord_init()
    h.continuerun(12)
    second = recorder.to_segment()
    h.finitialize(-65)
    h.continuerun(12)
    full = recorder.to_segment()
    joined = neo.Segment()
    for one, two in zip(first.analogsignals, second.analogsignals, strict=True):
        joined.analogsignals.append(one.concatenate(two))
    expected = ncs.Recording.from_segment(full)
    rec = ncs.Recording.from_segment(joined)
    assert rec.names == expected.names and rec.site == "soma(0.5)" and len(rec) == 480
    assert rec.area == expected.area and rec.electrode is not None and rec.axial is not None
    np.testing.assert_allclose(rec.currents.magnitude, expected.currents.magnitude, atol=1e-12)
    assert ncs.balance(rec).unexplained < 1e-9
    cut = neo.Segment()
    cut.analogsignals.extend([s.time_slice(2 * pq.ms, 4 * pq.ms) for s in joined.analogsignals])
    assert ncs.Recording.from_segment(cut).names == expected.names


def test_neo_merges_channels(h, pair, run):
    recorder = neuron.Recorder(pair[0](0.5))
    run("fixed", 5)
    segment = recorder.to_segment()
    expected = ncs.Recording.from_segment(segment)
    currents = [s for s in segment.analogsignals if s.annotations["role"] == "current"]
    one = currents[0].merge(currents[1]).merge(currents[2])
    merged = neo.Segment()
    merged.analogsignals.extend(
        [one, *(s for s in segment.analogsignals if s.annotations["role"] != "current")]
    )
    rec = ncs.Recording.from_segment(merged)
    assert sorted(rec.names) == sorted(expected.names) and rec.site == "soma(0.5)"
    assert ncs.balance(rec).unexplained < 1e-9


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_several_threads(h, run, method):
    """Cells that NEURON distributes over threads, in one recorder."""
    cells = []
    for number in range(3):
        soma, dend = h.Section(name=f"soma{number}"), h.Section(name=f"dend{number}")
        soma.L = soma.diam = 20
        dend.L, dend.diam, dend.nseg = 100, 2, 3
        soma.insert("hh")
        dend.insert("pas")
        dend.connect(soma(1))
        clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 2, 9, 0.2 + 0.1 * number
        cells.append((soma, dend, clamp))
    context = h.ParallelContext()
    context.nthread(3)
    try:
        recorder = neuron.Recorder([cell[0](0.5) for cell in cells])
        whole = neuron.CellRecorder(cells[1][1])
        run(method, 12)
        segment, cell = recorder.to_segment(), ncs.CellRecording.from_segment(whole.to_segment())
    finally:
        context.nthread(1)
    assert cell.balance.worst < 1e-9
    for site in recorder.sites:
        assert ncs.balance(ncs.Recording.from_segment(segment, site=site)).worst < 1e-9


CORENEURON = """
from neuron import coreneuron, h
import neo_currentscape as ncs
from neo_currentscape.adapters import neuron

h.load_file("stdrun.hoc")
soma, dend = h.Section(name="soma"), h.Section(name="dend")
soma.L = soma.diam = 20
dend.L, dend.diam, dend.nseg = 100, 2, 3
soma.insert("hh")
dend.insert("pas")
dend.connect(soma(1))
synapse, train = h.Exp2Syn(dend(0.5)), h.NetStim()
train.start, train.number, train.interval = 3, 4, 5
wire = h.NetCon(train, synapse)
wire.weight[0] = 0.02
recorder = neuron.CellRecorder(soma)
coreneuron.enable = True
context = h.ParallelContext()
context.set_maxstep(10)
h.finitialize(-65)
context.psolve(25)
found = ncs.CellRecording.from_segment(recorder.to_segment())
spikes = int((found.voltage()[found.sites.index("soma(0.5)")] > 0).sum())
print("balance", found.balance.worst < 1e-7, "spikes", spikes > 0)
"""


def test_coreneuron(tmp_path):
    """In a process of its own, as CoreNEURON takes the model over."""
    done = subprocess.run(
        [sys.executable, "-c", CORENEURON], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    if "coreneuron" in done.stderr.lower() and "balance" not in done.stdout:
        pytest.skip(f"CoreNEURON does not run here: {done.stderr[-200:]}")
    assert "balance True spikes True" in done.stdout, done.stdout[-1000:] + done.stderr[-1000:]
