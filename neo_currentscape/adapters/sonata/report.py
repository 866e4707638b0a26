"""One SONATA report: the values of some nodes, where they belong, and when they were sampled.

Reports as the specification has them are read by libsonata. BMTK (1.2) writes a variant that it
cannot read: ``index_pointer`` for ``index_pointers``, no units, and values that were sampled after each
step, so that the first belongs to one step of the simulation after the time that is stored.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from neo_currentscape.conventions import declared
from neo_currentscape.conventions.errors import (
    ArgumentError,
    SelectionError,
    SignalError,
    require,
    unknown_name,
)

_PURPOSE = "Reading a SONATA report"


@dataclass(frozen=True)
class Report:
    """What a report holds of the nodes that were asked for.

    Attributes
    ----------
    path : str
        Name of the file.
    values : ndarray, shape (time, element)
    nodes : ndarray of int, shape (element,)
        Node of each element.
    sections : ndarray of int, shape (element,)
        Section of each element (``element_ids``).
    positions : ndarray of float, shape (element,), or None
        Relative position on the section (``element_pos``), where stored.
    start, step : float
        Time of the first value and interval, in `time_units`.
    time_units : str
    units : str or None
        None where the report says nothing of it.
    variable : str or None
        Name that BMTK stores.
    is_of_synapses : bool
        Whether each element is a synapse (BMTK's netcon_report), of which several may be at one place.
    """

    path: str
    values: np.ndarray
    nodes: np.ndarray
    sections: np.ndarray
    positions: np.ndarray | None
    start: float
    step: float
    time_units: str = "ms"
    units: str | None = None
    variable: str | None = None
    is_of_synapses: bool = False

    def __post_init__(self) -> None:
        if not (np.isfinite(self.start) and 0 < self.step < np.inf):
            raise SignalError(
                f"Report {self.path!r} begins at {self.start:g} {self.time_units} and has a value every "
                f"{self.step:g} {self.time_units}, by its 'mapping/time': write a time that is finite, and "
                "an interval of more than 0."
            )

    @property
    def sites(self) -> list[str]:
        """Name of each element's place, e.g. ``"sec[3](0.5)"``, ``"sec[3][0]"`` without positions."""
        if self.positions is not None:
            return [f"sec[{s}]({p:g})" for s, p in zip(self.sections, self.positions, strict=True)]
        seen: dict[tuple[int, int], int] = {}
        names = []
        for node, section in zip(self.nodes.tolist(), self.sections.tolist(), strict=True):
            number = seen[node, section] = seen.get((node, section), -1) + 1
            names.append(f"sec[{section}][{number}]")
        return names


def read(
    path: str | os.PathLike[str],
    population: str | None = None,
    nodes: Sequence[int] | None = None,
    simulation_dt: float | None = None,
) -> Report:
    """Read a report.

    Parameters
    ----------
    path : str or path
    population : str, optional
        May be left out where the file holds one.
    nodes : sequence of int, optional
        All of them unless told.
    simulation_dt : float, optional
        Step of the simulation in ms that BMTK's values are late by; the report's own unless told.

    Returns
    -------
    Report

    Raises
    ------
    ArgumentError
        When the file is no report.
    SelectionError
        When the population or a node is not in it.
    """
    h5py = require("h5py", "sonata", _PURPOSE)
    if not Path(path).is_file():
        raise ArgumentError(f"There is no report {str(path)!r}.")
    with h5py.File(path, "r") as file:
        declared.check_datasets(file, path)
        if "report" not in file:
            raise ArgumentError(f"File {Path(path).name!r} has no group 'report': it is no SONATA report.")
        population = _population(population, list(file["report"]), Path(path).name)
        group = file["report"][population]
        _require_data(group, population, Path(path).name)
        wanted = _nodes(nodes, np.asarray(group["mapping/node_ids"]), population)
        if "index_pointers" not in group["mapping"]:
            return _read_h5(group, Path(path).name, wanted, _late(group, simulation_dt))
        if "units" not in group["data"].attrs or "units" not in group["mapping/time"].attrs:
            # libsonata opens no report without units; here they may come from the caller.
            return _read_h5(group, Path(path).name, wanted, 0.0)
        positions = _positions(group, wanted)
    libsonata = require("libsonata", "sonata", _PURPOSE)
    stored = libsonata.ElementReportReader(str(path))[population]
    frame = stored.get(node_ids=wanted.tolist())
    ids = np.asarray(frame.ids, dtype=int)
    start, _, step = stored.times
    return Report(
        Path(path).name,
        np.asarray(frame.data, dtype=float),
        ids[:, 0],
        ids[:, 1],
        positions,
        float(start),
        float(step),
        stored.time_units,
        stored.data_units,
    )


def _late(group: Any, simulation_dt: float | None) -> float:
    """How much later than the stored times BMTK sampled the values: one step of the simulation."""
    return float(group["mapping/time"][2]) if simulation_dt is None else simulation_dt


def _population(given: str | None, known: list[str], name: str) -> str:
    if given is None and len(known) != 1:
        raise SelectionError(
            f"Report {name!r} holds {len(known)} populations ({', '.join(known)}): name one with "
            "population=..."
        )
    if given is not None and given not in known:
        raise unknown_name(f"population of report {name!r}", given, known)
    return given or known[0]


def _require_data(group: Any, population: str, name: str) -> None:
    mapping = group.get("mapping", {})
    lacking = [part for part in ("node_ids", "element_ids", "time") if part not in mapping]
    if "data" not in group or lacking or 0 in group["data"].shape:
        what = "no data" if "data" not in group or not lacking else f"no mapping/{lacking[0]}"
        others = [other for other in group.parent if other != population and "data" in group.parent[other]]
        hint = f": choose population={others[0]!r}" if others else ""
        raise SelectionError(f"Population {population!r} of report {name!r} holds {what}{hint}.")


def _nodes(given: Sequence[int] | None, known: np.ndarray, population: str) -> np.ndarray:
    if given is None:
        return known.astype(int)
    for node in given:
        if node not in known:
            listed = ", ".join(map(str, known[:20])) + (", ..." if len(known) > 20 else "")
            raise SelectionError(
                f"Node {node} of population {population!r} was not recorded: the nodes are {listed}."
            )
    return np.asarray(given, dtype=int)


def _positions(group: Any, wanted: np.ndarray) -> np.ndarray | None:
    """Positions of the elements of some nodes, in the order of the nodes."""
    if "element_pos" not in group["mapping"]:
        return None
    stored = np.asarray(group["mapping/element_pos"], dtype=float)
    return stored[_elements(group, wanted)]


def _elements(group: Any, wanted: np.ndarray) -> np.ndarray:
    """Columns of the data that belong to some nodes."""
    mapping = group["mapping"]
    pointers = np.asarray(mapping["index_pointers" if "index_pointers" in mapping else "index_pointer"])
    known = np.asarray(mapping["node_ids"]).tolist()
    rows = [known.index(node) for node in wanted.tolist()]
    return np.concatenate([np.arange(pointers[row], pointers[row + 1]) for row in rows]).astype(int)


def _read_h5(group: Any, name: str, wanted: np.ndarray, late: float) -> Report:
    mapping = group["mapping"]
    columns = _elements(group, wanted)
    counts = [len(_elements(group, np.array([node]))) for node in wanted]
    # h5py wants sorted columns; the order of the nodes asked for is restored afterwards.
    order = np.argsort(columns)
    values = np.asarray(group["data"][:, columns[order]], dtype=float)
    start, _, step = (float(value) for value in mapping["time"][:])
    data = group["data"].attrs
    return Report(
        name,
        values[:, np.argsort(order)],
        np.repeat(wanted, counts),
        np.asarray(mapping["element_ids"])[columns].astype(int),
        np.asarray(mapping["element_pos"], dtype=float)[columns] if "element_pos" in mapping else None,
        start + late,
        step,
        _text(mapping["time"].attrs.get("units", "ms")) or "ms",
        _text(data.get("units")),
        _text(data.get("variable")),
        "src_ids" in mapping,
    )


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else None if value is None else str(value)
