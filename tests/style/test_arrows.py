"""Arrows in labels are letters, whatever the font."""

import matplotlib
import pytest

from neo_currentscape.style import arrows


def test_arrows_are_those_of_the_font_or_formulas(monkeypatch):
    blank = "\N{NO-BREAK SPACE}"
    assert arrows.arrows("in", "out") == f"←{blank}in{blank}|{blank}out{blank}→"
    with matplotlib.rc_context({"font.family": "cmr10"}):  # which has none
        assert arrows.arrows("in", "out") == rf"$\leftarrow${blank}in{blank}|{blank}out{blank}$\rightarrow$"


@pytest.mark.filterwarnings("ignore:cmr10 font")
@pytest.mark.parametrize("family", ["serif", "cmr10", ["STIXGeneral", "Nowhere Sans"]])
def test_arrows_of_figures_are_text_in_every_font(family, make_scape, tmp_path):
    svg = tmp_path / "arrows.svg"
    own = {"font.family": family, "mathtext.fontset": "cm", "svg.fonttype": "none"}
    for settings, common in ((own, {}), (None, own)):
        with matplotlib.rc_context(common):
            make_scape(2).plot(size="column", settings=settings).save(svg)
        words = svg.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert "← inward | outward →" in words and "cmsy10" not in words


def test_a_label_with_sides_keeps_each_line_in_one():
    label = arrows.two_sided("Share", "negative", "positive")
    assert label.count("\n") == 1 and " " not in label
    assert arrows.families("cmr10") == ["cmr10", arrows.WITH_ARROWS]
