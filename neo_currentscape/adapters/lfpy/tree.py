"""The tree of an LFPy cell's compartments: names, parents, and the current along each branch."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.adapters import cable
from neo_currentscape.adapters.neuron.compartments import identity
from neo_currentscape.adapters.neuron.morphology import Node, is_end, nodes_of
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError
from neo_currentscape.conventions.plain_text import brief


def compartments(cell: Any) -> list[Any]:
    """The compartments (NEURON segments) of a cell, in the order of LFPy's arrays."""
    return [segment for section in sections_of(cell) for segment in section]


def sections_of(cell: Any) -> list[Any]:
    """The sections of a cell, which LFPy strips off some cells after their run.

    Raises
    ------
    ArgumentTypeError
        When it is no cell of LFPy.
    SelectionError
        When it has no sections any more.
    """
    if not hasattr(cell, "allseclist"):
        raise ArgumentTypeError(f"An LFPy.Cell is needed, not {brief(cell)}.")
    if cell.allseclist is None:
        raise SelectionError(
            "The sections of the cell no longer exist: read them before strip_hoc_objects()."
        )
    return list(cell.allseclist)


def voltages_of(cell: Any) -> np.ndarray:
    """What LFPy recorded of the voltage, mV, shape (compartment, time)."""
    if getattr(cell, "vmem", None) is None:
        raise SelectionError("The cell has no voltages: write cell.simulate(rec_vmem=True).")
    return np.asarray(cell.vmem, dtype=float)


def site_names(cell: Any) -> list[str]:
    """Name the compartments of a cell, in the order of LFPy's arrays.

    Parameters
    ----------
    cell : LFPy.Cell

    Returns
    -------
    list of str
        E.g. ``"soma(0.5)"``, one a compartment.

    Examples
    --------
    >>> site_names(cell)[:2]                                             # doctest: +SKIP
    """
    return [f"{segment.sec.name()}({segment.x:g})" for segment in compartments(cell)]


def tree_of(cell: Any) -> cable.Tree:
    """Read the tree of a cell from NEURON's sections, as `neo_currentscape.adapters.neuron` finds it.

    Parameters
    ----------
    cell : LFPy.Cell
        Whose sections still exist.

    Returns
    -------
    Tree
        The compartments in the order of LFPy's arrays, then the joints; the first compartment of the
        root section is the root.
    """
    roots = [section for section in sections_of(cell) if section.parentseg() is None]
    found = [nodes_of(root) for root in roots]
    own = [identity(place) for place in compartments(cell)]
    joints = [n.place for nodes in found for n in nodes if is_end(n.place)]
    order = {name: at for at, name in enumerate([*own, *map(identity, joints)])}
    parent, siemens = np.full(len(order), -1), np.zeros(len(order))
    for nodes in found:
        _refuse_strangers(nodes, order)
        for node in nodes[1:]:
            at = order[identity(node.place)]
            parent[at], siemens[at] = order[identity(nodes[node.parent].place)], 1 / node.resistance
    tree = cable.Tree(parent, siemens, unknown=range(len(own), len(order)))
    for root in roots:
        tree = tree.rooted_at(order[identity(next(iter(root)))])
    return tree


def _refuse_strangers(nodes: list[Node], known: dict[str, int]) -> None:
    for node in nodes:
        if identity(node.place) not in known:
            raise SelectionError(
                f"{node.place} is connected to the cell and not in its cell.allseclist, so that what flows "
                "there is not known: disconnect it, or make it part of the cell."
            )


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

    Examples
    --------
    >>> cell.simulate(rec_vmem=True)                                     # doctest: +SKIP
    >>> axial_inflow(cell).shape                                         # doctest: +SKIP
    """
    return cable.axial_inflow(tree_of(cell), voltages_of(cell))


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

    Examples
    --------
    >>> parent, axial = parents(cell)                                    # doctest: +SKIP
    >>> outward, inward = ncs.spatial.partition(membrane, axial, parent)  # doctest: +SKIP
    """
    return cable.to_parents(tree_of(cell), voltages_of(cell))
