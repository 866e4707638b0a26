"""The cells of a NetPyNE network: which are meant, which are on this rank, and which have a membrane.

NetPyNE keeps what it knows in a ``Dict`` that makes every member it is asked for, also by ``getattr`` and
``hasattr``. It is only ever asked with ``get`` and ``in`` here, so that the user's model stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    SelectionError,
    unknown_name,
)
from neo_currentscape.conventions.plain_text import brief

#: What stands for every cell in NetPyNE.
EVERY = ("all", "allCells")


def network_of(sim: Any) -> Any:
    """The network of NetPyNE's module ``sim``.

    Raises
    ------
    ArgumentTypeError
        When it is something else.
    SelectionError
        When no network was made yet, or one without NEURON's objects.
    """
    if not isinstance(sim, ModuleType) or not hasattr(sim, "createSimulate"):
        raise ArgumentTypeError(
            f"NetPyNE's module sim is needed, not {brief(sim)}: write 'from netpyne import sim' and pass "
            "sim."
        )
    net = getattr(sim, "net", None)
    if net is None or not getattr(net, "cells", None):
        raise SelectionError(
            "sim holds no network yet: call sim.create(netParams, simConfig), or sim.load(...), before."
        )
    if not sim.cfg.createNEURONObj:
        raise SelectionError(
            "The network was made without NEURON's objects: set simConfig.createNEURONObj = True, and make "
            "it again."
        )
    return net


def chosen(sim: Any, cells: Any) -> list[Any]:
    """The cells that are meant, as far as they are on this rank.

    Parameters
    ----------
    sim : module
        NetPyNE's.
    cells : int, str, (str, int or list of int), or list of these
        As in NetPyNE: gid, "all", name of a population, or cells of one by their number in it.

    Returns
    -------
    list of netpyne Cell
        Each once, all with a membrane.

    Raises
    ------
    SelectionError
        When a cell is on another rank or has no membrane, or none is meant.
    UnknownNameError
        When there is no such population.
    """
    net, found = network_of(sim), {}
    for one in _listed(cells):
        for gid in _gids(sim, one):
            if gid in net.gid2lid:
                found[gid] = net.cells[net.gid2lid[gid]]
    bare = {gid: _why_bare(cell) for gid, cell in found.items()}
    with_membrane = [found[gid] for gid in sorted(found) if not bare[gid]]
    explicit = [gid for gid in found if bare[gid] and (not with_membrane or gid in _listed(cells))]
    if explicit:
        raise SelectionError(_sentence(found[explicit[0]], bare[explicit[0]]))
    if not with_membrane and sim.nhosts == 1:
        told = f"cells={brief(cells)} names no cell"
        raise SelectionError(f"{told}: write cells=[0], a population, or 'all'.")
    return with_membrane


def local(sim: Any, gid: int) -> Any:
    """A cell by its gid.

    Raises
    ------
    SelectionError
        When there is no such cell, it is on another rank, or it has no membrane.
    """
    return chosen(sim, _gids(sim, gid))[0]


def _listed(cells: Any) -> list[Any]:
    several = isinstance(cells, Iterable) and not isinstance(cells, str)
    if isinstance(cells, tuple) and len(cells) == 2:
        # ("E", 0) and ("E", [0, 1]) are cells of a population, ("E", "I") two populations.
        several = not (isinstance(cells[0], str) and not isinstance(cells[1], str))
    return list(cells) if several else [cells]


def _gids(sim: Any, one: Any) -> list[int]:
    net = sim.net
    if isinstance(one, (int, np.integer)) and not isinstance(one, bool):
        if one not in net.gid2lid:
            raise SelectionError(_not_here(sim, int(one)))
        return [int(one)]
    if isinstance(one, str) and one in EVERY:
        return [int(cell.gid) for cell in net.cells]
    if isinstance(one, str):
        return _of_population(sim, one)
    if isinstance(one, (tuple, list)) and len(one) == 2 and isinstance(one[0], str):
        return _numbered(sim, one[0], one[1])
    raise ArgumentTypeError(
        f"cells= takes gids, names of populations, ('population', [numbers]) and 'all', not {brief(one)}."
    )


def _of_population(sim: Any, name: str) -> list[int]:
    if name not in list(sim.net.pops):
        raise unknown_name("population", name, list(sim.net.pops))
    if sim.nhosts == 1:
        return sorted(int(gid) for gid in sim.net.pops[name].cellGids)
    tags = sim._gatherAllCellTags()
    return sorted(int(gid) for gid, tag in tags.items() if tag.get("pop") == name)


def _numbered(sim: Any, name: str, numbers: Any) -> list[int]:
    gids = _of_population(sim, name)
    wanted: Sequence[Any] = [numbers] if isinstance(numbers, (int, np.integer)) else list(numbers)
    for number in wanted:
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise ArgumentTypeError(f"cells=({name!r}, ...) takes numbers of cells, not {number!r}.")
        if not 0 <= number < len(gids):
            raise SelectionError(
                f"Population {name!r} has no cell {number}: it has {len(gids)}, counted from 0."
            )
    return [gids[number] for number in wanted]


def _not_here(sim: Any, gid: int) -> str:
    if 0 <= gid < sim.net.lastGid:
        return (
            f"Cell {gid} is not on rank {sim.rank}, which has {len(sim.net.cells)} of {sim.net.lastGid} "
            "cells: name its population, of which each rank takes its own cells, or ask only where "
            "gid in sim.net.gid2lid."
        )
    return f"There is no cell {gid}: the network has cells 0 to {sim.net.lastGid - 1}."


def label_of(cell: Any) -> str:
    """How a cell is called in sentences."""
    return f"Cell {cell.gid} of population {str(cell.tags.get('pop'))!r}"


def sections_of(cell: Any) -> dict[str, Any]:
    """What NetPyNE keeps of each section of a cell, by NetPyNE's name; empty for a point neuron."""
    found = vars(cell).get("secs")
    return dict(found.items()) if isinstance(found, Mapping) else {}


def members(section: Any, key: str) -> list[tuple[Any, Any]]:
    """The point processes of a section that NetPyNE keeps in a list or mapping, each with its label."""
    found = section.get(key)
    if isinstance(found, Mapping):
        return [(str(name), one) for name, one in found.items()]
    return [(one.get("label"), one) for one in found or () if isinstance(one, Mapping)]


def _why_bare(cell: Any) -> str:
    """Why a cell has no membrane; empty where it has one."""
    if "hPointp" in vars(cell):
        return f"is of the model {str(cell.tags.get('cellModel'))!r}"
    for name, section in sections_of(cell).items():
        for label, point in members(section, "pointps"):
            if point.get("vref"):
                return f"has its potential in {point.get('vref')!r} of point process {label!r} at {name}"
    return ""


def _sentence(cell: Any, why: str) -> str:
    return f"{label_of(cell)} {why}, and has no membrane: record the currents of cells that it projects to."
