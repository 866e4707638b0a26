"""Finding variables by name."""

import time
from dataclasses import dataclass

import pytest
import quantities as pq

from neo_currentscape.recording.match import describe, not_found
from neo_currentscape.recording.patterns import matching


@dataclass(frozen=True)
class Named:
    name: str
    short_name: str
    units: object = pq.nA
    role: str = "current"


SOMA = [Named(f"soma.{name}", name) for name in ("v", "ina", "ik", "ampa[0].i", "ampa[1].i", "i[ab]")]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ina", ["ina"]),
        ("soma.ina", ["ina"]),
        ("i?", ["ik"]),
        ("i*", ["ina", "ik", "i[ab]"]),
        ("ampa[0].i", ["ampa[0].i"]),
        ("ampa[*].i", ["ampa[0].i", "ampa[1].i"]),
        ("ampa?1?.i", ["ampa[1].i"]),
        ("*", ["v", "ina", "ik", "ampa[0].i", "ampa[1].i", "i[ab]"]),
        ("soma.i[nk]*", ["ina", "ik"]),
        ("INA", []),
        ("", []),
    ],
)
def test_patterns(pattern, found):
    assert [v.short_name for v in matching(SOMA, pattern)] == found


def test_the_full_name_goes_before_the_short_one():
    both = [Named("ina", "ina"), Named("soma.ina", "ina")]
    assert matching(both, "ina") == both[:1]
    assert matching(both, "soma.ina") == both[1:]


def test_the_error_suggests_and_lists():
    error = not_found(SOMA[:3], "inaa", "currents=")
    assert str(error) == (
        "currents= 'inaa' matches no signal: did you mean 'ina'? there are 'soma.v' (nA), 'soma.ina' (nA), "
        "'soma.ik' (nA)."
    )


def test_long_lists_are_cut():
    many = [Named(f"i{k}", f"i{k}") for k in range(40)]
    assert describe(many).endswith("'i29' (nA) and 10 more")
    assert describe([]) == "the segment holds no signal"


def test_a_pattern_of_many_stars_takes_no_time():
    found = [Named(name, name) for name in ("a" * 5000, "ina")]
    begun = time.process_time()
    assert matching(found, "*a" * 40 + "b") == []
    assert [v.name for v in matching(found, "i**n*a")] == ["ina"]
    assert time.process_time() - begun < 1.0
