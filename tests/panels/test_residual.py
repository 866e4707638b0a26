"""The residual panel: what it draws is the residual, and it works in a Figure."""

import dataclasses
import io

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.figure import Figure as MatplotlibFigure

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from neo_currentscape.reduction.shares import Shares

C, G, E = 0.2, 0.01, -65.0  # nF, uS, mV


def recording(n=400, missing=0.02, clamped=None, scale=1.0, units="nA"):
    """A passive membrane that relaxes, with a constant current that was not recorded."""
    t = np.arange(n) * 0.1
    v = E + missing / G + 20 * np.exp(-t * G / C)

    def signal(values, units, name, **notes):
        return neo.AnalogSignal(
            values[:, None], units=units, name=name, sampling_period=0.1 * pq.ms, **notes
        )

    leak = signal(G * (v - E) * scale, units, "leak")
    return ncs.Recording(leak, signal(v, "mV", "v", capacitance=C * pq.nF), clamped=clamped)


@pytest.fixture
def axes():
    return MatplotlibFigure(figsize=(5, 2)).add_subplot()


def line_of(artists):
    (line,) = [a for a in artists if hasattr(a, "get_xydata")]
    return line


def text_of(artists):
    (text,) = [a for a in artists if hasattr(a, "get_text")]
    return text.get_text()


def test_the_line_is_the_residual(axes):
    found = ncs.balance(recording())
    artists = ncs.ResidualPanel(found, scale="linear").plot(axes)
    x, y = line_of(artists).get_xydata().T
    np.testing.assert_allclose(x, np.arange(400) * 0.1)
    np.testing.assert_array_equal(y, found.residual.magnitude[:, 0])
    assert y[200] == pytest.approx(0.02, rel=1e-3)
    assert axes.get_ylabel() == "Residual\n(nA)" and axes.get_xlabel() == "Time (ms)"
    assert axes.get_xlim() == pytest.approx((0, 39.9))


def test_the_logarithmic_one_shows_its_size_below_the_total(axes):
    found = ncs.balance(recording(missing=-0.02))
    artists = ncs.ResidualPanel(found).plot(axes)
    y = line_of(artists).get_ydata()
    np.testing.assert_allclose(y, np.abs(found.residual.magnitude[:, 0]))
    low, high = axes.get_ylim()
    assert axes.get_yscale() == "log" and low < y.min() and high > found.total.magnitude.max()
    assert axes.get_ylabel() == "|Residual|\n(nA)"
    area = artists[0].get_paths()[0].vertices[:, 1]
    assert area.max() == pytest.approx(found.total.magnitude.max())


def test_the_text_is_the_unexplained_part(axes):
    found = ncs.balance(recording())
    panel = ncs.ResidualPanel(found)
    assert text_of(panel.plot(axes)) == f"unexplained {100 * found.unexplained:.2g} %"
    silent = dataclasses.replace(panel, text=False).plot(axes)
    assert not [a for a in silent if hasattr(a, "get_text")]
    (styled,) = [
        a for a in dataclasses.replace(panel, text={"color": "red"}).plot(axes) if hasattr(a, "get_text")
    ]
    assert styled.get_color() == "red"


@pytest.mark.parametrize("wrap", [lambda r: r, ncs.Currentscape, ncs.balance])
def test_it_takes_what_there_is(axes, wrap):
    panel = ncs.ResidualPanel(wrap(recording()))
    assert panel.balance.unexplained == pytest.approx(ncs.balance(recording()).unexplained)
    assert isinstance(panel.scape, Shares)
    assert line_of(panel.plot(axes)).get_ydata()[100] == pytest.approx(0.02, rel=1e-3)


def test_a_capacitance_can_be_given(axes):
    one, other = (ncs.ResidualPanel(recording(), capacitance=c * pq.nF).balance for c in (0.2, 0.4))
    assert other.unexplained > one.unexplained


def test_units_are_those_of_the_data(axes):
    ncs.ResidualPanel(recording(scale=1e3, units="pA")).plot(axes)
    assert axes.get_ylabel() == "|Residual|\n(pA)"


def test_long_recordings_are_reduced_and_keep_their_peaks(axes):
    long = recording(200_000)
    values = long.currents.magnitude.copy()
    values[123_456] += 5
    broken = ncs.Recording(neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms), long.voltage)
    panel = ncs.ResidualPanel(broken, scale="linear", columns=700)
    x, y = line_of(panel.plot(axes)).get_xydata().T
    assert len(y) == 1400
    assert y.max() == pytest.approx(5.02, rel=1e-3)
    assert x[np.argmax(y)] == pytest.approx(12.3456, abs=0.03)  # in s
    panel = ncs.ResidualPanel(broken, columns=700)
    assert line_of(panel.plot(axes)).get_ydata().max() == pytest.approx(5.02, rel=1e-3)


def test_clamped_samples_are_left_blank(axes):
    clamped = np.zeros(400, bool)
    clamped[100:110] = True
    y = line_of(ncs.ResidualPanel(recording(clamped=clamped)).plot(axes)).get_ydata()
    assert np.flatnonzero(np.isnan(y)).tolist() == list(range(99, 111))


@pytest.mark.parametrize("rule, n", [("forward", 399), ("midpoint", 399)])
def test_other_differences_have_fewer_samples(axes, rule, n):
    found = ncs.balance(recording(), derivative=rule)
    x = line_of(ncs.ResidualPanel(found).plot(axes)).get_xdata()
    assert len(x) == n and x[0] == pytest.approx(0.05 if rule == "midpoint" else 0)


def test_in_a_figure_with_others():
    scape = ncs.Currentscape(recording())
    figure = ncs.Figure(
        ncs.VoltagePanel(scape), ncs.ResidualPanel(scape), ncs.ResidualPanel(scape, scale="linear")
    )
    assert [a.get_xlabel() for a in figure.axes] == ["", "", "Time (ms)"]
    assert len({a.get_xlim() for a in figure.axes}) == 1
    file = io.BytesIO()
    figure.save(file, format="png", dpi=60)
    assert file.getvalue().startswith(b"\x89PNG")
    # The figure copies panels to give them one unit of time; the balance is not computed again.
    panel = ncs.ResidualPanel(scape)
    assert dataclasses.replace(panel, time_units="s").balance is panel.balance


def test_every_element_can_be_changed_or_left_out(axes):
    options = {"line": {"color": "blue"}, "total": False, "text": False, "ylabel": False, "ylim": (1e-3, 1)}
    artists = ncs.ResidualPanel(recording(), **options).plot(axes)
    assert len(artists) == 1 and artists[0].get_color() == "blue"
    assert axes.get_ylabel() == "" and axes.get_ylim() == (1e-3, 1)
    artists = ncs.ResidualPanel(recording(), total={"color": "red"}, scale="linear").plot(axes)
    assert artists[0].get_facecolor()[0, :3].tolist() == [1, 0, 0]


def test_a_residual_of_zero_can_be_drawn(axes):
    flat = neo.AnalogSignal(np.zeros((50, 1)), units="nA", sampling_period=1 * pq.ms)
    v = neo.AnalogSignal(np.full((50, 1), -65.0), units="mV", sampling_period=1 * pq.ms)
    ncs.ResidualPanel(ncs.Recording(flat, v), capacitance=1 * pq.nF).plot(axes)
    axes.figure.canvas.draw()


def test_errors_say_what_to_write():
    with pytest.raises(UnknownNameError, match="did you mean 'linear'"):
        ncs.ResidualPanel(recording(), scale="linaer")
    with pytest.raises(ArgumentError, match="logarithmic"):
        ncs.ResidualPanel(recording(), ylim=(-1, 1))
    with pytest.raises(ArgumentTypeError, match="Recording"):
        ncs.ResidualPanel("rec")
    bare = ncs.Recording(
        recording().currents, recording().currents.duplicate_with_new_data(np.zeros((400, 1)), units="mV")
    )
    with pytest.raises(ArgumentError, match="capacitance is not known"):
        ncs.ResidualPanel(bare)
