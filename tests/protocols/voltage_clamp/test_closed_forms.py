"""Leak, series resistance, curves and errors in closed form, and what is refused."""

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
    UnknownNameError,
    UnknownOptionError,
)
from neo_currentscape.protocols import Sweeps
from neo_currentscape.protocols.voltage_clamp import fit_current, fit_curve

T = np.arange(0, 60, 0.05)
LEVELS = np.arange(-80.0, 61.0, 10.0)


def steps(levels, hold=-90.0, start=10.0, stop=40.0):
    return np.where((start <= T) & (stop > T), np.asarray(levels)[:, None], hold)


def passive(command, g=2.0, e=-70.0, c=12.0, tau=0.4):
    """Leak and charging through a resistance: g (V - E), and c / tau exp(-t / tau) after each step."""
    current = g * (command - e)
    moved = np.diff(command, axis=1, prepend=command[:, :1])
    for row, k in zip(*np.nonzero(moved), strict=True):
        current[row, k:] += moved[row, k] * c / tau * np.exp(-(T[k:] - T[k]) / tau)
    return current


def channel(command, g=8.0, e=45.0, half=-20.0, slope=6.0, tau=1.0, closed=9.0):
    since = np.clip(T - 10, 0, None)
    on = (T >= 10) & (T < 40)
    gate = -np.expm1(-since / tau) * np.exp(-since / closed)
    return g * gate * on * (command - e) / (1 + np.exp((half - command) / slope))


def noisy(values, sigma, seed=0):
    return values + sigma * np.random.default_rng(seed).normal(size=values.shape)


@pytest.mark.parametrize("part", [-4.0, 4.0, -8.0])
def test_p_over_n_takes_leak_and_capacity_off_exactly(part):
    command = steps(LEVELS)
    small = -90 + (command - -90) / part
    found = protocols.subtract_leak(
        Sweeps(T, channel(command) + passive(command), command), Sweeps(T, passive(small), small)
    )
    np.testing.assert_allclose(found.sweeps.current, channel(command), rtol=0, atol=1e-9)
    assert float(found.conductance) == pytest.approx(2.0)
    assert found.method == "p/n"


def test_p_over_n_averages_its_parts_and_its_own_holding_is_nothing():
    """Parts from another holding potential, many of each, in any order; noise falls with their number."""
    command = steps(LEVELS[:4])
    small = np.concatenate([-110 + (command + 90) / n for n in (4.0, -4.0) for _ in range(8)])
    order = np.random.default_rng(2).permutation(len(small))
    stored = Sweeps(T, noisy(passive(small), 2.0)[order], small[order])
    found = protocols.subtract_leak(Sweeps(T, passive(command), command), stored)
    left = found.sweeps.current[:, (T > 15) & (T < 39)]
    # Every part fits every step: of sizes 10 to 40 mV in quarters, the larger ones tell more.
    assert abs(left.mean()) < 0.3
    assert left.std() < 4 * 2.0 / np.sqrt(16) * 1.5


def test_without_its_baseline_what_flows_at_rest_is_left():
    command = steps(LEVELS)
    small = -90 + (command + 90) / 4
    args = (Sweeps(T, passive(command), command), Sweeps(T, passive(small), small))
    found = protocols.subtract_leak(*args, baseline=False)
    np.testing.assert_allclose(found.sweeps.current, 2.0 * (-90 + 70), atol=1e-9)


def test_a_stored_transient_serves_other_forms_of_the_command():
    command = np.where(T < 10, -90, np.where(T < 25, LEVELS[:, None], np.where(T < 40, -30.0, -90)))
    stored = steps([-100.0], start=5.0, stop=60.0)
    found = protocols.subtract_leak(
        Sweeps(T, passive(command), command), Sweeps(T, passive(stored), stored), method="transient"
    )
    np.testing.assert_allclose(found.sweeps.current, 0, atol=1e-6)


def test_an_ohmic_leak_is_fitted_where_channels_are_closed():
    command = steps(np.arange(-130.0, 41.0, 10.0))
    sweeps = Sweeps(T, noisy(channel(command) + passive(command), 1.0), command)
    found = protocols.subtract_leak(sweeps)
    assert abs(float(found.conductance) - 2.0) < 4 * float(found.conductance_error)
    assert float(found.reversal) == pytest.approx(-70, abs=0.5)
    late = (T > 35) & (T < 39)
    np.testing.assert_allclose(
        found.sweeps.current[:, late].mean(axis=1), channel(command)[:, late].mean(axis=1), atol=1.0
    )
    chosen = protocols.subtract_leak(sweeps, between=(-125 * pq.mV, -85 * pq.mV))
    assert float(chosen.conductance) == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda s: protocols.subtract_leak(s, method="p/n"), ArgumentError, "pass them second"),
        (lambda s: protocols.subtract_leak(s, method="pn"), UnknownNameError, "p/n"),
        (lambda s: protocols.subtract_leak(s), SignalError, "between="),
        (
            lambda s: protocols.subtract_leak(s, s.window(0 * pq.ms, 50 * pq.ms)),
            SignalError,
            "last 49.95 ms",
        ),
        (
            lambda s: protocols.subtract_leak(s, Sweeps(T, s.current[:1], steps([-100.0], start=12.0))),
            SignalError,
            "no multiple",
        ),
        (lambda s: protocols.series_resistance(s, -1 * pq.MOhm), ArgumentError, "less than nothing"),
        (
            lambda s: protocols.series_resistance(s, 1 * pq.MOhm, compensated=70),
            ArgumentError,
            "write 0 to 1",
        ),
        (lambda s: protocols.iv(s, of="tail"), UnknownNameError, "peak"),
        (lambda s: protocols.iv(s, peak="up"), UnknownNameError, "inward"),
        (lambda s: protocols.iv(s, onset=20 * pq.ms), SignalError, "levels begin at 0, 10, 40 ms"),
        (lambda s: protocols.iv(s, skip=40 * pq.ms), SignalError, "skip="),
        (lambda s: protocols.inactivation(s.window(t_stop=40 * pq.ms)), SignalError, "No test step"),
        (lambda s: protocols.tails(s.window(t_stop=40 * pq.ms)), SignalError, "Nothing follows"),
        (
            lambda s: protocols.iv(Sweeps(T, s.current, np.full_like(s.command, -90))),
            SignalError,
            "same command",
        ),
        (
            lambda s: protocols.iv(Sweeps(T, s.current, np.tile(-90 + T, (15, 1)))),
            SignalError,
            "have no levels, as a ramp",
        ),
    ],
)
def test_what_cannot_be_done_is_told(call, error, words):
    command = steps(LEVELS)
    with pytest.raises(error, match=words):
        call(Sweeps(T, passive(command), command))


def test_series_resistance_of_an_ohmic_cell():
    """g in series with R_s: I = g (V_c - E) / (1 + g R_s); the membrane, and the current without R_s."""
    g, e, rs = 50.0, -60.0, 10.0
    command = steps([-40.0, 0.0, 40.0])
    current = g * (command - e) / (1 + g * rs * 1e-3)
    sweeps = Sweeps(T, current, command)
    found = protocols.series_resistance(sweeps, rs * pq.MOhm, reversal=e * pq.mV)
    np.testing.assert_allclose(found.recorded.voltage, (command + g * rs * 1e-3 * e) / (1 + g * rs * 1e-3))
    np.testing.assert_allclose(found.sweeps.current, g * (command - e))
    part = protocols.series_resistance(sweeps, 40 * pq.MOhm, compensated=0.75)
    np.testing.assert_allclose(part.voltage_error.magnitude, current * rs * 1e-3)


def test_charging_of_the_membrane_is_taken_off_with_the_capacitance():
    """After a step the membrane charges with R_s C (no leak): I is all C dV/dt."""
    rs, c, dt = 10.0, 30.0, 0.001
    t = np.arange(0, 5, dt)
    tau = rs * c * 1e-3
    since = np.clip(t - 1, 0, None)
    current = np.where(t >= 1, 50.0 / rs * 1e3 * np.exp(-since / tau), 0.0)[None]
    command = np.where(t >= 1, 50.0, 0.0)[None]
    found = protocols.series_resistance(Sweeps(t, current, command), rs * pq.MOhm, capacitance=c * pq.pF)
    off = np.abs(found.sweeps.current[0])
    assert off[np.abs(t - 1) > 0.01].max() < 1e-4 * current.max()


def test_near_the_reversal_nothing_is_scaled_and_it_is_told():
    command = steps([-60.5, 20.0])
    with pytest.warns(CurrentscapeWarning, match="stay as they are"):
        found = protocols.series_resistance(
            Sweeps(T, 10 * (command + 60), command), 5 * pq.MOhm, reversal=-60 * pq.mV
        )
    assert np.isfinite(found.sweeps.current).all()


@pytest.mark.parametrize("sigma", [2.0, 10.0])
def test_errors_of_the_curve_cover_the_truth(sigma):
    """Over many draws two thirds of half, slope and reversal lie within one standard error."""
    v = np.arange(-80.0, 71.0, 10.0)
    true = 8 * (v - 45) / (1 + np.exp((-20 - v) / 6))
    off = []
    for seed in range(60):
        found = fit_current(v, noisy(true, sigma, seed), np.full(len(v), sigma))
        numbers = np.array([found.half, found.slope, found.reversal, found.maximum], dtype=float)
        errors = np.array([found.errors[n] for n in ("half", "slope", "reversal", "maximum")])
        off.append((numbers - [-20, 6, 45, 8]) / errors)
    within = (np.abs(off) < 1).mean()
    assert 0.6 < within < 0.75  # Student's t of 12 degrees: 0.66


def test_errors_of_an_iv_of_noisy_sweeps_cover_the_truth():
    command = steps(LEVELS)
    exact = protocols.iv(Sweeps(T, channel(command), command)).activation
    assert float(exact.half) == pytest.approx(-20, abs=1e-6)
    off = []
    for seed in range(10):
        sweeps = Sweeps(T, noisy(np.tile(channel(command), (3, 1)), 8.0, seed), np.tile(command, (3, 1)))
        fit = protocols.iv(sweeps).activation
        off.append((float(fit.half) + 20) / fit.errors["half"])
    assert np.std(off) < 2 and abs(np.mean(off)) < 1.5


def test_a_curve_that_the_levels_do_not_tell_is_refused():
    v = np.arange(-80.0, 1.0, 10.0)
    with pytest.raises(SignalError, match="No Boltzmann curve fits"):
        fit_curve(v, noisy(np.ones(9), 0.2))
    with pytest.raises(SignalError, match="No Boltzmann curve fits"):
        fit_curve(v, np.exp(v / 10))  # the foot of a curve that ends far away
    with pytest.raises(SignalError, match="3 levels tell no Boltzmann"):
        fit_curve(v[:3], np.arange(3.0))


def test_falling_and_rising_curves_have_their_sign_and_their_base():
    v = np.arange(-120.0, 1.0, 10.0)
    found = fit_curve(v, -900 / (1 + np.exp((v + 60) / 6)) - 50, base=True)
    assert (found.maximum, found.base) == (pytest.approx(-900), pytest.approx(-50))
    assert float(found.slope) == pytest.approx(-6)
    rising = fit_curve(v, 3 / (1 + np.exp((-60 - v) / 9)))
    assert float(rising.slope) == pytest.approx(9)


def test_hyperpolarisation_may_open_a_channel():
    v = np.arange(-140.0, -39.0, 10.0)
    found = fit_current(v, 4 * (v + 30) / (1 + np.exp((v + 90) / 8)))
    assert float(found.half) == pytest.approx(-90)
    assert float(found.slope) == pytest.approx(-8)


def test_peaks_that_charge_the_membrane_are_told():
    command = steps(LEVELS)
    sweeps = Sweeps(T, noisy(passive(command, c=40.0, tau=1.0), 1.0), command)
    with pytest.warns(CurrentscapeWarning, match="charging of the membrane"):
        protocols.iv(sweeps)


def test_saturation_is_refused_where_the_current_is_read_only():
    command = steps(LEVELS)
    current = noisy(channel(command) + passive(command), 3.0)
    clipped = np.clip(current, -4000, 400)
    late = Sweeps(T, clipped, command)
    with pytest.raises(SignalError, match="saturated"):
        protocols.iv(late)
    fine = Sweeps(T, np.where(T < 12, clipped, np.minimum(current, 1e6)), command)
    protocols.iv(fine, skip=2.5 * pq.ms, of="steady")


def test_mixed_clamps_are_refused():
    block = Sweeps(T, passive(steps(LEVELS)), steps(LEVELS)).to_block()
    block.segments[4].annotate(clamp="current")
    with pytest.raises(SelectionError, match=r"Sweep 4 of the Block is of current clamp \(1 of 15 are\)"):
        protocols.iv(block)


def test_commands_that_were_recorded_with_noise_are_found():
    command = steps(LEVELS)
    sweeps = Sweeps(T, channel(command), noisy(command, 0.15))
    found = protocols.iv(sweeps)
    np.testing.assert_allclose(found.levels.magnitude, LEVELS, atol=0.1)
    assert float(found.activation.half) == pytest.approx(-20, abs=0.3)


def test_tables_and_figures_of_all():
    command = steps(LEVELS)
    main = Sweeps(T, noisy(channel(command) + passive(command), 3.0), command)
    small = -90 + (command + 90) / 4
    leak = protocols.subtract_leak(main, Sweeps(T, passive(small), small))
    series = protocols.series_resistance(leak, 3 * pq.MOhm)
    results = [leak, series, protocols.iv(leak), protocols.tails(leak)]
    for found, n_panels in zip(results, (4, 4, 4, 4), strict=True):
        assert len(found.to_dataframe()) == 15
        assert found.to_dataframe().attrs["units"]
        assert str(found)
        assert len(found.plot().axes) == n_panels
    figure = protocols.iv(leak).plot()
    (label,) = [t.get_text() for t in figure.axes[2].texts]
    assert label.startswith("reversal 4") and "±" in label


def test_a_recorded_voltage_that_settles_serves_where_no_command_is_known():
    settled = np.where(
        T < 10,
        -90.0,
        np.where(
            T < 40,
            LEVELS[:, None] - (LEVELS[:, None] + 90) * np.exp(-np.clip(T - 10, 0, None) / 0.3),
            -90 + (LEVELS[:, None] + 90) * np.exp(-np.clip(T - 40, 0, None) / 0.3),
        ),
    )
    found = protocols.iv(Sweeps(T, 3 * (settled + 70), settled), of="steady")
    np.testing.assert_allclose(found.levels.magnitude, LEVELS, atol=1e-6)
    assert float(found.crossing) == pytest.approx(-70, abs=0.1)


def test_a_ramp_beside_a_step_is_no_level():
    ramp = np.interp(T, [0, 5, 25, 30, 60], [-90, -90, 30, -90, -90])
    command = np.where(T < 35, ramp, np.where(T < 50, LEVELS[:, None], -90))
    found = protocols.iv(Sweeps(T, 3 * (command + 70), command), of="steady")
    np.testing.assert_allclose(found.levels.magnitude, LEVELS)
    np.testing.assert_allclose(found.steady.magnitude, 3 * (LEVELS + 70))


def test_a_curve_knows_the_steps_that_follow():
    """Peaks of a test step after the levels are the availability; at the holding level there are tails."""
    hold, command = (
        -90.0,
        np.where(T < 5, -90.0, np.where(T < 25, LEVELS[:, None], np.where(T < 40, 10.0, -90))),
    )
    since, on = np.clip(T - 25, 0, None), (T >= 25) & (T < 40)
    current = (
        -700 * on * np.exp(-since / 3) * -np.expm1(-since / 0.4) / (1 + np.exp((LEVELS[:, None] + 50) / 5))
    )
    early = -5 * (T > 5) * (T < 25) * np.exp(-np.clip(T - 5, 0, None) / 4) * (LEVELS[:, None] - hold)
    found = protocols.iv(Sweeps(T, current + early, command), skip=1 * pq.ms, of="steady")
    assert float(found.inactivation.curve.half) == pytest.approx(-50, abs=0.01)
    assert protocols.iv(Sweeps(T, passive(steps(LEVELS)), steps(LEVELS)), of="steady").inactivation is None
    after = np.clip(T - 40, 0, None)
    tail = np.where(T >= 40, 30 * np.exp(-after / 5), 0) / (1 + np.exp((-20 - LEVELS[:, None]) / 8))
    found = protocols.iv(Sweeps(T, tail, steps(LEVELS)), of="steady")
    assert float(found.tails.curve.half) == pytest.approx(-20, abs=0.01)
    np.testing.assert_allclose(found.tails.taus.magnitude[-5:], 5.0, rtol=1e-3)


def test_currents_that_are_noise_or_nothing_have_no_curve():
    command = steps(LEVELS)
    for seed in range(5):
        found = protocols.iv(Sweeps(T, noisy(0 * command, 2.0, seed), command))
        assert found.fitted is None
        assert len(found.plot().axes) >= 3
    nothing = protocols.iv(Sweeps(T, 0 * command, command))
    assert nothing.fitted is None and nothing.reversal is None
    with pytest.raises(SignalError, match="No Boltzmann curve fits"):
        nothing.activation  # noqa: B018
    for found in (protocols.tails(Sweeps(T, 0 * command, command)),):
        assert np.isnan(found.taus.magnitude).all()
        assert len(found.plot().axes) == 4


@pytest.mark.parametrize(
    "call", [protocols.iv, protocols.inactivation, protocols.tails, protocols.subtract_leak]
)
def test_mistyped_options_are_told(call):
    command = steps(LEVELS)
    with pytest.raises(UnknownOptionError, match=f"option of protocols.{call.__name__} 'curent'"):
        call(Sweeps(T, passive(command), command), curent="i")


def test_one_voltage_is_no_range():
    command = steps(LEVELS)
    with pytest.raises(ArgumentError, match="not two voltages"):
        protocols.subtract_leak(Sweeps(T, passive(command), command), between=-95 * pq.mV)


def test_a_holding_potential_that_was_set_in_one_sweep_is_no_step():
    command = np.full((7, 200), -80.0)
    command[0, :30] = 0.0
    with pytest.raises(SignalError, match="only in the level at which they begin, .* write onset=0"):
        protocols.iv(Sweeps(np.arange(200.0), np.zeros(command.shape), command))
    # Sweeps that begin with their steps are a family.
    begun = np.full((7, 200), -80.0)
    begun[:, :100] = np.arange(-60.0, 61.0, 20.0)[:, np.newaxis]
    found = protocols.iv(Sweeps(np.arange(200.0), 2.0 * (begun + 80.0), begun), of="steady")
    assert len(found.voltages) == 7


@pytest.mark.parametrize("levels", [np.arange(-110.0, -29.0, 10.0), np.arange(-105.0, -29.0, 10.0)])
def test_a_tail_and_a_steady_current_that_are_exactly_0_at_a_level_turn_there(levels):
    command = np.where((T >= 10) & (T < 20), 20.0, np.where(T < 10, -60.0, levels[:, None]))
    tail = np.where(T < 20, 0.0, 3 * (command + 80) * np.exp(-(T - 20) / 4))
    assert float(protocols.tails(Sweeps(T, tail, command)).reversal) == pytest.approx(-80)
    held = steps(levels, hold=-80.0)
    assert float(protocols.iv(Sweeps(T, 2 * (held + 80), held), of="steady").crossing) == pytest.approx(-80)
