import itertools
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgba

import neo_currentscape as ncs
from neo_currentscape.panels.lines import LINE_STYLES
from neo_currentscape.style.look import HATCHES


def test_lines_are_the_currents(make_recording, axes):
    recording = make_recording(4)
    lines = {line.get_label(): line for line in ncs.CurrentsPanel(recording).plot(axes)}
    for k, name in enumerate(recording.names):
        np.testing.assert_array_equal(lines[name].get_ydata(), recording.currents.magnitude[:, k])
    assert axes.get_ylabel() == "Current\n(nA)"


def test_stacked_areas_add_up_to_the_totals(make_recording, axes):
    recording = make_recording(4)
    areas = ncs.CurrentsPanel(recording, stacked=True).plot(axes)
    currents = recording.currents.magnitude
    highest = max(path.vertices[:, 1].max() for area in areas for path in area.get_paths())
    lowest = min(path.vertices[:, 1].min() for area in areas for path in area.get_paths())
    assert highest == pytest.approx(np.maximum(currents, 0).sum(axis=1).max())
    assert lowest == pytest.approx(np.minimum(currents, 0).sum(axis=1).min())
    for k, name in enumerate(recording.names):
        for direction, sign in (("outward", 1), ("inward", -1)):
            area = next(a for a in areas if a.get_label() == f"{name} {direction}")
            vertices = area.get_paths()[0].vertices
            times = np.unique(vertices[:, 0])
            thick = np.array([np.ptp(vertices[vertices[:, 0] == t, 1]) for t in times])
            np.testing.assert_allclose(thick, np.maximum(sign * currents[:, k], 0), atol=1e-9)


def test_no_two_of_many_lines_look_the_same(make_recording, axes):
    names = [f"I{k}" for k in range(30)]
    lines = ncs.CurrentsPanel(make_recording(30, names=names)).plot(axes)
    assert len({(to_rgba(line.get_color()), str(line._dash_pattern)) for line in lines}) == 30


def test_every_hatch_has_a_line_style_of_its_own():
    assert len(LINE_STYLES) == len(HATCHES)
    for a, b in itertools.combinations(LINE_STYLES, 2):
        assert a != b


def test_legend_has_lines_or_swatches(make_recording, axes):
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    for stacked, kind in ((False, Line2D), (True, Patch)):
        handles = ncs.CurrentsPanel(make_recording(3), stacked=stacked).handles()
        assert all(isinstance(handle, kind) for handle in handles)


def test_symlog(make_recording, axes):
    ncs.CurrentsPanel(make_recording(3), scale="symlog").plot(axes)
    assert axes.get_yscale() == "symlog"
    axes.figure.draw_without_rendering()


def test_switched_off_and_restyled(make_recording, axes):
    assert ncs.CurrentsPanel(make_recording(2), line=False, zero_line=False, legend=False).plot(axes) == []
    assert not axes.lines
    assert axes.get_legend() is None
    lines = ncs.CurrentsPanel(make_recording(2), line={"lw": 4, "ls": ":"}).plot(axes)
    assert {(line.get_linewidth(), line.get_linestyle()) for line in lines} == {(4, ":")}


def test_small_numbers_have_short_ticks(make_recording, axes):
    ncs.CurrentsPanel(make_recording(2, units="A"), ylim=(0, 3e-4)).plot(axes)
    axes.figure.draw_without_rendering()
    labels = [re.sub(r"\$|\\mathdefault\{|\}", "", label.get_text()) for label in axes.get_yticklabels()]
    assert max(map(len, labels)) <= 4
    assert re.search(r"10\^\{[-\N{MINUS SIGN}]4\}", axes.yaxis.get_offset_text().get_text())
