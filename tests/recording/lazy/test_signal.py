"""Lazily read signals: memory, bad input, gaps, irregular times, progress."""

import contextlib
import gc
import subprocess
import sys
import tracemalloc

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    FileError,
    SelectionError,
    SignalError,
    UnitsError,
)
from neo_currentscape.recording.lazy import progress, proxies, rows
from neo_currentscape.recording.lazy.gaps import LazyGaps
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import is_lazy
from neo_currentscape.reduction import columns

READS_SLICES = pytest.mark.skipif(
    neo.__version__.startswith("0.13."),
    reason="Neo 0.13 maps such files into memory: the system ends the process when one becomes shorter",
)

NAMES = ["K", "Na", "leak"]


def block_of(values, **options):
    segment = neo.Segment(name="s")
    annotations = {"role": "current", "positive": "inward", "site": "soma"}
    segment.analogsignals.append(
        neo.AnalogSignal(
            values,
            units="nA",
            name="currents",
            sampling_period=0.1 * pq.ms,
            array_annotations={"name": NAMES[: values.shape[1]]},
            **annotations,
            **options,
        )
    )
    block = neo.Block(name="b")
    block.segments.append(segment)
    return block


def write_nix(path, block):
    io = neo.io.NixIO(str(path), "ow")
    io.write_block(block)
    io.close()
    return path


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8000)


@pytest.fixture
def numbers():
    return np.random.default_rng(0).standard_normal((5000, 3))


def charges(a, b, direction):
    return [scape.charge(direction).magnitude for scape in (a, b)]


class TestArray:
    def array(self, calls=None):
        numbers = np.random.default_rng(1).standard_normal((1000, 2))

        def read(first, last, channels):
            if calls is not None:
                calls.append((first, last))
            found = numbers[first:last].copy()
            return found if channels is None else found[:, channels]

        return LazyArray(read, numbers.shape), numbers

    def test_indexing_is_that_of_an_array(self, monkeypatch):
        monkeypatch.setattr(rows, "CHUNK_BYTES", 16 * 70)
        array, numbers = self.array()
        for key in (
            slice(10, 300),
            slice(-5, None),
            slice(20, 20),
            slice(None, None, 3),
            5,
            -1,
            (slice(3, 9), 1),
            (7, 1),
            [1, 5, 2],
        ):
            np.testing.assert_array_equal(array[key], numbers[key])
        np.testing.assert_array_equal(array.cut(100, 900).cut(50, 70)[2:9], numbers[152:159])
        np.testing.assert_array_equal(array * 2 + array, numbers * 3)
        np.testing.assert_allclose(array.sum(axis=0), numbers.sum(axis=0), rtol=1e-12)
        with pytest.raises(IndexError):
            array[1000]

    def test_small_steps_are_read_in_chunks(self, monkeypatch):
        monkeypatch.setattr(rows, "CHUNK_BYTES", 16 * 100)
        calls = []
        array, numbers = self.array(calls)
        parts = [array[first : first + 7] for first in range(0, 1000, 7)]
        np.testing.assert_array_equal(np.concatenate(parts), numbers)
        # each row once, also where a step lies in two of them
        assert calls == [(first, first + 100) for first in range(0, 1000, 100)]

    def test_what_was_read_cannot_be_overwritten(self):
        array, _ = self.array()
        with pytest.raises(ValueError, match="read-only"):
            array[0:5][0] = 1


class TestNix:
    def test_annotations_and_signs_are_those_of_the_eager_read(self, tmp_path, numbers, small_chunks):
        path = write_nix(tmp_path / "a.nix", block_of(numbers))
        lazy = ncs.Recording.from_segment(ncs.read_lazy(path)[0], voltage=False)
        assert is_lazy(lazy.currents)
        assert (lazy.names, lazy.site) == (NAMES, "soma")
        np.testing.assert_array_equal(np.asarray(lazy.currents), -numbers)  # stored inward positive
        assert isinstance(lazy.currents, neo.AnalogSignal)
        again = ncs.Recording.from_segment(lazy.to_segment(), voltage=False)
        np.testing.assert_array_equal(np.asarray(again.currents), -numbers)

    def test_what_fits_into_a_chunk_is_read_at_once(self, tmp_path, numbers):
        path = write_nix(tmp_path / "a.nix", block_of(numbers))
        recording = ncs.Recording.from_segment(ncs.read_lazy(path)[0], voltage=False)
        assert type(recording.currents) is neo.AnalogSignal

    def test_proxies_load_slices_of_time_and_channels(self, tmp_path, numbers):
        path = write_nix(tmp_path / "a.nix", block_of(numbers, t_start=5 * pq.ms))
        (proxy,) = ncs.read_lazy(path)[0].segments[0].analogsignals
        part = proxy.load(time_slice=(15 * pq.ms, 0.025 * pq.s), channel_indexes=[2, 0])
        np.testing.assert_array_equal(part.magnitude, numbers[100:200][:, [2, 0]])
        assert float(part.t_start.rescale("ms")) == pytest.approx(15)
        np.testing.assert_array_equal(proxy.load().magnitude, numbers)

    def test_irregular_times_stay_in_the_file(self, tmp_path, numbers, small_chunks):
        times = np.cumsum(np.random.default_rng(2).uniform(0.01, 0.2, len(numbers)))
        block = neo.Block()
        block.segments.append(neo.Segment())
        made = neo.IrregularlySampledSignal(
            times * pq.ms, numbers, units="nA", name="c", role="current", array_annotations={"name": NAMES}
        )
        block.segments[0].irregularlysampledsignals.append(made)
        path = write_nix(tmp_path / "a.nix", block)
        lazy = ncs.Recording.from_segment(ncs.read_lazy(path)[0], voltage=False)
        eager = ncs.Recording.from_segment(block, voltage=False)
        assert is_lazy(lazy.currents)
        assert isinstance(lazy.currents, neo.IrregularlySampledSignal)
        for cut in ((lazy, eager), [r.slice(100 * pq.ms, 300 * pq.ms) for r in (lazy, eager)]):
            a, b = map(ncs.Currentscape, cut)
            np.testing.assert_array_equal(np.asarray(cut[0].times), cut[1].times.magnitude)
            np.testing.assert_allclose(*charges(a, b, "inward"), rtol=1e-12)
            np.testing.assert_allclose(
                a.columns(100).shares["outward"], b.columns(100).shares["outward"], rtol=1e-9
            )

    def test_unsorted_irregular_times_are_refused(self, tmp_path, numbers, small_chunks):
        h5py = pytest.importorskip("h5py")
        block = neo.Block()
        block.segments.append(neo.Segment())
        times = np.arange(5000.0) * pq.ms
        made = neo.IrregularlySampledSignal(times, numbers, units="nA", name="c", role="current")
        made.array_annotate(name=NAMES)
        block.segments[0].irregularlysampledsignals.append(made)
        path = write_nix(tmp_path / "a.nix", block)

        def unsort(name, item):
            if name.endswith("ticks"):
                item[4000] = 10.0

        with h5py.File(path, "r+") as file:  # nixio itself refuses to write this
            file.visititems(unsort)
        with pytest.raises(SignalError, match=r"not increasing, at 10 ms \(sample 4000\)"):
            ncs.Recording.from_segment(ncs.read_lazy(path)[0], voltage=False)


class TestNan:
    def test_nan_is_refused_when_it_is_read(self, tmp_path, numbers, small_chunks):
        numbers[4321, 1] = np.nan
        path = write_nix(tmp_path / "a.nix", block_of(numbers))
        scape = ncs.Currentscape.from_segment(ncs.read_lazy(path)[0], voltage=False)
        with pytest.raises(SignalError, match="Current 'Na' is nan at 432.1 ms: mend .* nan='gap'"):
            scape.charge("outward")

    def test_gaps_are_those_of_the_eager_read(self, tmp_path, numbers, small_chunks):
        numbers[1000:1100, 1] = np.nan
        numbers[4999, 0] = np.inf
        block = block_of(numbers)
        path = write_nix(tmp_path / "a.nix", block)
        lazy = ncs.Recording.from_segment(ncs.read_lazy(path)[0], voltage=False, nan="gap")
        eager = ncs.Recording.from_segment(block, voltage=False, nan="gap")
        assert isinstance(lazy.gaps, LazyGaps)
        np.testing.assert_array_equal(np.asarray(lazy.gaps), eager.gaps)
        window = (95 * pq.ms, 130 * pq.ms)
        for cut in ((lazy, eager), (lazy.slice(*window), eager.slice(*window))):
            a, b = map(ncs.Currentscape, cut)
            np.testing.assert_allclose(*charges(a, b, "outward"), rtol=1e-12)
            np.testing.assert_allclose(a.columns(50).shares["inward"], b.columns(50).shares["inward"])


class Proxy:
    """What Neo's proxies have, over an array; `wrong` changes what `load` gives."""

    def __init__(self, numbers, units="nA", wrong=lambda first, last: (first, last)):
        self.numbers, self.wrong = numbers, wrong
        self.shape, self.name = numbers.shape, "currents"
        self.units = None if units is None else pq.Quantity(1, units)
        self.t_start, self.sampling_rate = 0 * pq.s, 10000 * pq.Hz
        self.array_annotations, self.annotations = {"name": NAMES}, {"role": "current"}

    def load(self, time_slice=None, strict_slicing=True):
        first, last = (round(float(t * self.sampling_rate)) for t in time_slice)
        first, last = self.wrong(first, last)
        return neo.AnalogSignal(
            self.numbers[first:last],
            units=self.units,
            t_start=first / self.sampling_rate,
            sampling_rate=self.sampling_rate,
        )


class TestBadProxies:
    def test_chunks_in_their_places_are_taken(self, numbers, small_chunks):
        recording = ncs.Recording(Proxy(numbers))
        np.testing.assert_array_equal(np.asarray(recording.currents), numbers)

    def test_a_proxy_without_units(self, numbers):
        with pytest.raises(
            UnitsError, match="'currents' has no units, .* make an AnalogSignal with units="
        ):
            ncs.Recording(Proxy(numbers, units=None))

    def test_a_dimensionless_proxy_is_no_current(self, numbers):
        segment = neo.Segment()
        segment.analogsignals._items.append(Proxy(numbers, "dimensionless"))
        segment.analogsignals[0].annotations = {}
        with pytest.raises(SelectionError, match=r"write units=\{'K': 'pA'\}"):
            ncs.Recording.from_segment(segment)

    @pytest.mark.parametrize(
        ("wrong", "kind"),
        [
            (lambda first, last: (first, last - 1), "leaves a hole"),
            (lambda first, last: (first + 1, last), "leaves a hole"),
            (lambda first, last: (first - 1 if first else 0, last + 1), "overlaps others"),
        ],
    )
    def test_chunks_with_holes_and_overlaps(self, numbers, small_chunks, wrong, kind):
        recording = ncs.Recording(Proxy(numbers, wrong=wrong))
        with pytest.raises(SignalError, match=rf"signal 'currents' {kind}: samples \d+ to \d+"):
            np.asarray(recording.currents)

    def test_an_empty_proxy(self):
        with pytest.raises(SignalError, match="holds no samples"):
            proxies.as_lazy(Proxy(np.empty((0, 3))))


class TestBrokenFiles:
    def test_a_missing_file(self, tmp_path):
        with pytest.raises(FileError, match=r"There is no file .*none\.nix"):
            ncs.read_lazy(tmp_path / "none.nix")

    def test_an_unknown_format(self, tmp_path):
        (tmp_path / "a.unknown").write_text("?")
        with pytest.raises(FileError, match=r"no reader for .*a\.unknown"):
            ncs.read_lazy(tmp_path / "a.unknown")

    @pytest.mark.parametrize("kept", [0.5, 0.9])
    def test_a_nix_file_cut_short_in_the_middle(self, tmp_path, numbers, kept):
        path = write_nix(tmp_path / "a.nix", block_of(numbers))
        whole = path.read_bytes()
        path.write_bytes(whole[: int(kept * len(whole))])
        with pytest.raises(FileError, match=r"a\.nix.* could not be read by NixIO .*file is whole"):
            ncs.read_lazy(path)

    @READS_SLICES
    def test_a_file_that_becomes_shorter_while_it_is_read(self, tmp_path, numbers, small_chunks):
        # A format whose reader opens the file for each slice
        path = tmp_path / "a.raw"
        numbers.tofile(path)
        io = neo.io.RawBinarySignalIO(str(path), dtype="float64", sampling_rate=10000.0, nb_channel=3)
        segment = io.read_block(lazy=True).segments[0]
        given = {"units": {f"ch{k}": "nA" for k in range(3)}, "voltage": False}
        recording = ncs.Recording.from_segment(segment, currents=["ch*"], **given)
        path.write_bytes(path.read_bytes()[: 24 * 2500])
        with pytest.raises(SignalError, match="check that the file is whole"):
            np.asarray(recording.currents)

    @READS_SLICES
    @pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
    def test_no_picture_is_half_written(self, tmp_path, numbers, small_chunks, ending, monkeypatch):
        """The file is cut between drawing and saving, which reads it anew for a page of more dots."""
        monkeypatch.setattr(columns, "CHUNK", 5000)
        path, picture = tmp_path / "a.raw", tmp_path / f"picture.{ending}"
        np.tile(numbers, (8, 1)).tofile(path)  # more than is read at once for anything
        io = neo.io.RawBinarySignalIO(str(path), dtype="float64", sampling_rate=10000.0, nb_channel=3)
        given = {"units": {f"ch{k}": "nA" for k in range(3)}, "voltage": False, "currents": ["ch*"]}
        recording = ncs.Recording.from_segment(io.read_block(lazy=True).segments[0], **given)
        figure = ncs.Currentscape(recording).plot(size=(2, 2))
        picture.write_text("an older picture")
        path.write_bytes(path.read_bytes()[: 24 * 2500])
        with pytest.raises(SignalError, match="check that the file is whole"):
            figure.save(picture, dpi=900)
        assert picture.read_text() == "an older picture"

    def test_a_proxy_whose_units_were_lost(self, tmp_path, numbers):
        path = tmp_path / "a.raw"
        numbers.tofile(path)
        io = neo.io.RawBinarySignalIO(str(path), dtype="float64", sampling_rate=10000.0, nb_channel=3)
        segment = io.read_block(lazy=True).segments[0]
        segment.analogsignals[0].units = None
        with pytest.raises(UnitsError, match=r"^The lazily read signal 'Signals' has no units, .* load it"):
            ncs.Recording.from_segment(segment)


class TestProgress:
    @pytest.fixture
    def bars(self, monkeypatch):
        """Every number of samples that a bar was told."""
        tqdm = pytest.importorskip("tqdm")
        made = []

        class Bar(tqdm.tqdm):
            def __init__(self, *args, **options):
                super().__init__(*args, **options)
                made.append(self)

        monkeypatch.setattr(tqdm, "tqdm", Bar)
        return made

    def test_each_pass_has_a_bar_that_ends(self, tmp_path, numbers, small_chunks, monkeypatch, bars):
        monkeypatch.setattr(progress, "SHOW", True)
        path = write_nix(tmp_path / "a.nix", block_of(numbers))
        scape = ncs.Currentscape.from_segment(ncs.read_lazy(path)[0], voltage=False)
        scape.columns(100)
        assert [(bar.n, bar.total, bar.desc) for bar in bars] == [(5000, 5000, "reading currents")]
        assert bars[0].disable  # it is closed

    def test_no_bar_where_there_is_no_terminal(self, tmp_path, numbers, small_chunks, bars):
        path = write_nix(tmp_path / "a.nix", block_of(numbers))
        ncs.Currentscape.from_segment(ncs.read_lazy(path)[0], voltage=False).columns(100)
        assert bars == []


def big_file(path, n_samples, n_currents=12):
    """A NIX file, written without ever being in memory whole."""
    nixio = pytest.importorskip("nixio")
    names = [f"I{k}" for k in range(n_currents)]
    write_nix(path, block_of(np.zeros((n_samples, 1))))  # the structure that Neo writes
    with nixio.File.open(str(path), nixio.FileMode.ReadWrite) as file:
        block = file.blocks[0]
        group, old = block.groups[0], block.data_arrays[0]
        base = old.name.rsplit(".", 1)[0]
        old.metadata["name"] = names
        old.metadata.props["name"].type = "ARRAYANNOTATION"
        for k in range(1, n_currents):
            array = block.create_data_array(
                f"{base}.{k}", "neo.analogsignal", dtype=float, shape=(n_samples,)
            )
            array.unit, array.metadata = "nA", old.metadata
            dimension = array.append_sampled_dimension(0.1)
            dimension.unit, dimension.label = "ms", "time"
            group.data_arrays.append(array)
        for k in range(n_currents):
            array = block.data_arrays[f"{base}.{k}"]
            for first in range(0, n_samples, 1_000_000):
                time = np.arange(first, min(first + 1_000_000, n_samples))
                array[first : first + len(time)] = np.sin(time / (50 + 7 * k) + k)
    return path


@pytest.mark.slow
def test_memory_is_bounded_by_the_chunk(tmp_path, monkeypatch):
    path = big_file(tmp_path / "big.nix", n_samples=2_000_000)
    monkeypatch.setattr(rows, "CHUNK_BYTES", 1 << 21)
    size = 2_000_000 * 12 * 8
    assert path.stat().st_size > size
    (block,) = ncs.read_lazy(path)
    with contextlib.suppress(ImportError):
        import neo_currentscape.reduction.compiled  # noqa: F401  compiles, which takes memory of its own
    gc.collect()
    tracemalloc.start()
    try:
        scape = ncs.Currentscape.from_segment(block, voltage=False)
        contributions = scape.contributions("outward")
        columns = scape.columns(1000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert contributions.sum() == pytest.approx(1)
    assert len(columns.times) == 1000
    # The whole file is 192 MB; the reduction's own step is 2 ** 18 samples, that is 25 MB.
    assert peak < 0.3 * size
    assert contributions == pytest.approx(np.full(12, 1 / 12), abs=0.005)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
def test_a_figure_of_a_file_larger_than_a_cap_on_memory(tmp_path):
    """A process that may not hold the file draws it; one that reads it whole is stopped."""
    path = big_file(tmp_path / "big.nix", n_samples=5_000_000)  # 480 MB
    code = f"""
import resource, sys
import matplotlib; matplotlib.use("agg")
import neo, neo_currentscape as ncs
import quantities as pq
currents = neo.AnalogSignal([[1.0, -1]] * 5, units="nA", sampling_rate=10 * pq.kHz)
currents.array_annotate(name=["a", "b"])
small = ncs.Recording(currents)
ncs.Currentscape(small).plot().save({str(tmp_path / "small.png")!r})
try:
    import neo_currentscape.reduction.compiled  # the compiler is no part of what is measured
except ImportError:
    pass
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 300 * 2**20,) * 2)
if sys.argv[1] == "lazy":
    block, = ncs.read_lazy({str(path)!r})
else:
    block = neo.io.NixIO({str(path)!r}, "ro").read_block()
ncs.Currentscape.from_segment(block, voltage=False).plot().save({str(tmp_path / "big.png")!r})
"""
    run = [sys.executable, "-W", "ignore", "-c", code]
    lazy = subprocess.run([*run, "lazy"], capture_output=True, text=True, timeout=300)
    assert lazy.returncode == 0, lazy.stderr
    assert (tmp_path / "big.png").stat().st_size > 10_000
    eager = subprocess.run([*run, "eager"], capture_output=True, text=True, timeout=300)
    assert "MemoryError" in eager.stderr


def test_what_is_no_path_is_refused():
    with pytest.raises(ArgumentTypeError, match=r"^read_lazy\(\) takes the path of a file, not 3"):
        ncs.read_lazy(3)


@pytest.mark.parametrize("attributes", [{}, {"units": "nA"}, {"units": "nA", "sampling_rate": 10 * pq.kHz}])
def test_an_array_of_another_library_that_has_a_load_is_told_what_to_pass(attributes):
    class Labelled:  # as xarray's: `load` reads it into memory and gives it back
        shape = (10, 2)
        load = property(lambda self: lambda: self)

    array = Labelled()
    vars(array).update(attributes)
    with pytest.raises(ArgumentTypeError, match="currents is a Labelled: pass a neo.AnalogSignal"):
        ncs.Recording(array)
