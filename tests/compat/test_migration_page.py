"""Every snippet of the page for those who come from `currentscape` runs, and every name on it is there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs

PAGE = (Path(__file__).parents[2] / "docs" / "migration.rst").read_text()
BLOCK = re.compile(r"^\.\. code-block:: python\n\n((?:   .*\n|\n)+)", re.MULTILINE)


@pytest.fixture
def names():
    """What the snippets take for granted."""
    signal = neo.AnalogSignal(
        np.sin(np.arange(60) / [[3], [5]]).T,
        units="pA",
        sampling_period=0.1 * pq.ms,
        array_annotations={"name": ["Na", "K"]},
    )
    before = sys.modules.get("currentscape")
    yield {
        "voltage": -60 + np.sin(np.arange(60) / 4),
        "currents": signal.magnitude.T,
        "ions": [np.ones(60)],
        "time": 0.1 * np.arange(60),
        "config": {"current": {"names": ["Na", "K"]}, "ions": {"names": ["Ca"]}},
        "scape": ncs.Currentscape(ncs.Recording(signal)),
    }
    assert sys.modules.get("currentscape") is before


@pytest.mark.parametrize("snippet", BLOCK.findall(PAGE))
def test_every_snippet_runs(snippet, names):
    exec("\n".join(line[3:] for line in snippet.splitlines()), names)


def test_the_page_has_the_three_ways_first():
    ways = [PAGE.index(word) for word in ("currentscape.plot(", "stand_in()", "plot --config", "From keys")]
    assert ways == sorted(ways)


def test_every_name_of_the_table_is_imported_on_the_page_or_public(names):
    found = set(re.findall(r"``[^`]*?\b([A-Z][a-z]+(?:[A-Z][a-z]+)+|draw_sheet)\(", PAGE)) | {"Look"}
    for snippet in BLOCK.findall(PAGE):
        exec("\n".join(line[3:] for line in snippet.splitlines()), names)
    assert {name for name in found if name not in names and not hasattr(ncs, name)} == set()


CALLS = set(re.findall(r"``((?:AxisLook|HalfSharesPanel|MagnitudesPanel)\([^`]*)``", PAGE))


@pytest.mark.parametrize("call", sorted(CALLS))
def test_calls_of_the_table_run(call, names):
    for snippet in BLOCK.findall(PAGE):
        exec("\n".join(line[3:] for line in snippet.splitlines()), names)
    figure = names["scape"].plot()
    written = call.replace("[...]", "[1.0, 2.0]").replace("{...}", "{'linewidth': 0.5}")
    eval(written, {**names, "figure": figure, "axes": figure.axes[0]})
