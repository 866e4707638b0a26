"""What the panels of voltage clamp draw."""

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.panels import protocols as panels
from neo_currentscape.panels.protocols.sweeps import level_colours
from neo_currentscape.protocols import Sweeps

pytest.importorskip("scipy")

T = np.arange(0, 60, 0.1)
LEVELS = np.arange(-80.0, 61.0, 10.0)


def steps():
    on = (T >= 10) & (T < 40)
    command = np.where(on, LEVELS[:, None], -90.0)
    gate = -np.expm1(-np.clip(T - 10, 0, None) / 0.5) * np.exp(-np.clip(T - 10, 0, None) / 6) * on
    current = 9 * gate * (command - 45) / (1 + np.exp((-25 - command) / 7))
    return Sweeps(T, current, command)


@pytest.fixture(name="found")
def _found():
    return protocols.iv(steps(), peak="largest")


def test_sweeps_commands_and_windows(found, axes):
    lines = panels.SweepsPanel(found, window=False, zero_line=False, columns=10_000).plot(axes)
    assert len(lines) == 15
    np.testing.assert_allclose(lines[3].get_ydata(), found.sweeps.current[3])
    assert axes.get_ylabel() == "Current\n(pA)"
    assert axes.get_ylim()[0] < found.peak.magnitude.min()


def test_commands(found, axes):
    lines = panels.CommandPanel(found, columns=10_000).plot(axes)
    np.testing.assert_allclose(lines[-1].get_ydata(), found.sweeps.command[-1])
    assert axes.get_ylabel() == "Command\n(mV)"


def test_levels_go_from_dark_to_light():
    colours = level_colours(steps().command)
    assert len(set(colours)) == 15
    light = [sum(colour[:3]) for colour in colours]
    assert light[0] < light[7] < light[-1]
    assert len(set(level_colours(np.zeros((4, 9))))) == 1


def test_current_over_voltage_with_curve_and_reversal(found, axes):
    artists = panels.IVPanel(found).plot(axes)
    points, other, curve = artists[0], artists[1], artists[2]
    np.testing.assert_allclose(points.get_xdata(), LEVELS)
    np.testing.assert_allclose(points.get_ydata(), found.peak.magnitude)
    np.testing.assert_allclose(other.get_ydata(), found.steady.magnitude)
    np.testing.assert_allclose(curve.get_ydata(), found.activation.current(curve.get_xdata()))
    assert "reversal 45 ±" in artists[-1].get_text()


def test_conductance_over_its_maximum(found, axes):
    artists = panels.BoltzmannPanel(found).plot(axes)
    far = np.abs(LEVELS - 45) > 5
    wanted = 1 / (1 + np.exp((-25 - LEVELS[far]) / 7))
    np.testing.assert_allclose(artists[0].get_ydata()[far], wanted, atol=1e-6)
    assert artists[-1].get_text().startswith("V½ −25 ± ")
    assert axes.get_ylabel() == "G / G max"


def test_time_constants(found, axes):
    points = panels.TausPanel(found).plot(axes)[0]
    told = np.isfinite(points.get_ydata())
    assert told.sum() >= 10
    np.testing.assert_allclose(points.get_ydata()[told], 6.0, rtol=0.02)


def test_errors_are_bars(axes):
    noisy = steps()
    noise = np.random.default_rng(0).normal(scale=4, size=(3 * 15, len(T)))
    found = protocols.iv(Sweeps(T, np.tile(noisy.current, (3, 1)) + noise, np.tile(noisy.command, (3, 1))))
    artists = panels.IVPanel(found, other=False, curve=False, note=False).plot(axes)
    (bars,) = artists[1:]
    heights = [np.ptp(path.vertices[:, 1]) for path in bars.get_paths()]
    np.testing.assert_allclose(heights, 2 * found.current_error.magnitude)


def test_bands_of_one_standard_error(axes):
    rng = np.random.default_rng(0)
    shape = (4, len(T))
    control, blocked = (Sweeps(T, rng.normal(size=shape), np.zeros(shape)) for _ in range(2))
    found = protocols.subtract(control, blocked)
    artists = panels.SweepsPanel(found, zero_line=False, columns=10_000).plot(axes)
    band = artists[-1].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx((found.current + found.error).magnitude.max())


def test_tails_that_turn(axes):
    after = np.clip(T - 30, 0, None)
    levels = np.arange(-120.0, -29.0, 10.0)
    command = np.where(T < 10, -80, np.where(T < 30, 20, levels[:, None]))
    found = protocols.tails(
        Sweeps(T, 3 * (command + 85) * np.where(T < 30, T > 10, np.exp(-after / 4)), command)
    )
    artists = panels.InstantaneousPanel(found).plot(axes)
    np.testing.assert_allclose(artists[0].get_ydata(), 3 * (levels + 85), atol=1e-3)
    assert artists[-1].get_text() == "reversal −85 mV"


def test_elements_are_switched_off_and_other_things_refused(found, axes):
    off = {"line": False, "curve": False, "note": False, "other": False, "zero_line": False}
    assert panels.IVPanel(found, **off).plot(axes) == []
    with pytest.raises(ArgumentTypeError, match=r"IVPanel shows the result of a voltage clamp"):
        panels.IVPanel(3 * pq.mV)
