"""Excitation and inhibition of PyNN's conductance-based neurons, from their recorded conductances."""

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs

pytestmark = pytest.mark.pynn

REVERSALS = {"excitatory": ("gsyn_exc", 0.0), "inhibitory": ("gsyn_inh", -70.0)}


def _expected(segment, channel, neuron, kind):
    """The current of a receptor in nA, of every sample: g (v - e), with g in uS."""
    name, reversal = REVERSALS[kind]
    return channel(segment, name, neuron) * (channel(segment, "v", neuron) - reversal)


@pytest.mark.parametrize("backend", ["neuron", "nest", "brian2"])
def test_means_are_those_of_conductance_times_driving_force(simulate, channel, backend):
    segment, _ = simulate(backend, "bombarded")
    found = ncs.excitation_inhibition(segment)
    assert found.currents == {"excitatory": ["excitatory"], "inhibitory": ["inhibitory"]}
    assert found.left_out == ["leak"] and found.over == "neurons"
    for row, neuron in enumerate(found.cells.neuron):
        sums = {kind: _expected(segment, channel, neuron, kind) for kind in REVERSALS}
        sums["net"] = sums["excitatory"] + sums["inhibitory"]
        for kind, numbers in sums.items():
            mean = float(found.cells.mean(kind)[row].rescale("nA"))
            # Currents are means over steps on NEST and Brian2, and taken late by a step on NEURON.
            assert mean == pytest.approx(numbers.mean(), abs=0.02 * np.abs(numbers).max())
            assert float(found.cells.spread(kind)[row]) == pytest.approx(numbers.std(), rel=0.05)
    assert (found.cells.mean("excitatory") < 0).all() and (found.cells.mean("inhibitory") > 0).all()


@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_around_spikes_is_the_mean_of_the_samples_around_each(simulate, channel, backend):
    segment, _ = simulate(backend, "bombarded")
    found = ncs.excitation_inhibition(segment, "events", before=5 * pq.ms, after=5 * pq.ms, bins=10)
    windows = []
    for train in segment.spiketrains:
        neuron = train.annotations["channel_index"]
        net = channel(segment, "excitatory", neuron) + channel(segment, "inhibitory", neuron)
        at = (np.arange(1000) + 0.5) / 100 - 5
        for spike in train.rescale("ms").magnitude:
            if 5.05 < spike < 194.95:
                windows.append(net[np.round((spike + at) / 0.1).astype(int)].reshape(10, 100).mean(axis=1))
    assert len(windows) > 10 and found.count.tolist() == [len(windows)] * 10
    biggest = np.abs(windows).max()
    np.testing.assert_allclose(found.mean("net").magnitude, np.mean(windows, axis=0), atol=0.01 * biggest)
    expected = np.std(windows, axis=0, ddof=1)
    np.testing.assert_allclose(found.spread("net").magnitude, expected, atol=0.01 * biggest)
