"""The root of all panels: it asks for what a panel needs, and checks options alike."""

import importlib
import pkgutil

import numpy as np
import pytest

import neo_currentscape as ncs
import neo_currentscape.panels
from neo_currentscape import network
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.panels.network import ConnectionHistogramPanel, DistancePanel
from neo_currentscape.panels.root import Panel


def every_panel():
    found = {}
    for module in pkgutil.walk_packages(neo_currentscape.panels.__path__, "neo_currentscape.panels."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and name.endswith("Panel") and not name.startswith("_"):
                found[name] = value
    return found


PANELS = every_panel()


class Source:
    """Has what the panel below needs, one part of which must not be looked at."""

    edges = np.arange(3)

    @property
    def shares(self):
        raise AssertionError("a check looks at names only")


class OfSource(Panel):
    needs = ("edges", "shares")
    shows = "a Source"
    made_by = "Source()"


def test_all_panels_have_one_root():
    assert len(PANELS) > 35
    assert [name for name, kind in PANELS.items() if not issubclass(kind, Panel)] == []


@pytest.mark.parametrize("name", sorted(PANELS))
def test_what_is_shown_comes_first_and_is_called_source(name):
    first, *others = PANELS[name].__dataclass_fields__
    assert first == "source" and "height" in others


def test_what_has_all_parts_is_shown_whatever_its_class_is():
    source = Source()
    assert OfSource(source).source is source


@pytest.mark.parametrize(
    ("given", "words"), [(3, "an int"), ([], "a list"), (Source, "a type"), (np.arange(2), "a ndarray")]
)
def test_what_lacks_a_part_is_refused(given, words):
    with pytest.raises(
        ArgumentTypeError, match=rf"^OfSource shows a Source, not {words}: write OfSource\(Source\(\)\)\.$"
    ):
        OfSource(given)


@pytest.mark.parametrize("name", sorted(name for name, kind in PANELS.items() if kind.needs))
def test_every_panel_says_what_it_shows(name):
    with pytest.raises(ArgumentTypeError, match=rf"^{name} shows .+, not a dict: write {name}\(.+\)\.$"):
        PANELS[name]({})


def test_a_height_is_a_number_above_0():
    with pytest.raises(ArgumentError, match=r"^height=-1 cannot be used"):
        OfSource(Source(), height=-1)


def test_an_option_that_is_on_or_off_takes_nothing_else():
    table = network.PairTable("total", ["E"], np.ones((1, 1)))
    with pytest.raises(ArgumentTypeError, match="^bar= takes True or False, not 'yes'"):
        neo_currentscape.panels.network.PairTablePanel(table, bar="yes")


@pytest.mark.parametrize("kind", [ConnectionHistogramPanel, DistancePanel])
def test_populations_are_named_as_the_ends_of_a_connection(kind):
    net = network.Network(["E", "I"], [0, 1], [0, 1], [0, 1], [1, 0], positions=np.eye(3)[:2])
    by_name, by_place = kind(net, source="E", target="I"), kind(net, "E", "I")
    assert by_name.source is net and (by_name.origin, by_name.target) == ("E", "I")
    assert by_name == by_place


def test_a_panel_of_currents_still_tells_its_currentscape():
    import neo
    import quantities as pq

    currents = neo.AnalogSignal(
        [[1, -2], [2, -3]],
        units="nA",
        sampling_period=1 * pq.ms,
        array_annotations={"name": ["K", "Na"]},
    )
    scape = ncs.Currentscape(ncs.Recording(currents))
    for kind in (ncs.SharesPanel, ncs.TotalPanel, ncs.ContributionsPanel):
        assert kind(scape).scape is scape and kind(scape).source is scape
