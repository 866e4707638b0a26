"""The stomatogastric neuron under voltage clamp."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.conventions.errors import ArgumentTypeError, UnitsError, UnknownNameError
from neo_currentscape.models import stg

pytest.importorskip("scipy")


def by_name(segment):
    return {signal.name: signal.magnitude[:, 0] for signal in segment.analogsignals}


def held(*levels, dt=0.1, each=200):
    numbers = np.repeat(levels, each).astype(float)[:, None]
    return neo.AnalogSignal(numbers, units="mV", sampling_period=dt * pq.ms)


def test_under_its_own_voltage_the_clamp_has_nothing_to_do():
    free = stg.simulate("A", t_stop=1.2 * pq.s, dt=0.05 * pq.ms).segments[0]
    found, own = by_name(stg.clamp(free.analogsignals[0])), by_name(free)
    # The gates begin at rest and not where those of the free neuron were: they have to forget that.
    late = slice(len(own["v"]) // 2, -5)
    flows = np.sum([np.abs(own[name][late]) for name in stg.CURRENTS], axis=0)
    assert np.abs(found["I_clamp"][late]).mean() < 0.05 * flows.mean()
    for name in ("Na", "Kd"):
        assert np.corrcoef(found[name][late], own[name][late])[0, 1] > 0.999


def test_the_clamp_supplies_the_currents_and_what_charges_the_membrane():
    found = by_name(stg.clamp(held(-60, -20)))
    total = np.sum([found[name] for name in stg.CURRENTS], axis=0)
    still = np.r_[0:198, 202:400]
    np.testing.assert_allclose(found["I_clamp"][still], total[still])
    # C dV over the step of 40 mV, in nF mV.
    assert (found["I_clamp"] - total).sum() * 0.1 == pytest.approx(10 * 40)


def test_a_blocked_current_is_gone_and_the_others_stay():
    control, without = (by_name(stg.clamp(held(-60, -10), blocked=b)) for b in ((), ("Na",)))
    assert not without["Na"].any()
    np.testing.assert_allclose(control["I_clamp"] - without["I_clamp"], control["Na"], atol=1e-6)
    np.testing.assert_allclose(control["Kd"], without["Kd"], atol=1e-6)


def test_roles_and_clamp_are_annotated():
    segment = stg.clamp(held(-60))
    assert segment.annotations["clamp"] == "voltage"
    assert [s.annotations["role"] for s in segment.analogsignals[:3]] == ["membrane", "command", "current"]


def test_what_is_no_command_is_refused():
    with pytest.raises(ArgumentTypeError, match="one channel"):
        stg.clamp(np.zeros(9))
    with pytest.raises(UnknownNameError, match="KCa"):
        stg.clamp(held(-60), blocked=["KCA"])
    with pytest.raises(UnitsError):
        stg.clamp(neo.AnalogSignal(np.zeros((9, 1)), units="nA", sampling_period=1 * pq.ms))
