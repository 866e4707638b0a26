"""The legend of the currents stands beside the panels that show them, in any order of panels."""

import itertools
import pickle

import numpy as np
import pytest

import neo_currentscape as ncs


class Others:
    """A panel of somebody else with a legend, beside it or in it."""

    def __init__(self, names, beside=True):
        self.names, self.beside = names, beside

    def plot(self, axes):
        for k, name in enumerate(self.names):
            axes.plot([0, 10], [k, -k], label=name)
        place = {"loc": "center left", "bbox_to_anchor": (1.01, 0.5)} if self.beside else {}
        axes.legend(frameon=False, **place)


def boxes_of(figure):
    figure.fig.canvas.draw()
    own = [axes.get_legend() for axes in figure.fig.axes]
    return figure.legend.get_window_extent(), [one.get_window_extent() for one in own if one is not None]


def middle(box):
    return (box.y0 + box.y1) / 2


ORDERS = list(itertools.permutations(("currents", "conductances", "rates")))


@pytest.mark.parametrize("size", ["column", "page"])
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_the_legend_is_beside_the_currents_in_any_order(make_scape, order, size):
    scape = make_scape(5)
    panels = {"currents": ncs.CurrentsPanel(scape)}
    panels |= {name: Others([f"{name} {k}" for k in range(3)]) for name in ("conductances", "rates")}
    figure = ncs.Figure(*(panels[name] for name in order), size=size)
    legend, others = boxes_of(figure)
    box = figure.axes[order.index("currents")].get_window_extent()
    assert box.y0 < middle(legend) < box.y1
    assert not any(legend.overlaps(other) for other in others)
    page = figure.fig.bbox
    assert page.x0 <= legend.x0 and legend.x1 <= page.x1 and page.y0 <= legend.y0 and legend.y1 <= page.y1
    # The layout makes room for it.
    assert legend.x0 >= max(axes.get_window_extent().x1 for axes in figure.axes)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_two_kinds_of_panels_it_explains_the_higher(make_scape, order):
    scape = make_scape(4)
    panels = [ncs.CurrentsPanel(scape), Others(["a", "b"]), ncs.SharesPanel(scape)]
    figure = ncs.Figure(*(panels[k] for k in order), size="page")
    legend, others = boxes_of(figure)
    first, other, second = (figure.axes[order.index(k)].get_window_extent() for k in range(3))
    assert min(first.y0, second.y0) < middle(legend) < max(first.y1, second.y1)
    assert not other.y0 < middle(legend) < other.y1
    assert not any(legend.overlaps(other) for other in others)


def test_a_long_legend_stays_on_the_page_beside_the_other(make_scape):
    figure = ncs.Figure(Others(["a"]), Others(["b"]), ncs.CurrentsPanel(make_scape(12)), size="page")
    legend, others = boxes_of(figure)
    assert legend.y0 >= 0 and legend.y1 <= figure.fig.bbox.y1
    assert not any(legend.overlaps(other) for other in others)


@pytest.mark.parametrize("last", [True, False])
def test_a_wide_legend_below_is_that_of_the_last_panel(make_scape, long_names, last):
    scape = make_scape(20, names=long_names)
    panels = [ncs.CurrentsPanel(scape), Others(["a", "b"], beside=False)]
    figure = ncs.Figure(*(panels[::-1] if last else panels), size="column")
    legend, _ = boxes_of(figure)
    currents, other = (figure.axes[k].get_window_extent() for k in ((1, 0) if last else (0, 1)))
    if last:
        assert legend.y1 <= currents.y0
    else:
        assert legend.y0 >= other.y1 - 1


def test_the_standard_figure_has_it_in_the_middle_of_the_page(make_scape):
    for panels in ("standard", "all"):
        options = {} if panels == "standard" else {"panels": "all"}
        figure = make_scape(5).plot(size="page", **options)
        legend, _ = boxes_of(figure)
        assert middle(legend) == pytest.approx(figure.fig.bbox.y1 / 2, abs=2)


def test_a_place_of_the_callers_own_is_kept(make_scape):
    panels = [Others(["a"]), Others(["b"]), ncs.CurrentsPanel(make_scape(3))]
    figure = ncs.Figure(*panels, legend={"loc": "upper left"}, size="page")
    legend, _ = boxes_of(figure)
    assert legend.x0 < 0.2 * figure.fig.bbox.x1 and legend.y1 > 0.9 * figure.fig.bbox.y1


def test_it_goes_with_the_layout_and_with_a_copy_of_the_figure(make_scape):
    panels = [Others(["a"]), ncs.CurrentsPanel(make_scape(3)), ncs.TotalPanel(make_scape(3))]
    figure = ncs.Figure(Others(["c"]), Others(["c"]), *panels, size="page")
    for height in (4.0, 9.0):
        figure.fig.set_size_inches(7, height)
        legend, _ = boxes_of(figure)
        box = figure.axes[3].get_window_extent()
        assert box.y0 < middle(legend) < box.y1
    copy = pickle.loads(pickle.dumps(figure.fig))
    copy.canvas.draw()
    assert np.allclose(copy.legends[0].get_window_extent(), legend, atol=1)
