"""What a lazily read recording costs: each sample is read once, and memory does not grow with the file."""

import gc
import tracemalloc
from collections import Counter

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.recording import timebase
from neo_currentscape.recording.lazy import nix, rows
from neo_currentscape.reduction import mean_shares

h5py = pytest.importorskip("h5py")
pytest.importorskip("nixio")

SIGNALS = {"ik": "nA", "ina": "nA", "v": "mV", "cai": "mM", "stim.i": "nA"}
SELECTION = {"ions": ["cai"], "electrode": ["stim.i"]}


def written(path, n_samples, regular=True):
    """A NIX file of which the values were never written, so that it is small on disk."""
    segment = neo.Segment()
    for name, unit in SIGNALS.items():
        if regular:
            signal = neo.AnalogSignal(np.ones((9, 1)), units=unit, sampling_period=0.1 * pq.ms, name=name)
        else:
            signal = neo.IrregularlySampledSignal(np.arange(9.0) * pq.ms, np.ones(9), units=unit, name=name)
        (segment.analogsignals if regular else segment.irregularlysampledsignals).append(signal)
    block = neo.Block()
    block.segments.append(segment)
    writer = neo.io.NixIO(str(path), "ow")
    writer.write_block(block)
    writer.close()
    with h5py.File(path, "r+") as file:
        found = []
        file.visititems(lambda name, one: found.append(name) if getattr(one, "shape", 0) == (9,) else None)
        for name in found:
            del file[name]
            if name.endswith("ticks"):
                steps = np.random.default_rng(0).uniform(0.05, 0.15, n_samples)
                file.create_dataset(name, data=np.cumsum(steps))
            else:
                file.create_dataset(name, shape=(n_samples,), dtype="f8", chunks=(10_000,), fillvalue=1.0)
    return path


@pytest.fixture
def reads(monkeypatch):
    """How many samples were read of each signal, as multiples of its length; times apart."""
    found, read = Counter(), nix._slice

    def counted(array, first, last, name):
        found[name if hasattr(array, "unit") else f"times of {name}"] += (last - first) / len(array)
        return read(array, first, last, name)

    monkeypatch.setattr(nix, "_slice", counted)
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8 * 7001)
    return found


def opened(path, **options):
    (block,) = ncs.read_lazy(path)
    return ncs.Recording.from_segment(block.segments[0], **SELECTION, **options)


@pytest.mark.parametrize("nan", ["error", "gap"])
@pytest.mark.parametrize("regular", [True, False], ids=["regular", "irregular"])
def test_a_figure_reads_each_sample_once(tmp_path, reads, regular, nan):
    recording = opened(written(tmp_path / "a.nix", 50_000, regular), nan=nan)
    assert not set(reads) & set(SIGNALS)  # nothing before it is asked for
    reads.clear()
    ncs.Currentscape(recording).plot(panels="all")
    assert {name: pytest.approx(1.0, abs=1e-3) for name in SIGNALS} == {n: reads[n] for n in SIGNALS}
    assert sum(times for name, times in reads.items() if name.startswith("times")) < 1.01


@pytest.mark.parametrize("regular", [True, False], ids=["regular", "irregular"])
def test_charges_peaks_and_a_bundle_read_the_currents_only(tmp_path, reads, regular):
    recording = opened(written(tmp_path / "a.nix", 50_000, regular))
    for ask in (
        lambda scape: scape.contributions("inward"),
        lambda scape: (scape.peaks("inward"), scape.peaks("outward")),
        lambda scape: type(scape)(recording, top=1),
        lambda scape: mean_shares.mean_shares(recording, "outward"),
    ):
        reads.clear()
        ask(ncs.Currentscape(recording))
        assert {name for name in reads if not name.startswith("times")} == {"ik", "ina"}
        assert max(reads.values()) < 1.01


def test_times_are_looked_at_once_for_each_signal(tmp_path, reads):
    recording = opened(written(tmp_path / "a.nix", 50_000, regular=False))
    # each alone, and each beside those of the first
    assert all(reads[f"times of {name}"] < 2.01 for name in SIGNALS if name != "ik")
    reads.clear()
    ncs.Recording(*(getattr(recording, part) for part in ("currents", "voltage", "ions", "electrode")))
    assert not reads


def test_a_time_is_found_without_reading_all_times(tmp_path, reads):
    recording = opened(written(tmp_path / "a.nix", 50_000, regular=False))
    times = recording.times.load().magnitude
    for wanted in (times[0] - 1, times[0], times[777] + 1e-6, times[-1], times[-1] + 1):
        reads.clear()
        assert timebase.first_at(recording.currents, wanted) == np.searchsorted(times, wanted)
        assert sum(reads.values()) < 0.01
    cut = recording.slice(times[100] * pq.ms, times[40_000] * pq.ms)
    assert len(cut) == 39_900 and cut.times.load()[0].magnitude == times[100]


def test_many_channels_are_read_in_smaller_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8 * 1000)
    longest = []

    def read(first, last, channels):
        longest.append((last - first) * 50)
        return np.ones((last - first, 50 if channels is None else len(channels)))

    from neo_currentscape.recording.lazy.signal import LazySignal

    names = {"name": [f"I{k}" for k in range(50)]}
    array = rows.LazyArray(read, (3000, 50))
    currents = LazySignal(array, "nA", (0 * pq.ms, 10 * pq.kHz), "currents", names)
    found = ncs.Currentscape(ncs.Recording(currents)).columns(100)
    assert len(found.times) == 100 and max(longest) <= 1000


def test_what_is_read_whole_is_not_kept(monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8 * 100)
    calls = []

    def read(first, last, _):
        calls.append((first, last))
        return np.arange(first, last, dtype=float)[:, None]

    array = rows.LazyArray(read, (5000, 1))
    array[:5000]
    assert array._cache.held[1].nbytes == 0
    array[10:20]
    assert array[15:20].base is not None and calls[1:] == [(10, 110)]


@pytest.mark.parametrize("n_samples", [300_000, 3_000_000])
def test_memory_of_a_figure_does_not_grow_with_the_file(tmp_path, monkeypatch, n_samples):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 1 << 18)
    monkeypatch.setenv("NEO_CURRENTSCAPE_KERNEL", "numpy")
    recording = opened(written(tmp_path / "a.nix", n_samples))
    gc.collect()
    tracemalloc.start()
    try:
        ncs.Currentscape(recording).columns(500)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # One of the five signals alone has 24 MB in the longer file.
    assert peak < 8e6
