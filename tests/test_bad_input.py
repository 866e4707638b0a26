"""Bad input through the front door: one clear sentence that says what to write, and no figure."""

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs


def signal(name, units, values=(1.0, -2.0, 3.0), times=None, channels=None, **annotations):
    values = np.atleast_2d(np.asarray(values, dtype=float).T).T
    arrays = {} if channels is None else {"channel_index": channels}
    if times is not None:
        return neo.IrregularlySampledSignal(
            times, values, units=units, time_units="ms", name=name, array_annotations=arrays, **annotations
        )
    return neo.AnalogSignal(
        values, units=units, sampling_period=0.1 * pq.ms, name=name, array_annotations=arrays, **annotations
    )


def segment(*signals):
    made = neo.Segment()
    for one in signals:
        regular = isinstance(one, neo.AnalogSignal)
        (made.analogsignals if regular else made.irregularlysampledsignals).append(one)
    return made


V, NA, K = signal("v", "mV"), signal("ina", "nA"), signal("ik", "nA")
IRREGULAR = {"unsorted": [0.0, 2.0, 1.0], "still": [1.0, 1.0, 1.0]}

CASES = {
    "no voltage": ([NA, K], {}, r"No signal has the unit of a voltage .*: name it with voltage="),
    "no current": (
        [V],
        {},
        r"No signal has the unit and name of a membrane current \(there are 'v' \(mV\)\)",
    ),
    "several neurons": (
        [
            signal("v", "mV", np.ones((3, 2)), channels=[4, 2]),
            signal("w", "nA", np.ones((3, 2)), channels=[2, 4]),
        ],
        {},
        r"hold 2 neurons \(2, 4\) .*: write neuron=2",
    ),
    "several sites": (
        [V, signal("a", "nA", site="soma"), signal("b", "nA", site="dend")],
        {},
        r"2 sites \('dend', 'soma'\) .*: write site='dend'",
    ),
    "mixed": (
        [V, signal("ina", "mA/cm**2"), signal("ampa.i", "nA")],
        {},
        r"'ina' is a density \(mA/cm\*\*2\) and 'ampa.i' is absolute \(nA\): give area=",
    ),
    "nan": (
        [V, NA, signal("ik", "nA", [1, np.nan, np.nan])],
        {},
        r"Current 'ik' is nan at 0\.1 ms \(in 2 of 3 samples\): .* nan='gap'",
    ),
    "infinite": (
        [signal("v", "mV", [0, 0, np.inf]), NA],
        {},
        r"Voltage 'v' is inf at 0\.2 ms .*: mend the recording, or write nan='gap'",
    ),
    "different times": (
        [V, NA, signal("ik", "nA", [1, 2])],
        {},
        r"'ik' and 'ina' have different times \(2 and 3 samples\): record them together",
    ),
    "unsorted": (
        [signal("v", "mV", times=IRREGULAR["unsorted"]), signal("ina", "nA", times=IRREGULAR["unsorted"])],
        {},
        r"'ina' has times that are not increasing, at 1 ms \(sample 2\): sort the samples",
    ),
    "standing still": (
        [signal("v", "mV", times=IRREGULAR["still"]), signal("ina", "nA", times=IRREGULAR["still"])],
        {},
        "'ina' has one time for all samples, 1: give the time of each sample",
    ),
    "one sample": (
        [signal("v", "mV", [1.0]), signal("ina", "nA", [1.0])],
        {},
        r"'ina' has 1 sample: .* at least 2, so record over a longer time",
    ),
    "no sample": (
        [signal("v", "mV", np.ones((0, 1))), signal("ina", "nA", np.ones((0, 1)))],
        {},
        r"'ina' has 0 samples: .* at least 2",
    ),
    "duplicate names": (
        [V, NA, signal("ina", "nA")],
        {},
        r"Two signals .* are called 'ina' .*: rename one",
    ),
    "unknown palette": (
        [V, NA, K],
        {"palette": "brigth"},
        r"Unknown palette 'brigth': did you mean 'bright'\?",
    ),
    "unknown option": (
        [V, NA, K],
        {"pallete": "safe"},
        r"Unknown option 'pallete': did you mean 'palette'\?",
    ),
    "unknown panel": ([V, NA, K], {"panels": ["volts"]}, r"Unknown panel 'volts'"),
    "unknown order": (
        [V, NA, K],
        {"order": "charges"},
        r"Unknown order 'charges': did you mean 'charge'\?",
    ),
    "unknown current": (
        [V, NA, K],
        {"order": ["iK"]},
        r"Unknown current in order= 'iK': did you mean 'ik'\?",
    ),
}


@pytest.mark.parametrize(("signals", "options", "message"), CASES.values(), ids=CASES)
def test_one_sentence_and_no_figure(signals, options, message):
    from matplotlib import pyplot

    before = pyplot.get_fignums()
    with pytest.raises(ncs.CurrentscapeError, match=message) as caught:
        ncs.Currentscape.from_segment(segment(*signals)).plot(**options)
    text = str(caught.value)
    assert "\n" not in text and text.endswith(".")
    assert pyplot.get_fignums() == before


def test_gaps_are_drawn_when_asked_for():
    broken = segment(V, NA, signal("ik", "nA", [1, np.nan, 2]))
    scape = ncs.Currentscape.from_segment(broken, nan="gap")
    assert np.isnan(scape.shares("outward").magnitude[1]).all()
    assert len(scape.plot().axes) > 0


def test_all_zero_is_drawn_with_empty_shares():
    zero = segment(V, signal("ina", "nA", [0, 0, 0]), signal("ik", "nA", [0, 0, 0]))
    scape = ncs.Currentscape.from_segment(zero)
    assert not scape.shares("outward").magnitude.any() and not scape.shares("inward").magnitude.any()
    assert len(scape.plot().axes) > 0
