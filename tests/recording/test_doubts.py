"""What was chosen by name or unit, and may not be what is meant, is said."""

from __future__ import annotations

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import CurrentscapeWarning, Recording
from neo_currentscape.conventions.errors import SelectionError


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


def annotated(**positive):
    source = segment(**dict.fromkeys(positive, "pA"))
    for signal in source.analogsignals:
        if positive.get(signal.name):
            signal.annotate(positive=positive[signal.name])
    return source


@pytest.mark.parametrize("sign", ["outward", {"ina": "outward"}])
def test_a_sign_against_the_annotation_is_followed_and_said(sign):
    with pytest.warns(CurrentscapeWarning) as said:
        found = Recording.from_segment(annotated(ina="inward", ik=None), sign=sign)
    assert [str(one.message) for one in said] == [
        "sign= says 'outward' of 'ina', which is annotated positive='inward': sign= was followed, so leave "
        "it out if the annotation is right."
    ]
    assert found.currents.magnitude[0].tolist() == [1, 1]


def test_a_sign_that_agrees_or_goes_before_nothing_is_not_said():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        agreed = Recording.from_segment(annotated(ina="inward", ik=None), sign="inward")
        Recording.from_segment(annotated(ina="inward", ik=None), sign={"ik": "inward"})
        Recording.from_segment(annotated(ina="inward", ik="outward"), currents=["ik"], sign="outward")
    assert agreed.currents.magnitude[0].tolist() == [-1, -1]


def voltages(sites=None, current_site=None, **values):
    """A segment with a current and one voltage for each name."""
    made = segment()
    made.analogsignals.clear()
    for name, value in {"ina": 1.0, **values}.items():
        signal = neo.AnalogSignal(
            np.full((3, 1), value),
            units="nA" if name == "ina" else "mV",
            sampling_period=1 * pq.ms,
            name=name,
        )
        place = current_site if name == "ina" else (sites or {}).get(name)
        if place is not None:
            signal.annotate(site=place)
        made.analogsignals.append(signal)
    return made


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        (voltages(v=-65, ek=-90, V_th=-50, v_reset=-70), -65),
        (voltages(v=-65, vdend=-60, current_site="dend"), -60),
        (voltages(v=-65, vdend=-60, current_site="dend(0.5)"), -60),
        (voltages(v=-65, second=-60, sites={"second": "dend"}, current_site="dend"), -60),
        (voltages(v=-65, vdend=-60, sites={"v": "soma", "vdend": "dend"}, current_site="soma"), -65),
    ],
)
def test_the_voltage_is_that_of_the_currents_place(source, taken):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Recording.from_segment(source).voltage.magnitude[0, 0] == taken


def test_a_second_voltage_is_said_where_nothing_tells_which():
    source = voltages(v=-65, vdend=-60)
    with pytest.warns(CurrentscapeWarning) as said:
        assert Recording.from_segment(source).voltage.magnitude[0, 0] == -65
    assert [str(one.message) for one in said] == [
        "The membrane potential is taken to be 'v', though 'vdend' could be it as well and the currents "
        "name no site: write voltage='v' or voltage='vdend'."
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Recording.from_segment(source, voltage="vdend").voltage.magnitude[0, 0] == -60
        assert Recording.from_segment(source, voltage="v").voltage.magnitude[0, 0] == -65


def test_a_voltage_among_the_currents_is_called_one():
    with pytest.raises(
        SelectionError,
        match=r"^currents= names 'v', which is a voltage \(mV\) and no current: write voltage='v', and "
        r"leave it out of currents=\.$",
    ):
        Recording.from_segment(segment(ina="nA"), currents=["v", "ina"])
    with pytest.raises(
        SelectionError, match=r"'cai', which is an ion concentration .* write ions=\['cai'\]"
    ):
        Recording.from_segment(segment(ina="nA", cai="mM"), currents=["cai", "ina"])


def test_a_current_in_mv_is_a_current_where_it_is_named():
    found = Recording.from_segment(segment(I_NaP="mV", I_T="mV"), currents=["I_NaP", "I_T"])
    assert found.names == ["I_NaP", "I_T"]


def test_a_population_of_pynn_without_currents():
    source = segment()
    source.analogsignals[0].annotate(source_population="Hodgkin-Huxley")
    with pytest.raises(
        SelectionError,
        match=r"PyNN recorded no membrane current of population 'Hodgkin-Huxley' \(there are 'v' \(mV\)\): "
        r"take neo_currentscape\.adapters\.pynn\.to_segment\(data, population\).*pynn\.annotate",
    ):
        Recording.from_segment(source)


@pytest.mark.parametrize("name", [None, ""])
def test_an_unnamed_current_gets_a_name(name):
    source = segment()
    source.analogsignals.append(
        neo.AnalogSignal(np.ones((3, 1)), units="nA", sampling_period=1 * pq.ms, name=name, role="current")
    )
    assert Recording.from_segment(source).names == ["current 0"]


def test_an_unnamed_channel_gets_a_name():
    currents = neo.AnalogSignal(
        np.ones((3, 3)), units="nA", sampling_period=1 * pq.ms, array_annotations={"name": ["", "K", ""]}
    )
    assert Recording(currents).names == ["current 0", "K", "current 2"]


@pytest.mark.parametrize("name", ["w", "i_eta", "isyn_exc", "AMPA.isyn", "segment000 w 3"])
def test_one_of_several_currents_of_a_cell_of_pynn_is_not_the_whole(name):
    source = segment(**{name: "nA"})
    for signal in source.analogsignals:
        if not name.startswith("segment"):
            signal.annotate(source_population="cells")
    with pytest.raises(
        SelectionError, match=rf"'{name}' is one of several currents of a PyNN cell.*to_segment"
    ):
        Recording.from_segment(source)
    assert Recording.from_segment(source, currents=[name], sign="inward").names


def test_a_current_of_that_name_from_elsewhere_is_taken():
    assert Recording.from_segment(segment(w="nA")).names == ["w"]


def test_a_beginning_means_a_current_before_it_means_anything_similar():
    source = segment(excitatory="nA", gsyn_exc="uS")
    with pytest.raises(SelectionError, match="did you mean 'excitatory'"):
        Recording.from_segment(source, currents=["exc"])
