"""Files without dots stay small, and show what they showed."""

from __future__ import annotations

import os

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.backends.backend_agg import FigureCanvasAgg

import neo_currentscape as ncs
from neo_currentscape.figure import thinned
from neo_currentscape.figure.figure import VECTOR


def smooth(make_recording, n=25):
    return ncs.Currentscape(make_recording(n, samples=20_000))


@pytest.mark.parametrize("ending", ["pdf", "svg", "eps"])
def test_all_panels_of_many_currents_are_less_than_a_megabyte(ending, make_recording, tmp_path):
    figure = smooth(make_recording).plot(panels="all", size="page")
    figure.save(tmp_path / f"many.{ending}")
    assert os.path.getsize(tmp_path / f"many.{ending}") < 1e6
    areas = figure.axes[2].collections
    assert not any("draw" in vars(one) for one in areas)
    assert all(len(one.get_paths()[0].vertices) > 1200 for one in areas)


def restless(n, samples=6000):
    """Currents that change their direction all the time, each at a frequency of its own."""
    t, rng = np.arange(samples) * 0.1, np.random.default_rng(1)
    values = np.sin(t[:, None] / (5 + np.arange(n)) + rng.uniform(0, 6, n))
    names = {"array_annotations": {"name": [f"I{k}" for k in range(n)]}}
    step = {"sampling_period": 0.1 * pq.ms}
    currents = neo.AnalogSignal(values, units="nA", **step, **names)
    return ncs.Currentscape(ncs.Recording(currents, neo.AnalogSignal(values[:, :1], units="mV", **step)))


@pytest.mark.parametrize("ending", ["pdf", "svg", "eps"])
@pytest.mark.parametrize(("n", "size"), [(25, "page"), (25, "slide"), (40, "column")])
def test_so_are_currents_that_change_their_direction_all_the_time(n, size, ending, tmp_path):
    restless(n).plot(panels="all", size=size).save(tmp_path / f"many.{ending}")
    assert 5e4 < os.path.getsize(tmp_path / f"many.{ending}") < 1e6


def test_all_areas_of_an_axes_have_one_tolerance(tmp_path, monkeypatch):
    figure, asked = restless(25).plot(panels=["shares", "outward"], size="page"), []
    tolerance = thinned._tolerance

    def spy(areas):
        asked.append(tolerance(areas))
        return asked[-1]

    monkeypatch.setattr(thinned, "_tolerance", spy)
    figure.save(tmp_path / "shared.svg")
    # Many corners may move more than few.
    assert len(asked) == 2 and asked[0] > asked[1] == thinned.TOLERANCE


def test_what_is_left_out_is_nowhere_seen(make_recording):
    figure = smooth(make_recording, 12).plot(panels=["outward", "shares"], size="page").fig
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    whole = np.asarray(canvas.buffer_rgba()).astype(int)
    figure.set_layout_engine("none")
    with thinned.areas(figure, "svg", VECTOR):
        canvas.draw()
        thin = np.asarray(canvas.buffer_rgba()).astype(int)
    off = np.abs(whole - thin)
    assert off.any()
    # A tenth of a point is 0.14 pixel at 100 dots per inch.
    assert off.max() <= 0.2 * 255
    assert (off.max(axis=2) > 8).mean() < 0.01


def test_no_corner_is_farther_from_the_rest_than_told():
    rng = np.random.default_rng(0)
    x = np.linspace(0, 400, 1200)
    edge = 60 + 20 * np.sin(x / 9) + 0.2 * rng.standard_normal(1200)
    outline = np.vstack([np.column_stack([x, 0 * x]), np.column_stack([x, edge])[::-1]])
    kept = np.flatnonzero(thinned.needed(outline))
    above = outline[kept][outline[kept][:, 1] > 0][::-1]
    off = np.abs(np.interp(x, *above.T) - edge)
    slope = np.abs(np.gradient(edge, x))
    assert (off / np.hypot(1, slope)).max() < 1.5 * thinned.ROUNDS * thinned.TOLERANCE
    assert (outline[kept][:, 1] == 0).sum() < 20


def test_neighbours_keep_the_same_points_of_their_edge():
    x = np.linspace(0, 400, 1000)
    edge, top = 50 + 30 * np.sin(x / 11), 120 + 10 * np.cos(x / 5)
    lower = np.vstack([np.column_stack([x, 0 * x]), np.column_stack([x, edge])[::-1]])
    upper = np.vstack([np.column_stack([x, edge]), np.column_stack([x, top])[::-1]])
    first = thinned.needed(lower)[1000:][::-1]
    second = thinned.needed(upper)[:1000]
    assert np.array_equal(first[8:-8], second[8:-8]) and first.sum() < 500
