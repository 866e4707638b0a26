"""Summaries on real workers: threads, processes, a Dask cluster, MPI; and workers that die."""

import importlib.util
import os
import shutil
import subprocess
import sys
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentTypeError, SignalError
from neo_currentscape.summary.pool import ExecutorError

pytestmark = pytest.mark.alone

NAMES = ["K", "Na", "leak"]


def make_segment(n_neurons=150, n_samples=200, seed=0):
    rng = np.random.default_rng(seed)
    segment = neo.Segment(name=f"net {seed}")
    for name in NAMES:
        values = rng.standard_normal((n_samples, n_neurons))
        made = neo.AnalogSignal(values, units="nA", sampling_period=0.1 * pq.ms, name=name, role="current")
        made.array_annotate(channel_index=np.arange(n_neurons))
        segment.analogsignals.append(made)
    return segment


@pytest.fixture(scope="module")
def segments():
    return [make_segment(seed=seed) for seed in range(2)]


@pytest.fixture(scope="module")
def expected(segments):
    return ncs.summarise(segments)


@pytest.fixture(scope="module")
def files(segments, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    out = []
    for k, segment in enumerate(segments):
        block = neo.Block()
        block.segments.append(segment)
        out.append(folder / f"{k}.nix")
        writer = neo.io.NixIO(str(out[-1]), mode="ow")
        writer.write_block(block)
        writer.close()
    return out


def assert_same(a, b):
    """To 1e-12; the parts are the same for all, so it is in fact to the last digit."""
    assert a.names == b.names
    assert a.table["neuron"].tolist() == b.table["neuron"].tolist()
    for key in (
        "charge_outward",
        "charge_inward",
        "contribution_inward",
        "peak_outward",
        "peak_share_inward",
    ):
        np.testing.assert_allclose(a.table[key], b.table[key], rtol=1e-12)
    for d in ("outward", "inward"):
        np.testing.assert_allclose(a.shares(d).magnitude, b.shares(d).magnitude, rtol=1e-12)
        np.testing.assert_allclose(a.spread(d).magnitude, b.spread(d).magnitude, rtol=1e-12)


@pytest.mark.parametrize("n_workers", [1, 2, 3])
def test_processes(segments, files, expected, n_workers):
    with ProcessPoolExecutor(n_workers) as executor:
        assert_same(ncs.summarise(segments, executor), expected)
        assert_same(ncs.summarise(files, executor), expected)


def test_threads(segments, expected):
    with ThreadPoolExecutor(2) as executor:
        assert_same(ncs.summarise(segments, executor), expected)


def test_nothing_is_left_behind(segments, tmp_path, monkeypatch):
    from neo_currentscape.summary import shared

    monkeypatch.setattr(shared, "RAM_FOLDER", tmp_path)
    used = []
    real = shared.Shared.places
    monkeypatch.setattr(
        shared.Shared, "places", lambda self, found: used.append(self._folder) or real(self, found)
    )
    with ProcessPoolExecutor(1) as executor:
        ncs.summarise(segments, executor)
    assert used
    assert used[0].parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_without_room_the_signals_are_sent(segments, expected, monkeypatch):
    from neo_currentscape.summary import shared

    monkeypatch.setattr(shared, "_folder_with_room", lambda needed: None)
    with ProcessPoolExecutor(1) as executor:
        assert_same(ncs.summarise(segments, executor), expected)


class TestTrouble:
    def test_an_executor_that_is_shut_down(self, segments):
        executor = ProcessPoolExecutor(1)
        executor.shutdown()
        with pytest.raises(ExecutorError, match="ProcessPoolExecutor takes no more work .* make a new one"):
            ncs.summarise(segments, executor)

    def test_an_executor_that_is_shut_down_in_the_middle(self, segments):
        class Closing(ThreadPoolExecutor):
            count = 0

            def submit(self, *arguments, **options):
                self.count += 1
                if self.count == 3:
                    self.shutdown(wait=False, cancel_futures=True)
                return super().submit(*arguments, **options)

        with pytest.raises(ExecutorError, match="takes no more work"):
            ncs.summarise(segments, Closing(1))

    def test_a_process_that_dies(self, segments):
        with (
            ProcessPoolExecutor(1) as executor,
            pytest.raises(ExecutorError, match="no result for deadly .*its workers died"),
        ):
            ncs.summarise({"deadly": partial(os._exit, 1)}, executor)

    def test_a_source_that_cannot_be_sent(self):
        with (
            ProcessPoolExecutor(1) as executor,
            pytest.raises(ExecutorError, match="no result for here .*give file names"),
        ):
            ncs.summarise({"here": lambda: make_segment()}, executor)

    def test_errors_reach_the_caller_and_cancel_the_rest(self, segments):
        made = []

        class Recording(ThreadPoolExecutor):
            def submit(self, *arguments, **options):
                made.append(super().submit(*arguments, **options))
                return made[-1]

        broken = make_segment(seed=5)
        broken.analogsignals[0][3, 0] = np.nan * pq.nA
        with (
            Recording(1) as executor,
            pytest.raises(SignalError, match="net 5, neuron 0: Current 'K' is nan"),
        ):
            ncs.summarise([broken, *segments], executor)
        assert all(isinstance(future, Future) and future.done() for future in made)


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed", reason="needs neo-currentscape[cluster]")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as made:
        yield made


class TestDask:
    def test_same_as_here(self, client, segments, files, expected):
        executor = client.get_executor()
        assert_same(ncs.summarise(files, executor), expected)
        assert_same(ncs.summarise(segments, executor), expected)

    def test_a_client_is_no_executor(self, client, segments):
        with pytest.raises(ArgumentTypeError, match=r"not a Client: write .*client\.get_executor\(\)"):
            ncs.summarise(segments, client)

    def test_a_corrupt_file_is_named(self, client, files, tmp_path):
        broken = tmp_path / "broken.nix"
        broken.write_bytes(files[0].read_bytes()[:5000])
        executor = client.get_executor()
        with pytest.raises(SignalError, match="broken.nix.* check that the file is whole"):
            ncs.summarise([files[1], broken], executor)
        summary = ncs.summarise([broken, files[1]], executor, errors="skip")
        assert [Path(failure.source).name for failure in summary.failures] == ["broken.nix"]
        assert_same(summary, ncs.summarise(files[1]))

    def test_a_worker_killed_in_the_middle_loses_nothing(self, client, files, expected, tmp_path):
        """The second source kills its worker when it is summarised; Dask runs that part again."""
        calls = tmp_path / "calls"

        def deadly(path, calls, deadly_call):
            import os
            import signal

            import neo

            with open(calls, "a") as file:
                file.write("x")
            if os.path.getsize(calls) == deadly_call:
                os.kill(os.getpid(), signal.SIGKILL)
            return neo.io.NixIO(path, "ro").read_block()

        # Called for the first time to look at it, and for the second time to summarise it
        source = partial(deadly, str(files[1]), str(calls), 2)
        summary = ncs.summarise([files[0], source], client.get_executor())
        assert os.path.getsize(calls) == 3  # the call that was killed, and once more
        assert_same(summary, expected)


SCRIPT = """
import sys
import numpy as np
import neo_currentscape as ncs
from mpi4py import MPI
from mpi4py.futures import MPIPoolExecutor

if __name__ == "__main__":
    with MPIPoolExecutor() as executor:
        assert executor.num_workers == 2
        summary = ncs.summarise(sys.argv[2:], executor)
    np.savez(sys.argv[1], charge=summary.table["charge_outward"], mean=summary.shares("inward").magnitude,
             spread=summary.spread("inward").magnitude, size=MPI.COMM_WORLD.size)
"""


def mpiexec():
    """The launcher that belongs to this Python, or the one on the path."""
    near = Path(sys.executable).with_name("mpiexec")
    return str(near) if near.exists() else shutil.which("mpiexec")


@pytest.mark.skipif(importlib.util.find_spec("mpi4py") is None, reason="needs neo-currentscape[cluster]")
@pytest.mark.skipif(mpiexec() is None, reason="needs an MPI library with mpiexec, e.g. pip install mpich")
def test_mpi(files, expected, tmp_path):
    (tmp_path / "run.py").write_text(SCRIPT)
    command = [mpiexec(), "-n", "3", sys.executable, "-m", "mpi4py.futures", str(tmp_path / "run.py")]
    # Open MPI asks for these where there are few cores, or the user is root.
    allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    allowed["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe"
    run = subprocess.run(
        [*command, str(tmp_path / "out.npz"), *map(str, files)],
        env={**os.environ, **allowed},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    with np.load(tmp_path / "out.npz") as found:
        assert found["size"] == 3
        np.testing.assert_allclose(found["charge"], expected.table["charge_outward"], rtol=1e-12)
        np.testing.assert_allclose(found["mean"], expected.shares("inward").magnitude, rtol=1e-12)
        np.testing.assert_allclose(found["spread"], expected.spread("inward").magnitude, rtol=1e-12)


def test_lazily_read_segments_are_read_for_the_workers(tmp_path, segments):
    block = neo.Block()
    block.segments.append(make_segment(n_neurons=5))
    io = neo.io.NixIO(str(tmp_path / "a.nix"), "ow")
    io.write_block(block)
    io.close()
    (lazy,) = ncs.read_lazy(tmp_path / "a.nix")
    with ProcessPoolExecutor(1) as executor:
        assert_same(ncs.summarise(lazy, executor), ncs.summarise(block))
