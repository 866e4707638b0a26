"""What is known of a NEST model: its recordables, what can be derived, and how its balance closes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from neo_currentscape.adapters.nest import derived as d
from neo_currentscape.adapters.nest.courses import Rule
from neo_currentscape.adapters.nest.derived import Derived


@dataclass(frozen=True)
class Variable:
    """What a recordable is.

    Attributes
    ----------
    role : str
        One of `neo_currentscape.conventions.roles.ROLES`.
    unit : str
        "dimensionless" where it has none.
    positive : {"outward", "inward"} or None
        Direction of positive values of a current.
    total_of : str
        Pattern of the variables that this one is the sum of; where all of them were recorded, it is
        put aside (role "other") so that nothing counts twice.
    site : str or None
        Compartment.
    name : str or None
        Name of the signal, where it is not that of the recordable.
    """

    role: str
    unit: str = "dimensionless"
    positive: str | None = None
    total_of: str = ""
    site: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Model:
    """What is known of a model.

    Attributes
    ----------
    variables : dict of str to Variable
        By name, or by a pattern that matches the whole name.
    derived : tuple of Derived
        Currents that can be computed.
    indexed : tuple of (pattern, name, parameter)
        Synaptic currents of models with any number of receptors: for each recorded conductance that
        matches, the current ``name.format(index)`` with one of the reversal potentials in `parameter`.
    capacitance : dict of site to (parameter, unit)
        What dV/dt is multiplied by; empty where the balance cannot be closed.
    fixed_capacitance : float or None
        In pF, where it is no parameter.
    currents : str
        Unit of the currents.
    injected : dict of site to parameter
        Parameters that hold a constant injected current.
    ports : dict of int to site
        Where current generators inject, by receptor as their connections have it. Others (the 1 of
        iaf_psc_exp) filter the current, and it is recorded as a synaptic one.
    stimulus_at_once : bool
        Whether an injected current acts already in the step that ends at the time it is meant for.
    gap_junctions : bool
        Whether the model takes part in gap junctions.
    reset : str
        How spikes show in V: a key of `neo_currentscape.adapters.nest.clamped.RULES`.
    courses : dict of str to Rule
        How variables run between two samples, by name or by a pattern whose group is the number of a
        receptor, from 1 on. What is not named here is smooth.
    smooth : bool
        Whether V is never set, so that it has no kinks.
    unrecorded : {"", "flows", "jumps"}
        Whether the model has synapses of which NEST records nothing: it makes their current flow, or
        V jump at the end of a step. It is then what is left of the balance.
    without : str
        Why the model has no membrane currents, where it has none.
    complete : callable, optional
        ``complete(parameters, number of nodes, step)`` makes of the known ones all that the model has.
    asked : tuple of str
        Parameters that it makes them of.
    untold : tuple of (str, str)
        Currents that nothing recorded tells, and why.
    """

    variables: Mapping[str, Variable]
    derived: tuple[Derived, ...] = ()
    indexed: tuple[tuple[str, str, str], ...] = ()
    capacitance: Mapping[str | None, tuple[str, str]] = field(default_factory=lambda: {None: ("C_m", "pF")})
    fixed_capacitance: float | None = None
    currents: str = "pA"
    injected: Mapping[str | None, str] = field(default_factory=lambda: {None: "I_e"})
    ports: Mapping[int, str | None] = field(default_factory=lambda: {0: None})
    stimulus_at_once: bool = False
    gap_junctions: bool = False
    reset: str = "none"
    courses: Mapping[str, Rule] = field(default_factory=dict)
    smooth: bool = False
    unrecorded: str = ""
    without: str = ""
    complete: Callable[[Mapping[str, Any], int, float | None], dict[str, Any]] | None = None
    asked: tuple[str, ...] = ()
    untold: tuple[tuple[str, str], ...] = ()

    def rule(self, name: str) -> Rule:
        """How a variable runs between two samples."""
        if name in self.courses:
            return self.courses[name]
        for pattern, rule in self.courses.items():
            match = re.fullmatch(pattern, name)
            if match:
                return rule.at(int(match.group(1)) - 1)
        return Rule()

    def variable(self, name: str) -> Variable | None:
        """Look a recordable up; None where the table does not know it."""
        if name in self.variables:
            return self.variables[name]
        for pattern, variable in self.variables.items():
            if re.fullmatch(pattern, name):
                return variable
        return None

    def derivable(self, recorded: Iterable[str]) -> list[Derived]:
        """The currents that belong to the model, for the receptors that were recorded."""
        found = list(self.derived)
        for pattern, name, parameter in self.indexed:
            for g in recorded:
                match = re.fullmatch(pattern, g)
                if match:
                    index = int(match.group(1))
                    found.append(d.synapse(name.format(index), g, parameter, index=index - 1))
        return found
