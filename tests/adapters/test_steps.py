"""Means over a step agree with sums over ten thousand parts of it."""

from __future__ import annotations

import numpy as np
import pytest

from neo_currentscape.adapters import steps

#: Middles of the parts of a step.
U = (np.arange(10_000) + 0.5)[:, None] / 10_000
TAUS = np.array([0.02, 0.2, 1.3, 40.0])
H = 0.1


def both_means(course, x, v):
    return course.mean(x)[0], course.product(x, v)[0]


@pytest.mark.parametrize(("v0", "v1"), [(-70.0, -70.0), (-70.0, -61.0)])
def test_decay(v0, v1):
    x = np.stack([np.full(4, 3.0), np.full(4, 5.0)])
    v = np.array([[v0], [v1]])
    path, line = 3.0 * np.exp(-H / TAUS * U), v0 + (v1 - v0) * U
    mean, product = both_means(steps.decaying(H / TAUS), x, v)
    np.testing.assert_allclose(mean, path.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(product, (path * line).mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize("rise", [0.05, 0.2, 1.3, 40.0])
def test_two_exponentials(rise):
    """Equal time constants are the alpha function; the sum of both samples' courses is the path."""

    def path(t):
        if rise in TAUS:
            same = rise == TAUS
            other = np.where(same, 1.0, TAUS)
            beta = 2 * np.exp(-t / other) - 0.7 * np.exp(-t / rise)
            return np.where(same, (2 + 4 * t) * np.exp(-t / rise), beta)
        return 2 * np.exp(-t / TAUS) - 0.7 * np.exp(-t / rise)

    x, v = np.stack([path(0.0), path(H)]), np.array([[-70.0], [-63.0]])
    mean, product = both_means(steps.rising_and_decaying(H / TAUS, np.full(4, H / rise)), x, v)
    np.testing.assert_allclose(mean, path(H * U).mean(axis=0), rtol=2e-5)
    np.testing.assert_allclose(product, (path(H * U) * (-70 + 7 * U)).mean(axis=0), rtol=2e-5)


def test_relaxation_and_what_is_recorded_before_the_jumps():
    def path(t):
        return 4.0 - 6.0 * np.exp(-t / TAUS)

    x = np.stack([path(0.0), path(H)])
    np.testing.assert_allclose(
        steps.relaxing(H / TAUS).mean(x)[0], path(H * U).mean(axis=0), rtol=1e-6, atol=1e-9
    )
    decay = 3.0 * np.exp(-H / TAUS[1:] * U)
    ends = np.stack([np.full(3, 99.0), 3.0 * np.exp(-H / TAUS[1:])])
    np.testing.assert_allclose(
        steps.before_jumps(H / TAUS[1:]).mean(ends)[0], decay.mean(axis=0), rtol=1e-6
    )


def test_smooth_straight_constant_and_late():
    t = np.linspace(0, 2, 21)[:, None]
    exact = (np.cos(t[:-1]) - np.cos(t[1:])) / H
    assert np.abs(steps.of_smooth(np.sin(t))[1:-2] - exact[1:-1]).max() < 2e-6
    assert np.abs(steps.straight().mean(np.sin(t))[:-1] - exact).max() > 5e-4
    x = np.array([[1.0], [4.0], [2.0]])
    np.testing.assert_array_equal(steps.constant().mean(x), x)
    np.testing.assert_array_equal(steps.late().mean(x)[:2], x[1:])
    np.testing.assert_allclose(steps.straight().product(x, x)[0], (1 + 4 + 16) / 3)


@pytest.mark.parametrize("tau", [0.2, 0.5, 2.0, 10.0])
@pytest.mark.parametrize("every", [1, 5, 10])
def test_charge_of_a_decaying_variable_between_samples_far_apart(tau, every):
    """Spikes at random steps; the charge is that of all steps, within its standard error."""
    rng = np.random.default_rng(4)
    n = 400_000
    x = np.zeros(n)
    jumps = rng.poisson(0.02, n)
    q = np.exp(-H / tau)
    powers = q ** np.arange(2000)
    x = np.convolve(jumps, powers)[:n]
    exact = x.sum() * -np.expm1(-H / tau) * tau / H
    sampled = x[::every, None]
    course = steps.decaying(np.array([H / tau]), every)
    found = course.mean(sampled)[:-1].sum() * every
    assert abs(found / exact - 1) < (1e-3 if every == 1 else 0.03)


def test_an_exponential_that_drives_itself_is_bounded_and_counted_once():
    """C dV/dt = g D exp((V - T)/D): the charge between two voltages is C times their difference."""
    u = np.array([[-9.0], [0.0], [1.0], [7.0], [25.0]])
    duration = np.exp(-u[:-1]) - np.exp(-u[1:])  # until e**-u has fallen so far, in C/g
    charge = steps.of_exponential(u)[1:-1] * duration[1:]
    np.testing.assert_allclose(charge, np.diff(u, axis=0)[1:], rtol=1e-12)
    falls = np.array([[3.0], [-5.0]])
    np.testing.assert_allclose(
        steps.of_exponential(falls)[0], np.exp(3.0 - 8.0 * U).mean(axis=0), rtol=1e-6
    )
    rest = np.array([[-4.0], [-4.0], [-3.9]])
    np.testing.assert_allclose(steps.of_exponential(rest)[0], np.exp(-4.0))
    np.testing.assert_allclose(steps.of_exponential(rest)[1], np.exp(-4.0 + 0.1 * U).mean(), rtol=1e-6)
