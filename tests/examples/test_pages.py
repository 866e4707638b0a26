"""The Python code of the documentation's pages and of the README runs as it stands there."""

from __future__ import annotations

import functools
import importlib.util
import re
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape import network, protocols
from neo_currentscape.adapters import icephys

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: Run elsewhere, or part of what is no program: where.
ELSEWHERE = {
    "quickstart": "tests/examples/test_readme.py",
    "migration": "tests/compat/test_migration_page.py",
    "extending": "an excerpt of a class",
}


def load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


data = load("page_data")


def blocks_of(page):
    """The Python blocks of a page, without their indent."""
    text = (DOCS / f"{page}.rst").read_text(encoding="utf-8")
    found = re.findall(r"^( *)\.\. code-block:: python\n((?: *\n|\1 +.*\n)+)", text + "\n", re.MULTILINE)
    for _, block in found:
        indent = min(len(line) - len(line.lstrip()) for line in block.splitlines() if line.strip())
        yield "\n".join(line[indent:] for line in block.splitlines())


def scape():
    return ncs.Currentscape.from_segment(data.spiking())


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    ncs.theme()


@pytest.fixture
def _bench(monkeypatch):
    families = data.families()
    monkeypatch.setattr(icephys, "read", families.__getitem__)


@pytest.fixture(autouse=True)
def names():
    """What every page takes for granted."""
    return {"ncs": ncs, "pq": pq, "np": np, "neo": neo, "protocols": protocols, "icephys": icephys}


def run(page, names, blocks=None, replace=()):
    for k, code in enumerate(blocks_of(page)):
        if blocks is None or k in blocks:
            for old, new in replace:
                code = code.replace(old, new)
            exec(compile(code, f"{page}.rst, block {k}", "exec"), names)
    return names


def test_every_page_with_code_is_run():
    with_code = {page.stem for page in DOCS.glob("*.rst") if any(blocks_of(page.stem))}
    own = Path(__file__).read_text(encoding="utf-8")
    run_here = set(re.findall(r'\brun\("(\w+)"', own))
    assert with_code - run_here == set(ELSEWHERE)


def test_the_first_page(names):
    run("index", {**names, "segment": data.spiking()})
    assert Path("scape.pdf").read_bytes()[:5] == b"%PDF-"


def test_words_and_signs(names, capsys):
    segment = data.spiking()
    run("concepts", {**names, "scape": scape(), "segment": segment})
    assert "Balance: " in capsys.readouterr().out
    recording = ncs.Recording.from_segment(segment)
    assert np.isnan(ncs.balance(recording).residual.magnitude).any()


def test_what_is_unexplained(names):
    run("unexplained", {**names, "scape": scape()})
    assert Path("residual.png").exists()


def test_colours(names):
    found = run("colours", {**names, "scape": scape()})
    assert isinstance(found["figure"], ncs.Figure)


def test_bench(names, _bench):
    found = run("bench", names)
    assert found["sweep"].annotations["clamp"] == "current"
    assert float(protocols.fi(found["block"]).rheobase.rescale("nA")) == pytest.approx(0.1)


def test_trusted_pickles(names):
    from neo_currentscape.adapters import pynn

    block = neo.Block()
    block.segments.append(data.spiking())
    for name in ("run", "a", "b"):
        neo.io.PickleIO(f"{name}.pkl").write_block(block)
    run("security", {**names, "pynn": pynn})


def test_experiments(names, monkeypatch):
    pytest.importorskip("pandas")
    pytest.importorskip("scipy")
    from neo_currentscape.models import stg

    short = functools.partial(stg.perturb, t_stop=200 * pq.ms, transient=0 * pq.s)
    monkeypatch.setattr(stg, "perturb", short)
    block = neo.Block()
    for k in range(1, 4):
        block.segments.append(data.spiking(scale=k))
        block.segments[-1].annotate(amplitude=0.1 * k * pq.nA)
    senders = {"senders": np.zeros(3, int), "times": np.array([30.0, 50.0, 70.0])}
    bursts = [start + at for start in (20, 220, 420, 620) for at in (0, 30, 60)]
    synaptic = data.spiking(bursts)
    for signal in synaptic.analogsignals:
        signal.name = {"Na": "AMPA", "K": "GABA"}.get(signal.name, signal.name)
    control, drug = (ncs.Recording.from_segment(data.spiking(bursts, scale)) for scale in (1, 2))
    names |= {
        "block": block,
        "control": control,
        "drug": drug,
        "recordings": [control, drug],
        "recording": ncs.Recording.from_segment(synaptic),
        "segment": synaptic,
        "spiketrain": neo.SpikeTrain([40.0, 60.0], units="ms", t_stop=700),
        "spike_recorder": type("Recorder", (), {"get": lambda self, what: senders})(),
    }
    found = run("experiments", names, replace=[("101", "2"), ("1, 0, ", "1, 0.5, ")])
    assert isinstance(found["found"], ncs.Comparison)


def test_protocols(names, _bench):
    pytest.importorskip("pandas")
    pytest.importorskip("scipy")
    names |= {
        "segment": data.hyperpolarised(),
        "spiking": data.spiking(),
        "chirped": data.chirped(),
        "block": data.stepped(),
        "soma": None,
    }
    for name, gone in data.GONE.items():
        names[name if name == "control" else f"after_{name}"] = data.dissected(gone)
    run("protocols", names, blocks=(0, 1, 4, 5))
    assert names["segment"].annotations["amplitude"] == -0.1 * pq.nA
    assert float(names["tails"].reversal.magnitude) == pytest.approx(-80, abs=1)
    assert names["rec"].names == ["Na", "K"]


def test_the_snippet_for_the_experimenter(names, _bench):
    pytest.importorskip("scipy")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = [c for c in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "icephys" in c]
    exec(code, names)
    assert names["rec"].names == ["Na", "K"]


def two_populations():
    """Cells of two populations, connected at random."""
    random = np.random.default_rng(1)
    source, target = np.nonzero(random.random((8, 8)) < 0.4)
    population = np.repeat([0, 1], [5, 3])
    cells = np.concatenate([np.arange(5), np.arange(3)])
    return network.Network(["E", "I"], population, cells, source, target)


def test_panels_in_pynns_figure(names):
    """And PyNN's panel in ours; PyNN says of no spike what the page says that it says."""
    import matplotlib
    import matplotlib.pyplot as plt

    plotting = pytest.importorskip("pyNN.utility.plotting")
    segment = data.spiking()
    segment.spiketrains.append(ncs.detect_spikes(ncs.Recording.from_segment(segment)))
    backend = matplotlib.rcParams["backend"]
    plt.switch_backend("agg")
    with matplotlib.rc_context():
        run("sources", {**names, "segment": segment})
    plt.close("all")
    plt.switch_backend(backend)
    assert Path("pynn.png").stat().st_size > 10_000 and Path("ours.png").stat().st_size > 10_000
    with pytest.raises(ValueError, match="t_start not defined for an empty spike train list"):
        ncs.Figure(plotting.Panel(neo.spiketrainlist.SpikeTrainList([])))


def test_networks(names, monkeypatch):
    pytest.importorskip("pandas")
    pytest.importorskip("networkx")
    pytest.importorskip("elephant")
    trains = neo.Block()
    trains.segments.append(neo.Segment())
    trains.segments[0].spiketrains.append(neo.SpikeTrain([10.0, 20.0], units="ms", t_stop=100))
    spikes = network.spikes_of({"E": trains, "I": trains})
    for name in ("from_pynn", "from_sonata"):
        monkeypatch.setattr(network, name, lambda *source, **options: two_populations())
    monkeypatch.setattr(network, "spikes_from_sonata", lambda *source, **options: spikes)
    names |= {"projection": None, "block_e": trains, "block_i": trains}
    run("network", names)
    assert {path.name for path in Path().iterdir()} == {"convergence.csv", "cells.csv"}
    assert names["graph"].number_of_nodes() == 8


@pytest.mark.neuron
def test_which_current_carries_the_sag(names, capsys):
    """What the page prints is what its code prints; the leak's part of the charge is as the page says."""
    pytest.importorskip("neuron")
    pytest.importorskip("pandas")
    run("protocols", names, blocks=[2])
    page = " ".join((DOCS / "protocols.rst").read_text(encoding="utf-8").split())
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.startswith("ina_hh carries") and printed in page
    run("protocols", names, blocks=[3])
    currents = names["scape"].slice(50 * pq.ms, 110 * pq.ms).recording.currents
    inward = np.clip(-currents.magnitude, 0, None).sum(axis=0)
    leak = dict(zip(names["scape"].names, inward / inward.sum(), strict=True))["il_hh"]
    assert f"leak brings {leak:.0%}".replace("%", " %") in page
    assert Path("sag.png").exists() and Path("step.png").exists()


@pytest.mark.neuron
def test_whole_cells(names):
    pytest.importorskip("neuron")
    lfpykit = pytest.importorskip("lfpykit")
    from neuron import h

    from neo_currentscape.adapters import neuron

    h.load_file("stdrun.hoc")
    soma, dend = h.Section(name="soma"), [h.Section(name=f"dend[{k}]") for k in range(4)]
    points = [[(0, 0, -10, 20), (0, 0, 10, 20)]]
    points += [[(0, 0, 10, 2), (40 * (k - 1.5), 0, 100, 2)] for k in range(4)]
    for section, ends in zip((soma, *dend), points, strict=True):
        for end in ends:
            h.pt3dadd(*end, sec=section)
        if section is not soma:
            section.connect(soma)
    for section in (soma, *dend):
        section.insert("hh")
    stimulus = h.IClamp(soma(0.5))
    stimulus.delay, stimulus.dur, stimulus.amp = 5, 90, 0.1
    names |= {"neuron": neuron, "h": h, "soma": soma}
    run("space", names, blocks=[0, 1], replace=[("1000", "100")])
    recording = names["cell"]
    cell = ncs.extracellular.geometry(recording.morphology)
    places = {axis: np.array([0.0, 60.0]) for axis in "xyz"}
    names |= {"recording": recording, "cell": cell, "lfpykit": lfpykit, **places}
    run("space", names, blocks=[2])
    assert recording.balance.worst < 1e-9
    names |= {"cell": recording, "extracellular": ncs.extracellular}
    one = ncs.extracellular.dipole_by_flow(recording, "z")
    names |= {"of_cell_1": one, "of_cell_2": one}
    run("space", names, blocks=[3], replace=[("[...]", "[of_cell_1]")])
