"""The call: what it returns and leaves alone, colours and legend, image mode, times, memory."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import textwrap
import warnings

import matplotlib
import neo
import numpy as np
import pytest
import quantities as pq
from compat_data import NAMES, T, currents, drawn, ions, merged, voltage
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from scipy.integrate import trapezoid

import neo_currentscape as ncs
from neo_currentscape.compat.drawing.share_image import share_image
from neo_currentscape.conventions.errors import CurrentscapeError, CurrentscapeWarning

PATTERNS = {"pattern": {"use": True}}
IMAGE = {"currentscape": {"legacy_method": True}}
EVERYTHING = {
    "show": {
        "xlabels": True,
        "xticklabels": True,
        "xgridlines": True,
        "all_currents": True,
        "total_contribution": True,
    }
}


def test_it_is_used_as_the_other_package_is():
    import neo_currentscape as currentscape

    figure = currentscape.plot(voltage(), list(currents()), {"current": {"names": NAMES}})
    assert isinstance(figure, Figure)
    assert [axes.get_ylabel() for axes in figure.axes] == ["[mV]", "[pA]", "outward %", "inward %", "−[pA]"]


def test_no_configuration_is_needed():
    figure = ncs.plot(voltage(), currents())
    texts = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    assert sorted(texts) == [f"current {k + 1}" for k in range(5)]


def test_arguments_and_settings_are_left_alone(tmp_path):
    config = merged(EVERYTHING, PATTERNS, {"current": {"names": NAMES}, "legendtextsize": 5})
    config["output"] = {"savefig": True, "dir": str(tmp_path)}
    arrays = [voltage(), currents(), ions(), T.copy()]
    before = copy.deepcopy((config, arrays))
    settings = dict(matplotlib.rcParams)
    ncs.plot(arrays[0], arrays[1], config, arrays[2], arrays[3])
    with pytest.raises(CurrentscapeError):
        ncs.plot(arrays[0], arrays[1], merged(config, {"colormap": {"name": "Ste1"}}))
    assert config == before[0]
    assert all(np.array_equal(a, b) for a, b in zip(arrays, before[1], strict=True))
    assert dict(matplotlib.rcParams) == settings


def test_pyplot_goes_on_with_the_figure(tmp_path):
    import matplotlib.pyplot as plt

    plt.close("all")
    first, second = drawn(), drawn()
    assert [first.number, second.number] == plt.get_fignums() == [1, 2]
    assert plt.gcf() is second
    plt.suptitle("mine")
    assert second.get_suptitle() == "mine"
    plt.savefig(tmp_path / "a.png")
    assert (plt.imread(tmp_path / "a.png")[..., :3] < 0.8).mean() > 0.01
    plt.figure(first.number)
    assert plt.gcf() is first
    plt.close("all")
    assert plt.get_fignums() == []


def test_the_canvas_has_pixels():
    figure = drawn()
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())
    assert pixels.shape == (*(figure.get_size_inches()[::-1] * figure.dpi).astype(int), 4)
    assert (pixels[..., :3] < 200).mean() > 0.01
    assert figure.canvas.get_renderer() is not None


def test_a_figure_that_fails_is_not_left_in_pyplot():
    import matplotlib.pyplot as plt

    plt.close("all")
    with pytest.raises(CurrentscapeError):
        drawn({"colormap": {"name": "Ste1"}})
    assert plt.get_fignums() == []


def test_the_figure_can_be_pickled():
    again = pickle.loads(pickle.dumps(drawn(PATTERNS)))
    assert len(again.axes) == 6


@pytest.mark.parametrize("config", [{}, PATTERNS, IMAGE, {"colormap": {"name": "viridis"}}])
def test_colours_of_the_shares_are_those_of_the_legend(config):
    figure = drawn(config)
    legend = {t.get_text(): to_rgba(t.get_color()) for t in figure.axes[2].get_legend().get_texts()}
    for axes in figure.axes[2:4]:
        if config is IMAGE:
            shown = [to_rgba(c) for c in axes.images[0].get_cmap().colors[:-1]]
            assert set(shown) == set(legend.values())
            continue
        found = {
            c.get_label().split()[0]: to_rgba(c.get_facecolor()[0])
            for c in axes.collections
            if c.get_label().endswith("ward")
        }
        assert found == legend
    assert len(set(legend.values())) == len(NAMES)


def test_hatches_are_seen():
    def dark(config):
        figure = drawn(config, merged({"pattern": {"linewidth": 1}}))
        figure.canvas.draw()
        box = figure.axes[2].get_window_extent()
        image = np.asarray(figure.canvas.buffer_rgba())[::-1]
        inside = image[int(box.y0) + 6 : int(box.y1) - 6, int(box.x0) + 6 : int(box.x1) - 6, :3]
        return (inside.max(axis=-1) < 60).mean()

    from matplotlib.backends.backend_agg import FigureCanvasAgg

    original = Figure.__init__

    def with_canvas(self, *args, **kwargs):
        original(self, *args, **kwargs)
        FigureCanvasAgg(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "__init__", with_canvas)
        assert dark(PATTERNS) > dark({}) + 0.02


def test_patterns_and_absolute_currents_agree_in_colour_and_style():
    figure = drawn(PATTERNS, {"show": {"all_currents": True}})
    shares = {c.get_label().split()[0]: c for c in figure.axes[2].collections if "outward" in c.get_label()}
    lines = {x.get_label().split()[0]: x for x in figure.axes[5].lines if "outward" in str(x.get_label())}
    pairs = set()
    for name, line in lines.items():
        assert to_rgba(line.get_color()) == to_rgba(shares[name].get_facecolor()[0])
        pairs.add((to_rgba(line.get_color()), str(line._unscaled_dash_pattern)))
    assert len(pairs) == len(NAMES)


def test_rings_are_the_charge_by_time():
    # Half of the samples lie in a tenth of the time: each sample counts with its time.
    time = np.r_[np.linspace(0, 1, 50), np.linspace(1.18, 10, 50)]
    first = np.where(np.arange(100) < 50, 3.0, 1.0)
    second = np.full(100, 1.0)
    config = {"current": {"names": ["a", "b"]}, **{"show": {"total_contribution": True}}}
    figure = ncs.plot(np.zeros(100), [first, second], config, time=time)
    turns = {
        w.get_label(): (w.theta2 - w.theta1) / 360
        for w in figure.axes[0].patches
        if "outward" in w.get_label()
    }
    expected = trapezoid([first, second], time, axis=1)
    expected /= expected.sum()
    assert turns["a outward"] == pytest.approx(expected[0], abs=1e-6)
    assert abs(expected[0] - first.sum() / (first.sum() + second.sum())) > 0.05


def test_time_that_does_not_begin_at_zero_and_variable_steps():
    figure = drawn(EVERYTHING)
    assert all(axes.get_xlim() == (T[0], T[-1]) for axes in figure.axes[1:])
    bent = 100 + (np.arange(len(T)) / 20.0) ** 2
    figure = drawn(time=bent)
    line = figure.axes[0].lines[0]
    assert np.allclose(line.get_xdata(), bent) and np.allclose(line.get_ydata(), voltage())


@pytest.mark.parametrize("image", [False, True])
def test_variable_steps_show_each_current_when_it_flows(image):
    time = np.r_[0:1:100j, 1.5:100:100j]
    first = (time < 1).astype(float)
    figure = ncs.plot(np.zeros(200), [first, 1 - first], IMAGE if image else None, time=time)
    if image:
        shown = np.asarray(figure.axes[2].images[0].get_array())[5]
        # The one that flows for 1 % of the time is seen in 1 % of the columns.
        assert 0.003 < min(np.mean(shown == k) for k in (0, 1)) < 0.02


def peer_image(values: np.ndarray, resolution: int) -> np.ndarray:
    """Index of the current in the other package's image, by position in the legend."""
    module = pytest.importorskip("currentscape.currents")
    parser = pytest.importorskip("currentscape.config_parser")
    config = {"currentscape": {"legacy_method": True, "y_resolution": resolution}}
    return module.Currents(values, parser.set_default_config(config), np.arange(values.shape[1])).image


def test_the_image_is_that_of_the_other_package():
    resolution = 2000
    theirs = peer_image(currents(), resolution)
    figure = drawn(IMAGE, {"currentscape": {"y_resolution": resolution, "legacy_method": True}})
    halves = [np.asarray(axes.images[0].get_array()) for axes in figure.axes[2:4]]
    names = [t.get_text() for t in figure.axes[2].get_legend().get_texts()]
    for half, axes, rows in zip(
        halves, figure.axes[2:4], (slice(0, resolution), slice(-resolution, None)), strict=True
    ):
        colors = [tuple(c) for c in axes.images[0].get_cmap().colors]
        legend = [to_rgba(t.get_color()) for t in figure.axes[2].get_legend().get_texts()]
        # Each half has its own order of stacking: compare by colour, with white as no current.
        place = np.array([legend.index(c) if c in legend else len(names) for c in colors])
        ours, their = place[half], np.where(theirs[rows] > len(names), len(names), theirs[rows])
        # They cut every border down to a whole row, and so lie up to a row a current higher.
        assert (ours != their).mean() < 2 * len(names) / resolution


def test_share_image_by_brute_force():
    rng = np.random.default_rng(3)
    parts = rng.dirichlet(np.ones(6), size=40).T
    parts[:, 7] = 0
    found = share_image(parts, 500)
    centres = (np.arange(500) + 0.5) / 500
    for column in range(40):
        borders = np.cumsum(parts[:, column])
        expected = np.searchsorted(borders, centres)
        assert (found[:, column] != expected).sum() <= 6
    assert (found[:, 7] == 6).all()


def test_more_currents_than_a_byte_counts():
    rng = np.random.default_rng(0)
    values = rng.standard_normal((300, 60))
    config = merged(IMAGE, {"colormap": {"name": "viridis"}, "currentscape": {"y_resolution": 4000}})
    config["currentscape"]["legacy_method"] = True
    with pytest.warns(CurrentscapeWarning, match="legend of 300 names is written in"):
        figure = ncs.plot(np.zeros(60), values, config)
    image = figure.axes[2].images[0]
    assert image.get_array().max() > 127
    assert len({tuple(c) for c in image.get_cmap().colors}) == 301


@pytest.mark.slow
def test_the_image_takes_little_memory():
    code = """
    import resource, sys
    import matplotlib
    matplotlib.use("agg")
    import numpy as np
    import neo_currentscape as ncs

    def draw(n):
        t = np.arange(n) * 0.1
        values = np.array([np.sin(t / (10 + k)) for k in range(12)])
        config = {"currentscape": {"legacy_method": True, "y_resolution": 10000}}
        config["output"] = {"savefig": True, "dir": sys.argv[1], "extension": "png"}
        ncs.plot(np.sin(t), values, config, time=t)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, values.nbytes / 2**20

    before, _ = draw(1000)
    after, data = draw(100_000)
    print(after - before - data)
    """
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), folder],
            check=True,
            capture_output=True,
            text=True,
        )
    assert float(done.stdout) < 300


def test_neo_signals_give_the_same_figure():
    times = {"t_start": T[0] * pq.ms, "sampling_period": 0.1 * pq.ms}
    signal = neo.AnalogSignal(currents().T, units="pA", array_annotations={"name": NAMES}, **times)
    potential = neo.AnalogSignal(voltage()[:, None], units="mV", **times)
    figure = ncs.plot(potential, signal)
    plain = drawn(ions_data=None)
    for ours, other in zip(figure.axes, plain.axes, strict=True):
        assert np.allclose(ours.get_xlim(), other.get_xlim()) and np.allclose(
            ours.get_ylim(), other.get_ylim()
        )
        assert ours.get_ylabel() == other.get_ylabel()


@pytest.mark.parametrize("method", ["numbers", "image"])
def test_silence_is_drawn_white(method):
    figure = ncs.plot(np.zeros(20), np.zeros((3, 20)), IMAGE if method == "image" else None)
    if method == "image":
        assert (np.asarray(figure.axes[2].images[0].get_array()) == 3).all()
    assert figure.axes[1].get_ylim() == (0.1, 1.0)


def test_what_is_cut_off_elsewhere_is_on_the_page():
    names = [f"a current with a long name {k}" for k in range(5)]
    figure = drawn(EVERYTHING, {"current": {"names": names}, "title": "A title"})
    figure.draw_without_rendering()
    page = figure.bbox
    for axes in figure.axes[1:]:
        for artist in (axes.get_legend(), axes.yaxis.label, axes.xaxis.label):
            if artist is None or not getattr(artist, "get_text", lambda: "legend")():
                continue
            box = artist.get_window_extent()
            assert box.x0 >= page.x0 and box.x1 <= page.x1 and box.y0 >= page.y0 and box.y1 <= page.y1
    title = figure._suptitle.get_window_extent()
    assert not title.overlaps(figure.axes[0].get_window_extent())


def test_margins_that_are_told_stay():
    names = [f"a current with a long name {k}" for k in range(5)]
    figure = drawn({"current": {"names": names}, "adjust": {"right": 0.85, "bottom": 0.0}}, EVERYTHING)
    assert figure.subplotpars.right == 0.85 and figure.subplotpars.bottom == 0.0


def test_two_labels_never_share_a_colour_where_the_map_has_few():
    with warnings.catch_warnings():
        warnings.simplefilter("error", CurrentscapeWarning)
        figure = ncs.plot(np.zeros(50), np.random.default_rng(0).standard_normal((12, 50)))
    texts = figure.axes[2].get_legend().get_texts()
    assert len({to_rgba(text.get_color()) for text in texts}) == 12


def test_fewer_styles_than_patterns_are_told():
    with pytest.warns(CurrentscapeWarning, match="'line.styles' has 2 styles"):
        drawn(PATTERNS, {"show": {"all_currents": True}, "line": {"styles": ["-", "--"]}})


@pytest.mark.parametrize("backend", ["agg", ""])
def test_pyplot_that_is_imported_later_finds_the_figure(backend):
    code = (
        "import sys, neo_currentscape as ncs\n"
        "figure = ncs.plot([-6, -5, -4], [[1, 2, 1], [-2, -1, 0]])\n"
        f"assert ('matplotlib.pyplot' in sys.modules) == {not backend}\n"
        "import matplotlib.pyplot as plt\n"
        "assert plt.gcf() is figure and plt.get_fignums() == [figure.number] == [1]\n"
        "plt.close()\n"
        "assert plt.get_fignums() == []\n"
    )
    environment = {key: value for key, value in os.environ.items() if key not in ("MPLBACKEND", "DISPLAY")}
    if backend:
        environment["MPLBACKEND"] = backend
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_limit_that_is_not_told_is_chosen_from_the_values():
    low, high = voltage().min(), voltage().max()
    first, last = drawn({"voltage": {"ylim": [None, 20]}}).axes[0].get_ylim()
    assert low - 0.1 * (high - low) < first < low and last == 20
    first, last = drawn({"voltage": {"ylim": [-100, None]}}).axes[0].get_ylim()
    assert first == -100 and high < last < high + 0.1 * (high - low)
    given = {"autoscale_ticks_and_ylim": False}
    both = drawn().axes[1].get_ylim()
    assert drawn({"current": {**given, "ylim": [0.5, None]}}).axes[1].get_ylim() == (0.5, both[1])
    assert drawn({"current": {**given, "ylim": [None, 200]}}).axes[1].get_ylim() == (both[0], 200)
    # What would cross the limit that is told keeps its distance.
    first, last = drawn({"current": {**given, "ylim": [1e6, None]}}).axes[1].get_ylim()
    assert first == 1e6 and last > first


@pytest.mark.parametrize(("edge", "other"), [("left", "right"), ("bottom", "top")])
def test_margins_that_leave_no_room_are_refused(edge, other):
    with pytest.raises(CurrentscapeError, match=rf"'adjust\.{edge}' and 'adjust\.{other}' are 0\.97 and"):
        drawn({"adjust": {edge: 0.97}})


@pytest.mark.parametrize("figsize", [(3, 4), (9, 3), (4, 2.5), (3, 2)])
@pytest.mark.parametrize("textsize", [6, 8])
def test_numbers_at_ticks_that_were_chosen_do_not_overlap(figsize, textsize):
    figure = drawn(EVERYTHING, {"figsize": figsize, "textsize": textsize})
    figure.canvas.draw()
    for axes in figure.axes:
        if axes.get_yscale() == "log":
            boxes = [label.get_window_extent() for label in axes.get_yticklabels() if label.get_text()]
            assert boxes
            places = sorted((box.y0 + box.y1) / 2 for box in boxes)
            apart = textsize * figure.dpi / 72
            assert all(high - low > 0.8 * apart for low, high in zip(places, places[1:], strict=False))


def test_ticks_that_are_told_are_all_written():
    told = {"autoscale_ticks_and_ylim": False, "ticks": [1, 2, 3, 10, 100]}
    axes = drawn({"current": told, "figsize": (3, 2)}).axes[1]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["1", "2", "3", "10", "100"]
