"""The reference: each public function, class and method says what it takes, gives and shows."""

import functools
import importlib
import inspect
import re
from pathlib import Path

import pytest

import neo_currentscape as ncs

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [*DOCS.glob("reference/*.rst"), *DOCS.glob("*.rst")]
LISTED = sorted(
    {
        name
        for page in PAGES
        for block in re.findall(r"autosummary::\n((?: +.*\n|\n)+)", page.read_text(encoding="utf-8") + "\n")
        for name in re.findall(r"^ +([A-Za-z_][\w.]*)$", block, re.MULTILINE)
    }
)
SECTION = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)


@functools.cache
def resolve(name):
    """The object of a dotted name below the package, or None."""
    parts = name.split(".")
    for k in range(len(parts), -1, -1):
        try:
            found = importlib.import_module(".".join(["neo_currentscape", *parts[:k]]))
        except ImportError:
            continue
        for part in parts[k:]:
            found = getattr(found, part, None)
        if found is not None:
            return found
    return None


def sections(doc):
    """Sections of a docstring by their titles; what stands before is that of ''."""
    parts = SECTION.split(inspect.cleandoc(doc or ""))
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def names_in(block):
    """Names that a section of parameters describes."""
    lines = (re.match(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: :.*)?$", line) for line in block.split("\n"))
    return {name.lstrip("*") for line in lines if line for name in line[1].split(", ")}


def lacks(function, doc, *, example):
    """What the docstring of a function or method does not say."""
    said = sections(doc)
    signature = inspect.signature(function)
    taken = {name for name in signature.parameters if name not in ("self", "cls")}
    told = names_in(said.get("Parameters", ""))
    # Keywords that several functions or panels share are told once, where ``**options`` refers to.
    missing = set() if "options" in told - taken else {n for n in taken - told if n[0] != "_"}
    missing -= names_in(said.get("Attributes", "")) if inspect.isclass(function) else set()
    found = [f"Parameters: {', '.join(sorted(missing))}"] if missing else []
    unknown = told - taken - {"options"}
    found += [f"unknown: {', '.join(sorted(unknown))}"] if unknown else []
    gives = signature.return_annotation not in (None, "None", inspect.Signature.empty)
    if gives and not {"Returns", "Yields"} & set(said):
        found.append("Returns")
    return found + (["Examples"] if example and "Examples" not in said else [])


def own_methods(shown):
    """Methods that the page of a class shows, with the class that made each."""
    for name, _ in inspect.getmembers(shown):
        home = next((parent for parent in shown.__mro__ if name in vars(parent)), None)
        if name.startswith("_") or home is None or not home.__module__.startswith("neo_currentscape"):
            continue
        raw = vars(home)[name]
        function = raw.__func__ if isinstance(raw, (classmethod, staticmethod)) else raw
        if inspect.isfunction(function):
            yield name, function, home


def of_a_parent(name, home):
    """Docstrings of the methods that one takes the place of: it need not repeat them."""
    return [vars(parent)[name].__doc__ for parent in home.__mro__[1:] if name in vars(parent)]


FUNCTIONS = [name for name in LISTED if inspect.isroutine(resolve(name))]
CLASSES = [name for name in LISTED if inspect.isclass(resolve(name))]


def test_there_are_entries_and_all_are_of_something():
    assert len(FUNCTIONS) > 60 and len(CLASSES) > 80
    assert [name for name in LISTED if resolve(name) is None] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_and_gives_and_shows_it(name):
    function = resolve(name)
    assert sections(function.__doc__)[""].strip()
    assert lacks(function, function.__doc__, example=True) == []


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_says_what_it_is_made_of(name):
    shown = resolve(name)
    assert sections(shown.__doc__)[""].strip()
    if not issubclass(shown, Exception):
        assert [what for what in lacks(shown, shown.__doc__, example=False) if what != "Returns"] == []


@pytest.mark.parametrize("name", CLASSES)
def test_methods_say_what_they_take_and_give(name):
    found = {}
    for method, function, home in own_methods(resolve(name)):
        docs = [function.__doc__, *of_a_parent(method, home)]
        assert inspect.cleandoc(function.__doc__ or docs[-1] or ""), method
        if all(lacks(function, doc, example=False) for doc in docs):
            found[method] = lacks(function, function.__doc__, example=False)
    assert found == {}


def docstrings():
    """All docstrings of what is listed, and of its methods."""
    for name in LISTED:
        shown = resolve(name)
        yield name, shown.__doc__ or ""
        if inspect.isclass(shown):
            for method, function, _ in own_methods(shown):
                yield f"{name}.{method}", function.__doc__ or ""


def test_code_of_docstrings_fits_beside_the_tables_of_contents():
    wide = {
        name: line
        for name, doc in docstrings()
        for line in re.findall(r"^(?:>>>|\.\.\.) .*", inspect.cleandoc(doc), re.MULTILINE)
        if len(re.sub(r"\s*# doctest:.*", "", line)) > 84
    }
    assert wide == {}


def test_names_in_docstrings_are_there():
    unknown = {}
    for name, doc in docstrings():
        for named in re.findall(r"`~?(?:neo_currentscape|ncs)\.([\w.]+)`", doc):
            if resolve(named) is None:
                unknown[name] = named
        for line in sections(doc).get("See Also", "").splitlines():
            # The name, and after a colon what it is.
            named = line.partition(" :")[0].strip()
            own = f"{name.rpartition('.')[0]}.{named}".lstrip(".")
            if named and not line.startswith(" ") and not any(map(resolve, (named, own))):
                unknown[name] = named
    assert unknown == {}


def test_every_public_name_is_told_about():
    assert all((getattr(ncs, name).__doc__ or "").strip() for name in ncs.__all__ if name[0] != "_")
