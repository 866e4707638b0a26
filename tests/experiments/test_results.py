"""The results of experiments share ranking, order and table, and each table holds what the methods give."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.roles import DIRECTIONS
from neo_currentscape.experiments.perturbation import Perturbation
from neo_currentscape.reduction.result import OfCurrents

pytest.importorskip("pandas")


@pytest.fixture
def results(random_recording):
    """A result of each kind, with the size of each current by which it ranks them."""
    one, two = random_recording(), random_recording(seed=2)
    average, phases = ncs.event_average(one), ncs.spike_phases(one, bins=7)
    change = ncs.compare(one, two, bins=50)
    steps = Perturbation("dose", [1, 2] * pq.uM, [ncs.distribution(run) for run in (one, two)])

    def both(shares):
        return sum(shares(d) for d in DIRECTIONS)

    return {
        "average": (average, both(lambda d: average.shares(d).mean(axis=0))),
        "phases": (
            phases,
            sum(
                both(lambda d, p=p: np.nanmean(phases.shares(p, d), axis=0))
                for p in phases.phases
                if phases.time(p).sum() > 0
            ),
        ),
        "comparison": (change, both(lambda d: np.abs(change.shares(d)).mean(axis=0))),
        "perturbation": (steps, both(lambda d: steps.mean_shares(d).mean(axis=0))),
        "currentscape": (ncs.Currentscape(one), both(lambda d: ncs.Currentscape(one).charge(d).magnitude)),
    }


@pytest.mark.parametrize("name", ["average", "phases", "comparison", "perturbation", "currentscape"])
def test_the_largest_comes_first(results, name):
    found, sizes = results[name]
    assert isinstance(found, OfCurrents)
    assert np.all(np.diff(np.asarray(sizes)[found.ranking]) <= 0)
    assert found.order("recorded") == [0, 1, 2]
    last = found.names[found.order()[-1]]
    assert found.order([last]) == np.roll(found.order(), 1).tolist()


@pytest.mark.parametrize("name", ["average", "phases", "comparison", "currentscape"])
def test_the_order_is_that_of_the_charges(results, random_recording, name):
    scape = ncs.Currentscape(random_recording())
    charges = sum(scape.charge(d).magnitude for d in DIRECTIONS)
    assert results[name][0].order() == np.argsort(-charges).tolist()


def test_a_bundle_is_last_in_every_order(random_recording):
    scape = ncs.Currentscape(random_recording(currents=5), top=2)
    for found in (scape, ncs.event_average(scape), ncs.spike_phases(scape)):
        assert [found.names[found.order(by)[-1]] for by in ("charge", "name", "recorded")] == ["other"] * 3


def test_the_table_of_a_perturbation(results):
    found, _ = results["perturbation"]
    frame = found.to_dataframe()
    assert frame.index.names == ["dose", "current"] and frame.attrs["units"] == {"dose": "µM"}
    for step, dose in enumerate((1.0, 2.0)):
        for k, name in enumerate(found.names):
            for d in DIRECTIONS:
                assert frame.loc[(dose, name), f"mean_share_{d}"] == found.mean_shares(d)[step, k]


def test_the_table_of_spike_phases(results):
    found, _ = results["phases"]
    frame = found.to_dataframe()
    assert len(frame) == 3 * 7 * 3 and frame.attrs["units"] == {"voltage": "mV", "time": "ms"}
    middle = (found.edges[2] + found.edges[3]) / 2
    for phase in found.phases:
        rows = frame.loc[phase].xs(float(middle), level="voltage")
        for d in DIRECTIONS:
            np.testing.assert_array_equal(rows[f"share_{d}"], found.shares(phase, d)[2])
        assert set(rows["time"]) == {float(found.time(phase)[2])}
    # Every sample lies in one phase and one bin, and is counted for each current.
    recording = found.recording
    assert frame["time"].sum() / 3 == pytest.approx(
        len(recording.times) * float(recording.currents.sampling_period.rescale("ms"))
    )
