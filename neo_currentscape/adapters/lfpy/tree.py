"""The tree of an LFPy cell's compartments: names, parents, and the current along each branch."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters.cable import Tree, inflow, to_parents


def compartments(cell: Any) -> list[Any]:
    """The compartments (NEURON segments) of a cell, in the order of LFPy's arrays."""
    return [segment for section in cell.allseclist for segment in section]


def site_names(cell: Any) -> list[str]:
    """Name the compartments of a cell, in the order of LFPy's arrays.

    Parameters
    ----------
    cell : LFPy.Cell

    Returns
    -------
    list of str
        E.g. ``"soma(0.5)"``, one a compartment.
    """
    return [f"{segment.sec.name()}({segment.x:g})" for segment in compartments(cell)]


def tree_of(cell: Any) -> Tree:
    """Read the tree of a cell from NEURON's sections.

    Parameters
    ----------
    cell : LFPy.Cell
        Whose sections still exist.

    Returns
    -------
    Tree
    """
    sections = list(cell.allseclist)
    counts = [section.nseg for section in sections]
    n = sum(counts)
    first = dict(zip((s.name() for s in sections), np.cumsum([0, *counts[:-1]]).tolist(), strict=True))
    far = {section.name(): n + at for at, section in enumerate(sections)}
    near = {s.name(): n + len(sections) + at for at, s in enumerate(sections) if s.parentseg() is None}
    upper = np.full(n + len(far) + len(near), -1)
    siemens = np.zeros(len(upper))

    def node(place: Any) -> int:
        name = place.sec.name()
        if place.x == 1:
            return far[name]
        if place.x == 0:
            above = place.sec.parentseg()
            return near[name] if above is None else node(above)
        return first[name] + min(int(place.x * place.sec.nseg), place.sec.nseg - 1)

    for section in sections:
        above = section.parentseg()
        last = near[section.name()] if above is None else node(above)
        ends = [*section, section(1)]
        places = [*range(first[section.name()], first[section.name()] + section.nseg), far[section.name()]]
        for at, segment in zip(places, ends, strict=True):
            upper[at], siemens[at] = last, 1 / segment.ri()
            last = at
    return Tree(n, upper, siemens)


def axial_inflow(cell: Any) -> np.ndarray:
    """The current that flows into each compartment from its neighbours.

    ``sum over neighbours of (v_neighbour - v) / r``, with NEURON's own axial resistances; the
    joints between sections are eliminated.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated with ``rec_vmem=True``; its sections must still exist.

    Returns
    -------
    ndarray, shape (compartment, time)
        In nA, inward positive.
    """
    return inflow(tree_of(cell), np.asarray(cell.vmem, dtype=float))


def parents(cell: Any) -> tuple[np.ndarray, np.ndarray]:
    """The parent of each compartment, and the current that comes from it.

    Parameters
    ----------
    cell : LFPy.Cell
        Simulated with ``rec_vmem=True``; its sections must still exist.

    Returns
    -------
    parent : ndarray of int, shape (compartment,)
        Index of the compartment towards the root, -1 for the root.
    axial : ndarray, shape (compartment, time)
        Current in nA, positive from the parent into the compartment; 0 for the root. Together with
        the membrane currents it is what `neo_currentscape.spatial.partition` takes.
    """
    return to_parents(tree_of(cell), np.asarray(cell.vmem, dtype=float))
