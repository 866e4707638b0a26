import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape.figure.plan import make_plan
from neo_currentscape.figure.sizes import share_height

heights = st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 50)), min_size=1, max_size=12)


@given(heights, st.floats(1, 1000))
def test_heights_are_shared_out_and_no_panel_gets_less_than_it_needs(panels, height):
    natural, least = np.array(panels).T
    found = share_height(natural, least, height)
    assert found.sum() == pytest.approx(height)
    if least.sum() < height:
        assert (found >= least - 1e-6).all()
        free = found > least + 1e-6
        # Those that need not more than they get are as high as they would like, relatively.
        ratios = found[free] / natural[free]
        assert np.ptp(ratios) <= 1e-6 * ratios.max() if free.any() else True
    else:
        np.testing.assert_allclose(found / least, height / least.sum())


@pytest.fixture
def panels(make_scape):
    scape = make_scape(3)
    return [ncs.VoltagePanel(scape), ncs.TotalPanel(scape), ncs.SharesPanel(scape)]


def test_the_height_is_what_panels_legend_and_title_need(panels, long_names):
    bare = make_plan(panels, [], None, 3.35, None)
    titled = make_plan(panels, [], "Title", 3.35, None)
    labelled = make_plan(panels, long_names, None, 3.35, None)
    assert bare.height < titled.height
    assert labelled.height == pytest.approx(bare.height + labelled.legend.height / 72, abs=0.01)


def test_text_becomes_smaller_where_there_is_little_room(panels):
    sizes = [make_plan(panels, ["Na", "K"], None, 6.85, height).size for height in (6, 2.5, 1.2)]
    assert sizes[0] == 8.0
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 6.0


def test_text_of_the_caller_keeps_its_size(panels):
    assert make_plan(panels, [], None, 3.35, None, 10).size == 10
    assert make_plan(panels, [], None, 3.35, 1.0, 10).size == 10


def test_room_says_how_much_is_missing(panels, long_names):
    assert make_plan(panels, [], None, 6, 5).room >= 1
    assert make_plan(panels, long_names, None, 3.35, 2).room < 0.5
