"""Wide bins are summed one by one, narrow ones all at once: the same numbers."""

import numpy as np
import pytest

from neo_currentscape.reduction import kernel


@pytest.mark.parametrize("n", [kernel.WIDE - 1, kernel.WIDE, 3 * kernel.WIDE + 7])
def test_bins_are_summed_alike_one_by_one_and_all_at_once(n):
    rng = np.random.default_rng(n)
    starts = np.array([0, n // 3, n // 3 + 1, n])
    parts, factors = rng.random((5, 3 * n + 1)), rng.random(3 * n + 1)
    found = kernel._sums(parts, factors, starts)
    pieces = np.split(parts * factors, starts[1:], axis=1)
    assert found == pytest.approx(np.array([piece.sum(axis=1) for piece in pieces]).T, rel=1e-13)


def test_samples_without_current_have_no_shares():
    part = np.array([[0.0, 2.0, 1e-320, 0.0], [0.0, 6.0, 0.0, 5e-324]])
    total = part.sum(axis=0)
    found = part * kernel.per_total(np.full(4, 0.5), total, part)
    assert found.sum(axis=0) == pytest.approx([0, 0.5, 0.5, 0.5])
