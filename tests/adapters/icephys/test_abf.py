"""ABF files: what each channel is, what was sent, and when."""

import struct
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest
import quantities as pq

from neo_currentscape import protocols
from neo_currentscape.adapters import icephys
from neo_currentscape.conventions.errors import CurrentscapeError, FileError

with np.printoptions():  # which pyABF changes
    pyabf = pytest.importorskip("pyabf")


def roles(block, sweep=0):
    return {signal.name: signal.annotations.get("role") for signal in block.segments[sweep].analogsignals}


def flat(*levels, n_sweeps=2, n_samples=640):
    return np.array([[np.full(n_samples, level) for level in levels]] * n_sweeps)


def test_a_sweep_is_a_segment_with_its_own_zero_and_its_start(steps):
    block = icephys.read(steps)
    assert len(block.segments) == 5
    assert [float(s.annotations["sweep_start"]) for s in block.segments] == [0, 4, 8, 12, 16.5]
    assert all(segment.annotations["clamp"] == "current" for segment in block.segments)
    for signal in block.segments[4].analogsignals:
        assert signal.t_start == 0 * pq.ms and float(signal.sampling_rate.rescale("kHz")) == 10.0
    assert block.segments[3].block is block and block.annotations["reader"] == "pyABF"


def test_the_numbers_and_the_command_are_pyabfs(steps):
    block, reference = icephys.read(steps), pyabf.ABF(str(steps))
    for k, segment in enumerate(block.segments):
        reference.setSweep(k)
        voltage, command = segment.analogsignals
        np.testing.assert_array_equal(voltage.magnitude[:, 0], reference.sweepY)
        np.testing.assert_allclose(command.magnitude[:, 0], reference.sweepC)
        assert (voltage.name, command.name) == ("IN 0", "Cmd 0")
        assert (voltage.dimensionality.string, command.dimensionality.string) == ("mV", "pA")
        assert command.annotations["role"] == "command" and command.annotations["positive"] == "inward"
    assert roles(block) == {"IN 0": "voltage", "Cmd 0": "command"}


def test_protocols_take_the_command(steps):
    found = protocols.passive(icephys.read(steps).segments[0], method="simple")
    # An integer of the file is 2 uV.
    assert float(found.r_in) == pytest.approx(200, rel=1e-3)
    assert float(found.step.amplitude) == pytest.approx(-0.04, rel=1e-6)
    assert protocols.fi(icephys.read(steps)).rheobase is None


@pytest.mark.parametrize(
    ("inputs", "outputs", "on", "clamp", "expected"),
    [
        ([("IN 0", "pA")], [("Cmd 0", "mV")], 0, "voltage", {"IN 0": "membrane", "Cmd 0": "command"}),
        ([("IN 0", "pA")], [("Cmd 0", "mV")], None, "voltage", {"IN 0": "membrane", "Cmd 0": "command"}),
        (
            [("Vm", "mV"), ("I_MTest 1", "pA")],
            [("Cmd 0", "pA"), ("Cmd 1", "mV")],
            0,
            "current",
            {"Vm": "voltage", "I_MTest 1": "electrode", "Cmd 0": "command"},
        ),
        (
            # The output that is on is the second: it drives the input of its number.
            [("Imemb", "nA"), ("10_Vm", "mV")],
            [("Cmd 0", "mV"), ("ME1", "nA")],
            1,
            "current",
            {"Imemb": "electrode", "10_Vm": "voltage", "ME1": "command"},
        ),
        (
            [("Ipatch", "pA"), ("V command", "mV")],
            [("Cmd 0", "mV")],
            0,
            "voltage",
            {"Ipatch": "membrane", "V command": "other", "Cmd 0": "command"},
        ),
        (
            [("Ipatch", "pA"), ("V command", "mV")],
            [("Cmd 0", "mV")],
            None,
            "voltage",
            {"Ipatch": "membrane", "V command": "command"},
        ),
        (
            # A trigger in plain volts, and a temperature, are nothing of the membrane.
            [("Vm", "mV"), ("IN 1", "V"), ("Tmp", "deg C")],
            [("Cmd 0", "nA")],
            0,
            "current",
            {"Vm": "voltage", "IN 1": "other", "Tmp": "other", "Cmd 0": "command"},
        ),
        ([("IN 0", "V")], [("OUT 0", "V")], None, None, {"IN 0": "other"}),
        ([("IN 0", "pA")], [("Cmd 0", "pA")], 0, "current", {"IN 0": "electrode", "Cmd 0": "command"}),
        ([("IN 0", "mV")], [("", "")], None, "current", {"IN 0": "voltage"}),
    ],
)
def test_what_each_channel_is(abf, inputs, outputs, on, clamp, expected):
    epochs = [] if on is None else [(on, 5.0, 1.0, 300)]
    path = abf(
        "a.abf", flat(*range(1, len(inputs) + 1)), inputs, outputs, epochs=epochs, holding=(-60, -60)
    )
    block = icephys.read(path)
    assert roles(block) == expected
    assert {segment.annotations.get("clamp") for segment in block.segments} == {clamp}


def test_two_cells_have_sites(abf):
    inputs, outputs = [("IN 0", "pA"), ("IN 1", "pA")], [("Cmd 0", "mV"), ("Cmd 1", "mV")]
    epochs = [(0, -60.0, 10.0, 300), (1, -50.0, 0.0, 300)]
    path = abf("pair.abf", flat(10.0, 20.0), inputs, outputs, epochs=epochs, holding=(-70, -80))
    signals = icephys.read(path).segments[1].analogsignals
    assert [s.annotations["site"] for s in signals] == ["IN 0", "IN 1", "IN 0", "IN 1"]
    assert [float(s.magnitude[200, 0]) for s in signals] == pytest.approx([10, 20, -50, -50], abs=1e-2)
    # Before and after the epochs each output is held at its own level.
    assert [float(s.magnitude[0, 0]) for s in signals[2:]] == [-70, -80]


def test_two_amplifiers_that_clamp_differently_tell_no_clamp_of_the_sweep(abf):
    inputs, outputs = [("IN 0", "mV"), ("IN 1", "pA")], [("Cmd 0", "pA"), ("Cmd 1", "mV")]
    epochs = [(0, 50.0, 0.0, 300), (1, -50.0, 0.0, 300)]
    block = icephys.read(abf("mixed.abf", flat(-60.0, 20.0), inputs, outputs, epochs=epochs))
    assert "clamp" not in block.segments[0].annotations
    assert roles(block) == {"IN 0": "voltage", "IN 1": "membrane", "Cmd 0": "command", "Cmd 1": "command"}


def test_what_pyabf_wrote_itself_is_read(tmp_path):
    from pyabf.abfWriter import writeABF1

    path = tmp_path / "written.abf"
    writeABF1(np.arange(12_000.0).reshape(3, 4000), str(path), 10_000, units="mV")
    block = icephys.read(path)
    assert [s.magnitude.shape for segment in block.segments for s in segment.analogsignals] == [
        (4000, 1)
    ] * 3
    assert roles(block) == {"channel 0": "voltage"}


def test_sweeps_that_send_the_same_share_the_waveform(abf):
    path = abf(
        "same.abf", flat(3.0, n_sweeps=4), [("IN 0", "mV")], [("Cmd 0", "pA")], epochs=[(0, 9.0, 0, 300)]
    )
    commands = [s.analogsignals[1] for s in icephys.read(path).segments]
    assert all(np.shares_memory(commands[0], other) for other in commands[1:])


def changed(path, offset, kind, value):
    content = bytearray(path.read_bytes())
    struct.pack_into(kind, content, offset, value)
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize(
    ("offset", "kind", "value", "sentence"),
    [
        (10, "<i", 1 << 30, "cut off or damaged: its header tells of 1073741824 samples"),
        (10, "<i", -5, "cut off or damaged"),
        (16, "<i", (1 << 31) - 1, "its header tells of 2147483647 sweeps"),
        (40, "<i", 1 << 24, "cut off or damaged"),
        (0, "4s", b"JUNK", "is no ABF file"),
    ],
)
def test_damaged_headers_are_refused(steps, offset, kind, value, sentence):
    with pytest.raises(FileError, match=sentence):
        icephys.read(changed(steps, offset, kind, value))


@pytest.mark.parametrize("kept", [0, 3, 100, 600, 3000, 20_000])
def test_truncated_files_are_refused(steps, kept):
    steps.write_bytes(steps.read_bytes()[:kept])
    with pytest.raises(FileError, match=r"steps\.abf.*(no ABF file|cut off or damaged)"):
        icephys.read(steps)


@pytest.mark.parametrize("samples", [10_000, 2_000_000_000, -500])
def test_an_epoch_that_does_not_fit_leaves_the_command_out(steps, samples):
    changed(steps, 2508, "<i", samples)
    with pytest.warns(UserWarning, match="An epoch of the command .* left out"):
        block = icephys.read(steps)
    assert roles(block) == {"IN 0": "voltage"}


def test_random_damage_is_a_sentence_or_a_block(steps):
    content, rng = steps.read_bytes(), np.random.default_rng(0)
    for _ in range(60):
        broken = bytearray(content)
        for at in rng.integers(0, 6000, 12):
            broken[at] = rng.integers(256)
        steps.write_bytes(bytes(broken))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert icephys.read(steps).segments
        except CurrentscapeError as error:
            assert "steps.abf" in str(error)


def test_reading_leaves_the_printing_of_arrays_as_it_is(steps):
    code = f"""
        import numpy as np
        from neo_currentscape.adapters import icephys
        before = np.get_printoptions()
        icephys.read({str(steps)!r})
        assert np.get_printoptions() == before
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
