"""Colours and patterns: enough of them, all different, neighbours different in both."""

from __future__ import annotations

import numpy as np
import pytest

from neo_currentscape.compat.colors import colors
from neo_currentscape.compat.patterns import pairs
from neo_currentscape.conventions.errors import ArgumentError, CurrentscapeWarning, UnknownNameError


def test_no_pair_repeats_and_neighbours_differ_in_both():
    for n_colors in range(1, 11):
        for n_patterns in range(1, 10):
            size = n_colors * n_patterns
            for n in {1, min(2, size), min(size, 5), (size + 1) // 2, size}:
                found = pairs(n, n_colors, n_patterns)
                assert len(found) == n == len(set(found))
                assert all(c < n_colors and p < n_patterns for c, p in found)
                # Four pairs of two colours and two patterns have no such order.
                if n_colors > 1 and n_patterns > 1 and n_colors + n_patterns > 4:
                    assert all(
                        a[0] != b[0] and a[1] != b[1] for a, b in zip(found, found[1:], strict=False)
                    )


@pytest.mark.parametrize("n", [3, 8, 12, 30, 56])
def test_default_pairs_are_those_of_currentscape(n):
    mapper = pytest.importorskip("currentscape.mapper")
    n_colors = min(8, n)
    step = mapper.create_mapper(n_colors, 7)
    theirs = [
        (mapper.map_colors(k, n_colors, step), mapper.map_patterns(k, n_colors, 7, step)) for k in range(n)
    ]
    assert pairs(n, n_colors, 7) == theirs


def test_more_currents_than_pairs_are_refused():
    with pytest.raises(ArgumentError, match="7 currents .* 2 colours times 3 patterns"):
        pairs(7, 2, 3)


@pytest.mark.parametrize("name", ["Set1", "viridis", "cartocolors.qualitative.Safe_8", "tab20"])
@pytest.mark.parametrize("n", [1, 3, 8, 12, 20])
def test_colours_are_different(name, n):
    found = colors(name, n)
    assert len(found) == n == len(set(found))


@pytest.mark.parametrize("n", [2, 5, 8])
@pytest.mark.parametrize("name", ["Set1", "viridis", "cartocolors.qualitative.Safe_8"])
def test_colours_are_those_of_currentscape(name, n):
    plotting = pytest.importorskip("currentscape.plotting")
    theirs, _ = plotting.get_colors(name, n)
    assert np.allclose(np.array(colors(name, n))[:, :3], np.array(theirs)[:, :3])


def test_too_few_colours_are_told():
    with pytest.warns(CurrentscapeWarning, match="'Set1' has 9 colours for 40 currents"):
        assert len(set(colors("Set1", 40))) == 40


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Set11", "Set1"),
        ("virdis", "viridis"),
        ("cartocolors.qualitative.Saef_8", "Safe_8"),
        ("cartocolours.qualitative.Safe_8", "cartocolors.qualitative"),
    ],
)
def test_wrong_palette_names(name, nearest):
    with pytest.raises(UnknownNameError, match=f"'colormap.name'.*did you mean '{nearest}'"):
        colors(name, 3)
