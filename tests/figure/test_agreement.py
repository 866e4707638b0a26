"""All figures of a recording agree: order of the currents, their looks, and the look of the totals."""

import matplotlib.style
import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

import neo_currentscape as ncs

pytestmark = pytest.mark.filterwarnings("ignore::neo_currentscape.CurrentscapeWarning")

NAMES = ["ina_hh", "ik_hh", "Ih", "leak", "cal", "AMPA", "GABA_A", "foo", "bar", "pump", "A", "M"]

#: Three colours for twelve currents, so that most of them are told apart by hatches and dashes.
FEW = ["#4477AA", "#EE6677", "#228833"]


def recording(seed=3, n=1500):
    """Twelve currents whose charges have another order than their shares in spikes."""
    rng, t = np.random.default_rng(seed), np.arange(n) * 0.1
    spike = np.maximum(np.sin(t / 4), 0) ** 12
    size = rng.permutation(np.geomspace(0.1, 5, len(NAMES)))
    values = size * np.sin(t[:, None] / (7 + np.arange(len(NAMES))) + rng.uniform(0, 6, len(NAMES)))
    values = values + 9 * spike[:, None] * rng.permutation(np.linspace(-1, 1, len(NAMES)))
    notes = {"array_annotations": {"name": np.array(NAMES)}}
    currents = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, **notes)
    voltage = neo.AnalogSignal((-65 + 95 * spike)[:, None], units="mV", sampling_period=0.1 * pq.ms)
    return ncs.Recording(currents, voltage)


def one_step():
    segment = recording().to_segment()
    segment.annotate(dose=1 * pq.uM)
    return [segment]


RESULTS = {
    "standard": lambda **o: ncs.Currentscape(recording()).plot(**o),
    "all": lambda **o: ncs.Currentscape(recording()).plot(panels="all", **o),
    "events": lambda **o: ncs.event_average(recording(), before=3 * pq.ms, after=6 * pq.ms).plot(**o),
    "cycles": lambda **o: ncs.phase_average(recording(), by="spike").plot(**o),
    "phases": lambda **o: ncs.spike_phases(recording(), bins=9).plot(**o),
    "comparison": lambda **o: ncs.compare(recording(), recording(4)).plot(**o),
    "summary": lambda **o: ncs.summarise([recording()], bins=25).plot(**o),
    "sweep": lambda **o: ncs.sweep(one_step(), by="dose").plot(multiples=True, **o),
    "sweep of charges": lambda **o: ncs.sweep(one_step(), by="dose").plot(what="charge", **o),
    "sweep of shares": lambda **o: ncs.sweep(one_step(), by="dose").plot(what="shares", **o),
}


def entries(figure):
    """Names in the legend of a figure, and the handles beside them."""
    legend = figure.legend
    if legend is None:
        legend = next(axes.get_legend() for axes in figure.fig.axes if axes.get_legend() is not None)
    return {
        text.get_text().strip(): handle
        for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True)
    }


def drawn(figure, kind):
    """Artists of a kind by the name of the current that they show, without the direction."""
    found: dict[str, list] = {}
    for axes in figure.fig.axes:
        for artist in axes.findobj(kind):
            name = str(artist.get_label()).removesuffix(" outward").removesuffix(" inward")
            if name in NAMES and not artist.figure.legends.count(artist):
                found.setdefault(name, []).append(artist)
    return found


@pytest.mark.parametrize("palette", [None, FEW, "bright"], ids=str)
@pytest.mark.parametrize("name", list(RESULTS)[1:])
def test_order_and_looks_are_those_of_the_standard_figure(name, palette):
    options = {} if palette is None else {"palette": palette}
    if name == "summary" and palette is not None:
        pytest.skip("its figure takes no palette")
    standard, found = (entries(RESULTS[one](**options)) for one in ("standard", name))
    assert list(found) == list(standard)
    assert len({to_hex(h.get_facecolor()) for h in standard.values()}) <= (3 if palette is FEW else 99)
    for current, handle in found.items():
        if isinstance(handle, Line2D):
            assert to_hex(handle.get_color()) == to_hex(standard[current].get_facecolor())
        else:
            assert handle.get_facecolor() == standard[current].get_facecolor()
            assert handle.get_hatch() == standard[current].get_hatch()


@pytest.mark.parametrize("name", ["all", "events", "comparison", "phases", "sweep"])
def test_areas_have_the_colours_and_hatches_of_the_legend(name):
    standard = entries(RESULTS["standard"](palette=FEW))
    areas = drawn(RESULTS[name](palette=FEW), PolyCollection)
    assert set(areas) == set(NAMES)
    for current, found in areas.items():
        for area in found:
            assert to_hex(area.get_facecolor()[0]) == to_hex(standard[current].get_facecolor())
            assert (area.get_hatch() or "") == (standard[current].get_hatch() or "")


def dashes(line):
    return line.get_color(), line._unscaled_dash_pattern


def test_lines_of_averages_have_the_dashes_of_the_currents():
    wanted = {name: dashes(lines[0]) for name, lines in drawn(RESULTS["all"](palette=FEW), Line2D).items()}
    assert len({str(look) for look in wanted.values()}) == len(NAMES)
    for name in ("events", "comparison"):
        lines = drawn(RESULTS[name](palette=FEW), Line2D)
        assert len(lines) > 6
        for current, found in lines.items():
            assert {str(dashes(line)) for line in found} == {str(wanted[current])}


def totals(figure):
    """Look of each total: of its area, of its outline, whose width goes with the text, and its axis."""
    found = []
    for panel, axes in zip(figure.panels, figure.axes, strict=True):
        if type(panel).__name__ in ("TotalPanel", "AverageTotalPanel"):
            area, line = axes.findobj(PolyCollection)[0], axes.lines[0]
            found.append(
                (
                    to_hex(area.get_facecolor()[0]),
                    area.get_linewidth()[0],
                    to_hex(line.get_color()),
                    line.get_linewidth() / axes.yaxis.label.get_fontsize(),
                    axes.get_yscale(),
                    bool(axes.yaxis_inverted()),
                )
            )
    return found


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("size", ["column", "slide"])
def test_totals_look_alike_in_every_figure(style, size):
    with matplotlib.style.context(style):
        found = {name: totals(RESULTS[name](size=size)) for name in ("standard", "events", "cycles")}
    assert len(found["standard"]) == 2
    for name in ("events", "cycles"):
        for ours, wanted in zip(found[name], found["standard"], strict=True):
            assert ours == pytest.approx(wanted)


def test_what_changed_most_is_on_top_though_the_legend_has_the_order_of_all():
    found = ncs.compare(recording(), recording(4))
    figure = found.plot()
    axes = figure.axes[-1]
    told = [label.get_text() for label in axes.get_yticklabels()]
    assert told == [found.names[k] for k in found.ranking[: len(told)]]
    assert list(entries(figure)) == [found.names[k] for k in found.order()] != told
    by_name = ncs.Figure(*found.plot(order="name").panels[-1:])
    told = [label.get_text() for label in by_name.axes[0].get_yticklabels()]
    assert told == sorted(NAMES)


def test_currents_of_the_second_recording_alone_follow_those_of_the_first():
    first = recording()
    second = ncs.Recording(
        neo.AnalogSignal(
            np.column_stack([np.full(1500, 99.0), np.full(1500, -99.0)]),
            units="nA",
            sampling_period=0.1 * pq.ms,
            array_annotations={"name": np.array(["new", "ina_hh"])},
        )
    )
    found = ncs.compare(first, second)
    scape = ncs.Currentscape(first)
    assert [found.names[k] for k in found.order()] == [*(scape.names[k] for k in scape.ranking), "new"]
