"""Subtraction of families of sweeps, in closed form, and what is refused or told."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
    UnitsError,
)
from neo_currentscape.protocols import Sweeps
from neo_currentscape.protocols.response.saturation import cut_off

LEVELS = np.array([-60.0, -30.0, 0.0, 30.0])
T = np.arange(0, 40, 0.1)
COMMAND = np.where((T > 10) & (T < 30), LEVELS[:, None], -80.0)


def family(size, n=5, sigma=3.0, seed=0, order=(0, 1, 2, 3)):
    """Currents of an ohmic conductance (nS) that closes with 5 ms, in n rounds of all levels."""
    rng = np.random.default_rng(seed)
    current = size * COMMAND * np.exp(-np.clip(T - 10, 0, None) / 5)
    rows = np.tile(np.array(order), n)
    return Sweeps(T, current[rows] + sigma * rng.normal(size=(len(rows), len(T))), COMMAND[rows])


def test_each_command_is_subtracted_from_its_own_whatever_the_order():
    found = protocols.subtract(family(10, order=(2, 0, 3, 1)), family(3, seed=1))
    wanted = 7 * COMMAND[[2, 0, 3, 1]] * np.exp(-np.clip(T - 10, 0, None) / 5)
    off = (found.current.magnitude - wanted) / found.error.magnitude
    assert found.current.shape == (4, 400)
    assert np.median(found.error.magnitude) == pytest.approx(3 * np.sqrt(2 / 5), rel=0.05)
    assert 0.6 < (np.abs(off) < 1).mean() < 0.75
    np.testing.assert_allclose(
        found.charge.rescale("pC").magnitude,
        wanted.sum(axis=1) * 0.1e-3,
        atol=5 * 3 * 0.1e-3 * np.sqrt(2 * 80),
    )
    frame = found.to_dataframe()
    assert frame["n_control"].tolist() == [5] * 4
    assert frame.attrs["units"]["charge"] == "pC"


def test_a_family_with_a_level_too_few_is_refused():
    with pytest.raises(SignalError, match=r"No sweep of the blocked Block .* number 3"):
        protocols.subtract(family(10), family(3, order=(0, 1, 2, 0)))


def test_a_blocker_that_increases_the_current_is_told():
    with pytest.warns(CurrentscapeWarning, match=r"blocked Block is larger .* (49|50|51)%.* wrong order"):
        protocols.subtract(family(10), family(15, seed=1))


def test_a_blocker_of_what_flows_against_another_current_is_not_accused(recwarn):
    """Without the inward current the outward one is larger at all levels."""
    on = (T > 10) & (T < 30)
    inward = 4 * (COMMAND - 60) * on * np.exp(-np.clip(T - 10, 0, None) / 3)
    outward = 15 * (COMMAND + 80) * on
    both, alone = (np.tile(i, (5, 1)) for i in (inward + outward, outward))
    noise = np.random.default_rng(0).normal(size=(2, *both.shape))
    commands = np.tile(COMMAND, (5, 1))
    protocols.subtract(Sweeps(T, both + noise[0], commands), Sweeps(T, alone + noise[1], commands))
    assert not recwarn.list


def test_one_sweep_of_each_has_no_error():
    found = protocols.subtract(family(10, n=1), family(3, n=1))
    assert np.isnan(found.error.magnitude).all() and np.isnan(found.charge_error.magnitude).all()
    assert np.isfinite(found.current.magnitude).all()


def test_saturation_is_told_from_steady_states_and_coarse_converters():
    rng = np.random.default_rng(0)
    smooth = 100 * -np.expm1(-np.arange(3000) / 20)  # the last 1500 are 100 exactly
    noise = rng.normal(scale=5, size=3000)
    assert cut_off(smooth) is None
    assert cut_off(np.round(smooth + rng.normal(scale=0.2, size=3000))) is None
    assert cut_off(smooth + noise) is None
    assert cut_off(np.minimum(smooth + noise, 80)) is not None
    assert cut_off(np.maximum(-smooth + noise, -80)) is not None
    assert cut_off(np.zeros(50)) is None


def test_saturated_sweeps_are_refused_unless_left_out():
    bad = family(10)
    bad.current[7] = np.clip(bad.current[7], -400, 150)
    with pytest.raises(SignalError, match="Sweep 7 of the control is saturated"):
        protocols.subtract(bad, family(3, seed=1))
    protocols.subtract(bad, family(3, seed=1), t_start=25 * pq.ms)


def segment(dt=0.1, unit="pA", **roles):
    """A Segment of voltage clamp with signals of ones."""
    found = neo.Segment(clamp="voltage")
    for name, (u, role) in {"i": (unit, "membrane"), "c": ("mV", "command"), **roles}.items():
        found.analogsignals.append(
            neo.AnalogSignal(np.ones((50, 1)), units=u, sampling_period=dt * pq.ms, name=name, role=role)
        )
    return found


def test_sweeps_are_read_by_role_with_their_own_zero():
    late = segment(v=("mV", "voltage"))
    for one in late.analogsignals:
        one.t_start = 3 * pq.s
    found = protocols.sweeps_of([segment(v=("mV", "voltage")), late])
    assert found.current.shape == found.voltage.shape == (2, 50)
    assert found.times[0] == 0
    nano = protocols.sweeps_of(segment(unit="nA"))
    assert nano.current[0, 0] == pytest.approx(1000)


def test_direction_that_is_annotated_is_believed():
    turned = segment()
    turned.analogsignals[0].annotate(positive="inward")
    assert protocols.sweeps_of(turned).current[0, 0] == -1
    pipette = segment()
    pipette.analogsignals[0].annotate(role="electrode", positive="inward")
    assert protocols.sweeps_of(pipette, current="i").current[0, 0] == 1  # what is injected flows out


@pytest.mark.parametrize(
    ("source", "options", "error", "words"),
    [
        (neo.Block(), {}, SelectionError, "holds no sweep"),
        (neo.Segment(), {}, SelectionError, "no current of a voltage clamp"),
        (segment(unit="mA/cm**2"), {}, UnitsError, "is a density"),
        (segment(j=("pA", "membrane")), {}, SelectionError, "2 signals that may be the current"),
        (segment(), {"current": "x"}, SelectionError, "x"),
    ],
)
def test_what_cannot_be_read_is_told(source, options, error, words):
    with pytest.raises(error, match=words):
        protocols.sweeps_of(source, **options)


def test_a_command_of_another_length_is_refused():
    odd = segment()
    odd.analogsignals[1] = odd.analogsignals[1][:40]
    with pytest.raises(SignalError, match="'c' has 40 samples"):
        protocols.sweeps_of(odd)


def test_figure_has_means_difference_and_command():
    figure = protocols.subtract(family(10), family(3, seed=1)).plot()
    assert [len(axes.lines) - (k < 3) for k, axes in enumerate(figure.axes)] == [4, 4, 4, 4]
    assert len(figure.axes[2].collections) == 4  # a band for each


def test_currents_per_capacitance_need_the_capacitance():
    found = segment()
    found.analogsignals[0] = neo.AnalogSignal(
        np.full((50, 1), 3.0), units=pq.pA / pq.pF, sampling_period=0.1 * pq.ms, name="i", role="membrane"
    )
    assert protocols.sweeps_of(found, capacitance=20 * pq.pF).current[0, 0] == pytest.approx(60)
    with pytest.raises(UnitsError, match="capacitance="):
        protocols.sweeps_of(found)


@pytest.mark.parametrize(
    ("times", "current", "words"),
    [
        (T, np.zeros(400), "the shape"),
        (T, np.zeros((2, 399)), "the shape"),
        (T, np.full((1, 400), np.nan), "NaN"),
        (T**2, np.zeros((1, 400)), "one interval"),
    ],
)
def test_sweeps_of_plain_arrays_are_checked(times, current, words):
    with pytest.raises(SignalError, match=words):
        Sweeps(times, current, np.zeros((len(np.atleast_2d(current)), 400)))


def test_each_amplifier_has_its_own_command():
    pair = segment(j=("pA", "membrane"), d=("mV", "command"))
    for signal, place in zip(pair.analogsignals, ("a", "a", "b", "b"), strict=True):
        signal.annotate(site=place)
    pair.analogsignals[3][:] = 7 * pq.mV
    assert protocols.sweeps_of(pair, site="b").command[0, 0] == 7
    assert protocols.sweeps_of(pair, current="j").command[0, 0] == 7
    assert protocols.sweeps_of(pair, site="a").command[0, 0] == 1
    with pytest.raises(SelectionError, match=r"2 signals that may be the current .* site='a'"):
        protocols.sweeps_of(pair)


def test_a_path_is_to_be_read_first():
    with pytest.raises(ArgumentTypeError, match=r"icephys.read\('cell.abf'\)"):
        protocols.sweeps_of("cell.abf")
