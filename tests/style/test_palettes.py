import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from vision import BLINDNESS, distance, lab

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from neo_currentscape.style import palettes
from neo_currentscape.style.look import GREY, HATCHES, Look
from neo_currentscape.style.palettes import MUTED, colors_of, looks


@pytest.mark.parametrize("seen_by", BLINDNESS)
def test_every_two_default_colors_are_told_apart(seen_by):
    # 2.3 is a just noticeable difference; areas side by side need a clear one.
    assert min(distance(a, b, seen_by) for a, b in itertools.combinations(MUTED, 2)) > 12


@pytest.mark.parametrize("paper", ["white", "black", GREY])
def test_default_colors_are_not_white_black_or_the_grey_of_other(paper):
    assert min(distance(color, paper) for color in MUTED) > 20


def test_looks_do_not_depend_on_the_order_of_the_names():
    names = ["Na", "K", "leak", "CaT", "CaL"]
    wanted = looks(names)
    for shuffled in itertools.permutations(names):
        assert looks(shuffled) == wanted
        assert list(looks(shuffled)) == list(shuffled)


@pytest.mark.parametrize("n", [1, 9, 10, 20, 90, 9 * len(HATCHES)])
def test_no_two_looks_are_the_same(n):
    found = looks([f"current {k}" for k in range(n)], "muted")
    assert len({(to_rgba(look.color), look.hatch) for look in found.values()}) == n
    # Hatches only once the colours are used up.
    assert sum(look.hatch == "" for look in found.values()) == min(n, 9)


def test_more_currents_than_looks_are_refused():
    with pytest.raises(ArgumentError, match=r"^163 currents are more than the 162 looks .* top=\.\.\.,"):
        looks([f"current {k}" for k in range(163)], "muted")
    with pytest.raises(ArgumentError, match=r"^487 currents are more than the 486 looks .* top=\.\.\.,"):
        looks([f"current {k}" for k in range(487)])


def test_of_more_names_than_looks_those_that_are_shown_get_one():
    names = [f"I{k}" for k in range(600)]
    shown = [names[300], names[7], "other"]
    found = looks([*names, "other"], None, grey="other", shown=shown)
    assert list(found) == [names[7], names[300], "other"]
    assert len({(to_rgba(look.color), look.hatch) for look in found.values()}) == 3
    # as many as there are looks are not changed by what is shown
    assert looks(names[:100], shown=shown) == looks(names[:100])
    with pytest.raises(ArgumentError, match="^487 currents are more than the 486 looks"):
        looks(names, shown=names[:487])
    chosen = looks([*names, "other"], {names[300]: "red"}, grey="other", shown=shown)
    assert chosen[names[300]].color == "red" and names[7] in chosen


def swatch(look, points=6.0, dpi=150):
    """Pixels of a swatch of so many points."""
    figure = Figure(figsize=(points / 72, points / 72), dpi=dpi)
    figure.patch.set_visible(False)
    figure.add_artist(Rectangle((0, 0), 1, 1, **look.patch()))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba(), dtype=float)[..., :3] / 255


@pytest.mark.parametrize("color", ["#332288", "#DDCC77"])
def test_hatches_are_seen_in_the_smallest_swatch_and_leave_the_color_to_be_seen(color):
    plain = np.array(to_rgb(color))
    for hatch in HATCHES[1:]:
        changed = np.abs(swatch(Look(color, hatch)) - plain).max(axis=-1) > 0.1
        assert 0.05 < changed.mean() < 0.85, hatch


def test_no_two_hatches_look_the_same_in_a_swatch():
    # As in a figure of 85 mm: a swatch of 1.2 times 6 points.
    pictures = {hatch: swatch(Look("#DDCC77", hatch), points=7.2) for hatch in HATCHES}
    for a, b in itertools.combinations(HATCHES, 2):
        differing = np.abs(pictures[a] - pictures[b]).max(axis=-1) > 0.2
        assert differing.mean() > 0.08, (a, b)


def test_hatches_contrast_with_their_color():
    for color in MUTED:
        look = Look(color, "//")
        assert abs(lab(look.hatch_color)[0] - lab(color)[0]) > 35


def test_a_plain_look_draws_no_outline():
    assert Look("red").patch() == {"facecolor": "red", "edgecolor": "none", "linewidth": 0.0}


def test_colors_by_name():
    found = looks(["Na", "K", "leak"], {"K": "red"})
    assert found["K"] == Look("red")
    assert {name: found[name] for name in ("Na", "leak")} == looks(["Na", "leak"])


def test_what_a_dict_leaves_out_gets_other_colors_than_it_uses():
    found = looks(["Na", "K", "leak"], {"K": looks(["Na"])["Na"].color.lower()})
    assert len({to_rgba(look.color) for look in found.values()}) == 3


def test_a_dict_may_hold_looks():
    assert looks(["Na", "K"], {"K": Look("red", "xx")})["K"] == Look("red", "xx")


def test_the_bundle_is_grey_unless_told():
    assert looks(["K", "other"], grey="other")["other"] == Look(GREY)
    assert looks(["K", "other"], {"other": "pink"}, grey="other")["other"] == Look("pink")


@pytest.mark.parametrize(
    ("palette", "first", "n"),
    [
        (None, "#CC6677", 9),
        ("bright", "#4477AA", 6),
        ("tab10", "#1f77b4", 10),
        ("cartocolors.qualitative.Safe_8", "#88ccee", 8),
        ("palettable.tableau.Tableau_10", "#1f77b4", 10),
        ([(1, 0, 0), "b"], "red", 2),
        (np.array([[1, 0, 0], [0, 0, 1.0]]), "red", 2),
        (["red", "#ff0000", "blue"], "red", 2),
    ],
)
def test_palettes(palette, first, n):
    found = colors_of(palette)
    assert to_rgba(found[0]) == pytest.approx(to_rgba(first), abs=0.005)
    assert len(found) == len({to_rgba(color) for color in found}) == n


def test_a_continuous_map_gives_colors_from_end_to_end():
    found = colors_of("viridis")
    assert len(found) == palettes.SAMPLES
    assert to_rgb(found[0]) == pytest.approx(to_rgb("#440154"), abs=0.01)
    assert to_rgb(found[-1]) == pytest.approx(to_rgb("#fde725"), abs=0.01)


@pytest.mark.parametrize(
    ("palette", "error", "words"),
    [
        ("brihgt", UnknownNameError, "Unknown palette 'brihgt': did you mean 'bright'?"),
        ("tableau.Tableau_11", UnknownNameError, "did you mean 'Tableau_10'?"),
        ("tablau.Tableau_10", UnknownNameError, "did you mean 'tableau'?"),
        ([], ArgumentError, "palette= is an empty list"),
        (["no colour"], ArgumentError, "palette= holds 'no colour', which is no colour"),
        ({"K": "no colour"}, ArgumentError, "palette= holds 'no colour', which is no colour"),
        ({"Kd": "red"}, UnknownNameError, "Unknown current in palette= 'Kd': did you mean 'K'?"),
        (3, ArgumentTypeError, "palette= takes the name of a palette"),
    ],
)
def test_errors(palette, error, words):
    with pytest.raises(error) as caught:
        looks(["Na", "K"], palette)
    assert words in str(caught.value)


def test_the_callers_palette_is_not_changed():
    given = {"K": "red"}
    looks(["K", "Na", "other"], given, grey="other")
    assert given == {"K": "red"}
