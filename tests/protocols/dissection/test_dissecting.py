"""Currents isolated blocker by blocker, against those of a model under the clamp of its own burst."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
)
from neo_currentscape.models import stg
from neo_currentscape.protocols import Sweeps
from neo_currentscape.protocols.voltage_clamp.averaging import standard_error

#: What each step blocks. Calcium moves the reversal of both its currents: they go together.
BLOCKED = (("KCa",), ("Na",), ("CaT", "CaS"), ("A",), ("Kd",), ("H",))
NAMES = ("KCa", "Na", "Ca", "A", "Kd", "H")
DT = 0.1


@pytest.fixture(scope="module")
def clamped():
    """The control and each step of blocking, without noise: total, command, and each current."""
    pytest.importorskip("scipy")
    v = stg.simulate("A", t_stop=1.2 * pq.s, dt=DT * pq.ms).segments[0].analogsignals[0]
    spike = int(v.magnitude[2000:-2000, 0].argmax()) + 2000
    v = v[spike - 2000 : spike + 1000]
    gone, segments = [], []
    for names in ((), *BLOCKED):
        gone += names
        segments.append(stg.clamp(v, blocked=gone))
    return segments


def signal(segment, name):
    (found,) = [s for s in segment.analogsignals if s.name == name]
    return found.magnitude[:, 0]


def truth(segment):
    """The charge of each blocked current in pC."""
    return np.array([sum(signal(segment, n).sum() for n in names) * DT for names in BLOCKED])


def noisy(segment, n_sweeps, rng, sigma=2.0, drift=0.0):
    """Blocks of sweeps with the noise of an amplifier, white and an offset that changes between sweeps."""
    total, command = signal(segment, "I_clamp"), signal(segment, "command")
    noise = sigma * rng.normal(size=(n_sweeps, len(total))) + drift * rng.normal(size=(n_sweeps, 1))
    times = DT * np.arange(len(total))
    return Sweeps(times, 1000 * (total + noise), np.tile(command, (n_sweeps, 1)))


def test_noiseless_currents_are_those_of_the_model(clamped):
    rec = protocols.dissect(clamped, NAMES, noise=1 * pq.pA)
    for k, names in enumerate(BLOCKED):
        wanted = 1000 * sum(signal(clamped[0], n) for n in names)
        np.testing.assert_allclose(
            rec.currents.rescale("pA").magnitude[:, k], wanted, rtol=0, atol=2e-3 * np.abs(wanted).max()
        )


@pytest.mark.parametrize(("n_sweeps", "drift"), [(12, 0.0), (6, 0.5)])
def test_charges_are_within_their_stated_error(clamped, n_sweeps, drift):
    """Over many draws of the noise, two thirds of the charges lie within one standard error."""
    exact, off = truth(clamped[0]), []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        rec = protocols.dissect([noisy(s, n_sweeps, rng, drift=drift) for s in clamped], NAMES)
        scape = ncs.Currentscape(rec)
        net = (scape.charge("outward") - scape.charge("inward")).rescale("pC").magnitude
        off.append((net - exact) / scape.charge_error().rescale("pC").magnitude)
    off = np.array(off)
    assert 0.6 < (np.abs(off) < 1).mean() < 0.75  # 240 draws; Student's t of 10 to 22 degrees: 0.66 to 0.67
    assert (np.abs(off) < 2.5).mean() > 0.95
    assert abs(off.mean()) < 0.25


def test_errors_of_charges_are_not_those_of_white_noise_where_sweeps_drift(clamped):
    rng = np.random.default_rng(0)
    white, drifting = (
        ncs.Currentscape(protocols.dissect([noisy(s, 8, rng, drift=d) for s in clamped], NAMES))
        for d in (0.0, 0.5)
    )
    wanted = np.sqrt(2 / 8) * 0.5 * 300  # of an offset of 0.5 nA over 300 ms, in pC
    assert np.median(drifting.charge_error().magnitude) == pytest.approx(wanted, rel=0.35)
    assert np.median(white.charge_error().magnitude) < 0.1 * wanted


def test_shares_are_blank_at_rest_and_right_in_the_spike(clamped):
    rng = np.random.default_rng(1)
    rec = protocols.dissect([noisy(s, 10, rng) for s in clamped], NAMES)
    exact = np.column_stack([1000 * sum(signal(clamped[0], n) for n in names) for names in BLOCKED])
    inward = np.maximum(-exact, 0)
    large = inward.sum(axis=1) > 150_000  # the noise of a current is then 0.6 % of the total
    small = inward.sum(axis=1) < 300
    shares = ncs.Currentscape(rec).shares("inward").magnitude
    assert large.sum() > 10
    np.testing.assert_allclose(shares[large], inward[large] / inward[large].sum(axis=1)[:, None], atol=0.03)
    assert not small.any() or (shares[small].sum(axis=1) > 0).mean() < 0.02


def test_residual_is_what_no_blocker_took(clamped):
    """Of the noiseless model the residual is the leak, with the sign of what is missing."""
    rec = protocols.dissect(clamped, NAMES, capacitance=10 * pq.nF, noise=1 * pq.pA)
    residual = ncs.balance(rec).residual.rescale("nA").magnitude[:, 0]
    leak = signal(clamped[0], "L")
    middle = slice(5, -5)
    np.testing.assert_allclose(residual[middle], -leak[middle], atol=1e-3 * np.abs(leak).max() + 0.02)


def test_what_is_left_can_be_named_and_is_the_leak(clamped):
    rec = protocols.dissect(clamped, [*NAMES, "leak"], capacitance=10 * pq.nF, noise=1 * pq.pA)
    np.testing.assert_allclose(
        rec.currents.rescale("pA").magnitude[5:-5, -1], 1000 * signal(clamped[0], "L")[5:-5], atol=30
    )
    assert "cannot be checked" in ncs.balance(rec).verdict


def test_blocks_lists_and_sweeps_are_the_same(clamped):
    sets = [noisy(s, 3, np.random.default_rng(4)) for s in clamped[:2]]
    one, two = (protocols.dissect(given, ["KCa"]) for given in (sets, [s.to_block() for s in sets]))
    np.testing.assert_allclose(one.currents.magnitude, two.currents.magnitude)
    np.testing.assert_allclose(one.noise.magnitude, two.noise.magnitude)
    back = ncs.Recording.from_segment(one.to_segment())
    np.testing.assert_allclose(back.noise.magnitude, one.noise.magnitude)


def test_smoothing_averages_the_noise_and_keeps_the_charge(clamped):
    sets = [noisy(s, 6, np.random.default_rng(k)) for k, s in enumerate(clamped[:3])]
    plain = protocols.dissect(sets, NAMES[:2])
    smooth = protocols.dissect(sets, NAMES[:2], smooth=1 * pq.ms)
    assert np.median(smooth.noise.magnitude) == pytest.approx(
        np.median(plain.noise.magnitude) / np.sqrt(10), rel=0.2
    )
    np.testing.assert_allclose(
        smooth.currents.magnitude.sum(axis=0), plain.currents.magnitude.sum(axis=0), rtol=0.02
    )


def test_a_condition_whose_command_is_late_is_brought_back(clamped):
    control, after = (noisy(s, 3, np.random.default_rng(2), sigma=0.0) for s in clamped[:2])
    late = Sweeps(
        after.times, np.roll(after.current, 7, axis=1), np.roll(after.command, 7, axis=1), what="late"
    )
    one, two = (protocols.dissect([control, other], ["KCa"], noise=1 * pq.pA) for other in (after, late))
    n = len(two)
    assert n == len(one) - 7
    np.testing.assert_allclose(two.currents.magnitude[7:], one.currents.magnitude[7:n], atol=1e-6)


def test_one_sweep_tells_no_noise(clamped):
    with pytest.warns(CurrentscapeWarning, match=r"one sweep of the control.*noise="):
        rec = protocols.dissect(clamped[:2], ["KCa"])
    assert rec.noise is None
    assert np.isnan(standard_error(np.zeros((1, 9)))).all()


@pytest.mark.parametrize("n_sweeps", [2, 5, 30])
def test_standard_error_is_that_of_the_mean(n_sweeps):
    traces = np.random.default_rng(8).normal(scale=[[3.0] * 4000], size=(n_sweeps, 4000))
    found = standard_error(traces)
    assert found.mean() == pytest.approx(3 / np.sqrt(n_sweeps), rel=0.03)
    assert found.std() / found.mean() < 0.2


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda s: s[:1], ArgumentError, "1 condition"),
        (lambda s: [s[0], s[1].window(0 * pq.ms, 200 * pq.ms)], SignalError, "lasts 199.9 ms"),
        (lambda s: [s[0], Sweeps(2 * s[1].times, s[1].current, s[1].command)], SignalError, "every 0.2 ms"),
        (
            lambda s: [s[0], Sweeps(s[1].times, s[1].current, s[1].command + 8.0)],
            SignalError,
            "differs by 8 mV",
        ),
        (
            lambda s: [
                s[0],
                Sweeps(
                    s[1].times, np.clip(s[1].current, np.quantile(s[1].current, 0.02), None), s[1].command
                ),
            ],
            SignalError,
            "saturated",
        ),
        (
            lambda s: [
                s[0],
                Sweeps(s[1].times, s[1].current, s[1].command + np.array([[0.0], [20.0], [0.0]])),
            ],
            SignalError,
            "2 commands",
        ),
    ],
)
def test_what_cannot_be_subtracted_is_refused(clamped, change, error, words):
    sets = [noisy(s, 3, np.random.default_rng(5)) for s in clamped[:2]]
    with pytest.raises(error, match=words):
        protocols.dissect(change(sets), ["KCa"])


def test_names_must_fit(clamped):
    with pytest.raises(ArgumentError, match="give 1 names"):
        protocols.dissect(clamped[:2], ["KCa", "Na", "Ca"])


def test_mixed_clamps_are_refused(clamped):
    sets = [noisy(s, 3, np.random.default_rng(5)).to_block() for s in clamped[:2]]
    sets[1].segments[2].annotate(clamp="current")
    with pytest.raises(SelectionError, match="Sweep 2 of condition 1 is of current clamp"):
        protocols.dissect(sets, ["KCa"])


def test_sweeps_that_differ_are_refused(clamped):
    block = noisy(clamped[0], 3, np.random.default_rng(5)).to_block()
    short = noisy(clamped[0], 1, np.random.default_rng(5)).window(t_stop=100 * pq.ms).to_block()
    with pytest.raises(SignalError, match="Sweep 3 of the control has 1000 samples"):
        protocols.dissect([block.segments + short.segments, block], ["KCa"])


def test_conditions_in_the_wrong_order_are_told(clamped):
    sets = [noisy(s, 3, np.random.default_rng(5)) for s in clamped[1:3]]
    with pytest.warns(CurrentscapeWarning, match="'Na' flows outward"):
        protocols.dissect(sets[::-1], ["Na"])


def test_a_virtual_current_is_counted_once():
    """A passive cell with a virtual leak: C dV/dt + g V + g_v V = I, and the balance closes."""
    dt, c, g, g_v = 0.01, 100.0, 5.0, 15.0
    t = np.arange(0, 60, dt)
    step = 200.0 * (t > 20)
    v = np.where(t > 20, 200.0 / (g + g_v) * -np.expm1(-(t - 20) * (g + g_v) / c), 0.0)
    injected = step - g_v * v
    segment = neo.Segment(clamp="current")
    for name, values, unit, role in (
        ("v", v, "mV", "voltage"),
        ("pipette", injected, "pA", "electrode"),
        ("virtual", -g_v * v, "pA", "electrode"),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(values[:, None], units=unit, sampling_period=dt * pq.ms, name=name, role=role)
        )
    given = {"virtual": {"virtual leak": "virtual"}, "electrode": "pipette", "capacitance": c * pq.pF}
    rec = protocols.dynamic_clamp(segment, **given)
    np.testing.assert_allclose(rec.currents.rescale("pA").magnitude[:, 0], g_v * v)
    np.testing.assert_allclose(rec.electrode.magnitude[:, 0], step, atol=1e-9)
    residual = ncs.balance(rec).residual.magnitude[:, 0]
    settled = np.abs(t - 20) > 0.1
    np.testing.assert_allclose(residual[settled][5:-5], -(g * v)[settled][5:-5], atol=0.05)
    whole = protocols.dynamic_clamp(segment, cell="own", **given)
    np.testing.assert_allclose(whole.currents.magnitude[settled, 1], (g * v)[settled], atol=0.05)
    beside = protocols.dynamic_clamp(segment, "virtual", capacitance=c * pq.pF)
    np.testing.assert_allclose(beside.electrode.magnitude[:, 0], step, atol=1e-9)


def test_the_current_of_the_cell_needs_a_capacitance():
    segment = neo.Segment()
    for name, unit, role in (("v", "mV", "voltage"), ("i", "pA", "electrode")):
        segment.analogsignals.append(
            neo.AnalogSignal(np.zeros((9, 1)), units=unit, sampling_period=1 * pq.ms, name=name, role=role)
        )
    with pytest.raises(SelectionError, match="capacitance="):
        protocols.dynamic_clamp(segment, "i", cell="own")
    with pytest.raises(SelectionError, match="virtual="):
        protocols.dynamic_clamp(segment, "nothing")
