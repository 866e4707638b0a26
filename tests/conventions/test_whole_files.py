"""Files are written whole or not at all, whatever fails."""

import errno
import os
import stat
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest

from neo_currentscape.conventions import whole_files
from neo_currentscape.conventions.errors import FileError
from neo_currentscape.conventions.whole_files import check_target, draft, whole_file

posix = pytest.mark.skipif(os.name == "nt", reason="permissions, links and limits of POSIX")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit])
@pytest.mark.parametrize("old", [None, "old"])
def test_an_error_in_the_middle_keeps_what_was_there(tmp_path, error, old):
    path = tmp_path / "a.csv"
    if old is not None:
        path.write_text(old)
    with pytest.raises(error), whole_file(path, "w") as file:
        file.write("x" * 100_000)
        file.flush()
        raise error
    with pytest.raises(error), draft(path) as beside:
        beside.write_text("half")
        raise error
    assert names(tmp_path) == ([] if old is None else ["a.csv"])
    assert old is None or path.read_text() == old


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with whole_file(path, "w") as file:
        file.write("new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new" and names(tmp_path) == ["a.csv"]


@contextmanager
def limited(size):
    """No file of this process may grow beyond so many bytes, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(params=["nameless", "named", "copied"], autouse=True)
def way(request, monkeypatch):
    """Each way in which a file can become whole: by a file without a name, by one with, and by a copy."""
    if request.param == "named":
        monkeypatch.setattr(whole_files, "_nameless", lambda path: None)
    if request.param == "copied":

        def refused(*_, **__):
            raise PermissionError(1, "no links here")

        monkeypatch.setattr(os, "link", refused)


def write_bytes(path):
    with whole_file(path) as file:
        file.write(bytes(100_000))


def write_lines(path):
    with whole_file(path, "w", newline="") as file:
        for number in range(50_000):
            file.write(f"{number}\n")


def write_archive(path):
    from neo_currentscape.experiments.archives import write_arrays

    write_arrays(path, {"x": np.random.default_rng(3).random(40_000)})


def write_by_name(path):
    with draft(path) as beside:
        beside.write_bytes(bytes(100_000))


WRITERS = [write_bytes, write_lines, write_archive, write_by_name]


@posix
@pytest.mark.parametrize("write", WRITERS)
def test_a_file_that_may_not_grow_leaves_the_old_one(write, tmp_path):
    path = tmp_path / "a.dat"
    path.write_text("old")
    with limited(20_000), pytest.raises(FileError, match=r"a.dat' could not be written \(File too large\)"):
        write(path)
    assert path.read_text() == "old" and names(tmp_path) == ["a.dat"]
    write(path)
    assert path.stat().st_size > 20_000


@pytest.fixture
def small(tmp_path):
    """A disk of 64 kB, where this process may make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True)
    except OSError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip("no disk may be made here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("write", WRITERS)
def test_a_full_disk_leaves_the_old_file(write, small):
    path = small / "a.dat"
    path.write_text("old")
    with pytest.raises(FileError, match="No space left on device") as told:
        write(path)
    assert told.value.errno == errno.ENOSPC
    assert path.read_text() == "old" and names(small) == ["a.dat"]


@posix
@pytest.mark.parametrize("mask, wanted", [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_any_other(mask, wanted, tmp_path):
    before = os.umask(mask)
    try:
        whole_files.write(tmp_path / "a.csv", "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == wanted


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_an_older_file_keeps_its_permissions(mode, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(mode)
    whole_files.write(path, "new")
    assert path.read_text() == "new" and stat.S_IMODE(path.stat().st_mode) == mode


@posix
def test_links_stay_links(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real.csv").write_text("old")
    for link, target in (("a.csv", "there/real.csv"), ("b.csv", "a.csv"), ("new.csv", "there/new.csv")):
        (tmp_path / link).symlink_to(target)
        whole_files.write(tmp_path / link, link)
        assert (tmp_path / link).is_symlink() and (tmp_path / link).read_text() == link
    assert names(tmp_path) == ["a.csv", "b.csv", "new.csv", "there"]
    assert names(tmp_path / "there") == ["new.csv", "real.csv"]


@posix
def test_a_device_stays_a_device():
    with whole_file("/dev/null") as file:
        file.write(b"gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    if os.path.exists("/dev/full"):
        with pytest.raises(FileError, match="/dev/full' could not be written"):
            whole_files.write("/dev/full", "nowhere")


@pytest.mark.parametrize(
    "name, said",
    [
        ("", "is a folder"),
        ("folder", "is a folder: write the name of a file"),
        ("folder/", "is a folder"),
        ("none/a.csv", "There is no folder"),
        ("file/a.csv", "There is no folder"),
        ("x" * 300, "could not be written|cannot be written|too long"),
        ("a\0b", "null character"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(name, said, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("file")
    path = f"{tmp_path}/{name}"
    for write in WRITERS:
        with pytest.raises(FileError, match=said):
            write(path)
    if len(name) < 256:
        with pytest.raises(FileError, match=said):
            check_target(path)
    assert names(tmp_path) == ["file", "folder"]


def test_a_name_may_be_as_long_as_the_disk_takes(tmp_path):
    whole_files.write(tmp_path / ("x" * 251 + ".csv"), "new")
    assert len(names(tmp_path)[0]) == 255


@posix
@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="the superuser may do all")
def test_what_may_not_be_changed_is_said(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "a.csv").chmod(0o400)
    with pytest.raises(FileError, match="may not be overwritten"):
        whole_files.write(tmp_path / "a.csv", "new")
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="could not be written"):
        whole_files.write(tmp_path / "b.csv", "new")


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are Linux's")
def test_a_killed_process_leaves_the_old_file(tmp_path, way):
    path = tmp_path / "a.csv"
    path.write_text("old")
    code = """
import sys, time
from neo_currentscape.conventions.whole_files import whole_file
with whole_file(sys.argv[1]) as file:
    file.write(bytes(100_000))
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"half\n"
    process.kill()
    process.communicate()
    assert path.read_text() == "old"
    if whole_files._nameless(path) is not None:
        assert names(tmp_path) == ["a.csv"]
