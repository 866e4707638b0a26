"""Files that declare more than they hold are refused before memory is taken for it."""

import io
import tracemalloc
import zipfile

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions import declared
from neo_currentscape.conventions.errors import FileError
from neo_currentscape.experiments.archives import read_arrays

SENTENCE = (
    r"declares \S+ bytes for .*, and has \d+: it is damaged or cut short; check that the file is whole"
)


@pytest.fixture(autouse=True)
def little_memory():
    """Nothing large is allocated, whatever the file says."""
    tracemalloc.start()
    yield
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def nix_file(path, shape):
    h5py = pytest.importorskip("h5py")
    pytest.importorskip("nixio")
    block = neo.Block()
    block.segments.append(neo.Segment())
    for name, unit in (("ik", "nA"), ("v", "mV")):
        block.segments[0].analogsignals.append(
            neo.AnalogSignal(np.ones((7, 1)), units=unit, sampling_period=1 * pq.ms, name=name)
        )
    writer = neo.io.NixIO(str(path), "ow")
    writer.write_block(block)
    writer.close()
    with h5py.File(path, "r+") as file:
        found = []
        file.visititems(lambda name, one: found.append(name) if getattr(one, "shape", 0) == (7,) else None)
        for name in found:
            del file[name]
            file.create_dataset(name, shape=shape, dtype="f8", chunks=(1000,), fillvalue=1.0)
    return path


def test_a_nix_file_of_a_thousand_terabytes(tmp_path):
    path = nix_file(tmp_path / "a.nix", (10**14,))
    with pytest.raises(FileError, match=SENTENCE):
        ncs.read_lazy(path)


def test_numbers_that_were_never_written_are_read_all_the_same(tmp_path):
    path = nix_file(tmp_path / "a.nix", (10**7,))
    recording = ncs.Recording.from_segment(path)
    assert len(recording) == 10**7 and path.stat().st_size < 10**6


def archive(path, declared_shape, held):
    """An archive of one array whose header is not that of its values."""
    header = io.BytesIO()
    np.lib.format.write_array_header_2_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": declared_shape}
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.npy", header.getvalue() + np.ones(held).tobytes())
    return path


def test_an_array_that_is_longer_than_its_archive(tmp_path):
    assert read_arrays(archive(tmp_path / "a.npz", (9,), 9))["a"].tolist() == [1.0] * 9
    for shape in ((10,), (10**12,), (10**6, 10**6, 10**6)):
        with pytest.raises(FileError, match="declares"):
            read_arrays(archive(tmp_path / "a.npz", shape, 9))


def test_datasets_of_sonata(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "report.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("report/all/data", shape=(10**9, 10**6), dtype="f4", chunks=(100, 100))
        file.create_dataset("report/all/mapping/node_ids", data=[1])
        file.create_dataset("nodes/all/node_type_id", shape=(10**13,), dtype="i8", chunks=(100,))
    from neo_currentscape import network
    from neo_currentscape.adapters import sonata

    for read in (lambda: sonata.to_segment(path), lambda: network.from_sonata(nodes=[path])):
        with pytest.raises(FileError, match=SENTENCE):
            read()


def test_what_stands_beside_a_header_counts(tmp_path):
    (tmp_path / "a.vhdr").write_bytes(b"x" * 10)
    (tmp_path / "a.eeg").write_bytes(b"x" * 1000)
    (tmp_path / "b.eeg").write_bytes(b"x" * 1000)
    assert declared.length_with_parts(tmp_path / "a.vhdr") == 1010
    assert declared.length_with_parts(tmp_path) == 2010
