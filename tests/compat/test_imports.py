"""The stand-in for `currentscape`: what it answers to, and that it goes without a trace."""

from __future__ import annotations

import importlib
import importlib.util
import sys

import pytest

import neo_currentscape as ncs
from neo_currentscape.compat import stand_in


def modules():
    """What is imported under the other package's name."""
    return {name: m for name, m in sys.modules.items() if name.partition(".")[0] == "currentscape"}


def imported_inside(form):
    """What an import inside a function finds."""
    found: dict[str, object] = {}
    exec(f"def inner():\n    {form}\n    return found\nfound = inner()", found)
    return found["found"]


@pytest.mark.parametrize(
    "form",
    [
        "from currentscape import plot as found",
        "from currentscape.currentscape import plot_currentscape as found",
        "import currentscape; found = currentscape.plot",
        "import currentscape as cs; found = cs.currentscape.plot_currentscape",
        "import currentscape.currentscape as cs; found = cs.plot_currentscape",
        "from importlib import import_module; found = import_module('currentscape').plot",
    ],
)
def test_every_form_of_the_import_finds_ours(form):
    before = modules()
    with stand_in():
        assert imported_inside(form) is ncs.plot
        assert importlib.util.find_spec("currentscape") is not None
    assert modules() == before


def test_the_package_comes_back_with_its_parts():
    theirs = pytest.importorskip("currentscape.currentscape")
    before = modules()
    with stand_in():
        with stand_in():
            assert imported_inside("from currentscape import plot as found") is ncs.plot
        assert imported_inside("from currentscape import plot as found") is ncs.plot
    assert modules() == before
    assert imported_inside("from currentscape import plot as found") is theirs.plot_currentscape


def test_it_goes_after_an_error_too():
    before = modules()
    with pytest.raises(ValueError, match="mine"), stand_in():
        raise ValueError("mine")
    assert modules() == before


def test_alone_it_stays():
    before = modules()
    kept = stand_in()
    try:
        assert imported_inside("from currentscape import plot as found") is ncs.plot
    finally:
        kept.__exit__()
    assert modules() == before


def test_what_it_has_not_is_a_missing_module():
    with stand_in(), pytest.raises(ModuleNotFoundError, match=r"currentscape\.plotting"):
        imported_inside("from currentscape.plotting import get_colors as found")


def test_the_module_that_scripts_import_from_is_there_under_our_name():
    from neo_currentscape.currentscape import plot_currentscape

    assert plot_currentscape is ncs.plot_currentscape
