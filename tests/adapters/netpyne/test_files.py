"""What NetPyNE saved: JSON, pickle and MATLAB, read the same, and in commands."""

import json
import pickle

import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.adapters import netpyne
from neo_currentscape.cli.main import main
from neo_currentscape.conventions.errors import FileError

pytestmark = [
    pytest.mark.neuron,
    # Each cell has two such synapses at one place, of which NetPyNE records one.
    pytest.mark.filterwarnings("ignore:Trace 'excitation' of cell 0 and 1 other holds one of 2"),
]


@pytest.fixture(scope="module")
def saved(specs, tmp_path_factory, network_of):
    """The folder in which NetPyNE saved a run as JSON and pickle, and the areas of its compartments."""
    folder = tmp_path_factory.mktemp("netpyne")
    options = {"filename": str(folder / "run"), "saveJson": True, "savePickle": True, "saveFolder": ""}
    with network_of(**options) as sim:
        sim.simulate()
        sim.saveData()
        cell = sim.net.cells[0].secs
        areas = {name: section["hObj"](0.5).area() for name, section in cell.items()}
    return folder, areas


@pytest.fixture(scope="module")
def files(saved):
    """The same data in the three formats; NetPyNE's own writer of MATLAB files fails on its simData."""
    from netpyne.sim import utils
    from scipy.io import savemat

    folder, _ = saved
    data = json.loads((folder / "run_data.json").read_text())
    told = utils._ensureMatCompatible({key: data[key] for key in ("net", "simConfig", "simData")})
    told["net"]["params"].pop("mapping", None)
    savemat(folder / "run_data.mat", told, long_field_names=True)
    return [folder / f"run_data.{ending}" for ending in ("json", "pkl", "mat")]


def test_traces_have_the_units_signs_and_areas_of_what_they_are(files, saved, named):
    for file in files:
        block = netpyne.read(file, trust_pickle=True)
        assert [segment.annotations["gid"] for segment in block.segments] == [0, 2]
        segment = block.segments[0]
        assert (segment.annotations["population"], segment.annotations["cellType"]) == ("E", "two")
        found = named(segment)
        told = {key: (s.annotations["role"], s.annotations.get("positive")) for key, s in found.items()}
        assert told == {
            ("soma(0.5)", "v_soma"): ("voltage", None),
            ("dend(0.833333)", "v_dend"): ("voltage", None),
            ("soma(0.5)", "leak"): ("current", "outward"),
            ("soma(0.5)", "sodium"): ("current", "outward"),
            ("soma(0.5)", "potassium"): ("current", "outward"),
            ("soma(0.5)", "inhibition"): ("current", "outward"),
            ("soma(0.5)", "injected"): ("electrode", "inward"),
            ("soma(0.5)", "gate"): ("gate", None),
            ("soma(0.5)", "excitation"): ("conductance", None),
            ("dend(0.5)", "excitation"): ("conductance", None),
        }
        assert found["soma(0.5)", "leak"].units == pq.Quantity(1, "mA/cm**2")
        assert found["soma(0.5)", "inhibition"].units == pq.nA
        assert found["dend(0.5)", "excitation"].units == pq.uS
        for site, section in (("soma(0.5)", "soma"), ("dend(0.833333)", "dend")):
            signal = found[site, f"v_{section}"]
            assert float(signal.annotations["area"].rescale("um**2")) == pytest.approx(saved[1][section])
        capacitance = 1.1 * saved[1]["soma"] * 1e-5
        assert float(found["soma(0.5)", "v_soma"].annotations["capacitance"]) == pytest.approx(capacitance)
        assert found["soma(0.5)", "v_soma"].sampling_period == 0.05 * pq.ms
        assert found["soma(0.5)", "v_soma"].shape == (500, 1)


def test_a_currentscape_of_a_file_is_that_of_the_exact_recording(files, network_of):
    with network_of() as sim:
        netpyne.record(sim, 0)
        sim.simulate()
        exact = ncs.Recording.from_segment(netpyne.to_segment(sim))
    segment = netpyne.read(files[0]).segments[0]
    traces = ncs.Recording.from_segment(segment, site="soma(0.5)")
    assert traces.names == ["inhibition", "leak", "potassium", "sodium"]
    # A sample of the traces is one step late, and every second step is kept.
    same = {"inhibition": "GABA", "leak": "il_hh", "potassium": "ik_hh", "sodium": "ina_hh"}
    for name, other in same.items():
        late = np.asarray(traces.currents.rescale("nA").magnitude)[2:, traces.names.index(name)]
        told = np.asarray(exact.currents.rescale("nA").magnitude)[:, exact.names.index(other)][2::2]
        n = min(len(late), len(told))
        off = np.abs(late[:n] - told[:n])
        assert 0 < off.mean() < 0.02 * np.abs(told).max()
        assert late[:n].sum() == pytest.approx(told[:n].sum(), rel=0.03)
    verdict = ncs.balance(traces)
    assert verdict.unexplained > 1e-3


def test_the_command_reads_netpynes_files(files, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for file in (files[0], files[2]):
        assert main(["info", str(file)]) in (0, None)
        told = capsys.readouterr().out
        assert "'NetPyNE cell 2'" in told and "mA/cm²" in told and "electrode" in told
    assert main(["info", str(files[1])]) != 0
    assert "is a pickle" in capsys.readouterr().err
    assert main(["info", "--trust-pickle", str(files[1])]) in (0, None)
    picture = tmp_path / "cell.png"
    picked = ["--segment", "0", "--site", "soma(0.5)", "--output", str(picture)]
    assert main(["plot", str(files[0]), *picked]) in (0, None)
    assert picture.stat().st_size > 10_000
    assert len(ncs.summarise(str(files[0])).to_dataframe()) > 0


def test_what_ranks_saved_each_for_itself_is_put_together(files, tmp_path, named):
    whole = json.loads(files[0].read_text())
    for rank, gid in enumerate((0, 2)):
        traces = {
            name: {cell: one for cell, one in values.items() if cell == f"cell_{gid}"}
            for name, values in whole["simData"].items()
            if isinstance(values, dict)
        }
        traces["t"] = {} if rank else whole["simData"]["t"]
        cells = [cell for cell in whole["net"]["cells"] if cell["gid"] == gid]
        saved = {"simConfig": whole["simConfig"], "simData": traces, "cells": cells, "net": {}}
        (tmp_path / f"run_node_{rank}.json").write_text(json.dumps(saved))
    block = netpyne.read(tmp_path)
    assert [segment.annotations["gid"] for segment in block.segments] == [0, 2]
    expected = named(netpyne.read(files[0]).segments[1])["soma(0.5)", "sodium"]
    found = named(block.segments[1])["soma(0.5)", "sodium"]
    np.testing.assert_array_equal(found.magnitude, expected.magnitude)
    assert found.annotations["area"] == expected.annotations["area"]
    (tmp_path / "run_node_0.json").unlink()
    with pytest.raises(FileError, match="holds the files of ranks 1: put those of all ranks there"):
        netpyne.read(tmp_path)
    (tmp_path / "run_node_1.json").unlink()
    with pytest.raises(FileError, match="holds files of no run that NetPyNE saved in nodes"):
        netpyne.read(tmp_path)


@pytest.fixture
def changed(files, tmp_path):
    """Function that writes the JSON file anew with something else in it."""
    data = json.loads(files[0].read_text())

    def write(change):
        path = tmp_path / "changed_data.json"
        own = json.loads(json.dumps(data))
        change(own)
        path.write_text(json.dumps(own))
        return path

    return write


def test_cells_that_were_not_saved_are_known_by_their_type(changed, named):
    found = netpyne.read(changed(lambda data: data["net"].pop("cells"))).segments[1]
    assert (found.annotations["gid"], found.annotations["population"]) == (2, "E")
    signal = named(found)["dend(0.833333)", "v_dend"]
    assert float(signal.annotations["area"]) == pytest.approx(np.pi * 2.5 * 60)


def test_without_net_params_what_is_not_known_is_asked_for(changed, named):
    found = netpyne.read(changed(lambda data: data.pop("net"))).segments[0]
    signals = named(found)
    assert signals["soma(0.5)", "inhibition"].units == pq.nA
    # Nothing tells a clamp from a synapse that is a stimulus.
    assert signals["soma(0.5)", "injected"].annotations["role"] == "other"
    assert "area" not in signals["soma(0.5)", "leak"].annotations
    left_out = pytest.warns(ncs.CurrentscapeWarning, match="Left out 'excitation', stored without a unit")
    with left_out, pytest.raises(ncs.CurrentscapeError, match="area="):
        ncs.Recording.from_segment(found, site="soma(0.5)")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data.pop("simData"), "holds no simData of NetPyNE: save it with"),
        (lambda data: data.pop("simConfig"), "says nothing of its traces: save 'simConfig' too"),
        (lambda data: data["simConfig"].update(recordTraces={}), "holds no trace of a cell: name cells in"),
        (lambda data: data["simData"].pop("t"), "The times of the traces were not saved: read the folder"),
        (lambda data: data["simData"].update(t=[0.0, 0.1]), "has 500 samples where 2 times were recorded"),
    ],
)
def test_what_lacks_in_a_file_is_told(changed, change, sentence):
    with pytest.raises(ncs.CurrentscapeError, match=sentence):
        netpyne.read(changed(change))


def test_a_trace_that_netpyne_did_not_find_is_told(changed, named):
    def ask(data):
        # hh has no such variable of its own, and NetPyNE says nothing of it.
        data["simConfig"]["recordTraces"]["own"] = {"sec": "soma", "loc": 0.5, "mech": "hh", "var": "ina"}
        data["simData"]["own"] = {}

    with pytest.warns(ncs.CurrentscapeWarning, match="has no values of 'own': NetPyNE found no"):
        block = netpyne.read(changed(ask))
    assert ("soma(0.5)", "sodium") in named(block.segments[0])


def test_files_of_others_are_told(tmp_path, files):
    other = tmp_path / "other.json"
    other.write_text('{"simulation": [1, 2]}')
    broken = tmp_path / "broken.json"
    broken.write_text('{"simData": {"t": [')
    pickled = tmp_path / "other.pkl"
    pickled.write_bytes(pickle.dumps([1, 2]))
    text = tmp_path / "x.hdf5"
    text.write_text("")
    for path, sentence in (
        (other, "holds no simData of NetPyNE"),
        (broken, "is no JSON file"),
        (pickled, "holds no simData of NetPyNE"),
        (text, "is not of a type that NetPyNE's traces are read from"),
        (tmp_path / "none.json", "There is no file"),
    ):
        with pytest.raises(FileError, match=sentence):
            netpyne.read(path, trust_pickle=True)
    with pytest.raises(FileError, match="is a pickle, and to read it runs"):
        netpyne.read(files[1])
    with pytest.raises(FileError, match="is no JSON file"):
        ncs.read_lazy(broken)
    with pytest.raises(FileError):
        ncs.read_lazy(other)
