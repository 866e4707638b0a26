"""Nothing in the package writes files by itself: the syntax trees of all modules are walked."""

import ast
from pathlib import Path

import pytest

import neo_currentscape

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

#: The modules that write; memory of several processes that looks like files, and the locks on it; what
#: fills a folder that is handed out, by `whole_folder` or as a temporary one.
EXCEPT = {
    "conventions/whole_files.py",
    "conventions/whole_folders.py",
    "summary/shared.py",
    "summary/leftovers.py",
    "recording/columns_store.py",
    "adapters/nest/nestml/source.py",
}


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
            or (name == "open" and _on(call) != "webbrowser" and _writes(call))
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
