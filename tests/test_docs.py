"""The documentation: public names have entries, pages are listed, formulas and links need no network."""

import importlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest

import neo_currentscape as ncs

DOCS = Path(__file__).parents[1] / "docs"
LISTED = {
    name
    for page in (DOCS / "reference").glob("*.rst")
    for name in re.findall(r"^   ([A-Za-z_][\w.]*)$", page.read_text(), re.M)
}
ADAPTERS = ("arbor", "bluepyopt", "brian2", "hnn_core", "icephys", "jaxley", "lfpy")
ADAPTERS += ("nest", "netpyne", "neuron", "pynn", "sonata")
FOLDERS = ("extracellular", "network", "protocols", "spatial", "synaptic")
FOLDERS += tuple(f"adapters.{name}" for name in ADAPTERS)


def extension(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / "extensions" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_public_name_has_an_entry():
    public = {name for name in ncs.__all__ if name[0].isupper() or callable(getattr(ncs, name, None))}
    assert public - LISTED == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_name_of_a_folder_has_an_entry(folder):
    names = importlib.import_module(f"neo_currentscape.{folder}").__all__
    # Names that the package hands on stand once, as its own.
    missing = {f"{folder}.{name}" for name in names if name not in ncs.__all__ and name.upper() != name}
    assert missing - LISTED == set()


def test_every_folder_of_adapters_is_asked_about():
    there = {path.parent.name for path in (DOCS.parent / "neo_currentscape/adapters").glob("*/__init__.py")}
    assert there == set(ADAPTERS)


def test_every_page_stands_in_a_table_of_contents():
    pages = {path.stem for path in DOCS.glob("*.rst")} - {"sg_execution_times"}
    listed = {
        name
        for page in DOCS.glob("*.rst")
        for name in re.findall(r"^   (?:[^<\n]*<)?([a-z_]+)>?$", page.read_text(), re.M)
    }
    assert pages - listed == {"index"}


def test_methods_have_an_entry_and_fields_are_parameters():
    documented = extension("class_pages").Documented()
    members = ["from_segment", "times", "slice", "_private", "sign"]
    shown = documented("neo_currentscape", "Recording", members)
    assert "from_segment" in shown and "slice" in shown
    assert "_private" not in shown
    assert documented("neo_currentscape", "SharesPanel", ["order", "legend"]) == []


def test_members_of_other_packages_have_none():
    documented = extension("class_pages").Documented()
    assert documented("neo_currentscape", "CurrentscapeError", ["with_traceback", "add_note"]) == []


@pytest.mark.parametrize("text, shown", [(r"I_k^+", "I"), (r"\max(I_k, 0)", "max"), (r"C\,dV/dt", "C")])
def test_formulas_become_mathml(text, shown):
    pytest.importorskip("latex2mathml")
    pytest.importorskip("sphinx")
    found = extension("mathml").mathml(text)
    assert found.startswith("<math ") and f">{shown}<" in found
    assert "\\" not in found


def test_inventories_are_what_sphinx_reads(tmp_path):
    inventory = pytest.importorskip("sphinx.util.inventory")
    mapping = extension("inventories").write(DOCS / "inventories.txt", tmp_path)
    address, path = mapping["neo"]
    with open(path, "rb") as file:
        read = inventory.InventoryFile.load(file, address, lambda base, page: base + page)
    uri = read["py:class"]["neo.AnalogSignal"].uri
    assert uri == address + "api_reference.html#neo.core.AnalogSignal"


def test_a_dead_link_is_found(tmp_path):
    sys.path.insert(0, str(DOCS))
    try:
        checker = importlib.import_module("check_pages")
    finally:
        sys.path.remove(str(DOCS))
    (tmp_path / "a.html").write_text('<a id="here" href="b.html#there"></a><a href="c.html"></a>')
    (tmp_path / "b.html").write_text('<a href="a.html#here"></a><a href="https://x.org/z"></a>')
    assert sorted(checker.dead_links(tmp_path)) == [
        "a.html: b.html#there leads nowhere",
        "a.html: c.html leads nowhere",
    ]
