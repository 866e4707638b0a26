"""Names that are retired work as before, and say what to write in their place."""

import warnings

import pytest

import neo_currentscape as ncs
from neo_currentscape.conventions import retired
from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.conventions.retired import Retired, option_renamed


def test_nothing_that_is_retired_is_still_listed():
    assert set(retired.NAMES) & set(ncs.__all__) == set()
    for name, told in retired.NAMES.items():
        assert told.old == f"ncs.{name}" and told.new.removeprefix("ncs.") in ncs.__all__
        assert int(told.until.split(".")[0]) > int(ncs.__version__.split(".")[0])


def test_a_retired_name_of_the_package_is_its_successor(monkeypatch):
    monkeypatch.setitem(retired.NAMES, "Stage", Retired("ncs.Stage", "ncs.Figure", "1.2", "2.0"))
    with pytest.warns(FutureWarning) as told:
        found = ncs.Stage
    assert found is ncs.Figure and told[0].filename == __file__
    assert str(told[0].message) == (
        "ncs.Stage is called ncs.Figure since version 1.2: "
        "write ncs.Figure, as version 2.0 takes ncs.Stage away."
    )
    assert "Stage" not in dir(ncs) and "Stage" not in vars(ncs)
    with pytest.warns(FutureWarning):  # each time, as it is kept nowhere
        assert ncs.Stage is ncs.Figure


def test_a_name_that_never_was_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Stage'"):
        ncs.Stage  # noqa: B018


class Shown:
    @option_renamed("colours", "palette", since="1.2", until="2.0")
    def __init__(self, source, *, palette="bright"):
        self.source, self.palette = source, palette


def test_a_retired_option_is_taken_by_both_names():
    with pytest.warns(FutureWarning, match=r"colours= is called palette= since version 1\.2") as told:
        assert Shown(1, colours="muted").palette == "muted"
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Shown(1, palette="vivid").palette == "vivid" and Shown(1).palette == "bright"
    with pytest.raises(ArgumentTypeError, match="the same option: write palette= alone"):
        Shown(1, colours="muted", palette="vivid")
