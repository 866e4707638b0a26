"""What all adapters share: the rule of regular sampling, the maker of signals, the clamped Epoch."""

import ast
import pickle
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import adapters
from neo_currentscape.adapters.signals import Clock, Writer, clamped, mark
from neo_currentscape.conventions.errors import ArgumentError, SignalError
from neo_currentscape.recording import sampling

STEP = 0.025
EVEN = STEP * np.arange(4000)


def shifted(part):
    """Even times, of which one in the middle is late by a part of a step."""
    times = EVEN.copy()
    times[1234] += part * STEP
    return times


class TestClock:
    @pytest.mark.parametrize(
        "times",
        [
            EVEN,
            17.0 + EVEN,
            np.cumsum(np.full(4000, STEP)),
            EVEN.astype(np.float32),
            np.round(EVEN, 5),
            shifted(0.9e-3),
            np.array([0.3, 0.7]),
        ],
        ids=["even", "later", "summed", "float32", "rounded", "within", "two"],
    )
    def test_times_of_a_grid_are_regular(self, times):
        axis = Clock(times).axis
        assert isinstance(axis, neo.AnalogSignal)
        # What the signal says of its times is what was recorded, to the tolerance of the package.
        apart = np.abs(axis.times.rescale("ms").magnitude - times)
        assert apart.max() <= sampling.TOLERANCE * float(axis.sampling_period.rescale("ms"))

    @pytest.mark.parametrize(
        "times",
        [
            shifted(1.2e-3),
            np.r_[EVEN, EVEN[-1] + 2 * STEP],
            # No two neighbouring steps differ by more than 1e-7 of a step, but they drift away.
            np.cumsum(STEP * (1 + 1e-7 * np.arange(4000))),
            np.r_[EVEN, EVEN[-1]],
            np.zeros(3),
            EVEN[::-1],
        ],
        ids=["late", "longer end", "drift", "repeated", "standing", "backwards"],
    )
    def test_others_are_not(self, times):
        clock = Clock(times)
        assert not clock.is_regular and len(clock) == len(times)
        np.testing.assert_array_equal(clock.axis.times.magnitude, times)

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_what_is_no_time_is_refused(self, bad):
        with pytest.raises(SignalError, match="The times hold .* at sample 1 of 3"):
            Clock(np.array([0.0, bad, 2.0]))

    def test_a_sum_of_steps_has_the_step_it_was_summed_of(self):
        axis = Clock(np.cumsum(np.full(10_000, 0.1))).axis
        assert float(axis.sampling_period.rescale("ms")) == 0.1

    def test_one_sample_has_the_step_that_is_told(self):
        assert Clock(np.array([2.0]), 0.1).is_regular
        assert not Clock(np.array([2.0])).is_regular


class TestWriter:
    def test_annotations_say_all_that_is_known(self):
        area, index = 300.0 * pq.um**2, np.array([4, 9])
        writer = Writer(Clock(EVEN), neurons=index, site="soma", area=area, model="m")
        values = np.ones((len(EVEN), 2))
        signal = writer.add("ik", values, "mA/cm**2", "current", "outward", derived=True)
        assert signal.name == "ik" and signal.shape == (4000, 2) and signal.units == pq.mA / pq.cm**2
        assert signal.annotations == {
            "role": "current",
            "positive": "outward",
            "site": "soma",
            "area": area,
            "model": "m",
            "derived": True,
        }
        assert signal.array_annotations["channel_index"].tolist() == [4, 9]

    def test_a_variable_may_differ_from_the_others(self):
        writer = Writer(Clock(EVEN), neurons=np.array([1]), site="soma", area=1 * pq.um**2)
        arrays = {"capacitance": [2.0] * pq.nF}
        signal = writer.add(
            "v", EVEN, "mV", "voltage", neurons=np.array([5]), site="dend", area=7 * pq.um**2, arrays=arrays
        )
        assert signal.annotations == {"role": "voltage", "site": "dend", "area": 7 * pq.um**2}
        assert signal.array_annotations["channel_index"].tolist() == [5]
        assert signal.array_annotations["capacitance"].tolist() == [2.0]

    def test_what_is_not_known_is_left_out(self):
        signal = Writer(Clock(EVEN)).add("x", EVEN, "dimensionless", "other")
        assert signal.annotations == {"role": "other"} and not signal.array_annotations

    @pytest.mark.parametrize("times", [EVEN, shifted(0.5)], ids=["regular", "irregular"])
    def test_signals_go_where_a_segment_keeps_their_kind(self, times):
        writer, segment = Writer(Clock(times)), neo.Segment()
        for number in range(3):
            writer.add(f"i{number}", times, "nA", "current", "inward")
        writer.into(segment)
        kept = segment.analogsignals if times is EVEN else segment.irregularlysampledsignals
        assert [signal.name for signal in kept] == ["i0", "i1", "i2"]
        assert len(segment.analogsignals) + len(segment.irregularlysampledsignals) == 3
        np.testing.assert_allclose(kept[0].times.rescale("ms").magnitude, times, rtol=0, atol=1e-9)

    @pytest.mark.parametrize("times", [EVEN, shifted(0.5)], ids=["regular", "irregular"])
    def test_the_clock_of_a_signal_has_its_very_times(self, times):
        first = Writer(Clock(times)).add("v", times, "mV", "voltage")
        other = Writer(Clock.of(first)).add("i", times, "nA", "current", "outward")
        assert type(other) is type(first)
        np.testing.assert_array_equal(other.times.magnitude, first.times.magnitude)

    def test_mistakes_are_refused(self):
        writer = Writer(Clock(EVEN))
        with pytest.raises(SignalError, match="'ina' has 3999 samples where 4000 times were recorded"):
            writer.add("ina", EVEN[1:], "nA", "current", "outward")
        with pytest.raises(ArgumentError, match="Role 'sodium' is not known"):
            writer.add("ina", EVEN, "nA", "sodium")
        with pytest.raises(ArgumentError, match="Direction 'in' is not known"):
            writer.add("ina", EVEN, "nA", "current", "in")
        assert not writer.signals


def recording_of(epoch, neuron):
    """A Recording of one of two neurons, sampled at 0, 1, 2 ... 9 ms, with an Epoch."""
    segment = neo.Segment()
    writer = Writer(Clock(np.arange(10.0)), neurons=np.array([3, 7]))
    writer.add("i", np.ones((10, 2)), "nA", "current", "outward")
    writer.into(segment)
    segment.epochs.append(epoch)
    segment = pickle.loads(pickle.dumps(segment))
    return ncs.Recording.from_segment(segment, neuron=neuron, voltage=False)


class TestClamped:
    def test_each_stretch_is_of_its_neuron(self):
        epoch = clamped(np.array([6.5, 1.0]), np.array([8.0, 1.0]), np.array([7, 3]))
        assert np.flatnonzero(recording_of(epoch, 3).clamped).tolist() == [1]
        assert np.flatnonzero(recording_of(epoch, 7).clamped).tolist() == [7, 8]

    def test_without_neurons_it_is_of_all(self):
        epoch = clamped(np.array([4.0]), np.array([5.0]))
        for neuron in (3, 7):
            assert np.flatnonzero(recording_of(epoch, neuron).clamped).tolist() == [4, 5]

    def test_its_form(self):
        epoch = clamped(np.array([5.0, 2.0, 2.0]), np.array([6.0, 2.5, 4.0]), np.array([0, 8, 1]), "soma")
        assert epoch.name == "clamped" and set(epoch.labels) == {"clamped"}
        assert epoch.times.rescale("ms").magnitude.tolist() == [2.0, 2.0, 5.0]
        assert epoch.durations.rescale("ms").magnitude.tolist() == [2.0, 0.5, 1.0]
        assert epoch.array_annotations["channel_index"].tolist() == [1, 8, 0]
        assert epoch.annotations == {"site": "soma"}

    def test_stretches_of_several_groups_are_one_epoch(self):
        nothing, segment = (np.array([]), np.array([]), np.array([], int)), neo.Segment()
        mark(segment, [nothing, nothing])
        mark(segment, [])
        assert not segment.epochs
        one, two = (np.array([[5.0], [6.0], [3]])), (np.array([[2.0, 8.0], [2.5, 9.0], [7, 3]]))
        mark(segment, [(*one[:2], one[2].astype(int)), nothing, (*two[:2], two[2].astype(int))])
        (epoch,) = segment.epochs
        assert epoch.times.magnitude.tolist() == [2.0, 5.0, 8.0]
        assert epoch.array_annotations["channel_index"].tolist() == [7, 3, 3]


def test_no_adapter_makes_signals_or_epochs_by_itself():
    kinds, made = ("AnalogSignal", "IrregularlySampledSignal", "Epoch"), []
    for path in sorted(Path(adapters.__file__).parent.rglob("*.py")):
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        made += [f"{path.name}:{n.lineno}" for n in calls if getattr(n.func, "attr", None) in kinds]
    assert not made
