"""The verdict on measured currents, whose noise is known."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conservation.measured import unexplained_by_noise

DT, C = 0.02, 20.0


def measured(sigma, sign=1.0, known=True, seed=0):
    """A membrane with two conductances, of which one is driven, and noise on both currents."""
    t = np.arange(0, 60, DT)
    v = -60 + 30 * np.exp(-(((t - 20) / 3) ** 2)) - 5 * np.exp(-(((t - 40) / 4) ** 2))
    leak = 2.0 * (v + 60)
    other = -C * np.gradient(v, DT) - leak
    noise = sigma * np.random.default_rng(seed).normal(size=(2, len(t)))
    currents = neo.AnalogSignal(
        np.column_stack([sign * leak + noise[0], other + noise[1]]),
        units="pA",
        sampling_period=DT * pq.ms,
        array_annotations={"name": np.array(["leak", "other"])},
    )
    voltage = neo.AnalogSignal(v[:, None], units="mV", sampling_period=DT * pq.ms, name="v")
    return ncs.Recording(currents, voltage, noise=sigma * pq.pA if known else None)


@pytest.mark.parametrize("sigma", [1.0, 5.0, 20.0])
def test_noise_is_not_accused(sigma):
    found = ncs.balance(measured(sigma), C * pq.pF)
    assert found.verdict.startswith("complete as far as the noise lets tell")
    assert found.diagnosis.kind == "noise"


@pytest.mark.parametrize("sigma", [2.0, 10.0])
def test_what_noise_may_leave_is_what_it_leaves(sigma):
    found = [ncs.balance(measured(sigma, seed=k), C * pq.pF) for k in range(5)]
    left = np.mean([one.unexplained for one in found])
    may = unexplained_by_noise(found[0].recording, found[0].terms)
    assert left == pytest.approx(may, rel=0.05)


def test_more_than_noise_is_still_accused():
    found = ncs.balance(measured(1.0, sign=-1.0), C * pq.pF)
    assert found.unexplained > 5 * unexplained_by_noise(found.recording, found.terms)
    assert found.diagnosis.kind in ("sign", "factor", "missing")


def test_exact_currents_are_judged_as_before():
    with_noise, without = (ncs.balance(measured(0.0, known=k), C * pq.pF) for k in (True, False))
    assert with_noise.verdict == without.verdict
    assert without.verdict.startswith("complete:")
