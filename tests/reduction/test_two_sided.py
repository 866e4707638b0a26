"""Parts with two directions at once: each is one part, of both its sides."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.reduction.two_sided import TwoSided, two_sided


def made(names, n=40):
    """Both sides of each part flow at all times; the last part is the largest."""
    rng = np.random.default_rng(3)
    size = np.arange(1, len(names) + 1)[:, None]
    positive, negative = (size + rng.uniform(0, 0.5, (len(names), n)) for _ in range(2))
    clock = neo.AnalogSignal(np.zeros((n, 1)), units="mV", sampling_period=0.1 * pq.ms)
    signed = np.concatenate([positive, -negative])
    return TwoSided(two_sided(signed, names, clock, "nA"), names), positive, negative


def test_shares_charges_and_columns_are_those_of_both_sides():
    found, positive, negative = made(["leak", "AMPA"])
    for direction, part in (("outward", positive), ("inward", negative)):
        shares = part / part.sum(axis=0)
        np.testing.assert_allclose(found.shares(direction).magnitude, shares.T)
        np.testing.assert_allclose(found.columns(40).shares[direction], shares)
        np.testing.assert_allclose(found.charge(direction).magnitude, 0.1 * part.sum(axis=1))
    lines = found.columns(40).extremes["currents"]
    np.testing.assert_allclose(lines.high, positive)
    np.testing.assert_allclose(lines.low, -negative)


@pytest.mark.parametrize("by", ["charge", "recorded", "name"])
def test_what_was_summed_as_other_is_last_however_large(by):
    found, *_ = made(["leak", "AMPA", "zap", "other"])
    assert found.bundle is None and found.names[found.ranking[0]] == "other"
    assert found.names[found.order(by)[-1]] == "other"
