"""Compartments: which were given, which are next to each other, and the resistance in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError
from neo_currentscape.conventions.given import members
from neo_currentscape.conventions.plain_text import brief

#: How far compartments are looked for in what was given.
DEEPEST = 4


def kind_of(given: Any) -> str:
    """ "Section" or "Segment" of what NEURON calls so, and empty for all else.

    Raises
    ------
    ArgumentError
        When NEURON deleted it.
    """
    found = [one for one in type(given).__mro__ if one.__module__ == "nrn"]
    kind = found[0].__name__ if found and found[0].__name__ in ("Section", "Segment") else ""
    if kind:
        try:
            (given.sec if kind == "Segment" else given).name()
        except ReferenceError:
            raise ArgumentError(
                f"The {kind.lower()} that was given was deleted in NEURON: give one that is there."
            ) from None
    return kind


def listed(given: Any) -> list[Any]:
    """Make a list of compartments out of a compartment, a section, or several of them.

    Parameters
    ----------
    given : nrn.Segment, nrn.Section, or iterable of them
        A section stands for all its compartments.

    Returns
    -------
    list of nrn.Segment
        Each once, at its centre.

    Raises
    ------
    ArgumentTypeError
        When something else was given.
    ArgumentError
        When nothing was given, or the end of a section, which has no membrane.
    """
    found: dict[str, Any] = {}
    for segment in _segments(given):
        if segment.area() == 0 or segment.x in (0, 1):
            raise ArgumentError(
                f"{segment} is the end of a section, which has no membrane and no currents: give a "
                f"compartment, e.g. {segment.sec.name()}(0.5)."
            )
        centre = segment.sec(_centre(segment))
        found.setdefault(identity(centre), centre)
    if not found:
        raise ArgumentError("Recorder was given no compartment: write e.g. Recorder(soma(0.5)).")
    _refuse_same_names([str(segment) for segment in found.values()])
    return list(found.values())


def _refuse_same_names(names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ArgumentError(
                f"{count} compartments are called {name}, so their currents could not be told apart: "
                "give the sections different names, e.g. h.Section(name='soma', cell=self)."
            )


def _centre(segment: Any) -> float:
    # soma(0.4) of one compartment is soma(0.5): one site should have one name.
    nseg = segment.sec.nseg
    return (min(int(segment.x * nseg), nseg - 1) + 0.5) / nseg


def _segments(given: Any, depth: int = 0) -> Iterable[Any]:
    kind = kind_of(given)
    if kind == "Segment":
        return [given]
    if kind == "Section":
        return list(given)
    several = None if depth > DEEPEST else members(given)
    if several is None:
        raise ArgumentTypeError(
            "Recorder takes a compartment such as soma(0.5), a section, or a list of them, not "
            f"{brief(given)}."
        )
    return [segment for one in several for segment in _segments(one, depth + 1)]


def identity(segment: Any) -> str:
    """A text that is another one for every compartment, also for sections of the same name."""
    return f"{segment.sec.hoc_internal_name()}({segment.x:.12g})"


@dataclass(frozen=True)
class Link:
    """What connects a node to one of its neighbours.

    Attributes
    ----------
    neighbour : nrn.Segment
    outer : nrn.Segment
        Which of the two is farther from the root; NEURON keeps the resistance there.
    """

    neighbour: Any
    outer: Any

    @property
    def resistance(self) -> float:
        """Resistance between the two nodes, in megohm, as it is now."""
        return self.outer.ri()


class Neighbours:
    """What is next to what in a cell.

    Parameters
    ----------
    segment : nrn.Segment
        Any of the cell.

    Notes
    -----
    NEURON puts a node at the centre of each compartment and at the far end of each section; the
    near end is a node of the parent (at the root: a node of its own). ``ri()`` of a node is the
    resistance between it and the node before it.
    """

    def __init__(self, segment: Any) -> None:
        self._links: dict[str, list[Link]] = {}
        for section in segment.sec.wholetree():
            inner = _near_end(section)
            for outer in _outwards(section):
                self._links.setdefault(identity(inner), []).append(Link(outer, outer))
                self._links.setdefault(identity(outer), []).append(Link(inner, outer))
                inner = outer

    def of(self, segment: Any) -> list[Link]:
        """Links of a compartment that current can come through.

        The free end of a section is left out: it has no membrane, so no current flows to it.
        """
        return [link for link in self._links[identity(segment)] if not self._is_free_end(link.neighbour)]

    def _is_free_end(self, segment: Any) -> bool:
        ends = segment.x in (0, 1) and len(self._links[identity(segment)]) == 1
        return ends and not segment.point_processes()


def _outwards(section: Any) -> list[Any]:
    """The nodes of a section from the near end on, without that end itself."""
    nodes = list(section.allseg())
    return nodes[1:] if section.orientation() == 0 else nodes[-2::-1]


def _near_end(section: Any) -> Any:
    """The node that a section begins at."""
    parent = section.trueparentseg()
    if parent is None:
        root = section.wholetree()[0]
        return root(root.orientation())
    far_end = 1 - parent.sec.orientation()
    return parent.sec(far_end if parent.x == far_end else _centre(parent))
