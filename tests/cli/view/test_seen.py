"""What is seen of blocks is what is seen of the samples."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli.view.seen import Seen
from neo_currentscape.reduction.blocks import Blocks


@pytest.fixture
def recording():
    numbers = np.random.default_rng(8).normal(size=(30_000, 4)) * [1.0, 6.0, 0.2, 3.0]
    names = {"name": ["K", "Na", "leak", "Ca"]}
    return ncs.Recording(
        neo.AnalogSignal(numbers, units="nA", sampling_period=0.1 * pq.ms, array_annotations=names)
    )


@pytest.mark.parametrize("top", [None, 2])
def test_charges_and_contributions_of_a_window(recording, top):
    seen = Seen(recording, Blocks.of(recording, 700), top=top).window(123.45, 2345.6)
    plain = ncs.Currentscape(recording, top=top).slice(123.45 * pq.ms, 2345.6 * pq.ms)
    assert seen.names == plain.names
    assert list(seen.ranking) == list(plain.ranking)
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(
            seen.charge(direction).magnitude, plain.charge(direction).magnitude, rtol=1e-9
        )
        np.testing.assert_allclose(seen.contributions(direction), plain.contributions(direction), rtol=1e-9)


@pytest.mark.parametrize("top", [None, 2])
def test_columns_of_short_windows_are_the_same(recording, top):
    seen, plain = Seen(recording, Blocks.of(recording, 700), top=top), ncs.Currentscape(recording, top=top)
    found, expected = (one.columns(200, 500.0, 700.0, flows=True) for one in (seen, plain))
    np.testing.assert_array_equal(found.times, expected.times)
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(found.shares[direction], expected.shares[direction], atol=1e-12)
        np.testing.assert_allclose(found.flow(direction), expected.flow(direction), atol=1e-12)
        np.testing.assert_array_equal(found.extremes[direction].high, expected.extremes[direction].high)


def test_without_blocks_it_is_the_currentscape(recording):
    seen, plain = Seen(recording, None, top=2), ncs.Currentscape(recording, top=2)
    np.testing.assert_array_equal(seen.charge("inward").magnitude, plain.charge("inward").magnitude)
    cut, short = seen.window(100.0, 200.0), plain.slice(100 * pq.ms, 200 * pq.ms)
    np.testing.assert_allclose(cut.charge("inward").magnitude, short.charge("inward").magnitude)


def test_the_whole_has_no_other_charges_than_the_recording(recording):
    seen = Seen(recording, Blocks.of(recording, 700))
    assert seen.window(-5.0, 1e9) is seen
    first, last = seen.limits
    assert (first, last) == pytest.approx((0.0, 2999.9))


def test_it_draws_a_figure_of_its_window(recording):
    seen = Seen(recording, Blocks.of(recording, 700)).window(1000.0, 2000.0)
    figure = seen.plot(order=["Na", "Ca", "K", "leak"])
    assert figure.axes[0].get_xlim() == pytest.approx((1000.0, 2000.0))
