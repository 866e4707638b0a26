"""Networks that bmtool's connectors make, run by BMTK: balanced, tabled and drawn."""

import json
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import network
from neo_currentscape.adapters import sonata
from neo_currentscape.panels import network as panels

pytestmark = [pytest.mark.bmtool, pytest.mark.neuron]
pytest.importorskip("bmtool.connectors", exc_type=ImportError)
pytest.importorskip("bmtk")

SCRIPT = Path(__file__).with_name("bmtool_run.py")
N = 6


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder of the run, and what the script wrote down."""
    folder = tmp_path_factory.mktemp("bmtool")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder, json.loads((folder / "found.json").read_text())


@pytest.fixture(scope="module")
def net(ran):
    return network.from_sonata(ran[0] / "config.json")


def test_tables_are_what_the_connectors_made(ran, net):
    made = ran[1]["counted"]
    assert net.populations == ["E", "I"] and net.sizes.tolist() == [N, N]
    chemical = network.table(net, "total", gaps=False)
    assert chemical["E", "E"] == made["one way"] > 8
    assert chemical["I", "I"] == made["both ways"] > 8
    assert chemical["E", "I"] == made["each"] == N and chemical["I", "E"] == 0
    mutual = network.table(net, "percent bi", gaps=False)["I", "I"]
    assert mutual == pytest.approx(100 * made["mutual"] / (N * (N - 1) / 2)) and made["mutual"] > 3
    electrical = network.table(net, "gap junctions")
    assert electrical["I", "I"] == made["electrical"] > 4 and electrical["E", "I"] == 0


def test_one_to_one_is_that(net):
    to_inhibitory = (net.population[net.source] == 0) & (net.population[net.target] == 1)
    ends = net.ids[net.source[to_inhibitory]], net.ids[net.target[to_inhibitory]]
    assert sorted(ends[0].tolist()) == list(range(N))
    assert (ends[1] - ends[0] == N).all()
    mean = network.table(net, "convergence mean", gaps=False)
    assert mean["E", "I"] == 1 and network.table(net, "convergence std", gaps=False)["E", "I"] == 0


def test_gap_junctions_follow_the_chemical_synapses(net):
    # Mutual pairs are all coupled, as the connector was told.
    inside = (net.population[net.source] == 1) & (net.population[net.target] == 1)
    chemical = set(zip(net.source[inside & ~net.gap], net.target[inside & ~net.gap], strict=True))
    coupled = {frozenset(p) for p in zip(net.source[net.gap], net.target[net.gap], strict=True)}
    mutual = {frozenset(pair) for pair in chemical if pair[::-1] in chemical}
    assert mutual and mutual <= coupled


def test_every_cell_is_balanced(ran, net):
    cells = {int(gid): cell for gid, cell in ran[1]["cells"].items()}
    assert len(cells) == 2 * N
    for gid, cell in cells.items():
        assert cell["unexplained"] < 1e-9, cell["verdict"]
        kinds = [name.partition("[")[0] for name in cell["names"]]
        at = np.flatnonzero(net.ids == gid)[0]
        assert kinds.count("Exp2Syn") == np.count_nonzero((net.target == at) & ~net.gap)
        assert kinds.count("Gap") == np.count_nonzero(((net.target == at) | (net.source == at)) & net.gap)
    through_gaps = [q for cell in cells.values() for n, q in cell["charges"].items() if n.startswith("Gap")]
    assert min(through_gaps) > 0 and max(through_gaps) > 1


def test_reports_of_bmtk_hold_the_same_currents(ran):
    folder, found = ran
    units = {"v": "mV", "ina": "mA/cm**2", "ik": "mA/cm**2", "il_hh": "mA/cm**2"}
    reports = {name: folder / "output" / f"{name}.h5" for name in units}
    segment = sonata.to_segment(reports, units=units, simulation_dt=0.025 * pq.ms)
    for gid in (0, N):
        recording = ncs.Recording.from_segment(segment, neuron=gid)
        area = np.pi * 18**2 * 1e-8  # cm**2
        for name, other in (("ina", "ina_hh"), ("ik", "ik_hh"), ("il_hh", "il_hh")):
            current = recording.currents[:, recording.index(name)].rescale("nA/cm**2").magnitude * area
            assert np.abs(current).sum() == pytest.approx(
                found["cells"][str(gid)]["charges"][other], rel=0.02
            )


def test_figures(ran, net, tmp_path):
    folder, _ = ran
    picture = matplotlib.image.imread(folder / "cell.png")
    assert picture.shape[0] > 300 and np.ptp(picture[..., :3]) == 1
    spikes = network.spikes_from_sonata(folder / "output" / "spikes.h5", network=net, t_stop=60 * pq.ms)
    # Each cell of E fires under its electrode, and each of I after its own cell of E.
    assert all(len(train) > 1 for trains in spikes.trains.values() for train in trains)
    pairs = zip(spikes.trains["E"], spikes.trains["I"], strict=True)
    assert all(0 < float(later[0] - first[0]) < 5 for first, later in pairs)
    drawn = ncs.Figure(
        panels.RasterPanel(spikes),
        panels.PairTablePanel(network.table(net, "total", gaps=False)),
        panels.PairTablePanel(network.table(net, "gap junctions")),
        title="Two populations of bmtool's connectors",
    )
    drawn.save(tmp_path / "network.png")
    assert (tmp_path / "network.png").stat().st_size > 5000
