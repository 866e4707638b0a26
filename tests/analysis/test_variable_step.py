"""A spiking Hodgkin-Huxley cell in NEURON: contributions at variable step equal those at fixed step."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import Currentscape, Recording

pytestmark = pytest.mark.neuron

VARIABLES = {
    "v": ("_ref_v", "mV"),
    "ina": ("_ref_ina", "mA/cm**2"),
    "ik": ("_ref_ik", "mA/cm**2"),
    "il_hh": ("_ref_il_hh", "mA/cm**2"),
}
T_STOP = 60.0


def simulate(dt=None, atol=None):
    """Times and values of one cell with the Hodgkin-Huxley channels under a constant current."""
    h = pytest.importorskip("neuron").h
    h.load_file("stdrun.hoc")
    soma = h.Section(name="soma")
    soma.L = soma.diam = 30
    soma.insert("hh")
    stimulus = h.IClamp(soma(0.5))
    stimulus.delay, stimulus.dur, stimulus.amp = 5, 1e9, 0.3
    times = h.Vector().record(h._ref_t)
    vectors = {name: h.Vector().record(getattr(soma(0.5), ref)) for name, (ref, _) in VARIABLES.items()}
    solver = h.CVode()
    solver.active(1 if atol else 0)
    try:
        if atol:
            solver.atol(atol)
        else:
            h.dt, h.steps_per_ms = dt, 1 / dt
        h.finitialize(-65)
        h.continuerun(T_STOP)
    finally:
        solver.active(0)
        h.dt, h.steps_per_ms = 0.025, 40
    return np.array(times), {name: np.array(vector) for name, vector in vectors.items()}


def recording(times, values, regular):
    segment = neo.Segment()
    for name, (_, unit) in VARIABLES.items():
        column = values[name][:, None]
        if regular:
            period = (times[-1] - times[0]) / (len(times) - 1) * pq.ms
            signal = neo.AnalogSignal(column, units=unit, sampling_period=period, name=f"soma(0.5).{name}")
            segment.analogsignals.append(signal)
        else:
            signal = neo.IrregularlySampledSignal(
                times, column, units=unit, time_units="ms", name=f"soma(0.5).{name}"
            )
            segment.irregularlysampledsignals.append(signal)
    return Recording.from_segment(segment)


@pytest.fixture(scope="module")
def fixed():
    return recording(*simulate(dt=0.001), regular=True)


@pytest.fixture(scope="module")
def variable():
    return recording(*simulate(atol=1e-3), regular=False)


def test_the_cell_spikes_and_the_solver_adapts(fixed, variable):
    above = fixed.voltage.magnitude[:, 0] > 0
    assert np.sum(~above[:-1] & above[1:]) >= 3
    assert len(fixed) == pytest.approx(60_001, abs=2)
    steps = np.diff(variable.times.magnitude)
    assert steps.max() > 20 * np.median(steps) and len(variable) < 3000


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_contributions_are_the_same(fixed, variable, direction):
    one, other = (Currentscape(rec) for rec in (fixed, variable))
    assert one.names == other.names == ["ik", "il_hh", "ina"]
    difference = np.abs(one.contributions(direction) - other.contributions(direction))
    assert difference.max() < 0.0005  # far below the 0.003 that are asked for
    assert one.order() == other.order()


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_equal_weights_would_not_do(fixed, variable, direction):
    # The solver samples spikes densely: without weights they count far too much.
    one = Currentscape(fixed).contributions(direction)
    values = variable.currents.magnitude * (1 if direction == "outward" else -1)
    unweighted = np.maximum(values, 0).sum(axis=0)
    assert np.abs(unweighted / unweighted.sum() - one).max() > 0.01


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_columns_are_the_same(fixed, variable, direction):
    # Mean shares of the whole recording, weighted with time in both.
    one, other = (Currentscape(rec).columns(1).shares[direction] for rec in (fixed, variable))
    assert np.abs(one - other).max() < 0.002


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_charges_are_the_same(fixed, variable, direction):
    one, other = (Currentscape(rec).charge(direction).magnitude for rec in (fixed, variable))
    np.testing.assert_allclose(one, other, rtol=0.005)
