"""A reversal potential that moves: NEURON evaluates a current with that of the step before."""

import numpy as np
import pytest

from neo_currentscape.adapters import neuron

pytestmark = pytest.mark.neuron


@pytest.mark.parametrize("dt", [0.025, 0.1])
def test_a_range_variable_in_a_reversal_potential_is_one_step_old(
    h, soma, run, inject, signals, missed, dt
):
    soma.insert("ncs_moving")
    clamp = inject(soma(0.5), amp=0.3)
    h.dt, h.steps_per_ms = dt, 1 / dt
    recorder = neuron.Recorder(soma(0.5))
    here = soma(0.5)
    vectors = [h.Vector().record(x) for x in (here._ref_v, here._ref_er_ncs_moving, here._ref_m_ncs_moving)]
    run("fixed")
    v, er, m = (vector.as_numpy().copy() for vector in vectors)
    assert clamp.amp == 0.3 and v.max() > 0 and np.abs(np.diff(er)).max() > 0.1
    segment = recorder.to_segment()
    found = signals(segment)["i_ncs_moving"].magnitude[:, 0]
    # The old conductance and reversal potential, with the new voltage.
    wanted = 1.5e-3 * m[:-1] * (v[1:] - er[:-1]) * here.area() * 1e-2
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-9 * np.abs(wanted).max())
    assert missed(segment) < 1e-9
