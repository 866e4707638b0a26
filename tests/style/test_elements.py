import inspect

import pytest
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownOptionError
from neo_currentscape.style.elements import check_element, element, options_checked


@pytest.mark.parametrize("given", [None, True, {}])
def test_default(given):
    assert element(given, {"color": "red"}, Line2D) == {"color": "red"}


def test_switched_off():
    assert element(False, {"color": "red"}, Line2D) is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"lw": 3}, {"linewidth": 3, "color": "red"}),
        ({"c": "blue"}, {"linewidth": 1, "color": "blue"}),
        ({"ls": ":"}, {"linewidth": 1, "color": "red", "linestyle": ":"}),
    ],
)
def test_other_names_of_the_same(given, wanted):
    assert element(given, {"linewidth": 1, "color": "red"}, Line2D) == wanted


def test_color_goes_before_face_and_edge():
    default = {"facecolor": "red", "edgecolor": "none", "hatch": "x"}
    assert element({"color": "blue"}, default, PolyCollection) == {"color": "blue", "hatch": "x"}
    assert element({"fc": "blue"}, default, PolyCollection)["facecolor"] == "blue"


def test_nothing_given_is_changed():
    given, default = {"lw": 1}, {"color": "red"}
    element(given, default, Line2D)
    assert (given, default) == ({"lw": 1}, {"color": "red"})


@pytest.mark.parametrize("given", ["upper left", 3, ["red"]])
def test_what_is_no_element_is_refused(given):
    with pytest.raises(
        ArgumentTypeError, match=r"^legend= takes True, False or a dict of .*: write e\.g\. "
    ):
        check_element("legend", given)


@options_checked
class Example:
    """Takes a word."""

    def __init__(self, word, *, number=1):
        self.word, self.number = word, number


def test_mistyped_option():
    with pytest.raises(UnknownOptionError, match="option of Example 'numbr': did you mean 'number'?"):
        Example("a", numbr=2)
    assert Example("a", number=2).number == 2


def test_signature_is_kept():
    assert list(inspect.signature(Example).parameters) == ["word", "number"]
