"""Impedance against closed forms."""

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import ArgumentError, SignalError, UnknownNameError

#: A membrane of 100 Mohm and 0.2 nF, and one with an inductive branch beside it (0.05 uS, 60 ms).
RC, RLC = (0.01, 0.2, 0.0, 60.0), (0.01, 0.2, 0.05, 60.0)


def admittance(f, membrane):
    """Y(f) in uS: leak, capacitance, and a conductance that follows the voltage with a lag."""
    g, c, gh, tau = membrane
    w = 2 * np.pi * np.asarray(f) * 1e-3
    return g + 1j * w * c + gh / (1 + 1j * w * tau)


def chirped(
    membrane, dt=0.05, onset=200.0, duration=8000.0, f_stop=20.0, tail=2000.0, f_start=0.0, kind="linear"
):
    """Voltage and current of a linear membrane, integrated with exact steps of a constant current."""
    linalg = pytest.importorskip("scipy.linalg")
    signal = pytest.importorskip("scipy.signal")
    g, c, gh, tau = membrane
    a = np.array([[-g / c, -gh / c], [1 / tau, -1 / tau]])
    b, n = np.array([[1 / c], [0.0]]), round((onset + duration + tail) / dt)
    t = np.arange(n + 1) * dt
    inside = (t >= onset) & (t <= onset + duration)
    i = np.where(
        inside, protocols.chirp(np.where(inside, t - onset, 0), 0.05, f_start, f_stop, duration, kind), 0.0
    )
    step = linalg.expm(np.block([[a, b], [np.zeros((1, 3))]]) * dt)
    # The current of a sample holds for the step away from it.
    system = (step[:2, :2], step[:2, 2:], np.array([[1.0, 0.0]]), np.zeros((1, 1)), dt)
    v = signal.dlsim(system, i)[1][:, 0]
    return -65 + v, i


@pytest.mark.parametrize("membrane", [RC, RLC])
@pytest.mark.parametrize("whole", [False, True])
def test_impedance_of_a_linear_membrane(segment_of, membrane, whole):
    v, i = chirped(membrane)
    segment = segment_of(v, dt=0.05, current=i, f_start=0 * pq.Hz, f_stop=20 * pq.Hz)
    found = protocols.zap(segment, whole=whole)
    z = 1 / admittance(found.frequencies.magnitude, membrane)
    if whole:  # nothing is cut: exact, but for the steps of the current (half an interval of delay)
        assert found.magnitude.magnitude == pytest.approx(np.abs(z), rel=2e-4)
        assert found.phase.magnitude == pytest.approx(np.degrees(np.angle(z)), abs=0.3)
    else:
        middle = (found.frequencies > 2 * pq.Hz) & (found.frequencies < 19 * pq.Hz)
        assert found.magnitude.magnitude[middle] == pytest.approx(np.abs(z)[middle], rel=0.06)
    assert found.magnitude.dimensionality.simplified == pq.ohm.dimensionality.simplified
    if membrane is RLC:
        fine = np.linspace(0.5, 20, 10000)
        best = fine[np.abs(admittance(fine, membrane)).argmin()]
        assert found.is_resonant
        assert float(found.resonance) == pytest.approx(best, abs=0.15 if whole else 0.5)
        assert found.q > 1.5
    elif whole:
        assert not found.is_resonant and found.carriers is None


def test_exponential_chirp_and_the_band_of_a_recorded_one(segment_of):
    v, i = chirped(RLC, f_start=0.5, kind="exponential")
    found = protocols.zap(
        segment_of(v, dt=0.05, current=i), f_start=0.5 * pq.Hz, f_stop=20 * pq.Hz, whole=True
    )
    z = 1 / admittance(found.frequencies.magnitude, RLC)
    assert found.magnitude.magnitude == pytest.approx(np.abs(z), rel=2e-3)
    v, i = chirped(RLC)
    low, high = protocols.zap(segment_of(v, dt=0.05, current=i)).band
    assert low == pytest.approx(0, abs=0.5) and high == pytest.approx(20, abs=0.5)


def test_frequency_of_a_chirp():
    t = np.arange(0, 1000.0001, 0.01)
    for kind, middle in (("linear", 6.0), ("exponential", np.sqrt(2 * 10))):
        values = protocols.chirp(t, 1.0, 2.0, 10.0, 1000.0, kind)
        phase = np.unwrap(np.angle(np.exp(1j * np.arcsin(np.clip(values, -1, 1)))))
        turns = t[1:][(values[1:] >= 0) & (values[:-1] < 0)]
        rate = np.interp(500.0, (turns[1:] + turns[:-1]) / 2, 1000 / np.diff(turns))
        assert rate == pytest.approx(middle, rel=0.03), (kind, phase[-1])


def test_smoothing_keeps_the_ends(segment_of):
    v, i = chirped(RLC)
    segment = segment_of(v, dt=0.05, current=i, f_start=0 * pq.Hz, f_stop=20 * pq.Hz)
    plain, smooth = protocols.zap(segment, whole=True), protocols.zap(segment, whole=True, smooth=5)
    z = plain.magnitude.magnitude
    assert smooth.magnitude.magnitude[10] == pytest.approx(z[8:13].mean())
    assert smooth.magnitude.magnitude[0] == pytest.approx(z[:3].mean())
    assert smooth.magnitude.magnitude[-1] == pytest.approx(z[-3:].mean())


def test_zap_names_what_is_wrong(segment_of):
    v, i = chirped(RC, duration=500.0, tail=100.0)
    with pytest.raises(SignalError, match="frequency rises"):
        protocols.zap(segment_of(v, dt=0.05, current=0 * i))
    step = np.where(np.arange(len(i)) > 2000, 0.1, 0.0)
    with pytest.raises(SignalError, match=r"a step of 0\.1 nA: use protocols\.passive"):
        protocols.zap(segment_of(v, dt=0.05, current=step))
    with pytest.raises(ArgumentError, match="smooth=0"):
        protocols.zap(segment_of(v, dt=0.05, current=i), smooth=0)
    with pytest.raises(SignalError, match="use protocols.zap"):
        protocols.passive(segment_of(v, dt=0.05, current=i))
    with pytest.raises(SignalError, match="a chirp, not a step"):
        protocols.passive(segment_of(v, dt=0.05, current=i, f_stop=20 * pq.Hz))
    with pytest.raises(UnknownNameError, match="did you mean 'linear'"):
        protocols.zap(segment_of(v, dt=0.05, current=i), chirp="liner")
    with pytest.raises(ArgumentError, match="exponential chirp cannot go from 0"):
        protocols.chirp(np.arange(3.0), 1.0, 0.0, 10.0, 100.0, "exponential")
