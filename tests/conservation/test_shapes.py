"""Which shapes may stand for a missing current: within the sampling error none that opposes itself."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conservation.gathering import collect
from neo_currentscape.conservation.shapes import description
from neo_currentscape.conservation.shapes.fits import Shape

# A passive membrane under a constant current AMP from t = 0: V = E + (AMP/g)(1 - exp(-t g/C)), exactly.
C, G, E, AMP = 0.2, 0.01, -65.0, 0.1  # nF, uS, mV, nA


def passive(dt: float, slope: float = 0.0, reversal: float = -60.0) -> ncs.Recording:
    """The membrane with all its currents, and one too many: ``slope * (V - reversal)``."""
    t = np.arange(0, 100, dt)
    v = E + AMP / G * (1 - np.exp(-t * G / C))

    def signal(values, units, name, **notes):
        return neo.AnalogSignal(
            values[:, None], units=units, sampling_period=dt * pq.ms, name=name, **notes
        )

    return ncs.Recording(
        signal(G * (v - E) + slope * (v - reversal), "nA", "leak"),
        signal(v, "mV", "v", capacitance=C * pq.nF, derivative="forward"),
        electrode=signal(np.full(len(v), AMP), "nA", "stim"),
    )


def shapes(recording: ncs.Recording) -> tuple[float, list[Shape]]:
    terms = collect(recording)
    before = terms.mean((np.nan_to_num(terms.residual) / terms.scatter) ** 2)
    return before, description.simple_shapes(terms)


@pytest.mark.parametrize("dt", [0.025, 0.1, 0.5])
def test_what_a_forward_difference_leaves_is_no_current(dt):
    # (V(t + dt) - V(t)) / dt is (1 - exp(-a)) / a of V'(t), with a = dt g / C: about a / 2 is left of
    # C dV/dt = g (Vinf - V), which fits a conductance of -g a / 2 to the last digit.
    before, found = shapes(passive(dt))
    follows = next(shape for shape in found if shape.kind == "follows V")
    a = dt * G / C
    expected = -G * (1 - (1 - np.exp(-a)) / a)
    assert float(follows.numbers["g"].rescale("uS")) == pytest.approx(expected, rel=1e-3)
    assert follows.left < 1e-9 * before and before < 1
    balance = ncs.balance(passive(dt))
    assert balance.diagnosis.kind == "complete", balance.verdict
    assert "within the sampling error" in balance.verdict


@pytest.mark.parametrize("dt", [0.025, 0.1])
def test_beyond_the_sampling_error_it_is_one_of_which_there_is_too_much(dt):
    before, _ = shapes(passive(dt, slope=0.2 * G))
    assert before > 1
    balance = ncs.balance(passive(dt, slope=0.2 * G))
    assert balance.diagnosis.kind == "missing"
    assert "negative slope" in balance.verdict
    numbers = balance.diagnosis.shape.numbers
    assert float(numbers["g"].rescale("nS")) == pytest.approx(-2.0, rel=0.05)
    assert float(numbers["E"].rescale("mV")) == pytest.approx(-60, abs=1)


def test_a_positive_conductance_counts_however_small():
    # The difference leaves -g part; twice that is taken from the leak, and what is left is as large
    # as before, within the sampling error, but such as a channel could carry.
    part = 1 - (1 - np.exp(-0.1 * G / C)) / (0.1 * G / C)
    recording = passive(0.1, slope=-2 * part * G, reversal=E + AMP / G)
    before, _ = shapes(recording)
    balance = ncs.balance(recording)
    assert before < 1 and balance.unexplained < balance.sampling_error
    assert balance.diagnosis.kind == "missing"
    g = balance.diagnosis.shape.numbers["g"]
    assert float(g.rescale("uS")) == pytest.approx(part * G, rel=1e-3)


def test_credible():
    shape = Shape("follows V", "", 0.0, numbers={"g": pq.Quantity(-1.0, "nS")})
    assert description.is_credible(shape, 1.5) and not description.is_credible(shape, 0.5)
    positive = Shape("follows V", "", 0.0, numbers={"g": pq.Quantity(1.0, "nS")})
    constant = Shape("constant", "", 0.0)
    assert description.is_credible(positive, 0.5) and description.is_credible(constant, 0.5)


@pytest.mark.parametrize("off", [0.98, 1.02])
def test_a_capacitance_that_the_difference_alone_would_suggest_is_not_accused(off):
    # A decay without any drive: what the forward difference leaves is a part of C dV/dt to the last digit.
    t = np.arange(0, 100, 1.0)
    v = E + 20 * np.exp(-t * G / C)
    signals = [
        neo.AnalogSignal(x[:, None], units=unit, sampling_period=1 * pq.ms, name=name)
        for x, unit, name in ((G * (v - E), "nA", "leak"), (v, "mV", "v"))
    ]
    recording = ncs.Recording(*signals)
    found = ncs.balance(recording, off * C * pq.nF, derivative="forward")
    assert found.diagnosis.kind in ("complete", "coarse", "first order"), found.verdict
    assert "capacitance" not in found.verdict
    # Another one is.
    assert "capacitance is 2 times too large" in ncs.balance(recording, 2 * C * pq.nF).verdict
