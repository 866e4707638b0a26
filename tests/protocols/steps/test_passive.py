"""Passive properties against closed forms, and against eFEL on the same trace."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.conventions.errors import (
    CurrentscapeWarning,
    SelectionError,
    SignalError,
    UnitsError,
    UnknownNameError,
    UnknownOptionError,
)

pytest.importorskip("scipy")

#: A membrane of 150 Mohm and 12 ms whose h current takes back 50 Mohm with 80 ms.
SAG = ((150.0, 12.0), (-50.0, 80.0))


@pytest.mark.parametrize("amplitude", [-0.1, 0.05])
@pytest.mark.parametrize("method", ["simple", "interpolated", "exp"])
def test_one_exponential(segment_of, response, amplitude, method):
    _, v, i = response(amplitude)
    found = protocols.passive(segment_of(v, current=i), method=method)
    assert float(found.amplitude) == pytest.approx(amplitude)
    assert float(found.v_rest) == -65 and float(found.onset) == pytest.approx(100)
    # After 20 time constants the response is over to 2e-9.
    assert float(found.r_in.rescale("Mohm")) == pytest.approx(100, rel=1e-7)
    late = float(found.tau) - 20
    # "simple" is the first sample that is there: late by less than one interval.
    assert 0 <= late < 0.1 if method == "simple" else abs(late) < 2e-3
    assert found.sag_norm == 0


@pytest.mark.parametrize("amplitude", [-0.1, 0.05])
def test_two_exponentials_with_a_sag(segment_of, response, amplitude):
    t, v, i = response(amplitude, SAG, duration=1000.0, stop=1200.0)
    found = protocols.passive(segment_of(v, current=i), method="membrane")
    assert float(found.tau_by("membrane")) == pytest.approx(12, rel=1e-6)
    # The slower of the two, which bmtool takes, is that of the sag.
    assert float(found.tau_by("exp2")) == pytest.approx(80, rel=1e-6)
    # dv/dt = 0 where 150/12 exp(-t/12) = 50/80 exp(-t/80).
    peak = np.log((150 / 12) / (50 / 80)) / (1 / 12 - 1 / 80)
    assert float(found.t_peak) == pytest.approx(peak, abs=0.05)
    beyond = 150 * -np.expm1(-peak / 12) - 50 * -np.expm1(-peak / 80)
    assert float(found.sag) == pytest.approx(amplitude * (beyond - 100), rel=1e-3)
    assert found.sag_norm == pytest.approx((beyond - 100) / beyond, rel=1e-3)


def test_a_second_exponential_that_is_none_changes_nothing(segment_of, response):
    _, v, i = response()
    for method in ("membrane", "exp2"):
        found = protocols.passive(segment_of(v, current=i), method=method)
        assert float(found.tau) == pytest.approx(20, 1e-3), method
        assert not np.signbit(found.sag_norm)


def test_annotated_told_and_recorded_are_the_same(segment_of, response):
    _, v, i = response(terms=SAG)
    said = {"amplitude": -100 * pq.pA, "onset": 0.1 * pq.s, "duration": 400 * pq.ms}
    recorded = protocols.passive(segment_of(v, current=i))
    annotated = protocols.passive(segment_of(v, **said))
    told = protocols.passive(segment_of(v), **said)
    for name, value in recorded.to_dict().items():
        assert annotated.to_dict()[name] == pytest.approx(value) == told.to_dict()[name], name


def test_a_holding_current_is_not_the_step(segment_of, response):
    _, v, i = response()
    assert float(protocols.passive(segment_of(v, current=i + 0.3)).amplitude) == pytest.approx(-0.1)


def test_outward_positive_injection_is_turned(segment_of, response):
    _, v, i = response()
    segment = segment_of(v, current=-i)
    segment.analogsignals[1].annotate(positive="outward")
    assert float(protocols.passive(segment).amplitude) == pytest.approx(-0.1)


def test_a_current_that_drives_the_next_step(segment_of, response):
    _, v, i = response()
    segment = segment_of(v, current=np.append(i[1:], 0.0))
    segment.analogsignals[0].annotate(derivative="forward")
    found = protocols.passive(segment)
    assert float(found.onset) == pytest.approx(100)
    assert float(found.r_in.rescale("Mohm")) == pytest.approx(100, rel=1e-7)


def test_variable_step(response):
    t, v, _ = response(terms=SAG, duration=1000.0, stop=1200.0)
    keep = np.unique(np.r_[0:990:30, 990:3000, 3000 : len(t) : 3, 11000])
    segment = neo.Segment(amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=1 * pq.s)
    segment.irregularlysampledsignals.append(
        neo.IrregularlySampledSignal(t[keep], v[keep][:, None], units="mV", time_units="ms", name="v")
    )
    found = protocols.passive(segment, method="membrane")
    assert float(found.tau) == pytest.approx(12, rel=1e-6)


def test_the_source_is_not_changed(segment_of, response):
    _, v, i = response()
    segment = segment_of(v, current=i)
    protocols.passive(segment, method="exp2").tau  # noqa: B018
    assert np.array_equal(segment.analogsignals[0].magnitude[:, 0], v) and not segment.annotations


def test_efel_finds_the_same(segment_of, response):
    pytest.importorskip("efel")
    _, v, i = response(terms=SAG, duration=1000.0, stop=1200.0)
    segment = segment_of(v, current=i)
    found, efel = protocols.passive(segment), protocols.features(segment)
    assert float(efel["ohmic_input_resistance_vb_ssse"].rescale("Mohm")[0]) == pytest.approx(
        float(found.r_in.rescale("Mohm")), rel=1e-3
    )
    assert float(efel["sag_amplitude"][0]) == pytest.approx(-float(found.sag), rel=1e-3)
    assert float(efel["sag_ratio1"][0]) == pytest.approx(found.sag_norm, rel=1e-3)
    assert efel["voltage_base"][0] == found.v_rest
    assert efel["time_constant"].dimensionality == pq.ms.dimensionality


def test_efel_keeps_the_caller_s_settings(segment_of, response):
    efel = pytest.importorskip("efel")
    _, v, i = response()
    before = dict(vars(efel.get_settings()))
    protocols.features(segment_of(v, current=i), ["Spikecount"], settings={"Threshold": -50.0})
    assert vars(efel.get_settings()) == before
    with pytest.raises(UnknownNameError, match="did you mean 'sag_amplitude'"):
        protocols.features(segment_of(v, current=i), ["sag_amplitud"])


def test_bad_input_is_named(segment_of, response):
    t, v, i = response()
    with pytest.raises(SelectionError, match=r"no injected current.*segment\.annotate\(amplitude="):
        protocols.passive(segment_of(v))
    with pytest.raises(SelectionError, match="not annotated with onset, duration"):
        protocols.passive(segment_of(v, amplitude=-0.1 * pq.nA))
    with pytest.raises(UnitsError, match="'amplitude' of the segment is -0.1, without units"):
        protocols.passive(segment_of(v, amplitude=-0.1, onset=100 * pq.ms, duration=400 * pq.ms))
    with pytest.raises(SignalError, match="needs a step of current"):
        protocols.passive(segment_of(v, current=0 * i))
    with pytest.raises(SignalError, match="more than one value between 100.1 and 500 ms"):
        protocols.passive(segment_of(v, current=i * np.linspace(1, 2, len(i))))
    with pytest.raises(SignalError, match="begins with the recording"):
        protocols.passive(segment_of(v[1001:], current=i[1001:]))
    with pytest.raises(SignalError, match="lasts longer than the recording"):
        protocols.passive(segment_of(v, amplitude=1 * pq.nA, onset=100 * pq.ms, duration=600 * pq.ms))
    with pytest.raises(SignalError, match="does not reach this cell"):
        protocols.passive(segment_of(0 * v - 65, current=i))
    with pytest.raises(UnknownNameError, match="did you mean 'simple'"):
        protocols.passive(segment_of(v, current=i), method="simpl")
    with pytest.raises(UnknownOptionError, match="did you mean 'amplitude'"):
        protocols.passive(segment_of(v), amplitud=1 * pq.nA)
    with pytest.raises(SelectionError, match="no membrane potential"):
        segment = segment_of(v, current=i)
        segment.analogsignals.remove(segment.analogsignals[0])
        protocols.passive(segment)
    with pytest.raises(SignalError, match="NaN"):
        protocols.passive(segment_of(np.where(t == 50, np.nan, v), current=i))


def test_neurons_are_chosen(response):
    _, v, i = response()
    segment = neo.Segment()
    for name, unit, values in (("v", "mV", v), ("stim.i", "nA", i)):
        both = np.column_stack([values, 2 * values])
        signal = neo.AnalogSignal(
            both,
            units=unit,
            sampling_period=0.1 * pq.ms,
            name=name,
            array_annotations={"channel_index": [4, 2]},
        )
        segment.analogsignals.append(signal)
    assert float(protocols.passive(segment, neuron=2).amplitude) == pytest.approx(-0.2)
    with pytest.raises(SelectionError, match="write neuron=2"):
        protocols.passive(segment)
    with pytest.raises(SelectionError, match="Neuron 3 was not recorded"):
        protocols.passive(segment, neuron=3)


def test_a_voltage_that_goes_the_other_way_has_no_normalised_sag(segment_of):
    t = np.arange(0, 600, 0.1)
    on = (t >= 100) & (t < 400)
    made = segment_of(-65 - 10.0 * on, amplitude=-0.1 * pq.nA, onset=100 * pq.ms, duration=300 * pq.ms)
    with pytest.warns(CurrentscapeWarning, match="resistance is negative"):
        assert np.isnan(protocols.passive(made, method="simple").sag_norm)
