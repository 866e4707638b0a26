"""The same shares and the same order as Currentscape, on the same arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import neo_currentscape as ncs
from neo_currentscape.compat.config import read_config
from neo_currentscape.compat.intake import take
from neo_currentscape.compat.ranking import ranking
from neo_currentscape.reduction.mean_shares import mean_shares

peer = pytest.importorskip("currentscape.currents")
parser = pytest.importorskip("currentscape.config_parser")

numbers = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-6)
arrays = npst.arrays(
    float, st.tuples(st.integers(1, 9), st.integers(2, 25)), elements=numbers, fill=st.nothing()
)


def both(currents: np.ndarray, **config):
    theirs = peer.Currents(currents, parser.set_default_config(config), np.arange(currents.shape[1]) * 0.1)
    settings_ = read_config(config)
    time = np.arange(currents.shape[1]) * 0.1
    return theirs, take(settings_, np.zeros(currents.shape[1]), currents, time=time).recording, settings_


@settings(max_examples=150, deadline=None)
@given(arrays)
def test_shares(currents):
    theirs, recording, _ = both(currents)
    scape = ncs.Currentscape(recording)
    for direction, norm in (("outward", theirs.pos_norm), ("inward", theirs.neg_norm)):
        ours = np.asarray(scape.shares(direction).magnitude).T
        shown = np.zeros_like(ours)
        shown[norm.idxs] = np.abs(norm.data)
        assert np.abs(ours - shown).max() <= 1e-12


@settings(max_examples=150, deadline=None)
@given(arrays)
def test_order(currents):
    theirs, recording, config = both(currents)
    found = ranking(recording, config["current.reorder"])
    sums = {d: mean_shares(recording, d) for d in ("outward", "inward")}
    for direction, norm in (("outward", theirs.pos_norm), ("inward", theirs.neg_norm)):
        own = [recording.index(name) for name in getattr(found, direction)]
        assert set(norm.idxs) == {k for k in own if sums[direction][k] > 0}
        # Currents of equal share may stand in any order.
        assert np.allclose(
            sums[direction][own[: len(norm.idxs)]], sums[direction][norm.idxs], rtol=0, atol=1e-12
        )
    if all(len(set(np.round(s[s > 0], 10))) == (s > 0).sum() for s in sums.values()):
        never = [k for k in range(len(currents)) if not currents[k].any()]
        ours = [recording.index(name) for name in found.both]
        assert [k for k in ours if k not in never] == [k for k in theirs.idxs if k not in never]


@settings(max_examples=30, deadline=None)
@given(arrays)
def test_recorded_order(currents):
    theirs, recording, config = both(currents, current={"reorder": False})
    found = ranking(recording, config["current.reorder"])
    assert found.both == found.outward == found.inward == recording.names
    assert list(theirs.pos_norm.idxs) == sorted(theirs.pos_norm.idxs)


def test_totals():
    currents = np.random.default_rng(0).standard_normal((5, 40))
    theirs, recording, _ = both(currents)
    scape = ncs.Currentscape(recording)
    assert np.allclose(scape.total("outward").magnitude[:, 0], theirs.pos_sum, rtol=1e-14)
    assert np.allclose(scape.total("inward").magnitude[:, 0], theirs.neg_sum, rtol=1e-14)
