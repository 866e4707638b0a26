"""What cannot be recorded is said in one sentence; and what hnn-core itself recorded in part."""

from __future__ import annotations

import numpy as np
import pytest

from neo_currentscape.adapters import hnn_core as hnn
from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    MissingDependencyError,
    SelectionError,
    UnknownNameError,
)

core = pytest.importorskip("hnn_core")
builders = pytest.importorskip("hnn_core.network_builder")
backends = pytest.importorskip("hnn_core.parallel_backends")
pytestmark = pytest.mark.hnn


@pytest.mark.parametrize(
    ("cells", "error", "match"),
    [
        ("L5_pyramid", UnknownNameError, "did you mean 'L5_pyramidal'"),
        (9, SelectionError, "gid 9 is none of a cell.*3 to 3"),
        ([], SelectionError, "names no cell"),
        (2.5, ArgumentTypeError, "2.5 is no cell"),
        ([1, None], ArgumentTypeError, "None is no cell"),
    ],
)
def test_cells_that_there_are_not(cells, error, match, small):
    with pytest.raises(error, match=match), hnn.record(small.network(), cells):
        pass


def test_what_is_no_network(small):
    with pytest.raises(ArgumentTypeError, match="list is no network"), hnn.record([], 1):
        pass
    with pytest.raises(ArgumentTypeError, match="cannot be called"), hnn.record(small.network(), 1, each=3):
        pass


def test_what_hnn_core_did_not_make(small, refuses):
    """Before a context is entered: where nobody writes `with`, it is said as well."""
    net = small.network()
    refuses(lambda one: hnn.record(one, 1))
    refuses(lambda one: hnn.record(net, one), "int", "ints", "set")
    refuses(lambda one: hnn.record(net, 1, each=one), "None", "class", "function")
    refuses(hnn.to_segment)


def test_trials_of_several_jobs_run_in_this_process(small):
    net, kept = small.network(), backends.JoblibBackend._parallel_func
    with hnn.record(net, 1) as recorder, core.JoblibBackend(n_jobs=2):
        small.simulate(net, tstop=1, n_trials=2)
    assert recorder.trials == [0, 1]
    assert backends.JoblibBackend._parallel_func is kept


def test_mpi_is_refused_when_it_is_to_run(small, monkeypatch):
    net, kept = small.network(), backends.MPIBackend.simulate
    monkeypatch.setattr(backends, "_BACKEND", object.__new__(backends.MPIBackend))
    with hnn.record(net, 1), pytest.raises(SelectionError, match="MPIBackend builds cells in other proc"):
        small.simulate(net, tstop=1)
    assert backends.MPIBackend.simulate is kept


def test_another_version_is_named(monkeypatch, small):
    class Other:
        def __init__(self, net, trial_idx=0):
            pass

    monkeypatch.setattr(builders, "NetworkBuilder", Other)
    with pytest.raises(MissingDependencyError, match=r"hnn-core 0\.6"), hnn.record(small.network(), 1):
        pass
    Other.aggregate_data = lambda self, n_samples: None
    net = small.network()
    with pytest.raises(MissingDependencyError, match=r"hnn-core 0\.6"), hnn.record(net, 1):
        builders.NetworkBuilder(net)


def test_what_was_not_recorded(run, small):
    recorder = run.recorder
    with pytest.raises(SelectionError, match="3 cells were recorded: write gid=1"):
        recorder.to_segment()
    with pytest.raises(SelectionError, match="gid 0 was not recorded"):
        recorder.to_segment(0)
    with pytest.raises(SelectionError, match="trial=2 was not simulated: there are 0 to 1"):
        hnn.to_segment(recorder, 1, trial=2)
    with hnn.record(small.network(), 1) as idle:
        pass
    with pytest.raises(SelectionError, match="Nothing was recorded: simulate_dipole.*MPIBackend"):
        idle.to_segment()


def test_a_network_without_recordings_says_how_to_make_them(run, small):
    net = small.network(())
    with pytest.raises(SelectionError, match="not simulated.*record_isec='all'"):
        hnn.to_segment(net, 3)
    with pytest.warns(UserWarning, match="drives"):
        small.simulate(net, tstop=1)
    with pytest.raises(SelectionError, match="Nothing was recorded of gid 3.*record_vsec='all'"):
        hnn.to_segment(net, 3)
    with pytest.raises(SelectionError, match="write gid="):
        hnn.to_segment(run.net)
    with pytest.raises(SelectionError, match="gid 99 is none"):
        hnn.to_segment(run.net, 99)
    with pytest.raises(SelectionError, match="trial=5"):
        hnn.to_segment(run.net, 3, trial=5)


def test_currents_without_their_voltage_are_known_a_step_late(small):
    net = small.network()
    small.simulate(net, tstop=12, record_vsec="soma", record_isec="all")
    segment = hnn.to_segment(net, 3)
    late = {s.name: s.annotations.get("aligned") for s in segment.analogsignals}
    assert late["ampa"] is False
    at_soma = [s for s in segment.analogsignals if s.annotations["site"] == "soma(0.5)"]
    assert {s.name for s in at_soma} == {"v", "gabaa", "gabab"}
    assert all(s.annotations.get("aligned") is None for s in at_soma)
    stored = np.array(net.cell_response.isec[0][3]["basal_2"]["basal_2_ampa"])
    found = [
        s for s in segment.analogsignals if (s.annotations["site"], s.name) == ("basal_2(0.5)", "ampa")
    ]
    np.testing.assert_array_equal(found[0].magnitude[:, 0], stored[1:])
