"""What has to be known of a population besides its recordings, as one text in an annotation.

The description holds the cell type, the backend and its step, the parameters (one number where all
neurons share it, else one a neuron) and the injected currents. It is JSON, which every Neo IO that
keeps any annotation keeps exactly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.pynn import cells, models, receptors, repair, sources
from neo_currentscape.adapters.pynn.backends import state_of, stored
from neo_currentscape.adapters.pynn.models import Model
from neo_currentscape.conventions.errors import ArgumentTypeError, SelectionError

#: The annotation of a Block or Segment that holds the descriptions of its populations.
KEY = "pynn_cells"

Description = dict[str, Any]


def root_of(population: Any) -> Any:
    """The whole Population that a view (of a view ...) belongs to; it owns the recordings.

    Raises
    ------
    ArgumentTypeError
        When it is neither a Population nor a view of one.
    """
    recorder = getattr(population, "recorder", None)
    if recorder is None:
        raise ArgumentTypeError(
            f"A PyNN Population, PopulationView or Assembly is needed, not {type(population).__name__}."
        )
    return recorder.population


def describe(population: Any) -> Description:
    """Describe a population as it is now.

    Parameters
    ----------
    population : pyNN Population or PopulationView
        Of a standard or native cell type. Of a view, the whole population is described, because
        recordings carry the indices of the whole.

    Returns
    -------
    dict
        Of plain numbers, text, lists and dicts.
    """
    root = root_of(population)
    state = state_of(root)
    kind = kind_of(root.celltype)
    description = {
        **kind,
        "simulator": root._simulator.name,
        "dt": float(state.dt),
        "label": str(root.label),
        "size": int(root.size),
        "first_id": int(root.first_id),
    }
    model = model_of(description)
    names = model.parameters if model is not None else ()
    description["parameters"] = _parameters(root, names)
    description["sources"] = sources.describe(root)
    description |= repair.describe(root)
    if model is None:
        return description | cells.describe(root)
    missing = [name for name in model.variables if not _is_recorded(root, description, name)]
    return description | {"unused": receptors.unused(root, missing)}


def _is_recorded(root: Any, description: Description, variable: str) -> bool:
    how = stored(description["simulator"], description["celltype"], variable)
    return any(recorded.name == how.name for recorded in root.recorder.recorded)


def kind_of(celltype: Any) -> Description:
    """Name the cell type; of a PointNeuron also its neuron and receptors."""
    if hasattr(celltype, "post_synaptic_receptors"):
        return {
            "celltype": "PointNeuron",
            "neuron": _known_name(celltype.neuron, models.NEURONS),
            "receptors": {
                name: _known_name(receptor, models.RECEPTORS)
                for name, receptor in celltype.post_synaptic_receptors.items()
            },
        }
    return {"celltype": _known_name(celltype, models.MODELS)}


def _known_name(component: Any, known: Mapping[str, Any]) -> str:
    # A user's subclass of a standard cell type has its equations.
    names = [cls.__name__ for cls in type(component).__mro__]
    return next((name for name in names if name in known), names[0])


def model_of(description: Mapping[str, Any]) -> Model | None:
    """The currents of a described cell type; None where its equations are not known.

    Examples
    --------
    >>> [current.label for current in model_of({"celltype": "IF_cond_exp"}).currents]
    ['leak', 'excitatory', 'inhibitory']
    """
    celltype = description["celltype"]
    if celltype == "EIF_cond_alpha_isfa_ista" and description.get("simulator") == "Brian2":
        # PyNN connects its synapses to the conductance itself, which so never is an alpha function.
        celltype = "EIF_cond_exp_isfa_ista"
    if celltype != "PointNeuron":
        return models.MODELS.get(celltype)
    neuron, receptors = description["neuron"], description["receptors"]
    if neuron not in models.NEURONS or not set(receptors.values()) <= set(models.RECEPTORS):
        return None
    return models.point_neuron(neuron, receptors)


def _parameters(root: Any, names: Sequence[str]) -> dict[str, Any]:
    if not names:
        return {}
    local = np.asarray(root._mask_local)
    out: dict[str, Any] = {}
    for name, array in _values(root, names).items():
        if array.size and np.all(array == array.flat[0]):
            out[name] = float(array.flat[0])
            continue
        # Neurons of other ranks stay unknown until the ranks' files are read together.
        column: list[float | None] = [None] * root.size
        for index, value in zip(np.flatnonzero(local), np.broadcast_to(array, local.sum()), strict=True):
            column[index] = float(value)
        out[name] = column
    return out


def _values(root: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    if root._simulator.name == "NEST" and "tau_eta" in root.celltype.default_parameters:
        # PyNN fails on the time constant of GIF_cond_exp, which it computes from all parameters.
        plain = [name for name in names if name != "tau_m"]
        found = _values_by_name(root, plain)
        native = root._get_native_parameters("g_L")
        native.evaluate(simplify=False)
        return {**found, "tau_m": 1e3 * found["cm"] / np.asarray(native["g_L"], dtype=float)}
    return _values_by_name(root, names)


def _values_by_name(root: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    # PyNN does not take parameters of a neuron and of its receptors in one call.
    found: dict[str, np.ndarray] = {}
    for owner in dict.fromkeys(name.rpartition(".")[0] for name in names):
        own = [name for name in names if name.rpartition(".")[0] == owner]
        values = root.get(own, simplify=False)
        found |= {name: np.asarray(v, dtype=float) for name, v in zip(own, values, strict=True)}
    return found


def encode(description: Description) -> str:
    """Write a description as text."""
    return json.dumps(description)


def decode(text: str) -> list[Description]:
    """Read the descriptions in an annotation.

    Neo joins the texts of Blocks that it merges (ranks, the populations of an assembly) with a
    semicolon; descriptions of one population, which differ in the neurons of each rank, become one.

    Parameters
    ----------
    text : str
        One or more descriptions.

    Returns
    -------
    list of dict
        One for each population and stretch of time in which its parameters were the same.
    """
    decoder, position = json.JSONDecoder(), 0
    found: dict[tuple[Any, ...], Description] = {}
    while position < len(text):
        description, position = decoder.raw_decode(text, position)
        position += len(text[position:]) - len(text[position:].lstrip("; \n"))
        key = (*_population_of(description), description.get("since"))
        found[key] = merge(found[key], description) if key in found else description
    return list(found.values())


def by_population(descriptions: Sequence[Description]) -> list[list[Description]]:
    """Put the descriptions of each population together, in the order of time.

    Neurons of other ranks, which had no reason to describe a population anew, are as they were.
    """
    found: dict[tuple[Any, ...], list[Description]] = {}
    for description in descriptions:
        found.setdefault(_population_of(description), []).append(description)
    out = []
    for group in found.values():
        stretches: list[Description] = []
        for description in sorted(group, key=since):
            stretches.append(_continued(stretches[-1], description) if stretches else description)
        out.append(stretches)
    return out


def since(description: Mapping[str, Any]) -> float:
    """The time in ms from which on a description holds."""
    return float(description.get("since") or 0.0)


def _population_of(description: Mapping[str, Any]) -> tuple[Any, ...]:
    return description["label"], description["first_id"], description["size"]


def _continued(before: Description, description: Description) -> Description:
    parameters = {
        name: _filled(value, before["parameters"].get(name), description["size"])
        for name, value in description["parameters"].items()
    }
    return {**description, "parameters": parameters}


def merge(first: Description, second: Description) -> Description:
    """Put together what two ranks know of one population."""
    parameters = {
        name: _filled(value, second["parameters"].get(name), first["size"])
        for name, value in first["parameters"].items()
    }
    injected = sources.merge(first["sources"], second["sources"])
    unused = [name for name in first.get("unused", []) if name in second.get("unused", [])]
    return {**first, "parameters": parameters, "sources": injected, "unused": unused}


def _filled(first: Any, second: Any, size: int) -> Any:
    if second is None or first == second:
        return first
    columns = [value if isinstance(value, list) else [value] * size for value in (first, second)]
    return [b if a is None else a for a, b in zip(*columns, strict=True)]


def parameter(description: Mapping[str, Any], name: str, neurons: np.ndarray) -> np.ndarray:
    """The values of a parameter for some neurons.

    Parameters
    ----------
    description : dict
        Of the population.
    name : str
        PyNN's name of the parameter.
    neurons : ndarray of int, shape (neuron,)
        Indices in the population.

    Returns
    -------
    ndarray of float64, shape (neuron,)

    Raises
    ------
    SelectionError
        When it is not known for one of them.
    """
    value = description["parameters"][name]
    if not isinstance(value, list):
        return np.full(len(neurons), float(value))
    column = np.array([np.nan if entry is None else entry for entry in value], dtype=float)[neurons]
    if np.isnan(column).any():
        missing = int(neurons[np.isnan(column)][0])
        raise SelectionError(
            f"Parameter {name!r} of neuron {missing} of population {description['label']!r} is not in this "
            "data (it belongs to another rank): read the files of all ranks together with pynn.read(path)."
        )
    return column
