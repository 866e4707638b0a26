"""A network handed on: as a networkx graph, and as a table of incoming connections."""

from __future__ import annotations

import csv
import os
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import require
from neo_currentscape.conventions.whole_files import whole_file
from neo_currentscape.network.model import Network


def to_graph(network: Network) -> Any:
    """Make a networkx graph.

    Parameters
    ----------
    network : Network

    Returns
    -------
    networkx.MultiDiGraph
        A node for each cell, ``(population, id)``, with ``population``, ``id`` and ``pos``; an edge for
        each connection, with ``gap`` and what else is known of it.

    Examples
    --------
    >>> to_graph(net).number_of_edges()                                  # doctest: +SKIP
    """
    networkx = require("networkx", "network", "A graph of a network")
    graph = networkx.MultiDiGraph()
    names = [(network.populations[p], int(i)) for p, i in zip(network.population, network.ids, strict=True)]
    for k, name in enumerate(names):
        place = {} if network.positions is None else {"pos": tuple(network.positions[k].tolist())}
        graph.add_node(name, population=name[0], id=name[1], **place)
    known = {"gap": network.gap, **network.properties}
    keys, columns = list(known), [np.asarray(values).tolist() for values in known.values()]
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    graph.add_edges_from(
        (names[s], names[t], dict(zip(keys, row, strict=True)))
        for (s, t), row in zip(ends, zip(*columns, strict=True), strict=True)
    )
    return graph


def incoming(network: Network, *, gaps: bool | None = None) -> np.ndarray:
    """How many connections each cell gets from each population.

    Parameters
    ----------
    network : Network
    gaps : bool, optional
        As for `neo_currentscape.network.table`.

    Returns
    -------
    ndarray of int, shape (cell, population)

    Examples
    --------
    >>> from neo_currentscape.network import Network
    >>> net = Network(["E", "I"], [0, 0, 1], [0, 1, 0], [0, 1, 2], [2, 2, 0])
    >>> incoming(net)
    array([[0, 1],
           [0, 0],
           [2, 0]])
    """
    n = len(network.populations)
    hit = network.chosen(gaps)
    where = network.target[hit] * n + network.population[network.source[hit]]
    return np.bincount(where, minlength=len(network.ids) * n).reshape(-1, n)


def incoming_csv(network: Network, path: str | os.PathLike[str], *, gaps: bool | None = None) -> None:
    """Write a row for each cell, with the connections that it gets from each population.

    Parameters
    ----------
    network : Network
    path : path
    gaps : bool, optional
        As for `neo_currentscape.network.table`.

    Examples
    --------
    >>> incoming_csv(net, "cells.csv")                                   # doctest: +SKIP
    """
    counts = incoming(network, gaps=gaps)
    with whole_file(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["population", "id", *(f"from {name}" for name in network.populations)])
        for p, i, row in zip(network.population, network.ids, counts, strict=True):
            writer.writerow([network.populations[p], int(i), *row.tolist()])
