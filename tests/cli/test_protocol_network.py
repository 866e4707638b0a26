"""The commands ``protocol`` and ``network`` on files."""

import importlib.util
import json
import re

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.cli.main import main

pytest.importorskip("scipy")


def step(amplitude, spikes=(), annotated=True):
    t = np.arange(3001) * 0.1
    v = -65 + amplitude * 100 * -np.expm1(-np.clip(t - 100, 0, 100) / 5)
    v = v + sum((90 * np.exp(-(((t - at) / 0.3) ** 2)) for at in spikes), start=np.zeros(len(t)))
    said = {"amplitude": amplitude * pq.nA, "onset": 100 * pq.ms, "duration": 100 * pq.ms}
    segment = neo.Segment(**(said if annotated else {}))
    for name, x, unit in (
        ("v", v, "mV"),
        ("ileak", (v + 65) * 0.01 + 0.01, "nA"),
        ("ina", 0 * v - 0.01, "nA"),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(x[:, None], units=unit, sampling_period=0.1 * pq.ms, name=name)
        )
    return segment


def saved(tmp_path, *segments):
    block = neo.Block()
    block.segments.extend(segments)
    path = tmp_path / "run.nix"
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    return path


def test_passive(tmp_path, capsys):
    path = saved(tmp_path, step(-0.1))
    table = tmp_path / "t.csv"
    assert (
        main(["protocol", "passive", str(path), "--method", "exp", "--table", str(table), "--dpi", "40"])
        == 0
    )
    out = capsys.readouterr().out
    assert "tau        5 ms" in out and "r_in       100 Mohm" in out
    assert (tmp_path / "run.passive.png").read_bytes()[:4] == b"\x89PNG"
    header, row = table.read_text().splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["amplitude (nA)"] == "-0.1"


def test_told_on_the_command_line(tmp_path, capsys):
    path = saved(tmp_path, step(-0.1, annotated=False))
    told = ["--amplitude", "-100 pA", "--onset", "0.1 s", "--duration", "100 ms"]
    told[0:2] = ["--amplitude=-100 pA"]
    assert main(["protocol", "passive", str(path), *told, "--dpi", "40"]) == 0
    assert "r_in       100 Mohm" in capsys.readouterr().out
    assert main(["protocol", "passive", str(path)]) == 2
    assert "segment.annotate(amplitude=" in capsys.readouterr().err


def test_fi_and_clamp(tmp_path, capsys):
    path = saved(tmp_path, step(0.1), step(0.2, [120, 150]), step(0.3, [110, 130, 150]))
    table = tmp_path / "fi.csv"
    assert main(["protocol", "fi", str(path), "--table", str(table), "--dpi", "40"]) == 0
    assert "rheobase  0.2 nA" in capsys.readouterr().out
    assert table.read_text().splitlines()[3].startswith("0.3,3,3,30")
    assert main(["protocol", "clamp", str(path), "--segment", "1", "--dpi", "40"]) == 0
    assert "spike_count     2" in capsys.readouterr().out
    assert main(["protocol", "fi", str(path), "--method", "exp"]) == 2
    assert "--method is for passive" in capsys.readouterr().err


@pytest.fixture
def circuit(tmp_path):
    for name in ("h5py", "libsonata", "elephant"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    import h5py

    with h5py.File(tmp_path / "nodes.h5", "w") as file:
        group = file.create_group("nodes/net")
        group["node_type_id"], group["node_id"] = [7, 7, 8], [0, 1, 2]
        group["0/x"], group["0/y"], group["0/z"] = [0.0, 1, 2], [0.0, 0, 0], [0.0, 0, 0]
    (tmp_path / "types.csv").write_text("node_type_id pop_name\n7 E\n8 I\n")
    with h5py.File(tmp_path / "edges.h5", "w") as file:
        group = file.create_group("edges/net_to_net")
        for end, nodes in (("source", [0, 1, 2]), ("target", [2, 2, 0])):
            group[f"{end}_node_id"] = np.array(nodes, dtype="u8")
            group[f"{end}_node_id"].attrs["node_population"] = "net"
        group["edge_type_id"] = [1, 1, 1]
        group["edge_group_id"], group["edge_group_index"] = [0, 0, 0], [0, 1, 2]
        group.create_group("0")
    with h5py.File(tmp_path / "spikes.h5", "w") as file:
        group = file.create_group("spikes/net")
        orders = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
        group.attrs.create("sorting", 2, dtype=orders)
        group["timestamps"], group["node_ids"] = [1.0, 5.0], np.array([0, 2], dtype="u8")
        group["timestamps"].attrs["units"] = "ms"
    config = {
        "networks": {
            "nodes": [{"nodes_file": "nodes.h5", "node_types_file": "types.csv"}],
            "edges": [{"edges_file": "edges.h5"}],
        }
    }
    (tmp_path / "circuit.json").write_text(json.dumps(config))
    return tmp_path


def test_network(circuit, capsys):
    config = str(circuit / "circuit.json")
    options = ["--csv", str(circuit / "t.csv"), "--incoming", str(circuit / "in.csv"), "--dpi", "40"]
    assert main(["network", config, *options]) == 0
    out = capsys.readouterr().out
    assert "Network of 3 cells in 2 populations (E: 2, I: 1) with 3 connections" in out
    assert "percent (%)\n    E    I\nE   0  100\nI  50  nan" in out
    assert (circuit / "t.total.csv").read_text().splitlines()[1] == "E,0,2"
    assert (circuit / "in.csv").read_text().splitlines()[3] == "I,2,2,0"
    assert (circuit / "circuit.network.png").exists()


def test_pictures_of_a_network(circuit, capsys):
    config = str(circuit / "circuit.json")
    shown = ["--show", "raster", "rates", "positions", "histogram", "distance", "--dpi", "40"]
    spikes = ["--spikes", str(circuit / "spikes.h5"), "--t-stop", "10 ms"]
    assert main(["network", config, *shown, *spikes, "--source", "E", "--target", "I"]) == 0
    assert main(["network", config, "--show", "raster"]) == 2
    assert "needs --spikes" in capsys.readouterr().err
    assert main(["network", config, "--tables", "totl"]) == 2
    assert "did you mean 'total'" in capsys.readouterr().err


@pytest.fixture
def report(circuit):
    """``report(elements, units)`` writes a report of the three cells, of so many sections each."""
    import h5py

    def write(elements, units):
        path = circuit / f"v_{elements}.h5"
        with h5py.File(path, "w") as file:
            group = file.create_group("report/net")
            cells = -70.0 + 10 * np.arange(3)[None] + np.arange(50)[:, None] / 10
            group["data"] = np.repeat(cells, elements, axis=1).astype("f4")
            if units:
                group["data"].attrs["units"] = units
            mapping = group.create_group("mapping")
            mapping["node_ids"] = np.arange(3, dtype="u8")
            mapping["index_pointers"] = np.arange(0, 3 * elements + 1, elements, dtype="u8")
            mapping["element_ids"] = np.tile(np.arange(elements, dtype="u4"), 3)
            mapping["element_pos"] = np.full(3 * elements, 0.5)
            mapping["time"] = [0.0, 5.0, 0.1]
            mapping["time"].attrs["units"] = "ms"
        return path

    return write


def drawn_by(monkeypatch):
    """The figures that a command saves."""
    from neo_currentscape.figure.figure import Figure

    kept, save = [], Figure.save
    monkeypatch.setattr(Figure, "save", lambda self, *a, **k: (kept.append(self), save(self, *a, **k))[1])
    return kept


@pytest.mark.parametrize(
    "elements, units, more", [(1, "mV", []), (1, None, ["--units", "mV"]), (3, "mV", ["--section", "0"])]
)
def test_a_report_of_a_network(circuit, report, elements, units, more, monkeypatch):
    figures = drawn_by(monkeypatch)
    config = [str(circuit / "circuit.json"), "--show", "report", "--dpi", "40"]
    assert main(["network", *config, "--report", str(report(elements, units)), *more]) == 0
    (axes,) = figures[0].axes
    curves = [line.get_ydata() for line in axes.lines if len(line.get_ydata()) == 50]
    assert sorted(float(curve[0]) for curve in curves) == [-70, -60, -50]
    assert (circuit / "circuit.network.png").exists()


def test_a_report_that_cannot_be_shown(circuit, report, capsys):
    config = [str(circuit / "circuit.json"), "--show", "report"]
    for words, said in (
        (["--report", str(report(1, None))], "says nothing of its units"),
        (["--report", str(report(3, "mV"))], "several elements .* --section 0"),
        (["--report", str(circuit / "spikes.h5")], "no group 'report'"),
        ([], "needs --report"),
    ):
        assert main(["network", *config, *words]) == 2
        assert re.search(said, capsys.readouterr().err), words


@pytest.mark.parametrize("command", ["protocol", "network"])
def test_help_shows_an_example(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"neo-currentscape {command}" in capsys.readouterr().out.split("example")[-1]
