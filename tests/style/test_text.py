import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownNameError
from neo_currentscape.style import text


def test_width_is_that_of_the_drawn_text():
    figure = Figure(dpi=72)
    for words in ("Membrane potential (mV)", "soma.Ca_HVA2(0.5).ica", r"$\leftarrow$ inward"):
        drawn = figure.text(0, 0, words, fontsize=20).get_window_extent(
            FigureCanvasAgg(figure).get_renderer()
        )
        assert text.width_of(words, 20) == pytest.approx(drawn.width, rel=0.03)


def test_width_of_lines_is_that_of_the_longest():
    assert text.width_of("a\nlonger\nb", 8) == text.width_of("longer", 8)
    assert text.width_of("", 8) == 0


def test_wrapped_lines_fit():
    words = "A title that is longer than a column of a journal is wide, and so needs some lines"
    broken = text.wrapped(words, 8, 120)
    assert broken.replace("\n", " ") == words
    assert text.width_of(broken, 8) <= 120


def test_wrapping_leaves_lines_short_words_and_formulas():
    assert text.wrapped("a\nb", 8, 500) == "a\nb"
    assert text.wrapped("Unbreakable", 8, 5) == "Unbreakable"
    assert text.wrapped("$a + b$ c", 8, 5) == "$a + b$ c"


@pytest.mark.parametrize("words", ["I$_{$", "$\\nothing$", "$x^y^z$ h", "a$_$\n$b$", "\\$1 and $^$"])
def test_dollar_signs_around_no_formula_are_drawn(words):
    shown = text.spelled(words)
    assert shown.replace("\\$", "$") == words.replace("\\$", "$") and text.width_of(words, 8) > 0
    figure = Figure()
    figure.text(0, 0, shown)
    FigureCanvasAgg(figure).draw()


def test_formulas_and_single_dollar_signs_stay():
    for words in ("Na$^+$", "5 $", "no", "$\\alpha$\n$\\beta$", "\\$1 and \\$2"):
        assert text.spelled(words) == words


@pytest.mark.parametrize("size", [6.0, 6.5, 8.0, 15.0])
def test_settings_are_rcparams_and_no_text_is_below_six_points(size):
    found = text.settings(size)
    with matplotlib.rc_context(found):
        assert text.small_size() >= 6
    assert min(value for key, value in found.items() if key.endswith("labelsize")) >= 6
    assert found["legend.fontsize"] >= 6


@pytest.mark.parametrize("width", [1.0, 85 / 25.4, 5.0, 6.85, 13.33, 40.0])
def test_base_size_grows_with_the_page(width):
    assert 6.5 <= text.base_size(width) <= 15
    assert text.base_size(width) <= text.base_size(width + 1)


def test_settings_of_the_caller():
    given = {"font.size": 9}
    assert text.check_settings(given) == given
    assert text.check_settings(given) is not given
    assert text.check_settings(None) == {}
    with pytest.raises(UnknownNameError, match=r"'font\.szie' in settings=: did you mean 'font\.size'"):
        text.check_settings({"font.szie": 9})
    with pytest.raises(ArgumentTypeError, match="settings= takes a dict of rcParams"):
        text.check_settings([9])


def test_the_size_of_text_that_the_caller_chose(make_scape):
    def size(settings=None, **common):
        with matplotlib.rc_context(common):
            return make_scape(2).plot(settings=settings).axes[0].yaxis.label.get_fontsize()

    chosen = {"font.size": 13}
    assert size() == size(**{"font.size": 10}) == text.base_size(6.0)
    assert size(**chosen) == size(chosen) == 13
    assert size(chosen, **{"font.size": 18}) == 13
