"""The mean of each current in each column, against the samples themselves."""

from __future__ import annotations

import matplotlib.pyplot as plt
import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.figure import Figure

import neo_currentscape as ncs
from neo_currentscape.compat.drawing.magnitudes import MagnitudesPanel
from neo_currentscape.conventions.errors import ArgumentError
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.recording import timebase
from neo_currentscape.reduction import columns
from neo_currentscape.reduction.chunks import reduce
from neo_currentscape.reduction.partial import merge


def by_hand(rec, n_columns):
    """Time-weighted means of both directions, bin by bin, over the bins that hold samples."""
    times = timebase.float_times(rec.currents, "ms")
    weights = np.broadcast_to(timebase.sample_durations(rec.currents, "ms", rec.gaps), times.shape)
    values = np.nan_to_num(rec.currents.magnitude)
    edges = np.linspace(times[0], times[-1], n_columns + 1)
    bins = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, n_columns - 1)
    if rec.gaps is not None:
        weights = np.where(rec.gaps, 0, weights)
    found = {}
    for direction, sign in zip(DIRECTIONS, (1, -1), strict=True):
        part = np.maximum(sign * values, 0)
        rows = [np.flatnonzero(bins == k) for k in range(n_columns)]
        with np.errstate(invalid="ignore"):
            means = [weights[r] @ part[r] / weights[r].sum() for r in rows if len(r)]
        found[direction] = np.array(means).T
    return found


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("with_gaps", [False, True])
def test_means_are_those_of_the_samples(bursting, irregular, with_gaps, kernel, monkeypatch):
    if kernel == "numba":
        pytest.importorskip("numba")
    monkeypatch.setenv("NEO_CURRENTSCAPE_KERNEL", kernel)
    rec = bursting(7000, irregular)
    if with_gaps:
        signal = rec.currents.copy()
        signal[1000:1200] = np.nan * signal.units
        rec = ncs.Recording(signal, rec.voltage, nan="gap")
    found, expected = ncs.Currentscape(rec).columns(130, flows=True), by_hand(rec, 130)
    for direction in DIRECTIONS:
        np.testing.assert_allclose(found.flow(direction), expected[direction], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found.flow(direction).sum(axis=0), found.means[direction], rtol=1e-9)


def test_they_are_not_mean_shares_of_mean_totals():
    """One current flows at rest, the other in one sample of ten."""
    rest, spike = np.ones(400), np.zeros(400)
    spike[::10] = 100.0
    currents = np.column_stack([rest, spike])
    edges = np.arange(0, 401, 10) - 0.5
    found = columns.columns(reduce(np.arange(400.0), 1.0, currents, {}, edges, flows=True))
    np.testing.assert_allclose(found.flow("outward"), [[1.0] * 40, [10.0] * 40])
    assert found.shares["outward"][0, 0] * found.means["outward"][0] > 9


def test_parts_are_merged_and_what_was_not_asked_for_is_told():
    rng = np.random.default_rng(3)
    times, currents, edges = np.arange(300.0), rng.normal(size=(300, 4)), np.linspace(0, 299, 14)
    whole = reduce(times, 1.0, currents, {}, edges, flows=True)
    halves = slice(0, 95), slice(95, 300)
    parts = [reduce(times[r], 1.0, currents[r], {}, edges, flows=True) for r in halves]
    joined = merge(*parts[::-1])
    for direction in DIRECTIONS:
        np.testing.assert_allclose(joined.flows[direction], whole.flows[direction], rtol=1e-12)
    without = merge(parts[0], reduce(times[95:], 1.0, currents[95:], {}, edges))
    with pytest.raises(ArgumentError, match="flows=True"):
        columns.columns(without).flow("inward")


def test_bundles_are_sums_and_samples_are_themselves(bursting):
    rec = bursting(5000)
    few, all_of_them = ncs.Currentscape(rec, top=3), ncs.Currentscape(rec)
    for n_columns in (100, 5000):
        bundled, each = (scape.columns(n_columns, flows=True) for scape in (few, all_of_them))
        for direction in DIRECTIONS:
            kept = [all_of_them.names.index(name) for name in few.names[:-1]]
            rest = [k for k in range(8) if k not in kept]
            np.testing.assert_allclose(bundled.flow(direction)[:-1], each.flow(direction)[kept])
            np.testing.assert_allclose(bundled.flow(direction)[-1], each.flow(direction)[rest].sum(axis=0))
    np.testing.assert_array_equal(each.flow("outward"), np.maximum(rec.currents.magnitude, 0).T)


def test_columns_kept_without_them_are_reduced_again(bursting):
    scape = ncs.Currentscape(bursting(5000))
    assert scape.columns(50).flows is None or scape.columns(50, flows=True).flows is not None
    assert scape.columns(50, flows=True) is scape.columns(50)


@pytest.mark.parametrize("irregular", [False, True])
def test_stacked_areas_end_at_sums_of_means(bursting, irregular):
    rec = bursting(6000, irregular)
    expected = by_hand(rec, 90)
    order = [f"I{k}" for k in range(8)]

    def tops(panel):
        areas = panel.plot(Figure().add_subplot())
        return [np.abs(area.get_paths()[0].vertices[:, 1]).max() for area in areas]

    both = tops(ncs.CurrentsPanel(rec, stacked=True, order=order, columns=90, line={"linewidth": 0}))
    for n, direction in enumerate(DIRECTIONS):
        stack = np.cumsum(expected[direction], axis=0).max(axis=1)
        np.testing.assert_allclose(both[8 * n : 8 * n + 8], stack, rtol=1e-9)
        for bars in (False, True):
            panel = MagnitudesPanel(
                rec, direction, stacked=True, bars=bars, scale="linear", order=order, columns=90
            )
            np.testing.assert_allclose(tops(panel), stack, rtol=1e-9)


def test_bars_of_a_configuration_are_means_of_their_samples():
    n, size = 240, 12
    rng = np.random.default_rng(5)
    currents = np.abs(rng.normal(size=(3, n))) * rng.choice([0, 0, 30], (3, n)) + [[0.5], [0], [2]]
    config = {
        "current": {"names": ["c", "a", "b"], "stackplot": True, "legacy_method": True, "reorder": False},
        "stackplot": {"x_chunksize": size},
        "show": {"all_currents": True, "legend": False, "currentscape": False},
    }
    figure = ncs.plot(np.full(n, -60.0), currents, config, time=np.arange(n) * 1.0)
    plt.close(figure)
    areas = {area.get_label(): area for axes in figure.axes for area in axes.collections}
    means = currents.reshape(3, -1, size).mean(axis=2)
    stack = np.cumsum(means[np.argsort(-currents.sum(axis=1))[::-1]], axis=0)
    names = [["c", "a", "b"][k] for k in np.argsort(-currents.sum(axis=1))[::-1]]
    for name, top in zip(names, stack.max(axis=1), strict=True):
        drawn = areas[f"{name} outward"].get_paths()[0].vertices[:, 1].max()
        assert drawn == pytest.approx(top, rel=1e-12)


def test_a_signal_with_both_directions_in_one_group():
    """The parts of a group that flow both ways at once are summed for each direction."""
    from neo_currentscape.spatial.scape import TwoSidedCurrentscape, two_sided

    rng = np.random.default_rng(8)
    signed = np.concatenate([np.abs(rng.normal(size=(2, 500))), -np.abs(rng.normal(size=(2, 500)))])
    like = neo.AnalogSignal(np.zeros((500, 1)), units="nA", sampling_period=0.1 * pq.ms)
    found = TwoSidedCurrentscape(two_sided(signed, ["a", "b"], like, "nA"), ["a", "b"])
    bins = np.clip((np.arange(500) / 49.9).astype(int), 0, 9)
    for n, direction in enumerate(DIRECTIONS):
        expected = [[np.abs(row[bins == k]).mean() for k in range(10)] for row in signed[2 * n : 2 * n + 2]]
        np.testing.assert_allclose(found.columns(10, flows=True).flow(direction), expected, rtol=1e-9)
