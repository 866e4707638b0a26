"""NeuronGroups: units, directions from the equations, and the balance that each method allows."""

import sys

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import brian2 as adapter
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    MissingDependencyError,
    SelectionError,
    SignalError,
    UnknownNameError,
)

pytestmark = pytest.mark.brian2


def _by_name(segment):
    return {signal.name: signal for signal in segment.analogsignals}


def _unbalanced(recording, rule):
    """Largest |C dv/dt + currents - electrode|, as part of the largest total."""
    capacitance = float(recording.voltage.annotations.get("capacitance", 200 * pq.pF).rescale("nF"))
    volts = recording.voltage.magnitude[:, 0]
    net = (recording.currents.magnitude.sum(axis=1)) - recording.electrode.magnitude.sum(axis=1)
    step = 0.5 * (recording.times[2] - recording.times[0]).rescale("ms").magnitude
    if rule == "central":
        residual = capacitance * (volts[2:] - volts[:-2]) / (2 * step) + net[1:-1]
    else:
        residual = capacitance * np.diff(volts) / step + net[:-1]
    return np.abs(residual).max() / np.clip(recording.currents.magnitude, 0, None).sum(axis=1).max()


def test_values_are_converted_and_never_lose_their_unit(b2, point):
    run = point()
    signals = _by_name(adapter.to_segment(run.monitor))
    for name, unit, brian in (
        ("v", "mV", b2.mV),
        ("I_Na", "nA", b2.nA),
        ("I_ext", "nA", b2.nA),
        ("m", "dimensionless", 1),
    ):
        assert signals[name].units == pq.Quantity(1, unit)
        wanted = np.asarray(getattr(run.monitor, name) / brian).T
        np.testing.assert_allclose(signals[name].magnitude, wanted, rtol=1e-15)
        assert signals[name].array_annotations["channel_index"].tolist() == [0, 1]
        assert float(signals[name].t_start) == 0
        assert float(signals[name].sampling_period.rescale("ms")) == pytest.approx(0.025)


def test_an_unusual_dimension_stays_in_si(b2):
    group = b2.NeuronGroup(1, "dx/dt = 1*meter**3/second**2 : meter**3/second")
    monitor = b2.StateMonitor(group, "x", record=True)
    b2.Network(group, monitor).run(1 * b2.ms)
    signal = adapter.to_segment(monitor).analogsignals[0]
    assert signal.units.dimensionality.simplified == (pq.m**3 / pq.s).dimensionality
    np.testing.assert_allclose(signal.magnitude[:, 0], np.arange(10) * 1e-4, rtol=1e-12)


def test_directions_and_capacitance_come_from_the_equations(point):
    run = point()
    signals = _by_name(adapter.to_segment(run.monitor))
    found = {name: (s.annotations["role"], s.annotations.get("positive")) for name, s in signals.items()}
    assert found == {
        "v": ("voltage", None),
        "I_L": ("current", "inward"),
        "I_Na": ("current", "outward"),
        "I_K": ("current", "outward"),
        "I_ext": ("electrode", "inward"),
        "m": ("gate", None),
    }
    assert float(signals["v"].annotations["capacitance"].rescale("pF")) == pytest.approx(200)
    assert signals["v"].annotations["derivative"] == "forward"


def test_eulers_method_balances_to_rounding(point):
    run = point("euler")
    recording = ncs.Recording.from_segment(adapter.to_segment(run.monitor), neuron=1)
    assert np.ptp(recording.voltage.magnitude) > 80
    assert _unbalanced(recording, "forward") < 1e-13
    assert _unbalanced(recording, "central") > 0.1


@pytest.mark.parametrize(
    ("method", "rule", "order"),
    [("rk2", "central", 2), ("rk4", "central", 2)],
)
def test_other_methods_balance_to_their_order(point, method, rule, order):
    missed = []
    for dt in (0.01, 0.0025):
        run = point(method, dt=dt, duration=12.0)
        segment = adapter.to_segment(run.monitor)
        assert _by_name(segment)["v"].annotations["derivative"] == rule
        missed.append(_unbalanced(ncs.Recording.from_segment(segment, neuron=1), rule))
    assert missed[1] < 0.05
    # Four times finer steps: 4 (first order) or 16 times (second order) closer.
    assert 0.6 * 4**order < missed[0] / missed[1] < 1.6 * 4**order


@pytest.mark.parametrize("names", [["m", "n", "h"], []], ids=["with gates", "without gates"])
def test_the_exponential_method_balances_with_means_over_the_step(b2, point, names):
    """Slopes follow from the recorded gates, or from the reversal potentials."""
    run = point("exponential_euler", recorded=["v", "I_L", "I_Na", "I_K", "I_ext", *names])
    recording = ncs.Recording.from_segment(adapter.to_segment(run.monitor), neuron=1)
    assert recording.voltage.annotations["derivative"] == "forward"
    assert np.ptp(recording.voltage.magnitude) > 80
    assert _unbalanced(recording, "forward") < 1e-9
    stored = np.asarray(run.monitor.I_Na[1] / b2.nA)
    moved = recording.currents.magnitude[:, recording.index("I_Na")] - stored
    assert 0.05 < np.abs(moved).max() / np.abs(stored).max() < 0.8


def test_the_exponential_method_of_some_neurons_with_values_of_their_own(b2):
    """A neuron keeps its own capacitance and conductance when others were not recorded."""
    group = b2.NeuronGroup(
        3,
        """dv/dt = (I_a - I_b + I_ext)/C : volt
        I_a = g*(E - v) : amp
        I_b = 4*nS*x*(v + 80*mV) : amp
        dx/dt = (1/(1 + exp((-50*mV - v)/(4*mV))) - x)/(3*ms) : 1
        I_ext : amp
        E : volt
        g : siemens
        C : farad (constant)""",
        method="exponential_euler",
        dt=0.5 * b2.ms,
    )
    group.v, group.C, group.g = -70 * b2.mV, [50, 20, 100] * b2.pF, [1, 5, 2] * b2.nS
    group.E, group.I_ext = [-60, -40, -50] * b2.mV, 0.1 * b2.nA
    monitor = b2.StateMonitor(group, ["v", "I_a", "I_b", "I_ext"], record=[1, 2], dt=0.5 * b2.ms)
    b2.Network(group, monitor).run(40 * b2.ms)
    segment = adapter.to_segment(monitor)
    for neuron, nanofarad in ((1, 0.02), (2, 0.1)):
        recording = ncs.Recording.from_segment(segment, neuron=neuron)
        charging = nanofarad * np.diff(recording.voltage.magnitude[:, 0]) / 0.5
        net = recording.currents.magnitude.sum(axis=1) - recording.electrode.magnitude[:, 0]
        assert np.abs(charging).max() > 0.01
        np.testing.assert_allclose(charging, -net[:-1], rtol=0, atol=1e-11)


def test_the_exponential_method_without_all_currents_leaves_them_as_recorded(b2, point):
    run = point("exponential_euler", duration=12.0, recorded=["v", "I_Na", "I_K", "I_ext"])
    recording = ncs.Recording.from_segment(adapter.to_segment(run.monitor), neuron=1)
    stored = np.asarray(run.monitor.I_Na[1] / b2.nA)
    found = recording.currents.magnitude[:, recording.index("I_Na")]
    np.testing.assert_allclose(found, stored, rtol=1e-12)
    assert "in one StateMonitor" in recording.voltage.annotations["unaligned"]
    assert ncs.balance(recording).diagnosis.kind == "missing"


def test_currents_in_another_monitor_are_first_order(b2):
    group = b2.NeuronGroup(
        1,
        """dv/dt = (I_a + I_b)/(100*pF) : volt
        I_a = 6*nS*(-60*mV - v) : amp
        I_b = 9*nS*s*(10*mV - v) : amp
        ds/dt = (1/(1 + exp(-(v + 52*mV)/(3*mV))) - s)/(9*ms) : 1""",
        method="exponential_euler",
        dt=0.5 * b2.ms,
    )
    group.v, group.s = -75 * b2.mV, 0.9
    one = b2.StateMonitor(group, ["v", "I_a", "I_b"], record=True)
    others = [b2.StateMonitor(group, names, record=True) for names in (["v"], ["I_a", "I_b"])]
    b2.Network(group, one, *others).run(80 * b2.ms)
    whole = ncs.Recording.from_segment(adapter.to_segment(one))
    assert whole.voltage.annotations["resolution"] == 0.5 * pq.ms
    assert ncs.balance(whole).diagnosis.kind == "complete"
    found = ncs.balance(ncs.Recording.from_segment(adapter.to_segment(others)))
    assert found.diagnosis.kind == "first order" and found.unexplained > 1e-3
    assert found.verdict.endswith("to align them")


def test_a_sum_of_recorded_currents_is_not_counted_twice(b2):
    group = b2.NeuronGroup(
        1,
        """dv/dt = (I_ion + w)/(100*pF) : volt
        I_ion = I_a + I_b : amp
        I_a = 1*nS*(-60*mV - v) : amp
        I_b = -2*nS*(v + 80*mV) : amp
        dw/dt = (0.5*nS*(-70*mV - v) - w)/(10*ms) : amp
        unrelated : amp""",
        method="euler",
    )
    monitor = b2.StateMonitor(group, ["v", "I_ion", "I_a", "I_b", "w", "unrelated"], record=True)
    b2.Network(group, monitor).run(2 * b2.ms)
    segment = adapter.to_segment(monitor)
    roles = {name: s.annotations["role"] for name, s in _by_name(segment).items()}
    assert roles["I_ion"] == roles["unrelated"] == "other"
    recording = ncs.Recording.from_segment(segment)
    assert sorted(recording.names) == ["I_a", "I_b", "w"]
    total = -np.asarray(monitor.I_ion + monitor.w)[0] * 1e9
    np.testing.assert_allclose(recording.currents.magnitude.sum(axis=1), total, rtol=0, atol=1e-12)
    only = adapter.to_segment(monitor, variables=["v", "I_ion", "w"])
    assert sorted(ncs.Recording.from_segment(only).names) == ["I_ion", "w"]


def test_values_of_the_caller_are_used(b2):
    capacity = 50 * b2.pF
    group = b2.NeuronGroup(1, "dv/dt = -I/capacity : volt\nI = 1*nS*(v + 60*mV) : amp", method="euler")
    monitor = b2.StateMonitor(group, ["v", "I"], record=True)
    b2.Network(group, monitor).run(1 * b2.ms, namespace={"capacity": capacity})
    signals = _by_name(adapter.to_segment(monitor))
    assert float(signals["v"].annotations["capacitance"].rescale("pF")) == pytest.approx(50)
    assert signals["I"].annotations == {"role": "current", "positive": "outward"}
    unknown = _by_name(adapter.to_segment(monitor, namespace={}))
    assert "capacitance" not in unknown["v"].annotations
    assert unknown["I"].annotations["positive"] == "outward"


def test_a_direction_that_the_equations_leave_open(b2):
    group = b2.NeuronGroup(1, "dv/dt = -I*(a - b)/(1*pF) : volt\nI = 1*nS*(v + 60*mV) : amp\na : 1\nb : 1")
    group.a = group.b = 1
    monitor = b2.StateMonitor(group, ["v", "I"], record=True)
    b2.Network(group, monitor).run(1 * b2.ms)
    with pytest.raises(SelectionError, match=r"do not tell in which direction positive 'I' flows: write"):
        adapter.to_segment(monitor)
    signals = _by_name(adapter.to_segment(monitor, positive={"I": "inward"}))
    assert signals["I"].annotations["positive"] == "inward"


def test_densities_get_an_area(b2):
    group = b2.NeuronGroup(
        1, "dv/dt = -J/(1*uF/cm**2) : volt\nJ = 1*msiemens/cm**2*(v + 60*mV) : amp/meter**2", method="euler"
    )
    monitor = b2.StateMonitor(group, ["v", "J"], record=True)
    b2.Network(group, monitor).run(1 * b2.ms)
    segment = adapter.to_segment(monitor, area=1000 * b2.um**2)
    signals = _by_name(segment)
    assert signals["J"].units == pq.mA / pq.cm**2
    assert float(signals["J"].magnitude[0, 0]) == pytest.approx(0.06)
    assert float(signals["J"].annotations["area"].rescale("um**2")) == pytest.approx(1000)
    assert float(signals["v"].annotations["capacitance"].rescale("uF/cm**2")) == pytest.approx(1)
    currents = ncs.Recording.from_segment(segment, area=1000 * pq.um**2).currents
    assert float(currents.rescale("nA").magnitude[0, 0]) == pytest.approx(0.6)


def test_clamped_times_are_where_the_voltage_leaves_the_equation(b2):
    group = b2.NeuronGroup(
        2,
        "dv/dt = (I_L + I)/(100*pF) : volt (unless refractory)\nI_L = 5*nS*(-70*mV - v) : amp\nI : amp",
        threshold="v > -50*mV",
        reset="v = -60*mV",
        refractory=2 * b2.ms,
        method="euler",
    )
    group.v, group.I = -70 * b2.mV, np.array([0.0, 0.2]) * b2.nA
    monitor, spikes = b2.StateMonitor(group, ["v", "I_L", "I"], record=True), b2.SpikeMonitor(group)
    b2.Network(group, monitor, spikes).run(60 * b2.ms)
    segment = adapter.to_segment(monitor, spikes=spikes)
    recording = ncs.Recording.from_segment(segment, neuron=1)
    volts = recording.voltage.magnitude[:, 0]
    net = recording.currents.magnitude[:, 0] - recording.electrode.magnitude[:, 0]
    residual = np.abs(0.1 * np.diff(volts) / 0.1 + net[:-1])
    (epoch,) = segment.epochs
    assert epoch.name == "clamped" and set(epoch.array_annotations["channel_index"]) == {1}
    inside = recording.clamped[:-1]
    assert 3 < len(epoch) < 10
    assert residual[~inside].max() < 1e-12
    assert residual[inside].min() > 1e-3
    assert segment.spiketrains[0].annotations["channel_index"] == 1
    np.testing.assert_allclose(segment.spiketrains[0].magnitude, np.asarray(spikes.t / b2.ms))


def test_bad_input(b2, point):
    run = point(duration=1.0)
    with pytest.raises(UnknownNameError, match="Unknown recorded variable 'I_Ka': did you mean 'I_K'"):
        adapter.to_segment(run.monitor, variables=["v", "I_Ka"])
    with pytest.raises(UnknownNameError, match="recorded variable 'INa'"):
        adapter.to_segment(run.monitor, positive={"INa": "inward"})
    with pytest.raises(ArgumentTypeError, match="A brian2.StateMonitor is needed, not NeuronGroup"):
        adapter.to_segment(run.group)
    fresh = b2.StateMonitor(run.group, "v", record=True)
    with pytest.raises(SelectionError, match="holds 0 samples: run the simulation first"):
        adapter.to_segment(fresh)
    coarse = b2.StateMonitor(run.group, "v", record=True, dt=0.1 * b2.ms)
    run.network.add(coarse)
    run.network.run(1 * b2.ms)
    with pytest.raises(SignalError, match="different clocks: make a segment of each"):
        adapter.to_segment([run.monitor, coarse])


def test_without_brian2_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "brian2", None)
    monkeypatch.setitem(sys.modules, "brian2.core.namespace", None)
    with pytest.raises(MissingDependencyError, match=r'pip install "neo-currentscape\[brian2\]"'):
        adapter.to_segment(object())


def test_what_no_monitor_recorded_is_refused(point, refuses):
    monitor = point().monitor
    refuses(adapter.to_segment)
    for option, right in (
        ("variables", ("None", "no list", "no tuple", "no dict")),
        ("voltage", ("None",)),
        ("positive", ("None", "no dict")),
        ("role", ("None", "no dict")),
        ("area", ("None",)),
        ("spikes", ("None",)),
        ("namespace", ("None", "no dict", "dict")),
    ):
        refuses(lambda one, option=option: adapter.to_segment(monitor, **{option: one}), *right)
