"""Lazily read recordings in chunks of any size, readers that fail, full files, and hostile text."""

import io
import time
import warnings

import matplotlib
import neo
import numpy as np
import pytest
import quantities as pq
from fuzz_cases import cases
from fuzz_segments import names, segments
from hypothesis import strategies as st

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import CurrentscapeError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording.lazy import rows
from neo_currentscape.recording.lazy.signal import LazySignal, LazyTimes

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")


class Broken(Exception):
    """What a library underneath may raise."""


def unread(signal, fails_at=None):
    """The same signal, read where it is sliced; beyond a sample the reader fails."""
    values = np.asarray(signal.magnitude, dtype=float)

    def read(first, last, channels):
        if fails_at is not None and last > fails_at:
            raise Broken(f"sample {fails_at}")
        return values[first:last].copy() if channels is None else values[first:last, list(channels)]

    times = (signal.t_start, getattr(signal, "sampling_rate", None))
    if isinstance(signal, neo.IrregularlySampledSignal):
        own = signal.times.magnitude[:, None]
        times = LazyTimes(rows.LazyArray(lambda a, b, _: own[a:b].copy(), own.shape), signal.times.units)
    arrays = dict(signal.array_annotations)
    return LazySignal(
        rows.LazyArray(read, values.shape), signal.units, times, signal.name, arrays, **signal.annotations
    )


def lazily(drawn, **options):
    segment = neo.Segment()
    for signal in drawn.segment.analogsignals:
        segment.analogsignals.append(unread(signal, **options))
    for signal in drawn.segment.irregularlysampledsignals:
        segment.irregularlysampledsignals.append(unread(signal, **options))
    return ncs.Recording.from_segment(segment, **drawn.selection)


@cases(segments(most_samples=60), st.integers(1, 20), st.integers(8, 400))
def test_a_lazily_read_recording_is_one_in_memory(drawn, n, chunk):
    scape = ncs.Currentscape(ncs.Recording.from_segment(drawn.segment, **drawn.selection))
    before, rows.CHUNK_BYTES = rows.CHUNK_BYTES, chunk
    try:
        lazy = ncs.Currentscape(lazily(drawn))
        for d in DIRECTIONS:
            a, b = (one.columns(n) for one in (lazy, scape))
            np.testing.assert_array_equal(a.times, b.times)
            np.testing.assert_allclose(a.shares[d], b.shares[d], rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(lazy.contributions(d), scape.contributions(d), rtol=1e-9, atol=1e-12)
            np.testing.assert_array_equal(lazy.peaks(d), scape.peaks(d))
            np.testing.assert_array_equal(lazy.shares(d).magnitude, scape.shares(d).magnitude)
        for part in a.extremes:
            np.testing.assert_allclose(a.extremes[part].low, b.extremes[part].low, rtol=1e-12)
    finally:
        rows.CHUNK_BYTES = before


@cases(segments(most_samples=60, with_gaps=False), st.data())
def test_a_reader_that_fails_is_heard_and_leaves_nothing_wrong(drawn, data):
    """No half of a recording passes for the whole; and once it can be read, it is read."""
    fails_at = data.draw(st.integers(0, len(drawn.times) - 1))
    ask = data.draw(
        st.sampled_from(
            [
                lambda scape: scape.columns(3),
                lambda scape: scape.charge("outward"),
                lambda scape: scape.to_dataframe(),
                lambda scape: scape.shares("inward"),
                lambda scape: scape.peaks("inward"),
            ]
        )
    )
    settings = dict(matplotlib.rcParams)
    # After all draws: one that ends the case leaves nothing behind.
    before, rows.CHUNK_BYTES = rows.CHUNK_BYTES, 64
    try:
        with pytest.raises((Broken, CurrentscapeError)):
            ask(ncs.Currentscape(lazily(drawn, fails_at=fails_at)))
        ask(ncs.Currentscape(lazily(drawn)))
    finally:
        rows.CHUNK_BYTES = before
    assert dict(matplotlib.rcParams) == settings


class Full(io.BytesIO):
    """A file that takes so many bytes."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def write(self, data):
        if self.tell() + len(data) > self.room:
            raise OSError(28, "No space left on device")
        return super().write(data)


@cases(
    segments(most_currents=4),
    st.integers(0, 30_000),
    st.sampled_from(["png", "svg", "pdf"]),
    few=5,
    part=0.02,
)
def test_a_file_that_is_full_is_said_and_the_next_figure_is_whole(drawn, room, kind):
    settings = dict(matplotlib.rcParams)
    figure = ncs.Currentscape(ncs.Recording.from_segment(drawn.segment, **drawn.selection)).plot()
    whole = io.BytesIO()
    figure.fig.savefig(whole, format=kind)
    if len(whole.getvalue()) > room + 4000:
        with pytest.raises(OSError, match="No space left"):
            figure.fig.savefig(Full(room), format=kind)
    again = io.BytesIO()
    figure.fig.savefig(again, format=kind)
    assert abs(len(again.getvalue()) - len(whole.getvalue())) < 0.01 * len(whole.getvalue()) + 100
    assert dict(matplotlib.rcParams) == settings


@cases(segments(most_samples=25, most_currents=4), few=3, part=0.03)
def test_a_figure_of_anything_is_drawn(drawn):
    scape = ncs.Currentscape(ncs.Recording.from_segment(drawn.segment, **drawn.selection))
    figure = scape.plot(panels="all")
    figure.fig.canvas.draw()
    assert len(figure.axes) >= 5


#: Where a pattern may run back and forth over a long name, and where a name may mean something.
PIECES = (
    "!",
    "*",
    "_i",
    "_g",
    "_v",
    "_stim[",
    "a",
    "(",
    ")",
    "[",
    "]",
    ".",
    "_",
    "i",
    "I",
    "stim",
    "0",
    " ",
    "v",
    "ca",
    "merge(",
    ", ",
    "\\",
    "é",
    "\x1b",
)


@cases(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4),
    st.lists(st.sampled_from(PIECES), max_size=3),
    st.sampled_from(["nA", "mV", "dimensionless", "mM"]),
    few=25,
    part=0.3,
)
def test_names_of_any_length_cost_no_time(begin, end, unit):
    begun = time.process_time()
    for name in ("".join(begin) * (100_000 // len("".join(begin))) + "".join(end), "".join(end)):
        segment = neo.Segment()
        for own, of in (("ik", "nA"), ("v", "mV"), (name, unit)):
            segment.analogsignals.append(
                neo.AnalogSignal(np.ones((3, 1)), units=of, sampling_period=1 * pq.ms, name=own)
            )
        try:
            ncs.Recording.from_segment(segment, voltage="v")
            ncs.summarise(segment)
            ncs.Recording.from_segment(segment, voltage="v", currents=[name[:200] + "*"])
        except (CurrentscapeError, UserWarning):
            pass
    assert time.process_time() - begun < 3.0


@cases(st.text(max_size=30) | st.text("nmuAVcspF*/()^0123456789 -", max_size=20), few=100)
def test_any_text_of_a_unit_is_a_unit_or_a_sentence(text):
    from neo_currentscape.conventions import units

    begun = time.process_time()
    try:
        found = units.parse_units(text)
        assert float(found.magnitude) == 1.0
    except CurrentscapeError as error:
        assert str(error)
    assert time.process_time() - begun < 1.0


@cases(st.lists(names, min_size=1, max_size=4, unique=True), few=25)
def test_any_name_finds_its_current(labels):
    segment = neo.Segment()
    for k, name in enumerate(labels):
        segment.analogsignals.append(
            neo.AnalogSignal(np.full((3, 1), k + 1.0), units="nA", sampling_period=1 * pq.ms, name=name)
        )
    for k, name in enumerate(labels):
        try:
            with warnings.catch_warnings():
                # A name may be that of a command ("COM"), and of that alone is warned.
                warnings.filterwarnings("ignore", ".* is drawn as the membrane's only current")
                found = ncs.Recording.from_segment(segment, voltage=False, currents={"x": name})
        except CurrentscapeError as error:
            assert str(error)
            continue
        assert found.names == ["x"] and found.currents.magnitude[0, 0] == k + 1.0
