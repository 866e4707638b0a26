"""What tells one state of files from another, and which files have parts elsewhere."""

import os

import h5py
import numpy as np
import pytest

from neo_currentscape.reduction import fingerprint


def test_a_byte_within_a_large_file_counts_though_size_and_time_stay(tmp_path, monkeypatch):
    file = tmp_path / "large"
    file.write_bytes(bytes(3 << 20))
    monkeypatch.setattr(fingerprint, "WHOLE", 1 << 20)
    before, times = fingerprint.fingerprint(file), file.stat()
    with file.open("r+b") as content:
        content.seek(1_500_000)
        content.write(b"x")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fingerprint.fingerprint(file) != before


def test_files_of_a_folder_count(tmp_path):
    (tmp_path / "store" / "v").mkdir(parents=True)
    (tmp_path / "store" / "v" / "0.0").write_bytes(b"12345678")
    seen = {fingerprint.fingerprint(tmp_path / "store")}
    (tmp_path / "store" / "v" / "1.0").write_bytes(b"12345678")
    seen.add(fingerprint.fingerprint(tmp_path / "store"))
    (tmp_path / "store" / "v" / "1.0").rename(tmp_path / "store" / "v" / "2.0")
    seen.add(fingerprint.fingerprint(tmp_path / "store"))
    assert len(seen) == 3


def test_files_behind_a_link_to_another_folder_count(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "0.0").write_bytes(b"one")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "v").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "store" / "around").symlink_to(tmp_path / "store")
    before = fingerprint.fingerprint(tmp_path / "store")
    (tmp_path / "elsewhere" / "0.0").write_bytes(b"two")
    assert fingerprint.fingerprint(tmp_path / "store") != before


def test_of_many_files_little_is_read(tmp_path, monkeypatch):
    for k in range(300):
        (tmp_path / f"{k}").write_bytes(bytes(2000))
    monkeypatch.setattr(fingerprint, "WHOLE", 1 << 10)
    read, plain = [], fingerprint._pieces
    monkeypatch.setattr(
        fingerprint, "_pieces", lambda *given: [read.append(len(p)) or p for p in plain(*given)]
    )
    fingerprint.fingerprint(tmp_path)
    assert sum(read) == 300 * 2 * fingerprint.LEAST


def test_a_stamp_is_another_once_a_file_is_written_to_replaced_or_gone(tmp_path):
    file, other = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"one")
    first = fingerprint.stamp(file)
    assert first == fingerprint.stamp(file)
    other.write_bytes(b"two")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    assert fingerprint.stamp(file) != first
    file.unlink()
    assert fingerprint.stamp(file) is None
    assert fingerprint.stamp(tmp_path) is None


def linked(file, folder):
    with h5py.File(folder / "part.h5", "w") as part:
        part["v"] = np.zeros(4)
    file["deep/v"] = h5py.ExternalLink("part.h5", "/v")
    return "part.h5"


def raw(file, folder):
    (folder / "part.raw").write_bytes(bytes(32))
    file.create_dataset("deep/v", (4,), "<f8", external=[(str(folder / "part.raw"), 0, 32)])
    return str(folder / "part.raw")


def virtual(file, folder):
    layout = h5py.VirtualLayout((4,), "<f8")
    layout[:] = h5py.VirtualSource("part.h5", "v", (4,))
    file.create_virtual_dataset("deep/v", layout)
    return "part.h5"


def own(file, folder):
    file["deep/v"] = np.zeros(4)
    file["soft"] = h5py.SoftLink("/deep/v")
    layout = h5py.VirtualLayout((4,), "<f8")
    layout[:] = h5py.VirtualSource(".", "deep/v", (4,))
    file.create_virtual_dataset("own", layout)
    return None


@pytest.mark.parametrize("make", [linked, raw, virtual, own])
def test_files_that_a_file_takes_values_from_are_named(tmp_path, make):
    with h5py.File(tmp_path / "whole.h5", "w") as file:
        name = make(file, tmp_path)
    assert fingerprint.other_files(tmp_path / "whole.h5") == ([] if name is None else [name])


def test_what_is_no_hdf5_names_none(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"nothing")
    assert fingerprint.other_files(tmp_path / "a.h5") == []
