"""Intracellular NWB: values in physical units, and which stimulus belongs to which response."""

import numpy as np
import pytest
import quantities as pq

from neo_currentscape.adapters import icephys
from neo_currentscape.conventions.errors import CurrentscapeWarning, FileError

pynwb = pytest.importorskip("pynwb")

N, RATE = 500, 2000.0
PULSE = np.r_[np.zeros(100), np.ones(200), np.zeros(200)]


def add(nwb_file, k, *, clamp="current", electrode=0, start=0.0, times=None, paired=False, **told):
    """Put one response and its stimulus into a file: -62 mV and -30 pA, or 45 pA and -90 mV."""
    from pynwb import icephys as kinds

    file, electrodes = nwb_file
    is_current = clamp == "current"
    response = kinds.CurrentClampSeries if is_current else kinds.VoltageClampSeries
    stimulus = kinds.CurrentClampStimulusSeries if is_current else kinds.VoltageClampStimulusSeries
    conversion, offset = (2.5e-5, -0.012) if is_current else (5e-13, 0.0)
    value, sent = (-0.062, -3e-11) if is_current else (4.5e-11, -0.09)
    when = {"rate": RATE, "starting_time": start} if times is None else {"timestamps": times}
    place = {"electrode": electrodes[electrode], "gain": 1.0, **when, **told}
    data = np.full(N, round((value - offset) / conversion)).astype("int16")
    scaled = {"data": data, "conversion": conversion, "offset": offset}
    measured = response(name=f"measured_{k}", **scaled, **place)
    command = stimulus(name=f"sent_{k}", data=sent * PULSE, **place)
    file.add_acquisition(measured)
    file.add_stimulus(command)
    if paired:
        return file.add_intracellular_recording(
            electrode=electrodes[electrode], stimulus=command, response=measured
        )
    return measured


def found(block):
    return [
        [
            (s.name, s.annotations["role"], float(np.round(s.magnitude[150, 0], 4)))
            for s in segment.analogsignals
        ]
        for segment in block.segments
    ]


CURRENT, VOLTAGE = ("voltage", -62.0, "command", -30.0), ("membrane", 45.0, "command", -90.0)


def sweep(k, of):
    return [(f"measured_{k}", of[0], of[1]), (f"sent_{k}", of[2], of[3])]


@pytest.mark.parametrize("way", ["table", "numbers", "starts", "names"])
def test_responses_are_paired_with_what_was_sent(nwb_file, saved, way):
    for k in range(3):
        told = {"sweep_number": 7 + k} if way == "numbers" else {}
        start = 0.0 if way in ("names", "numbers") else 4.0 * k
        add(
            nwb_file,
            k,
            clamp="voltage" if k == 2 else "current",
            start=start,
            paired=way == "table",
            **told,
        )
    block = icephys.read(saved())
    assert found(block) == [sweep(0, CURRENT), sweep(1, CURRENT), sweep(2, VOLTAGE)]
    assert [segment.annotations["clamp"] for segment in block.segments] == ["current", "current", "voltage"]
    if way in ("table", "starts"):
        assert [float(segment.annotations["sweep_start"]) for segment in block.segments] == [0, 4, 8]
    for signal in block.segments[1].analogsignals:
        assert signal.t_start == 0 * pq.ms and float(signal.sampling_rate.rescale("Hz")) == RATE


def test_units_are_those_of_the_bench(nwb_file, saved):
    add(nwb_file, 0)
    units = [s.dimensionality.string for s in icephys.read(saved()).segments[0].analogsignals]
    assert units == ["mV", "pA"]


def test_simultaneous_recordings_are_one_sweep_of_two_sites(nwb_file, saved):
    file = nwb_file[0]
    for k in range(2):
        rows = [add(nwb_file, f"{k}_{e}", electrode=e, start=3.0 * k, paired=True) for e in range(2)]
        file.add_icephys_simultaneous_recording(recordings=rows)
    block = icephys.read(saved())
    assert len(block.segments) == 2
    sites = [s.annotations["site"] for s in block.segments[1].analogsignals]
    assert sites == ["electrode 0", "electrode 1"] * 2


def test_an_aborted_sweep_ends_where_it_was_aborted(nwb_file, saved):
    from pynwb.icephys import CurrentClampSeries, CurrentClampStimulusSeries

    file, electrodes = nwb_file
    place = {"rate": RATE, "electrode": electrodes[0], "gain": 1.0}
    data = np.r_[np.full(320, -0.06), np.full(180, np.nan)]
    file.add_acquisition(CurrentClampSeries(name="a", data=data, **place))
    file.add_stimulus(CurrentClampStimulusSeries(name="b", data=1e-11 * PULSE, **place))
    assert [s.shape for s in icephys.read(saved()).segments[0].analogsignals] == [(320, 1)] * 2


def test_a_command_of_another_length_is_left_out_with_a_sentence(nwb_file, saved):
    from pynwb.icephys import CurrentClampSeries, CurrentClampStimulusSeries

    file, electrodes = nwb_file
    place = {"rate": RATE, "electrode": electrodes[0], "gain": 1.0}
    file.add_acquisition(CurrentClampSeries(name="a", data=np.full(N, -0.06), **place))
    file.add_stimulus(CurrentClampStimulusSeries(name="short", data=np.zeros(N - 9), **place))
    with pytest.warns(CurrentscapeWarning, match="'short' has 491 samples at 2000 Hz, its response 500"):
        block = icephys.read(saved())
    assert len(block.segments[0].analogsignals) == 1


def test_a_rest_without_injection_is_current_clamp(nwb_file, saved):
    from pynwb.icephys import IZeroClampSeries

    file, electrodes = nwb_file
    file.add_acquisition(
        IZeroClampSeries(name="rest", data=np.full(N, -0.07), rate=RATE, electrode=electrodes[0], gain=1.0)
    )
    (segment,) = icephys.read(saved()).segments
    assert segment.annotations["clamp"] == "current"


def test_irregular_times_stay_irregular(nwb_file, saved):
    add(nwb_file, 0, times=5.0 + np.cumsum(np.random.default_rng(1).uniform(1e-4, 1e-3, N)))
    (segment,) = icephys.read(saved()).segments
    signal = segment.irregularlysampledsignals[0]
    assert float(signal.times[0]) == 0 and float(segment.annotations["sweep_start"]) == pytest.approx(
        5, abs=1e-3
    )


def test_files_of_other_kinds_are_left_to_neo(nwb_file, saved):
    nwb_file[0].add_acquisition(pynwb.TimeSeries(name="light", data=np.zeros(N), rate=RATE, unit="lumen"))
    from neo_currentscape.adapters.icephys import nwb

    assert not nwb.is_intracellular(saved())


@pytest.mark.parametrize("kept", [0, 100, 3000])
def test_a_file_that_is_cut_off_is_a_sentence(nwb_file, saved, kept):
    add(nwb_file, 0)
    path = saved()
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(FileError, match=r"cell\.nwb.* (could not be read|is empty)"):
        icephys.read(path)
