"""Recorded parts of a current: in its place, checked to add up, counted once."""

import re

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import Recording
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError, SignalError
from neo_currentscape.recording.lazy import rows
from neo_currentscape.recording.lazy.signal import is_lazy

AMPA, NMDA = "syn.i_AMPA", "syn.i_NMDA"
PARTS = {"syn.i": [AMPA, NMDA]}


def signal(values, name, units="nA", **options):
    return neo.AnalogSignal(values[:, None], units=units, sampling_period=0.1 * pq.ms, name=name, **options)


@pytest.fixture
def values():
    return np.random.default_rng(9).standard_normal((60, 3))


@pytest.fixture
def segment(values):
    """A leak, a synapse and its parts, one of which is stored inward and in pA."""
    segment = neo.Segment()
    ampa, nmda, leak = values.T
    segment.analogsignals.extend(
        [
            signal(-60 + leak, "v", "mV"),
            signal(leak, "il"),
            signal(ampa + nmda, "syn.i"),
            signal(ampa, AMPA),
            signal(-1e3 * nmda, NMDA, "pA", positive="inward"),
        ]
    )
    return segment


def columns(rec):
    return dict(zip(rec.names, rec.currents.rescale("nA").magnitude.T, strict=True))


@pytest.mark.parametrize(
    ("currents", "parts", "names"),
    [
        (None, PARTS, ["il", AMPA, NMDA]),
        (["il", "syn.i"], PARTS, ["il", AMPA, NMDA]),
        (["syn.i", "il"], PARTS, [AMPA, NMDA, "il"]),
        (["il"], PARTS, ["il", AMPA, NMDA]),
        (None, {"syn.i": ["syn.i*"]}, ["il", AMPA, NMDA]),
        (["il"], {"syn.i": [NMDA, "*_AMPA"]}, ["il", AMPA, NMDA]),
        (None, {"syn.i": ("syn.?_*", AMPA)}, ["il", AMPA, NMDA]),
        ({"leak": "il", "AMPA": AMPA, "NMDA": NMDA}, PARTS, ["leak", "AMPA", "NMDA"]),
        ({"N": NMDA, "syn": "syn.i", "leak": "il"}, PARTS, ["N", AMPA, "leak"]),
        ({"leak": "il"}, {"syn.i": {"A": AMPA, "N": NMDA}}, ["leak", "A", "N"]),
        (None, {"syn.i": {"A": AMPA, "N": NMDA}}, ["il", "A", "N"]),
        (None, {"syn.i": {"N": NMDA, "rest": None}}, ["il", AMPA, "rest", "N"]),
        (["il"], {"syn.i": {"N": NMDA, "rest": None}}, ["il", "N", "rest"]),
    ],
)
def test_parts_stand_in_place_of_the_whole(segment, values, currents, parts, names):
    found = columns(Recording.from_segment(segment, currents=currents, parts=parts))
    assert sorted(found) == sorted(names)
    ampa, nmda, leak = values.T
    known = {"il": leak, "leak": leak, AMPA: ampa, "AMPA": ampa, "A": ampa}
    known |= {NMDA: nmda, "NMDA": nmda, "N": nmda, "rest": ampa}
    for name in found:
        np.testing.assert_allclose(found[name], known[name], atol=1e-12)


@pytest.mark.parametrize("whole", ["syn.i", "ie"])
def test_a_whole_beside_its_parts_is_warned_of(segment, whole):
    """By name alone nothing is said."""
    ampa, nmda = f"{whole}_AMPA", f"{whole}nmda"
    names = {"syn.i": whole, AMPA: ampa, NMDA: nmda}
    for one in segment.analogsignals:
        one.name = names.get(one.name, one.name)
    with pytest.warns(ncs.CurrentscapeWarning, match=f"'{whole}' is the sum of .* parts="):
        Recording.from_segment(segment)
    Recording.from_segment(segment, parts={whole: [ampa, nmda]})
    Recording.from_segment(segment, currents=[whole, ampa, "il"])
    segment.analogsignals[3].magnitude[::2] += 0.1
    Recording.from_segment(segment)


def test_places_of_parts(segment):
    found = Recording.from_segment(segment, currents=["syn.i", "il"], parts=PARTS)
    assert found.names == [AMPA, NMDA, "il"]
    found = Recording.from_segment(segment, currents={"N": NMDA, "syn": "syn.i", "leak": "il"}, parts=PARTS)
    assert found.names == ["N", AMPA, "leak"]


def test_parts_that_do_not_add_up_are_refused(segment, values):
    segment.analogsignals[3].magnitude[17] += 0.5
    peak = np.abs(
        [values[:, 0] + values[:, 1], segment.analogsignals[3].magnitude[:, 0], values[:, 1]]
    ).max()
    with pytest.raises(SignalError) as caught:
        Recording.from_segment(segment, parts=PARTS)
    assert str(caught.value) == (
        "The parts of 'syn.i' ('syn.i_AMPA', 'syn.i_NMDA') miss it by up to 0.5 of "
        f"{peak:.3g} nA, at 1.7 ms: name all of them, or write {{label: None}} for what is left of it."
    )
    # Named without parts=, nothing says that they belong together.
    Recording.from_segment(segment, currents=[AMPA, NMDA])


def test_parts_of_the_other_direction_are_told(segment):
    with pytest.raises(SignalError, match="add up to its opposite, so say with sign="):
        Recording.from_segment(segment, parts=PARTS, sign={"syn.i": "inward"})
    segment.analogsignals[4].annotations.clear()
    with pytest.raises(SignalError, match="miss it by up to"):
        Recording.from_segment(segment, parts=PARTS)
    turned = Recording.from_segment(segment, parts=PARTS, sign={NMDA: "inward"})
    assert turned.names == ["il", AMPA, NMDA]
    labelled = {"syn.i": {"A": AMPA, "N": NMDA}}
    assert Recording.from_segment(segment, parts=labelled, sign={"N": "inward"}).names == ["il", "A", "N"]


def test_float32_rounds_and_is_no_miss(segment, values):
    ampa, nmda, _ = (values.T * 1e3).astype(np.float32)
    made = neo.Segment()
    made.analogsignals.extend([signal(ampa + nmda, "syn.i"), signal(ampa, AMPA), signal(nmda, NMDA)])
    assert Recording.from_segment(made, parts=PARTS, voltage=False).names == [AMPA, NMDA]


def test_a_whole_of_other_times_is_refused(segment, values):
    segment.analogsignals[2] = neo.AnalogSignal(
        values[:, :1] + values[:, 1:2], units="nA", sampling_period=0.2 * pq.ms, name="syn.i"
    )
    with pytest.raises(SignalError, match="'syn.i'|'il'"):
        Recording.from_segment(segment, currents=["il"], parts=PARTS)


def test_gaps_are_no_miss(segment):
    segment.analogsignals[3].magnitude[17] = np.nan
    rec = Recording.from_segment(segment, parts=PARTS, nan="gap")
    assert np.flatnonzero(rec.gaps).tolist() == [17]


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"parts": {"syn": [AMPA, NMDA]}}, SelectionError, "parts= 'syn' matches no signal: did you mean"),
        ({"parts": {"syn.i": [AMPA, "syn.NMDA"]}}, SelectionError, "'syn.NMDA' matches no signal"),
        ({"parts": {"syn.i": [AMPA]}}, SelectionError, "names no two parts of a current"),
        ({"parts": {"syn.i": ["*_GABA"]}}, SelectionError, r"'\*_GABA' matches no signal"),
        ({"parts": {"syn.i": ["*_NMDA"]}}, SelectionError, "names no two parts of a current"),
        ({"parts": {"syn.i": ["*"]}}, SignalError, "The parts of 'syn.i'"),
        ({"parts": {"syn.i": AMPA}}, SelectionError, "names no two parts of a current"),
        ({"parts": {"syn.i": {"A": None, "N": None}}}, SelectionError, "with one None for"),
        ({"parts": {"syn.i": ["syn.i", AMPA]}}, SelectionError, "names 'syn.i' twice, as whole or part"),
        ({"parts": {"syn.i": {"A": AMPA, "B": AMPA}}}, SelectionError, "names 'syn.i_AMPA' twice"),
        ({"parts": {"syn.i": [AMPA, AMPA]}}, SelectionError, "names 'syn.i_AMPA' twice"),
        ({"parts": ["syn.i"]}, ArgumentTypeError, r"parts= takes \{name: \[names of its parts\]\}"),
        ({"parts": PARTS, "currents": {"E": ["il", "syn.i"]}}, SelectionError, "sums it as 'E': leave"),
    ],
)  # fmt: skip
def test_parts_that_are_none(segment, options, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        Recording.from_segment(segment, **options)
    assert "\n" not in str(caught.value)


def test_files_are_checked_as_they_are_read(segment, tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK_BYTES", 8 * 4 * 10)

    def written(name):
        block = neo.Block()
        block.segments.append(segment)
        with neo.io.NixIO(str(tmp_path / name), "ow") as io:
            io.write_block(block)
        return tmp_path / name

    path = written("whole.nix")
    lazy, eager = (ncs.Currentscape.from_segment(one, parts=PARTS) for one in (path, segment))
    assert is_lazy(lazy.recording.currents)
    np.testing.assert_allclose(
        lazy.charge("inward").magnitude, eager.charge("inward").magnitude, rtol=1e-12
    )
    cut = lazy.slice(2 * pq.ms, 4 * pq.ms)
    np.testing.assert_array_equal(cut.shares("inward"), eager.slice(2 * pq.ms, 4 * pq.ms).shares("inward"))
    segment.analogsignals[3].magnitude[47] += 0.5
    broken = ncs.Currentscape.from_segment(written("broken.nix"), parts=PARTS)
    with pytest.raises(SignalError, match="miss it by up to 0.5 of .* at 4.7 ms"):
        broken.charge("inward")


def test_summaries_and_averages_take_parts(segment, values):
    scape = ncs.Currentscape.from_segment(segment, parts=PARTS)
    table = ncs.summarise(segment, parts=PARTS).to_dataframe()
    assert sorted(table["current"]) == ["il", AMPA, NMDA]
    charges = dict(zip(table["current"], table["charge_outward"], strict=True))
    own = dict(zip(scape.names, scape.charge("outward").rescale("pC").magnitude, strict=True))
    assert charges == pytest.approx(own)
    window = {"before": 1 * pq.ms, "after": 1 * pq.ms}
    found = ncs.event_average(segment, [2, 4] * pq.ms, parts=PARTS, **window)
    own = ncs.event_average(scape, [2, 4] * pq.ms, **window)
    np.testing.assert_array_equal(found.shares("inward"), own.shares("inward"))
    segment.analogsignals[3].magnitude[17] += 0.5
    with pytest.raises(SignalError, match=re.escape("The parts of 'syn.i'")):
        ncs.summarise(segment, parts=PARTS)


def test_parts_of_each_neuron_are_those_of_its_own(values):
    made, marks = neo.Segment(), {"array_annotations": {"channel_index": [4, 7]}, "role": "current"}
    pairs = {"syn.i": values[:, :2] + values[:, 1:], AMPA: values[:, :2], NMDA: values[:, 1:]}
    for name, numbers in pairs.items():
        one = neo.AnalogSignal(numbers, units="nA", sampling_period=0.1 * pq.ms, name=name, **marks)
        made.analogsignals.append(one)
    found = columns(Recording.from_segment(made, neuron=7, parts=PARTS, voltage=False))
    np.testing.assert_allclose(found[NMDA], values[:, 2])
    assert len(ncs.summarise(made, parts=PARTS).to_dataframe()) == 4
    made.analogsignals[0].magnitude[3, 1] += 0.5
    Recording.from_segment(made, neuron=4, parts=PARTS, voltage=False)
    with pytest.raises(SignalError, match="at 0.3 ms"):
        Recording.from_segment(made, neuron=7, parts=PARTS, voltage=False)
