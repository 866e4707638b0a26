"""Values: finite or not, and new signals with the times of old ones."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.conventions.errors import SignalError
from neo_currentscape.recording import values


def signal(numbers, **options):
    return neo.AnalogSignal(numbers, units="nA", sampling_period=0.5 * pq.ms, t_start=10 * pq.ms, **options)


def test_magnitudes_are_not_copied():
    numbers = signal(np.ones((5, 2)))
    assert np.shares_memory(values.magnitudes(numbers), numbers)
    assert type(values.magnitudes(numbers)) is np.ndarray


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 3, values.BLOCK, values.BLOCK + 7])
def test_bad_rows_are_found(bad, row):
    numbers = np.ones((values.BLOCK + 8, 2))
    numbers[row, 1] = bad
    assert np.flatnonzero(values.bad_rows(numbers)).tolist() == [row]


def test_infinities_that_cancel_are_found():
    assert values.bad_rows(np.array([[np.inf, -np.inf], [1, 2]])).tolist() == [True, False]


def test_large_and_integer_values_are_good():
    assert values.bad_rows(np.full((3, 2), 1e308)) is None
    assert values.bad_rows(np.full((3, 2), 3e38, dtype=np.float32)) is None
    assert values.bad_rows(np.array([[1, 2], [3, 4]])) is None


def test_refusal_names_the_first_time():
    numbers = np.ones((5, 2))
    numbers[2, 1], numbers[4, 0] = np.inf, np.nan
    with pytest.raises(SignalError) as caught:
        values.refuse_bad_rows(signal(numbers), values.bad_rows(numbers), "Current 'ik'")
    assert str(caught.value) == (
        "Current 'ik' is inf at 11 ms (in 2 of 5 samples): mend the recording, or write nan='gap' to leave "
        "those times blank."
    )


@pytest.mark.parametrize("order", ["C", "F"])
def test_like_takes_the_times_and_shares_the_values(order):
    given = signal(np.ones((5, 2)))
    numbers = np.array(np.arange(5.0)[:, None], order=order)
    made = values.like(given, numbers, "mV", "v", role="voltage")
    assert made.units == pq.mV and made.name == "v" and made.annotations == {"role": "voltage"}
    np.testing.assert_array_equal(made.times.magnitude, given.times.magnitude)
    assert made.times.units == given.times.units
    assert np.shares_memory(made, numbers)


def test_like_keeps_irregular_times():
    given = neo.IrregularlySampledSignal([0, 1, 5], np.ones((3, 1)), units="nA", time_units="s")
    numbers = np.zeros((3, 2))
    made = values.like(given, numbers, "nA", "i")
    assert isinstance(made, neo.IrregularlySampledSignal)
    assert made.times[-1] == 5 * pq.s
    # Neo 0.13 copies what such a signal is made of.
    assert np.shares_memory(made, numbers) or neo.__version__.startswith("0.13.")


def test_copies_can_be_annotated_apart():
    given = signal(np.ones((5, 2)), name="i", array_annotations={"name": ["a", "b"]}, role="current")
    copy = values.copy_of(given)
    copy.annotate(role="other")
    copy.array_annotations["name"][0] = "c"
    assert given.annotations == {"role": "current"}
    assert given.array_annotations["name"].tolist() == ["a", "b"]
    assert np.shares_memory(copy, given)


def test_blank_leaves_the_values_alone():
    numbers = np.ones((3, 2))
    assert values.blank(numbers, None) is numbers
    blanked = values.blank(numbers, np.array([False, True, False]))
    assert np.isnan(blanked[1]).all() and np.isfinite(numbers).all()
