"""Synaptic currents by what sends the spikes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from neo_currentscape.adapters import hnn_core as hnn
from neo_currentscape.adapters.hnn_core import presynaptic
from neo_currentscape.conventions.errors import CurrentscapeWarning

pytest.importorskip("hnn_core")
pytestmark = pytest.mark.hnn


def of_sources(currents):
    """Sums over the sources of each synaptic current, and the names of the sources."""
    sums, names = {}, set()
    for (site, name), values in currents.items():
        source, _, receptor = name.rpartition(" ")
        if source:
            sums[site, receptor] = sums.get((site, receptor), 0.0) + values
            names.add(source)
    return sums, names


def test_the_sources_of_a_current_add_up_to_it(small):
    segments = []
    for sources in (False, True):
        net = small.network(mesh=(2, 1))
        with hnn.record(net, net.gid_ranges["L5_pyramidal"][0], by_source=sources) as recorder:
            small.simulate(net, tstop=30)
        segments.append(recorder.to_segment())
    whole = small.signals(segments[0])
    sums, names = of_sources(small.signals(segments[1]))
    assert {"early", "late", "L2_pyramidal", "L5_pyramidal", "L2_basket", "L5_basket"} == names
    for key, values in sums.items():
        np.testing.assert_allclose(values, whole[key], rtol=1e-7, atol=1e-9 * np.abs(whole[key]).max())
    left = {key for key in whole if key[1] in ("ampa", "nmda", "gabaa", "gabab")} - set(sums)
    assert all(not whole[key].any() for key in left)


def test_a_drive_has_the_conductance_that_it_has_alone(small):
    """Of a network that never spikes: what a drive opens does not depend on the other."""
    found = []
    for drives in (("late",), ("early", "late")):
        net = small.network(drives, strength=1e-3)
        with hnn.record(net, "L2_pyramidal", by_source=len(drives) == 2) as recorder:
            small.simulate(net, tstop=20)
        assert not any(gid <= 3 for gid in net.cell_response.spike_gids[0])
        at = small.signals(recorder.to_segment(), site="apical_tuft(0.5)")
        found.append(at["apical_tuft(0.5)", "late ampa" if len(drives) == 2 else "ampa"])
        found[-1] = found[-1] / at["apical_tuft(0.5)", "v"]  # ampa reverses at 0 mV
    assert np.abs(found[0]).max() > 0
    np.testing.assert_allclose(found[1], found[0], rtol=1e-6, atol=1e-15)


def test_conductances_are_the_sums_of_double_exponentials():
    random = np.random.default_rng(5)
    step, count, tau1, tau2 = 0.05, 900, 0.7, 4.0
    spikes = {gid: np.sort(random.integers(0, 500, 6)) * step for gid in (3, 8, 9)}
    links = [
        presynaptic.Link("a", 3, 0.5, 1.0),
        presynaptic.Link("b", 8, 0.2, 2.0),
        presynaptic.Link("b", 9, 0.7, 0.5),
        presynaptic.Link("silent", 11, 0.7, 0.5),
    ]
    found = presynaptic.conductances(SimpleNamespace(tau1=tau1, tau2=tau2), links, spikes, step, count)
    times = np.arange(count) * step
    peak = np.log(tau2 / tau1) / (1 / tau1 - 1 / tau2)
    scale = 1 / (np.exp(-peak / tau2) - np.exp(-peak / tau1))
    wanted = dict.fromkeys("ab", 0.0)
    for link in links[:3]:
        for at in spikes[link.gid] + link.delay:
            since = np.maximum(times - at, 0)
            wanted[link.source] += link.weight * scale * (np.exp(-since / tau2) - np.exp(-since / tau1))
    assert set(found) == {"a", "b"}
    for source, values in wanted.items():
        np.testing.assert_allclose(found[source], values, atol=1e-12)


def test_sources_that_do_not_give_the_current_are_said_and_not_used(monkeypatch, small):
    real = presynaptic.links_of

    def half(builder):
        return {name: links[::2] for name, links in real(builder).items()}

    monkeypatch.setattr("neo_currentscape.adapters.hnn_core.recorder.links_of", half)
    net = small.network()
    with (
        pytest.warns(CurrentscapeWarning, match="is left whole"),
        hnn.record(net, "L5_pyramidal", by_source=True) as recorder,
    ):
        small.simulate(net, tstop=20)
    whole = small.signals(recorder.to_segment(), "ampa")
    assert any(values.any() for values in whole.values())
