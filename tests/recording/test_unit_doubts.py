"""What was left out as it has no unit, or was given one of something else, is said."""

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import CurrentscapeWarning, Recording
from neo_currentscape.conventions.errors import SelectionError, UnitsError


def segment(**signals):
    """A segment with a voltage; each signal is a unit, or values without one."""
    made = neo.Segment()
    for name, given in {"V_m": "mV", **signals}.items():
        unit, values = (given, [-0.5, 0.2, 0.4]) if isinstance(given, str) else ("dimensionless", given)
        made.analogsignals.append(
            neo.AnalogSignal(np.array(values)[:, None], units=unit, sampling_period=1 * pq.ms, name=name)
        )
    return made


def said(source, **keywords):
    """The recording, and all that was said of it."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        found = Recording.from_segment(source, **keywords)
    return found.names, [str(one.message) for one in given if one.category is CurrentscapeWarning]


CURRENT = [-2.0, 30.0, -4.0]


@pytest.mark.parametrize(
    "name", ["I_h", "i_h", "Ih", "I_M", "i_l", "dend_I_q", "ik", "INaP", "K", "CaT", "AMPA"]
)
def test_a_name_of_a_current_is_none_of_a_gate(name):
    source = segment(I_Na="pA", **{name: CURRENT})
    names, (only,) = said(source)
    assert names == ["I_Na"]
    assert only.startswith(
        f"Left out {name!r}, stored without a unit: if currents, write units={{{name!r}: 'pA'}}"
    )
    assert said(source, units={name: "pA"}) == (sorted(["I_Na", name]), [])
    assert said(source, currents=["I_Na"]) == (["I_Na"], [])


def test_all_that_is_left_out_beside_what_was_given_a_unit_is_named_with_that_unit():
    source = segment(I_Na=CURRENT, I_K=CURRENT, I_h=CURRENT, Foo7=CURRENT)
    names, (only,) = said(source, units={"I_Na": "nA", "I_K": "nA"})
    assert names == ["I_K", "I_Na"]
    assert only == (
        "Left out 'Foo7', 'I_h', stored without a unit: if currents, write units={'Foo7': 'nA', 'I_h': "
        "'nA'}; if not, name the currents with currents=[...]."
    )


OPEN = [0.0, 0.7, 1.0]


@pytest.mark.parametrize("name", ["Foo7", "zorb", "Q#7", "c", "X_2"])
@pytest.mark.parametrize("values", [CURRENT, [0.3, -0.2, 0.1], [40.0, 41.0, 40.0]])
def test_a_signal_of_which_nothing_is_known_is_named_unless_it_may_be_a_part(name, values):
    names, (only,) = said(segment(I_Na="nA", **{name: values}))
    assert names == ["I_Na"]
    assert only.startswith(
        f"Left out {name!r}, stored without a unit: if currents, write units={{{name!r}: 'nA'}}"
    )


@pytest.mark.parametrize(("values", "told"), [(CURRENT, 1), ([0.0, 30.0, 60.0], 0)])
def test_a_conductance_by_name_is_none_where_it_is_on_both_sides_of_zero(values, told):
    assert len(said(segment(I_Na="nA", gabaergic=values))[1]) == told


@pytest.mark.parametrize("name", ["Foo7", "zorb", "c", "open_fraction", "x"])
def test_a_signal_of_which_nothing_is_known_and_that_may_be_a_part_is_no_matter(name):
    assert said(segment(I_Na="nA", **{name: OPEN})) == (["I_Na"], [])


@pytest.mark.parametrize(
    "name", ["time", "t", "x", "E_Na", "g_K", "cai", "n_spikes", "trial number", "temperature"]
)
def test_times_positions_and_counts_are_no_matter_whatever_their_values(name):
    assert said(segment(I_Na="nA", **{name: [0.0, 30.0, 60.0]})) == (["I_Na"], [])


@pytest.mark.parametrize("names", [["I_K"], ["zorb", "I_K"]])
def test_currents_that_are_named_and_have_no_unit_are_said_once(names):
    source = segment(**dict.fromkeys(names, CURRENT))
    found, (only,) = said(source, currents=names)
    assert sorted(found) == sorted(names)
    assert "without a unit" in only and all(f"{name!r}: 'pA'" in only for name in names)
    assert said(source, currents=names, units=dict.fromkeys(names, "pA"))[1] == []


@pytest.mark.parametrize(
    "name", ["m", "h", "na.n", "Act_m", "m_Na", "hKv", "kdr.nk", "time", "E_Na", "g_K", "cai", "n_spikes"]
)
def test_what_is_no_current_is_not_said_to_be_left_out(name):
    assert said(segment(I_Na=CURRENT, **{name: OPEN}), units={"I_Na": "pA"})[1] == []


@pytest.mark.parametrize("units", [None, {"I_K": "pA"}])
def test_a_gate_by_name_that_is_no_gate_by_its_values(units):
    source = segment(I_Na="pA", I_K="pA" if units is None else CURRENT, h=CURRENT)
    assert "Left out 'h', stored without a unit" in said(source, units=units)[1][0]


def test_the_gates_of_several_neurons_are_looked_at_together():
    source = segment(I_Na="pA")
    source.analogsignals.append(
        neo.AnalogSignal([[0.1, 0.2], [0.3, 8.0]], units="", sampling_period=1 * pq.ms, name="h")
    )
    assert "Left out 'h'" in said(source)[1][0]


def test_what_is_annotated_is_believed():
    source = segment(I_Na=CURRENT, I_h=CURRENT)
    next(s for s in source.analogsignals if s.name == "I_h").annotate(role="gate")
    assert said(source, units={"I_Na": "pA"}) == (["I_Na"], [])


@pytest.mark.parametrize("unit", ["nS", "mS/cm**2", "mV", "mM", "ms"])
def test_a_current_that_is_given_the_unit_of_something_else(unit):
    source = segment(I_Na=CURRENT, I_K=CURRENT)
    names, given = said(source, units={"I_Na": unit, "I_K": "nA"})
    assert names == ["I_K"]
    assert len(given) == 1 and given[0].startswith("units= gives 'I_Na', a current by its name, the unit ")
    assert given[0].endswith("so it was left out of them: write e.g. units={'I_Na': 'nA'}.")
    assert said(source, units={"I_Na": unit, "I_K": "nA"}, currents=["I_K"]) == (["I_K"], [])


def test_the_concentration_of_an_ion_may_have_the_name_of_the_ion():
    assert said(segment(I_Na="nA", K=OPEN), units={"K": "mM"}) == (["I_Na"], [])


class TestPatterns:
    def test_they_mean_what_has_no_unit(self):
        source = segment(I_Na=CURRENT, I_h=CURRENT, I_stored="nA", m=OPEN, g_Na=OPEN)
        assert said(source, units={"*": "pA"})[0] == ["I_Na", "I_h", "I_stored"]
        assert said(source, units={"I_?": "pA", "I_Na": "nA"})[0] == ["I_Na", "I_h", "I_stored"]

    def test_a_name_goes_before_a_pattern_and_its_site_is_not_needed(self):
        source = segment(**{"soma.v": "mV", "soma.ina": CURRENT, "soma.ik": CURRENT})
        found = Recording.from_segment(source, units={"i*": "pA", "ik": "nA"}, voltage="soma.v")
        values = found.currents.rescale("pA").magnitude[1]
        assert dict(zip(found.names, values, strict=True)) == pytest.approx({"ina": 30.0, "ik": 30e3})

    def test_they_mean_a_concentration_where_it_alone_matches(self):
        found = Recording.from_segment(segment(I_Na="pA", cai=OPEN), units={"ca*": "mM"})
        assert found.ions.units == pq.mM

    def test_two_that_say_different_things(self):
        with pytest.raises(
            UnitsError, match=r"^units= gives 'I_Na' one unit by 'I_\*' and another by '\*Na'"
        ):
            Recording.from_segment(segment(I_Na=CURRENT), units={"I_*": "pA", "*Na": "nA"})

    def test_one_that_matches_nothing(self):
        with pytest.raises(SelectionError, match=r"units= names 'J_\*', which is not a signal"):
            Recording.from_segment(segment(I_Na=CURRENT), units={"J_*": "pA"})

    def test_brackets_are_those_of_names(self):
        source = segment(**{"ampa[0].i": CURRENT, "ampa[1].i": CURRENT})
        assert Recording.from_segment(source, units={"ampa[*].i": "pA"}).names == ["ampa[0].i", "ampa[1].i"]
        assert said(source, units={"ampa[0].i": "pA"})[0] == ["ampa[0].i"]


class TestPatternsOfSigns:
    def test_they_mean_currents_and_give_way_to_names(self):
        source = segment(I_Na="pA", I_K="pA", I_stim="pA")
        found = Recording.from_segment(source, sign={"I_*": "inward", "I_K": "outward"})
        assert found.currents.magnitude[0].tolist() == [-0.5, 0.5]
        assert found.electrode.magnitude[0].tolist() == [-0.5]

    def test_two_that_say_different_things(self):
        with pytest.raises(ValueError, match=r"sign= says two directions of 'I_K', by 'I_\*' and by '\*K'"):
            Recording.from_segment(segment(I_K="pA"), sign={"I_*": "inward", "*K": "outward"})

    def test_one_that_matches_nothing(self):
        with pytest.raises(KeyError, match=r"Unknown signal in sign= 'J_\*'"):
            Recording.from_segment(segment(I_K="pA"), sign={"J_*": "inward"})
