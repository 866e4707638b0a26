"""The neurons of one model: what was recorded of them, what is injected, and where V is clamped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import quantities as pq

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.nest import clamped
from neo_currentscape.adapters.nest.clamped import Marks
from neo_currentscape.adapters.nest.courses import Means, Sampling
from neo_currentscape.adapters.nest.describe import describe
from neo_currentscape.adapters.nest.grid import Grid
from neo_currentscape.adapters.nest.model import Model, Variable
from neo_currentscape.adapters.nest.parameters import Parameters, per_neuron
from neo_currentscape.adapters.signals import Clock, Stretches, Writer
from neo_currentscape.recording.clamped import stretches


@dataclass(frozen=True)
class Group:
    """The recorded neurons of one model, sampled at the same times.

    Attributes
    ----------
    name : str or None
        Name of the model, None where it is not known.
    model : Model or None
        Its entry in the table.
    nodes : ndarray of int, shape (node,)
    grid : Grid
        Holds the variables of these nodes, and maybe of others.
    parameters : dict of str to ndarray
        Those that are known, for all of the nodes.
    told : bool
        Whether the parameters can be read or were given, so that derived currents are expected.
    sampling : Sampling
    """

    name: str | None
    model: Model | None
    nodes: np.ndarray
    grid: Grid
    parameters: Parameters
    told: bool
    sampling: Sampling

    @property
    def recorded(self) -> dict[str, np.ndarray]:
        """The nodes of this group that each variable was recorded of."""
        found = {}
        for name, channels in self.grid.variables.items():
            nodes = channels.nodes
            if not np.array_equal(nodes, self.nodes):
                nodes = np.intersect1d(nodes, self.nodes)
            if len(nodes):
                found[name] = nodes
        return found

    @property
    def lacks(self) -> str | None:
        """Why there may be no currents; said where somebody asks for them."""
        give = "parameters=neurons.get() (or the live multimeter) in nest.to_segment"
        if self.name is None:
            return f"the events do not tell the model: write model='...' and {give}"
        if self.model is not None and self.model.without:
            return f"model {self.name!r} has none, as {self.model.without}"
        if self.name == "cm_default" and not self.told:
            return (
                "those of cm_default are derived from what was assigned to it: write parameters="
                "{'compartments': [...], 'receptors': [...], 'currents': 'nA'} in nest.to_segment"
            )
        if self.model is not None and not self.told:
            return f"those of {self.name} are derived, or need its parameters: write {give}"
        return None

    def writer(self) -> Writer:
        """Makes the signals of the group."""
        notes: dict[str, Any] = {} if self.name is None else {"model": self.name}
        if self.lacks is not None:
            notes["lacks"] = self.lacks
        return Writer(Clock(self.grid.times), **notes)

    def values(self, name: str, nodes: np.ndarray) -> np.ndarray:
        """Recorded values, shape (time, node)."""
        return self.grid.variables[name].of(nodes)

    def of(self, nodes: np.ndarray, names: Sequence[str]) -> Parameters:
        """Parameters of some of the nodes."""
        if np.array_equal(nodes, self.nodes):
            return {name: self.parameters[name] for name in names}
        at = np.searchsorted(self.nodes, nodes)
        return {name: self.parameters[name][at] for name in names}

    @cached_property
    def marks(self) -> Marks | None:
        """Where NEST sets V, of all nodes; None where it never does, or where too little is known."""
        model = self.model
        if model is None or model.reset not in clamped.RULES or len(self.grid.times) < 2:
            return None
        rule, needed, helpful = clamped.RULES[model.reset]
        voltage = "V_m.s" if model.reset == "soma reset" else "V_m"
        recorded = self.recorded
        if not np.array_equal(recorded.get(voltage, ()), self.nodes):
            return None
        if any(name not in self.parameters for name in needed):
            return None
        values = {"times": self.grid.times[:, None], voltage: self.values(voltage, self.nodes)}
        if np.array_equal(recorded.get("theta", ()), self.nodes):
            values["theta"] = self.values("theta", self.nodes)
        known = [*needed, *(name for name in helpful if name in self.parameters)]
        return rule(values, self.of(self.nodes, known), self.sampling)

    def means(self, names: Sequence[str], nodes: np.ndarray) -> Means:
        """What variables of some of the nodes are on average over the intervals between samples."""
        assert self.model is not None
        rules = {name: self.model.rule(name) for name in names}
        known = self.of(nodes, list(self.parameters))
        reset, spikes = self._marked(nodes)
        values = {name: self._at_its_time(name, rule.kind, nodes) for name, rule in rules.items()}
        return Means(
            values,
            {name: rule.course(known, self.sampling, values[name]) for name, rule in rules.items()},
            self.grid.times,
            self.sampling.interval,
            reset,
            spikes,
            frozenset(name for name, rule in rules.items() if rule.kind == "jumps at spikes"),
            frozenset(name for name, rule in rules.items() if rule.kind == "decaying from spikes"),
            smooth=self.model.smooth and self.sampling.number == 1,
            every=self.sampling.number == 1,
        )

    def _marked(self, nodes: np.ndarray) -> tuple[np.ndarray | None, np.ndarray | None]:
        """The intervals of some of the nodes at whose end V is set, and those with a spike there."""
        if self.marks is None:
            return None, None
        at = np.searchsorted(self.nodes, nodes)
        reset, spikes = self.marks.reset, self.marks.spikes
        chosen = [m if m is None or len(at) == len(self.nodes) else m[:, at] for m in (reset, spikes)]
        return chosen[0], chosen[0] if spikes is None else chosen[1]

    def _at_its_time(self, name: str, kind: str, nodes: np.ndarray) -> np.ndarray:
        """The values of a variable at the samples, where NEST records those of another time."""
        values = self.values(name, nodes)
        if self.marks is None or kind not in ("before spikes", "shifted"):
            return steps.following(values) if kind == "shifted" and self.sampling.number == 1 else values
        at = np.searchsorted(self.nodes, nodes)
        if kind == "before spikes":
            after = np.zeros(values.shape, dtype=bool)
            after[1:] = self.marks.reset[:-1, at]
            return np.where(after, steps.following(values), values)
        if self.sampling.number > 1:
            return values
        # It is not brought up to date while V is held, of which nothing is known.
        return _bridged(steps.following(values), self.marks.held[:, at])


def add_recorded(
    writer: Writer, group: Group, units: Mapping[str, Any] | None, sign: Mapping[str, str] | None
) -> None:
    """Add what was recorded.

    Parameters
    ----------
    writer : Writer
    group : Group
    units, sign : mapping, optional
        What the caller says of variables.
    """
    recorded = group.recorded
    what = {
        name: describe(name, group.name, group.model, (units or {}).get(name), (sign or {}).get(name))
        for name in recorded
    }
    for name, variable in list(what.items()):
        if variable.total_of:
            what.update(_without_double_counting(group, name, what))
    for name, nodes in recorded.items():
        _add_variable(writer, group, name, what[name], nodes)


def _without_double_counting(group: Group, total: str, what: Mapping[str, Variable]) -> dict[str, Variable]:
    """Put the total aside where its parts are all there, else the parts."""
    parts = [name for name in what if re.fullmatch(what[total].total_of, name)]
    if not parts:
        return {}
    nodes = group.recorded[total]
    if any(not np.array_equal(group.recorded[name], nodes) for name in parts):
        complete = False
    else:
        whole = group.values(total, nodes)
        apart = whole - sum(group.values(name, nodes) for name in parts)
        # The ascii backend rounds to 0.001 unless told otherwise.
        complete = np.abs(apart).max() <= 1e-6 * np.abs(whole).max() + 1e-3 * (len(parts) + 1)
    aside = [total] if complete else parts
    return {name: replace(what[name], role="other", positive=None) for name in aside}


def _add_variable(writer: Writer, group: Group, name: str, variable: Variable, nodes: np.ndarray) -> None:
    arrays: dict[str, Any] = {}
    notes: dict[str, Any] = {}
    if variable.role == "voltage" and group.model is not None:
        arrays, notes = _for_the_balance(group, variable.site, nodes)
    # Events alone, without parameters, are handed on as they are.
    averaged = variable.role in ("current", "electrode") and group.told and _is_known(group, name)
    writer.add(
        variable.name or name,
        group.means([name], nodes).of(name) if averaged else group.values(name, nodes),
        variable.unit,
        variable.role,
        variable.positive,
        neurons=nodes,
        site=variable.site,
        arrays=arrays,
        **notes,
    )


def _is_known(group: Group, name: str) -> bool:
    return group.model is not None and group.model.variable(name) is not None


def _for_the_balance(
    group: Group, site: str | None, nodes: np.ndarray
) -> tuple[dict[str, Any], dict[str, Any]]:
    assert group.model is not None
    rule: dict[str, Any] = {"derivative": "forward"}
    if group.sampling.number > 1:
        rule["resolution"] = group.sampling.step * pq.ms
    elif group.told and not group.model.smooth:
        rule["means"] = True
    if group.model.fixed_capacitance is not None:
        return {}, {"capacitance": group.model.fixed_capacitance * pq.pF, **rule}
    parameter, unit = group.model.capacitance.get(site, ("", ""))
    if parameter not in group.parameters:
        return {}, {}
    capacitance = per_neuron(group.of(nodes, [parameter])[parameter], unit)
    if capacitance.ndim:
        return {"capacitance": capacitance}, rule
    return {}, {"capacitance": capacitance, **rule}


def add_injected(writer: Writer, group: Group, stimulus: Mapping[str | None, np.ndarray] | None) -> None:
    """Add constant and generated electrode currents, without those that are 0 throughout.

    Parameters
    ----------
    writer : Writer
    group : Group
    stimulus : mapping of site to ndarray of shape (time, node), optional
        What generators inject, inward positive.
    """
    if group.model is None:
        return
    shape = (len(group.grid.times), len(group.nodes))
    found = []
    for site, parameter in group.model.injected.items():
        constant = group.parameters.get(parameter)
        if constant is not None and constant.any():
            found.append((parameter.rpartition(".")[2], site, np.tile(constant, (shape[0], 1))))
    for site, current in (stimulus or {}).items():
        if current.any():
            found.append(("I_stim", site, current))
    for name, site, values in found:
        writer.add(
            name,
            values,
            group.model.currents,
            "electrode",
            "inward",
            neurons=group.nodes,
            site=site,
            derived=True,
        )


def clamped_stretches(group: Group) -> list[Stretches]:
    """Stretches in which NEST sets V.

    Returns
    -------
    list of (starts, stops, nodes)
        Starts, stops (ms) and node ids; nothing where V is always free, or where too little is known.
    """
    if group.marks is None:
        return []
    starts, stops, columns = stretches(group.marks.held, group.grid.times)
    return [(starts, stops, group.nodes[columns])]


def _bridged(values: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The values with straight lines over what is not known, neuron by neuron."""
    out = values.copy()
    row = np.arange(len(values))
    for column in np.flatnonzero(unknown.any(axis=0) & ~unknown.all(axis=0)):
        bad = unknown[:, column]
        out[bad, column] = np.interp(row[bad], row[~bad], values[~bad, column])
    return out
