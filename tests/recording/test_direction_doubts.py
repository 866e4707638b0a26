"""Currents that would flow against what their families do are said, where their direction is assumed."""

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import CurrentscapeWarning, Recording

TIME = np.arange(0, 50, 0.5)
V = -65 + 100 * np.exp(-(((TIME - 25) / 1.0) ** 2))  # a spike, mV
REVERSAL = {"Na": 55.0, "CaT": 120.0, "AMPA": 0.0, "NMDA": 0.0, "h": -35.0}
REVERSAL |= {"K": -85.0, "KDR": -85.0, "SK": -85.0, "leak": -60.0, "x17": 0.0}  # mV


def driven(names, inward=(), v=V, voltage=True, **positive):
    """Ohmic currents of a cell, outward positive but for those that are stored the other way."""
    made = neo.Segment()

    def add(name, values, unit, **notes):
        made.analogsignals.append(
            neo.AnalogSignal(values[:, None], units=unit, sampling_period=0.5 * pq.ms, name=name, **notes)
        )

    if voltage:
        add("v", v, "mV")
    for name in names:
        sign = -1.0 if name in inward else 1.0
        notes = {"positive": positive[name]} if name in positive else {}
        add(name, sign * 0.01 * (v - REVERSAL[name]), "nA", **notes)
    return made


def said(source, **keywords):
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        Recording.from_segment(source, **{"voltage": None, **keywords})
    return [str(one.message) for one in given if issubclass(one.category, CurrentscapeWarning)]


ALL = ["Na", "CaT", "AMPA", "K", "SK", "leak", "h"]


def test_currents_as_they_flow_are_not_said():
    assert said(driven(ALL)) == []
    assert said(driven(ALL, voltage=False), voltage=False) == []


@pytest.mark.parametrize("voltage", [True, False])
def test_an_upside_down_picture_is_said_once(voltage):
    (only,) = said(driven(ALL, inward=ALL, voltage=voltage), voltage=None if voltage else False)
    assert only == (
        "Nothing says which way the currents are stored, so they are taken to be outward positive, though "
        "'AMPA', 'CaT', 'Na', 'h' would then flow out of the cell and 'K', 'SK' into it: write "
        "sign='inward', or sign='outward' if it is so."
    )


@pytest.mark.parametrize("sign", ["inward", "outward", {"*": "inward"}, {name: "inward" for name in ALL}])
def test_nothing_is_said_of_what_the_caller_says(sign):
    assert said(driven(ALL, inward=ALL), sign=sign) == []


def test_nothing_is_said_of_what_is_annotated():
    assert said(driven(ALL, inward=ALL, **dict.fromkeys(ALL, "inward"))) == []
    assert said(driven(ALL, inward=ALL, **dict.fromkeys(ALL, "outward"))) == []


def test_those_that_are_assumed_are_named_where_others_are_told():
    (only,) = said(driven(["Na", "K", "leak"], inward=["Na", "K"], leak="outward"))
    assert "write sign={'Na': 'inward', 'K': 'inward'}, or" in only


@pytest.mark.parametrize("inward", [["Na", "CaT", "AMPA", "h"], ["K", "SK"]])
def test_one_side_alone_may_be_so(inward):
    assert said(driven(ALL, inward=inward)) == []


@pytest.mark.parametrize("held", [-110.0, -80.0, 10.0, 65.0])
def test_a_clamped_cell_beyond_a_reversal_potential(held):
    v = np.where(TIME < 5, -70.0, held)
    assert said(driven([*ALL, "NMDA"], v=v)) == []


def test_labels_and_the_names_behind_them_tell_the_family():
    source = driven(["x17", "KDR", "Na"], inward=["KDR", "Na", "x17"])
    (only,) = said(source, currents={"sodium": "x17", "Foo": "KDR"})
    assert "'sodium' would then flow out of the cell and 'Foo' into it" in only


def test_a_current_that_is_zero_says_nothing():
    source = driven(["Na", "K"])
    for signal in source.analogsignals:
        signal[:] = signal * 0
    assert said(source) == []


def test_a_short_file_is_read_at_once(tmp_path):
    block = neo.Block()
    block.segments.append(driven(["Na", "K", "leak"], inward=["Na", "K", "leak"]))
    path = str(tmp_path / "a.nix")
    with neo.NixIO(path, "ow") as file:
        file.write_block(block)
    assert said(path) and "write sign='inward'" in said(path)[0]


def test_who_annotates_roles_knows_what_is_assumed():
    source = driven(ALL, inward=ALL)
    for signal in source.analogsignals[1:]:
        signal.annotate(role="current")
    assert said(source) == []
