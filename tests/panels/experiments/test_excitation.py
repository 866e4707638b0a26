"""The panels of excitation and inhibition draw the numbers of their result."""

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownNameError


@pytest.fixture
def segment():
    segment = neo.Segment()
    for name, values in (
        ("exc", [[-4, -1, -2], [-6, -1, -2]]),
        ("inh", [[1, 3, 1], [1, 3, 1]]),
    ):
        signal = neo.AnalogSignal(values, units="pA", sampling_period=1 * pq.ms, name=name, role="current")
        signal.array_annotate(channel_index=[0, 1, 2])
        segment.analogsignals.append(signal)
    return segment


def _has(band, color):
    return to_rgba(band.get_facecolor()[0])[:3] == to_rgba(color)[:3]


def _heights(band):
    vertices = band.get_paths()[0].vertices[:, 1]
    return vertices.min(), vertices.max()


def test_lines_are_the_means_and_bands_the_spread(segment):
    axes = Figure().add_subplot()
    found = ncs.excitation_inhibition(segment)
    artists = ncs.ExcitationInhibitionPanel(found).plot(axes)
    lines = {a.get_label(): a for a in artists if hasattr(a, "get_xdata")}
    assert list(lines) == ["excitatory", "inhibitory", "net"]
    assert lines["net"].get_ydata().tolist() == pytest.approx([-2 / 3, -2 / 3, -4 / 3, -4 / 3])
    assert lines["net"].get_xdata().tolist() == [-0.5, 0.5, 0.5, 1.5]
    inhibitory = next(a for a in artists if not hasattr(a, "get_xdata") and _has(a, "#332288"))
    spread = np.std([1, 3, 1], ddof=1)
    assert _heights(inhibitory) == pytest.approx((5 / 3 - spread, 5 / 3 + spread))
    assert (
        axes.get_ylabel() == "Current, mean\n± SD over neurons\n(pA)" and axes.get_xlabel() == "Time (ms)"
    )


def test_neurons_stand_in_the_order_of_their_net_current(segment):
    axes = Figure().add_subplot()
    panel = ncs.ExcitationInhibitionNeuronsPanel(ncs.excitation_inhibition(segment).cells, band=False)
    excitatory, inhibitory, net = panel.plot(axes)
    assert net.get_ydata()[::2].tolist() == [-4, -1, 2]
    assert excitatory.get_ydata()[::2].tolist() == [-5, -2, -1]
    assert inhibitory.get_ydata()[::2].tolist() == [1, 1, 3]
    assert axes.get_xlim() == (0.5, 3.5) and axes.get_xlabel() == "Neurons by net current"


def test_lags_have_a_line_at_the_event(segment):
    axes = Figure().add_subplot()
    found = ncs.excitation_inhibition(segment, events=[0.5] * pq.ms, before=0.5 * pq.ms, after=0.5 * pq.ms)
    ncs.ExcitationInhibitionPanel(found, zero_line=False, legend=False).plot(axes)
    assert [line.get_xdata() for line in axes.lines][-1] == [0, 0] and len(axes.lines) == 4
    assert axes.get_xlabel() == "Time from event (ms)"


def test_figure_has_one_legend_and_both_axes_labelled(segment):
    figure = ncs.excitation_inhibition(segment).plot()
    assert [axes.get_xlabel() for axes in figure.axes] == ["Time (ms)", "Neurons by net current"]
    assert [t.get_text() for t in figure.legend.get_texts()] == ["excitatory", "inhibitory", "net"]
    assert all(axes.get_legend() is None for axes in figure.axes)
    one = ncs.excitation_inhibition(ncs.Recording.from_segment(segment, neuron=1, voltage=False)).plot(
        palette={"net": "red"}
    )
    assert len(one.axes) == 1
    assert len(ncs.excitation_inhibition(segment).plot(neurons=False).axes) == 1


def test_refusals(segment):
    with pytest.raises(ArgumentTypeError, match="ExcitationInhibitionPanel shows a result of class"):
        ncs.ExcitationInhibitionPanel(segment)
    with pytest.raises(ArgumentTypeError, match=r"excitation_inhibition\(segment\)\.cells"):
        ncs.ExcitationInhibitionNeuronsPanel(ncs.Recording.from_segment(segment, neuron=0, voltage=False))
    with pytest.raises(UnknownNameError):
        ncs.ExcitationInhibitionPanel(ncs.excitation_inhibition(segment), palette={"outward": "red"})
