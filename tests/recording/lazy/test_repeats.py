"""Times that are recorded twice, in files of several chunks: what was before, and what is from there on."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.recording import sampling
from neo_currentscape.recording.lazy import repeats, rows
from neo_currentscape.recording.lazy.rows import LazyArray
from neo_currentscape.recording.lazy.signal import LazyTimes, is_lazy

pytest.importorskip("nixio")


@pytest.fixture(params=[7, 16, 40])
def chunks(request, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8 * 3 * request.param)


def segment_of(times, values):
    made = neo.Segment()
    names = {"name": ["a", "b", "c"]}
    for numbers, units, name, more in (
        (values, "nA", "i", {"role": "current", "array_annotations": names}),
        (values[:, :1] * 10 - 60, "mV", "v", {}),
    ):
        made.irregularlysampledsignals.append(
            neo.IrregularlySampledSignal(times * pq.ms, numbers, units=units, name=name, **more)
        )
    return made


def both(folder, times, values):
    """The Recording in memory, and the one in a file."""
    block = neo.Block()
    block.segments.append(segment_of(times, values))
    path = str(folder / "events.nix")
    with neo.io.NixIO(path, "ow") as io:
        io.write_block(block)
    return ncs.Recording.from_segment(block.segments[0]), ncs.Recording.from_segment(path)


@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_are_those_of_the_signal_in_memory(tmp_path, chunks, seed):
    random = np.random.default_rng(seed)
    times = np.cumsum(random.integers(0, 3, 90) * random.choice([0.1, 1.0, 0.025], 90))
    memory, file = both(tmp_path, times, random.normal(size=(90, 3)))
    assert is_lazy(file.currents) and not is_lazy(memory.currents)
    assert (np.diff(times) == 0).any() and (np.diff(file.currents.times.magnitude) > 0).all()
    ours, theirs = ncs.Currentscape(file), ncs.Currentscape(memory)
    for direction in ("outward", "inward"):
        charges = [s.charge(direction).magnitude for s in (ours, theirs)]
        np.testing.assert_allclose(*charges, rtol=1e-12)
        for n in (2, 5, 17):
            found, wanted = ours.columns(n), theirs.columns(n)
            np.testing.assert_allclose(found.shares[direction], wanted.shares[direction], atol=1e-9)
            np.testing.assert_allclose(found.means[direction], wanted.means[direction], atol=1e-9)
            np.testing.assert_allclose(found.extremes[direction].high, wanted.extremes[direction].high)
    part = [rec.slice(times[20] * pq.ms, times[70] * pq.ms) for rec in (file, memory)]
    np.testing.assert_array_equal(*(np.asarray(rec.currents.magnitude) for rec in part))


def test_an_event_on_a_border_of_columns_weighs_no_more_than_half_a_step(tmp_path, chunks):
    # Steps of 1 ms, with an event at 60 ms at which one current gives way to another.
    times = np.r_[0:61, 60:121].astype(float)
    before = np.arange(122) < 61
    values = np.array([before, ~before, np.zeros(122)], dtype=float).T
    found = [ncs.Currentscape(rec).columns(2).shares["outward"] for rec in both(tmp_path, times, values)]
    np.testing.assert_array_equal(*found)
    np.testing.assert_allclose(found[0][:2], [[1, 0], [0, 1]], atol=0.5 / 60)


@pytest.mark.parametrize("begin", [0, 3, 19, 40])
def test_parts_are_set_apart_as_the_whole(begin):
    random = np.random.default_rng(begin)
    numbers = np.cumsum(random.integers(0, 2, 60) * 0.1)
    stored = LazyTimes(LazyArray(lambda first, last, _: numbers[first:last, None].copy(), (60, 1)), pq.ms)
    part = repeats.set_apart(stored).values.read(begin, 50)[:, 0]
    np.testing.assert_array_equal(part, sampling.set_apart(numbers)[begin:50])
