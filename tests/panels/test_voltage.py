import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def test_line_is_the_voltage(make_recording, axes):
    recording = make_recording(2)
    (line,) = ncs.VoltagePanel(recording).plot(axes)
    np.testing.assert_array_equal(line.get_ydata(), recording.voltage.magnitude[:, 0])
    np.testing.assert_allclose(line.get_xdata(), np.arange(400) * 0.1)
    assert axes.get_ylabel() == "Voltage\n(mV)"


def test_unit_of_the_data(make_recording, axes):
    recording = make_recording(2)
    volts = neo.AnalogSignal(recording.voltage.magnitude / 1000, units="V", sampling_period=0.1 * pq.ms)
    ncs.VoltagePanel(ncs.Recording(recording.currents, voltage=volts)).plot(axes)
    assert axes.get_ylabel() == "Voltage\n(V)"
    assert axes.get_ylim()[1] < 1


@pytest.mark.parametrize("at", [0, 12_345, 99_999])
def test_a_spike_of_one_sample_is_drawn(at, axes):
    voltage = np.full((100_000, 1), -65.0)
    voltage[at] = 40.0
    currents = neo.AnalogSignal(
        np.ones((100_000, 1)), units="nA", sampling_period=0.01 * pq.ms, array_annotations={"name": ["a"]}
    )
    signal = neo.AnalogSignal(voltage, units="mV", sampling_period=0.01 * pq.ms)
    (line,) = ncs.VoltagePanel(ncs.Recording(currents, voltage=signal)).plot(axes)
    x, y = line.get_data()
    assert y.max() == 40
    assert x[np.argmax(y)] == pytest.approx(at * 0.01, abs=1000 / 1800)


def test_levels(make_recording, axes):
    artists = ncs.VoltagePanel(make_recording(2), levels=[-50, 0], level_line={"color": "red"}).plot(axes)
    assert [line.get_ydata()[0] for line in artists[1:]] == [-50, 0]
    assert {line.get_color() for line in artists[1:]} == {"red"}


def test_switched_off_and_restyled(make_recording, axes):
    assert ncs.VoltagePanel(make_recording(2), line=False).plot(axes) == []
    assert ncs.VoltagePanel(make_recording(2), line=False, levels=[0], level_line=False).plot(axes) == []
    (line,) = ncs.VoltagePanel(make_recording(2), line={"ls": ":", "linewidth": 2}).plot(axes)
    assert (line.get_linestyle(), line.get_linewidth()) == (":", 2)


def test_line_is_thin_in_a_column(make_recording):
    figure = ncs.Figure(ncs.VoltagePanel(make_recording(2)), size="column")
    assert figure.artists[0][0].get_linewidth() < 0.6


def test_a_dark_style_gets_a_light_line(make_recording, axes):
    import matplotlib.style

    with matplotlib.style.context("dark_background"):
        (line,) = ncs.VoltagePanel(make_recording(2)).plot(axes)
    assert line.get_color() == "white"
