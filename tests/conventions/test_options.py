"""Mistyped keywords of the public classes, and values of a wrong type."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, CurrentscapeError, UnknownOptionError

CURRENTS = neo.AnalogSignal(
    [[1.0, -2.0], [2.0, -3.0], [0.0, -1.0]],
    units="nA",
    sampling_period=0.1 * pq.ms,
    array_annotations={"name": ["K", "Na"]},
)
VOLTAGE = neo.AnalogSignal([[-65.0], [0.0], [20.0]], units="mV", sampling_period=0.1 * pq.ms, name="v")
REC = ncs.Recording(CURRENTS, VOLTAGE)
SEGMENT = REC.to_segment()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ncs.Recording.from_segment(SEGMENT, sgn="inward"),
            "Recording.from_segment 'sgn': .* 'sign'",
        ),
        (
            lambda: ncs.Currentscape.from_segment(SEGMENT, sgn="inward"),
            "Currentscape.from_segment 'sgn': .* 'sign'",
        ),
        (
            lambda: ncs.Currentscape.from_segment(SEGMENT, topp=3),
            "Currentscape.from_segment 'topp': .* 'top'",
        ),
        (lambda: ncs.Currentscape(REC, unknown=1), "option of Currentscape 'unknown': known are 'top'"),
        (
            lambda: ncs.Recording(REC.currents, unknown=1),
            "option of Recording 'unknown': known are 'voltage'",
        ),
    ],
)
def test_a_mistyped_keyword_is_named_with_the_right_one(call, message):
    with pytest.raises(UnknownOptionError, match=message):
        call()


def test_keywords_that_are_right_are_still_right():
    scape = ncs.Currentscape.from_segment(SEGMENT, top=1, neuron=None, nan="error")
    assert scape.names[-1] == "other"
    assert ncs.Currentscape(recording=REC).names == REC.names


@pytest.mark.parametrize(
    ("dtype", "found"), [(complex, "complex numbers .values of type complex128"), (object, "no numbers")]
)
@pytest.mark.parametrize("part", ["currents", "voltage"])
def test_what_is_not_real_is_refused(dtype, found, part):
    values = np.ones((3, 1)).astype(dtype)
    unit = "nA" if part == "currents" else "mV"
    odd = neo.AnalogSignal(values, units=unit, sampling_period=1 * pq.ms, name="ik")
    with pytest.raises(ArgumentTypeError, match=f"{part} .'ik'. holds {found}"):
        ncs.Recording(odd) if part == "currents" else ncs.Recording(CURRENTS, odd)
    segment = neo.Segment()
    segment.analogsignals.append(odd)
    if part == "currents":
        with pytest.raises(ArgumentTypeError, match=f"Signal 'ik' holds {found}"):
            ncs.Recording.from_segment(segment, voltage=False)


WRONG = [3, "a", object(), [], {}, None, float("nan"), b"a", np.ones(3), 1j, ("x", "y"), {"tilte": 1}]


@pytest.mark.parametrize(
    "option",
    ["neuron", "site", "voltage", "currents", "ions", "electrode", "units", "sign", "area", "nan", "top"],
)
def test_no_wrong_type_gives_a_raw_exception(option):
    for value in WRONG:
        try:
            ncs.Currentscape.from_segment(SEGMENT, **{option: value})
        except CurrentscapeError as error:
            assert "\n" not in str(error) and str(error).endswith((".", "?")), str(error)


@pytest.mark.parametrize("sources", [3, None, "ab", REC])
def test_distances_take_a_list(sources):
    with pytest.raises(
        ArgumentTypeError, match=r"^distances\(\) takes a list of sources, not .*: write e\.g\."
    ):
        ncs.distances(sources)
    with pytest.raises(ArgumentTypeError, match=r"^distances\(\) takes a list of labels"):
        ncs.distances([REC, REC], labels=3)


def test_plain_numbers_are_told_how_to_become_a_signal():
    with pytest.raises(
        ArgumentTypeError, match=r"currents is a ndarray: .* e\.g\. neo\.AnalogSignal\(values, units="
    ):
        ncs.Recording(np.ones((3, 2)))
