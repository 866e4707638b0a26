"""The order in which currents are shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from neo_currentscape.reduction.ordering import order

NAMES = ["Na", "K", "leak", "Ca"]
RANKING = np.array([2, 0, 3, 1])


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("charge", ["leak", "Na", "Ca", "K"]),
        ("recorded", ["Na", "K", "leak", "Ca"]),
        ("name", ["Ca", "K", "Na", "leak"]),
        (["K"], ["K", "leak", "Na", "Ca"]),
        (("Ca", "leak"), ["Ca", "leak", "Na", "K"]),
        ([], ["leak", "Na", "Ca", "K"]),
        (["Ca", "leak", "Na", "K"], ["Ca", "leak", "Na", "K"]),
    ],
)
def test_orders(by, expected):
    assert [NAMES[k] for k in order(NAMES, RANKING, by)] == expected


@pytest.mark.parametrize("by", ["charge", "recorded", "name", ["leak"], ["other", "K"]])
def test_other_is_last(by):
    names = ["other", "K", "leak"]
    assert order(names, np.array([0, 2, 1]), by, last="other")[-1] == 0


@given(st.permutations(range(4)), st.lists(st.sampled_from(NAMES), unique=True))
def test_every_current_is_there_once(ranking, listed):
    found = order(NAMES, np.array(ranking), listed)
    assert sorted(found) == [0, 1, 2, 3]
    assert [NAMES[k] for k in found[: len(listed)]] == listed
    assert all(type(k) is int for k in found)


def test_an_unknown_order_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        order(NAMES, RANKING, "charges")
    assert str(caught.value) == (
        "Unknown order 'charges': did you mean 'charge'? Known are 'charge', 'recorded', 'name'."
    )


def test_an_unknown_current_is_refused():
    with pytest.raises(UnknownNameError, match="Unknown current in order= 'Kd': did you mean 'K'?"):
        order(NAMES, RANKING, ["Kd"])


def test_a_current_listed_twice_is_refused():
    with pytest.raises(ArgumentError, match="order= lists 'K' twice: list each current once"):
        order(NAMES, RANKING, ["K", "Na", "K"])


@pytest.mark.parametrize("by", [None, 3, {"Na": 1}, {"Na"}])
def test_another_type_is_refused(by):
    with pytest.raises(
        ArgumentTypeError, match="order= takes one of charge, recorded, name or a list of names"
    ):
        order(NAMES, RANKING, by)
