"""Numbers at the edge: sums beyond all numbers, the smallest of them, and chunks that lie inside gaps."""

import warnings

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.recording import timebase
from neo_currentscape.reduction.chunks import reduce
from neo_currentscape.reduction.columns import columns
from neo_currentscape.reduction.mean_shares import mean_shares
from neo_currentscape.reduction.partial import merge

NAMES = ["K", "leak", "Na"]
#: Currents of which each is a number, and their sum is none; and currents as small as numbers are.
PATTERN = np.array([[3.0, 1.0, -2.0], [1.0, 1.0, -4.0], [0.0, -1.0, 2.0], [2.0, -2.0, 0.0]])
EXTREME = {"huge": 4e307, "tiny": 5e-324, "subnormal": 1e-312}


def scape_of(numbers, step=0.1, **options):
    signal = neo.AnalogSignal(
        numbers,
        units="nA",
        sampling_period=step * pq.ms,
        array_annotations={"name": NAMES[: numbers.shape[1]]},
    )
    return ncs.Currentscape(ncs.Recording(signal), **options)


@pytest.fixture(params=["numpy", "numba"])
def kernel(request, monkeypatch):
    if request.param == "numba":
        pytest.importorskip("numba")
    monkeypatch.setenv("NEO_CURRENTSCAPE_KERNEL", request.param)


@pytest.fixture(params=list(EXTREME))
def pair(request):
    """Numbers at the edge, and the same in a unit in which they are ordinary."""
    numbers = np.tile(PATTERN, (25, 1))
    return numbers * EXTREME[request.param], numbers


@pytest.mark.parametrize("step", [1e-5, 0.1, 50.0])
def test_shares_and_contributions_are_those_in_another_unit(pair, step, kernel):
    extreme, plain = (scape_of(numbers, step) for numbers in pair)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for direction in ("outward", "inward"):
            shares = extreme.shares(direction).magnitude
            np.testing.assert_allclose(shares, plain.shares(direction).magnitude, rtol=1e-12)
            parts = extreme.contributions(direction)
            np.testing.assert_allclose(parts, plain.contributions(direction), rtol=1e-12)
            found, wanted = (one.columns(7).shares[direction] for one in (extreme, plain))
            np.testing.assert_allclose(found, wanted, rtol=1e-12)
            means = [mean_shares(one.recording, direction) for one in (extreme, plain)]
            np.testing.assert_allclose(*means, rtol=1e-12)
        assert extreme.ranking.tolist() == plain.ranking.tolist()
        bundled = [ncs.Currentscape(one.recording, top=1) for one in (extreme, plain)]
        assert bundled[0].names == bundled[1].names


def test_what_no_number_holds_is_said(kernel):
    scape = scape_of(np.full((400, 3), 1.5e308))
    for ask, what in (
        (lambda: scape.total("outward"), "The outward total is beyond 1.8e"),
        (lambda: scape.charge("outward"), "The outward charge of 'K' is beyond"),
        (lambda: scape.to_dataframe(), "The outward charge of 'K' is beyond"),
        (lambda: scape.plot(columns=50), "The outward total is beyond 1.8e.308 nA, .* larger unit"),
        (lambda: ncs.summarise(scape), "The charge of a current is beyond"),
        (
            lambda: ncs.event_average(scape, [20, 21] * pq.ms, before=5 * pq.ms, after=5 * pq.ms),
            "A total is",
        ),
    ):
        with warnings.catch_warnings(), pytest.raises(SignalError, match=what):
            warnings.simplefilter("error")
            ask()
    assert not scape.total("inward").magnitude.any()
    scape.plot(panels=["shares"], columns=50)  # shares are numbers all the same


def test_a_charge_is_a_number_where_only_the_sum_of_samples_is_none():
    scape = scape_of(np.full((9, 1), 1e308), step=1e-3)
    assert scape.charge("outward").magnitude[0] == pytest.approx(9e305, rel=1e-12)
    assert scape.total("outward").magnitude[0, 0] == 1e308


@pytest.mark.filterwarnings("ignore:overflow encountered")  # of matplotlib's own ticks
@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-290, 1e300, 1.7e308])
def test_axes_end_at_numbers(size):
    scape = scape_of(np.outer(np.linspace(0.1, 1, 50), [size]))
    for scale in ("log", "linear"):
        axes = scape.plot(panels=["outward"], outward={"scale": scale}).axes[0]
        low, high = axes.get_ylim()
        assert np.isfinite([low, high]).all() and low < high
        assert scale == "linear" or low > 0


def random_cuts(random, n):
    inner = np.sort(random.choice(np.arange(1, n), random.integers(0, n - 1), replace=False))
    return list(zip([0, *inner], [*inner, n], strict=True))


@pytest.mark.parametrize("seed", range(40))
def test_chunks_may_lie_inside_gaps_and_begin_and_end_there(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(4, 14))
    times = np.cumsum(random.exponential(1.0, n) + 1e-3)
    currents = random.standard_normal((n, 2))
    gaps = random.random(n) < 0.6
    gaps[[0, -1]] = False  # else there is nothing on one side
    if seed % 3 == 0:
        gaps[:] = True
    signal = neo.IrregularlySampledSignal(times * pq.ms, currents, units="nA")
    durations = timebase.sample_durations(signal, "ms", gaps)
    edges = np.linspace(times[0], times[-1], 4)
    whole = reduce(times, durations, currents, {}, edges, gaps)
    parts = [
        reduce(times[a:b], durations[a:b], currents[a:b], {}, edges, gaps[a:b])
        for a, b in random_cuts(random, n)
    ]
    random.shuffle(parts)
    found = parts[0]
    for part in parts[1:]:
        found = merge(found, part)
    for direction in ("outward", "inward"):
        np.testing.assert_allclose(found.charge[direction], whole.charge[direction], rtol=1e-12)
        np.testing.assert_allclose(found.shares[direction], whole.shares[direction], rtol=1e-12)
    np.testing.assert_allclose(found.time, whole.time, rtol=1e-12, atol=1e-15)
    columns(found)


def test_a_sample_twice_in_gaps_is_an_overlap_all_the_same():
    times, nothing, gaps = np.array([1.0]), np.zeros(1), np.ones(1, dtype=bool)
    edges, currents = np.array([0.0, 2.0]), np.zeros((1, 1))
    part = reduce(times, nothing, currents, {}, edges, gaps)
    with pytest.raises(ArgumentError, match="overlap"):
        merge(part, part)


def test_times_of_events_stand_in_one_row():
    scape = scape_of(np.tile(PATTERN, (100, 1)))
    events = np.array([[10.0, 12.0], [14.0, 16.0]]) * pq.ms
    options = {"before": 1 * pq.ms, "after": 1 * pq.ms}
    with pytest.raises(ArgumentError, match=r"^events= has shape \(2, 2\), .* events\.ravel\(\)"):
        ncs.event_average(scape, events, **options)
    assert "4 windows" in repr(ncs.event_average(scape, events.ravel(), **options))
