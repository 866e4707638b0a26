"""A small network of hnn-core, and one run of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from neo_currentscape.adapters import hnn_core as hnn

DRIVES = {
    "early": ("proximal", 6.0, {"ampa": 0.02}),
    "late": ("distal", 12.0, {"ampa": 0.03, "nmda": 0.01}),
}
TYPES = ("L2_basket", "L2_pyramidal", "L5_basket", "L5_pyramidal")


def network(drives=("early", "late"), strength=1.0, bias=None, mesh=(1, 1)):
    """The default network with one or two evoked drives on its cells."""
    core = pytest.importorskip("hnn_core")
    net = core.neymotin_2020_model(mesh_shape=mesh)
    for name in drives:
        location, mu, weights = DRIVES[name]
        targets = [kind for kind in TYPES if location == "proximal" or kind != "L5_basket"]
        given = {
            f"weights_{receptor}": dict.fromkeys(targets, strength * weight)
            for receptor, weight in weights.items()
        }
        net.add_evoked_drive(
            name, mu=mu, sigma=1.0, numspikes=2, location=location, event_seed=3,
            synaptic_delays=dict.fromkeys(targets, 0.33), **given,
        )  # fmt: skip
    if bias is not None:
        net.add_tonic_bias(amplitude={"L5_pyramidal": bias})
    return net


def simulate(net, tstop=25.0, **options):
    """The dipoles of a run, without a word."""
    core = pytest.importorskip("hnn_core")
    return core.simulate_dipole(net, tstop=tstop, verbose=False, **options)


def signals(segment, name=None, site=None):
    """Values by site and name, (time,)."""
    return {
        (s.annotations.get("site"), s.name): s.magnitude[:, 0]
        for s in segment.analogsignals
        if name in (None, s.name) and site in (None, s.annotations.get("site"))
    }


def raw(dipole, net):
    """hnn-core's dipole in nA um before it took the baseline off, by layer."""
    core = pytest.importorskip("hnn_core.dipole")
    none = core.Dipole(dipole.times, np.zeros((len(dipole.times), 3)))
    none._baseline_renormalize(net._N_pyr_x, net._N_pyr_y)
    return {key: values * 1e6 - none.data[key] for key, values in dipole.data.items()}


@pytest.fixture(scope="session")
def small():
    """The functions above."""
    return SimpleNamespace(network=network, simulate=simulate, signals=signals, raw=raw)


@pytest.fixture(scope="session")
def run():
    """Two trials of both pyramids and a basket cell, recorded by this package and by hnn-core."""
    net = network(bias=0.1)
    with hnn.record(net, ["L2_pyramidal", "L5_pyramidal", 2]) as recorder:
        dipoles = simulate(net, n_trials=2, record_vsec="all", record_isec="all", record_ca="all")
    return SimpleNamespace(net=net, recorder=recorder, dipoles=dipoles)
