"""Recording cells while hnn-core runs: balance, names, and hnn-core's own dipole and recordings."""

from __future__ import annotations

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape import extracellular
from neo_currentscape.adapters import hnn_core as hnn

builders = pytest.importorskip("hnn_core.network_builder")
pytestmark = pytest.mark.hnn

#: NEURON keeps 3-D points in single precision.
SINGLE = 1e-6


def moment(segment):
    return extracellular.dipole(ncs.CellRecording.from_segment(segment), "z")


def test_every_compartment_of_every_cell_balances(run):
    for gid in run.recorder.gids:
        for trial in (0, 1):
            cell = ncs.CellRecording.from_segment(run.recorder.to_segment(gid, trial))
            assert cell.balance.worst < 1e-9
            assert not cell.balance.unchecked


def test_the_moment_of_a_cell_is_the_dipole_that_hnn_core_has_of_it(run, small):
    for gid in (1, 3):
        segment = run.recorder.to_segment(gid, 1)
        own = small.signals(segment)[None, "dipole"]
        assert np.abs(moment(segment).total[0] - own).max() < SINGLE * np.abs(own).max()


def test_the_moments_of_all_pyramids_are_the_dipole_that_hnn_core_gives(run, small):
    for trial, dipole in enumerate(run.dipoles):
        fields = {
            kind[:2]: [moment(run.recorder.to_segment(gid, trial)) for gid in gids]
            for kind, gids in run.recorder.types().items()
            if kind.endswith("pyramidal")
        }
        own = small.raw(dipole, run.net)
        layers = extracellular.add(fields)
        for k, layer in enumerate(layers.names):
            assert np.abs(layers.parts[0, k] - own[layer][1:]).max() < SINGLE * np.abs(own[layer]).max()
        assert np.abs(layers.total[0] - own["agg"][1:]).max() < SINGLE * np.abs(own["agg"]).max()


def test_it_agrees_with_what_hnn_core_recorded_itself(run, small):
    for gid in run.recorder.gids:
        full, own = (
            small.signals(one) for one in (run.recorder.to_segment(gid), hnn.to_segment(run.net, gid))
        )
        assert {name for _, name in own} >= {"v", "ampa", "gabaa"}
        assert ("cai" in {name for _, name in own}) == (gid == 3)
        for key, values in own.items():
            np.testing.assert_allclose(values, full[key], rtol=1e-9, atol=1e-15)


def test_names_are_those_of_hnn_core(run):
    segment = run.recorder.to_segment(3)
    cell = ncs.CellRecording.from_segment(segment)
    assert {"ina_hh2", "ica_ca", "ik_kca", "i_ar", "ampa", "nmda", "gabaa", "gabab"} < set(cell.names)
    assert set(cell.morphology.regions) == set(run.net.cell_types["L5_pyramidal"]["cell_object"].sections)
    assert cell.sites[0] == "soma(0.5)"
    assert cell.traces.electrodes == ["tonic"]
    assert (segment.annotations["gid"], segment.annotations["cell_type"]) == (3, "L5_pyramidal")


def test_the_currentscape_of_a_soma_needs_no_further_word(run):
    scape = ncs.Currentscape.from_segment(run.recorder.to_segment(3), site="soma(0.5)")
    assert ncs.balance(scape.recording).verdict.startswith("complete")
    assert "dipole" not in scape.names
    assert scape.recording.ions.shape[1] == 1


def test_what_hnn_core_recorded_itself_is_a_currentscape_of_synapses(run):
    scape = ncs.Currentscape.from_segment(hnn.to_segment(run.net, 3), site="apical_tuft(0.5)")
    assert set(scape.names) == {"ampa", "nmda", "gabaa", "gabab"}
    assert scape.recording.voltage is not None
    # The channels are not among them, which the balance says.
    assert not ncs.balance(scape.recording).verdict.startswith("complete")


def test_trials_are_apart(run, small):
    first, second = (small.signals(run.recorder.to_segment(3, trial))["soma(0.5)", "v"] for trial in (0, 1))
    assert np.abs(first - second).max() > 1
    assert run.recorder.trials == [0, 1]


def test_the_simulation_is_not_changed(small):
    kept = builders.NetworkBuilder
    bare = small.simulate(small.network(), tstop=12)[0]
    net = small.network()
    with hnn.record(net, "L5_pyramidal", by_source=True) as recorder:
        watched = small.simulate(net, tstop=12)[0]
    assert builders.NetworkBuilder is kept
    np.testing.assert_array_equal(bare.data["agg"], watched.data["agg"])
    assert recorder.to_segment().annotations["gid"] == 3


def test_a_new_run_replaces_all_trials_of_the_one_before(small):
    net = small.network()
    with hnn.record(net, 3) as recorder:
        small.simulate(net, tstop=2, n_trials=2)
        small.simulate(net, tstop=1)
    assert recorder.trials == [0]
    assert len(recorder.to_segment().analogsignals[0]) == 40


def test_sections_of_an_even_number_of_compartments_have_their_middle_in_one(small):
    net = small.network()
    section = net.cell_types["L5_pyramidal"]["cell_object"].sections["apical_1"]
    section.nseg = 4
    for mechanism in section.mechs.values():
        for name, value in mechanism.items():
            mechanism[name] = value[1][0] if isinstance(value, list) else value
    with hnn.record(net, 3, by_source=True) as recorder:
        small.simulate(net, tstop=15, record_vsec="all", record_isec="all", record_ca="all")
    full, own = (small.signals(one) for one in (recorder.to_segment(), hnn.to_segment(net, 3)))
    assert ("apical_1(0.625)", "v") in own
    for key in [("apical_1(0.625)", "v"), ("apical_1(0.625)", "cai")]:
        np.testing.assert_allclose(own[key], full[key], rtol=1e-9)
    found = moment(recorder.to_segment()).total[0]
    assert np.abs(found - full[None, "dipole"]).max() < SINGLE * np.abs(found).max()


def test_other_networks_and_steps_are_recorded_as_well(small):
    net = small.network(drives=("late",))
    net.cell_types["L5_pyramidal"]["cell_object"].modify_section("apical_1", L=331.0, Ra=310.0)
    with hnn.record(net, 3) as recorder:
        small.simulate(small.network(), tstop=2)  # another network is none of its business
        assert recorder.trials == []
        small.simulate(net, tstop=20, dt=0.05)
    segment = recorder.to_segment()
    own = small.signals(segment)[None, "dipole"]
    assert len(own) == 400
    assert np.abs(moment(segment).total[0] - own).max() < SINGLE * np.abs(own).max()


def test_what_each_makes_is_kept_in_place_of_the_segment(small):
    net = small.network()
    with hnn.record(net, ["L2_pyramidal", "L5_pyramidal"], each=moment) as recorder:
        small.simulate(net, tstop=5)
    found = recorder.to_segment(1)
    assert isinstance(found, extracellular.Field)
    assert "ina_hh2" in found.names


def test_hnn_core_is_left_as_it_was_after_an_error(small):
    kept = builders.NetworkBuilder
    with pytest.raises(ZeroDivisionError), hnn.record(small.network(), "L5_pyramidal"):
        raise ZeroDivisionError
    assert builders.NetworkBuilder is kept
