"""Files of every format that keeps voltages and currents and that Neo reads lazily, written here."""

import datetime
import struct

import neo
import numpy as np
import pytest
import quantities as pq
from neo.io.nixio_fr import NixIO as NixIOFr

import neo_currentscape as ncs
from neo_currentscape.recording.lazy import rows
from neo_currentscape.recording.lazy.signal import is_lazy

N_SAMPLES = 5000
NAMES = ["K", "Na", "leak"]
T_START = 3 * pq.ms


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    # 333 samples of three currents: 5000 is no multiple of it
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8000)


@pytest.fixture(scope="module")
def values():
    """Currents (nA) and voltage (mV), one column each."""
    rng = np.random.default_rng(3)
    time = np.arange(N_SAMPLES)[:, None] * 0.1
    currents = 20 * np.sin(time / [7, 11, 31]) + rng.standard_normal((N_SAMPLES, 3))
    voltage = -50 + 20 * np.sin(time / 9)
    return np.hstack([currents, voltage])


def segment(values, apart=False):
    made = neo.Segment(name="s")
    options = {"sampling_period": 0.1 * pq.ms, "t_start": T_START}
    if apart:
        for k, name in enumerate(NAMES):
            made.analogsignals.append(neo.AnalogSignal(values[:, [k]], units="nA", name=name, **options))
    else:
        made.analogsignals.append(
            neo.AnalogSignal(
                values[:, :3], units="nA", name="currents", array_annotations={"name": NAMES}, **options
            )
        )
    made.analogsignals.append(neo.AnalogSignal(values[:, 3:], units="mV", name="v", **options))
    return made


def nix(values, folder):
    block = neo.Block(name="b")
    block.segments.append(segment(values))
    io = neo.io.NixIO(str(folder / "a.nix"), "ow")
    io.write_block(block)
    io.close()
    return folder / "a.nix"


def open_nix(values, folder):
    path = nix(values, folder)
    eager = neo.io.NixIO(str(path), "ro").read_block()
    return ncs.read_lazy(path)[0], eager, {}, 0


def open_nix_fr(values, folder):
    io = NixIOFr(str(nix(values, folder)))
    # Read whole, Neo takes its milliseconds for seconds: what was written is the reference.
    eager = neo.Block()
    eager.segments.append(segment(values))
    return io.read_block(lazy=True), eager, {}, 0


def open_nwb(values, folder):
    pytest.importorskip("pynwb")
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    block = neo.Block(name="b", session_start_time=start)
    block.segments.append(segment(values, apart=True))
    path = folder / "a.nwb"
    io = neo.io.NWBIO(str(path), "w")
    io.write_all_blocks([block])
    selection = {"currents": {name: f"s {name} {k}" for k, name in enumerate(NAMES)}, "voltage": "s v 3"}
    return ncs.read_lazy(path)[0], neo.io.NWBIO(str(path), "r").read_block(), selection, 0


def open_raw(values, folder):
    path = folder / "a.raw"
    values.astype("float64").tofile(path)
    io = neo.io.RawBinarySignalIO(str(path), dtype="float64", sampling_rate=10000.0, nb_channel=4)
    selection = {
        "units": {"ch0": "nA", "ch1": "nA", "ch2": "nA", "ch3": "mV"},
        "currents": {name: f"ch{k}" for k, name in enumerate(NAMES)},
        "voltage": "ch3",
    }
    return io.read_block(lazy=True), io.read_block(), selection, 0


def open_brainvision(values, folder):
    channels = "\n".join(f"Ch{k + 1}={name},,1,{unit}" for k, (name, unit) in enumerate(CHANNELS))
    (folder / "a.vhdr").write_text(
        "Brain Vision Data Exchange Header File Version 1.0\n\n[Common Infos]\nCodepage=UTF-8\n"
        "DataFile=a.eeg\nMarkerFile=a.vmrk\nDataFormat=BINARY\nDataOrientation=MULTIPLEXED\n"
        "NumberOfChannels=4\nSamplingInterval=100\n\n[Binary Infos]\nBinaryFormat=IEEE_FLOAT_32\n\n"
        f"[Channel Infos]\n{channels}\n"
    )
    (folder / "a.vmrk").write_text(
        "Brain Vision Data Exchange Marker File, Version 1.0\n\n[Common Infos]\nDataFile=a.eeg\n\n"
        "[Marker Infos]\nMk1=New Segment,,1,1,0,20200101000000000000\n"
    )
    values.astype("<f4").tofile(folder / "a.eeg")
    io = neo.io.BrainVisionIO(str(folder / "a.vhdr"))
    return ncs.read_lazy(folder / "a.vhdr")[0], io.read_block(), {}, 1e-5


def open_edf(values, folder):
    pyedflib = pytest.importorskip("pyedflib")
    writer = pyedflib.EdfWriter(str(folder / "a.edf"), 4, file_type=pyedflib.FILETYPE_EDF)
    common = {"sample_frequency": 10000, "transducer": "", "prefilter": ""}
    common.update(physical_max=LIMIT, physical_min=-LIMIT, digital_max=32767, digital_min=-32768)
    writer.setSignalHeaders([{"label": name, "dimension": unit, **common} for name, unit in CHANNELS])
    padded = np.vstack([values, np.zeros((10000 - N_SAMPLES, 4))])  # whole seconds only
    writer.writeSamples([np.ascontiguousarray(channel) for channel in padded.T])
    writer.close()
    io = neo.io.EDFIO(str(folder / "a.edf"))
    # pyedflib cuts off where the others round, and its steps are counted from the lowest value.
    return io.read_block(lazy=True), io.read_block(), {}, 2 * STEP


def counts(values):
    return np.round(values / STEP).astype("<i2")


def open_winedr(values, folder):
    header = {"VER": 6.4, "NC": 4, "NR": 1, "NBH": 2048, "NBA": 0, "NBD": 0, "ADCMAX": 32767}
    header.update(NP=values.size, DT=1e-4, AD=STEP * 32768)
    for k, (name, unit) in enumerate(CHANNELS):
        header.update(
            {f"YN{k}": name, f"YU{k}": unit, f"YCF{k}": 1, f"YAG{k}": 1, f"YZ{k}": 0, f"YO{k}": k}
        )
    text = "".join(f"{key}={value}\r\n" for key, value in header.items()).encode().ljust(2048, b"\0")
    path = folder / "a.EDR"
    path.write_bytes(text + counts(values).tobytes())
    io = neo.io.WinEdrIO(str(path))
    return io.read_block(lazy=True), io.read_block(), {}, STEP


def open_winwcp(values, folder):
    data = counts(values).tobytes()
    sectors = -(-len(data) // 512)
    header = {"VER": 8, "NC": 4, "NR": 1, "NBH": 2, "NBA": 2, "NBD": sectors, "ADCMAX": 32767, "AD": 1.0}
    header.update(NP=values.size, DT=1e-4)
    for k, (name, unit) in enumerate(CHANNELS):
        header.update({f"YN{k}": name, f"YU{k}": unit, f"YG{k}": 1, f"YZ{k}": 0, f"YO{k}": k})
    text = "".join(f"{key}={value}\r\n" for key, value in header.items()).encode().ljust(1024, b"\0")
    largest = [STEP * 32767] * 4 + [0.0] * 4
    analysis = struct.pack("<8s4sfff8f", b"ACCEPTED", b"TEST", 1.0, 0.0, 1e-4, *largest).ljust(1024, b"\0")
    path = folder / "a.wcp"
    path.write_bytes(text + analysis + data.ljust(sectors * 512, b"\0"))
    io = neo.io.WinWcpIO(str(path))
    return io.read_block(lazy=True), io.read_block(), {}, STEP


def open_axon(values, folder):
    header = bytearray(6144)

    def put(place, form, *fields):
        struct.pack_into("<" + form, header, place, *fields)

    put(0, "4sfhi", b"ABF ", 1.83, 3, values.size)  # gap-free
    put(40, "i", 12)  # the data begin after 12 blocks of 512 bytes
    put(100, "h", 1)  # float32
    put(120, "hf", 4, 25.0)  # four channels, one of which is sampled each 25 us
    put(378, "16h", *range(16))
    put(410, "16h", *range(4), *[-1] * 12)
    for k, (name, unit) in enumerate(CHANNELS):
        put(442 + 10 * k, "10s", name.ljust(10).encode())
        put(602 + 8 * k, "8s", unit.ljust(8).encode())
    for place in (730, 922, 1050):
        put(place, "16f", *[1.0] * 16)
    path = folder / "a.abf"
    path.write_bytes(bytes(header) + values.astype("<f4").tobytes())
    io = neo.io.AxonIO(str(path))
    return ncs.read_lazy(path)[0], io.read_block(), {}, 1e-5


CHANNELS = [*((name, "nA") for name in NAMES), ("v", "mV")]
LIMIT = 100.0
STEP = LIMIT / 32767

FORMATS = {
    "NixIO": open_nix,
    "NixIOFr": open_nix_fr,
    "NWBIO": open_nwb,
    "RawBinarySignalIO": open_raw,
    "BrainVisionIO": open_brainvision,
    "EDFIO": open_edf,
    "WinEdrIO": open_winedr,
    "WinWcpIO": open_winwcp,
    "AxonIO": open_axon,
}


@pytest.fixture(params=FORMATS, scope="module")
def opened(request, values, tmp_path_factory):
    """Lazily and eagerly read Segments, the selection, and the rounding of the format."""
    lazy, eager, selection, rounding = FORMATS[request.param](values, tmp_path_factory.mktemp("files"))
    return lazy.segments[0], eager.segments[0], selection, rounding


def ms(recording):
    return recording.times.rescale("ms").magnitude


def test_lazy_is_eager(opened, values):
    lazy_segment, eager_segment, selection, rounding = opened
    lazy = ncs.Recording.from_segment(lazy_segment, **selection)
    eager = ncs.Recording.from_segment(eager_segment, **selection)
    assert is_lazy(lazy.currents)
    assert not is_lazy(eager.currents)
    assert lazy.names == eager.names == NAMES
    assert lazy.currents.shape == eager.currents.shape
    assert lazy.currents.units == eager.currents.units == pq.nA
    np.testing.assert_allclose(ms(lazy), ms(eager), rtol=1e-12)
    np.testing.assert_array_equal(np.asarray(lazy.currents), eager.currents.magnitude)
    np.testing.assert_array_equal(np.asarray(lazy.voltage), eager.voltage.magnitude)
    # ... and both are what was written
    np.testing.assert_allclose(np.asarray(lazy.currents)[:N_SAMPLES], values[:, :3], atol=rounding)
    np.testing.assert_allclose(np.asarray(lazy.voltage)[:N_SAMPLES], values[:, 3:], atol=rounding)
    assert float(lazy.currents.sampling_period.rescale("ms")) == pytest.approx(0.1, rel=1e-6)


def test_the_currentscape_is_the_same(opened):
    lazy_segment, eager_segment, selection, _ = opened
    lazy = ncs.Currentscape.from_segment(lazy_segment, **selection)
    eager = ncs.Currentscape.from_segment(eager_segment, **selection)
    for direction in ("outward", "inward"):
        charges = [scape.charge(direction).magnitude for scape in (lazy, eager)]
        np.testing.assert_allclose(*charges, rtol=1e-12)
        shares = [scape.shares(direction).magnitude for scape in (lazy, eager)]
        np.testing.assert_allclose(*shares, rtol=1e-12)
        a, b = lazy.columns(300), eager.columns(300)
        np.testing.assert_allclose(a.shares[direction], b.shares[direction], rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(a.extremes["voltage"].high, b.extremes["voltage"].high)


@pytest.mark.parametrize("start", [0.0, 33.3, 100.05, 311.1])
def test_slices_hold_the_samples_of_eager_slices(opened, start):
    lazy_segment, eager_segment, selection, _ = opened
    window = ((start + 3) * pq.ms, (start + 160) * pq.ms)
    lazy = ncs.Recording.from_segment(lazy_segment, **selection).slice(*window)
    eager = ncs.Recording.from_segment(eager_segment, **selection).slice(*window)
    assert len(lazy) == len(eager)
    np.testing.assert_allclose(ms(lazy), ms(eager), rtol=1e-12)
    np.testing.assert_array_equal(np.asarray(lazy.currents), eager.currents.magnitude)


def test_a_slice_of_a_currentscape_stays_in_its_file(opened):
    lazy_segment, eager_segment, selection, _ = opened
    window = (40 * pq.ms, 300 * pq.ms)
    lazy = ncs.Currentscape.from_segment(lazy_segment, **selection).slice(*window)
    eager = ncs.Currentscape.from_segment(eager_segment, **selection).slice(*window)
    assert is_lazy(lazy.recording.currents) and is_lazy(lazy.recording.voltage)
    charges = [scape.charge("outward").magnitude for scape in (lazy, eager)]
    np.testing.assert_allclose(*charges, rtol=1e-12)


def test_a_figure_is_drawn(opened, tmp_path):
    lazy_segment, _, selection, _ = opened
    ncs.Currentscape.from_segment(lazy_segment, **selection).plot().save(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 5000


def test_irregular_times_of_nwb(values, tmp_path):
    pytest.importorskip("pynwb")
    times = np.cumsum(np.random.default_rng(0).uniform(0.05, 0.2, N_SAMPLES))
    made = neo.Segment(name="s")
    for k, name in enumerate(NAMES):
        signal = neo.IrregularlySampledSignal(times * pq.ms, values[:, [k]], units="nA", name=name)
        made.irregularlysampledsignals.append(signal)
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    block = neo.Block(name="b", session_start_time=start)
    block.segments.append(made)
    neo.io.NWBIO(str(tmp_path / "a.nwb"), "w").write_all_blocks([block])
    lazy = ncs.Recording.from_segment(ncs.read_lazy(tmp_path / "a.nwb")[0], voltage=False)
    assert is_lazy(lazy.currents)
    assert isinstance(lazy.currents, neo.IrregularlySampledSignal)
    np.testing.assert_array_equal(np.asarray(lazy.currents), values[:, :3])
    np.testing.assert_allclose(ms(lazy), times, rtol=1e-12)
    eager = ncs.Recording.from_segment(made, voltage=False)
    charges = [ncs.Currentscape(r).charge("outward").magnitude for r in (lazy, eager)]
    np.testing.assert_allclose(*charges, rtol=1e-10)
