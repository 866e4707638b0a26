"""Keywords that are tried on an empty page."""

import threading

import pytest

from neo_currentscape.conventions.errors import ArgumentError, UnknownOptionError
from neo_currentscape.style import trials

GOOD = [
    ("line", {"color": "red", "lw": 2}),
    ("bar", {"facecolor": "red", "hatch": "/"}),
    ("mark", {"marker": "o", "s": 3}),
    ("note", {"fontsize": 5}),
    ("fill", {"facecolor": "0.5"}),
    ("grid", {"axis": "x", "alpha": 0.5}),
    ("legend", {"loc": "upper left", "title": "a"}),
    ("legend", {"loc": "outside right upper"}),
    ("wedge", {"edgecolor": "k"}),
]


@pytest.mark.parametrize(("what", "given"), GOOD)
def test_a_trial_leaves_nothing_on_the_page(what, given):
    trials.check_keywords(what, given)
    axes = trials._axes()
    left = [
        *axes.lines,
        *axes.collections,
        *axes.patches,
        *axes.texts,
        *axes.containers,
        *axes.figure.legends,
    ]
    assert left == [] and axes.get_legend() is None


def test_nor_does_one_that_was_refused():
    for _ in range(3):
        with pytest.raises(UnknownOptionError, match="keyword in line= 'colour': did you mean 'color'"):
            trials.check_keywords("line", {"colour": "red"})
        with pytest.raises(ArgumentError, match="line={'color': 'rde'} cannot be used"):
            trials.check_keywords("line", {"color": "rde"})
    assert not trials._axes().lines and not trials._axes().containers


def test_trials_do_not_disturb_each_other():
    """A value that spoilt the page would be seen by the next trial."""
    for what, given in [*GOOD, *GOOD]:
        with pytest.raises(ArgumentError):
            trials.check_keywords("note", {"fontsize": "hugest"})
        trials.check_keywords(what, given)


def test_each_thread_has_its_own_page():
    pages = {}

    def work(name):
        for what, given in GOOD * 5:
            trials.check_keywords(what, given)
        pages[name] = trials._axes()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(page) for page in pages.values()}) == 3
