"""Some neurons of what was recorded; and what is read quickly against what PyNN reads itself."""

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.adapters.pynn import trains
from neo_currentscape.recording import clamped

pytestmark = pytest.mark.pynn

BACKENDS = ["neuron", "nest", "brian2"]


def _neurons(segment, name="leak"):
    found = [s.array_annotations["channel_index"].tolist() for s in segment.analogsignals if s.name == name]
    return sorted(n for part in found for n in part)


def _marks(segment, neuron):
    found = clamped.epochs_of(segment, neuron, None)
    return [(e.times.magnitude.round(6).tolist(), e.durations.magnitude.round(6).tolist()) for e in found]


def _spikes(segment, neuron):
    return [t.magnitude.tolist() for t in segment.spiketrains if t.annotations["channel_index"] == neuron]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("name", "neurons"),
    [("indices", [3, 5]), ("cells", [4, 5]), ("cell", [4]), ("of data", [3, 6]), ("block", [6])],
)
def test_a_part_is_the_whole_without_the_others(simulate, channel, backend, name, neurons):
    found, _ = simulate(backend, "subsets")
    part, whole = found[name], found["whole"]
    assert _neurons(part) == neurons and _neurons(whole) == [2, 3, 4, 5, 6]
    for neuron in neurons:
        for variable in ("v", "leak", "excitatory", "inhibitory", "i_offset"):
            np.testing.assert_array_equal(channel(part, variable, neuron), channel(whole, variable, neuron))
        assert _marks(part, neuron) == _marks(whole, neuron)
        assert _spikes(part, neuron) == _spikes(whole, neuron)
    assert {t.annotations["channel_index"] for t in part.spiketrains} == set(neurons)
    assert _marks(whole, 6) and not _marks(whole, 2)  # one fires, the other does not


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_neurons_of_an_assembly_count_through_its_members(simulate, channel, backend):
    found, _ = simulate(backend, "subsets")
    assert _neurons(found["of assembly"]) == [3, 9]
    assert _neurons(found["cells of assembly"]) == [8, 9]
    for variable in ("v", "leak"):
        np.testing.assert_array_equal(
            channel(found["of assembly"], variable, 9), channel(found["cells of assembly"], variable, 9)
        )
        np.testing.assert_array_equal(
            channel(found["of assembly"], variable, 3), channel(found["whole"], variable, 3)
        )


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_not_there_is_refused_with_what_is(simulate, backend):
    found, _ = simulate(backend, "subsets")
    unrecorded, of_data, of_assembly, other, strange, none, word, part = (
        text for _, text in found["errors"]
    )
    assert (
        "names neuron 1, of which nothing was recorded: population 'first' holds neurons 2 to 6"
        in unrecorded
    )
    assert "names neuron 7" in of_data and "neurons 2 to 6" in of_data
    assert "names neuron 12" in of_assembly and "neurons 0 to 11" in of_assembly
    assert "a cell of population 'second', of which nothing was recorded here" in other
    assert "a cell of population 'strange', of which nothing was recorded here" in strange
    assert all("write indices in the population" in text for text in (none, word, part))


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_quick_reading_gives_what_pynn_gives_and_leaves_its_recorder_alone(simulate, channel, backend):
    found, _ = simulate(backend, "subsets")
    plain, whole = found["plain"].segments[0], found["whole"]
    for signal in plain.analogsignals:
        for column, neuron in enumerate(signal.array_annotations["channel_index"].tolist()):
            mine = channel(whole, signal.name, neuron)
            np.testing.assert_array_equal(mine, signal.magnitude[:, column])
    fired = {int(t.annotations["source_index"]): t.magnitude.tolist() for t in plain.spiketrains}
    assert fired == {n: _spikes(whole, n)[0] for n in (2, 3, 4, 5, 6)} and sum(map(len, fired.values())) > 3
    assert not {"_get_all_signals", "_get_spiketimes"} & set(found["names"])


def test_trains_are_read_alike_from_objects_and_from_arrays():
    description = {"first_id": 10, "size": 5, "label": "P"}
    span = {"t_start": 0 * pq.ms, "t_stop": 9 * pq.ms, "units": "ms"}
    listed, arrays = neo.Segment(), neo.Segment()
    spikes = {11: [5.0, 2.0], 13: [], 14: [1.0], 20: [3.0]}
    for channel, times in spikes.items():
        listed.spiketrains.append(neo.SpikeTrain(times, channel_id=channel, **span))
    arrays.spiketrains = neo.core.spiketrainlist.SpikeTrainList.from_spike_time_array(
        np.array([5.0, 3.0, 1.0, 2.0]), np.array([11, 20, 14, 11]), [11, 13, 14, 20], **span
    )
    assert trains.are_arrays(arrays.spiketrains) and not trains.are_arrays(listed.spiketrains)
    for segment in (arrays, listed):
        found = trains.read(segment, description)
        assert found.neurons.tolist() == [1, 3, 4] and found.of_spike.tolist() == [1, 1, 4]
        assert found.times.tolist() == [2.0, 5.0, 1.0]
        made = found.of(np.array([4, 2, 1])).made()
        assert [t.annotations["channel_index"] for t in made] == [4, 1]
        assert [t.magnitude.tolist() for t in made] == [[1.0], [2.0, 5.0]]
