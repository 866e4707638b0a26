"""NetPyNE's names of what NEURON numbers: sections, synapses, stimuli and point processes of a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from neo_currentscape.adapters.netpyne.cells import label_of, members, sections_of
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, unknown_name
from neo_currentscape.conventions.plain_text import brief

#: What the synapses of one label at one site are: their sum, each, or the sum for each connection rule.
SYNAPSES = ("sum", "each", "conn")

_PLACE = re.compile(r"(?P<section>.+)\((?P<x>[^()]+)\)$")
_POINT = re.compile(r"\w+\[\d+\]")


class Names:
    """What NetPyNE calls the places and point processes of a cell.

    Parameters
    ----------
    cell : netpyne CompartCell
    synapses : {"sum", "each", "conn"}
        Whether synapses of one label have one name, are numbered, or are named with the rule of their
        connections.

    Attributes
    ----------
    sections : dict of str to str
        NetPyNE's name of each section, by NEURON's.
    points : dict of str to str
        Name of each point process, by NEURON's.

    Notes
    -----
    They are read when the recording begins: NetPyNE takes apart what it knows when it gathers its data.
    """

    def __init__(self, cell: Any, synapses: str = "sum") -> None:
        if not isinstance(synapses, str) or synapses not in SYNAPSES:
            listed = ", ".join(map(repr, SYNAPSES))
            raise ArgumentError(f"synapses={brief(synapses)} is not one of {listed}.")
        self.sections = {hobj_of(cell, name).name(): name for name in sections_of(cell)}
        found = list(_labelled(cell))
        if synapses == "each":
            found = list(_numbered(found))
        self.points = dict(found)
        if synapses == "conn":
            for point, rules in _rules(cell).items():
                if point in self.points:
                    self.points[point] = f"{self.points[point]} {' + '.join(rules)}"

    def site(self, site: str) -> str:
        """NetPyNE's name of a site, e.g. "soma(0.5)" of "compartCell5.soma(0.5)"."""
        place = _PLACE.match(site)
        if place is None or place["section"] not in self.sections:
            return site
        return f"{self.sections[place['section']]}({place['x']})"

    def current(self, name: str) -> str:
        """NetPyNE's name of a current, e.g. "AMPA" of "Exp2Syn[12]", and "AMPA.i" of "Exp2Syn[12].i"."""
        if not _POINT.search(name):
            return name
        bare, rest = name.removesuffix(" (rest)"), " (rest)" * name.endswith(" (rest)")
        named = _POINT.sub(lambda point: self.points.get(point[0], point[0]), bare)
        return " + ".join(dict.fromkeys(named.split(" + "))) + rest


def hobj_of(cell: Any, name: str) -> Any:
    """NEURON's section of a cell.

    Raises
    ------
    SelectionError
        When it was made without.
    """
    found = sections_of(cell)[name].get("hObj")
    if type(found).__name__ != "Section":
        raise SelectionError(f"{label_of(cell)} has no NEURON section {name!r}: make the network again.")
    return found


def places(cell: Any, given: Any) -> list[Any]:
    """NEURON's sections and compartments that are named.

    Parameters
    ----------
    cell : netpyne CompartCell
    given : str, list of str, or None
        Sections, lists of sections and places ("dend(0.5)") by NetPyNE's name; None for the section at the
        root.

    Raises
    ------
    UnknownNameError
        When there is no such section.
    ArgumentError
        When a place is not from 0 to 1.
    """
    if given is None:
        first = hobj_of(cell, next(iter(sections_of(cell))))
        return [first.wholetree()[0]]
    if not isinstance(given, str) and not (isinstance(given, (list, tuple)) and given):
        raise ArgumentError(
            f"sections={brief(given)} names no section: write sections=['soma', 'dend(0.5)']."
        )
    names = [given] if isinstance(given, str) else given
    return [place for name in names for place in _places(cell, name)]


def _places(cell: Any, name: Any) -> list[Any]:
    sections, lists = sections_of(cell), vars(cell).get("secLists") or {}
    if name in sections:
        return [hobj_of(cell, name)]
    if isinstance(name, str) and name in list(lists):
        return [hobj_of(cell, one) for one in lists[name]]
    place = _PLACE.match(str(name))
    if place is None or place["section"] not in sections:
        raise unknown_name(f"section of cell {cell.gid}", name, [*sections, *lists])
    try:
        x = float(place["x"])
    except ValueError:
        x = -1.0
    if not 0 <= x <= 1:
        raise ArgumentError(f"{name!r} is no place: write a number from 0 to 1, as in 'soma(0.5)'.")
    return [hobj_of(cell, place["section"])(x)]


def _labelled(cell: Any) -> Iterator[tuple[str, str]]:
    """NEURON's and NetPyNE's name of each point process of a cell."""
    kept = [one for section in sections_of(cell).values() for one in _points(section)]
    kept += [(one.get("label"), one) for one in cell.stims]
    for label, one in kept:
        point = one.get("hObj")
        if isinstance(label, str) and label and _is_of_neuron(point):
            yield point.hname(), label


def _is_of_neuron(found: Any) -> bool:
    return not isinstance(found, Mapping) and hasattr(found, "hname")


def _points(section: Any) -> list[tuple[str, Any]]:
    return [*members(section, "synMechs"), *members(section, "pointps")]


def _numbered(found: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    count, seen = Counter(label for _, label in found), Counter[str]()
    for point, label in found:
        yield point, f"{label}[{seen[label]}]" if count[label] > 1 else label
        seen[label] += 1


def _rules(cell: Any) -> dict[str, list[str]]:
    """The connection rules, or sources of NetStims, that drive each point process."""
    found: dict[str, list[str]] = {}
    for conn in cell.conns:
        netcon: Any = conn.get("hObj") if isinstance(conn, Mapping) else None
        rule = (conn.get("preLabel") or conn.get("label")) if _is_of_neuron(netcon) else None
        if not isinstance(rule, str):
            continue
        target = netcon.syn() if netcon.hname().startswith("NetCon") else netcon
        rules = found.setdefault(target.hname(), [])
        rules += [] if rule in rules else [rule]
    return found
