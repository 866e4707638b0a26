"""The directive ``public-names``: the list that the tests keep, each name a link to its entry."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

#: What is a class, and what is a folder, is told by the words below.
PANELS, CLASSES, CALLS = "Panels", "Classes", "Functions and sub-packages"


def group(name: str) -> str:
    """Under which heading a name stands.

    Examples
    --------
    >>> group("SharesPanel"), group("Average"), group("plot"), group("adapters.nest.record")
    ('Panels', 'Classes', 'Functions and sub-packages', 'adapters.nest')
    """
    if "." in name:
        return name.rpartition(".")[0]
    if name.endswith("Panel"):
        return PANELS
    return CLASSES if name[0].isupper() else CALLS


def listed(names: list[str]) -> list[str]:
    """Lines of reStructuredText: a definition for each group, with a link for each name."""
    order = [CLASSES, CALLS, PANELS]
    place = {name: order.index(group(name)) if group(name) in order else len(order) for name in names}
    known, lines = set(names), list[str]()
    for heading, members in groupby(sorted(names, key=lambda n: (place[n], group(n), n)), key=group):
        links = [_link(name, known) for name in members]
        lines += [
            heading if heading in order else f"``ncs.{heading}``",
            *(f"   {link}," for link in links[:-1]),
        ]
        lines += [f"   {links[-1]}", ""]
    return lines


def _link(name: str, known: set[str]) -> str:
    # What the package hands on has its entry under the shortest name.
    short = name.rpartition(".")[2]
    return f":py:obj:`{short} <neo_currentscape.{short if short in known else name}>`"


class PublicNames(SphinxDirective):
    """All lines of a file, one public name in each."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        relative, absolute = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        names = Path(absolute).read_text(encoding="utf-8").split()
        return self.parse_text_to_nodes("\n".join(listed(names)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("public-names", PublicNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
