"""What matplotlib refuses: one sentence that names the element and the keyword, and nothing half drawn."""

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Wedge

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, UnknownOptionError
from neo_currentscape.style import keywords

GOOD = [
    ("line", {"color": "red", "lw": 2}),
    ("line", {"drawstyle": "steps", "markevery": 2, "scalex": False}),
    ("bar", {"facecolor": "red", "hatch": "/", "align": "edge"}),
    ("mark", {"marker": "o", "s": 3, "c": "k"}),
    ("note", {"fontsize": 5, "bbox": {"pad": 1}}),
    ("fill", {"facecolor": "0.5", "step": "mid", "interpolate": True}),
    ("grid", {"axis": "x", "which": "both", "alpha": 0.5}),
    ("level_line", {"xmax": 0.5}),
    ("legend", {"loc": "upper left", "title": "a", "ncol": 2}),
    ("legend", {"loc": "outside right upper"}),
    ("legend", {"loc": "best"}),
    ("legend", {"handles": [], "labels": ["a"]}),
    ("wedge", {"edgecolor": "k"}),
    ("something else", {"that": "is not looked at"}),
]

BAD = [
    ("line", {"color": "rde"}, r"line={'color': 'rde'} cannot be used, as matplotlib refuses it"),
    ("line", {"alpha": 2, "lw": 1}, r"line={'alpha': 2} cannot be used"),
    ("fill", {"fc": "thick"}, r"fill={'fc': 'thick'}"),
    ("grid", {"which": "majr"}, r"grid={'which': 'majr'}.*it is none of 'major', 'minor', 'both'"),
    ("area", {"step": "middle"}, r"area={'step': 'middle'}"),
    ("legend", {"loc": "nowhere"}, r"legend={'loc': 'nowhere'}"),
    ("legend", {"ncol": 2, "mode": 1, "fontsize": "x"}, r"legend={'fontsize': 'x'}"),
    ("note", {"fontsize": "hugest"}, r"note={'fontsize': 'hugest'}"),
    ("zero_line", {"lw": 1, "linewidth": 2}, r"zero_line={'lw': 1, 'linewidth': 2}"),
    ("wedge", {"hatch": 3}, r"wedge={'hatch': 3}"),
]

UNKNOWN = [
    ("line", {"colour": "red"}, "keyword in line= 'colour': did you mean 'color'"),
    ("legend", {"tilte": "I"}, "keyword in legend= 'tilte': did you mean 'title'"),
    ("grid", {"wich": "both"}, "keyword in grid= 'wich': did you mean 'which'"),
    ("level_line", {"which": "both"}, "keyword in level_line= 'which': .*nown are"),
    ("note", {"size_": 3}, "keyword in note= 'size_': did you mean 'size'"),
]


@pytest.mark.parametrize(("what", "given"), GOOD)
def test_taken(what, given):
    before = dict(given)
    keywords.check_keywords(what, given)
    assert given == before


@pytest.mark.parametrize(("what", "given", "said"), BAD)
def test_a_value_that_is_refused(what, given, said):
    with pytest.raises(ArgumentError, match=f"^{said}.*: write a value that its documentation names"):
        keywords.check_keywords(what, given)


@pytest.mark.parametrize(("what", "given", "said"), UNKNOWN)
def test_a_name_that_there_is_not(what, given, said):
    with pytest.raises(UnknownOptionError, match=f"^Unknown {said}"):
        keywords.check_keywords(what, given)


def test_the_kind_of_artist_may_be_told():
    keywords.check_keywords("a dict for Wedge", {"theta1": 3}, Wedge)
    with pytest.raises(UnknownOptionError, match="keyword in a dict for Wedge 'theta': did you mean"):
        keywords.check_keywords("a dict for Wedge", {"theta": 3}, Wedge)


#: What no setter refuses, and the drawing does.
LATE = {"level_line": {"xmax": "a"}}


def test_what_only_the_drawing_shows_names_the_element(make_scape):
    scape = make_scape(2)
    with pytest.raises(ArgumentError, match=r"^level_line={'xmax': 'a'} cannot be used, as matplotlib"):
        ncs.Figure(ncs.VoltagePanel(scape, levels=[-50], **LATE))
    # An element that is not the reason is not named.
    with pytest.raises(ArgumentError, match=r"^level_line={'xmax': 'a'} cannot be used"):
        ncs.Figure(ncs.VoltagePanel(scape, levels=[-50], line={"lw": 2}, **LATE))


def test_nothing_half_drawn_is_left_on_a_figure_of_the_caller(make_scape, leaves_no_trace):
    scape, mine = make_scape(2), Figure()
    kept = mine.text(0.5, 0.5, "mine")
    before = list(mine.get_children())
    with pytest.raises(ArgumentError, match="level_line"):
        scape.plot(on=mine, voltage={"levels": [-50], **LATE}, panels=["shares", "voltage"])
    assert mine.get_children() == before and kept in mine.texts
    assert mine.axes == [] and mine.legends == [] and mine.get_layout_engine() is None
    scape.plot(on=mine)
    assert len(mine.axes) > 2


def test_an_error_of_the_data_is_not_put_on_the_keywords(monkeypatch, make_scape):
    def broken(*args):
        raise ZeroDivisionError("not matplotlib's")

    monkeypatch.setattr(ncs.VoltagePanel, "_draw", broken)
    with pytest.raises(ZeroDivisionError):
        ncs.Figure(ncs.VoltagePanel(make_scape(2), line={"lw": 2}))
