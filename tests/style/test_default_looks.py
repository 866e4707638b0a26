import itertools

import pytest
from matplotlib.colors import to_rgb, to_rgba
from vision import delta_e

from neo_currentscape.conventions.families import FAMILIES
from neo_currentscape.style.default_looks import OF_FAMILY, REST, shade
from neo_currentscape.style.palettes import looks

#: A current of each family and six of none: 25.
CURRENTS = [
    *(
        "Na",
        "NaP",
        "K",
        "Kv3.1",
        "KA",
        "KCa",
        "KM",
        "Ca",
        "CaL",
        "CaN",
        "CaT",
        "h",
        "leak",
        "AMPA",
        "NMDA",
    ),
    *("GABA_A", "GABA_B", "pump", "w", "x1", "x2", "x3", "x4", "x5", "x6"),
]


def test_every_family_has_a_color():
    assert set(OF_FAMILY) == set(FAMILIES)


@pytest.mark.parametrize(
    ("seen_by", "least"), [("none", 12), ("deuteranopia", 8), ("protanopia", 8), ("grey", 2.3)]
)
def test_every_two_of_25_currents_are_told_apart(seen_by, least):
    # 2.3 is a just noticeable difference.
    found = looks([*CURRENTS, "other"], grey="other")
    assert {look.hatch for look in found.values()} == {""}
    apart = [delta_e(a.color, b.color, seen_by) for a, b in itertools.combinations(found.values(), 2)]
    assert min(apart) > least


@pytest.mark.parametrize("paper", ["white", "black"])
def test_no_color_is_that_of_the_paper(paper):
    assert min(delta_e(color, paper) for color in (*OF_FAMILY.values(), *REST)) > 8


NUMBERED = [[f"I{k:02d}" for k in range(25)], [f"I{k}" for k in range(1, 26)]]


@pytest.mark.parametrize("names", [CURRENTS[:19], *NUMBERED], ids=["families", "from 0", "from 1"])
def test_a_current_that_is_left_out_changes_no_other(names):
    every = looks(names)
    for left_out in names:
        rest = looks([name for name in names if name != left_out])
        assert rest == {name: every[name] for name in rest}, left_out


def test_of_names_that_say_nothing_only_one_with_the_same_color_of_its_own_may_move():
    every = looks(CURRENTS)
    for left_out in CURRENTS:
        rest = looks([name for name in CURRENTS if name != left_out])
        moved = [name for name in rest if rest[name] != every[name]]
        assert len(moved) <= 1 and set(moved) <= set(CURRENTS[19:]), left_out
        assert all(rest[name] == every[left_out] for name in moved)


def test_members_of_a_family_are_told_apart_by_more_than_hatches():
    found = looks(["Na", "soma.Na", "dend.Na", "axon.Na", "K"])
    assert found["Na"].hatch == "" and len({look.hatch for look in found.values()}) == 4
    assert len({to_rgba(look.color) for look in found.values()}) == 5


def test_an_extra_member_changes_no_other_family():
    before, after = looks(["Na", "K", "CaT"]), looks(["Na", "K", "CaT", "axon.K", "NaV1.2"])
    assert before == {name: after[name] for name in before}


def test_shades_go_towards_the_middle():
    assert sum(to_rgb(shade("#231D77", 0))) > sum(to_rgb("#231D77"))
    assert sum(to_rgb(shade("#E0C31B", 0))) < sum(to_rgb("#E0C31B"))
