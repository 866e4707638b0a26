"""Finding the recorded values of a variable for given neurons, however Neo has stored them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import neo
import numpy as np

from neo_currentscape.adapters.pynn import trains
from neo_currentscape.adapters.pynn.backends import stored
from neo_currentscape.adapters.pynn.trains import Trains
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import SelectionError, SignalError, warn
from neo_currentscape.recording import time_checks, values
from neo_currentscape.recording.inventory import signals_of


@dataclass(frozen=True)
class Group:
    """The recordings of one population in a Segment.

    Attributes
    ----------
    segment : neo.Segment
        Which may hold other populations too.
    description : dict
        Of the population.
    offset : int
        What ``channel_index`` has in front of the index in the population (assemblies).
    """

    segment: neo.Segment
    description: Mapping[str, Any]
    offset: int = 0

    @property
    def label(self) -> str:
        """Name of the population, for errors."""
        return repr(self.description["label"])

    @cached_property
    def trains(self) -> Trains:
        """The spike trains of the population."""
        return trains.read(self.segment, self.description)

    def neurons(self, signal: Any) -> np.ndarray:
        """Index in the population of every channel of a signal, out of range for other populations.

        Raises
        ------
        SignalError
            When the signal does not tell.
        """
        index = signal.array_annotations.get("channel_index")
        if index is None or len(index) != signal.shape[1]:
            raise SignalError(
                f"Signal {signal.name!r} has no array annotation 'channel_index' and so does not tell its "
                "neurons apart: save PyNN's data in a format that keeps it (.nix or .pkl)."
            )
        return np.asarray(index).astype(int) - self.offset

    def columns_of(self, signal: Any) -> np.ndarray:
        """The channels of a signal that belong to the population."""
        neurons = self.neurons(signal)
        return np.flatnonzero((neurons >= 0) & (neurons < self.description["size"]))

    def signals(self, name: str) -> list[Any]:
        """The signals of a name with a channel of the population, in a fixed order."""
        found = [s for s in signals_of(self.segment) if s.name == name]
        found = [s for s in found if len(self.columns_of(s))]
        return sorted(found, key=lambda s: self.neurons(s).tolist())

    def voltages(self) -> list[Any]:
        """The signals of the membrane potential; those of several ranks, where sampled together, as one."""
        found = self.signals("v")
        if len(found) < 2 or any(_apart(found[0], signal) for signal in found[1:]):
            return found
        arrays = [np.asarray(signal.array_annotations["channel_index"]) for signal in found]
        numbers = np.concatenate([values.magnitudes(signal) for signal in found], axis=1)
        index = {"channel_index": np.concatenate(arrays)}
        return [values.like(found[0], numbers, found[0].units, "v", array_annotations=index)]

    def stored(self, variable: str) -> Any:
        """Name, unit and sign of a variable in this data."""
        celltype = self.description["celltype"]
        return stored(self.description["simulator"], celltype, variable)


def _apart(first: Any, other: Any) -> bool:
    """Whether two signals were not sampled at the same times."""
    try:
        time_checks.check_same_times(first, other, "v", "v")
    except SignalError:
        return True
    return False


def variable(group: Group, name: str, like: Any) -> tuple[np.ndarray, np.ndarray]:
    """Read a variable at the times of another signal.

    Parameters
    ----------
    group : Group
        Where to look.
    name : str
        A key of `neo_currentscape.adapters.pynn.models.VARIABLES`, or "<receptor>.gsyn".
    like : neo signal
        The voltage.

    Returns
    -------
    neurons : ndarray of int, shape (neuron,)
        Index in the population of each column.
    values : ndarray of float64, shape (time, neuron)
        In the units and direction that the formulas take.

    Raises
    ------
    SelectionError
        When it was not recorded; says how to.
    """
    how = group.stored(name)
    found = group.signals(how.name)
    if not found and name in group.description.get("unused", ()):
        return _unused(group, how.name, like)
    if not found:
        raise _not_recorded(group, how.name)
    neurons, columns = [], []
    for signal in found:
        time_checks.check_same_times(like, signal, str(like.name), how.name)
        chosen = group.columns_of(signal)
        neurons.append(group.neurons(signal)[chosen])
        columns.append(values.magnitudes(signal)[:, chosen])
    factor = how.sign * float(units.parse_units(how.units).rescale(_wanted(name)))
    return np.concatenate(neurons), np.concatenate(columns, axis=1) * factor


def _unused(group: Group, name: str, like: Any) -> tuple[np.ndarray, np.ndarray]:
    warn(
        f"Variable {name!r} of population {group.label} was not recorded, and no projection ends on its "
        "receptor: it is taken for zero."
    )
    neurons = group.neurons(like)[group.columns_of(like)]
    return neurons, np.zeros((like.shape[0], len(neurons)))


def _wanted(name: str) -> Any:
    from neo_currentscape.adapters.pynn.models import VARIABLES

    return units.parse_units(VARIABLES[name.rpartition(".")[2]]).units


def _not_recorded(group: Group, name: str) -> SelectionError:
    recorded = sorted({str(signal.name) for signal in signals_of(group.segment)})
    listed = ", ".join(repr(n) for n in recorded) or "nothing"
    return SelectionError(
        f"Variable {name!r} of population {group.label} was not recorded (there is {listed}): call "
        f"pynn.record_currents(population) before the run, or population.record({name!r})."
    )
