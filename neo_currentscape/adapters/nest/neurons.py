"""Model, parameters and injected currents of the recorded neurons: from NEST or from the caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest import clamped, compartments, gaps, models, parameters, stimulus
from neo_currentscape.adapters.nest.courses import Sampling
from neo_currentscape.adapters.nest.events import is_live
from neo_currentscape.adapters.nest.grid import Grid
from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.adapters.nest.model import Model
from neo_currentscape.adapters.nest.nestml.equations import voltage_of
from neo_currentscape.adapters.nest.nestml.find import find
from neo_currentscape.adapters.nest.nestml.flows import VOLTAGE
from neo_currentscape.adapters.nest.nestml.models import model_of
from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import (
    ArgumentError,
    SignalError,
    UnitsError,
    require,
    unknown_name,
)

#: NEST's resolution where nobody sets it, in ms.
DEFAULT_RESOLUTION = 0.1


def kernel(source: Any) -> Any:
    """The running NEST if the source is live, else None."""
    parts = source if isinstance(source, (tuple, list)) else [source]
    if parts and all(is_live(part) for part in parts):
        return require("nest", "nest", "Reading a NEST multimeter")
    return None


@dataclass(frozen=True)
class Neurons:
    """Where to learn about the recorded neurons.

    Attributes
    ----------
    nest : module or None
        The running NEST, None where only events are known.
    model : str, mapping of node id to str, or None
        What the caller says of the models; goes before what NEST says.
    given : mapping or None
        Parameters that the caller gives; likewise.
    resolution : float or None
        Length of a step in ms, where it is known.
    kernels : tuple
        Snapshots of NEST by their time, and the running one as the last; empty stands for `nest` alone.
    written : tuple of Equations
        Models of NESTML, which go before the table.
    """

    nest: Any
    model: str | Mapping[int, str] | None
    given: Mapping[Any, Any] | None
    resolution: float | None = None
    kernels: tuple[Any, ...] = ()
    written: tuple[Any, ...] = ()

    def groups(self, grid: Grid) -> Iterator[Group]:
        """The recorded neurons, those of one model together."""
        for name, nodes in self._models(grid.nodes).items():
            if name == "cm_default":
                yield self._compartmental(nodes, grid)
                continue
            model = None if name is None else models.find(name)
            written = find(self.written, name, known=model is not None)
            if written is not None:
                yield self._as_written(written, name or written.name, nodes, grid)
                continue
            if model is None and self.given is not None:
                raise ArgumentError(
                    f"parameters= are for derived currents of NEST's own models, and the model is "
                    f"{name or 'not told'}: write model=... with a name that NEST has, or leave them out."
                )
            found = {} if model is None else self._parameters(model, nodes, grid)
            told = self.nest is not None or self.given is not None
            yield Group(name, model, nodes, grid, found, told, self.sampling(grid.times))

    def _as_written(self, equations: Any, name: str, nodes: np.ndarray, grid: Grid) -> Group:
        grid = _with_voltage(grid, voltage_of(equations))
        recorded = [n for n, channels in grid.variables.items() if np.isin(channels.nodes, nodes).any()]
        model = model_of(equations, recorded)
        found = self._parameters(model, nodes, grid)
        return Group(name, model, nodes, grid, found, True, self.sampling(grid.times))

    def sampling(self, times: np.ndarray) -> Sampling:
        """How often was sampled; a step is taken for NEST's default where nothing tells its length."""
        if len(times) < 2:
            return Sampling(np.nan)
        interval = float(np.median(np.diff(times)))
        step = self.resolution
        if step is None:
            number = np.rint(interval / DEFAULT_RESOLUTION)
            step = interval / number if abs(number * DEFAULT_RESOLUTION - interval) < 1e-6 else interval
        return Sampling(interval, max(1, int(np.rint(interval / step))))

    def _compartmental(self, nodes: np.ndarray, grid: Grid) -> Group:
        given = self.given or {}
        known = {"compartments", "receptors", "currents"}
        for key in given:
            if key not in known:
                raise unknown_name("parameter of cm_default", key, sorted(known))
        status = {} if self.nest is None else self.nest.NodeCollection(nodes[:1].tolist()).get()
        cells = given.get("compartments", status.get("compartments", ()))
        receptors = given.get("receptors", _in_order(status.get("receptors", ())))
        told = "compartments" in given
        model = compartments.cm_default(grid.variables, cells, receptors, told, given.get("currents", "nA"))
        found = compartments.cm_parameters(cells, receptors, len(nodes)) if told else {}
        return Group("cm_default", model, nodes, grid, found, told, self.sampling(grid.times))

    def _models(self, nodes: np.ndarray) -> Mapping[str | None, np.ndarray]:
        if isinstance(self.model, Mapping):
            return self._models_by_node(self.model, nodes)
        if self.model is not None:
            return {str(self.model): nodes}
        if self.nest is None:
            return {None: nodes}
        return dict(parameters.live_models(self.nest, nodes).items())

    def _models_by_node(self, model: Mapping[int, str], nodes: np.ndarray) -> dict[str | None, np.ndarray]:
        for node in nodes.tolist():
            if node not in model:
                raise ArgumentError(
                    f"model= tells none for node {node}: give one name for all, or one for each recorded "
                    "node."
                )
        names = np.array([model[node] for node in nodes.tolist()])
        return {str(name): nodes[names == name] for name in np.unique(names)}

    def _parameters(self, model: Model, nodes: np.ndarray, grid: Grid) -> parameters.Parameters:
        needed, helpful = [*_needed(model, grid), *model.asked], _helpful(model)
        found = {} if self.nest is None else parameters.live(self.nest, nodes, [*needed, *helpful])
        if self.given is not None:
            told = [name for name in helpful if name.partition(".")[0] in self.given]
            found.update(parameters.given(self.given, nodes, [*needed, *told]))
        if model.complete is not None:
            found = model.complete(found, len(nodes), self.sampling(grid.times).step)
        return found

    def injected(self, group: Group, given: Any) -> dict[str | None, np.ndarray] | None:
        """What generators inject, by site: as the caller gives it, or from the live generators.

        Returns
        -------
        dict of site to ndarray of shape (time, node), or None
            None where nothing tells it.

        Raises
        ------
        SignalError, UnitsError
            When the given current does not fit the samples.
        """
        if group.model is None:
            return {}
        if given is not None:
            return {None: _given_stimulus(given, group)}
        recorded = {variable.role for variable in map(group.model.variable, group.recorded) if variable}
        if "electrode" in recorded:
            return {}
        return None if self.nest is None else self._from_generators(group)

    def through_gaps(self, group: Group) -> np.ndarray | None:
        """The current through gap junctions, shape (time, node); None where there is none."""
        model, voltage = group.model, group.grid.variables.get("V_m")
        if self.nest is None or model is None or not model.gap_junctions or voltage is None:
            return None
        if len(np.setdiff1d(group.nodes, voltage.nodes)):
            return None
        return gaps.current(self.nest, group.nodes, voltage)

    def has_gaps(self, group: Group) -> bool:
        """Whether there are gap junctions to the neurons of a group."""
        if self.nest is None or group.model is None or not group.model.gap_junctions:
            return False
        return len(gaps.links(self.nest, group.nodes)) > 0

    def _from_generators(self, group: Group) -> dict[str | None, np.ndarray] | None:
        assert group.model is not None
        times = group.grid.times
        # At once: in the step that ends at its time, not in the next.
        if group.model.stimulus_at_once:
            times = times + group.sampling.step
        found, unknown = stimulus.injected(self.kernels or (self.nest,), group.nodes, times, group.sampling)
        if unknown:
            stimulus.warn_of_noise(unknown)
        sites = group.model.ports
        known = {sites[receptor]: current for receptor, current in found.items() if receptor in sites}
        return None if unknown and not known else known


def _with_voltage(grid: Grid, voltage: str) -> Grid:
    """The same samples, with the membrane potential under the name that it has in NEST's own models."""
    if voltage == VOLTAGE or voltage not in grid.variables:
        return grid
    return Grid(grid.times, {VOLTAGE if name == voltage else name: c for name, c in grid.variables.items()})


def _in_order(receptors: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    # NEST lists them by compartment; their own index is what the recordables are named after.
    return sorted(receptors, key=lambda receptor: receptor["receptor_idx"])


def _needed(model: Model, grid: Grid) -> list[str]:
    names = [name for current in model.derivable(grid.variables) for name in current.parameters]
    names += [parameter for parameter, _ in model.capacitance.values()]
    names += model.injected.values()
    names += clamped.RULES[model.reset][1] if model.reset in clamped.RULES else ()
    return list(dict.fromkeys(names))


def _helpful(model: Model) -> list[str]:
    """Parameters without which a current can be shown, but not averaged over a step or marked."""
    names = [tau.partition("[")[0] for rule in model.courses.values() for tau in rule.taus]
    names += clamped.RULES[model.reset][2] if model.reset in clamped.RULES else ()
    return list(dict.fromkeys(names))


def _given_stimulus(given: Any, group: Group) -> np.ndarray:
    assert group.model is not None
    shape = (len(group.grid.times), len(group.nodes))
    unit = units.parse_units(group.model.currents)
    if not hasattr(given, "dimensionality") or not units.same_dimension(given, unit):
        raise UnitsError(
            f"stimulus= is not in the unit of the currents of {group.name}: give a Quantity in "
            f"{group.model.currents}."
        )
    values = np.asarray(given.rescale(unit.units).magnitude, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    try:
        return np.array(np.broadcast_to(values, shape))
    except ValueError as cause:
        raise SignalError(
            f"stimulus= has shape {values.shape} and the recording {shape} (time, neuron): give one value, "
            "one for each sample, or one for each sample and neuron."
        ) from cause
