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
        match = PLACE.fullmatch(str(recorded.name))
        if match is None or recorded.location is not None:
            continue
        column: list[float | None] = [None] * root.size
        for identity in root.local_cells:
            section: Any = getattr(identity._cell, match["section"], None)
            if type(section).__name__ == "Section":
                at = float(match["at"] or 0.5)
                column[int(identity) - int(root.first_id)] = float(section(at).area())
        if any(area is not None for area in column):
            out[place_of(match)] = column
    return out


def place_of(match: re.Match[str]) -> str:
    """Name of the place in a match of `PLACE`."""
    return match["section"] + (f"({match['at']})" if match["at"] else "")
