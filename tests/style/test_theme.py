import numpy as np
import pytest
import quantities as pq
from neo import AnalogSignal

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.style.palettes import looks


@pytest.fixture(autouse=True)
def default_theme():
    with ncs.theme():
        yield


def test_a_theme_holds_for_its_block():
    default = looks(["INa", "K", "foo"])
    with ncs.theme({"Na": "tomato", "foo": (0, 0, 1)}):
        found = looks(["INa", "K", "foo"])
    assert found["INa"].color == "tomato" and found["foo"].color == (0, 0, 1)
    assert found["K"] == default["K"] and looks(["INa", "K", "foo"]) == default


def test_a_theme_holds_until_the_next():
    ncs.theme({"K": ["navy", "skyblue"]})
    assert [look.color for look in looks(["K", "axon.K"]).values()] == ["navy", "skyblue"]
    ncs.theme()
    assert looks(["K"])["K"].color != "navy"


def test_a_block_that_fails_gives_the_theme_back():
    default = looks(["K"])
    with pytest.raises(ZeroDivisionError), ncs.theme({"K": "navy"}):
        1 / 0  # noqa: B018
    assert looks(["K"]) == default


def test_a_palette_goes_before_a_theme():
    with ncs.theme({"K": "navy"}):
        assert looks(["K", "Na"], {"K": "red"})["K"].color == "red"
        assert looks(["K", "Na"], "muted")["K"].color != "navy"


def test_a_figure_keeps_the_colors_that_it_was_made_with():
    data = np.c_[np.ones(2000), -np.ones(2000)]
    signal = AnalogSignal(
        data, units="nA", sampling_period=1 * pq.ms, array_annotations={"name": ["K", "Na"]}
    )
    with ncs.theme({"K": "navy"}):
        figure = ncs.Currentscape(ncs.Recording(signal)).plot()
    assert [panel.looks()["K"].color for panel in figure.panels if hasattr(panel, "looks")] == ["navy"]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"K": "no colour"}, ArgumentError, "theme() holds 'no colour' for 'K', which is no colour"),
        ({"K": []}, ArgumentError, "theme() holds [] for 'K'"),
        ({"K": ["red", 7]}, ArgumentError, "theme() holds 7 for 'K'"),
        ("red", ArgumentTypeError, "theme() takes {family or current: colour}, not 'red'"),
    ],
)
def test_errors(given, error, words):
    with pytest.raises(error) as caught:
        ncs.theme(given)
    assert words in str(caught.value)
