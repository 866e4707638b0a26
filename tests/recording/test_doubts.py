"""What was chosen by name or unit, and may not be what is meant, is said."""

from __future__ import annotations

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import CurrentscapeWarning, Recording


def segment(**units):
    made = neo.Segment()
    for name, unit in {"v": "mV", **units}.items():
        made.analogsignals.append(
            neo.AnalogSignal(np.ones((3, 1)), units=unit, sampling_period=1 * pq.ms, name=name)
        )
    return made


def test_a_current_without_a_unit_is_not_dropped_silently():
    source = segment(ik="pA", ina="dimensionless")
    with pytest.warns(CurrentscapeWarning, match=r"Left out 'ina', .* units=\{'ina': 'pA'\}"):
        assert Recording.from_segment(source).names == ["ik"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Recording.from_segment(source, units={"ina": "pA"}).names == ["ik", "ina"]
        assert Recording.from_segment(source, currents=["ik"]).names == ["ik"]


def test_gates_and_conductances_without_a_unit_are_no_currents():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Recording.from_segment(segment(ik="pA", Act_m="dimensionless", g_AMPA="dimensionless"))


def test_an_assumed_direction_is_said_where_sources_differ():
    source = segment(I_syn_ex="pA", ik="pA")
    with pytest.warns(CurrentscapeWarning, match="'I_syn_ex' is taken to be outward positive"):
        Recording.from_segment(source)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flipped = Recording.from_segment(source, sign={"I_syn_ex": "inward"})
        Recording.from_segment(source, sign="outward")
    assert flipped.currents.magnitude[0].tolist() == [-1, 1]


@pytest.mark.parametrize("name", ["I_total", "i_tot", "total_current", "i_membrane_", "im"])
def test_a_total_is_none_of_its_parts(name):
    assert Recording.from_segment(segment(ik="pA", **{name: "pA"})).names == ["ik"]


def test_an_unknown_role_is_no_role():
    source = segment(ik="pA")
    next(s for s in source.analogsignals if s.name == "ik").annotate(role="curent")
    assert Recording.from_segment(source).names == ["ik"]
