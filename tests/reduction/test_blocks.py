"""Any window of a recording from its blocks, compared with all samples reduced at once."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.reduction.blocks import Blocks, n_blocks_for
from neo_currentscape.reduction.chunks import reduce
from neo_currentscape.reduction.columns import columns

N = 5003


def made(regular=True, gaps=False):
    rng = np.random.default_rng(3)
    numbers = rng.normal(size=(N, 3)) * [1.0, 5.0, 0.1]
    if gaps:
        numbers[700:760] = np.nan
    names = {"name": ["K", "Na", "leak"]}
    if regular:
        at = {"sampling_period": 0.1 * pq.ms, "t_start": 20 * pq.ms}
        currents = neo.AnalogSignal(numbers, units="nA", array_annotations=names, **at)
        voltage = neo.AnalogSignal(rng.normal(size=(N, 1)), units="mV", **at)
    else:
        times = np.cumsum(rng.uniform(0.01, 0.3, N)) * pq.ms
        currents = neo.IrregularlySampledSignal(times, numbers, units="nA", array_annotations=names)
        voltage = neo.IrregularlySampledSignal(times, rng.normal(size=(N, 1)), units="mV")
    return ncs.Recording(currents, voltage=voltage, nan="gap" if gaps else "error")


def same(found, expected):
    np.testing.assert_allclose(found.times, expected.times, rtol=1e-12)
    for direction in ("outward", "inward"):
        for what in ("shares", "means", "flows", "charges"):
            own, other = (getattr(one, what)[direction] for one in (found, expected))
            np.testing.assert_allclose(own, other, rtol=1e-9, atol=1e-12, err_msg=f"{what} {direction}")
    for key, ends in expected.extremes.items():
        np.testing.assert_array_equal(found.extremes[key].low, ends.low, err_msg=key)
        np.testing.assert_array_equal(found.extremes[key].high, ends.high, err_msg=key)


@pytest.mark.parametrize("regular", [True, False])
@pytest.mark.parametrize("gaps", [True, False])
@pytest.mark.parametrize("window", [(None, None), (61.3, 430.0), (None, 300.0), (415.0, None)])
def test_columns_of_blocks_are_their_samples_reduced(regular, gaps, window):
    recording = made(regular, gaps)
    blocks = Blocks.of(recording, 400)
    found = blocks.columns(recording, 60, *window)

    assert found.reduced
    assert 60 <= len(found.times) <= 121
    # The same bins, by a reduction of all samples that knows nothing of blocks.
    times = recording.times.rescale("ms").magnitude
    start, stop = window[0] or times[0], window[1] or times[-1]
    inner = times[np.clip(blocks.starts, 0, N - 1)]
    first = (
        np.searchsorted(
            blocks.starts, max(np.searchsorted(times, start - 1e-9) - (window[0] is not None), 0), "right"
        )
        - 1
    )
    last = np.searchsorted(blocks.starts, min(np.searchsorted(times, stop - 1e-9) + 1, N), "left")
    edges = inner[np.append(np.arange(first, last, (last - first) // 60), last)]
    rows = slice(blocks.starts[first], blocks.starts[last])
    durations = trapezoid(times, recording.gaps, regular)[rows]
    others = {"voltage": recording.voltage.magnitude[rows]}
    blank = None if recording.gaps is None else recording.gaps[rows]
    numbers = recording.currents.magnitude[rows]
    # A sample at a border belongs to what follows: limits between samples say that in times.
    whole = reduce(times[rows], durations, numbers, others, edges, blank, kernel="numpy", flows=True)
    same(found, columns(whole))


def trapezoid(times, gaps, regular):
    if regular:
        return np.where(gaps if gaps is not None else False, 0.0, 0.1) * np.ones(N)
    steps = np.diff(times)
    if gaps is not None:
        steps[gaps[1:] | gaps[:-1]] = 0
    return (np.append(steps, 0) + np.append(0, steps)) / 2


@pytest.mark.parametrize("regular", [True, False])
def test_short_windows_are_those_of_the_samples(regular):
    recording = made(regular)
    scape, blocks = ncs.Currentscape(recording), Blocks.of(recording, 100)
    for window in ((100.0, 130.0), (21.0, 21.5), (430.0, None)):
        same_window = blocks.columns(recording, 60, *window), scape.columns(60, *window, flows=True)
        found, expected = same_window
        np.testing.assert_array_equal(found.times, expected.times)
        np.testing.assert_array_equal(found.shares["inward"], expected.shares["inward"])
        np.testing.assert_array_equal(found.extremes["currents"].high, expected.extremes["currents"].high)


@pytest.mark.parametrize("regular", [True, False])
@pytest.mark.parametrize("window", [(None, None), (61.3, 433.3), (61.3, 61.9), (61.3, 68.0), (None, 20.0)])
def test_charges_of_a_window_are_exact_within_a_block_too(regular, window):
    recording = made(regular, gaps=True)
    found = Blocks.of(recording, 90).charges(recording, *window)

    times = recording.times.rescale("ms").magnitude
    inside = (times >= (window[0] or -np.inf) - 1e-9) & (times < (window[1] or np.inf) - 1e-9)
    weights = np.where(inside, trapezoid(times, recording.gaps, regular), 0.0)
    numbers = np.nan_to_num(recording.currents.magnitude)
    np.testing.assert_allclose(found["outward"], weights @ np.maximum(numbers, 0), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["inward"], weights @ np.maximum(-numbers, 0), rtol=1e-9, atol=1e-12)


def test_chunks_of_an_unread_file_give_the_same(tmp_path, monkeypatch):
    recording = made()
    block = neo.Block()
    block.segments.append(recording.to_segment())
    with neo.NixIO(str(tmp_path / "a.nix"), "ow") as file:
        file.write_block(block)
    expected = Blocks.of(recording, 77)
    for module in ("reduction.columns", "recording.lazy.rows"):
        monkeypatch.setattr(f"neo_currentscape.{module}.chunk_rows", lambda n_channels: 501, raising=False)
    monkeypatch.setattr("neo_currentscape.recording.lazy.stack.chunk_rows", lambda n_channels: 501)
    unread = ncs.Recording.from_segment(tmp_path / "a.nix")
    told = []
    found = Blocks.of(unread, 77, progress=lambda done, whole: told.append((done, whole)))

    assert len(told) > 5
    assert told[-1] == (N, N)
    same(columns(found.partial), columns(expected.partial))


def test_a_block_is_never_less_than_a_sample():
    recording = made()
    blocks = Blocks.of(recording)
    assert np.array_equal(Blocks.of(recording, 10 * N).starts, np.arange(N + 1))
    assert n_blocks_for(400, 0) >= 1 << 12
    assert blocks.n_bytes < 1 << 20


def test_a_window_of_many_values_has_as_many_columns_as_blocks_where_these_do(monkeypatch):
    from neo_currentscape.reduction import blocks as module

    recording, asked = made(), []
    blocks, plain = Blocks.of(recording, 400), module.reduce_recording
    monkeypatch.setattr(
        module, "reduce_recording", lambda *given, **named: asked.append(1) or plain(*given, **named)
    )
    window = (100.0, 200.0)  # 1000 samples of 12 or 13 a block
    read = blocks.columns(recording, 300, *window)
    assert asked and len(read.times) > 250
    asked.clear()
    monkeypatch.setattr(module, "MOST_READ", 1000)
    monkeypatch.setattr(module, "ENOUGH", 50)
    found = blocks.columns(recording, 300, *window)
    assert not asked
    assert 79 <= len(found.times) <= 82
    # The window begins at sample 800, as the recording does at 20 ms, and the one before is seen as well.
    k = np.searchsorted(blocks.starts, 799, "right") - 1
    rows = recording.currents.magnitude[blocks.starts[k] : blocks.starts[k + 1]]
    assert found.extremes["currents"].high[1, 0] == rows[:, 1].max()
    monkeypatch.setattr(module, "ENOUGH", 150)
    blocks.columns(recording, 300, *window)
    assert asked


def test_blocks_in_another_unit_are_those_of_the_recording_in_that_unit():
    from neo_currentscape.cli.view.rescaled import in_unit

    recording = made(gaps=True)
    larger = in_unit(recording, "pA")
    scaled, expected = Blocks.of(recording, 400).scaled(1000.0), Blocks.of(larger, 400)
    found, right = (one.columns(larger, 60, 100.0, 400.0) for one in (scaled, expected))
    for key, ends in right.extremes.items():
        np.testing.assert_allclose(found.extremes[key].low, ends.low, rtol=1e-12, err_msg=key)
        np.testing.assert_allclose(found.extremes[key].high, ends.high, rtol=1e-12, err_msg=key)
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(found.flow(direction), right.flow(direction), rtol=1e-9)
        np.testing.assert_allclose(found.means[direction], right.means[direction], rtol=1e-9)
        np.testing.assert_allclose(found.shares[direction], right.shares[direction], rtol=1e-12)
    for direction in ("outward", "inward"):
        own, other = (one.charges(larger, 100.0, 400.0)[direction] for one in (scaled, expected))
        np.testing.assert_allclose(own, other, rtol=1e-9)


def test_blocks_are_much_less_than_what_they_are_of():
    assert len(Blocks.of(made()).starts) - 1 == -(-N // 64)
