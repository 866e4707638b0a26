"""Parameters and generators as they were before they were changed between two calls of ``nest.Simulate``.

NEST knows only the present ones. A `Snapshot` answers the questions that this adapter asks of the running
NEST, as it would have answered them when it was taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest import stimulus
from neo_currentscape.adapters.nest.events import is_live
from neo_currentscape.adapters.nest.parameters import as_list, built_in
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, require

#: What is asked of a connection.
_LINK = ("source", "target", "weight", "delay", "receptor")


class Nodes:
    """Some nodes of a snapshot, as NEST's NodeCollection."""

    def __init__(self, numbers: Sequence[int], status: Mapping[int, Mapping[str, Any]]) -> None:
        self._numbers, self._status = [int(number) for number in numbers], status

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, at: int) -> Nodes:
        return Nodes([self._numbers[at]], self._status)

    def tolist(self) -> list[int]:
        """The node ids."""
        return list(self._numbers)

    def get(self, keys: Any = None) -> Any:
        """One value, or a tuple of one for each node, by key; of one node all that is known of it."""
        found = [self._status[number] for number in self._numbers]
        if isinstance(keys, str):
            return found[0][keys] if len(found) == 1 else tuple(one[keys] for one in found)
        keys = list(found[0]) if keys is None else keys
        return {key: self.get(key) for key in keys}


class Links:
    """Some connections of a snapshot."""

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns["source"])

    def get(self, keys: Sequence[str]) -> dict[str, np.ndarray]:
        """An array for each key."""
        return {key: self._columns[key] for key in keys}


class Snapshot:
    """What NEST knew of some neurons, and of the generators that reach them, at one time.

    Made by `snapshot`.

    Parameters
    ----------
    nest : module
        NEST, as it is now.
    nodes : sequence of int
        Numbers of the neurons.

    Attributes
    ----------
    time : float
        In ms, of the simulation.
    resolution : float
        In ms.
    """

    def __init__(self, nest: Any, nodes: Sequence[int]) -> None:
        self.time, self.resolution = float(nest.biological_time), float(nest.resolution)
        self._status = _status(nest, nodes)
        generators = stimulus.current_generators(nest).tolist()
        self._generators = generators
        self._status.update(_status(nest, generators))
        self._links = {
            "gap_junction": _links(nest, nodes, None),
            None: _links(nest, nodes, generators),
        }
        models = {str(status["model"]) for status in self._status.values()}
        self._types = {name: built_in(nest, name) for name in models}

    def __repr__(self) -> str:
        return f"Snapshot of {len(self._status) - len(self._generators)} neurons at {self.time:g} ms"

    def NodeCollection(self, numbers: Sequence[int]) -> Nodes:
        """As in NEST.

        Parameters
        ----------
        numbers : sequence of int

        Returns
        -------
        nodes
        """
        absent = [int(number) for number in numbers if int(number) not in self._status]
        if absent:
            raise ArgumentError(
                f"past= holds nothing of node {absent[0]} at {self.time:g} ms: take the snapshot of all "
                "multimeters that are read, snapshot(first + second)."
            )
        return Nodes(numbers, self._status)

    def GetNodes(self, what: Any) -> Nodes:
        """The generators.

        Parameters
        ----------
        what : dict
            Not read: only generators are asked for.

        Returns
        -------
        nodes
        """
        return Nodes(self._generators, self._status)

    def GetDefaults(self, name: str) -> dict[str, Any]:
        """Of a model only what it was copied from.

        Parameters
        ----------
        name : str
            Of a model.

        Returns
        -------
        dict
            Of "element_type", or of nothing.
        """
        return {"type_id": self._types[name]}

    def GetConnections(
        self, source: Nodes | None = None, target: Nodes | None = None, synapse_model: str | None = None
    ) -> Links:
        """The connections of one kind to some nodes.

        Parameters
        ----------
        source, target : nodes, optional
            As `GetNodes` and `NodeCollection` give them; all by default.
        synapse_model : str, optional

        Returns
        -------
        links
            With ``get``, as in NEST.
        """
        columns = self._links[synapse_model]
        mine = np.isin(columns["target"], [] if target is None else target.tolist())
        return Links({key: column[mine] for key, column in columns.items()})


def snapshot(multimeter: Any) -> Snapshot:
    """Keep the present parameters of what a multimeter records, before they are changed.

    Parameters
    ----------
    multimeter : NodeCollection
        The live multimeter, or several.

    Returns
    -------
    Snapshot
        For ``to_segment(multimeter, past=[...])``: it holds until the time at which it was taken.

    Examples
    --------
    The block of a current in the middle of a run::

        nest.Simulate(100.0)
        before = adapters.nest.snapshot(multimeter)
        neurons.g_Na = 0.0
        nest.Simulate(100.0)
        segment = adapters.nest.to_segment(multimeter, past=before)
    """
    if not is_live(multimeter):
        raise ArgumentTypeError(
            f"snapshot takes a live multimeter, not {type(multimeter).__name__}: NEST is asked for the "
            "parameters of the neurons that it records."
        )
    nest = require("nest", "nest", "Reading a NEST multimeter")
    targets = [np.atleast_1d(nest.GetConnections(source=one).get("target")) for one in multimeter]
    return Snapshot(nest, np.unique(np.concatenate(targets)).tolist())


def _status(nest: Any, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    return {int(number): nest.NodeCollection([int(number)]).get() for number in numbers}


def _links(nest: Any, nodes: Sequence[int], sources: Sequence[int] | None) -> dict[str, np.ndarray]:
    empty = {key: np.array([]) for key in _LINK}
    if sources is not None and not len(sources):
        return empty
    targets = nest.NodeCollection(list(nodes))
    if sources is None:
        found = nest.GetConnections(target=targets, synapse_model="gap_junction")
    else:
        found = nest.GetConnections(source=nest.NodeCollection(list(sources)), target=targets)
    if not len(found):
        return empty
    columns = found.get(list(_LINK))
    return {key: np.array(as_list(columns[key], len(found))) for key in _LINK}
