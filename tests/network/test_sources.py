"""Networks and spikes from PyNN and SONATA."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape import network
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SelectionError

BUILD = """
import sys
from bmtk.builder.networks import NetworkBuilder
import numpy as np
np.random.seed(3)
net = NetworkBuilder("cortex")
net.add_nodes(N=8, pop_name="E", x=np.arange(8.0), y=np.zeros(8), z=np.ones(8), model_type="virtual")
net.add_nodes(N=4, pop_name="I", x=np.arange(4.0), y=np.ones(4), z=np.ones(4), model_type="virtual")
net.add_edges(source={"pop_name": "E"}, target={"pop_name": "I"}, connection_rule=lambda s, t:
    1 if (s.node_id + t.node_id) % 3 == 0 else None, syn_weight=0.5, delay=2.0)
net.add_edges(source={"pop_name": "I"}, target={"pop_name": "E"}, connection_rule=lambda s, t: 1,
    syn_weight=0.1, delay=1.0)
net.add_edges(source={"pop_name": "I"}, target={"pop_name": "I"}, connection_rule=lambda s, t: 1 if
    t.node_id == s.node_id + 1 else None, syn_weight=0.2, delay=0.0, is_gap_junction=True)
net.build()
net.save_nodes(output_dir=sys.argv[1])
net.save_edges(output_dir=sys.argv[1])
"""


def run_python(code, folder):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    for name in ("bmtk", "libsonata", "h5py"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    made = tmp_path_factory.mktemp("sonata")
    run_python(BUILD, made)
    config = (
        '{"manifest": {"$NET": "."}, "networks": {'
        '"nodes": [{"nodes_file": "$NET/cortex_nodes.h5",'
        ' "node_types_file": "$NET/cortex_node_types.csv"}],'
        '"edges": [{"edges_file": "$NET/cortex_cortex_edges.h5",'
        ' "edge_types_file": "$NET/cortex_cortex_edge_types.csv"}]}}'
    )
    (made / "circuit.json").write_text(config)
    (made / "simulation.json").write_text('{"network": "circuit.json"}')
    return made


@pytest.mark.sonata
@pytest.mark.parametrize("config", ["circuit.json", "simulation.json"])
def test_sonata(folder, config):
    net = network.from_sonata(folder / config)
    assert net.populations == ["E", "I"] and net.sizes.tolist() == [8, 4]
    expected = sum((s + t) % 3 == 0 for s in range(8) for t in range(8, 12))
    total = network.table(net, "total")
    assert total["E", "I"] == expected and total["I", "E"] == 32 and total["E", "E"] == 0
    assert network.table(net, "gap junctions")["I", "I"] == 3 == net.gap.sum()
    assert network.table(net, "gap junctions percent")["I", "I"] == pytest.approx(100 * 3 / 6)
    assert network.table(net, "total", gaps=False)["I", "I"] == 0
    assert net.positions[:8, 0].tolist() == list(range(8)) and net.positions[8:, 1].tolist() == [1] * 4
    to_inhibitory = (net.population[net.source] == 0) & (net.population[net.target] == 1)
    assert (net.properties["weight"][to_inhibitory] == 0.5).all()
    by_type = network.from_sonata(folder / config, by="no_such_attribute")
    assert by_type.populations == ["cortex"]


@pytest.mark.sonata
@pytest.mark.bmtool
def test_sonata_against_bmtool(folder):
    util = pytest.importorskip("bmtool.util.util", exc_type=ImportError)
    net = network.from_sonata(folder / "circuit.json")
    place = {"sources": ["cortex"], "targets": ["cortex"], "sids": ["pop_name"], "tids": ["pop_name"]}
    here = os.getcwd()
    os.chdir(folder)
    try:
        _, values, rows, _ = util.connection_totals(config="circuit.json", **place, prepend_pop=False)
    finally:
        os.chdir(here)
    assert list(rows) == net.populations
    assert np.asarray(values) == pytest.approx(network.table(net, "total").values)


@pytest.mark.sonata
def test_sonata_names_what_is_wrong(folder, tmp_path):
    with pytest.raises(ArgumentError, match="There is no configuration"):
        network.from_sonata(tmp_path / "none.json")
    with pytest.raises(ArgumentError, match="no nodes"):
        network.from_sonata()
    (tmp_path / "x.json").write_bytes(b"\x89HDF")
    with pytest.raises(ArgumentError, match=r"'x\.json' is no configuration of SONATA"):
        network.from_sonata(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(ArgumentError, match="names no 'networks'"):
        network.from_sonata(tmp_path / "x.json")
    with pytest.raises(ArgumentError, match="no group 'nodes'"):
        network.from_sonata(nodes=[folder / "cortex_cortex_edges.h5"])
    with pytest.raises(ArgumentError, match=r"There is no file .*gone\.h5"):
        network.from_sonata(nodes=[folder / "gone.h5"])


@pytest.mark.sonata
def test_sonata_spikes(folder, tmp_path):
    h5py = pytest.importorskip("h5py")
    times, nodes = np.array([5.0, 7.0, 20.0, 90.0, 8.0]), np.array([0, 0, 0, 9, 3])
    with h5py.File(tmp_path / "spikes.h5", "w") as file:
        group = file.create_group("spikes/cortex")
        group.attrs.create(
            "sorting", 0, dtype=h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
        )
        group["timestamps"], group["node_ids"] = times, nodes.astype("u8")
        group["timestamps"].attrs["units"] = "ms"
    net = network.from_sonata(folder / "circuit.json")
    spikes = network.spikes_from_sonata(tmp_path / "spikes.h5", net, t_stop=100 * pq.ms)
    found = network.rates(spikes)
    assert found["E"].magnitude.tolist() == [30, 0, 0, 10, 0, 0, 0, 0]
    assert (
        found["I"].magnitude.tolist() == [0, 10, 0, 0] and found["I"].dimensionality == pq.Hz.dimensionality
    )
    bare = network.spikes_from_sonata(tmp_path / "spikes.h5")
    assert bare.populations == ["cortex"] and [len(t) for t in bare.trains["cortex"]] == [3, 1, 1]
    with pytest.raises(ArgumentError, match="the last spike is at 90 ms"):
        network.spikes_from_sonata(tmp_path / "spikes.h5", t_stop=50 * pq.ms)


PYNN = """
import sys, numpy as np
import pyNN.{backend} as sim
from pyNN.space import Grid2D
from neo_currentscape import network
sim.setup(timestep=0.1)
E = sim.Population(6, sim.IF_cond_exp(), label="E", structure=Grid2D(aspect_ratio=1.5, dx=10.0, dy=10.0))
I = sim.Population(3, sim.IF_cond_exp(), label="I")
syn = sim.StaticSynapse(weight=0.01, delay=0.5)
all_ = sim.Projection(E, I, sim.AllToAllConnector(), syn)
some = sim.Projection(I[1:3], E[2:6], sim.FromListConnector([(0, 0), (1, 3)]), syn)
own = sim.Projection(E, E, sim.FromListConnector([(0, 1), (1, 0), (0, 2)]), syn)
net = network.from_pynn([all_, some, own])
print(repr(net))
total = network.table(net, "total").values
assert total.tolist() == [[3, 18], [2, 0]], total
pairs = set(zip(net.ids[net.source[18:20]].tolist(), net.ids[net.target[18:20]].tolist()))
assert pairs == {{(1, 2), (2, 5)}}, pairs
assert np.allclose(net.properties["weight"], 0.01) and np.allclose(net.properties["delay"], 0.5)
assert network.table(net, "percent bi")["E", "E"] == 100 / 15
assert net.positions[3].tolist() == [float(x) for x in E.positions[:, 3]]
for wrong, what in (
    (lambda: network.from_pynn([3]), "takes Projections"),
    (lambda: network.from_pynn([]), "neither"),
):
    try:
        wrong()
    except Exception as error:
        assert what in str(error), error
    else:
        raise AssertionError(what)
"""


@pytest.mark.pynn
@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_pynn(backend, tmp_path):
    for name in ("pyNN", backend):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    assert "Network of 9 cells" in run_python(PYNN.format(backend=backend), tmp_path)


def test_spikes_of_neo_objects():
    trains = [
        neo.SpikeTrain([1, 2, 3], units="ms", t_stop=100, source_population="E"),
        neo.SpikeTrain([], units="ms", t_stop=100, source_population="I"),
        neo.SpikeTrain([50], units="ms", t_stop=100, source_population="E"),
    ]
    segment = neo.Segment()
    segment.spiketrains.extend(trains)
    found = network.spikes_of(segment)
    assert {name: len(t) for name, t in found.trains.items()} == {"E": 2, "I": 1}
    assert [rows.tolist() for _, _, rows in found.rows()] == [[0, 0, 0, 1], []]
    rates = network.rates(found, t_stop=10 * pq.ms)
    assert rates["E"].magnitude.tolist() == [300, 0] and rates["I"].magnitude.tolist() == [0]
    with pytest.raises(ArgumentError, match="is empty"):
        network.rates(found, t_start=20 * pq.ms, t_stop=10 * pq.ms)
    with pytest.raises(ArgumentTypeError, match="not int"):
        network.spikes_of({"E": [3]})
    with pytest.raises(SelectionError, match="no spike train"):
        network.rates({"E": []})
