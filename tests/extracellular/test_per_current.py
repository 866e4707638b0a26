"""The split of a field by current, against sums written out."""

from __future__ import annotations

import numpy as np
import pytest

from neo_currentscape import extracellular
from neo_currentscape.conventions.errors import CurrentscapeError


def test_parts_are_what_the_sum_says_and_add_up_to_the_whole():
    rng = np.random.default_rng(0)
    membrane, matrix = rng.standard_normal((5, 3, 7)), rng.standard_normal((4, 5))
    parts = extracellular.by_current(membrane, matrix)
    written_out = sum(matrix[:, n, None, None] * membrane[n] for n in range(5))
    np.testing.assert_allclose(parts, written_out, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(parts.sum(axis=1), matrix @ membrane.sum(axis=1), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("membrane", "matrix", "sentence"),
    [
        (np.ones((5, 3)), np.ones((4, 5)), "node, current, time"),
        (np.ones((5, 3, 7)), np.ones((5, 4)), "contact, node"),
        (np.full((5, 3, 7), np.nan), np.ones((4, 5)), "membrane holds NaN"),
    ],
)
def test_bad_input(membrane, matrix, sentence):
    with pytest.raises(CurrentscapeError, match=sentence):
        extracellular.by_current(membrane, matrix)
