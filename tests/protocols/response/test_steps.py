"""Steps found in commands and in measured currents, whatever their noise and their name."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import CurrentscapeWarning, SelectionError, SignalError
from neo_currentscape.protocols.response.levels import levels_of, roughness

signal = pytest.importorskip("scipy.signal")


def noise(kind, n, rng):
    """Of unit variance: white, of 1/f power, or as an amplifier's filter leaves it."""
    x = rng.normal(size=n)
    if kind == "pink":
        f = np.fft.rfftfreq(n)
        x = np.fft.irfft(np.fft.rfft(x)[1:] / np.sqrt(f[1:]), n)
    if kind == "filtered":
        x = signal.lfilter(*signal.butter(4, 0.2), x)
    return x / x.std()


def measured(part, kind="white", seed=0, onset=120.0, stop=420.0, peak=-80.0):
    """Voltage (mV) and measured current (nA) of a membrane of 150 Mohm and 15 ms."""
    rng, t = np.random.default_rng(seed), np.arange(0, 600, 0.1)
    since = np.clip(t - onset, 0, stop - onset)
    v = -70 - 0.15 * peak * np.expm1(-since / 15)
    v = v + 0.15 * peak * (np.expm1(-np.clip(t - stop, 0, None) / 15))
    on = (t > onset) & (t <= stop)
    return v, 1e-3 * (peak * on + part * abs(peak) * noise(kind, len(t), rng))


@pytest.mark.parametrize("kind", ["white", "pink", "filtered"])
@pytest.mark.parametrize("part", [1e-4, 0.01, 0.05])
def test_a_measured_step_is_found(segment_of, kind, part):
    for seed in range(3):
        v, i = measured(part, kind, seed)
        found = protocols.passive(segment_of(v, current=i))
        assert float(found.onset) == pytest.approx(120, abs=0.5)
        assert float(found.trace.times[found.step.final]) == pytest.approx(420, abs=0.5)
        assert float(found.amplitude) == pytest.approx(-0.08, rel=max(1e-4, part))
        assert float(found.r_in) == pytest.approx(150, rel=max(1e-3, part))
        told = {"onset": 120 * pq.ms, "duration": 300 * pq.ms}
        assert float(protocols.passive(segment_of(v, current=i), **told).r_in) == pytest.approx(
            150, rel=max(1e-3, part)
        )


def test_a_step_as_small_as_its_noise_has_its_error(segment_of):
    found = [
        protocols.current_clamp(
            segment_of(*measured(0.3, seed=seed)[:1], current=measured(0.3, seed=seed)[1])
        )
        for seed in range(40)
    ]
    off = np.array([(float(one.amplitude) + 0.08) / one.step.error for one in found])
    assert 0.6 < off.std() < 1.6 and abs(off.mean()) < 0.6


@pytest.mark.parametrize("part", [0.0, 0.01])
def test_one_of_several_steps_is_chosen(segment_of, part):
    v, i = measured(part)
    t = np.arange(len(v)) * 0.1
    segment = segment_of(v, current=i + 0.03 * (t > 500))
    with pytest.raises(SignalError, match=r"2 steps \(-(80|79\.9).* pA from 1.*onset=1.*duration="):
        protocols.passive(segment)
    for window in (
        {"onset": 120 * pq.ms},
        {"duration": 300 * pq.ms},
        {"onset": 120 * pq.ms, "duration": 300 * pq.ms},
    ):
        assert float(protocols.passive(segment, **window).amplitude) == pytest.approx(-0.08, rel=2e-3)
    late = protocols.passive(segment, onset=500 * pq.ms, duration=90 * pq.ms)
    assert float(late.amplitude) == pytest.approx(0.03, rel=0.01)
    with pytest.raises(SignalError, match=r"between the onset and the end that were told: it changes at 4"):
        protocols.passive(segment, onset=120 * pq.ms, duration=350 * pq.ms)


@pytest.mark.parametrize("part", [0.0, 0.02])
def test_what_is_no_step(segment_of, part):
    v, i = measured(part)
    t = np.arange(len(v)) * 0.1
    rest = noise("white", len(t), np.random.default_rng(1)) * part * 0.08
    for other in (0.08 * t / t[-1], 0.08 * np.sin(t / 30) * (t > 100), -0.08 * np.exp(-t / 90) * (t > 100)):
        with pytest.raises(SignalError, match="so it is no step"):
            protocols.passive(segment_of(v, current=other + rest))


@pytest.mark.parametrize("name", ["Iinj", "Cmd 0", "I_Com", "IN 1", "Current 1"])
def test_no_name_turns_an_electrode_current(segment_of, name):
    v, i = measured(0.0)
    segment = segment_of(v)
    segment.analogsignals.append(
        neo.AnalogSignal(1e3 * i[:, None], units="pA", sampling_period=0.1 * pq.ms, name=name)
    )
    assert float(protocols.passive(segment, electrode=name).r_in) == pytest.approx(150, rel=1e-3)
    assert float(protocols.fi([segment], electrode=name).amplitudes[0]) == pytest.approx(-0.08)
    segment.analogsignals[1].annotate(positive="outward")
    with pytest.warns(CurrentscapeWarning, match=r"negative \(-150 Mohm\): the voltage goes down.*onset="):
        assert float(protocols.passive(segment, electrode=name).amplitude) == pytest.approx(0.08)


def test_a_name_that_no_signal_has_is_told_where_the_step_is_given_as_well(segment_of):
    v, i = measured(0.0)
    segment = segment_of(v, current=i)
    step = {"amplitude": -80 * pq.pA, "onset": 120 * pq.ms, "duration": 300 * pq.ms}
    assert float(protocols.passive(segment, **step).r_in) == pytest.approx(150, rel=1e-3)
    with pytest.raises(SelectionError, match="'Iinjj'"):
        protocols.passive(segment, electrode="Iinjj", **step)


def test_features_do_not_depend_on_when_the_sweep_begins():
    pytest.importorskip("efel")
    t = np.arange(0, 900, 0.1)
    v = -70 + 4 * np.exp(-t / 50) + 12 * (1 - np.exp(-np.clip(t - 250, 0, None) / 20))
    v = v + 90 * np.exp(-(((t - 400) / 0.7) ** 2))
    names = [
        "voltage_base",
        "ohmic_input_resistance_vb_ssse",
        "AHP_depth",
        "peak_time",
        "time_to_first_spike",
    ]
    found = []
    for start in (0.0, 27000.0):
        segment = neo.Segment(amplitude=0.1 * pq.nA, onset=(start + 250) * pq.ms, duration=500 * pq.ms)
        segment.analogsignals.append(
            neo.AnalogSignal(
                v[:, None], units="mV", sampling_period=0.1 * pq.ms, t_start=start * pq.ms, name="Vm"
            )
        )
        found.append(protocols.features(segment, names))
    for name in names:
        late = 27000 if name == "peak_time" else 0
        assert found[1][name].magnitude == pytest.approx(found[0][name].magnitude + late, rel=1e-9), name
    assert float(found[0]["peak_time"][0]) == pytest.approx(400, abs=0.1)


@pytest.mark.parametrize("kind", ["white", "filtered"])
def test_noise_is_told_from_what_moves_slowly(kind):
    t = np.arange(0, 500, 0.1)
    rng = np.random.default_rng(3)
    for size in (0.01, 1.0):
        x = 20 * np.exp(-t / 60) + np.sin(t / 30) + size * noise(kind, len(t), rng)
        assert roughness(x) == pytest.approx(size, rel=0.2)
    assert roughness(20 * np.exp(-t / 60)) == 0 and roughness(np.sin(t / 5)) == 0
    assert roughness(np.float32(20 * np.exp(-t / 60)).astype(float)) < 1e-5


def test_levels_without_noise_are_exact():
    found = levels_of(np.repeat([0.0, 0.1, -0.2, 0.0], [5, 3, 4, 8]))
    assert [(one.start, one.stop, one.value, one.error) for one in found] == [
        (0, 5, 0.0, 0.0),
        (5, 8, 0.1, 0.0),
        (8, 12, -0.2, 0.0),
        (12, 20, 0.0, 0.0),
    ]


def test_the_error_of_an_amplitude_knows_that_noise_wanders(segment_of):
    off = []
    for seed in range(40):
        v, i = measured(0.02, "pink", seed)
        found = protocols.current_clamp(segment_of(v, current=i))
        off.append((float(found.amplitude) + 0.08) / found.step.error)
    assert 0.4 < np.std(off) < 2.0


@pytest.mark.parametrize("dt", [0.025, 0.1, 0.5])
def test_a_cell_that_rings_is_not_noisy_and_filtered_noise_is(dt):
    from scipy.signal import bessel, lfilter

    t = np.arange(0, 400, dt)
    ringing = -65 + 3 * np.exp(-t / 40) * np.cos(2 * np.pi * t / 15)
    assert roughness(ringing) == 0.0
    white = np.random.default_rng(0).standard_normal(len(t))
    filtered = lfilter(*bessel(4, min(0.8, 2 * dt)), white)
    assert roughness(-65 + 0.2 * filtered / filtered.std()) == pytest.approx(0.16, abs=0.04)
    assert roughness(ringing + 0.05 * white) == pytest.approx(0.05, rel=0.2)
