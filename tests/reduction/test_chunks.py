"""Chunks given one after the other: each sample once, none left out, and a sentence that says where."""

import neo
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.recording import timebase
from neo_currentscape.reduction import columns

N = 400
EDGES = np.linspace(0.0, 40.0, 11)


def samples(irregular, seed=0):
    """Times and durations, as those of a Recording; steps of an integrator of variable step."""
    if not irregular:
        return 0.1 * np.arange(N), 0.1
    steps = 10.0 ** np.random.default_rng(seed).uniform(-4, 1, N)
    times = 40 * np.cumsum(steps) / steps.sum()
    signal = neo.IrregularlySampledSignal(times, np.zeros((N, 1)), units="nA", time_units="ms")
    return times, timebase.sample_durations(signal, "ms")


def chunk(times, durations, first, last):
    rows = slice(first, last)
    part = durations if np.ndim(durations) == 0 else durations[rows]
    currents = np.sin(times[rows, None] + np.arange(2))
    return columns.reduce(times[rows], part, currents, {"voltage": currents[:, :1]}, EDGES)


@pytest.mark.parametrize("irregular", [False, True])
@given(st.lists(st.integers(1, N - 1), max_size=5, unique=True), st.data(), st.integers(0, 99))
def test_all_chunks_in_any_order_are_whole(irregular, borders, drawn, seed):
    times, durations = samples(irregular, seed)
    ends = [0, *sorted(borders), N]
    parts = [chunk(times, durations, a, b) for a, b in zip(ends, ends[1:], strict=False)]
    while len(parts) > 1:
        parts.append(columns.merge(*(parts.pop(drawn.draw(st.integers(0, len(parts) - 1))) for _ in "ab")))
    found, whole = columns.columns(parts[0]), columns.columns(chunk(times, durations, 0, N))
    np.testing.assert_allclose(found.shares["outward"], whole.shares["outward"], atol=1e-12)
    assert (parts[0].spans[0].first, parts[0].spans[-1].last) == (times[0], times[-1])
    assert irregular or len(parts[0].spans) == 1


@given(st.integers(5, 390), st.integers(1, 4))
def test_a_hole_is_named(border, missing):
    times, durations = samples(False)
    merged = columns.merge(chunk(times, durations, 0, border), chunk(times, durations, border + missing, N))
    place = f"{times[border - 1]:.10g} to {times[border + missing]:.10g} ms"
    with pytest.raises(ArgumentError, match=f"^The chunks leave a hole from {place}, where the next"):
        columns.columns(merged)


def test_a_hole_in_irregular_samples_is_named():
    times, durations = samples(True)
    found = 0
    for border in range(20, N - 60, 7):
        merged = columns.merge(chunk(times, durations, 0, border), chunk(times, durations, border + 40, N))
        expected = max(np.diff(times[border - 1 : border + 1]), np.diff(times[border + 39 : border + 41]))[
            0
        ]
        if times[border + 40] - times[border - 1] > 1.51 * expected:
            found += 1
            with pytest.raises(ArgumentError, match=f"from {times[border - 1]:.10g} to"):
                columns.columns(merged)
    assert found > 40


def test_several_holes_are_counted():
    times, durations = samples(False)
    parts = [chunk(times, durations, k, k + 50) for k in range(0, N, 100)]
    merged = parts[0]
    for part in parts[1:]:
        merged = columns.merge(merged, part)
    with pytest.raises(ArgumentError, match="from 4.9 to 10 ms, and 2 more, "):
        columns.columns(merged)


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("twice", [1, 2, 40])
def test_an_overlap_is_named(irregular, twice):
    times, durations = samples(irregular)
    a, b = chunk(times, durations, 0, 200), chunk(times, durations, 200 - twice, N)
    place = f"{times[200 - twice]:.10g} to {times[199]:.10g} ms"
    for pair in ((a, b), (b, a)):
        with pytest.raises(ArgumentError, match=f"^Two chunks overlap from {place}: give each sample once"):
            columns.merge(*pair)


def test_the_same_chunk_twice_is_refused():
    times, durations = samples(False)
    part = chunk(times, durations, 10, 20)
    with pytest.raises(ArgumentError, match="overlap from 1 to 1.9 ms"):
        columns.merge(part, part)


def test_chunks_that_are_closer_than_their_samples_are_refused():
    times, durations = samples(False)
    a = chunk(times, durations, 0, 200)
    b = chunk(times - 0.08, durations, 200, N)
    with pytest.raises(
        ArgumentError, match=r"one ends at 19\.9 ms and the other begins at 19\.92 ms, less"
    ):
        columns.merge(a, b)


def test_durations_of_each_chunk_alone_are_taken():
    """Their ends stand for half a step too little, which is no hole."""
    times, _ = samples(False)
    parts = []
    for rows in (slice(0, 130), slice(130, N)):
        signal = neo.IrregularlySampledSignal(
            times[rows], np.zeros((len(times[rows]), 1)), units="nA", time_units="ms"
        )
        own = timebase.sample_durations(signal, "ms")
        parts.append(columns.reduce(times[rows], own, np.ones((len(own), 1)), {}, EDGES))
    columns.columns(columns.merge(*parts))


def test_times_that_do_not_increase_are_refused():
    times = np.array([0.0, 1.0, 1.0, 2.0])
    with pytest.raises(ArgumentError, match="do not increase: 1 ms is followed by 1 ms"):
        columns.reduce(times, 1.0, np.ones((4, 1)), {}, EDGES)
    with pytest.raises(ArgumentError, match="do not increase: 0 ms is followed by nan ms"):
        columns.reduce(np.array([0.0, np.nan]), 1.0, np.ones((2, 1)), {}, EDGES)


@pytest.mark.parametrize("what", ["currents", "voltage", "durations", "gaps"])
def test_arrays_of_other_samples_are_refused(what):
    lengths = {"currents": 4, "voltage": 4, "durations": 4, "gaps": 4, what: 3}
    with pytest.raises(ArgumentError, match=f"4 times and 3 samples of '{what}'"):
        columns.reduce(
            np.arange(4.0),
            np.ones(lengths["durations"]),
            np.ones((lengths["currents"], 1)),
            {"voltage": np.ones((lengths["voltage"], 1))},
            EDGES,
            np.zeros(lengths["gaps"], dtype=bool),
        )
