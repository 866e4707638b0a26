import matplotlib.pyplot  # noqa: F401
import pytest

import neo_currentscape as ncs
from neo_currentscape.figure import compose
from neo_currentscape.style import y_label


@pytest.mark.parametrize(
    ("height", "wanted"),
    [(60, "Outward\n(nA)"), (20, "Out\n(nA)")],
)
def test_our_labels_are_shortened_where_they_are_longer_than_their_axes(height, wanted, make_scape, axes):
    panel = ncs.TotalPanel(make_scape(2))
    panel.plot(axes)
    axes.yaxis.label.set_fontsize(6)
    compose.fit_label(axes, panel, height)
    assert axes.get_ylabel() == wanted


def test_labels_of_the_caller_are_only_wrapped(make_scape, axes):
    panel = ncs.TotalPanel(make_scape(2), ylabel="Outward Current of all")
    panel.plot(axes)
    compose.fit_label(axes, panel, 40)
    assert axes.get_ylabel().replace("\n", " ") == "Outward Current of all"
    assert "\n" in axes.get_ylabel()


def test_every_short_word_is_one_of_our_labels(make_scape):
    scape = make_scape(2, electrode=1)
    figure = scape.plot(panels="all", electrode={"ylabel": "Injected"}, size=(9, 20))
    words = " ".join(
        axes.get_ylabel().replace("\N{NO-BREAK SPACE}", " ").replace("\n", " ") for axes in figure.axes
    )
    assert all(word in words for word in y_label.SHORTER)
