"""The documentation: public names have entries, pages are listed, formulas and links need no network."""

import doctest
import functools
import importlib
import importlib.util
import re
import sys
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

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


def signal(name, units, values=(-1.0, 1.0, 1.0, 1.0, 1.0), period=0.1, **annotations):
    return neo.AnalogSignal(
        np.array(values), units=units, sampling_period=period * pq.ms, name=name, **annotations
    )


def neurons(name, units):
    channels = {"array_annotations": {"channel_index": [0, 1, 2]}}
    return signal(name, units, np.tile([[-1.0], [1.0]], (1, 3)), **channels)


def from_signals(*signals, **options):
    segment = neo.Segment()
    segment.analogsignals.extend(signals)
    return ncs.Recording.from_segment(segment, **options)


V, V2 = signal("v", "mV"), signal("v2", "mV")
NA, K = signal("ina", "nA"), signal("ik", "nA")
#: What is read, with which options, and the balance where that is asked.
ASKED = {
    "3 neurons": ((neurons("ina", "nA"), neurons("v", "mV")), {}),
    "2 sites": ((signal("ina", "nA", site="soma"), signal("ik", "nA", site="dend")), {}),
    "two voltages": ((NA, K, V, V2), {}),
    "no current": ((V,), {}),
    "no unit": ((signal("ina", "dimensionless"), V), {}),
    "no such name": ((NA, K, V), {"currents": ["ica"]}),
    "density": ((NA, signal("ik", "mA/cm**2"), V), {}),
    "sign": ((signal("ina", "nA", positive="inward"), K, V), {"sign": "outward"}),
    "times": ((NA, signal("ik", "nA", np.ones(7), 0.2), V), {}),
    "nan": ((signal("ina", "nA", (-1, 1, np.nan, 1, 1)), K, V), {}),
    "capacitance": ((NA, K, V), {}),
    "one current": ((signal("i", "nA"), V), {}),
    "one without a unit": ((signal("ik", "pA"), signal("I_h", "dimensionless"), V), {}),
    "upside down": (
        (signal("ina", "nA", (1, 2, 1, 1, 1)), signal("ik", "nA", (-1, -1, -2, -1, -1)), V),
        {},
    ),
    "a slip": ((NA, K, signal("I_Na", "dimensionless"), V), {"units": {"I_Na": "nS"}}),
}
#: What the page calls a sentence of the package, to where it leaves the rest out.
FAQ = re.findall(r"^\*\*(.+)\*\*$", (DOCS / "faq.rst").read_text(encoding="utf-8"), re.MULTILINE)
SENTENCES = [said.removesuffix(": ...") for said in FAQ if not said.endswith("?")]


@functools.cache
def sentence(case):
    signals, options = ASKED[case]
    with pytest.raises((ncs.CurrentscapeError, ncs.CurrentscapeWarning)) as told:
        ncs.balance(from_signals(*signals, **options))
    return str(told.value)


@pytest.mark.parametrize("case", ASKED)
def test_the_questions_have_the_sentences_of_the_package(case):
    assert any(sentence(case).startswith(said) for said in SENTENCES)


@pytest.mark.parametrize("said", SENTENCES, ids=lambda said: said[:30])
def test_the_sentences_of_the_page_are_those_of_the_package(said):
    assert any(sentence(case).startswith(said) for case in ASKED)


def test_the_tutorial_runs_as_it_stands(tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, attempted = doctest.testfile(
        str(DOCS / "tutorial.rst"), module_relative=False, optionflags=flags
    )
    assert failed == 0 and attempted > 10
    assert {path.name for path in tmp_path.iterdir()} == {"whole.png", "figure1.pdf", "figure1.svg"}


def test_the_gallery_shows_every_example():
    there = {path.name for path in (DOCS.parent / "examples").glob("*.py")}
    page = (DOCS / "examples.rst").read_text()
    shown = re.findall(r"\.\./examples/(\w+\.py)", page)
    assert sorted(there) == sorted(shown)
    # In each section, the table of contents has what is shown, in the same order.
    assert [f"{name}.py" for name in re.findall(r"^   gallery/(\w+)$", page, re.M)] == shown


def code_of(page):
    """Lines of the code blocks of a page, without their indent."""
    blocks = re.findall(r"^( *)\.\. code-block:: \w+\n((?: *\n|\1 +.*\n)+)", page.read_text() + "\n", re.M)
    for _, block in blocks:
        lines = [line for line in block.splitlines() if line.strip()]
        indent = min(len(line) - len(line.lstrip()) for line in lines)
        yield from (line[indent:] for line in lines)


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.rst")), ids=lambda path: path.stem)
def test_code_fits_beside_the_tables_of_contents(page):
    lines = [*code_of(page), *re.findall(r"^ *(?:>>>|\.\.\.) .*", page.read_text(), re.M)]
    assert [line for line in lines if len(line) > 84] == []
