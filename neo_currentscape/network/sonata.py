"""Networks of SONATA: files of nodes and edges, or the configuration that names them."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions import declared, inputs
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, require, unknown_name
from neo_currentscape.network.model import Network
from neo_currentscape.network.rows import Rows, is_told

_PURPOSE = "Reading a SONATA network"

#: Columns of positions.
PLACES = ("x", "y", "z")


def from_sonata(
    config: str | os.PathLike[str] | None = None,
    *,
    nodes: Sequence[Any] = (),
    edges: Sequence[Any] = (),
    by: str = "pop_name",
) -> Network:
    """Read a SONATA network.

    Parameters
    ----------
    config : path, optional
        A circuit or simulation configuration (JSON) that names the files.
    nodes, edges : sequence of path or of (path, path), optional
        In its place the files; with the file of types (CSV) where there is one.
    by : str
        The attribute of nodes, in either file, that names their population; where they have none, the
        name of the node population.

    Returns
    -------
    Network
        A population for each value of ``by`` in each node population; prefixed with the latter's name
        where two have the same. Gap junctions have the attribute ``is_gap_junction``. "weight" and
        "delay" where the edges say them.

    Raises
    ------
    ArgumentError
        When a file is missing, or nothing is given.
    SelectionError
        When edges name nodes that are not there.

    Examples
    --------
    >>> net = from_sonata("circuit_config.json", by="pop_name")          # doctest: +SKIP
    >>> print(network.table(net, "total"))                               # doctest: +SKIP
    """
    if config is not None:
        found = _configured(Path(config))
        nodes, edges = [*nodes, *found[0]], [*edges, *found[1]]
    if not nodes:
        raise ArgumentError("There are no nodes: pass a configuration, or nodes=['nodes.h5'].")
    parts = [part for given in nodes for part in _nodes(*_paths(given), by)]
    names = _names(parts)
    starts = dict(
        zip((part["name"] for part in parts), np.cumsum([0, *(len(p["ids"]) for p in parts)]), strict=False)
    )
    known = {part["name"]: part["ids"] for part in parts}
    links = [link for given in edges for link in _edges(*_paths(given), known, starts)]
    joined = {key: np.concatenate([link[key] for link in links]) if links else np.empty(0) for key in LINK}
    positions = np.concatenate([part["positions"] for part in parts])
    return Network(
        list(dict.fromkeys(names)),
        _codes(names),
        np.concatenate([part["ids"] for part in parts]),
        joined["source"],
        joined["target"],
        joined["gap"],
        None if np.isnan(positions).all() else positions,
        {key: joined[key] for key in ("weight", "delay") if not np.isnan(joined[key]).all()},
    )


#: The longest name of a file.
LONGEST_NAME = 4096

#: What is known of edges.
LINK = ("source", "target", "gap", "weight", "delay")


def _paths(given: Any) -> tuple[Path, Path | None]:
    first, second = (given, None) if isinstance(given, (str, os.PathLike)) else tuple(given)
    for path in (first, second):
        if path is not None and not Path(path).is_file():
            raise ArgumentError(f"There is no file {str(path)!r} of the network: check the name.")
    return Path(first), None if second is None else Path(second)


def _configured(path: Path, inner: bool = False) -> tuple[list[Any], list[Any]]:
    """The files that a configuration names; that of a simulation names one of a circuit."""
    if path.exists():
        inputs.existing_file(path)
    else:
        raise ArgumentError(f"There is no configuration {str(path)!r}: check the name.")
    try:
        told = json.loads(path.read_text())
    except ValueError as cause:  # no text, or no JSON
        raise ArgumentError(
            f"{path.name!r} is no configuration of SONATA, which is a text in JSON ({cause}): name it."
        ) from cause
    if not isinstance(told, dict):
        raise ArgumentError(f"Configuration {path.name!r} names no 'networks': it is none of SONATA.")
    manifest = dict(told.get("manifest", {}))
    if "networks" not in told and isinstance(told.get("network"), str) and not inner:
        return _configured(_resolved(told["network"], manifest, path.parent), inner=True)
    if "networks" not in told:
        raise ArgumentError(f"Configuration {path.name!r} names no 'networks': it is none of SONATA.")
    found: dict[str, list[Any]] = {"nodes": [], "edges": []}
    for kind, files in found.items():
        for entry in told["networks"].get(kind, []):
            types = entry.get(f"{kind[:-1]}_types_file")
            files.append(
                (
                    _resolved(entry[f"{kind}_file"], manifest, path.parent),
                    _resolved(types, manifest, path.parent) if types else None,
                )
            )
    return found["nodes"], found["edges"]


def _resolved(text: str, manifest: dict[str, str], folder: Path) -> Path:
    found = text
    for _ in range(10):  # names of a manifest may be made of others
        for name in sorted(manifest, key=len, reverse=True):
            found = found.replace(name if name.startswith("$") else f"${name}", manifest[name])
            if len(found) > LONGEST_NAME:
                raise ArgumentError(
                    f"The manifest makes more than {LONGEST_NAME} characters of {text!r}: mend it."
                )
    found = found.replace("${configdir}", str(folder)).replace("$configdir", str(folder))
    return folder / found


def _types(path: Path | None, key: str) -> dict[int, dict[str, str]]:
    if path is None:
        return {}
    with inputs.existing_file(path).open(newline="") as file:
        return {int(row[key]): row for row in csv.DictReader(file, delimiter=" ")}


def _nodes(path: Path, types_path: Path | None, by: str) -> list[dict[str, Any]]:
    h5py = require("h5py", "network", _PURPOSE)
    types = _types(types_path, "node_type_id")
    found = []
    with h5py.File(path, "r") as file:
        declared.check_datasets(file, path)
        if "nodes" not in file:
            raise ArgumentError(f"File {path.name!r} has no group 'nodes': it holds no SONATA nodes.")
        for name, group in file["nodes"].items():
            n = len(group["node_type_id"])
            rows = Rows(group, "node", types, n)
            ids = np.asarray(group["node_id"]) if "node_id" in group else np.arange(n)
            labels = rows.attribute(by)
            labels = np.full(n, name) if labels is None else labels
            found.append(
                {
                    "name": name,
                    "ids": ids.astype(int),
                    "labels": [name if label in (None, "", "NULL") else str(label) for label in labels],
                    "positions": _positions(rows),
                }
            )
    return found


def _positions(rows: Rows) -> np.ndarray:
    """Positions of all nodes, NaN where nothing tells them; shape (node, 3)."""
    out = np.full((rows.n, 3), np.nan)
    together = rows.attribute("positions")
    if together is not None:
        known = is_told(together[:, 0])
        width = min(3, together.shape[1])  # some lie in a plane
        out[known, :width] = together[known, :width].astype(float)
    for column, letter in enumerate(PLACES):
        for name in (letter, f"pos_{letter}"):
            found = rows.attribute(name)
            if found is not None:
                known = is_told(found)
                out[known, column] = found[known].astype(float)
    return out


def _names(parts: list[dict[str, Any]]) -> list[str]:
    """Name of the population of every cell."""
    owners: dict[str, set[str]] = {}
    for part in parts:
        for label in part["labels"]:
            owners.setdefault(label, set()).add(part["name"])
    return [
        label if len(owners[label]) == 1 else f"{part['name']}.{label}"
        for part in parts
        for label in part["labels"]
    ]


def _codes(names: list[str]) -> np.ndarray:
    place = {name: k for k, name in enumerate(dict.fromkeys(names))}
    return np.array([place[name] for name in names], dtype=int)


def _edges(
    path: Path, types_path: Path | None, known: dict[str, Any], starts: dict[str, int]
) -> list[dict[str, Any]]:
    h5py = require("h5py", "network", _PURPOSE)
    types = _types(types_path, "edge_type_id")
    found = []
    with h5py.File(path, "r") as file:
        declared.check_datasets(file, path)
        if "edges" not in file:
            raise ArgumentError(f"File {path.name!r} has no group 'edges': it holds no SONATA edges.")
        for name, group in file["edges"].items():
            ends = {}
            for end, (population, nodes) in _ends(path, name, group).items():
                if population not in known:
                    raise unknown_name(
                        f"node population of edges {name!r}", population, known, SelectionError
                    )
                ends[end] = starts[population] + _places(known[population], nodes, population, name)
            n = len(ends["source"])
            found.append({**ends, **_properties(Rows(group, "edge", types, n))})
    return found


def _ends(path: Path, name: str, group: Any) -> dict[str, tuple[str, np.ndarray]]:
    """Node population and nodes of both ends of the edges."""
    libsonata = require("libsonata", "network", _PURPOSE)
    try:
        edges = libsonata.EdgeStorage(str(path)).open_population(name)
        every = edges.select_all()
        return {
            "source": (edges.source, np.asarray(edges.source_nodes(every), dtype=int)),
            "target": (edges.target, np.asarray(edges.target_nodes(every), dtype=int)),
        }
    except (RuntimeError, libsonata.SonataError):
        # libsonata's builds read no compressed values, which BMTK writes.
        found = {}
        for end in ("source", "target"):
            stored = group[f"{end}_node_id"]
            population = stored.attrs["node_population"]
            population = population.decode() if isinstance(population, bytes) else str(population)
            found[end] = (population, np.asarray(stored, dtype=int))
        return found


def _places(ids: np.ndarray, nodes: np.ndarray, population: str, edges: str) -> np.ndarray:
    order = np.argsort(ids)
    at = np.searchsorted(ids[order], nodes)
    lost = (
        (at >= len(ids)) | (ids[order][np.minimum(at, len(ids) - 1)] != nodes)
        if len(nodes)
        else np.array([])
    )
    if lost.any():
        raise SelectionError(
            f"Edges {edges!r} name node {nodes[lost.argmax()]}, which population {population!r} does "
            "not have: pass the nodes that they were made for."
        )
    return order[at]


def _properties(rows: Rows) -> dict[str, Any]:
    gaps = rows.attribute("is_gap_junction")
    none = np.zeros(rows.n, dtype=bool)
    told = {"gap": none if gaps is None else np.array([_truth(g) for g in gaps], dtype=bool)}
    for key, names in (("weight", ("weight", "syn_weight")), ("delay", ("delay",))):
        values = np.full(rows.n, np.nan)
        for name in names:  # the last that a row has
            found = rows.attribute(name)
            own = values if found is None else np.array([_number(v) for v in found])
            values = np.where(np.isnan(own), values, own)
        told[key] = values
    return told


def _truth(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1", "1.0")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
