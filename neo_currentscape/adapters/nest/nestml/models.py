"""What the adapter has to know of a model, from its equations and from what was recorded of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters.nest.clamped import WRITTEN
from neo_currentscape.adapters.nest.courses import Rule
from neo_currentscape.adapters.nest.model import Model, Variable
from neo_currentscape.adapters.nest.nestml import courses
from neo_currentscape.adapters.nest.nestml.equations import Equations, voltage_of
from neo_currentscape.adapters.nest.nestml.evaluate import Untold
from neo_currentscape.adapters.nest.nestml.flows import (
    CAPACITANCE,
    VOLTAGE,
    Flow,
    Membrane,
    derived,
    direction_of,
    flows_of,
)
from neo_currentscape.adapters.nest.nestml.terms import Term, terms_of
from neo_currentscape.conventions import roles
from neo_currentscape.conventions.errors import ArgumentError

RESET, REFRACTORY, REST = WRITTEN


@dataclass(frozen=True)
class Parts:
    """A model's equation of the voltage, sorted.

    Attributes
    ----------
    membrane : Membrane
    electrodes : tuple of Term
        What is injected.
    flows : tuple of Flow
    jumps : bool
        Whether spikes make V jump.
    """

    membrane: Membrane
    electrodes: tuple[Term, ...]
    flows: tuple[Flow, ...]
    jumps: bool


def parts_of(equations: Equations) -> Parts:
    """Sort the terms of dV/dt.

    Raises
    ------
    ArgumentError
        When the model has no membrane potential.
    """
    voltage = voltage_of(equations)
    terms = terms_of(equations, voltage)
    deltas = [
        t for t in terms if any(courses.is_delta(equations, n) for n in equations.variables(*t.nodes))
    ]
    electrodes = [term for term in terms if _is_electrode(equations, term)]
    membrane = Membrane(equations, voltage, _capacity(equations, terms, electrodes, voltage))
    rest = [term for term in terms if term not in deltas and term not in electrodes]
    added = any(m.variable == voltage and m.port and not m.direct for m in equations.assignments)
    stepped = any(
        m.variable == voltage and not m.direct and equations.names(m.expression) & _ports(equations)
        for m in equations.assignments
    )
    return Parts(
        membrane, tuple(electrodes), tuple(flows_of(membrane, rest)), bool(deltas) or added or stepped
    )


def _ports(equations: Equations) -> set[str]:
    known = {*equations.states, *equations.defaults, *equations.inlines, *equations.inputs}
    names = {n for made in equations.assignments for n in equations.names(made.expression)}
    return {name for name in names if name not in known and not name.endswith("()")}


def _is_electrode(equations: Equations, term: Term) -> bool:
    """Whether a term is a continuous input or a parameter in the unit of a current."""
    lone = term.lone(equations)
    if lone is None or lone[0] in equations.states or lone[0] in equations.inlines:
        return False
    return lone[0] in equations.inputs or equations.units.get(lone[0]) == "pA"


def _capacity(
    equations: Equations, terms: Sequence[Term], electrodes: Sequence[Term], voltage: str
) -> Term | None:
    """What a current is multiplied by: of electrodes, of states, of inline expressions; else of 1 / C."""
    for term in (*electrodes, *terms):
        lone = term.lone(equations)
        if lone is not None and lone[0] != voltage and _is_current(equations, lone[0]):
            return Term(1, lone[1])
    for term in terms:
        for enclosing in term.path:
            if equations.units.get(enclosing.name) == "pA":
                return Term(1, enclosing.factors)
    for term in terms:
        for node, divides in term.factors:
            if divides and any(equations.units.get(name) == "pF" for name in equations.names(node)):
                return Term(1, ((node, True),))
    return None


def _is_current(equations: Equations, name: str) -> bool:
    return equations.units.get(name) == "pA" or name in equations.inputs


def model_of(equations: Equations, recorded: Collection[str]) -> Model:
    """What the adapter has to know of neurons of which some variables were recorded.

    Parameters
    ----------
    equations : Equations
    recorded : collection of str
        With ``V_m`` for the membrane potential.
    """
    parts = parts_of(equations)
    currents, totals, hidden = _choose(parts, recorded)
    unit, of_capacitance = parts.membrane.units
    injected, other = _injected(parts)
    rules = {name: courses.course(equations, name, equations.with_defaults({}))[0] for name in recorded}
    for name in set(recorded) & equations.recordable:
        rules[name] = _rule_of_inline(equations, name)
    moved = _is_set(equations, parts.membrane.voltage)
    return Model(
        _variables(parts, recorded, currents, totals),
        (*(derived(parts.membrane, f) for f in currents if f.recordable not in recorded), *other),
        capacitance={None: (CAPACITANCE, of_capacitance)},
        currents=unit,
        injected={None: injected} if injected else {},
        ports={0: None} if equations.inputs else {},
        reset="as written" if moved else "none",
        courses={name: rule for name, rule in rules.items() if rule.kind != "straight" and name != VOLTAGE},
        smooth=not moved,
        unrecorded="jumps" if parts.jumps else "",
        complete=completion(parts),
        asked=equations.parameters,
        untold=tuple(hidden),
    )


def _choose(
    parts: Parts, recorded: Collection[str]
) -> tuple[list[Flow], dict[str, str], list[tuple[str, str]]]:
    """The currents to show, sums in the place of parts that were not recorded, and what nothing tells."""
    equations, voltage = parts.membrane.equations, parts.membrane.voltage
    currents = list(parts.flows)
    totals: dict[str, str] = {}

    def can_be_told(flow: Flow) -> bool:
        needs = {VOLTAGE if name == voltage else name for name in flow.variables(equations)}
        return flow.recordable in recorded or needs <= set(recorded)

    for name in sorted(equations.recordable & set(recorded)):
        below = [flow for flow in currents if any(e.name == name for t in flow.terms for e in t.path)]
        if len(below) < 2 or all(can_be_told(flow) for flow in below):
            continue
        first = next(e for t in below[0].terms for e in t.path if e.name == name)
        direction = direction_of(parts.membrane, Term(first.sign, first.factors))
        if direction is not None:
            totals[name] = direction
            currents = [flow for flow in currents if flow not in below]
    hidden = [
        (flow.name, _hidden(equations, flow))
        for flow in currents
        if not can_be_told(flow) and flow.variables(equations) & equations.unrecordable
    ]
    names = {name for name, _ in hidden}
    return [flow for flow in currents if flow.name not in names], totals, hidden


def _hidden(equations: Equations, flow: Flow) -> str:
    listed = ", ".join(repr(name) for name in sorted(flow.variables(equations) & equations.unrecordable))
    return (
        f"{flow.name} of {equations.name} needs {listed}, which NEST does not record: declare it as a "
        f"'recordable inline' in the file, and record it."
    )


def _variables(
    parts: Parts, recorded: Collection[str], currents: Sequence[Flow], totals: Mapping[str, str]
) -> dict[str, Variable]:
    equations = parts.membrane.equations
    unit, _ = parts.membrane.units
    found = {name: _other(equations, name) for name in recorded}
    found[VOLTAGE] = Variable("voltage", "mV", name=parts.membrane.voltage)
    for flow in currents:
        if flow.recordable in recorded:
            found[str(flow.recordable)] = Variable("current", unit, flow.positive)
    for name, direction in totals.items():
        found[name] = Variable("current", unit, direction)
    return found


def _other(equations: Equations, name: str) -> Variable:
    """What is recorded and is no current of the membrane by itself."""
    unit = equations.units.get(name, "")
    if unit == "nS":
        return Variable("conductance", "nS")
    role = roles.read_role(name, "dimensionless").role
    return Variable("gate" if not unit and role == "gate" else "other", unit or "dimensionless")


def _rule_of_inline(equations: Equations, name: str) -> Rule:
    """How a recorded expression runs: as its synapse does, or as the samples of several show."""
    known = equations.with_defaults({})
    own = [
        courses.course(equations, n, known)[0] for n in sorted(equations.variables(equations.inlines[name]))
    ]
    moving = [rule for rule in own if rule.taus]
    if len(moving) == 1:
        return moving[0]
    jumps = any(rule.kind == "decaying" for rule in moving)
    return Rule("decaying", (f"tau of {name}",)) if jumps else Rule()


def _injected(parts: Parts) -> tuple[str, list[Any]]:
    """The parameter that holds a constant injected current, and others, which are computed."""
    equations, found, other = parts.membrane.equations, "", []
    for term in parts.electrodes:
        name, rest = term.lone(equations) or ("", ())
        if name in equations.inputs:
            continue
        if not found and direction_of(parts.membrane, Term(term.sign, rest)) == "inward":
            found = name
        else:
            other.append(derived(parts.membrane, Flow(name, (term,))))
    return found, other


def _is_set(equations: Equations, voltage: str) -> bool:
    """Whether anything but the equations moves or holds the potential."""
    held = any(moved and voltage not in moved for moved in equations.integrated)
    return held or any(made.variable == voltage for made in equations.assignments)


def completion(parts: Parts) -> Callable[[Mapping[str, Any], int, float | None], dict[str, np.ndarray]]:
    """What makes all parameters of some neurons from those that are known."""
    equations, voltage = parts.membrane.equations, parts.membrane.voltage

    def complete(given: Mapping[str, Any], number: int, step: float | None) -> dict[str, np.ndarray]:
        known = equations.with_defaults(given, step)
        try:
            found = {**known, CAPACITANCE: parts.membrane.capacitance(known)}
        except Untold as cause:
            raise ArgumentError(
                f"The capacitance of {equations.name} needs {cause}, of which the file has no number: give "
                f"it as parameters={{'{cause}': ...}}."
            ) from cause
        for name in {n for f in parts.flows for n in f.variables(equations)}:
            found.update(courses.course(equations, name, known)[1])
        found.update(_setting(equations, voltage, known))
        return {name: _of_each(value, number) for name, value in found.items() if np.ndim(value) < 2}

    return complete


def _of_each(value: Any, number: int) -> np.ndarray:
    return np.array(np.broadcast_to(np.asarray(value, dtype=float), number))


def _setting(equations: Equations, voltage: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What V is set to at a spike, for how long, and where it begins."""
    evaluation = equations.evaluation(known)
    found: dict[str, Any] = {RESET: np.nan, REFRACTORY: 0.0, REST: np.nan}
    for made in equations.assignments:
        if made.port or not made.direct or not equations.is_constant(made.expression):
            continue
        try:
            if made.variable == voltage:
                found[RESET] = evaluation.of(made.expression)
            elif equations.units.get(made.variable) == "ms" and made.variable in equations.states:
                found[REFRACTORY] = evaluation.of(made.expression)
        except Untold:
            continue
    with contextlib.suppress(Untold, AttributeError):
        found[REST] = evaluation.of(equations.states[voltage])
    return found
