"""Numbers of noisy responses: within their standard errors, within a fifth of the truth, or refused."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.protocols.response.noise import is_noisy, noise_of

pytest.importorskip("scipy")

DT = 0.1


def coloured(kind, n, rng):
    """Noise of unit variance in the long run, cut out of a longer one."""
    f = np.fft.rfftfreq(4 * n, DT * 1e-3)
    f[0] = f[1]
    gain = {
        "white": np.ones(len(f)),
        "amplifier": 1 / (1 + 1j * f / 1000) ** 4,
        "membrane": 1 / (1 + 1j * f / 8),
        "pink": 1 / np.sqrt(f),
        "pink and white": 1 + np.sqrt(30 / f),
    }[kind]
    x = np.fft.irfft(np.fft.rfft(rng.normal(size=4 * n)) * gain)
    return (x / x.std())[n : 2 * n]


def noisy(response, segment_of, kind="white", sd=0.5, seed=0, terms=((120.0, 18.0),), **options):
    _, v, _ = response(-0.1, terms, **options)
    rng = np.random.default_rng(seed)
    told = {"onset": 100 * pq.ms, "duration": options.get("duration", 400.0) * pq.ms}
    return segment_of(v + sd * coloured(kind, len(v), rng), amplitude=-0.1 * pq.nA, **told)


@pytest.mark.parametrize("kind", ["white", "amplifier", "membrane", "pink", "pink and white"])
def test_the_input_resistance_is_within_its_standard_error(response, segment_of, kind):
    found = [protocols.passive(noisy(response, segment_of, kind, seed=seed)) for seed in range(80)]
    off = np.array([(float(one.r_in) - 120) / float(one.errors["r_in"]) for one in found])
    # 68 % and 95 % for errors that are known; these are estimated from half a second.
    assert 0.55 < np.mean(np.abs(off) < 1) < 0.95
    assert np.mean(np.abs(off) < 2) > 0.88
    errors = np.array([float(one.errors["r_in"]) for one in found])
    scatter = np.std([float(one.r_in) for one in found])
    # Half a second does not tell noise of 20 ms from a slower one, whose errors are larger.
    assert 0.7 < errors.mean() / scatter < (2.0 if kind == "membrane" else 1.5)


@pytest.mark.parametrize("kind", ["white", "amplifier", "pink", "pink and white"])
@pytest.mark.parametrize("method", ["simple", "exp", "exp2", "membrane"])
def test_time_constants_are_within_a_fifth_or_refused(response, segment_of, kind, method):
    told, off = 0, []
    for seed in range(32):
        sd = (0.1, 0.3, 1.0, 3.0)[seed % 4]
        try:
            tau = protocols.passive(noisy(response, segment_of, kind, sd, seed), method=method).tau
        except SignalError as refused:
            assert "average sweeps" in str(refused)
        else:
            told, off = told + (sd < 0.5), [*off, abs(float(tau) / 18 - 1)]
    assert told >= 15 and np.mean(np.array(off) > 0.2) <= 0.03 and max(off) < 0.5


def test_two_exponentials_where_there_are_two(response, segment_of):
    sag = ((150.0, 12.0), (-50.0, 80.0))
    for seed in range(10):
        segment = noisy(response, segment_of, "amplifier", 0.1, seed, sag, duration=500.0, stop=800.0)
        found = protocols.passive(segment, method="membrane")
        assert abs(float(found.tau) - 12) < 4 * float(found.errors["tau"]) < 4
        assert float(found.tau_by("exp2")) == pytest.approx(80, rel=0.2)
        assert found.sag_norm == pytest.approx(0.1975, abs=0.03)
        assert float(found.t_peak) == pytest.approx(42, abs=6)
        assert "two exponentials" in str(found)


def test_no_sag_is_made_of_noise(response, segment_of):
    found = [protocols.passive(noisy(response, segment_of, sd=0.8, seed=seed)) for seed in range(20)]
    assert max(abs(one.sag_norm) for one in found) < 0.02
    assert all(one.carriers is None for one in found)


def test_the_windows_are_stated_and_chosen(response, segment_of):
    segment = noisy(response, segment_of)
    found = protocols.passive(segment)
    assert found.windows["v_rest"].magnitude == pytest.approx([0, 99.7])
    assert found.windows["v_final"].magnitude == pytest.approx([459.8, 499.7])
    assert "v_rest is the mean from 0 to 99.7 ms, v_final from 459.8 to 499.7 ms" in str(found)
    v = segment.analogsignals[0].magnitude[:, 0]
    assert float(found.v_final) == pytest.approx(v[4598:4998].mean())
    narrow = protocols.passive(segment, window=20 * pq.ms)
    assert float(narrow.v_rest) == pytest.approx(v[798:998].mean())
    assert narrow.errors["v_rest"] > found.errors["v_rest"]
    with pytest.raises(ArgumentError, match="longer than the step"):
        protocols.passive(segment, window=2 * pq.s).r_in  # noqa: B018


def test_without_noise_samples_are_read(response, segment_of):
    _, v, i = response()
    found = protocols.passive(segment_of(v, current=i))
    assert not found.errors and found.windows["v_rest"].magnitude == pytest.approx([100, 100])
    assert "±" not in str(found) and not is_noisy(v)
    assert not is_noisy(np.float32(v).astype(float))


def test_a_refused_time_constant_does_not_hide_the_rest(response, segment_of):
    found = protocols.passive(noisy(response, segment_of, "pink", 4.0, 1), method="exp2")
    with pytest.raises(SignalError, match="tells no time constant by 'exp2', as"):
        found.tau  # noqa: B018
    assert found.to_dict()["tau"] is None and "tells no time constant" in str(found)
    assert float(found.r_in) == pytest.approx(120, abs=4 * float(found.errors["r_in"]))


def test_a_slope_is_no_time_constant(response, segment_of):
    _, v, _ = response(terms=((1.0, 1.0),))
    t = np.arange(len(v)) * DT
    v = v - 0.01 * np.clip(t - 100, 0, 400) + 0.05 * np.random.default_rng(0).normal(size=len(v))
    segment = segment_of(v, amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=400 * pq.ms)
    for method in ("exp", "exp2"):
        with pytest.raises(SignalError, match="as long as the step .399 ms., which is a slope"):
            protocols.passive(segment, method=method).tau  # noqa: B018


def test_a_filtered_noise_is_no_white_one():
    rng = np.random.default_rng(2)
    errors = {
        kind: noise_of(coloured(kind, 6000, rng), 999, 4999) for kind in ("white", "membrane", "pink")
    }
    window = slice(4000, 5000)
    white, membrane, pink = (errors[kind].error((1, window)) for kind in ("white", "membrane", "pink"))
    assert white == pytest.approx(1 / np.sqrt(1000), rel=0.5)
    assert membrane > 8 * white and pink > 4 * white


def test_repeated_noise_is_averaged_among_the_currents(response):
    t, v, _ = response(terms=((150.0, 12.0), (-50.0, 80.0)), duration=400.0)
    rng = np.random.default_rng(1)
    segment = neo.Segment(amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=400 * pq.ms)
    since = np.clip(t - 100, 0, 400)
    values = {"v": (v, "mV", "voltage"), "Ih": (0.03 * np.expm1(-since / 80), "nA", "current")}
    values["leak"] = (0.01 * (v + 65), "nA", "current")
    for name, (x, unit, role) in values.items():
        noise = (0.1 if unit == "mV" else 0.003) * rng.normal(size=len(x))
        segment.analogsignals.append(
            neo.AnalogSignal(
                (x + noise)[:, None], units=unit, sampling_period=DT * pq.ms, name=name, role=role
            )
        )
    carriers = protocols.passive(segment).carriers
    assert carriers.carrier == "Ih"
    assert float(carriers.effect[carriers.names.index("Ih")]) == pytest.approx(
        -0.03 * (np.exp(-42 / 80) - np.exp(-5)) * -1, rel=0.15
    )


def test_an_electrode_that_moves_the_wrong_way_first_makes_no_sag(response, segment_of):
    """What is left of a bridge that was balanced too far is a fast exponential of the other sign."""
    t, v, _ = response(terms=((500.0, 14.0),), stop=700.0)
    late = np.clip(t - 100, 0, None)
    v = v + 3 * np.exp(-late / 0.3) * ((t >= 100) & (t <= 500))
    noise = 0.03 * np.random.default_rng(2).normal(size=len(v))
    told = {"amplitude": -0.1 * pq.nA, "onset": 100 * pq.ms, "duration": 400 * pq.ms}
    found = protocols.passive(segment_of(v + noise, **told))
    assert abs(found.sag_norm) < 0.01 and float(found.v_peak) < float(found.v_rest) - 45


def test_a_sag_that_no_two_exponentials_describe_is_seen_too(response, segment_of):
    t, v, _ = response(terms=((150.0, 12.0),), duration=500.0, stop=800.0)
    # It comes back in a straight line, which is a slope and no exponential.
    v = v + 4 * np.clip((t - 160) / 440, 0, 1) * (t <= 600)
    segment = segment_of(
        v + 0.2 * coloured("pink", len(v), np.random.default_rng(4)),
        amplitude=-0.1 * pq.nA,
        onset=100 * pq.ms,
        duration=500 * pq.ms,
    )
    found = protocols.passive(segment)
    assert abs(float(found.sag) + 4) < 0.8 and found.reading.has_sag
    assert 30 < float(found.t_peak) < 120
