"""A current's look is told by its name: what else a figure shows does not change it."""

import itertools
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from names import CURRENTS
from vision import delta_e

from neo_currentscape.conventions.families import family_of
from neo_currentscape.style.default_looks import OF_FAMILY
from neo_currentscape.style.palettes import looks

ALL = [name for spellings in CURRENTS for name in spellings]


def own(name):
    return looks([name])[name]


def test_the_list_is_long_and_names_each_once():
    assert len(CURRENTS) >= 100 and len(ALL) >= 150
    assert len(set(ALL)) == len(ALL)


@pytest.mark.parametrize("spellings", CURRENTS, ids=lambda names: names[0])
def test_spellings_of_a_current_have_one_look(spellings):
    assert {own(name) for name in spellings} == {own(spellings[0])}


def test_known_currents_have_looks_of_their_own():
    found = [own(spellings[0]) for spellings in CURRENTS]
    assert len({to_rgba(look.color) for look in found}) == len(CURRENTS)


@settings(max_examples=60, deadline=None)
@given(
    chosen=st.lists(st.sampled_from(range(len(CURRENTS))), min_size=2, max_size=40, unique=True),
    data=st.data(),
)
def test_what_is_added_or_left_out_changes_no_known_current(chosen, data):
    names = [data.draw(st.sampled_from(CURRENTS[k])) for k in chosen]
    every = looks(names)
    assert every == {name: own(name) for name in names}
    left_out = data.draw(st.sampled_from(names))
    rest = looks([name for name in names if name != left_out])
    assert rest == {name: every[name] for name in rest}


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.sampled_from(ALL), min_size=2, max_size=25, unique=True),
    others=st.lists(st.text("bxyzqjvw", min_size=3, max_size=6), max_size=3, unique=True),
)
def test_only_names_of_one_look_move_one_another(names, others):
    names = list(dict.fromkeys([*names, *others]))
    every, wanted = looks(names), {name: own(name) for name in names}
    # The first of those that want a look has it, and each name that has another was not alone.
    for look in set(wanted.values()):
        rivals = [name for name in names if wanted[name] == look]
        assert sum(every[name] == look for name in rivals) == 1
    assert len(set(every.values())) == len(names)
    assert len({to_rgba(look.color) for look in every.values()}) == len(names)


def test_unknown_names_seldom_want_the_same_look():
    # Of 48 looks, five names want five with 0.81 of probability.
    draw = random.Random(1)
    unknown = ["".join(draw.choices("bxyzqjvw", k=6)) for _ in range(1500)]
    sets = [unknown[k : k + 5] for k in range(0, 1500, 5)]
    together = sum(len({own(name) for name in names}) < 5 for names in sets)
    assert together / len(sets) < 0.25


def test_a_second_member_leaves_the_first_where_it_is():
    for first, second in (("KCa", "SK"), ("K", "Kd"), ("Kd", "KDR"), ("Ca", "CaS"), ("AMPA", "I_syn_ex")):
        assert looks([first, second]) == {first: own(first), second: own(second)}


def test_the_same_current_of_two_sites_is_two_looks():
    found = looks(["soma.kdr.ik", "dend.kdr.ik", "kdr.ik"])
    assert found["kdr.ik"] == own("kdr.ik")
    assert len({to_rgba(look.color) for look in found.values()}) == 3


@pytest.mark.parametrize(
    ("seen_by", "least"), [("none", 7), ("deuteranopia", 4.5), ("protanopia", 4.5), ("grey", 1)]
)
def test_all_looks_without_a_hatch_are_told_apart(seen_by, least):
    plain = {look.color for look in map(own, ALL) if not look.hatch} | {"#BBBBBB"}
    assert len(plain) > 35
    assert min(delta_e(a, b, seen_by) for a, b in itertools.combinations(plain, 2)) > least


def test_looks_of_known_currents_differ_by_more_than_a_hatch():
    found = [own(spellings[0]) for spellings in CURRENTS]
    for a, b in itertools.combinations(found, 2):
        apart = delta_e(a.color, b.color)
        assert apart > 3.5 and (apart > 5.5 or a.hatch != b.hatch)


#: What a cortical, a stomatogastric, a thalamic and a hippocampal model record.
MODELS = [
    "NaTa_t.ina NaTs2_t.ina Nap_Et2.ina K_Tst.ik K_Pst.ik SKv3_1.ik SK_E2.ik Im.ik Ca_HVA.ica Ca_LVAst.ica "
    "Ih.ihcn pas.i ProbAMPANMDA_EMS.i_AMPA ProbAMPANMDA_EMS.i_NMDA ProbGABAAB_EMS.i_GABAA",
    "Na CaT CaS A KCa Kd H leak",
    "hh2.ina hh2.ik it.ica iar.i pas.i TC_Kleak.ik AMPA.i GABAA.i GABAB.i",
    "nax.ina na3.ina kdr.ik kap.ik kad.ik km.ik cal.ica cat.ica car.ica kca.ik cagk.ik hd.i pas.i nmda.i",
]


@pytest.mark.parametrize("names", MODELS)
def test_neighbours_in_a_stack_are_told_apart(names):
    found = looks([*names.split(), "other"], grey="other")
    for a, b in itertools.combinations(found.values(), 2):
        # Any two may be neighbours: told apart by colour, or in grey and to the colour-blind by a hatch.
        assert delta_e(a.color, b.color) > 5.5
        for seen_by, least in (("deuteranopia", 3.2), ("protanopia", 3.2), ("grey", 1)):
            assert delta_e(a.color, b.color, seen_by) > least or a.hatch != b.hatch


def test_regions_of_a_cell_differ_by_more_than_a_hatch():
    found = looks(["soma", "trunk", "tuft", "apical", "basal", "oblique", "axon", "dend"])
    for seen_by, least in (("none", 16), ("deuteranopia", 8), ("protanopia", 8)):
        apart = [delta_e(a.color, b.color, seen_by) for a, b in itertools.combinations(found.values(), 2)]
        assert min(apart) > least, seen_by
    assert found == {name: own(name) for name in found}


def test_the_page_tells_the_looks_that_there_are():
    page = (Path(__file__).parents[2] / "docs" / "colours.rst").read_text()
    rows = re.findall(r"^   \* - ``([^`]+)``\n     - ``(#\w+)``\n     - (.+)$", page, re.M)
    assert {family: color for family, color, _ in rows} == OF_FAMILY
    for family, _, examples in rows:
        assert {family_of(name) for name in re.findall("``([^`]+)``", examples)} == {family}
    members = re.findall(r"^   \* - ``([^`]+)``\n     - ([^`#\n]+)$", page, re.M)
    assert {family for family, _ in members} == set(OF_FAMILY) - {"GABA_B"}
    for _, told in members:
        firsts = [name.split(" or ")[0] for name in told.split(", ")]
        found = [own(name.strip("*")) for name in firsts]
        assert len({to_rgba(look.color) for look in found}) == len(found)
        plain = [name.startswith("*") or k == 0 for k, name in enumerate(firsts)]
        assert [not look.hatch for look in found] == plain, told
