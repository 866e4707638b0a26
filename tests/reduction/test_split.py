"""Splitting by direction, and dividing by totals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from neo_currentscape.conventions.errors import UnknownNameError
from neo_currentscape.reduction import split

currents = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.floats(-1e6, 1e6, allow_subnormal=True),
)


@given(currents)
def test_the_two_directions_make_the_whole(values):
    before = values.copy()
    outward, inward = (split.directed(values, d) for d in ("outward", "inward"))
    np.testing.assert_array_equal(outward - inward, values)
    assert (outward >= 0).all() and (inward >= 0).all()
    assert not (outward * inward).any()
    assert not np.signbit(outward).any() or not outward[np.signbit(outward)].any()
    assert not np.signbit(inward).any()
    np.testing.assert_array_equal(values, before)


@given(currents)
def test_fractions_sum_to_one_or_zero(values):
    for direction in ("outward", "inward"):
        part = split.directed(values, direction)
        total = part.sum(axis=1)
        fractions = split.fractions(part, total)
        assert fractions is part
        np.testing.assert_allclose(fractions.sum(axis=1), np.where(total > 0, 1.0, 0.0), atol=1e-12)
        assert ((fractions >= 0) & (fractions <= 1)).all()


def test_memory_order_changes_no_digit():
    values = np.random.default_rng(0).standard_normal((1000, 7))
    for direction in ("outward", "inward"):
        one = split.directed(values, direction)
        other = split.directed(np.asfortranarray(values), direction)
        np.testing.assert_array_equal(one.sum(axis=1), other.sum(axis=1))
        np.testing.assert_array_equal(np.ones(1000) @ one, np.ones(1000) @ other)


def test_gaps_stay_gaps():
    part = split.directed(np.array([[np.nan, 1.0], [-2.0, 4.0]]), "inward")
    assert np.isnan(part[0, 0])
    assert np.isnan(split.fractions(part, part.sum(axis=1))[0, 0])


@given(st.integers(0, 50), st.integers(1, 20))
def test_blocks_cover_every_sample_once(n, size):
    found = [k for rows in split.blocks(n, size) for k in range(n)[rows]]
    assert found == list(range(n))
    assert all(rows.stop - rows.start <= size for rows in split.blocks(n, size))


def test_other_directions_are_refused():
    split.check_direction("outward")
    with pytest.raises(UnknownNameError) as caught:
        split.check_direction("out")
    assert str(caught.value) == (
        "Unknown direction 'out': did you mean 'outward'? Known are 'outward', 'inward'."
    )
