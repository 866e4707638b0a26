"""Capacitances by array, site, section, region, morphology and built cell."""

import json

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.adapters.capacitance import per_site
from neo_currentscape.conventions.errors import ArgumentError, UnitsError, UnknownNameError
from neo_currentscape.recording.morphology import Morphology

PER_AREA = pq.uF / pq.cm**2
SITES = ["soma(0.5)", "dend[0](0.25)", "dend[0](0.75)", "dend[1](0.5)", "dend[0](1)"]


def tree(capacitance=None):
    return Morphology(
        SITES, [-1, 4, 1, 4, 0], [0, 1, 1, 1, 1], [100, 50, 50, 40, 0], [0, 10, 20, 30, 5],
        capacitance=capacitance,
    )  # fmt: skip


def values(given, shape=None, sections=None):
    found = per_site(given, shape or tree(), sections)
    return [found.get(site) for site in SITES]


def test_one_for_all():
    assert values(1.5 * PER_AREA) == [1.5, 1.5, 1.5, 1.5, None]
    assert values(np.array([1.5]) * PER_AREA) == values(0.015 * pq.F / pq.m**2)


def test_arrays():
    assert values([1, 2, 3, 4] * PER_AREA) == [1, 2, 3, 4, None]
    assert values([1, 2, 3, 4, 9] * PER_AREA) == [1, 2, 3, 4, None]
    assert values([1, 2, 3] * PER_AREA, sections=["soma", "dend[1]", "dend[0]"]) == [1, 3, 3, 2, None]
    assert values([1 * PER_AREA, 2 * PER_AREA, 2 * PER_AREA, 3 * PER_AREA])[3] == 3


def test_names_the_nearest_first():
    given = {"dend": 2, "soma": 1, "dend[0]": 3, "dend[0](0.75)": 4}
    assert values({name: value * PER_AREA for name, value in given.items()}) == [1, 3, 4, 2, None]


def test_of_the_morphology_also_stored():
    shape = tree([1, 2, 2, 3, 0])
    segment = neo.Segment()
    shape.annotate(segment)
    for one in (shape, Morphology.of(segment)):
        assert values(None, one) == [1, 2, 2, 3, None]
    assert values(None, shape.reordered([0, 4, 1, 3, 2])) == [1, 2, 2, 3, None]
    assert values(None) == [None] * 5
    assert "capacitance" not in json.loads(next(iter(_annotated(tree()).values())))


def _annotated(shape):
    segment = neo.Segment()
    shape.annotate(segment)
    return segment.annotations


@pytest.mark.parametrize(
    "given, error, said",
    [
        ([1, 2] * PER_AREA, ArgumentError, "has 2 values, where 4 .* are needed"),
        ({"soma": 1 * PER_AREA}, ArgumentError, r"says nothing of dend\[0\]\(0.25\): add 'dend\[0\]' or"),
        ({"axon": 1 * PER_AREA}, UnknownNameError, "site, section or region in capacitance= 'axon'"),
        ({"soma": 1 * pq.mV, "dend": 1 * PER_AREA}, UnitsError, r"capacitance\['soma'\]"),
        ([1, -2, 3, 4] * PER_AREA, ArgumentError, r"capacitance\[1\]"),
        (1.0, UnitsError, "capacitance"),
    ],
)
def test_refused(given, error, said):
    with pytest.raises(error, match=said):
        values(given)


def test_an_array_that_may_mean_two_things():
    """Four compartments, and four sections in another order."""
    shape = Morphology(["a(0.5)", "b(0.5)"], [-1, 0], [0, 1], [1, 1], [0, 1])
    assert per_site([1, 1] * PER_AREA, shape, ["b", "a"]) == {"a(0.5)": 1.0, "b(0.5)": 1.0}
    with pytest.raises(ArgumentError, match="compartments or for sections"):
        per_site([1, 2] * PER_AREA, shape, ["b", "a"])
