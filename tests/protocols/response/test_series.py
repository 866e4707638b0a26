"""Several sweeps by one call and by one command: sweep time, repeats, test pulses, mixed clamps."""

import csv
import pickle

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.cli.main import main
from neo_currentscape.conventions.errors import (
    ArgumentError,
    CurrentscapeWarning,
    SelectionError,
    SignalError,
)
from neo_currentscape.protocols.response.saturation import cut_off

pytest.importorskip("scipy")

#: Amplitudes in pA, and spikes that a sweep of each has.
STEPS = {-80.0: 0, -40.0: 0, 0.0: 0, 40.0: 0, 80.0: 3, 120.0: 5}


def sweep(amplitude, number, current="measured", noise=0.1, pulse=0.0, start=600.0, clamp=None):
    """A cell of 125 Mohm and 15 ms under a step from 150 to 450 ms, as one sweep of a file."""
    rng, t = np.random.default_rng(number), np.arange(0, 600, 0.1)
    v = -68 + np.zeros(len(t))
    for size, on, off in ((amplitude, 150, 450), (pulse, 20, 60)):
        v = v - 0.125 * size * np.expm1(-np.clip(t - on, 0, None) / 15)
        v = v + 0.125 * size * np.expm1(-np.clip(t - off, 0, None) / 15)
    for at in np.linspace(180, 430, STEPS.get(amplitude, 0)):
        v = v + 90 * np.exp(-(((t - at) / 0.4) ** 2))
    on = amplitude * ((t > 150) & (t <= 450)) + pulse * ((t > 20) & (t <= 60))
    made = neo.Segment(**({} if clamp is None else {"clamp": clamp}))
    signals = [("Vm", v + noise * rng.normal(size=len(t)), "mV", {})]
    if current:
        noisy = on + (1.5 * rng.normal(size=len(t)) if current == "measured" else 0)
        signals.append(("Iinj", noisy, "pA", {"role": "electrode"}))
    for name, x, unit, notes in signals:
        at = {"t_start": start * number * pq.ms, "sampling_period": 0.1 * pq.ms}
        made.analogsignals.append(neo.AnalogSignal(x[:, None], units=unit, name=name, **at, **notes))
    return made


def block(amplitudes=tuple(STEPS), **options):
    made = neo.Block()
    made.segments.extend([sweep(a, k, **options) for k, a in enumerate(amplitudes)])
    return made


@pytest.mark.parametrize("current", ["measured", "commanded"])
@pytest.mark.parametrize("pulse", [0.0, -15.0])
def test_fi_of_a_block(current, pulse):
    found = protocols.fi(block(current=current, pulse=pulse))
    assert found.amplitudes.rescale("pA").magnitude == pytest.approx(sorted(STEPS), abs=0.5)
    assert found.counts_in_step.tolist() == [0, 0, 0, 0, 3, 5]
    assert found.rates.magnitude == pytest.approx([0, 0, 0, 0, 10, 50 / 3], rel=0.01)
    assert float(found.rheobase) == pytest.approx(0.08, rel=0.01)
    # Each sweep has its own zero of time.
    assert [run.trace.times[0] for run in found.runs] == [0] * 6
    assert found.runs[-1].spike_times.magnitude[0] == pytest.approx(180, abs=1)


def test_repeats_are_averaged():
    found = protocols.fi(block((0.0, 80.0, 120.0, 80.0, 80.0)))
    assert found.repeats.tolist() == [1, 3, 1] and found.counts.tolist() == [0, 3, 5]
    frame = found.to_dataframe()
    assert frame["sweeps"].tolist() == [1, 3, 1] and frame["rate_error"][1] == 0
    assert "mean of 3 sweeps" in str(found)
    with pytest.raises(SignalError, match=r"All of the 3 segments have a step of 0\.0[78].*current_clamp"):
        protocols.fi(block((80.0, 80.0, 80.0)))


def test_onset_counts_within_each_sweep():
    silent = block(current=None)
    amplitudes = np.array(list(STEPS)) * pq.pA
    told = {"onset": 150 * pq.ms, "duration": 300 * pq.ms, "amplitude": amplitudes}
    assert protocols.fi(silent, **told).counts_in_step.tolist() == [0, 0, 0, 0, 3, 5]
    one = protocols.passive(
        silent.segments[1], onset=150 * pq.ms, duration=300 * pq.ms, amplitude=-40 * pq.pA
    )
    assert float(one.r_in) == pytest.approx(125, rel=0.02) and float(one.onset) == pytest.approx(750)
    late = protocols.passive(
        silent.segments[1], onset=750 * pq.ms, duration=300 * pq.ms, amplitude=-40 * pq.pA
    )
    assert float(late.r_in) == float(one.r_in)
    own = protocols.passive(silent.segments[1], **{**told, "amplitude": -40 * pq.pA}, sweep_time=True)
    assert float(own.onset) == pytest.approx(150) and float(own.r_in) == float(one.r_in)
    with pytest.raises(SelectionError, match="amplitude= has 6 values, and there are 5 sweeps"):
        protocols.fi(silent.segments[:5], **told)


def test_passive_of_a_block():
    found = protocols.passive(block(pulse=-15.0))
    assert abs(float(found.r_in) - 125) < 4 * float(found.errors["r_in"]) < 8
    assert abs(float(found.tau) - 15) < 0.5 > float(found.errors["tau"])
    assert [run.step.amplitude for run in found.used] == pytest.approx([-0.08, -0.04], rel=0.01)
    assert "Sweep 2 is left out: no step was injected." in found.left_out
    assert "Sweeps 4 to 5 are left out: the cell spikes under its step." in found.left_out
    assert found.to_dataframe()["r_in"].tolist() == pytest.approx([125] * 3, rel=0.02)


def test_passive_of_repeats_is_of_their_mean():
    one = protocols.passive(block((-40.0,), noise=0.5))
    many = protocols.passive(block((-40.0,) * 9, noise=0.5))
    assert many.sweeps == 9 and "mean of 9 sweeps" in str(many)
    assert 0.2 < float(many.errors["r_in"]) / float(one.errors["r_in"]) < 0.6
    assert abs(float(many.r_in) - 125) < 4 * float(many.errors["r_in"])


def test_current_clamp_of_a_block():
    found = protocols.current_clamp(block())
    assert found.spike_counts.tolist() == list(STEPS.values())
    frame = found.to_dataframe()
    assert frame.index.name == "sweep" and frame["spikes_in_step"].tolist() == list(STEPS.values())
    assert found.spike_times[4].magnitude == pytest.approx([180, 305, 430], abs=1)


def test_sweeps_of_voltage_clamp_are_refused():
    mixed = [sweep(80.0, 0, clamp="current"), sweep(80.0, 1, clamp="voltage")]
    with pytest.raises(
        SelectionError, match=r"of the 2 sweeps 1 are of voltage clamp.*sweep 1\): leave them"
    ):
        protocols.fi(mixed)
    with pytest.raises(SelectionError, match="is of voltage clamp"):
        protocols.passive(mixed[1])


def test_sweeps_that_differ_are_not_averaged():
    short = sweep(-40.0, 1)
    short = short.time_slice(600 * pq.ms, 1100 * pq.ms)
    with pytest.raises(SignalError, match="differ in length or sampling"):
        protocols.passive([sweep(-40.0, 0), short])


def test_a_command_stands_for_a_measured_current_that_follows_it():
    segment = sweep(-40.0, 0)
    t = np.arange(0, 600, 0.1)
    command = -40.0 * ((t > 150) & (t <= 450))
    for factor, taken in ((1.0, "command"), (1.03, "command"), (1.25, "measured"), (2.0, "measured")):
        both = sweep(-40.0, 0)
        both.analogsignals.append(
            neo.AnalogSignal(
                factor * command[:, None],
                units="pA",
                sampling_period=0.1 * pq.ms,
                name="Cmd",
                role="command",
            )
        )
        if taken == "command":
            assert float(protocols.passive(both).amplitude) == -0.04 * factor
        else:
            said = r"moves 0\.(5|8|799) times as far as the command 'Cmd'"
            with pytest.warns(UserWarning, match=said):
                assert float(protocols.passive(both).amplitude) == pytest.approx(-0.04, rel=0.01)
    assert segment.analogsignals[1].name == "Iinj"


def test_by_the_command(tmp_path, capsys):
    path, table = tmp_path / "cell.pkl", tmp_path / "t.csv"
    path.write_bytes(pickle.dumps(block()))
    options = ["--trust-pickle", "-q", "--dpi", "40", "--table", str(table)]
    assert main(["protocol", "fi", str(path), *options]) == 0
    assert "5 spikes, 16.67 Hz" in capsys.readouterr().out
    path.write_bytes(pickle.dumps(block(current=None)))
    told = ["--onset", "150ms", "--duration", "300ms"]
    rising = ["--amplitude-start", "-80pA", "--amplitude-step", "40pA"]
    for protocol, column, wanted in (
        ("fi", "counts_in_step", ["0", "0", "0", "0", "3", "5"]),
        ("clamp", "spikes_in_step", ["0", "0", "0", "0", "3", "5"]),
        ("current_clamp", "spikes_in_step", ["0", "0", "0", "0", "3", "5"]),
        ("passive", "sweeps", ["1", "1", "1"]),
    ):
        assert main(["protocol", protocol, str(path), *options, *told, *rising]) == 0, protocol
        with table.open() as file:
            assert [row[column] for row in csv.DictReader(file)] == wanted
        assert (tmp_path / f"cell.{protocol.removeprefix('current_')}.png").exists()
    capsys.readouterr()
    one = ["--segment", "1", "--amplitude", "-40pA"]
    assert main(["protocol", "passive", str(path), *options, *told, *one]) == 0
    assert "r_in       12" in capsys.readouterr().out
    assert main(["protocol", "fi", str(path), *options, *told, "--segment", "1"]) == 2
    assert "leave --segment out" in capsys.readouterr().err
    assert main(["protocol", "fi", str(path), *options, *told, *rising[:2]]) == 2
    assert "give both" in capsys.readouterr().err


def test_what_is_no_series():
    with pytest.raises(ArgumentError, match="is longer than the step"):
        protocols.passive(block((-40.0,)), window=400 * pq.ms)


def test_of_steps_that_change_alike_the_one_from_the_holding_current_is_meant():
    t, made = np.arange(0, 600, 0.1), neo.Block()
    for amplitude in (-80.0, -40.0, 0.0, 40.0):
        on = amplitude * ((t > 50) & (t <= 150)) - 30.0 * ((t > 300) & (t <= 400))
        on = on + amplitude * ((t > 400) & (t <= 500))
        segment = neo.Segment()
        for name, x, unit, role in (("v", -70 + 0.1 * on, "mV", "voltage"), ("i", on, "pA", "command")):
            segment.analogsignals.append(
                neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.1 * pq.ms, name=name, role=role)
            )
        made.segments.append(segment)
    found = protocols.fi(made)
    assert found.amplitudes.rescale("pA").magnitude == pytest.approx([-80, -40, 0, 40])
    assert "Of several steps that from 50 to 150 ms is meant" in str(found)
    late = protocols.fi(made, onset=400 * pq.ms, duration=100 * pq.ms)
    assert late.amplitudes.rescale("pA").magnitude == pytest.approx([-50, -10, 30, 70])


def test_without_a_step_there_is_no_curve():
    with pytest.raises(SignalError, match=r"of all 2 segments is \S+ nA from beginning to end"):
        protocols.fi(block((0.0, 0.0)))
    with pytest.raises(SignalError, match="None of the 2 sweeps shows passive properties"):
        protocols.passive(block((0.0, 0.0)))


def saturated(amplitude, lowest=None, highest=None):
    made = sweep(amplitude, 0)
    v = np.asarray(made.analogsignals[0].magnitude)[:, 0]
    v = np.round(np.clip(v, lowest, highest) / 0.03) * 0.03
    made.analogsignals[0] = neo.AnalogSignal(
        v[:, None], units="mV", sampling_period=0.1 * pq.ms, name="Vm", role="voltage"
    )
    return made


def test_saturated_channels_are_named():
    with pytest.raises(SignalError, match=r"saturated: it stays at -74\S* mV from 1\d+"):
        protocols.passive(saturated(-80.0, lowest=-74.0))
    found = protocols.passive([sweep(-80.0, 1), saturated(-80.0, lowest=-74.0), sweep(-40.0, 2)])
    assert found.left_out == ["Sweep 1 is left out: its voltage is saturated."]
    with pytest.warns(CurrentscapeWarning, match=r"saturated in 1 of 2 sweeps \(sweep 1 stays at 9"):
        protocols.fi([sweep(40.0, 1), saturated(120.0, highest=9.0)])
    protocols.passive(saturated(-80.0))


def test_chance_among_the_steps_of_a_converter_is_no_saturation():
    """Filtered noise stays where it is for some samples, at its extreme as elsewhere."""
    rng, t = np.random.default_rng(3), np.arange(60000)
    noise = np.convolve(rng.normal(size=len(t) + 4), np.ones(5) / 5, "valid")
    v = np.round(-70 + 40 * noise - 300 * ((t > 2000) & (t < 2400)))
    lowest = np.flatnonzero(v == v.min())[0]
    v[lowest : lowest + 6] = v.min()
    for at in range(10000, 40000, 5000):
        v[at : at + 6] = v[at]
    assert cut_off(v) is None
    v[lowest : lowest + 12] = v.min()
    assert cut_off(v) == slice(lowest, lowest + 12)
    v[50000:50200] = 0.0  # blanked
    assert cut_off(v) is not None


def test_a_signal_whose_unit_the_file_has_wrong_is_told_by_voltage_and_units():
    """An amplifier in current clamp whose input says pA: what is named and given a unit is believed."""
    wrong = sweep(-80.0, 0, clamp="current")
    right = protocols.passive(wrong).r_in
    v = wrong.analogsignals[0]
    wrong.analogsignals[0] = neo.AnalogSignal(
        v.magnitude, units="pA", sampling_period=v.sampling_period, name="IN 0", role="electrode"
    )
    found = protocols.passive(wrong, voltage="IN 0", units={"IN 0": "mV"})
    assert float(found.r_in) == pytest.approx(float(right))
    with pytest.raises(SelectionError, match="voltage= 'IN 0' matches no signal"):
        protocols.passive(wrong, voltage="IN 0")


def test_a_current_without_a_unit_is_named(segment_of):
    v = -60 - 10.0 * (np.arange(400) > 200)
    segment = segment_of(v)
    segment.analogsignals.append(
        neo.AnalogSignal((v + 60)[:, None], units="", sampling_period=0.1 * pq.ms, name="Iinj")
    )
    with pytest.raises(SelectionError, match="'Iinj' has no unit: if it is, write electrode="):
        protocols.passive(segment)
    found = protocols.passive(segment, electrode="Iinj", units={"Iinj": "pA"})
    assert float(found.amplitude) == -0.01


@pytest.mark.parametrize("start", [0.0, 3.6e6, 4e7])
def test_a_sweep_hours_after_the_first_has_its_onset_at_the_same_sample(start):
    """Times are known to less than a sample, however large they are."""
    late = sweep(-80.0, 1, current=None, noise=0.0, start=start)
    late.annotate(amplitude=-0.08 * pq.nA, onset=150 * pq.ms, duration=300 * pq.ms)
    found = protocols.passive(late)
    assert (found.step.rest, found.step.final) == (1500, 4500)
    found, _ = protocols.passive([late, sweep(-40.0, 0, current="measured", start=start)]).runs
    assert (found.step.rest, found.step.final) == (1500, 4500)


def test_noise_alone_makes_no_negative_resistance(recwarn):
    """A cell that does not answer at all: the error says that nothing is known, and no sign is accused."""
    rng = np.random.default_rng(0)
    for k in range(6):
        one = sweep(-40.0, k, noise=0.3)
        v = -65 + 0.3 * rng.normal(size=(6000, 1))
        one.analogsignals[0] = neo.AnalogSignal(
            v, units="mV", sampling_period=0.1 * pq.ms, name="Vm", t_start=600.0 * k * pq.ms
        )
        protocols.passive(one)
    assert not [w for w in recwarn if "negative" in str(w.message)]


def test_one_amplitude_has_the_errors_of_its_sweep():
    found = protocols.passive([sweep(-80.0, 0), sweep(0.0, 1)])
    assert float(found.errors["v_rest"]) == float(found.runs[0].errors["v_rest"]) > 0


def test_why_there_is_no_time_constant_is_said_of_sweeps_too():
    found = protocols.passive([sweep(-40.0, 0, noise=9.0), sweep(0.0, 1, noise=9.0)])
    assert found.tau is None and found.runs[0].untold in str(found)
    assert found.runs[0].untold.startswith("The response tells no time constant by 'simple', as ")
