"""Which cells and trials of a network are meant."""

from __future__ import annotations

from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import (
    ArgumentTypeError,
    SelectionError,
    unknown_name,
)
from neo_currentscape.conventions.given import members
from neo_currentscape.conventions.plain_text import brief


def check_network(net: Any) -> None:
    """Refuse what is no network of hnn-core.

    Raises
    ------
    ArgumentTypeError
    """
    if not (hasattr(net, "gid_ranges") and hasattr(net, "cell_types")):
        raise ArgumentTypeError(
            f"{type(net).__name__} is no network of hnn-core: pass the Network that simulate_dipole gets, "
            "e.g. net = neymotin_2020_model()."
        )


def gids_of(net: Any, cells: Any) -> list[int]:
    """The gids that cells are meant by.

    Parameters
    ----------
    net : hnn_core.Network
    cells : str, int, or iterable of them
        Types of cells, e.g. "L5_pyramidal", and gids.

    Returns
    -------
    list of int
        Each once, in the order given.

    Raises
    ------
    UnknownNameError
        When there is no such type.
    SelectionError
        When a gid is none of a cell.
    ArgumentTypeError
        When something else was given.
    """
    several = members(cells)
    found: list[int] = []
    for each in [cells] if several is None else several:
        found += _gids(net, each)
    if not found:
        raise SelectionError(
            "cells= names no cell: write a type, e.g. cells='L5_pyramidal', or a list of gids."
        )
    return list(dict.fromkeys(found))


def _gids(net: Any, each: Any) -> list[int]:
    if isinstance(each, str):
        if each not in net.cell_types:
            raise unknown_name("type of cells", each, net.cell_types)
        return list(net.gid_ranges[each])
    if isinstance(each, bool) or not isinstance(each, (int, np.integer)):
        raise ArgumentTypeError(
            f"{brief(each)} is no cell: write a type, e.g. 'L5_pyramidal', a gid, or a list of them."
        )
    type_of(net, int(each))
    return [int(each)]


def type_of(net: Any, gid: int) -> str:
    """The type of the cell with a gid.

    Raises
    ------
    SelectionError
        When no cell has it.
    """
    for name in net.cell_types:
        if gid in net.gid_ranges[name]:
            return str(name)
    ranges = ", ".join(
        f"{net.gid_ranges[name][0]} to {net.gid_ranges[name][-1]} ({name})"
        for name in net.cell_types
        if len(net.gid_ranges[name])
    )
    raise SelectionError(f"gid {gid} is none of a cell of the network: those are {ranges}.")


def check_trial(trial: Any, n_trials: int) -> None:
    """Refuse a trial that was not simulated.

    Raises
    ------
    SelectionError
    """
    is_number = isinstance(trial, (int, np.integer)) and not isinstance(trial, bool)
    if not is_number or not 0 <= trial < n_trials:
        raise SelectionError(f"trial={brief(trial)} was not simulated: there are 0 to {n_trials - 1}.")
