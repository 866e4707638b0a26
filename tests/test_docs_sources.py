"""What a reader of the pages would stumble over, looked for in their sources: nothing has to be built."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

import neo_currentscape as ncs

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.rst")) + sorted((DOCS / "reference").glob("*.rst"))


def simple_tables(text):
    """The rows of the simple tables of a page, each with the width of the first column."""
    border = re.compile(r"^ *=+( +=+)+ *$")
    lines = text.splitlines()
    edges = [k for k, line in enumerate(lines) if border.match(line)]
    for first, last in zip(edges, edges[1:], strict=False):
        begin = len(lines[first]) - len(lines[first].lstrip())
        width = len(lines[first].split()[0])
        inside = lines[first + 1 : last]
        # Text between two tables has words where the columns of a table have their gap.
        if inside and all(line[begin + width : begin + width + 1].strip() == "" for line in inside):
            yield from ((line, begin, width) for line in inside)


def torn(text):
    """Rows of simple tables that are the rest of the row above: a first column is never folded in these."""
    found = []
    rows = [one for one in simple_tables(text) if one[0].strip() and not set(one[0].strip()) <= {"-", " "}]
    for (line, begin, width), (after, *_) in zip(rows, rows[1:], strict=False):
        first, second = (one[begin : begin + width].strip() for one in (line, after))
        # A fragment: what is above ends in the middle of a sentence, here or in the last column.
        goes_on = re.search(r"(,|-|\b(and|of|the|at|one|a|in|or|with))$", first)
        unfinished = line.rstrip().endswith((",", " and", " or", " the", " of", " at"))
        if second and first and (goes_on or unfinished):
            found.append(after)
    return found


def nested(text):
    """Markup inside of bold or of emphasis, which is shown as it is typed."""
    plain = re.sub(r"``[^`]*``", lambda one: "`" * len(one[0]), text)
    bold = re.findall(r"(?<![*\w])\*\*(?=\S)([^*\n]*?)(?<=\S)\*\*(?!\*)", plain)
    return [one for one in bold if "`" in one or "_ " in one]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_markup_and_tables_come_out_whole(page):
    text = re.sub(r"\n\.\. code-block::.*?(?=\n\S)", "", page.read_text(), flags=re.DOTALL)
    assert torn(text) == [] and nested(text) == []
    # Headings of Markdown, single backquotes of it and links are no markup here.
    assert not re.search(r"^#{1,4} \w", text, re.M)
    assert not re.search(r"\[[^\]\n]+\]\(https?:", text)


def test_what_is_looked_for_is_found():
    folded = "=========== ======\nseen at one is at both,\nplace       or none\n=========== ======\n"
    assert torn(folded) == ["place       or none"]
    assert torn("====== ====\nA,     b\nand c  of\n====== ====\n") == ["and c  of"]
    assert torn("====== ====\nA      b\n       of\n====== ====\n") == []
    assert nested("see **the ``key`` here** and **bold**") == ["the ``````` here"]
    assert nested("**bold** and ``code`` **again**") == []


def test_changes_are_rendered_and_no_text():
    assert "literalinclude" not in (DOCS / "changelog.rst").read_text()


def classes():
    for name in ncs.__all__:
        found = getattr(ncs, name, None)
        if inspect.isclass(found):
            yield found
    for folder in ("spatial", "protocols", "network", "synaptic", "extracellular", "compat"):
        module = importlib.import_module(f"neo_currentscape.{folder}")
        for name in getattr(module, "__all__", ()):
            found = getattr(module, name)
            if inspect.isclass(found) and found.__module__.startswith("neo_currentscape"):
                yield found


@pytest.mark.parametrize(
    "found", sorted(set(classes()), key=lambda one: one.__name__), ids=lambda one: one.__name__
)
def test_every_public_method_says_what_it_does_and_takes(found):
    assert inspect.getdoc(found)
    for name, member in inspect.getmembers(found):
        own = any(
            name in vars(one) for one in found.__mro__ if one.__module__.startswith("neo_currentscape")
        )
        if name.startswith("_") or not own or not (callable(member) or isinstance(member, property)):
            continue
        assert inspect.getdoc(member), f"{found.__name__}.{name}"
