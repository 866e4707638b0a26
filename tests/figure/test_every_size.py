"""Every figure at every size: no text lies on another text, and none leaves the page."""

from __future__ import annotations

import functools
import itertools

import matplotlib.style
import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import neo_currentscape as ncs
from neo_currentscape import network, protocols
from neo_currentscape.extracellular import split_field
from neo_currentscape.panels import network as network_panels
from neo_currentscape.protocols import Sweeps
from neo_currentscape.spatial import Morphology

pytest.importorskip("scipy")
pytestmark = pytest.mark.filterwarnings("ignore::neo_currentscape.CurrentscapeWarning")

SIZES = ("column", "180mm", "slide")
NAMES = ["Na", "Kd", "KCa", "A", "CaT", "CaS", "H", "leak"]

#: Text that touches, or reaches over the edge, by a part of a point only.
TOUCHES = 0.5


def recording(seed=0, n=3000):
    """Eight currents and a voltage with spikes that last two milliseconds."""
    rng, t = np.random.default_rng(seed), np.arange(n) * 0.1
    phases = rng.uniform(0, 6, len(NAMES))
    spike = np.maximum(np.sin(t / 4), 0) ** 12
    values = np.sin(t[:, None] / (9 + np.arange(len(NAMES))) + phases) + 3 * spike[:, None] * np.sin(phases)
    notes = {"array_annotations": {"name": np.array(NAMES)}}
    currents = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, **notes)
    voltage = neo.AnalogSignal((-65 + 95 * spike)[:, None], units="mV", sampling_period=0.1 * pq.ms)
    return ncs.Recording(currents, voltage)


def segment(seed=0, **notes):
    found = recording(seed).to_segment()
    found.annotate(**notes)
    return found


def response(amplitude=-0.1, spikes=(), currents=True):
    """A response with a sag to a step of 60 ms, with an h current and a leak."""
    t = np.arange(1001) * 0.1
    since = np.clip(t - 20, 0, 60)
    v = -65 + amplitude * (150 * -np.expm1(-since / 4) - 50 * -np.expm1(-since / 20))
    v = np.where(t > 80, -65.0, v)
    v = v + sum((90 * np.exp(-(((t - at) / 0.3) ** 2)) for at in spikes), start=np.zeros(len(t)))
    made = neo.Segment(amplitude=amplitude * pq.nA, onset=20 * pq.ms, duration=60 * pq.ms)
    values = {"v": (v, "mV", "voltage")}
    if currents:
        values["Ih"] = (-0.05 + amplitude * 0.3 * -np.expm1(-since / 20), "nA", "current")
        values["leak"] = (0.05 + (v + 65) * 0.007, "nA", "current")
    for name, (x, unit, role) in values.items():
        one = neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.1 * pq.ms, name=name, role=role)
        made.analogsignals.append(one)
    return made


def family(leak=0.0):
    """Steps of voltage clamp that open a channel, and close it."""
    t, levels = np.arange(0, 60, 0.1), np.arange(-80.0, 61.0, 10.0)
    on = (t >= 10) & (t < 40)
    command = np.where(on, levels[:, None], -90.0)
    gate = -np.expm1(-np.clip(t - 10, 0, None) / 0.5) * np.exp(-np.clip(t - 10, 0, None) / 6) * on
    current = 9 * gate * (command - 45) / (1 + np.exp((-25 - command) / 7))
    return Sweeps(t, current + leak * (command + 70), command)


def family_with_tails(test=False):
    """A step to 20 mV and tails at many levels; or many levels and a test step to 20 mV."""
    t, levels = np.arange(0, 60, 0.1), np.arange(-120.0, -29.0, 10.0)[:, None]
    if test:
        command = np.where(t < 10, -100, np.where(t < 30, levels, 0.0))
        gate = (t >= 30) * np.exp(-np.clip(t - 30, 0, None) / 4) / (1 + np.exp((levels + 65) / 7))
        return Sweeps(t, 3 * (command - 45) * gate, command)
    command = np.where(t < 10, -80, np.where(t < 30, 20, levels))
    shape = np.where(t < 30, t > 10, np.exp(-np.clip(t - 30, 0, None) / 4))
    return Sweeps(t, 3 * (command + 85) * shape, command)


@functools.cache
def cell():
    points = [
        [[0, 0, 0, 20], [0, 20, 0, 20]],
        [[0, 20, 0, 2], [0, 120, 0, 2]],
        [[0, 120, 0, 1], [-50, 220, 5, 1]],
        [[0, 120, 0, 1], [60, 200, 5, 1]],
    ]
    names = ["soma(0.5)", "trunk(0.5)", "left(0.5)", "right(0.5)"]
    shape = Morphology(
        names, [-1, 0, 1, 1], [0, 2, 4, 4], [1000, 200, 100, 50], [0, 60, 160, 165], points=points
    )
    phase = np.sin(np.linspace(0, 6, 40))
    membrane = np.zeros((4, 2, 40))
    membrane[0, 0], membrane[2, 1], membrane[3, 1] = phase, -0.75 * phase, -0.25 * phase
    voltage = np.array([[-70.0], [-68.0], [-63.0], [-65.0]]) + phase
    return ncs.CellRecording.from_arrays(membrane, voltage, shape, ["leak", "AMPA"], np.arange(40.0))


def population_of(size):
    """Excitatory and inhibitory currents of some neurons."""
    found = neo.Segment()
    t = np.arange(50)[:, None]
    for name, sign in (("exc", -1), ("inh", 1)):
        values = sign * (2 + np.sin(t / 7 + np.arange(size)))
        signal = neo.AnalogSignal(values, units="pA", sampling_period=1 * pq.ms, name=name, role="current")
        signal.array_annotate(channel_index=list(range(size)))
        found.analogsignals.append(signal)
    return found


def chirped():
    """A current whose frequency rises, and the voltage of a membrane of 20 ms."""
    t = np.arange(0, 4500, 0.5)
    on = (t >= 200) & (t <= 4200)
    current = np.where(on, protocols.chirp(np.where(on, t - 200, 0), 0.05, 0.0, 20.0, 4000.0, "linear"), 0)
    v = -65 + 50 * np.convolve(current, np.exp(-np.arange(400) / 40) / 20)[: len(t)]
    found = neo.Segment(f_start=0 * pq.Hz, f_stop=20 * pq.Hz)
    for name, x, unit, notes in (
        ("v", v, "mV", {"role": "voltage"}),
        ("stim.i", current, "nA", {"role": "electrode", "positive": "inward"}),
    ):
        one = neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.5 * pq.ms, name=name, **notes)
        found.analogsignals.append(one)
    return protocols.zap(found)


def network_figure(size):
    pytest.importorskip("elephant")
    net = network.Network(
        ["E", "I"],
        [0, 0, 0, 1, 1],
        [0, 1, 2, 0, 1],
        [0, 0, 1, 2, 3],
        [3, 4, 3, 3, 0],
        positions=np.arange(15.0).reshape(5, 3),
    )
    trains = {"E": [[1, 2, 3], []], "I": [[50.0]]}
    spikes = {k: [neo.SpikeTrain(t, units="ms", t_stop=100) for t in v] for k, v in trains.items()}
    return ncs.Figure(
        network_panels.RasterPanel(spikes),
        network_panels.RatesPanel(spikes),
        network_panels.PairTablePanel(network.table(net, "percent bi")),
        network_panels.ConnectionHistogramPanel(net, "E", "I"),
        network_panels.DistancePanel(net, "E", "I"),
        network_panels.PositionsPanel(net),
        size=size,
    )


def steps_of(n=3, **options):
    return [segment(k, amplitude=0.5 * k * pq.nA, condition=f"condition {k}") for k in range(n)]


def plots(make, **options):
    """A function of the size from a function that makes a result, which is made once."""
    make = functools.cache(make)
    return lambda size: make().plot(size=size, **options)


def panel(make, kind, *given):
    make = functools.cache(make)
    return lambda size: ncs.Figure(kind(make(), *given), size=size)


FIGURES = {
    "standard": plots(lambda: ncs.Currentscape(recording())),
    "all panels": plots(lambda: ncs.Currentscape(recording()), panels="all"),
    "spike phases": plots(lambda: ncs.spike_phases(recording(), bins=12)),
    "perturbation": plots(lambda: ncs.perturbation(steps_of(), by="amplitude")),
    "ridges": plots(lambda: ncs.perturbation(steps_of(2), by="amplitude"), ridges=True, shares=False),
    "distances": plots(lambda: ncs.distances([recording(k) for k in range(12)], bins=20)),
    "named distances": plots(
        lambda: ncs.distances(
            [recording(k) for k in range(5)], labels=[f"model {k}, blocked" for k in range(5)], bins=20
        )
    ),
    "sweep": plots(lambda: ncs.sweep(steps_of(5), by="amplitude"), multiples=True),
    "sweep of charges": plots(lambda: ncs.sweep(steps_of(5), by="amplitude"), what="charge"),
    "sweep of names": plots(lambda: ncs.sweep(steps_of(7), by="condition"), multiples=True),
    "average": plots(lambda: ncs.event_average(recording(), before=4 * pq.ms, after=9 * pq.ms, bins=24)),
    "comparison": plots(lambda: ncs.compare(recording(), recording(1), labels=("control", "blocked"))),
    "passive": plots(lambda: protocols.passive(response())),
    "passive of two exponentials": plots(lambda: protocols.passive(response(), method="exp2")),
    "passive of steps": plots(lambda: protocols.passive([response(a) for a in (-0.1, -0.05, -0.02)])),
    "clamp": plots(lambda: protocols.current_clamp(response(0.1, [30, 50]))),
    "FI": plots(
        lambda: protocols.fi([response(a, [30] * round(20 * a - 2)) for a in (0.1, 0.15, 0.2, 0.3)])
    ),
    "zap": plots(chirped),
    "IV": plots(lambda: protocols.iv(family(), peak="largest")),
    "inactivation": plots(lambda: protocols.inactivation(family_with_tails(test=True))),
    "tails": plots(lambda: protocols.tails(family_with_tails())),
    "leak": plots(lambda: protocols.subtract_leak(family(leak=2.0), between=(-90 * pq.mV, -45 * pq.mV))),
    "series": plots(lambda: protocols.series_resistance(family(), 5 * pq.MOhm)),
    "subtraction": plots(lambda: protocols.subtract(family(leak=2.0), family())),
    "attribution": plots(lambda: cell().attribute("soma")),
    "tree": panel(lambda: cell().map("soma"), ncs.TreePanel),
    "tree of averages": panel(lambda: cell().map("soma"), ncs.TreePanel, "outward"),
    "field": plots(lambda: split_field(cell(), np.full((2, 4), 0.02))),
    "summary": plots(lambda: ncs.summarise([recording(k) for k in range(3)], bins=20)),
    "excitation": plots(lambda: ncs.excitation_inhibition(population_of(6))),
    "network": network_figure,
}


def drawn_texts(figure, monkeypatch):
    """Every text that is drawn, with its corners, and the renderer's page in pixels."""
    canvas, found = FigureCanvasAgg(figure), {}
    canvas.draw()
    draw = Text.draw

    def spy(self, renderer):
        if self.get_visible() and self.get_text().strip():
            found[id(self)] = self.get_text(), corners(self, renderer)
        draw(self, renderer)

    with monkeypatch.context() as patched:
        patched.setattr(Text, "draw", spy)
        canvas.draw()
    return list(found.values())


def corners(text, renderer):
    """The corners of the box of a text, which may be turned."""
    box = Text.get_window_extent(text, renderer)
    angle = np.radians(text.get_rotation())
    middle = np.array([box.x0 + box.x1, box.y0 + box.y1]) / 2
    across, up = np.abs([np.cos(angle), np.sin(angle)])
    width, height = box.width, box.height
    if across > 1e-9 and up > 1e-9:
        # The box around a turned one of sides a and b has the sides a c + b s and a s + b c.
        width, height = np.linalg.solve([[across, up], [up, across]], [box.width, box.height])
    elif up > 0.5:
        width, height = height, width
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width / 2, height / 2]
    return half @ turn.T + middle


def overlap(a, b):
    """How deep two boxes lie in each other, in pixels; 0 and less where a line parts them."""
    depths = []
    for box in (a, b):
        for edge in (box[1] - box[0], box[2] - box[1]):
            along = edge / max(np.hypot(*edge), 1e-12)
            one, two = a @ along, b @ along
            depths.append(min(one.max(), two.max()) - max(one.min(), two.min()))
    return min(depths)


def test_boxes_that_are_turned():
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    diamond = np.array([[0, -1], [1, 0], [0, 1], [-1, 0]], float)
    assert overlap(square, square + 0.75) == pytest.approx(0.25)
    assert overlap(square + 0.6, diamond) < 0 < overlap(square + 0.4, diamond)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_on_another_nor_outside_of_the_page(name, size, monkeypatch):
    figure = FIGURES[name](size).fig
    texts = drawn_texts(figure, monkeypatch)
    point = figure.dpi / 72
    on_another = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(texts, 2)
        if overlap(a, b) > TOUCHES * point
    ]
    assert not on_another
    page = figure.bbox.size
    outside = [
        words
        for words, box in texts
        if (box < -TOUCHES * point).any() or (box > page + TOUCHES * point).any()
    ]
    assert not outside


def neighbours_apart(axis):
    """The least gap between the numbers along an axis, in units of their text; inf for one or none."""
    low, high = sorted(axis.get_view_interval())
    ticks = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    shown = [label for label in ticks if label.get_visible() and label.get_text()]
    along = "x" if axis.axis_name == "x" else "y"
    boxes = sorted(
        (label.get_window_extent() for label in shown), key=lambda box: getattr(box, f"{along}0")
    )
    gaps = [getattr(b, f"{along}0") - getattr(a, f"{along}1") for a, b in itertools.pairwise(boxes)]
    size = shown[0].get_fontsize() * axis.axes.figure.dpi / 72 if shown else 1.0
    return min(gaps, default=np.inf) / size


@pytest.mark.parametrize("name", ["passive", "FI", "clamp", "zap", "IV", "sweep", "spike phases"])
def test_numbers_along_an_axis_are_apart(name):
    figure = FIGURES[name]("column").fig
    FigureCanvasAgg(figure).draw()
    for axes in figure.axes:
        if axes.get_visible() and axes.axison:
            assert neighbours_apart(axes.xaxis) >= 0.3


STYLES = ["classic", "fivethirtyeight", "ggplot", "seaborn-v0_8-poster", "grayscale", "Solarize_Light2"]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["standard", "average", "comparison"])
def test_styles_of_matplotlib_fit_a_column(name, style, monkeypatch):
    with matplotlib.style.context(style):
        test_no_text_on_another_nor_outside_of_the_page(name, "column", monkeypatch)


@pytest.mark.parametrize("size", [8, 12, 14])
def test_panels_keep_half_of_a_column_beside_large_text(size, monkeypatch):
    with matplotlib.rc_context({"font.size": size}):
        figure = FIGURES["standard"]("column")
    FigureCanvasAgg(figure.fig).draw()
    assert figure.axes[0].yaxis.label.get_fontsize() == size
    assert figure.axes[2].get_window_extent().width >= 0.4 * figure.fig.bbox.width
