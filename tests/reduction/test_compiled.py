"""The compiled kernel against the NumPy one, and the choice between them."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neo_currentscape.conventions.errors import MissingDependencyError, UnknownNameError
from neo_currentscape.reduction import chunks, engine, kernel

DIRECTIONS = ("outward", "inward")


@pytest.fixture(autouse=True)
def numba():
    return pytest.importorskip("numba")


def data(seed, n, n_currents=3, irregular=True):
    rng = np.random.default_rng(seed)
    currents = rng.standard_normal((n, n_currents)) * 10.0 ** rng.integers(-3, 4, n_currents)
    currents[rng.random(currents.shape) < 0.2] = 0.0
    times = np.cumsum(rng.uniform(1e-3, 1.0, n)) if irregular else 5.0 + 0.1 * np.arange(n)
    durations = rng.uniform(0.0, 1.0, n) if irregular else 0.1
    return times, durations, currents, {"voltage": rng.standard_normal((n, 1)), "ions": rng.random((n, 2))}


def edges_of(times, n_bins):
    return np.linspace(times[0], times[-1], n_bins + 1)


def same(a, b):
    """Equal to 1e-12 of what the numbers are sums of; extremes of recorded signals to the last digit."""
    np.testing.assert_array_equal(a.edges, b.edges)
    np.testing.assert_array_equal(a.samples, b.samples)
    np.testing.assert_allclose(a.time, b.time, rtol=1e-12)
    for d in DIRECTIONS:
        np.testing.assert_allclose(a.shares[d], b.shares[d], rtol=1e-12)
        np.testing.assert_allclose(a.totals[d], b.totals[d], rtol=1e-12)
        np.testing.assert_allclose(a.charge[d], b.charge[d], rtol=1e-12)
    assert set(a.extremes) == set(b.extremes)
    for key, ends in a.extremes.items():
        scale = np.abs(ends.high[np.isfinite(ends.high)]).max(initial=0.0)
        close = {"rtol": 1e-12, "atol": 1e-12 * scale} if key in (*DIRECTIONS, "sum") else {"rtol": 0}
        np.testing.assert_allclose(ends.low, b.extremes[key].low, **close)
        np.testing.assert_allclose(ends.high, b.extremes[key].high, **close)


cases = st.tuples(
    st.integers(0, 1000), st.sampled_from([1, 2, 255, 256, 257, 5000]), st.integers(1, 13), st.booleans()
)


@given(cases, st.integers(1, 60), st.booleans())
@settings(max_examples=100)
def test_the_same_numbers_as_with_numpy(case, n_bins, with_gaps):
    times, durations, currents, others = data(*case)
    gaps = np.random.default_rng(case[0]).random(len(times)) < 0.3 if with_gaps else None
    if with_gaps:
        currents[gaps, 0] = np.nan
    edges = edges_of(times, n_bins)
    given_data = (times, durations, currents, others, edges, gaps)
    same(chunks.reduce(*given_data, kernel="numba"), chunks.reduce(*given_data, kernel="numpy"))


def test_samples_outside_of_the_bins_belong_to_none():
    times, durations, currents, others = data(1, 3000)
    edges = np.linspace(times[700], times[2100], 12)
    given_data = (times, durations, currents, others, edges)
    same(chunks.reduce(*given_data, kernel="numba"), chunks.reduce(*given_data, kernel="numpy"))


@pytest.mark.parametrize("n_bins", [1, 3, 999])
def test_long_bins_in_pieces_and_their_threads_change_no_digit(n_bins, monkeypatch):
    from neo_currentscape.reduction import threads as workers

    times, durations, currents, others = data(3, 20_000, 5)
    given_data = (times, durations, currents, others, edges_of(times, n_bins))
    expected = chunks.reduce(*given_data, kernel="numpy")
    monkeypatch.setattr(workers, "LONGEST_PIECE", 700)
    found = []
    for threads, job in ((1, 1 << 17), (4, 1000), (3, 64)):
        monkeypatch.setattr(workers, "JOB", job)
        monkeypatch.setattr(engine, "threads", lambda threads=threads: threads)
        found.append(chunks.reduce(*given_data, kernel="numba"))
        same(found[-1], expected)
    for other in found[1:]:
        for d in DIRECTIONS:
            np.testing.assert_array_equal(other.shares[d], found[0].shares[d])
            np.testing.assert_array_equal(other.charge[d], found[0].charge[d])


def test_chunks_and_sums():
    times, durations, currents, others = data(4, 1000)
    edges, sums = edges_of(times, 17), {"sum": np.array([0.0, 1.0, 1.0])}
    partials = []
    for name in ("numpy", "numba"):
        builder = kernel.Builder(edges, 3, {"voltage": 1, "ions": 2}, sums, kernel=name)
        for rows in (slice(0, 331), slice(331, 332), slice(332, 332), slice(332, 1000)):
            part = {key: array[rows] for key, array in others.items()}
            builder.add(times[rows], durations[rows], currents[rows], part)
        partials.append(builder.partial())
    same(*partials)


@pytest.mark.parametrize(
    "stored",
    [
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a.astype(np.float32),
        lambda a: np.round(a).astype(np.int16),
        lambda a: a.astype(">f8"),
    ],
    ids=["F", "strided", "float32", "int16", "big-endian"],
)
def test_any_layout_will_do_and_inputs_are_untouched(stored):
    times, durations, currents, others = data(5, 2000)
    currents = stored(currents)
    before = currents.copy()
    currents.flags.writeable = False
    given_data = (times, durations, currents, others, edges_of(times, 31))
    same(chunks.reduce(*given_data, kernel="numba"), chunks.reduce(*given_data, kernel="numpy"))
    np.testing.assert_array_equal(currents, before)


def test_subnormal_totals_have_finite_shares():
    currents = np.array([[5e-324, 5e-324], [1e-310, 3e-310], [-1e-310, -3e-310], [1.0, 3.0]])
    edges = np.array([0.0, 2.5, 4.0])
    partial = chunks.reduce(np.arange(4.0), 1.0, currents, {}, edges, kernel="numba")
    np.testing.assert_allclose(partial.shares["outward"], [[0.75, 0.25], [1.25, 0.75]])
    np.testing.assert_allclose(partial.shares["inward"], [[0.25, 0], [0.75, 0]])


def test_what_goes_wrong_in_a_thread_is_told(monkeypatch):
    from neo_currentscape.reduction import threads as workers

    monkeypatch.setattr(workers, "JOB", 10)

    class Torn:
        shape = (100, 2)

        def __len__(self):
            return 100

        def __getitem__(self, rows):
            raise OSError("cut short")

    with pytest.raises(OSError, match="cut short"):
        chunks.reduce(np.arange(100.0), 1.0, Torn(), {}, np.linspace(0, 99, 9), kernel="numba")


@pytest.mark.parametrize("irregular", [False, True])
def test_charges_are_the_same(irregular, bursting, monkeypatch):
    import neo_currentscape as ncs

    rec = bursting(5000, irregular)
    found = {}
    for name in ("numpy", "numba"):
        monkeypatch.setenv(engine.VARIABLE, name)
        scape = ncs.Currentscape(rec)
        found[name] = [scape.charge(d).magnitude for d in DIRECTIONS]
    np.testing.assert_allclose(found["numba"], found["numpy"], rtol=1e-12)


# the choice


def test_the_compiled_kernel_is_chosen_where_there_is_much_to_do(monkeypatch):
    monkeypatch.delenv(engine.VARIABLE, raising=False)
    assert not engine.use_compiled(1000)
    assert engine.use_compiled(engine.PAYS + 1)
    import neo_currentscape.reduction.compiled  # noqa: F401

    assert engine.use_compiled(engine.PAYS_LOADED + 1)
    assert not engine.use_compiled(engine.PAYS_LOADED)


def test_small_recordings_wait_for_no_compiler():
    """Nor do larger ones than that, up to where the wait is worth it."""
    import subprocess

    code = """
import sys, numpy as np, neo, quantities as pq, neo_currentscape as ncs
signal = neo.AnalogSignal(np.ones((100_000, 12)), units="nA", sampling_period=0.1 * pq.ms,
                          array_annotations={"name": [f"I{k}" for k in range(12)]})
ncs.Currentscape(ncs.Recording(signal)).columns(2000)
sys.exit("numba" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("told", "compiled"), [("numpy", False), ("numba", True), ("auto", None), ("", None)]
)
def test_the_environment_overrides_and_the_argument_overrides_that(told, compiled, monkeypatch):
    monkeypatch.setenv(engine.VARIABLE, told)
    for n_values, by_itself in ((10, False), (10**9, True)):
        assert engine.use_compiled(n_values) is (by_itself if compiled is None else compiled)
        assert engine.use_compiled(n_values, "numpy") is False
        assert engine.use_compiled(n_values, "numba") is True
        assert engine.use_compiled(n_values, "auto") is by_itself


def test_unknown_kernels_are_refused(monkeypatch):
    with pytest.raises(UnknownNameError, match="Unknown kernel 'nunba': did you mean 'numba'"):
        engine.use_compiled(10, "nunba")
    monkeypatch.setenv(engine.VARIABLE, "fast")
    with pytest.raises(UnknownNameError, match="kernel in NEO_CURRENTSCAPE_KERNEL 'fast'"):
        engine.use_compiled(10)


def test_without_numba(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(engine, "_has_numba", lambda: False)
    assert not engine.use_compiled(10**9, "auto")
    with pytest.raises(MissingDependencyError, match=r"compiled kernel needs .*\[fast\]"):
        engine.use_compiled(10, "numba")


def test_the_number_of_threads(monkeypatch):
    engine.threads.cache_clear()
    monkeypatch.setenv("NUMBA_NUM_THREADS", "3")
    assert engine.threads() == 3
    engine.threads.cache_clear()
    monkeypatch.delenv("NUMBA_NUM_THREADS")
    assert engine.threads() >= 1
    engine.threads.cache_clear()
