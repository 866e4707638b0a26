"""Parameters of the recorded neurons: read from the running NEST, or given by the caller."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, UnknownNameError

#: A value of each parameter for each node: arrays of shape (node,) or (node, receptor).
Parameters = dict[str, np.ndarray]


def live_models(nest: Any, nodes: np.ndarray) -> dict[str, np.ndarray]:
    """The nodes of each built-in model, copies of a model counted as what they are copies of.

    Returns
    -------
    dict of str to ndarray of int
        Sorted node ids by model.
    """
    names = np.array(as_list(nest.NodeCollection(nodes.tolist()).get("model"), len(nodes)))
    by_model: dict[str, list[np.ndarray]] = {}
    for name in np.unique(names):
        by_model.setdefault(built_in(nest, str(name)), []).append(nodes[names == name])
    return {model: np.sort(np.concatenate(parts)) for model, parts in by_model.items()}


def built_in(nest: Any, name: str) -> str:
    """The model that a model was copied from, which its defaults name; itself if it is NEST's own."""
    return str(nest.GetDefaults(name).get("type_id", name))


def as_list(value: Any, n_nodes: int) -> list[Any]:
    """What NEST returns for some nodes as a list: a bare value where there is one node."""
    return [value] if n_nodes == 1 else list(value)


def live(nest: Any, nodes: np.ndarray, names: Iterable[str]) -> Parameters:
    """Read parameters of nodes of one model.

    Parameters
    ----------
    nest : module
    nodes : ndarray of int, shape (node,)
    names : iterable of str
        With a dot for a value inside a dictionary ("soma.g_L"). Those that the model does not have
        are left out.

    Returns
    -------
    dict of str to ndarray
    """
    collection = nest.NodeCollection(nodes.tolist())
    known = collection[0].get()
    names = list(names)
    keys = sorted({name.partition(".")[0] for name in names} & set(known))
    if not keys:
        return {}
    # NEST copies all that it knows of the neurons for each key that is asked for. (Without keys it
    # turns lists of one into their element where there is one neuron.)
    fetched = collection.get(keys) if len(nodes) == 1 else collection.get()
    return {
        n: _array(as_list(fetched[n.partition(".")[0]], len(nodes)), n)
        for n in names
        if n.partition(".")[0] in keys
    }


def _array(values: Sequence[Any], name: str) -> np.ndarray:
    _, dot, inner = name.partition(".")
    if dot:
        values = [value[inner] for value in values]
    lengths = {np.shape(value) for value in values}
    if len(lengths) == 1:
        return np.array(values, dtype=float)
    # Neurons with unequal numbers of receptors: what one lacks is never asked for.
    padded = np.full((len(values), max(len(value) for value in values)), np.nan)
    for row, value in zip(padded, values, strict=True):
        row[: len(value)] = value
    return padded


def given(parameters: Mapping[Any, Any], nodes: np.ndarray, names: Iterable[str]) -> Parameters:
    """Bring parameters that the caller wrote into one array for each.

    Parameters
    ----------
    parameters : mapping
        ``{name: value}``, where the value is one for all neurons, one for each in the order of their
        node ids (as ``neurons.get()`` returns it), or ``{node id: value}``; a dictionary inside is
        written as NEST has it, ``{"soma": {"g_L": 10.0}}``. Or node by node, ``{node id: {name: value}}``.
        Keys that are not needed are ignored.
    nodes : ndarray of int, shape (node,)
    names : iterable of str
        The parameters that are needed.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    UnknownNameError
        When a key looks like a misspelling of a parameter that is needed and missing.
    ArgumentError
        When a value cannot be brought into one number for each neuron.
    """
    parameters, names = _by_name(parameters), list(names)
    keys = {name.partition(".")[0] for name in names}
    missing = sorted(keys - set(parameters))
    for key in parameters:
        close = difflib.get_close_matches(str(key), missing, n=1, cutoff=0.75)
        if key not in keys and (close or str(key).lower() in [m.lower() for m in missing]):
            hint = close[0] if close else next(m for m in missing if m.lower() == str(key).lower())
            raise UnknownNameError(f"Parameter {str(key)!r} is not known: did you mean {hint!r}?")
    found = {}
    for name in names:
        key = name.partition(".")[0]
        if key in parameters:
            found[name] = _array(_per_node(parameters[key], nodes, key, dotted="." in name), name)
    return found


def _by_name(parameters: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Parameters of node after node turned round: for each name the nodes and their values."""
    are_nodes = all(isinstance(key, (int, np.integer)) for key in parameters)
    if not parameters or not are_nodes or not all(isinstance(own, Mapping) for own in parameters.values()):
        return parameters
    names = dict.fromkeys(name for own in parameters.values() for name in own)
    return {n: {int(node): own[n] for node, own in parameters.items() if n in own} for n in names}


#: Parameters that are lists for one neuron already.
_LISTS = ("E_rev", "tau_syn", "tau_rise", "tau_decay")


def _per_node(value: Any, nodes: np.ndarray, name: str, dotted: bool) -> list[Any]:
    if isinstance(value, Mapping) and not (dotted and all(isinstance(key, str) for key in value)):
        absent = [int(node) for node in nodes if node not in value]
        if absent:
            raise ArgumentError(
                f"Parameter {name!r} has no value for node {absent[0]}: give one for each recorded neuron."
            )
        return [value[node] for node in nodes.tolist()]
    depth = np.ndim(value) if not isinstance(value, Mapping) else 0
    if depth == (1 if name in _LISTS else 0) and not _is_list_of_dicts(value):
        return [value] * len(nodes)
    if len(value) != len(nodes):
        raise ArgumentError(
            f"Parameter {name!r} has {len(value)} values for {len(nodes)} recorded neurons: give one "
            "value, one for each neuron, or {node id: value}."
        )
    return list(value)


def _is_list_of_dicts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) > 0 and isinstance(value[0], Mapping)


def per_neuron(values: np.ndarray, unit: str) -> Any:
    """A Quantity: one where all neurons have the same value, else one for each."""
    same = len(values) > 0 and (values == values[0]).all()
    return (float(values[0]) if same else values) * units.parse_units(unit)
