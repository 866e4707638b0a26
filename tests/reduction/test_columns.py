"""The reduction of recordings to columns against brute force, and `merge` against one piece."""

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from neo_currentscape import Currentscape, Recording
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.reduction import columns, kernel

DIRECTIONS = ("outward", "inward")


def data(seed, n, n_currents=3, irregular=True, zeros=0.2):
    rng = np.random.default_rng(seed)
    currents = rng.standard_normal((n, n_currents)) * 10.0 ** rng.integers(-3, 4, n_currents)
    currents[rng.random(currents.shape) < zeros] = 0.0
    times = np.cumsum(rng.uniform(1e-3, 1.0, n)) if irregular else 5.0 + 0.1 * np.arange(n)
    durations = rng.uniform(0.0, 1.0, n) if irregular else 0.1
    return times, durations, currents, {"voltage": rng.standard_normal((n, 1))}


def brute_force(times, durations, currents, others, edges, gaps=None):
    """The same numbers sample by sample, with np.add.at and loops over bins."""
    n_bins = len(edges) - 1
    bins = np.searchsorted(edges, times, side="right") - 1
    bins[times == edges[-1]] = n_bins - 1
    within = (bins >= 0) & (bins < n_bins)
    good = within if gaps is None else within & ~gaps
    weights = np.broadcast_to(durations, times.shape)
    out = {"samples": np.bincount(bins[within], minlength=n_bins), "time": np.zeros(n_bins)}
    np.add.at(out["time"], bins[good], weights[good])
    signals = {"currents": currents, **others}
    for direction, sign in (("outward", 1), ("inward", -1)):
        part = np.where(sign * currents > 0, sign * currents, 0.0)
        total = part.sum(axis=1)
        shares = part / np.where(total > 0, total, 1.0)[:, None]
        signals[direction] = total[:, None]
        for key, numbers in (("shares", shares), ("totals", total[:, None])):
            sums = np.zeros((n_bins, numbers.shape[1]))
            np.add.at(sums, bins[good], numbers[good] * weights[good, None])
            out[key, direction] = sums.T
        out["charge", direction] = weights[good] @ part[good]
    for key, numbers in signals.items():
        low = np.full((numbers.shape[1], n_bins), np.inf)
        high = -low
        for k in range(n_bins):
            held = numbers[good & (bins == k)]
            if len(held):
                low[:, k], high[:, k] = held.min(axis=0), held.max(axis=0)
        out["low", key], out["high", key] = low, high
    return out


def check(partial, expected):
    np.testing.assert_array_equal(partial.samples, expected["samples"])
    np.testing.assert_allclose(partial.time, expected["time"], rtol=1e-12, atol=1e-300)
    for d in DIRECTIONS:
        np.testing.assert_allclose(partial.shares[d], expected["shares", d], rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(partial.totals[d], expected["totals", d], rtol=1e-11, atol=1e-300)
        np.testing.assert_allclose(partial.charge[d], expected["charge", d], rtol=1e-11, atol=1e-300)
    for key, found in partial.extremes.items():
        # Extremes of recorded signals are exact; those of sums up to the order of summation.
        tolerance = 1e-13 if key in DIRECTIONS else 0.0
        np.testing.assert_allclose(found.low, expected["low", key], rtol=tolerance)
        np.testing.assert_allclose(found.high, expected["high", key], rtol=tolerance)


cases = st.tuples(st.integers(0, 10_000), st.integers(2, 120), st.integers(1, 5), st.booleans())


@given(cases, st.integers(1, 60), st.sampled_from([3, 16, 1 << 16]))
@settings(max_examples=150)
def test_reduce_against_brute_force(case, n_bins, block_values):
    given_data = data(*case)
    edges = np.linspace(given_data[0][0], given_data[0][-1], n_bins + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "BLOCK_VALUES", block_values)
        check(columns.reduce(*given_data, edges), brute_force(*given_data, edges))


@given(cases, st.integers(1, 30), st.integers(0, 100))
def test_gaps_against_brute_force(case, n_bins, seed):
    given_data = data(*case)
    gaps = np.random.default_rng(seed).random(len(given_data[0])) < 0.3
    currents = given_data[2].copy()
    currents[gaps, 0] = np.nan
    edges = np.linspace(given_data[0][0], given_data[0][-1], n_bins + 1)
    broken = (*given_data[:2], currents, given_data[3])
    check(columns.reduce(*broken, edges, gaps), brute_force(*given_data, edges, gaps))
    assert np.isnan(currents[gaps, 0]).all()


@given(cases, st.integers(1, 30))
def test_samples_outside_of_the_bins_belong_to_none(case, n_bins):
    given_data = data(*case)
    times = given_data[0]
    edges = np.linspace(np.quantile(times, 0.3), np.quantile(times, 0.7) + 1e-3, n_bins + 1)
    check(columns.reduce(*given_data, edges), brute_force(*given_data, edges))


@given(cases, st.integers(1, 30), st.data())
def test_chunks_merge_to_the_whole_whatever_their_borders_and_order(case, n_bins, drawn):
    times, durations, currents, others = data(*case)
    n = len(times)
    edges = np.linspace(times[0], times[-1], n_bins + 1)
    borders = sorted(drawn.draw(st.lists(st.integers(0, n), max_size=6)))
    pieces = [slice(a, b) for a, b in zip([0, *borders], [*borders, n], strict=True)]
    partials = [
        columns.reduce(
            times[rows],
            durations if np.ndim(durations) == 0 else durations[rows],
            currents[rows],
            {key: array[rows] for key, array in others.items()},
            edges,
        )
        for rows in pieces
    ]
    expected = brute_force(times, durations, currents, others, edges)
    while len(partials) > 1:  # neighbours or not, in any grouping
        a = partials.pop(drawn.draw(st.integers(0, len(partials) - 1)))
        b = partials.pop(drawn.draw(st.integers(0, len(partials) - 1)))
        partials.append(columns.merge(a, b))
    check(partials[0], expected)


def test_builders_take_chunk_after_chunk():
    times, durations, currents, others = data(1, 100)
    edges = np.linspace(times[0], times[-1], 8)
    builder = kernel.Builder(edges, 3, {"voltage": 1}, {"sum": np.array([0.0, 1.0, 1.0])})
    for rows in (slice(0, 33), slice(33, 34), slice(34, 34), slice(34, 100)):
        part = {key: array[rows] for key, array in others.items()}
        builder.add(times[rows], durations[rows], currents[rows], part)
    partial = builder.partial()
    with_sum = {**others, "sum": currents[:, [1]] + currents[:, [2]]}
    check(partial, brute_force(times, durations, currents, with_sum, edges))


@pytest.mark.parametrize("change", ["edges", "signals"])
def test_partials_that_do_not_belong_together_are_refused(change):
    times, durations, currents, others = data(1, 20)
    a = columns.reduce(times, durations, currents, others, np.linspace(0, 9, 5))
    if change == "edges":
        b = columns.reduce(times, durations, currents, others, np.linspace(0, 8, 5))
        message = "Two parts of a reduction have different bins: give both the same edges"
    else:
        b = columns.reduce(times, durations, currents, {}, np.linspace(0, 9, 5))
        message = "Two parts of a reduction hold different signals"
    with pytest.raises(ArgumentError, match=message):
        columns.merge(a, b)


def test_inputs_are_untouched_and_may_be_read_only():
    times, durations, currents, others = data(1, 50)
    arrays = [times, durations, currents, others["voltage"]]
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    columns.reduce(times, durations, currents, others, np.linspace(times[0], times[-1], 9))
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("layout", ["C", "F", "strided", "float32", "int"])
def test_any_layout_will_do(layout):
    times, durations, currents, others = data(2, 64)
    currents = np.round(currents)
    edges = np.linspace(times[0], times[-1], 7)
    expected = brute_force(times, durations, currents, others, edges)
    stored = {
        "C": np.ascontiguousarray(currents),
        "F": np.asfortranarray(currents),
        "strided": np.repeat(currents, 2, axis=0)[::2],
        "float32": currents.astype(np.float32),
        "int": currents.astype(np.int64),
    }[layout]
    check(columns.reduce(times, durations, stored, others, edges), expected)


def test_subnormal_totals_have_finite_shares():
    currents = np.array([[5e-324, 5e-324], [1e-310, 3e-310], [1.0, 3.0]])
    partial = columns.reduce(np.arange(3.0), 1.0, currents, {}, np.array([0.0, 1.5, 3.0]))
    means = partial.shares["outward"] / partial.time
    np.testing.assert_allclose(means, [[0.375, 0.25], [0.625, 0.75]])


# recordings


def recording(n=500, irregular=False, seed=0, gaps=None, n_currents=4):
    times, _, currents, others = data(seed, n, n_currents, irregular)
    rng = np.random.default_rng(seed + 1)
    if gaps is not None:
        currents[gaps, 1] = np.nan
    ions = rng.random((n, 2))

    def signal(values, units, names):
        arrays = {"name": names}
        if irregular:
            return neo.IrregularlySampledSignal(
                times, values, units=units, time_units="ms", array_annotations=arrays
            )
        return neo.AnalogSignal(
            values, units=units, t_start=5 * pq.ms, sampling_period=0.1 * pq.ms, array_annotations=arrays
        )

    return Recording(
        signal(currents, "nA", [f"I{k}" for k in range(n_currents)]),
        signal(others["voltage"], "mV", ["v"]),
        signal(ions, "mM", ["cai", "nai"]),
        nan="error" if gaps is None else "gap",
    )


def expected_columns(rec, n_columns):
    times = rec.times.rescale("ms").magnitude
    steps = np.diff(times)
    if isinstance(rec.currents, neo.AnalogSignal):
        durations = np.full(len(times), 0.1)
    else:
        if rec.gaps is not None:
            steps = np.where(rec.gaps[1:] | rec.gaps[:-1], 0, steps)
        durations = np.concatenate([[0], steps / 2]) + np.concatenate([steps / 2, [0]])
    others = {"voltage": rec.voltage.magnitude, "ions": rec.ions.magnitude}
    edges = np.linspace(times[0], times[-1], n_columns + 1)
    currents = np.nan_to_num(rec.currents.magnitude)
    return edges, brute_force(times, durations, currents, others, edges, rec.gaps)


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("n_columns", [1, 7, 100, 499])
@pytest.mark.parametrize("with_gaps", [False, True])
@pytest.mark.parametrize("chunk", [17, 1 << 18])
def test_columns_of_a_recording(irregular, n_columns, with_gaps, chunk, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK", chunk)
    gaps = None
    if with_gaps:
        gaps = np.zeros(500, dtype=bool)
        gaps[100:220], gaps[300] = True, True
    rec = recording(irregular=irregular, gaps=gaps)
    edges, expected = expected_columns(rec, n_columns)
    found = columns.reduce_recording(rec, n_columns)
    keep = expected["samples"] > 0
    time = expected["time"][keep]
    blank = time == 0
    assert found.reduced
    np.testing.assert_allclose(found.times, ((edges[1:] + edges[:-1]) / 2)[keep])
    with np.errstate(invalid="ignore"):
        for d in DIRECTIONS:
            means = expected["shares", d][:, keep] / time
            np.testing.assert_allclose(found.shares[d], means, rtol=1e-11, atol=1e-13)
            np.testing.assert_allclose(found.means[d], expected["totals", d][0, keep] / time, rtol=1e-11)
            assert np.isnan(found.shares[d][:, blank]).all()
    for key in ("currents", "voltage", "ions", *DIRECTIONS):
        for end in ("low", "high"):
            numbers = expected[end, key][:, keep]
            numbers = np.where(np.isinf(numbers), np.nan, numbers)
            np.testing.assert_allclose(getattr(found.extremes[key], end), numbers, rtol=1e-13)


@pytest.mark.parametrize("irregular", [False, True])
def test_no_spike_is_lost(irregular):
    rec = recording(20_000, irregular)
    found = columns.reduce_recording(rec, 50)
    for part in ("currents", "voltage", "ions"):
        values = getattr(rec, part).magnitude
        np.testing.assert_array_equal(found.extremes[part].high.max(axis=1), values.max(axis=0))
        np.testing.assert_array_equal(found.extremes[part].low.min(axis=1), values.min(axis=0))


@pytest.mark.parametrize("irregular", [False, True])
def test_mean_shares_of_columns_stack_to_the_flowing_time(irregular):
    found = columns.reduce_recording(recording(5000, irregular, n_currents=6), 40)
    for d in DIRECTIONS:
        assert ((found.shares[d].sum(axis=0) > 0) & (found.shares[d].sum(axis=0) <= 1 + 1e-12)).all()


def test_short_recordings_are_left_as_they_are():
    rec = recording(100, gaps=np.arange(100) == 7)
    for n_columns in (100, 5000):
        found = columns.reduce_recording(rec, n_columns)
        assert not found.reduced
        np.testing.assert_allclose(found.times, rec.times.rescale("ms").magnitude)
        scape = Currentscape(rec)
        for d in DIRECTIONS:
            np.testing.assert_array_equal(found.shares[d], scape.shares(d).magnitude.T)
            np.testing.assert_array_equal(found.means[d], scape.total(d).magnitude[:, 0])
        assert found.extremes["voltage"].low is found.extremes["voltage"].high
        assert np.isnan(found.extremes["voltage"].low[:, 7]).all()
    assert columns.reduce_recording(rec, 99).reduced


def test_bins_without_samples_are_left_out():
    times = np.concatenate([np.linspace(0, 1, 20), np.linspace(99, 100, 20)])
    values = np.ones((40, 1))
    rec = Recording(neo.IrregularlySampledSignal(times, values, units="nA", time_units="ms", name="K"))
    found = columns.reduce_recording(rec, 10)
    np.testing.assert_allclose(found.times, [5, 95])
    np.testing.assert_allclose(found.shares["outward"], 1)


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("n_columns", [25, 1000])
def test_a_bundle_in_columns(irregular, n_columns):
    rec = recording(400, irregular, n_currents=5)
    whole, bundled = Currentscape(rec), Currentscape(rec, top=2)
    kept = sorted(whole.ranking[:2].tolist())
    rest = [k for k in range(5) if k not in kept]
    a, b = whole.columns(n_columns), bundled.columns(n_columns)
    for d in DIRECTIONS:
        np.testing.assert_allclose(b.shares[d][:2], a.shares[d][kept])
        np.testing.assert_allclose(b.shares[d][2], a.shares[d][rest].sum(axis=0), atol=1e-14)
        np.testing.assert_array_equal(b.means[d], a.means[d])
    line = rec.currents.magnitude[:, rest].sum(axis=1)
    lines = b.extremes["currents"]
    np.testing.assert_array_equal(lines.low[:2], a.extremes["currents"].low[kept])
    assert lines.high[2].max() == pytest.approx(line.max(), rel=1e-12)
    assert lines.low[2].min() == pytest.approx(line.min(), rel=1e-12)
    assert (lines.low is lines.high) == (n_columns == 1000)


@pytest.mark.parametrize("irregular", [False, True])
def test_a_window_reaches_its_borders(irregular):
    rec = recording(500, irregular)
    times = rec.times.rescale("ms").magnitude
    start, stop = (times[100] + times[101]) / 2, (times[200] + times[201]) / 2
    found = Currentscape(rec).columns(1000, start, stop)
    np.testing.assert_allclose(found.times, times[100:202])
    binned = Currentscape(rec).columns(10, start, stop)
    assert binned.reduced and binned.times[0] > times[100] and binned.times[-1] < times[201]
    high = rec.voltage.magnitude[100:202, 0].max()
    assert binned.extremes["voltage"].high.max() == high
    assert len(Currentscape(rec).columns(1000, times[0] - 50, times[-1] + 50).times) == 500


def test_a_window_without_time_is_refused():
    with pytest.raises(ArgumentError, match="The window from 9 to 8 ms holds no time: swap the two"):
        columns.reduce_recording(recording(), 10, 9.0, 8.0)


@pytest.mark.parametrize("n_columns", [0, -3, 1.5, True, None])
def test_columns_that_are_no_number_are_refused(n_columns):
    with pytest.raises(
        ArgumentError, match=f"columns={n_columns} is not a number of columns: write 1 or more"
    ):
        columns.reduce_recording(recording(), n_columns)


def test_memory_stays_bounded():
    import tracemalloc

    signal = neo.AnalogSignal(
        np.random.default_rng(0).standard_normal((600_000, 12)),
        units="nA",
        sampling_period=0.1 * pq.ms,
        array_annotations={"name": [f"I{k}" for k in range(12)]},
    )
    rec = Recording(signal)
    tracemalloc.start()
    try:
        columns.reduce_recording(rec, 2000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.2 * signal.nbytes
