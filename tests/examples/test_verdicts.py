"""On real recordings of every source, an inverted sign, a factor 1000 and a missing current are named."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs

pytestmark = pytest.mark.slow

#: Example, how its Segment is read, and what the balance is told.
SOURCES = {
    "neuron": ("neuron_recorder", {}, None),
    "lfpy": ("lfpy_cell", {"site": "soma(0.5)"}, None),
    "arbor": ("arbor_probes", {"site": "(cable 0 0 0.0909091)"}, None),
    "nest": ("nest_multimeter", {}, None),
    "pynn": ("pynn_neuron", {"neuron": 0}, None),
    "brainpy": ("brainpy_hh", {}, 1 * pq.uF / pq.cm**2),
    "brian2": ("brian2_hh", {}, None),
    "bluepyopt": ("bluepyopt_step", {}, None),
    "jaxley": ("jaxley_cell", {"site": "branch(0).comp(0)"}, None),
    "sonata": ("sonata_report", {"neuron": 1}, 10 * pq.nF),
}

#: A current that carries less than this part of both charges may hide behind the sampling.
LARGE = 0.05


@pytest.fixture(params=SOURCES)
def source(request, example):
    """A Segment, how to read it, the capacitance, and the names of its large currents."""
    name, selection, capacitance = SOURCES[request.param]
    segment = example(name)["segment"]
    scape = ncs.Currentscape.from_segment(segment, **selection)
    parts = np.maximum(scape.contributions("outward"), scape.contributions("inward"))
    large = [current for current, part in zip(scape.names, parts, strict=True) if part > LARGE]
    assert large
    return segment, selection, capacitance, scape.recording, large


def changed(recording: ncs.Recording, name: str, factor: float) -> ncs.Recording:
    """The Recording with one current multiplied."""
    segment = copy.deepcopy(recording.to_segment())
    signals = segment.analogsignals or segment.irregularlysampledsignals
    currents = next(signal for signal in signals if signal.name == "currents")
    currents.magnitude[:, recording.names.index(name)] *= factor
    return ncs.Recording.from_segment(segment)


def test_the_recording_itself_is_complete(source):
    *_, capacitance, recording, _ = source
    assert ncs.balance(recording, capacitance).verdict.startswith("complete")


def test_an_inverted_sign_is_named(source):
    *_, capacitance, recording, large = source
    for name in large:
        found = ncs.balance(changed(recording, name, -1), capacitance)
        assert found.diagnosis.kind == "sign", (name, found.verdict)
        assert found.diagnosis.inverted == (name,), found.verdict


def test_a_factor_is_named(source):
    *_, capacitance, recording, large = source
    for name in large:
        found = ncs.balance(changed(recording, name, 1000), capacitance)
        assert found.diagnosis.kind == "factor", (name, found.verdict)
        assert found.diagnosis.factors[name] == pytest.approx(1000, rel=0.1), found.verdict


def test_a_missing_current_is_noticed(source):
    segment, selection, capacitance, _, large = source
    for name in large:
        left = [other for other in ncs.Recording.from_segment(segment, **selection).names if other != name]
        recording = ncs.Recording.from_segment(segment, **{**selection, "currents": left})
        found = ncs.balance(recording, capacitance)
        assert found.diagnosis.kind == "missing", (name, found.verdict)
