"""Comparisons and distances: closed forms, other samplings, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    SelectionError,
    SignalError,
    UnitsError,
    UnknownNameError,
)


def constant(recording_of, parts, names=None, n=100, **options):
    return recording_of(np.tile(np.asarray(parts, float), (n, 1)), names=names, **options)


def test_difference_and_distance_by_hand(recording_of):
    first = constant(recording_of, [3, 1, -2], ["K", "A", "Na"])
    second = constant(recording_of, [1, 3, -4], ["K", "A", "Na"])
    found = ncs.compare(first, second)
    np.testing.assert_allclose(found.shares("outward"), np.tile([-0.5, 0.5, 0], (100, 1)))
    np.testing.assert_allclose(found.shares("inward"), 0, atol=1e-12)
    np.testing.assert_allclose(found.total("inward").magnitude, 2)
    assert found.total("inward").units == pq.nA
    np.testing.assert_allclose(found.distance_over("outward"), 0.5)
    assert found.distance == pytest.approx(0.25)
    assert [found.names[k] for k in found.ranking] == ["K", "A", "Na"]


def test_the_ends_of_the_distance(recording_of):
    a, b = constant(recording_of, [1, 0, -1, 0]), constant(recording_of, [0, 1, 0, -1])
    assert ncs.compare(a, a).distance == 0
    assert ncs.compare(a, b).distance == pytest.approx(1)
    # Nothing flows inwards in one: that has nothing in common with anything.
    assert ncs.compare(a, constant(recording_of, [1, 0, 0, 0])).distance == pytest.approx(0.5)


def test_currents_of_one_only_and_other_units(recording_of):
    first = constant(recording_of, [2, 2], ["K", "A"])
    second = constant(recording_of, [4000, 1000], ["K", "M"], units="pA")
    found = ncs.compare(first, second)
    assert found.names == ["K", "A", "M"]
    np.testing.assert_allclose(found.shares("outward")[0], [0.3, -0.5, 0.2])
    np.testing.assert_allclose(found.total("outward").rescale("nA").magnitude, 1.0)


def test_other_samplings_of_the_same_are_near(recording_of):
    def wave(t):
        return np.column_stack(
            [2 + np.sin(t / 20), np.ones_like(t), -1 - 0.5 * np.cos(t / 9), -np.ones_like(t)]
        )

    fine, coarse = np.arange(0, 1000, 0.05), np.arange(0, 1000, 0.25)
    times = np.sort(np.random.default_rng(3).uniform(0, 999.9, 6000))
    regular = recording_of(wave(fine), dt=0.05)
    assert ncs.compare(regular, recording_of(wave(coarse), dt=0.25), bins=500).distance < 1e-4
    assert ncs.compare(regular, recording_of(wave(times), times=times), bins=500).distance < 5e-3
    # Only the time in common is looked at.
    late = recording_of(wave(coarse + 500), dt=0.25, t_start=500.0)
    found = ncs.compare(regular, late)
    assert found.edges[0] == 499.875 * pq.ms and found.edges[-1] == 999.975 * pq.ms
    assert found.distance < 1e-4


def test_alignment_takes_a_shift_away(burster):
    """The same neuron, a third of a cycle later: far by time, the same by phase and by spike."""
    cycle = float(np.diff(ncs.detect_bursts(burster).times.magnitude)[0])
    early, late = burster.slice(t_stop=3 * pq.s), burster.slice(cycle / 3 * pq.ms)
    shifted = ncs.Recording(
        late.currents.time_shift(-cycle / 3 * pq.ms), late.voltage.time_shift(-cycle / 3 * pq.ms)
    )
    assert ncs.compare(early, shifted).distance > 0.3
    assert ncs.compare(early, shifted, by="phase").distance < 0.02
    assert ncs.compare(early, shifted, by="spike", before=2 * pq.ms, after=3 * pq.ms).distance < 0.02


def test_ranking_finds_what_was_changed():
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    short = {"t_stop": 1 * pq.s, "transient": 0 * pq.s}
    control = stg.simulate("C", **short)
    blocked = stg.simulate(stg.MODELS["C"].scaled("A", 0.0), **short)
    found = ncs.compare(control, blocked, labels=("control", "no A"))
    assert found.names[np.argmax(found.change("outward"))] in ("A", "KCa")
    frame = found.to_dataframe()
    assert frame.loc["A", "no A_outward"] == 0 and frame.loc["A", "control_outward"] > 0.05
    assert frame["rank"].tolist() == list(range(1, 9))


def test_distances_are_those_of_the_pairs(recording_of):
    runs = [constant(recording_of, [k, 4 - k, -1]) for k in range(5)]
    found = ncs.distances(runs, labels="abcde")
    exact = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) / 8
    np.testing.assert_allclose(found.matrix, exact, atol=1e-12)
    np.testing.assert_allclose(found.matrix[1, 3], ncs.compare(runs[1], runs[3]).distance)
    assert len(found.pairs) == 10
    assert list(found.to_dataframe().columns) == list("abcde")


def test_refusals(burster, recording_of):
    with pytest.raises(UnknownNameError, match="did you mean 'spike'"):
        ncs.compare(burster, burster, by="spikes")
    with pytest.raises(UnknownNameError, match="option of a comparison by time"):
        ncs.compare(burster, burster, threshold=-10 * pq.mV)
    late = constant(recording_of, [1], t_start=1e6)
    with pytest.raises(SignalError, match="no time in common .*by='spike'"):
        ncs.compare(constant(recording_of, [1]), late)
    with pytest.raises(UnitsError, match="give area"):
        ncs.compare(constant(recording_of, [1]), constant(recording_of, [1], units="mA/cm**2"))
    with pytest.raises(ArgumentError, match="two or more"):
        ncs.distances([burster])
    with pytest.raises(ArgumentError, match="labels do not fit"):
        ncs.distances([burster, burster], labels=["a"])


@pytest.mark.parametrize("by", ["spike", "phase"])
def test_what_is_wrong_of_one_recording_names_it(burster, recording_of, by):
    quiet = constant(recording_of, [1, -1])
    with pytest.raises((SelectionError, SignalError), match=r"^drug: .*voltage"):
        ncs.compare(burster, quiet, by=by, labels=("control", "drug"))
