"""What the panels of the protocols draw."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.conventions.errors import ArgumentTypeError, UnknownOptionError
from neo_currentscape.panels import protocols as panels

pytest.importorskip("scipy")

STEP = {"onset": 20 * pq.ms, "duration": 60 * pq.ms}


def segment(amplitude=-0.1, spikes=(), currents=True):
    """A response with a sag, whose h current takes the sag back, and spikes."""
    t = np.arange(1001) * 0.1
    since = np.clip(t - 20, 0, 60)
    v = -65 + amplitude * (150 * -np.expm1(-since / 4) - 50 * -np.expm1(-since / 20))
    v = np.where(t > 80, -65.0, v) + sum(
        (90 * np.exp(-(((t - at) / 0.3) ** 2)) for at in spikes), start=np.zeros(len(t))
    )
    made = neo.Segment(amplitude=amplitude * pq.nA, **STEP)
    values = {"v": (v, "mV", "voltage")}
    if currents:
        values["Ih"] = (-0.05 + amplitude * 0.3 * -np.expm1(-since / 20), "nA", "current")
        values["leak"] = (0.05 + (v + 65) * 0.007, "nA", "current")
    for name, (x, unit, role) in values.items():
        made.analogsignals.append(
            neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.1 * pq.ms, name=name, role=role)
        )
    return made


def test_passive_panel(axes):
    found = protocols.passive(segment(), method="exp2")
    artists = panels.PassivePanel(found).plot(axes)
    line, fit, points = artists[0], artists[1], artists[2]
    assert line.get_ydata() == pytest.approx(found.trace.voltage)
    assert points.get_xdata() == pytest.approx([20, 20 + float(found.t_peak), 80])
    assert points.get_ydata() == pytest.approx(
        [float(x) for x in (found.v_rest, found.v_peak, found.v_final)]
    )
    assert fit.get_ydata() == pytest.approx(found.double(np.asarray(fit.get_xdata()) - 20))
    words = artists[3].get_text().replace("\N{NO-BREAK SPACE}", " ")
    assert f"R in {float(found.r_in):.4g} Mohm" in words
    assert axes.get_ylabel() == "Voltage\n(mV)"


def test_elements_are_switched_off(axes):
    found = protocols.passive(segment(), method="exp")
    artists = panels.PassivePanel(found, mark=False, fit=False, note=False).plot(axes)
    assert len(artists) == 1
    with pytest.raises(UnknownOptionError, match="did you mean 'mark'"):
        panels.PassivePanel(found, mrk=False)


def test_spikes_and_threshold(axes):
    found = protocols.current_clamp(segment(0.1, [30, 50]))
    _, level, marks = panels.ClampPanel(found).plot(axes)
    assert level.get_ydata()[0] == -20
    assert marks.get_xdata() == pytest.approx(found.spike_times.magnitude)


def test_fi_panel(axes):
    found = protocols.fi([segment(a, [30] * (a > 0.15), currents=False) for a in (0.1, 0.2, 0.3)])
    line, mark = panels.FIPanel(found).plot(axes)
    assert line.get_xdata() == pytest.approx([100, 200, 300])
    assert line.get_ydata() == pytest.approx(found.rates.magnitude) and mark.get_xdata()[
        0
    ] == pytest.approx(200)
    assert axes.get_xlabel() == "Amplitude (pA)"


def test_a_cell_that_never_spikes_has_a_readable_axis(axes):
    found = protocols.fi([segment(a, [], currents=False) for a in (0.1, 0.2)])
    panels.FIPanel(found).plot(axes)
    assert axes.get_ylim() == (0, 1)


def test_carriers_panel(axes):
    found = protocols.passive(segment())
    bars = panels.CarriersPanel(found.carriers).plot(axes)
    widths = sorted(bar.get_width() for bar in bars)
    assert widths == pytest.approx(sorted(found.carriers.effect.magnitude))
    assert found.carriers.carrier == "Ih"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Ih", "leak"]


def test_impedance_and_phase(axes):
    t = np.arange(0, 2000, 0.5)
    i = protocols.chirp(np.clip(t - 100, 0, 1500), 0.1, 0, 30, 1500, "linear") * ((t > 100) & (t <= 1600))
    made = neo.Segment(f_start=0 * pq.Hz, f_stop=30 * pq.Hz)
    for name, x, unit, role in (("v", -65 + 50 * i, "mV", "voltage"), ("i", i, "nA", "electrode")):
        made.analogsignals.append(
            neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.5 * pq.ms, name=name, role=role)
        )
    found = protocols.zap(made)
    line, *_ = panels.ImpedancePanel(found).plot(axes)
    assert line.get_ydata() == pytest.approx(50)
    line, *_ = panels.PhasePanel(found, zero_line=False).plot(axes.figure.add_subplot())
    assert line.get_ydata() == pytest.approx(0, abs=1e-6)


def test_long_traces_keep_their_peaks():
    from neo_currentscape.panels.protocols.lines import outline

    v = np.zeros(100_000)
    v[[1234, 77777]] = 5, -3
    x, y = outline(np.arange(100_000.0), v, 500)
    assert len(x) == 1000 and y.max() == 5 and y.min() == -3 and (np.diff(x) >= 0).all()


def test_figure_with_the_currentscape(leaves_no_trace, tmp_path):
    found = protocols.passive(segment(), method="exp2")
    figure = found.plot(title="Passive")
    names = [type(panel).__name__ for panel in figure.panels]
    assert names == [
        "PassivePanel",
        "InjectedPanel",
        "TotalPanel",
        "SharesPanel",
        "TotalPanel",
        "CarriersPanel",
    ]
    assert figure.axes[0].get_xlim() == figure.axes[3].get_xlim()
    figure.save(tmp_path / "x.png", dpi=50)
    bare = protocols.passive(segment(currents=False)).plot()
    assert [type(panel).__name__ for panel in bare.panels] == ["PassivePanel", "InjectedPanel"]


def test_what_is_no_result():
    for kind in (panels.PassivePanel, panels.FIPanel, panels.CarriersPanel):
        words = "shows (the result of a protocol|Carriers), not an int: write"
        with pytest.raises(ArgumentTypeError, match=words):
            kind(3)
    assert ncs.Figure


def recorded(noise=0.3, rebound=True):
    """An early step in a long sweep, with noise and a rebound spike after it."""
    t = np.arange(0, 2000, 0.2)
    since, after = np.clip(t - 100, 0, 300), np.clip(t - 400, 0, None)
    v = -62 - 12 * -np.expm1(-since / 25) + 12 * -np.expm1(-after / 25)
    v = v + noise * np.random.default_rng(0).normal(size=len(t))
    v = v + 95 * np.exp(-(((t - 450) / 0.8) ** 2)) * rebound
    made = neo.Segment(amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=300 * pq.ms)
    made.analogsignals.append(
        neo.AnalogSignal(v[:, None], units="mV", sampling_period=0.2 * pq.ms, name="Vm", role="voltage")
    )
    return made


def test_the_response_fills_the_panel_whatever_follows_it(axes):
    found = protocols.passive(recorded())
    panels.PassivePanel(found).plot(axes)
    low, high = axes.get_ylim()
    assert -78 < low < -74.5 and -62 < high < -58
    (hint,) = [one.get_text() for one in axes.texts]
    assert hint == f"\N{UPWARDS ARROW} {found.trace.voltage.max():.0f} mV"
    axes.clear()
    panels.PassivePanel(found, ylim=(-80, 40)).plot(axes)
    assert axes.get_ylim() == (-80, 40) and not axes.texts


def test_a_voltage_that_goes_on_after_the_step_is_shown_whole(axes):
    made = recorded(noise=0.0, rebound=False)
    made.analogsignals[0][2000:2100] += (
        np.linspace(0, 3, 100)[:, None] * pq.mV
    )  # an overshoot after the step
    panels.PassivePanel(protocols.passive(made)).plot(axes)
    low, high = axes.get_ylim()
    values = made.analogsignals[0].magnitude
    assert low < values.min() and high > values.max() and not axes.texts


def test_what_was_injected_has_the_unit_of_the_currents_beside_it():
    figure = protocols.passive(segment(-0.1)).plot()
    told = [axes.get_ylabel() for axes in figure.axes]
    assert "Injected\n(nA)" in told and not any("(pA)" in one for one in told)


def test_the_numbers_stand_beside_the_trace():
    found = protocols.passive(recorded())
    figure = found.plot()
    figure.fig.canvas.draw()
    axes = figure.axes[0]
    note = axes._left_title
    assert "R in" in note.get_text().replace("\N{NO-BREAK SPACE}", " ")
    box = note.get_window_extent()
    assert box.y0 >= axes.get_window_extent().y1 - 1
    page = figure.fig.bbox
    assert box.x1 <= page.x1 and box.y1 <= page.y1
    assert "±" in note.get_text()


def test_units_of_a_figure_are_alike():
    figure = protocols.fi([segment(a, [30] * (a > 0.15), currents=False) for a in (0.1, 0.2, 0.3)]).plot()
    labels = [axes.get_xlabel() + axes.get_ylabel() for axes in figure.axes]
    assert "Amplitude (pA)" in labels[0] and any("Injected\n(pA)" in label for label in labels)
    injected = panels.InjectedPanel(protocols.passive(segment()), units="nA")
    assert np.abs(injected.values).max() == pytest.approx(0.1)


def test_panels_of_several_sweeps(leaves_no_trace, tmp_path):
    sweeps = [segment(a, [30] * (a > 0.15), currents=False) for a in (-0.2, -0.1, 0.1, 0.2)]
    found = protocols.passive(sweeps)
    figure = found.plot()
    kinds = [type(panel).__name__ for panel in figure.panels]
    assert kinds == ["VoltagesPanel", "CurrentsOfSweepsPanel", "DeflectionsPanel"]
    assert len(figure.axes[0].lines) == 3
    line, points = figure.axes[2].lines
    assert points.get_xdata() == pytest.approx([-200, -100, 100])
    slope = np.diff(line.get_ydata()) / np.diff(line.get_xdata())
    assert slope == pytest.approx(float(found.r_in) * 1e-3)
    figure.save(tmp_path / "x.png", dpi=50)
    assert len(protocols.current_clamp(sweeps).plot().axes[0].lines) == 4
