"""A Field of known parts: its sums, its contacts, its units and its Currentscape."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import extracellular
from neo_currentscape.conventions.errors import CurrentscapeError


@pytest.fixture
def field():
    parts = np.random.default_rng(5).standard_normal((2, 5, 40)) * np.arange(1, 6)[:, None]
    clock = neo.AnalogSignal(np.zeros((40, 1)), units="nA", sampling_period=0.1 * pq.ms)
    return extracellular.Field(list("abcde"), parts, "mV", ["near", "far"], clock, 0.0)


def test_currentscape_of_a_contact_has_the_signal_as_its_sum(field):
    scape = field.currentscape(1)
    difference = scape.total("outward").magnitude - scape.total("inward").magnitude
    np.testing.assert_allclose(difference[:, 0], field.total[1], atol=1e-14)
    assert scape.recording.currents.units == pq.mV
    positive, _ = extracellular.shares(field.parts)
    np.testing.assert_allclose(scape.shares("outward").magnitude.T, positive[1], atol=1e-12)


def test_top_keeps_the_signal_and_the_largest_parts(field):
    top = field.top(2)
    assert top.names == ["d", "e", "other"]
    np.testing.assert_allclose(top.total, field.total, atol=1e-14)
    assert field.top(5) is field


def test_another_unit_is_the_same_signal(field):
    np.testing.assert_allclose(field.rescale("uV").parts, 1e3 * field.parts, rtol=1e-14)
    with pytest.raises(CurrentscapeError, match="in mV, which is no nA"):
        field.rescale("nA")


def test_a_contact_goes_by_number_or_name(field):
    assert (field.contact("far"), field.contact(0)) == (1, 0)
    with pytest.raises(CurrentscapeError, match="contact=9 is none of the 2: write 0 to 1"):
        field.currentscape(9)
    with pytest.raises(CurrentscapeError, match="'fa'"):
        field.contact("fa")
