"""A short list of the table of verdicts: all recorded, and each large current wrong in three ways."""

import importlib.util
import pathlib
import sys

import pytest
import quantities as pq

import neo_currentscape as ncs

HARNESS = pathlib.Path(__file__).parents[2] / "benchmarks" / "verdict_cases.py"


@pytest.fixture(scope="module")
def cases():
    spec = importlib.util.spec_from_file_location("verdict_cases", HARNESS)
    module = importlib.util.module_from_spec(spec)
    sys.modules["verdict_cases"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["verdict_cases"]


@pytest.mark.parametrize("every", [1, 5, 10])
def test_each_verdict_on_the_built_in_neuron_is_true(cases, every):
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    block = stg.simulate(t_stop=600 * pq.ms, dt=0.025 * pq.ms, transient=2000 * pq.ms, i_app=0.7 * pq.nA)
    recording = cases.coarser(ncs.Recording.from_segment(block), every)
    done = list(cases.variations(recording))
    assert len(done) > 10
    for variation in done:
        found = ncs.balance(variation.recording)
        assert variation.rate(found) == "true", (variation.what, variation.name, found.verdict)


def test_a_false_verdict_is_rated_so(cases):
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    recording = ncs.Recording.from_segment(stg.simulate(t_stop=300 * pq.ms, dt=0.05 * pq.ms))
    right = ncs.balance(recording)
    wrong = ncs.balance(cases.scaled(recording, "Kd", -1.0))
    every = cases.Variation("everything", "", recording)
    assert every.rate(right) == "true" and every.rate(wrong) == "false"
    for what in ("removed", "inverted", "times 1000", "axial removed"):
        assert cases.Variation(what, "Na", recording).rate(right) == "false"
        assert cases.Variation(what, "Na", recording).rate(wrong) == "false"
    assert cases.Variation("inverted", "Kd", recording).rate(wrong) == "true"
