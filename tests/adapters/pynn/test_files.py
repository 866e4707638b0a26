"""Saved Blocks: the derivation works from the file alone, also from those of several ranks."""

import copy
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import neo
import numpy as np
import pytest

from neo_currentscape.adapters import pynn
from neo_currentscape.adapters.pynn import description
from neo_currentscape.conventions.errors import SelectionError

pytestmark = pytest.mark.pynn


@pytest.mark.parametrize("suffix", ["pkl", "nix"])
@pytest.mark.parametrize("backend", ["neuron", "nest"])
def test_a_saved_sweep_gives_the_same_currents(simulate, backend, suffix):
    if suffix == "nix":
        pytest.importorskip("nixio")
    found, folder = simulate(backend, "sweep")
    read = pynn.to_block(pynn.read(folder / f"swept.{suffix}", trust_pickle=True))
    assert len(read.segments) == 3
    for one, other in zip(found["block"].segments, read.segments, strict=True):
        for signal in one.analogsignals:
            (same,) = [s for s in other.analogsignals if s.name == signal.name]
            np.testing.assert_array_equal(same.magnitude, signal.magnitude)
            assert same.annotations.get("role") == signal.annotations["role"]
        assert len(one.epochs) == len(other.epochs)


def test_the_derived_segment_itself_survives_nix(simulate, residual, tmp_path):
    pytest.importorskip("nixio")
    found, _ = simulate("neuron", "cells")
    segment = copy.deepcopy(found["IF_cond_exp"][1])
    block = neo.Block(name="derived")
    block.segments.append(segment)
    path = str(tmp_path / "derived.nix")
    with neo.io.NixIO(path, mode="ow") as io:
        io.write_block(block)
    with neo.io.NixIO(path, mode="ro") as io:
        read = io.read_block().segments[0]
    for neuron in range(3):
        assert residual(read, neuron) == pytest.approx(residual(segment, neuron))


def test_compartments_are_saved_with_pynns_own_data(simulate, residual):
    pytest.importorskip("nixio")
    found, folder = simulate("neuron", "compartments")
    segment = pynn.to_segment(pynn.read(folder / "compartments.nix"))
    assert residual(segment, 1, site="soma") <= 1e-8


def _of_ranks(block, n_ranks=2):
    """The Blocks that ranks write with gather=False: each has its neurons, and knows only those."""
    parts = []
    for rank in range(n_ranks):
        part = copy.deepcopy(block)
        part.annotate(mpi_processes=n_ranks)
        for segment in part.segments:
            for index, signal in enumerate(list(segment.analogsignals)):
                chosen = [
                    c
                    for c, n in enumerate(signal.array_annotations["channel_index"])
                    if n % n_ranks == rank
                ]
                segment.analogsignals[index] = signal[:, chosen]
            kept = [t for t in segment.spiketrains if t.annotations["source_index"] % n_ranks == rank]
            segment.spiketrains = kept
            (known,) = description.decode(segment.annotations[description.KEY])
            for name, values in known["parameters"].items():
                if isinstance(values, list):
                    known["parameters"][name] = [
                        v if i % n_ranks == rank else None for i, v in enumerate(values)
                    ]
            for source in known["sources"]:
                source["neurons"] = [n for n in source["neurons"] if n % n_ranks == rank]
            segment.annotations[description.KEY] = description.encode(known)
        parts.append(part)
    return parts


def _write(parts, folder):
    for rank, part in enumerate(parts):
        neo.io.PickleIO(str(folder / f"x.pkl.{rank}")).write_block(part)


def test_files_of_all_ranks_are_read_together(simulate, residual, tmp_path):
    found, _ = simulate("neuron", "cells")
    block, whole = found["IF_cond_exp"]
    _write(_of_ranks(block), tmp_path)
    for path in (tmp_path / "x.pkl", tmp_path / "x.pkl.1"):
        segment = pynn.to_segment(pynn.read(path, trust_pickle=True))
        index = [
            n
            for s in segment.analogsignals
            if s.name == "leak"
            for n in s.array_annotations["channel_index"]
        ]
        assert sorted(index) == [0, 1, 2]
        for neuron in range(3):
            assert residual(segment, neuron) == pytest.approx(residual(whole, neuron), rel=1e-3)


@pytest.fixture(scope="module")
def ranks(tmp_path_factory):
    """The files of a run of NEURON on two ranks."""
    pytest.importorskip("pyNN")
    library = next(iter(sorted(Path(sys.prefix, "lib").glob("libmpi.so.*"))), None)
    mpiexec = shutil.which("mpiexec", path=f"{sys.prefix}/bin:{os.environ.get('PATH', '')}")
    if not (library and mpiexec and importlib.util.find_spec("mpi4py")):
        pytest.skip("no MPI")
    folder = tmp_path_factory.mktemp("ranks")
    script = str(Path(__file__).parent / "scenarios.py")
    environment = {**os.environ, "NEURON_INIT_MPI": "1", "MPI_LIB_NRN_PATH": str(library)}
    environment["PATH"] = f"{sys.prefix}/bin:{os.environ.get('PATH', '')}"
    command = [mpiexec, "-n", "2", sys.executable, script, "neuron", "ranks", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.mark.alone
@pytest.mark.parametrize("name", ["apart.pkl", "apart.pkl.0", "gathered.pkl"])
def test_a_run_on_two_ranks_is_whole(ranks, residual, channel, name):
    segment = pynn.to_segment(pynn.read(ranks / name, trust_pickle=True))
    (leak,) = [s for s in segment.analogsignals if s.name == "leak"]
    # PyNN deals neurons out in turn, and puts one rank's after the other's.
    assert list(leak.array_annotations["channel_index"]) == [0, 2, 4, 1, 3]
    for neuron in range(5):
        assert residual(segment, neuron) <= 1e-8
        assert channel(segment, "i_offset", neuron)[0] == pytest.approx(0.4 + 0.1 * neuron)
        assert (channel(segment, "DCSource", neuron).max() > 0) == (neuron in (1, 2, 3))


def test_one_rank_alone_has_its_own_neurons(simulate, residual):
    found, _ = simulate("neuron", "cells")
    block, _ = found["IF_cond_exp"]
    segment = pynn.to_segment(_of_ranks(block)[1])
    assert residual(segment, 1) <= 1e-8


def test_neurons_of_another_rank_are_refused(simulate):
    found, _ = simulate("neuron", "cells")
    first, second = _of_ranks(found["IF_cond_exp"][0])
    first.segments[0].annotations[description.KEY] = second.segments[0].annotations[description.KEY]
    with pytest.raises(SelectionError, match="neuron 0 .* another rank.*pynn.read"):
        pynn.to_segment(first)


def test_a_missing_rank_is_noticed(simulate, tmp_path):
    found, _ = simulate("neuron", "cells")
    _write(_of_ranks(found["IF_cond_exp"][0])[:1], tmp_path)
    with pytest.raises(SelectionError, match="2 ranks and there are 1 files"):
        pynn.read(tmp_path / "x.pkl", trust_pickle=True)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SelectionError, match="no file .*x.pkl"):
        pynn.read(tmp_path / "x.pkl", trust_pickle=True)


def test_a_type_that_keeps_no_annotations_is_refused(tmp_path):
    (tmp_path / "x.mat").write_bytes(b"")
    with pytest.raises(SelectionError, match="x.mat"):
        pynn.read(tmp_path / "x.mat")


def test_a_merged_assembly_block_tells_its_populations_apart(simulate, channel):
    """Neo joins the annotations of merged Blocks; the second population follows the first."""
    found, _ = simulate("neuron", "views")
    texts = found["assembly block"].segments[0].annotations[description.KEY]
    labels = [known["label"] for known in description.decode(texts)]
    assert labels == ["first", "second"]


def test_annotate_makes_a_block_readable_without_its_population(simulate):
    found, _ = simulate("neuron", "views")
    segment = pynn.to_segment(found["unsorted"])
    assert {"leak", "excitatory"} <= {s.name for s in segment.analogsignals}


def test_input_is_not_changed(simulate):
    found, _ = simulate("neuron", "cells")
    block = found["IF_cond_exp"][0]
    before = copy.deepcopy(block)
    pynn.to_segment(block)
    for one, other in zip(before.segments[0].analogsignals, block.segments[0].analogsignals, strict=True):
        np.testing.assert_array_equal(one.magnitude, other.magnitude)
        assert one.annotations.keys() == other.annotations.keys()
        assert list(one.array_annotations["channel_index"]) == list(
            other.array_annotations["channel_index"]
        )
    assert before.segments[0].annotations == block.segments[0].annotations
