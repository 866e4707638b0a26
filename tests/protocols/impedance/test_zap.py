"""Impedance against closed forms."""

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import protocols
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    SignalError,
    UnknownNameError,
)

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


@pytest.mark.parametrize("off", [2.0, -2.0])
def test_what_is_left_of_settling_is_no_resonance(segment_of, off):
    v, i = chirped(RLC, dt=0.1, onset=300.0)
    told = {"f_start": 0 * pq.Hz, "f_stop": 20 * pq.Hz}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        settled = protocols.zap(segment_of(v, dt=0.1, current=i, **told))
    drift = off * np.exp(-np.arange(len(v)) * 0.1 / 700.0)
    with pytest.warns(CurrentscapeWarning, match=r"had still 1.* mV to settle .*onset=") as given:
        found = protocols.zap(segment_of(v + drift, dt=0.1, current=i, **told))
    # 2 exp(-300/700) = 1.3 mV is what is left.
    said = float(str(given[0].message).split()[4])
    assert said == pytest.approx(1.3, abs=0.1)
    assert "an exponential of 700 ms was taken out" in str(given[0].message)
    assert found.is_resonant and found.low_bins.start > 0
    assert found.magnitude.magnitude == pytest.approx(settled.magnitude.magnitude, rel=1e-3)
    assert float(found.resonance) == float(settled.resonance)


TOLD = {"f_start": 0 * pq.Hz, "f_stop": 20 * pq.Hz}


def test_a_drift_is_taken_out_of_noise_too(segment_of):
    v, i = chirped(RLC, dt=0.1, onset=300.0)
    drift = -6 * np.exp(-np.arange(len(v)) * 0.1 / 1500.0)
    noise = 0.2 * np.random.default_rng(0).normal(size=len(v))
    settled = protocols.zap(segment_of(v, dt=0.1, current=i, **TOLD))
    with pytest.warns(CurrentscapeWarning, match="was taken out of it"):
        found = protocols.zap(segment_of(v + drift + noise, dt=0.1, current=i, **TOLD))
    low = (settled.frequencies > 0.5 * pq.Hz) & (settled.frequencies < 3 * pq.Hz)
    assert found.magnitude.magnitude[low] == pytest.approx(settled.magnitude.magnitude[low], rel=0.2)
    assert found.is_resonant
    off = abs(float(found.resonance) - float(settled.resonance))
    assert off < 2 * float(found.resonance_error) < 4
    assert "±" in str(found) and set(found.errors) == {"resonance", "peak_impedance", "q"}


def test_what_was_settled_before_the_chirp_is_left_out_of_the_whole(segment_of):
    v, i = chirped(RC, dt=0.1, onset=500.0)
    early = 4 * np.exp(-np.arange(len(v)) * 0.1 / 90.0)
    found = protocols.zap(segment_of(v + early, dt=0.1, current=i, **TOLD), whole=True)
    z = 1 / np.abs(admittance(found.frequencies.magnitude, RC))
    assert found.magnitude.magnitude == pytest.approx(z, rel=0.01) and not found.is_resonant


def test_another_drift_is_refused(segment_of):
    v, i = chirped(RC, dt=0.1, onset=500.0)
    t = np.arange(len(v)) * 0.1
    bent = v + 3 * np.sin(2 * np.pi * t / 700.0)
    with pytest.raises(SignalError, match=r"to settle when the chirp began.*no exponential.*onset="):
        protocols.zap(segment_of(bent, dt=0.1, current=i, **TOLD))


@pytest.mark.parametrize("seed", range(5))
def test_no_resonance_is_made_of_noise(segment_of, seed):
    v, i = chirped(RC, dt=0.2, duration=4000.0)
    noise = 2.0 * np.random.default_rng(seed).normal(size=len(v))
    found = protocols.zap(segment_of(v + noise, dt=0.2, current=i, **TOLD))
    assert not found.is_resonant and found.q_error > 0
    assert "no resonance" in str(found)


def test_sweeps_of_one_chirp_are_averaged(segment_of):
    v, i = chirped(RLC, dt=0.2, duration=4000.0)
    rng = np.random.default_rng(0)

    def sweep(scale=1.0):
        return segment_of(v + rng.normal(size=len(v)), dt=0.2, current=scale * i, **TOLD)

    one = protocols.zap(sweep(), whole=True)
    many = protocols.zap([sweep() for _ in range(9)], whole=True)
    assert many.sweeps == 9 and many.is_resonant
    middle = (many.frequencies > 2 * pq.Hz) & (many.frequencies < 19 * pq.Hz)
    z = 1 / np.abs(admittance(many.frequencies.magnitude, RLC))[middle]
    off = [np.std(found.magnitude.magnitude[middle] / z) for found in (one, many)]
    assert off[1] < 0.6 * off[0]
    with pytest.raises(SignalError, match="Sweep 1 of zap holds another current than sweep 0"):
        protocols.zap([sweep(), sweep(2.0)])


@pytest.mark.parametrize("whole", [False, True])
def test_frequencies_of_which_few_cycles_were_injected_are_not_eligible(segment_of, whole):
    v, i = chirped(RC, dt=0.1)
    v = v + 30 * np.exp(-np.arange(len(v)) * 0.1 / 3000)
    segment = segment_of(v, dt=0.1, current=i, f_start=0 * pq.Hz, f_stop=20 * pq.Hz)
    with pytest.warns(CurrentscapeWarning, match="to settle"):
        found = protocols.zap(segment, whole=whole)
    seconds = (found._uniform[0][-1] - found._uniform[0][0]) * 1e-3
    assert float(found.resonance) >= 3 / seconds
    assert float(found.frequencies[found.magnitude.argmax()]) < 3 / seconds


def test_admittances_add_up_also_with_what_flows_to_a_neighbour():
    # Two compartments by Euler's method: C v' = stim - leak - axial outflow. Y_leak + Y_C + Y_axial = 1/Z.
    dt, n, c, leak, joint = 0.05, 80000, 0.08, 0.004, 0.02
    t = np.arange(n) * dt
    inside = (t > 150) & (t < 3650)
    drive = np.where(
        inside, protocols.chirp(np.where(inside, t - 150, 0), 0.04, 0.0, 25.0, 3500.0, "linear"), 0.0
    )
    v, other = np.full(n, -70.0), np.full(n, -70.0)
    for k in range(n - 1):
        inflow = joint * (other[k] - v[k])
        v[k + 1] = v[k] + dt / c * (drive[k] + inflow - leak * (v[k] + 70))
        other[k + 1] = other[k] + dt / (3 * c) * (-inflow - 2 * leak * (other[k] + 70))
    parts = {
        "v": (v, "mV", {"role": "voltage"}),
        "leak": (leak * (v + 70), "nA", {"role": "current", "positive": "outward"}),
        "i_cap": (c * np.gradient(v, dt), "nA", {"role": "capacitive", "positive": "outward"}),
        "inflow": (joint * (other - v), "nA", {"role": "axial", "positive": "inward"}),
        "stim": (drive, "nA", {"role": "electrode", "positive": "inward"}),
    }
    segment = neo.Segment()
    segment.analogsignals.extend(
        [
            neo.AnalogSignal(x[:, None], units=unit, sampling_period=dt * pq.ms, name=name, **notes)
            for name, (x, unit, notes) in parts.items()
        ]
    )
    found = protocols.zap(segment, whole=True, f_start=0 * pq.Hz, f_stop=25 * pq.Hz)
    names, values = found.admittances(ncs.Recording.from_segment(segment))
    assert names == ["leak", "capacitive", "axial"]
    total = 1 / found.impedance.magnitude
    assert np.abs(values.sum(axis=1) - total).max() < 0.01 * np.abs(total).max()
    # What flows out along the cable is a loss: the real part of its admittance is that of the neighbour.
    far = 2 * leak + 2j * np.pi * found.frequencies.magnitude * 1e-3 * 3 * c
    assert np.abs(values[:, 2] - 1 / (1 / joint + 1 / far)).max() < 0.01 * joint
    assert (values[:, 2].real > 0).all()
