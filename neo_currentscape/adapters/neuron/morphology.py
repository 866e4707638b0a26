"""The morphology of a NEURON cell: every compartment, however its sections are connected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters.neuron.compartments import Link, Neighbours, identity, kind_of
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, require
from neo_currentscape.conventions.given import members
from neo_currentscape.conventions.plain_text import brief
from neo_currentscape.recording.morphology import Morphology

#: How deep sections are looked for: objects are nested, and some have every attribute they are asked for.
DEPTH = 4


@dataclass(frozen=True)
class Node:
    """A node of the tree, seen from the root.

    Attributes
    ----------
    place : nrn.Segment
    parent : int
        Position of the node towards the root, -1 for the root.
    resistance : float
        To that node, in megohm.
    """

    place: Any
    parent: int
    resistance: float


def root_section(cell: Any) -> Any:
    """The root section of the cell that something belongs to.

    Parameters
    ----------
    cell : nrn.Section, nrn.Segment, iterable or mapping of sections, or an object with ``soma`` or ``all``

    Returns
    -------
    nrn.Section

    Raises
    ------
    ArgumentTypeError
        When no section is found in it.
    ArgumentError
        When sections of several cells were given.
    """
    sections = list(_sections(cell))
    if not sections:
        raise ArgumentTypeError(
            f"{brief(cell)} holds no section: give a section of the cell, a list of sections, or an object "
            "with the attribute soma or all."
        )
    roots = {section.wholetree()[0].hoc_internal_name(): section.wholetree()[0] for section in sections}
    if len(roots) > 1:
        names = ", ".join(root.name() for root in list(roots.values())[:5])
        raise ArgumentError(f"The sections belong to {len(roots)} cells ({names}): give those of one.")
    return next(iter(roots.values()))


def _sections(cell: Any, depth: int = DEPTH) -> Iterable[Any]:
    kind = kind_of(cell)
    if kind == "Section":
        return [cell]
    if kind == "Segment":
        return [cell.sec]
    if isinstance(cell, (str, bytes)) or depth == 0:
        return []
    if isinstance(cell, Mapping):
        # Asking some mappings for an attribute puts it into them.
        return [section for one in cell.values() for section in _sections(one, depth - 1)]
    for name in ("soma", "all", "allseclist"):
        held = _held(cell, name)
        if held is not None:
            return _sections(held, depth - 1)
    return [section for one in members(cell) or () for section in _sections(one, depth - 1)]


def _held(cell: Any, name: str) -> Any:
    """What an object has under a name; None where it has nothing."""
    try:
        return getattr(cell, name, None)
    except TypeError:  # of an array of sections in a HOC template, which wants an index
        return None


def nodes_of(section: Any) -> list[Node]:
    """The nodes of a cell from its root outwards.

    Compartments, and those ends of sections where three or more nodes meet or a point process sits: an
    end with two neighbours is only a resistance between them, and a free end is nothing.

    Parameters
    ----------
    section : nrn.Section
        The root section; its middle compartment is the root.

    Returns
    -------
    list of Node
        Each after its parent.
    """
    near = Neighbours(section(0.5))
    root = section((section.nseg // 2 + 0.5) / section.nseg)
    out: list[Node] = [Node(root, -1, 0.0)]
    seen = {identity(root)}
    waiting: list[tuple[Link, int, float]] = [(link, 0, 0.0) for link in near.of(root)]
    while waiting:
        link, parent, before = waiting.pop(0)
        place = link.neighbour
        if identity(place) in seen:
            continue
        seen.add(identity(place))
        resistance = before + link.resistance
        onwards = near.of(place)
        if is_end(place) and len(onwards) <= 2 and not place.point_processes():
            waiting += [(each, parent, resistance) for each in onwards]
            continue
        out.append(Node(place, parent, resistance))
        waiting += [(each, len(out) - 1, 0.0) for each in onwards]
    return out


def is_end(place: Any) -> bool:
    """Whether a place is the end of a section, which has no membrane."""
    return place.x in (0, 1)


def morphology(cell: Any) -> Morphology:
    """Read the morphology of a whole cell.

    Parameters
    ----------
    cell : nrn.Section, nrn.Segment, iterable of sections, or an object with ``soma`` or ``all``
        Any part of the cell stands for all of it. Nothing of it is changed.

    Returns
    -------
    Morphology
        With 3-D points if sections have them, and none for those that have not.

    Examples
    --------
    >>> morphology(soma).sites                                             # doctest: +SKIP
    ('soma(0.5)', 'dend(0.166667)', 'dend(0.5)', 'dend(0.833333)')
    """
    return of_nodes(nodes_of(root_section(cell)))


def of_nodes(nodes: list[Node]) -> Morphology:
    """The morphology of nodes that were found; see `nodes_of`."""
    h = require("neuron", "neuron", "Reading a morphology").h
    root = nodes[0].place
    shapes = {section: points_of(section) for section in {node.place.sec for node in nodes}}
    # A published cell often has a made axon without points: the rest is there nevertheless.
    has_shape = any(len(points) > 1 for points in shapes.values())
    return Morphology(
        sites=[str(node.place) for node in nodes],
        parent=[node.parent for node in nodes],
        resistance=[node.resistance for node in nodes],
        area=[0.0 if is_end(node.place) else node.place.area() for node in nodes],
        distance=[h.distance(root, node.place) for node in nodes],
        points=[stretch(shapes[n.place.sec], n.place) for n in nodes] if has_shape else None,
        capacitance=[0.0 if is_end(node.place) else node.place.cm for node in nodes],
    )


def points_of(section: Any) -> np.ndarray:
    """3-D points of a section: position from 0 to 1, x, y, z and diameter; shape (point, 5)."""
    count = section.n3d()
    rows = [
        (section.arc3d(k), section.x3d(k), section.y3d(k), section.z3d(k), section.diam3d(k))
        for k in range(count)
    ]
    found = np.array(rows, dtype=float).reshape(count, 5)
    if count and found[-1, 0] > 0:
        found[:, 0] /= found[-1, 0]
    return found


def stretch(points: np.ndarray, place: Any) -> np.ndarray:
    """The 3-D points along one compartment, shape (point, 4); none for an end, or where there are none."""
    if is_end(place) or len(points) < 2:
        return np.empty((0, 4))
    nseg = place.sec.nseg
    number = min(int(place.x * nseg), nseg - 1)
    start, stop = number / nseg, (number + 1) / nseg
    inside = points[(points[:, 0] > start) & (points[:, 0] < stop), 0]
    at = np.concatenate([[start], inside, [stop]])
    return np.column_stack([np.interp(at, points[:, 0], points[:, k]) for k in range(1, 5)])
