"""Pictures, compared where pytest runs with ``--mpl``; texts are hidden, as fonts differ by version.

To draw them anew: ``pytest tests/figure/test_baselines.py --mpl-generate-path=tests/figure/baseline``
"""

import pytest
from matplotlib.text import Text

import neo_currentscape as ncs

pytest.importorskip("pytest_mpl")

compared = pytest.mark.mpl_image_compare(
    # Older matplotlib takes the width of hatches from the settings when it saves.
    baseline_dir="baseline",
    style=["default", {"hatch.linewidth": 0.39}],
    tolerance=12,
    savefig_kwargs={"dpi": 80},
)


def without_text(figure):
    """The picture that does not depend on the font: without texts, panels in rows of one height."""
    figure.fig.set_layout_engine("none")
    height = 0.96 / len(figure.axes)
    for row, axes in enumerate(reversed(figure.axes)):
        axes.set_position((0.05, 0.02 + row * height, 0.93, 0.9 * height))
    for text in figure.fig.findobj(Text):
        text.set_visible(False)
    return figure.fig


@compared
def test_standard_column(make_scape):
    return without_text(make_scape(4).plot(size=(3.35, 4), legend=False))


@compared
def test_twenty_currents_in_a_column(make_scape, long_names):
    return without_text(make_scape(20, names=long_names).plot(size=(3.35, 4), legend=False))


@compared
def test_all_panels_of_a_long_recording(make_scape):
    scape = make_scape(6, samples=20_000, electrode=1)
    options = {"order": "name", "palette": "bright", "ions": {"legend": False}}
    return without_text(scape.plot(size=(4, 7), panels="all", legend=False, **options))


@compared
def test_gaps_in_irregular_samples(make_scape):
    scape = make_scape(3, regular=False, nan=range(150, 200))
    options = {"panels": ["outward", "shares", "inward", "currents"], "currents": {"stacked": True}}
    return without_text(scape.plot(size=(4, 4), legend=False, **options))


@compared
def test_contributions(make_scape):
    return without_text(ncs.Figure(ncs.ContributionsPanel(make_scape(12)), size=(4, 2), legend=False))
