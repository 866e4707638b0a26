"""The attribution against the method as written down, evaluated one time and node after another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neo_currentscape import spatial
from neo_currentscape.conventions.errors import CurrentscapeError


def naive(membrane, axial, parent, target=0):
    """Both sides of the partition by plain recursion, for each time on its own."""
    n_nodes, n_currents, n_times = membrane.shape
    sides = []
    for sign in (1, -1):
        out = np.zeros((n_currents, n_times))
        for t in range(n_times):
            neighbours = {n: [] for n in range(n_nodes)}
            for n in range(n_nodes):
                if parent[n] >= 0:
                    neighbours[parent[n]].append((n, axial[n, t]))
                    neighbours[n].append((parent[n], -axial[n, t]))

            def own(n, k, t=t, sign=sign):
                return max(sign * membrane[n, k, t], 0)

            def total(n, came_from, t=t, own=own, neighbours=neighbours, sign=sign):
                flows = [max(sign * a, 0) for m, a in neighbours[n] if m != came_from]
                return sum(own(n, k) for k in range(n_currents)) + sum(flows)

            stack = [(target, -1, 1.0)]
            while stack:
                n, came_from, weight = stack.pop()
                for k in range(n_currents):
                    out[k, t] += sign * weight * own(n, k)
                for m, a in neighbours[n]:
                    if m != came_from:
                        whole = total(m, n)
                        flow = max(sign * a, 0)
                        stack.append((m, n, weight * flow / whole if whole > 0 else 0.0))
        sides.append(out)
    return sides


def random_cell(seed, n_nodes, n_currents=3, n_times=4):
    """A tree with numbers in any order, and currents that balance in every compartment."""
    rng = np.random.default_rng(seed)
    parent = np.array([-1, *(rng.integers(0, n) for n in range(1, n_nodes))])
    axial = rng.standard_normal((n_nodes, n_times))
    axial[0] = 0
    inflow = axial.copy()
    for n in range(1, n_nodes):
        inflow[parent[n]] -= axial[n]
    membrane = rng.standard_normal((n_nodes, n_currents, n_times))
    membrane[:, -1] += inflow - membrane.sum(axis=1)
    shuffle = rng.permutation(n_nodes)
    place = np.argsort(shuffle)
    moved = np.where(parent[shuffle] < 0, -1, place[parent[shuffle]])
    return membrane[shuffle], axial[shuffle], moved


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.data())
def test_equals_the_method_evaluated_naively(seed, n_nodes, data):
    membrane, axial, parent = random_cell(seed, n_nodes)
    target = data.draw(st.integers(0, n_nodes - 1))
    outward, inward = spatial.partition(membrane, axial, parent, target)
    expected = naive(membrane, axial, parent, target)
    np.testing.assert_allclose(outward, expected[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(inward, expected[1], rtol=1e-12, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 30), st.data())
def test_sums_are_own_current_plus_axial_flow(seed, n_nodes, data):
    membrane, axial, parent = random_cell(seed, n_nodes)
    target = data.draw(st.integers(0, n_nodes - 1))
    outward, inward = spatial.partition(membrane, axial, parent, target)
    leaving = [axial[n] for n in range(n_nodes) if parent[n] == target]
    if parent[target] >= 0:
        leaving.append(-axial[target])
    for found, clip in ((outward, np.maximum), (inward, np.minimum)):
        expected = clip(membrane[target], 0).sum(axis=0) + sum(clip(a, 0) for a in leaving)
        np.testing.assert_allclose(found.sum(axis=0), expected, rtol=1e-12, atol=1e-12)


def test_attribution_sums_to_the_partition():
    membrane, axial, parent = random_cell(3, 9)
    for whole, parts in zip(
        spatial.partition(membrane, axial, parent, 4),
        spatial.by_compartment(membrane, axial, parent, 4),
        strict=True,
    ):
        np.testing.assert_allclose(parts.sum(axis=0), whole, rtol=1e-12)


def test_blocks_of_time_do_not_matter(monkeypatch):
    membrane, axial, parent = random_cell(5, 7, n_times=23)
    whole = spatial.partition(membrane, axial, parent, 2)
    monkeypatch.setattr("neo_currentscape.spatial.attribution.BLOCK_VALUES", 7 * 3 * 4)
    for a, b in zip(whole, spatial.partition(membrane, axial, parent, 2), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)


def test_merging_keeps_the_edges_to_outside_and_sums_before_the_split():
    membrane, axial, parent = random_cell(8, 6)
    root = int(np.flatnonzero(parent < 0)[0])
    child = int(np.flatnonzero(parent == root)[0])
    groups = np.arange(6)
    groups[child] = groups[root]
    groups = np.unique(groups, return_inverse=True)[1]
    merged, merged_axial, merged_parent = spatial.merge(membrane, axial, parent, groups)
    together = groups[root]
    np.testing.assert_allclose(merged[together], membrane[root] + membrane[child])
    # Kirchhoff still holds: what flows out of the membrane of a node is what flows in along the tree.
    for n in range(len(merged)):
        inflow = merged_axial[n] - merged_axial[merged_parent == n].sum(axis=0)
        np.testing.assert_allclose(merged[n].sum(axis=0), inflow, atol=1e-12)


def test_inputs_are_not_changed():
    membrane, axial, parent = random_cell(1, 5)
    copies = membrane.copy(), axial.copy(), parent.copy()
    for array in (membrane, axial, parent):
        array.flags.writeable = False
    spatial.partition(membrane, axial, parent, 3)
    for array, copy in zip((membrane, axial, parent), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    ("parent", "target", "sentence"),
    [
        ([-1, 2, 1], 0, "cycle"),
        ([-1, -1, 0], 0, "2 roots"),
        ([1, 2, 0], 0, "no root"),
        ([-1, 7, 0], 0, "orphan"),
        ([-1, 0, 0], 3, "target=3"),
        ([-1.0, 0.0, 0.0], 0, "one integer a node"),
    ],
)
def test_trees_that_are_none(parent, target, sentence):
    with pytest.raises(CurrentscapeError, match=sentence):
        spatial.partition(np.ones((3, 2, 4)), np.ones((3, 4)), parent, target)


def test_nan_names_the_compartment():
    membrane = np.ones((3, 2, 4))
    membrane[1, 0, 2] = np.nan
    with pytest.raises(CurrentscapeError, match="node 1 holds nan at sample 2"):
        spatial.partition(membrane, np.ones((3, 4)), [-1, 0, 0])


def test_shapes_that_do_not_fit():
    with pytest.raises(CurrentscapeError, match="axial has shape"):
        spatial.partition(np.ones((3, 2, 4)), np.ones((3, 5)), [-1, 0, 0])
    with pytest.raises(CurrentscapeError, match="membrane has shape"):
        spatial.partition(np.ones((2, 2, 4)), np.ones((3, 4)), [-1, 0, 0])


def test_groups_that_are_scattered():
    membrane, axial = np.ones((3, 1, 1)), np.zeros((3, 1))
    with pytest.raises(CurrentscapeError, match="not connected"):
        spatial.merge(membrane, axial, [-1, 0, 0], [0, 1, 1])
