"""Our shares against those of the package currentscape, on the same arrays.

It works on samples of equal weight, drops currents that never flow in a direction, and gives inward
shares a minus.
"""

import neo
import numpy as np
import pytest
import quantities as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from neo_currentscape import Currentscape, Recording

peer = pytest.importorskip("currentscape.currents")

value = st.one_of(st.just(0.0), st.floats(1e-6, 1e3), st.floats(-1e3, -1e-6))
arrays = hnp.arrays(np.float64, st.tuples(st.integers(2, 20), st.integers(1, 6)), elements=value)


def config(names, reorder):
    return {
        "current": {"names": names, "reorder": reorder, "black_line_thickness": 2},
        "currentscape": {"y_resolution": 100, "legacy_method": False},
        "pattern": {"use": False, "patterns": []},
        "colormap": {"n_colors": 8},
        "xaxis": {"xticks": [0.0, 1.0]},
    }


def both(values, reorder=False):
    """Our currentscape, and theirs, whose arrays are (current, time)."""
    names = [f"I{k}" for k in range(values.shape[1])]
    signal = neo.AnalogSignal(
        values, units="nA", sampling_period=0.1 * pq.ms, array_annotations={"name": names}
    )
    time = np.arange(len(values)) * 0.1
    theirs = peer.Currents(values.T.copy(), config(names, reorder), time)
    return Currentscape(Recording(signal)), theirs


@given(arrays)
@settings(max_examples=200, deadline=None)
def test_shares(values):
    ours, theirs = both(values)
    for direction, norm, sign in (("outward", theirs.pos_norm, 1), ("inward", theirs.neg_norm, -1)):
        shares = ours.shares(direction).magnitude.T
        kept = np.asarray(norm.idxs, dtype=int)
        if not len(kept):
            assert not shares.any()
            continue
        np.testing.assert_allclose(shares[kept], sign * norm.data, rtol=0, atol=1e-12)
        assert not np.delete(shares, kept, axis=0).any()


@given(arrays)
@settings(max_examples=100, deadline=None)
def test_totals(values):
    ours, theirs = both(values)
    np.testing.assert_allclose(ours.total("outward").magnitude[:, 0], theirs.pos_sum, rtol=1e-12)
    np.testing.assert_allclose(ours.total("inward").magnitude[:, 0], np.abs(theirs.neg_sum), rtol=1e-12)


def test_a_long_recording():
    values = np.random.default_rng(0).standard_normal((20_000, 12)) * np.logspace(-3, 3, 12)
    ours, theirs = both(values)
    assert list(theirs.pos_norm.idxs) == list(range(12))
    np.testing.assert_allclose(ours.shares("outward").magnitude.T, theirs.pos_norm.data, rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours.shares("inward").magnitude.T, -theirs.neg_norm.data, rtol=0, atol=1e-12)
