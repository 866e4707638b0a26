"""Panels of one direction, the image of shares, axes told exactly, and the sheet they stand on."""

from __future__ import annotations

import matplotlib
import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.compat.drawing.axis_look import AxisLook
from neo_currentscape.compat.drawing.half_shares import HalfSharesPanel
from neo_currentscape.compat.drawing.magnitudes import MagnitudesPanel
from neo_currentscape.compat.drawing.sheet import draw_sheet
from neo_currentscape.compat.drawing.stairs import stairs
from neo_currentscape.conventions.errors import ArgumentError, UnknownNameError, UnknownOptionError
from neo_currentscape.style.look import Look, Looks

MARGINS = {"left": 0.15, "right": 0.85, "top": 0.95, "bottom": 0.0}
VALUES = np.array([[1.0, -2.0, 3.0], [2.0, -1.0, -1.0], [4.0, 1.0, -3.0], [0.0, 3.0, 1.0]])


@pytest.fixture
def scape() -> ncs.Currentscape:
    currents = neo.AnalogSignal(
        VALUES, units="nA", sampling_period=0.5 * pq.ms, array_annotations={"name": ["K", "Na", "leak"]}
    )
    return ncs.Currentscape(ncs.Recording(currents))


def axes_of():
    return Figure().add_subplot()


def thickness(area, x: float) -> float:
    """Height of an area at a time, from its vertices."""
    vertices = area.get_paths()[0].vertices
    at = vertices[np.isclose(vertices[:, 0], x), 1]
    return float(at.max() - at.min())


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_half_shares_stack_down_from_the_top(scape, direction):
    axes = axes_of()
    areas = HalfSharesPanel(scape, direction, order="recorded", legend=False).plot(axes)
    shares = scape.shares(direction).magnitude
    for k, area in enumerate(areas):
        assert area.get_label() == f"{scape.names[k]} {direction}"
        for row, time in enumerate([0, 0.5, 1.0, 1.5]):
            assert thickness(area, time) == pytest.approx(shares[row, k], abs=1e-12)
    assert areas[0].get_paths()[0].vertices[:, 1].max() == 1
    assert axes.get_ylim() == (0, 1)


def test_bars_have_upright_sides(scape):
    axes = axes_of()
    area = HalfSharesPanel(scape, "outward", order="recorded", bars=True, legend=False).plot(axes)[0]
    found = area.get_paths()[0].vertices
    assert set(np.round(np.unique(found[:, 0]), 9)) == {0, 0.25, 0.75, 1.25, 1.5}
    assert stairs(np.array([0.0, 1.0]), (0.0, 1.0)).tolist() == [0, 0.5, 0.5, 1.0]


def test_image_and_bars_exclude_each_other(scape):
    with pytest.raises(ArgumentError, match="image= and bars="):
        HalfSharesPanel(scape, bars=True, image=5)


@pytest.mark.parametrize("direction", ["outward", "inward"])
def test_magnitudes_are_those_of_the_direction(scape, direction):
    axes = axes_of()
    lines = MagnitudesPanel(scape, direction, scale="linear", order="recorded", legend=False).plot(axes)
    expected = np.maximum(VALUES if direction == "outward" else -VALUES, 0)
    for line in lines:
        k = scape.names.index(line.get_label().split()[0])
        assert np.allclose(line.get_ydata(), expected[:, k])
    low, high = axes.get_ylim()
    assert (low > high) == (direction == "inward")


def test_stacked_magnitudes_add_up_to_the_total(scape):
    areas = MagnitudesPanel(scape, "outward", stacked=True, scale="linear", legend=False).plot(axes_of())
    total = scape.total("outward").magnitude[:, 0]
    for row, time in enumerate([0, 0.5, 1.0, 1.5]):
        assert sum(thickness(area, time) for area in areas) == pytest.approx(total[row])


def test_a_logarithmic_axis_bears_zeros(scape):
    axes = axes_of()
    lines = MagnitudesPanel(scape, "inward", legend=False, ylim=(0.1, 10)).plot(axes)
    assert axes.get_ylim() == (10, 0.1)
    assert min(line.get_ydata().min() for line in lines) < 0.01


def test_wrong_options(scape):
    with pytest.raises(UnknownNameError, match="outwrd"):
        MagnitudesPanel(scape, "outwrd")
    with pytest.raises(UnknownOptionError, match="did you mean 'stacked'"):
        MagnitudesPanel(scape, staked=True)
    with pytest.raises(ArgumentError, match="'middle'"):
        AxisLook(frame=["middle"])


def test_ticks_lines_and_frame_do_not_move_the_limits(scape):
    look = AxisLook(
        xlim=(0.2, 1.2),
        xticks=[0, 0.5, 9],
        yticks=[-5, 0.5, 70],
        levels=[0.5, 80],
        marks=[0.3, 7],
        frame=["left"],
        mark_line={"color": "red"},
    )
    axes = axes_of()
    HalfSharesPanel(scape, legend=False).plot(axes)
    look.apply(axes)
    assert axes.get_xlim() == (0.2, 1.2) and axes.get_ylim() == (0, 1)
    assert axes.get_yticks().tolist() == [-5, 0.5, 70]
    assert [line.get_color() for line in axes.lines if line.get_zorder() == 5] == ["red"]
    assert len(axes.lines) == 2
    assert [side for side, spine in axes.spines.items() if spine.get_visible()] == ["left"]


@pytest.mark.parametrize(("scale", "lower"), [("linear", -0.05), ("log", 0.01 * 100**-0.05)])
def test_a_band_hides_nothing(scale, lower):
    axes = axes_of()
    axes.set_yscale(scale)
    axes.set_ylim((0, 1) if scale == "linear" else (0.01, 1))
    AxisLook(band=0.05).apply(axes)
    assert axes.get_ylim() == pytest.approx((lower, 1))


def test_a_look_brings_its_hatch_colour_and_its_line(scape):
    looks = Looks({name: Look("red", "//", edge="blue", line="--") for name in scape.names})
    area = HalfSharesPanel(scape, palette=looks, legend=False).plot(axes_of())[0]
    assert area.get_hatch() == "//" and tuple(area.get_edgecolor()[0]) == to_rgba("blue")
    line = MagnitudesPanel(scape, "outward", palette=looks, legend=False).plot(axes_of())[0]
    assert line.get_linestyle() == "--"


def test_a_sheet_keeps_to_margins_and_heights(scape):
    panels = [
        HalfSharesPanel(scape, height=2, legend=False),
        MagnitudesPanel(scape, height=1, legend=False),
    ]
    figure = draw_sheet(panels, size=(3, 4), margins=MARGINS)
    first, second = (axes.get_position() for axes in figure.axes)
    assert first.height == pytest.approx(2 * second.height) and first.y0 == pytest.approx(second.y1)
    assert (first.x0, first.x1, first.y1, second.y0) == pytest.approx((0.15, 0.85, 0.95, 0.0))


def test_a_sheet_gives_each_axes_its_look(scape):
    panels = [HalfSharesPanel(scape, legend=False), MagnitudesPanel(scape, legend=False)]
    look = AxisLook(xlim=(0.1, 0.2), frame=["left"], band=0.1)
    figure = draw_sheet(panels, size=(3, 4), margins=MARGINS, looks=[look])
    first, second = figure.axes
    assert first.get_xlim() == second.get_xlim() and first.get_ylim() == pytest.approx((-0.1, 1))
    assert [side for side, spine in first.spines.items() if spine.get_visible()] == ["left"]
    assert all(second.spines[side].get_visible() for side in ("left", "bottom"))


def test_elastic_edges_make_room(scape):
    panel = HalfSharesPanel(scape, ylabel="a long\nlabel\nof lines", xlabel="time", legend=False)
    tight = {"left": 0.01, "right": 0.99, "top": 0.99, "bottom": 0.0}
    figure = draw_sheet([panel], size=(3, 3), margins=tight, elastic=tight, title="Title")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for box in (axes.yaxis.label.get_window_extent(), axes.xaxis.label.get_window_extent()):
        assert box.x0 >= 0 and box.y0 >= 0
    assert not figure._suptitle.get_window_extent().overlaps(axes.get_window_extent())
    told = draw_sheet([panel], size=(3, 3), margins=tight)
    assert told.subplotpars.left == 0.01


def test_a_sheet_keeps_its_settings_to_itself(scape, tmp_path):
    before = dict(matplotlib.rcParams)
    panel = HalfSharesPanel(scape, legend=False)
    figure = draw_sheet([panel], size=(3, 3), margins=MARGINS, settings={"hatch.linewidth": 0.3})
    figure.savefig(tmp_path / "x.pdf")
    assert dict(matplotlib.rcParams) == before


def test_showing_without_windows_says_so(scape):
    figure = draw_sheet([HalfSharesPanel(scape, legend=False)], size=(3, 3), margins=MARGINS)
    with matplotlib.rc_context({"backend": "agg"}):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figure.show()
