"""Options of a wrong type: one sentence that names the option, and never matplotlib's traceback."""

import re

import matplotlib
import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.analysis.standard import PANELS
from neo_currentscape.conventions.errors import CurrentscapeError, UnknownOptionError

WRONG = [3, "a", object(), [], {}, None, float("nan"), b"a", np.ones(3), ("x", "y"), {"tilte": 1}]
FIGURE = ("panels", "title", "size", "legend", "time_units", "on", "settings", "order", "palette", "grid")

KINDS = {
    "VoltagePanel": {},
    "TotalPanel": {"direction": "outward"},
    "SharesPanel": {},
    "CurrentsPanel": {},
    "IonsPanel": {},
    "ElectrodePanel": {},
    "ContributionsPanel": {},
}


@pytest.fixture
def scape(make_scape):
    return make_scape(3, samples=50, electrode=1)


def tried(make, *args, **options):
    """Draw; a refusal has to be a sentence of ours."""
    try:
        make(*args, **options).fig.draw_without_rendering()
    except CurrentscapeError as error:
        assert "\n" not in str(error), str(error)
        return str(error)
    return None


def drawn(panel, scape, **options):
    return ncs.Figure(panel(scape, **options))


@pytest.mark.parametrize("option", [*FIGURE, "columns", *PANELS])
def test_no_option_of_the_figure_gives_a_raw_exception(scape, option):
    found = [tried(scape.plot, **{option: value}) for value in WRONG]
    assert any(found)


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        (kind, name)
        for kind in KINDS
        for name in getattr(ncs, kind).__dataclass_fields__
        if name != "source"
    ],
)
def test_no_option_of_a_panel_gives_a_raw_exception(scape, kind, option):
    panel = getattr(ncs, kind)
    options = KINDS[kind]
    more = {"color": "nocolour"}
    found = [tried(drawn, panel, scape, **{**options, option: value}) for value in (*WRONG, more)]
    assert any(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"title": 3}, r"^title= takes text, not 3: write e\.g\. title='3'\.$"),
        (
            {"voltage": {"levels": "a"}},
            r"^levels= takes a list of values .*, not 'a': write e\.g\. levels=\[-50\]",
        ),
        (
            {"legend": {"tilte": "I"}},
            r"^Unknown keyword in legend= 'tilte': did you mean 'title'\? Known are",
        ),
        ({"shares": {"area": {"alpah": 1}}}, r"^Unknown keyword in area= 'alpah': did you mean 'alpha'\?"),
        ({"grid": {"colour": "red"}}, r"^Unknown keyword in grid= 'colour': did you mean 'color'\?"),
        ({"voltage": {"line": {"lw": 1, "linewidth": 2}}}, r"^(line=)?.*says one thing twice|^line="),
        (
            {"voltage": {"line": {"color": "nocolour"}}},
            r"^line=\{'color': 'nocolour'\} cannot be used, as matpl",
        ),
        (
            {"legend": {"loc": "nowhere"}},
            r"^legend=\{'loc': 'nowhere'\} cannot be used, as matplotlib refuses it",
        ),
        ({"panels": 3}, r"^panels= takes 'standard', 'all' or a list of names, not 3: write"),
        ({"settings": {"font.size": "big"}}, r"^settings=\{'font.size': 'big'\} cannot be used .*: write"),
        ({"settings": {"font.size": float("nan")}}, r"is no size in points: write what"),
        ({"time_units": ["ms"]}, r"^Unknown time unit \"\['ms'\]\"|^Unknown time unit"),
        (
            {"voltage": {"axis": "off"}},
            r"^Unknown option of the voltage panel 'axis'",
        ),
        (
            {"contributions": {"charge": "yes"}, "panels": ["contributions"]},
            r"^charge= takes True or False, not 'yes'",
        ),
        (
            {"ions": {"order": 3}, "panels": ["ions"]},
            r"^order= takes a list of names of this panel, not 3: there",
        ),
    ],
)
def test_sentences(scape, options, message):
    with pytest.raises(CurrentscapeError, match=message):
        scape.plot(**options)


def test_a_word_of_another_spelling_is_unknown_and_not_a_type(scape):
    with pytest.raises(UnknownOptionError):
        scape.plot(legend={"tilte": "I"})


@pytest.mark.parametrize(
    "options",
    [
        {"legend": {"title": "I", "ncol": 2, "loc": "outside upper center"}},
        {"legend": {"loc": "best"}},
        {"legend": {"bbox_to_anchor": (0.5, 0.5), "loc": "center"}},
        {"grid": {"which": "both", "axis": "x", "lw": 0.3, "c": "red"}},
        {"shares": {"area": {"step": "mid", "ec": "k", "alpha": 0.5}}},
        {
            "voltage": {
                "line": {"lw": 0.5, "drawstyle": "steps"},
                "level_line": {"xmax": 0.5},
                "levels": [0],
            }
        },
        {
            "panels": ["contributions"],
            "contributions": {"label": {"bbox": {"pad": 1}}, "wedge": {"ec": "w"}},
        },
    ],
)
def test_what_matplotlib_takes_goes_through(scape, options):
    assert tried(scape.plot, **options) is None


def test_a_trial_draws_nothing_and_leaves_nothing(scape):
    before = dict(matplotlib.rcParams)
    figure = scape.plot(panels="voltage", voltage={"line": {"color": "red"}})
    assert len(figure.axes[0].lines) == 1 and len(figure.fig.axes) == 1
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("path", [3, None, [], np.ones(3)])
def test_a_path_that_is_none(scape, path):
    with pytest.raises(
        CurrentscapeError, match=re.escape(f"save() takes a path or a file to write to, not {path!r}")
    ):
        scape.plot(panels="shares").save(path)


@pytest.mark.parametrize("dpi", [3, 0, -1, "a", float("nan"), True])
def test_a_resolution_that_is_none(scape, dpi, tmp_path):
    with pytest.raises(CurrentscapeError, match=f"^dpi={dpi!r} (is no resolution|leaves text no pixel)"):
        scape.plot(panels="shares").save(tmp_path / "a.png", dpi=dpi)


def test_options_of_a_panel_that_is_not_shown(scape, make_scape, recwarn):
    with pytest.warns(
        ncs.CurrentscapeWarning,
        match=r"^currents= has options of a panel that is not shown: write "
        r"panels=\['voltage', 'outward', 'shares', 'inward', 'currents'\] to show it\.$",
    ):
        scape.plot(currents={"stacked": True})
    # A series of figures has one call, also where one recording lacks the voltage.
    make_scape(2, voltage=False).plot(voltage={"levels": [0]})
    with pytest.raises(
        UnknownOptionError, match="option of the currents panel 'staked': did you mean 'stacked'"
    ):
        scape.plot(currents={"staked": True})
