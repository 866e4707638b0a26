"""The mean diameter of a compartment whose points are unevenly spaced."""

import numpy as np
import pytest

from neo_currentscape.extracellular.forward import _mean_diameter


def side(points):
    """Area of the cone frusta between the points, if they are as steep as their lengths say, and length."""
    lengths = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
    middle = (points[1:, 3] + points[:-1, 3]) / 2
    return np.pi * (middle * lengths).sum(), lengths.sum()


def test_each_piece_counts_by_its_length():
    # 1 um at a diameter of 9 and 99 um that taper from 9 to 1: not the mean of the points, which is 6.3.
    points = np.array([[0, 0, 0, 9], [1, 0, 0, 9], [1, 99, 0, 1]], dtype=float)
    assert _mean_diameter(points) == pytest.approx((1 * 9 + 99 * 5) / 100)


def test_a_cylinder_of_that_diameter_has_the_area():
    random = np.random.default_rng(2)
    for _ in range(20):
        points = np.column_stack(
            [random.normal(size=(6, 3)).cumsum(axis=0) ** 3, random.uniform(0.3, 8, 6)]
        )
        area, length = side(points)
        assert _mean_diameter(points) == pytest.approx(area / (np.pi * length))
        more = (points[2] + 3 * points[3]) / 4  # a point more on a straight piece changes nothing
        assert _mean_diameter(np.insert(points, 3, more, axis=0)) == pytest.approx(_mean_diameter(points))


def test_points_at_one_place_have_the_plain_mean():
    assert _mean_diameter(np.array([[1.0, 2, 3, 4], [1, 2, 3, 8]])) == 6
