"""What a voltage clamp reads off a channel in NEURON, against its closed forms."""

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols

LEVELS = np.arange(-80.0, 61.0, 10.0)

#: Conductance in nS of 1 mS/cm2 on 1000 um2.
G = 10.0


def opened(v, half=-25.0, slope=7.0):
    return 1 / (1 + np.exp((half - v) / slope))


def available(v, half=-60.0, slope=6.0):
    return 1 / (1 + np.exp((v - half) / slope))


def test_currents_conductance_and_curve_are_those_of_the_channel(clamped):
    block = clamped([[(2, -90), (8, v), (2, -90)] for v in LEVELS])
    found = protocols.iv(block, of="steady")
    wanted = G * available(-90) * opened(LEVELS) * (LEVELS - 40)
    np.testing.assert_allclose(found.steady.magnitude, wanted, rtol=2e-3, atol=0.01)
    fit = found.activation
    assert float(fit.half) == pytest.approx(-25, abs=0.01)
    assert float(fit.slope) == pytest.approx(7, abs=0.01)
    assert float(fit.reversal) == pytest.approx(40, abs=0.01)
    assert fit.maximum == pytest.approx(G * available(-90), rel=1e-3)
    far = np.abs(LEVELS - 40) > 5
    np.testing.assert_allclose(
        found.conductance.magnitude[far], G * available(-90) * opened(LEVELS[far]), rtol=3e-3, atol=1e-3
    )


def test_peaks_and_times_to_peak_are_those_of_the_channel(clamped):
    """From m = 0, to h = 0: the peak is that of (1 - exp(-t / taum)) exp(-t / tauh)."""
    block = clamped([[(2, -120), (20, v)] for v in LEVELS[4:]], taum=0.8, tauh=4.0, vh=-90.0, kh=3.0)
    found = protocols.iv(block)
    at = 0.8 * np.log1p(4.0 / 0.8)
    v = LEVELS[4:]
    wanted = G * available(-120, -90, 3) * opened(v) * -np.expm1(-at / 0.8) * np.exp(-at / 4) * (v - 40)
    np.testing.assert_allclose(found.peak.magnitude, wanted, rtol=5e-3, atol=0.05)
    large = np.abs(v - 40) > 5
    np.testing.assert_allclose(found.reading.t_peak[large], at, atol=0.05)
    late = found.taus.magnitude[large]
    np.testing.assert_allclose(late, 4.0, rtol=0.05)


def test_rise_of_a_current_without_a_peak(clamped):
    block = clamped([[(2, -120), (10, v)] for v in (-20, 0, 20, 60, 80)], taum=1.5)
    found = protocols.iv(block, of="steady", reversal=40 * pq.mV)
    np.testing.assert_allclose(found.taus.magnitude, 1.5, rtol=1e-3)


def test_availability_is_that_of_the_channel(clamped):
    before = np.arange(-110.0, -19.0, 10.0)
    block = clamped([[(2, -100), (100, v), (5, 0)] for v in before], taum=0.3, tauh=8.0, dt=0.02)
    found = protocols.inactivation(block)
    np.testing.assert_allclose(found.fraction, available(before), atol=0.01)
    assert float(found.curve.half) == pytest.approx(-60, abs=0.15)
    assert float(found.curve.slope) == pytest.approx(-6, abs=0.15)


def test_tails_tell_closing_reversal_and_activation(clamped):
    levels = np.arange(-100.0, 0.0, 10.0)
    block = clamped([[(2, -100), (25, 30), (15, v)] for v in levels], taum=2.0, vh=200.0, e=-55.0)
    found = protocols.tails(block)
    assert found.varied
    # What stays open at the level of the tail does not relax.
    wanted = G * (opened(30) - opened(levels)) * (levels + 55)
    np.testing.assert_allclose(found.amplitude.magnitude, wanted, rtol=0.02, atol=0.2)
    assert float(found.reversal) == pytest.approx(-55, abs=0.5)
    relaxing = np.abs(wanted) > 1
    np.testing.assert_allclose(found.taus.magnitude[relaxing], 2.0, rtol=0.01)
    block = clamped([[(2, -100), (25, v), (15, -100)] for v in LEVELS], taum=2.0, vh=200.0)
    found = protocols.tails(block)
    assert not found.varied
    assert float(found.curve.half) == pytest.approx(-25, abs=0.2)
    assert float(found.curve.slope) == pytest.approx(7, abs=0.1)


def test_series_resistance_shifts_the_curve_and_is_corrected(clamped):
    steps = [[(2, -90), (10, v), (2, -90)] for v in LEVELS]
    options = {"gbar": 0.01, "rs": 4.0}
    block = clamped(steps, **options)
    off, true = (protocols.iv(block, of="steady", series_resistance=r) for r in (None, 4 * pq.MOhm))
    assert abs(float(off.activation.half) + 25) > 0.8  # it matters
    assert float(true.activation.half) == pytest.approx(-25, abs=0.02)
    assert float(true.activation.reversal) == pytest.approx(40, abs=0.02)
    # The membrane is where NEURON has it.
    inside = slice(400, 1100)
    found = protocols.series_resistance(block, 4 * pq.MOhm)
    recorded = protocols.sweeps_of(block).voltage
    np.testing.assert_allclose(found.sweeps.voltage[:, inside], recorded[:, inside], atol=0.01)
    assert float(np.abs(found.voltage_error).max()) > 3
    corrected = protocols.iv(found, of="steady")
    assert float(corrected.activation.half) == pytest.approx(-25, abs=0.02)
    half = protocols.iv(protocols.series_resistance(block, 8 * pq.MOhm, compensated=0.5), of="steady")
    assert float(half.activation.half) == pytest.approx(-25, abs=0.02)


def test_leak_and_capacity_are_taken_off_by_p_over_n(clamped):
    """The channel's own currents, as the same clamp of a cell without leak and capacity has them."""
    options = {"rs": 0.2, "dt": 0.005, "vm": 0.0}
    steps = [[(3, -90), (8, v), (3, -90)] for v in LEVELS[::3]]
    quarter = [[(3, -90), (8, -90 - (levels[1][1] + 90) / 4), (3, -90)] for levels in steps]
    leaky = clamped(steps, leak=2e-4, gbar=2e-4, **options)
    small = clamped(quarter, leak=2e-4, gbar=2e-4, **options)
    alone = clamped(steps, gbar=2e-4, **options)
    found = protocols.subtract_leak(leaky, small)
    left = found.sweeps.current
    wanted = protocols.sweeps_of(alone).current
    late = slice(1000, 2180)
    # P/4 knows nothing of the resistance that both currents flow through: 220 pA through 0.2 Mohm.
    np.testing.assert_allclose(left[:, late], wanted[:, late], rtol=0.02, atol=0.2)
    assert float(found.conductance) == pytest.approx(2.0, rel=0.02)
