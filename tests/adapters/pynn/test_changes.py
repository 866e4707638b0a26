"""Parameters and current sources that are changed between runs hold each for their time."""

import numpy as np
import pytest

from neo_currentscape.adapters import pynn

pytestmark = pytest.mark.pynn

BACKENDS = ["neuron", "nest", "brian2"]
#: What the integration of each backend leaves of the balance at 0.025 ms, away from spikes.
LIMIT = {"neuron": 1e-8, "nest": 0.02, "brian2": 1e-9}


def _times(segment, name):
    (signal,) = [s for s in segment.analogsignals if s.name == name]
    return signal.times.rescale("ms").magnitude


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_channel_that_is_blocked_between_runs_flows_before(simulate, channel, residual, backend):
    found, _ = simulate(backend, "uses.changed")
    t = _times(found["cells"], "Na")
    for neuron in range(2):
        sodium = channel(found["cells"], "Na", neuron)
        assert sodium[t < 19.9].min() < -30
        assert not sodium[(t > 20.2) & (t < 39.9)].any()
        assert (sodium[t > 40.5].min() < -30) == (neuron == 1)
        assert residual(found["cells"], neuron) <= LIMIT[backend]


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_current_has_the_parameters_of_its_run(simulate, channel, residual, backend):
    found, folder = simulate(backend, "uses.changed")
    for segment in (found["others"], pynn.to_segment(pynn.read(folder / "others.pkl", trust_pickle=True))):
        t = _times(segment, "leak")
        offset = channel(segment, "i_offset", 1)
        assert set(offset[t < 19.9]) == {0.5} and set(offset[t > 20.3]) == {0.1}
        for neuron in range(3):
            assert residual(segment, neuron) <= LIMIT[backend]
        # (v - v_rest) cm / tau_m, away from resets.
        leak, v = channel(segment, "leak", 0), channel(segment, "v", 0)
        calm = np.abs(np.gradient(v)) < 0.2
        for during, conductance in ((t < 19.5, 0.05), ((t > 40.5) & (t < 59), 0.2)):
            chosen = calm & during
            np.testing.assert_allclose(leak[chosen], conductance * (v[chosen] + 65), atol=0.05)


def _longest_epoch(segment, neuron):
    durations = [
        duration
        for epoch in segment.epochs
        for duration, n in zip(
            epoch.durations.rescale("ms").magnitude, epoch.array_annotations["channel_index"], strict=True
        )
        if n == neuron
    ]
    return max(durations)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_refractory_time_is_that_of_its_run(simulate, backend):
    found, _ = simulate(backend, "uses.changed")
    # It was 0.1 ms before, and is 3 ms at the end.
    assert _longest_epoch(found["others"], 2) == pytest.approx(3.0, abs=0.2)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_capacitance_that_changed_is_refused(simulate, backend):
    found, _ = simulate(backend, "uses.changed")
    kinds, message = found["cm"]
    assert "SelectionError" in kinds and "'others'" in message and "sim.reset()" in message


@pytest.mark.parametrize("backend", BACKENDS)
def test_changes_are_told_apart_in_every_segment(simulate, channel, backend):
    block, _ = simulate(backend, "uses.changed_after_reset")
    for segment, (first, second) in zip(block.segments, ((0.1, 0.2), (0.3, 0.4)), strict=True):
        offset, t = channel(segment, "i_offset", 0), _times(segment, "i_offset")
        assert set(offset[t < 9.9]) == {first} and set(offset[t > 10.3]) == {second}


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_callback_may_change_a_parameter_every_millisecond(simulate, channel, residual, backend):
    found, _ = simulate(backend, "uses.changed_often")
    offset, t = channel(found["whole"], "i_offset", 0), _times(found["whole"], "i_offset")
    middle = np.abs(t % 1 - 0.5) < 0.01
    assert middle.sum() == 20
    np.testing.assert_allclose(offset[middle], 0.01 * np.floor(t[middle]), atol=1e-12)
    assert residual(found["whole"], 0) <= 1e-4
    later, rest = _times(found["rest"], "i_offset"), channel(found["rest"], "i_offset", 0)
    middle = np.abs(later % 1 - 0.5) < 0.01
    np.testing.assert_allclose(rest[middle], 0.01 * np.floor(later[middle]), atol=1e-12)


def test_a_native_model_of_nest_is_read_by_stretches_too(simulate, channel):
    segment, _ = simulate("nest", "uses.blocked_natively")
    sodium, t = channel(segment, "I_Na", 1), _times(segment, "I_Na")
    assert sodium[t < 49].min() < -1000 and not sodium[t > 50.3].any()
    assert np.all(np.diff(t) > 0)


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_parameters_that_do_not_fit_are_said_where_nobody_stored_them(simulate, backend):
    found, _ = simulate(backend, "uses.unstored")
    (said,) = found["changed"]
    assert "'changed' has now leave" in said and "record_currents" in said
    assert not found["same"]
