"""Everything that flows adds up, in every kind of model and with every method."""

import numpy as np
import pytest

from neo_currentscape.adapters import neuron

pytestmark = pytest.mark.neuron

METHODS = ("fixed", "global", "local")
#: Required: what is missed, over the largest membrane current.
EXACT = 1e-9


@pytest.mark.parametrize("method", METHODS)
def test_channels_synapse_and_current_clamp(h, soma, run, drive, inject, missed, method):
    synapse = drive(h.ExpSyn(soma(0.5)))[0]
    synapse.tau = 3
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    run(method)
    assert missed(recorder.to_segment()) < EXACT
    assert clamp.amp == 0.3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("clamp", ["SEClamp", "OClamp"])
def test_voltage_clamps_on_and_off(h, soma, run, drive, missed, method, clamp):
    drive(h.ExpSyn(soma(0.5)))
    electrode = getattr(h, clamp)(soma(0.5))
    if clamp == "SEClamp":
        electrode.dur1, electrode.amp1, electrode.dur2, electrode.amp2 = 3, -65, 4, -20
    else:
        electrode.on, electrode.off, electrode.vc, electrode.switched_on = 3, 9, -20, 1
    recorder = neuron.Recorder(soma(0.5))
    run(method)
    segment = recorder.to_segment()
    assert missed(segment) < EXACT


def test_clamp_follows_a_played_command(h, soma, run, missed):
    clamp = h.SEClamp(soma(0.5))
    clamp.dur1 = 1e9
    times = h.Vector(np.arange(0, 30, 0.1))
    command = h.Vector(-60 + 20 * np.sin(np.arange(0, 30, 0.1)))
    command.play(clamp._ref_amp1, times, True)
    recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    assert missed(recorder.to_segment()) < EXACT


def test_vclamp_to_the_precision_of_its_slope(h, soma, run, missed):
    # Its gain of 1e5 leaves NEURON's own numerical di/dv seven digits.
    clamp = h.VClamp(soma(0.5))
    clamp.dur[0], clamp.amp[0], clamp.dur[1], clamp.amp[1] = 5, -65, 5, -20
    recorder = neuron.Recorder(soma(0.5))
    run("fixed")
    assert missed(recorder.to_segment()) < 1e-5


@pytest.mark.parametrize("dt", [0.1, 0.025, 0.005])
def test_every_fixed_step(h, soma, run, inject, missed, dt):
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    h.dt, h.steps_per_ms = dt, 1 / dt
    run("fixed")
    segment = recorder.to_segment()
    assert missed(segment) < EXACT
    assert float(segment.analogsignals[0].sampling_period) == pytest.approx(dt, rel=1e-12)
    assert clamp.amp == 0.3


@pytest.mark.parametrize("method", METHODS)
def test_nonlinear_synapse_and_channel(h, soma, run, drive, missed, method):
    for name in ("pas", "ncs_ghk", "ncs_krange", "ncs_cadyn"):
        soma.insert(name)
    soma.e_pas = -65  # v starts exactly at the reversal potential
    drive(h.NcsNMDA(soma(0.5)), h.NcsNMDA(soma(0.5)), h.ExpSyn(soma(0.5)), between=1.1)
    recorder = neuron.Recorder(soma(0.5))
    run(method, t_stop=30)
    assert missed(recorder.to_segment()) < EXACT


@pytest.mark.parametrize("method", METHODS)
def test_every_compartment_of_a_branched_cell(h, soma, run, drive, inject, missed, method):
    kept = [inject(soma(0.5)), _tree(h, soma)]
    drive(h.ExpSyn(kept[1][0](0.5)), h.ExpSyn(soma(0.5)), between=2)
    clamp_at_an_end = inject(kept[1][1](1), amp=0.1, delay=4)
    recorder = neuron.Recorder(list(soma.wholetree()))
    run(method)
    segment = recorder.to_segment()
    assert len(recorder.sites) == 1 + 5 + 3 + 2 + 3
    assert max(missed(segment, site) for site in recorder.sites) < EXACT
    assert clamp_at_an_end.amp == 0.1


def _tree(h, soma):
    """Dendrites at either end and in the middle, one of them turned round, with a spine of two parts."""
    made = []
    shapes = (("a", 5, 300, 2), ("b", 3, 100, 1), ("c", 2, 80, 1.5), ("d", 3, 50, 0.7))
    for name, nseg, length, diam in shapes:
        section = h.Section(name=name)
        section.nseg, section.L, section.diam = nseg, length, diam
        section.insert("pas")
        made.append(section)
    a, b, c, d = made
    a.connect(soma(1), 0)
    b.connect(soma(0), 0)
    c.connect(a(0.5), 1)
    d.connect(a(1), 0)
    a.insert("hh")
    return made


@pytest.mark.parametrize("method", ["fixed", "global"])  # NEURON has no i_membrane_ at local steps
def test_the_sum_is_neurons_own_membrane_current(h, soma, run, drive, signals, method):
    """i_membrane_ is what NEURON itself adds up, all but electrodes, C dV/dt included."""
    for name in ("pas", "ncs_cal", "ncs_ghk", "ncs_krange", "ncs_cadyn"):
        soma.insert(name)
    dendrite = _tree(h, soma)
    drive(h.ExpSyn(soma(0.5)), h.NcsCaSyn(soma(0.5)), h.NcsNMDA(soma(0.5)), between=1.1)
    h.CVode().use_fast_imem(True)
    recorder = neuron.Recorder([soma(0.5), dendrite[0](0.5)])
    own = {str(s): h.Vector().record(s._ref_i_membrane_) for s in (soma(0.5), dendrite[0](0.5))}
    times = h.Vector().record(h._ref_t)
    run(method)
    segment = recorder.to_segment()
    for site in recorder.sites:
        found = signals(segment, site)
        total = sum(
            np.asarray(s.magnitude)[:, 0]
            for s in found.values()
            if s.annotations["role"] in ("current", "capacitive")
        )
        own_total = own[site].as_numpy()[1:] if method == "fixed" else _left(own[site], times)
        np.testing.assert_allclose(total, own_total, rtol=0, atol=1e-9 * np.abs(total).max())


def _left(values, times):
    """The samples that stay: of several at one time the first and the last."""
    near = np.diff(times.as_numpy()) < 1e-9
    return values.as_numpy()[np.append(True, ~near) | np.append(~near, True)]


def test_recorded_currents_would_miss_the_balance(h, soma, run, inject, signals):
    """The lag that is corrected is large: without the correction the tests above fail."""
    clamp = inject(soma(0.5))
    recorder = neuron.Recorder(soma(0.5))
    raw = h.Vector().record(soma(0.5)._ref_ina)
    run("fixed")
    corrected = np.asarray(signals(recorder.to_segment())["ina_hh"].magnitude)[:, 0]
    recorded = raw.as_numpy()[1:] * soma(0.5).area() * 1e-2
    assert np.abs(corrected - recorded).max() > 0.1 * np.abs(recorded).max()
    assert clamp.amp == 0.3


def test_parameters_that_are_played_during_the_run(h, soma, run, inject, missed):
    clamp = inject(soma(0.5))
    times = np.arange(0, 30, 0.1)
    at = h.Vector(times)
    for pointer, values in (
        (soma(0.5)._ref_gl_hh, 0.0003 * (1 + np.sin(times))),
        (soma(0.5)._ref_el_hh, -54 + 4 * np.sin(times)),
        (clamp._ref_amp, 0.3 * np.sin(times)),
    ):
        played = h.Vector(values)
        played.play(pointer, at, True)
        recorder = neuron.Recorder(soma(0.5))
        run("fixed")
        assert missed(recorder.to_segment()) < EXACT
        played.play_remove()


@pytest.mark.parametrize("method", ["fixed", "global"])
def test_gap_junction_is_a_current_like_others(h, soma, run, inject, missed, signals, method):
    other = h.Section(name="other")
    other.L = other.diam = 20
    other.insert("hh")
    clamp = inject(soma(0.5))
    halves = h.NcsGap(soma(0.5)), h.NcsGap(other(0.5))
    halves[0]._ref_vother, halves[1]._ref_vother = other(0.5)._ref_v, soma(0.5)._ref_v
    recorder = neuron.Recorder([soma(0.5), other(0.5)])
    run(method)
    segment = recorder.to_segment()
    assert max(missed(segment, site) for site in recorder.sites) < EXACT
    names = [next(n for n in signals(segment, site) if n.startswith("NcsGap")) for site in recorder.sites]
    flows = [
        np.asarray(signals(segment, site)[name].magnitude)[:, 0]
        for site, name in zip(recorder.sites, names, strict=True)
    ]
    volts = [np.asarray(signals(segment, site)["v"].magnitude)[:, 0] for site in recorder.sites]
    if method == "global":  # at a fixed step the other side is that of the step before
        np.testing.assert_allclose(flows[0], (volts[0] - volts[1]) / 100, atol=1e-12)
        np.testing.assert_allclose(flows[0], -flows[1], atol=1e-12)
    assert clamp.amp == 0.3


def test_two_threads_and_psolve(h, soma, inject, missed):
    clamp = inject(soma(0.5))
    context = h.ParallelContext()
    recorder = neuron.Recorder(soma(0.5))
    try:
        context.nthread(2)
        context.set_maxstep(10)
        h.finitialize(-65)
        context.psolve(20)
    finally:
        context.nthread(1)
    assert missed(recorder.to_segment()) < EXACT
    assert clamp.amp == 0.3
