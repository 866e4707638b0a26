"""Files are written whole or not at all, whatever fails, and nothing in the package writes otherwise."""

import ast
import errno
import os
import stat
import subprocess
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import neo_currentscape
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


# -- nothing writes otherwise ------------------------------------------------------------------------

PACKAGE = Path(neo_currentscape.__file__).parent

#: What writes a file by its name, and what moves one.
BY_NAME = {"write_text", "write_bytes", "tofile", "touch", "mkstemp", "NamedTemporaryFile", "writetext"}
MOVES = {"rename", "renames", "link", "symlink_to", "hardlink_to"}
#: What writes to its first argument, which may be a file that is open, or the name of one.
TO_FIRST = {
    "savez", "savez_compressed",  "savetxt", "to_csv", "to_excel", "to_json", "to_pickle", "to_hdf",
    "to_parquet", "savefig", "imsave", "print_figure", "write_image",
}  # fmt: skip
#: What writes to its second.
TO_SECOND = {"dump"}
#: Figures, tables and the writer of this package, which write through `whole_files` themselves.
OWN = {"figure", "table", "writing"}

#: What hands out a file or a name that takes its place when it is whole.
HANDS_OUT = ("whole_file", "draft", "target_file")

#: The module that writes; memory of several processes that looks like files, and the locks on it.
EXCEPT = {"conventions/whole_files.py", "summary/shared.py", "summary/leftovers.py"}


def _called(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _on(call):
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def _made_by(value):
    return _called(value) if isinstance(value, ast.Call) else ""


def _open_names(tree):
    """Names that stand for what is open already: drafts, and buffers in memory."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.withitem) and _made_by(node.context_expr) in HANDS_OUT:
            found.add(ast.unparse(node.optional_vars))
        if isinstance(node, ast.Assign) and _made_by(node.value) in ("BytesIO", "StringIO"):
            found.update(ast.unparse(target) for target in node.targets)
    return found


def _writes(call):
    """Whether `open` is called to write."""
    place = 0 if isinstance(call.func, ast.Attribute) and _on(call) not in ("os", "io", "gzip") else 1
    modes = [k.value for k in call.keywords if k.arg == "mode"] + call.args[place : place + 1]
    if _on(call) == "os":
        return ast.unparse(call.args[0]) != "os.devnull"
    return any(not isinstance(m, ast.Constant) or set(str(m.value)) & set("wax+") for m in modes)


def breaches(source):
    """Calls by which a module writes a file by itself."""
    tree = ast.parse(source)
    opened = _open_names(tree)
    out = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = _called(call)
        first, second = ([*map(ast.unparse, call.args), "", ""])[:2]
        if (
            name in BY_NAME
            or (name in MOVES and _on(call))
            or (name == "replace" and _on(call) == "os")
            or (name == "open" and _writes(call))
            or (name in TO_FIRST and _on(call) not in OWN and first not in opened)
            or (name == "save" and _on(call) in ("np", "numpy"))
            or (name in TO_SECOND and second not in opened)
            or (name.endswith("IO") and {"'ow'", "'rw'"} & {ast.unparse(k.value) for k in call.keywords}
                and not any(f"str({one})" == first or one == first for one in opened))
            or (name == "File" and _on(call) == "h5py" and second != "'r'")
        ):  # fmt: skip
            out.append(f"{call.lineno}: {ast.unparse(call)[:80]}")
    return out


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_is_written_but_whole(path):
    if str(path.relative_to(PACKAGE)) in EXCEPT:
        pytest.skip("writes drafts, or memory")
    assert breaches(path.read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "Path(p).write_text('x')",
        "open(p, 'w')",
        "open(p, mode)",
        "p.open('ab')",
        "io.open(p, mode='x')",
        "os.open(p, os.O_WRONLY)",
        "np.savez(p, x=x)",
        "frame.to_csv(p)",
        "json.dump(x, open_file)",
        "fig.savefig(p)",
        "os.replace(a, b)",
        "draft.rename(b)",
        "neo.io.NixIO(str(p), mode='ow')",
        "h5py.File(p, 'w')",
        "array.tofile(p)",
    ],
)
def test_the_walk_finds_what_writes(line):
    assert breaches(line)


@pytest.mark.parametrize(
    "text",
    [
        "open(p)",
        "p.open('rb')",
        "p.open(newline='')",
        "with whole_file(p) as file:\n    np.savez(file, x=x)",
        "buffer = io.BytesIO()\nfig.savefig(buffer)",
        "with draft(p) as beside:\n    neo.io.NixIO(str(beside), mode='ow')",
        "text.replace('a', 'b')",
        "h5py.File(p, 'r')",
    ],
)
def test_the_walk_lets_pass_what_does_not(text):
    assert not breaches(text)
