"""What the panels of networks draw."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import network
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    SelectionError,
    UnknownNameError,
)
from neo_currentscape.panels import network as panels


@pytest.fixture
def net():
    places = np.arange(15.0).reshape(5, 3)
    return network.Network(
        ["E", "I"], [0, 0, 0, 1, 1], [0, 1, 2, 0, 1], [0, 0, 1, 2, 3], [3, 4, 3, 3, 0], positions=places
    )


@pytest.fixture
def spikes():
    trains = {"E": [[1, 2, 3], []], "I": [[50.0]]}
    return {name: [neo.SpikeTrain(t, units="ms", t_stop=100) for t in ts] for name, ts in trains.items()}


def test_a_table_as_a_picture(axes, net):
    table = network.table(net, "total")
    image, *numbers = panels.PairTablePanel(table).plot(axes)
    assert np.array_equal(image.get_array(), [[0, 4], [1, 0]])
    assert [text.get_text() for text in numbers] == ["0", "4", "1", "0"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["E", "I"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Target", "Source")
    # Each number is seen on its colour.
    assert numbers[1].get_color() == "black" and numbers[0].get_color() == "white"


def test_a_table_with_nothing_to_say(axes):
    alone = network.Network(["X"], [0], [0], [], [])
    _, number = panels.PairTablePanel(network.table(alone, "percent")).plot(axes)
    assert number.get_text() == "–"


def test_histogram_of_connections(axes, net):
    bars = panels.ConnectionHistogramPanel(net, "E", "I").plot(axes)
    assert [(bar.get_x() + 0.5, bar.get_height()) for bar in bars] == [(1, 1), (2, 0), (3, 1)]
    assert axes.texts[0].get_text() == "mean 2 ± 1.41, median 2"


def test_probability_over_distance(axes, net):
    bars = panels.DistancePanel(net, "E", "I", bins=3).plot(axes)
    # Cells are 3 sqrt(3) um apart from one to the next; both nearest pairs of E and I are one and two away.
    expected = network.probability_by_distance(net, "E", "I", bins=3)[1]
    assert [bar.get_height() for bar in bars] == pytest.approx(np.nan_to_num(expected).tolist())
    assert max(expected) == 1 and axes.get_xlim()[1] == pytest.approx(4 * 3 * np.sqrt(3))


def test_positions(axes, net):
    e, i = panels.PositionsPanel(net, plane="xz").plot(axes)
    assert e.get_xdata().tolist() == [0, 3, 6] and i.get_ydata().tolist() == [11, 14]
    assert e.get_color() != i.get_color()
    with pytest.raises(ArgumentError, match="plane='xx1'"):
        panels.PositionsPanel(net, plane="xx1")


def test_raster_and_rates(axes, spikes):
    e, i = panels.RasterPanel(spikes).plot(axes)
    assert e.get_xdata().tolist() == [1, 2, 3] and e.get_ydata().tolist() == [0, 0, 0]
    assert i.get_ydata().tolist() == [2] and axes.get_ylim() == (-0.5, 2.5)
    other = axes.figure.add_subplot()
    points, bar, *_ = panels.RatesPanel(spikes).plot(other)
    assert points.get_xdata() == pytest.approx([30, 0])
    assert bar.lines[0].get_xdata()[0] == pytest.approx(15)


def test_report(axes, net):
    signal = neo.AnalogSignal(
        np.arange(30.0).reshape(10, 3),
        units="mV",
        sampling_period=1 * pq.ms,
        name="v",
        array_annotations={"channel_index": [4, 0, 2]},
    )
    lines = panels.ReportPanel(signal, cells=[2, 4]).plot(axes)
    assert lines[0].get_ydata().tolist() == list(range(2, 30, 3)) and len(lines) == 2
    assert axes.get_ylabel() == "v\n(mV)"
    with pytest.raises(SelectionError, match="Cell 7 is not in the report"):
        panels.ReportPanel(signal, cells=[7])


def test_one_figure_of_all(net, spikes, leaves_no_trace, tmp_path):
    figure = ncs.Figure(
        panels.RasterPanel(spikes),
        panels.RatesPanel(spikes),
        panels.PairTablePanel(network.table(net, "percent bi")),
        panels.ConnectionHistogramPanel(net, "E", "I", per="source"),
        panels.PositionsPanel(net),
        title="Network",
    )
    figure.save(tmp_path / "n.png", dpi=50)
    assert len(figure.axes) == 5


def test_what_is_wrong_is_named(net):
    with pytest.raises(ArgumentTypeError, match="shows a PairTable, not a Network"):
        panels.PairTablePanel(net)
    with pytest.raises(UnknownNameError, match="Unknown population 'Q'"):
        panels.ConnectionHistogramPanel(net, "E", "Q")
    with pytest.raises(ArgumentTypeError, match="shows a Network"):
        panels.PositionsPanel(3)
    with pytest.raises(ArgumentTypeError, match="shows a Neo signal"):
        panels.ReportPanel(3)
