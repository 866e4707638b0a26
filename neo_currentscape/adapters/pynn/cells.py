"""What has to be known of native cell types besides their recordings."""

from __future__ import annotations

import re
from typing import Any

#: "soma(0.5).ina": the section and place, and the variable.
PLACE = re.compile(r"(?P<section>\w+)(?:\((?P<at>[\d.]+)\))?\.(?P<variable>\w+)")


def describe(root: Any) -> dict[str, Any]:
    """What is needed of a native cell type besides its recordings.

    Parameters
    ----------
    root : pyNN Population
        The whole population.

    Returns
    -------
    dict
        On NEST the name of the model and the parameters; on NEURON the membrane area (um**2) of each
        recorded place, one value a neuron.
    """
    if hasattr(root.celltype, "nest_model"):
        return {"nest_model": root.celltype.nest_model, "native": _nest_parameters(root)}
    if root._simulator.name == "NEURON":
        return {"areas": _areas(root)}
    return {}


def _nest_parameters(root: Any) -> dict[str, Any]:
    import nest

    out: dict[str, Any] = {}
    for name in root.celltype.default_parameters:
        found = nest.GetStatus(root.node_collection, name)
        if all(isinstance(value, (int, float)) for value in found):
            out[name] = float(found[0]) if len(set(found)) == 1 else [float(value) for value in found]
    return out


def _areas(root: Any) -> dict[str, list[float | None]]:
    out: dict[str, list[float | None]] = {}
    for recorded in root.recorder.recorded:
        place = _recorded_place(recorded)
        if place is None or place in out:
            continue
        column: list[float | None] = [None] * root.size
        for identity in root.local_cells:
            compartment = _compartment(identity._cell, recorded)
            if compartment is not None:
                column[int(identity) - int(root.first_id)] = float(compartment.area())
        if any(area is not None for area in column):
            out[place] = column
    return out


def _recorded_place(recorded: Any) -> str | None:
    if recorded.location is not None:
        return str(recorded.location)
    match = PLACE.fullmatch(str(recorded.name))
    return None if match is None else place_of(match)


def _compartment(cell: Any, recorded: Any) -> Any:
    """NEURON's segment that a variable was recorded in; None where it has none of its own."""
    if recorded.location is not None:
        location = cell.locations.get(recorded.location)
        return None if location is None else location.section(location.position)
    match = PLACE.fullmatch(str(recorded.name))
    section: Any = getattr(cell, match["section"], None) if match else None
    if match is None or type(section).__name__ != "Section":
        return None
    return section(float(match["at"] or 0.5))


def place_of(match: re.Match[str]) -> str:
    """Name of the place in a match of `PLACE`."""
    return match["section"] + (f"({match['at']})" if match["at"] else "")
