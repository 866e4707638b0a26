"""The currents of a model: its terms by name, and what each is over a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.nest.courses import Means, Values
from neo_currentscape.adapters.nest.derived import Derived
from neo_currentscape.adapters.nest.nestml.equations import Equations
from neo_currentscape.adapters.nest.nestml.evaluate import Untold, name_of_port
from neo_currentscape.adapters.nest.nestml.terms import Term, value_of

#: What is left of a model without names: a leak where it is linear in V, else all that rests on V alone.
LEAK, INTRINSIC = "I_L", "I_intrinsic"

#: How the adapter calls the membrane potential, and what dV/dt is multiplied by.
VOLTAGE, CAPACITANCE = "V_m", "capacitance of the membrane"

#: How far a number may be off 1, or a second difference off 0, by rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Membrane:
    """What stands on the left of the equation of the voltage.

    Attributes
    ----------
    equations : Equations
    voltage : str
        NEST's name of the potential.
    capacity : Term or None
        What a current is multiplied by in dV/dt, 1 / C; None where no current is named, and what moves V
        is told in mV, as for a membrane whose time constant is 1 ms.
    """

    equations: Equations
    voltage: str
    capacity: Term | None

    @property
    def units(self) -> tuple[str, str]:
        """The unit of the currents, and of what dV/dt is multiplied by."""
        return ("mV", "ms") if self.capacity is None else ("pA", "pF")

    def capacitance(self, known: Mapping[str, Any]) -> Any:
        """C, in pF (or 1 ms)."""
        if self.capacity is None:
            return 1.0
        return 1.0 / np.abs(value_of(self.equations, self.capacity, known))


@dataclass(frozen=True)
class Flow:
    """One current.

    Attributes
    ----------
    name : str
    terms : tuple of Term
    recordable : str or None
        The variable of NEST that is this current, but for its sign.
    positive : str or None
        The direction of its positive values.
    """

    name: str
    terms: tuple[Term, ...]
    recordable: str | None = None
    positive: str | None = None

    def variables(self, equations: Equations) -> set[str]:
        """What it is computed from, of all that changes in time."""
        return {name for term in self.terms for name in equations.variables(*term.nodes)}

    def parameters(self, equations: Equations) -> set[str]:
        """What it is computed from that does not change."""
        names = {name for term in self.terms for name in equations.names(*term.nodes)}
        return {name for name in names if name in equations.defaults}


def flows_of(membrane: Membrane, terms: Sequence[Term]) -> list[Flow]:
    """The currents that terms make, each with a name of its own."""
    equations, counts = membrane.equations, _terms_in(terms)
    by_name: dict[str, list[Term]] = {}
    alone: list[Term] = []
    for term in terms:
        name = _name(membrane, term, counts)
        if name is None:
            alone.append(term)
        else:
            by_name.setdefault(name, []).append(term)
    if alone:
        name = LEAK if _is_linear(membrane, alone) else INTRINSIC
        while name in by_name:
            name += "_rest"
        by_name = {name: alone, **by_name}
    return [_with_recordable(membrane, Flow(name, tuple(own)), equations) for name, own in by_name.items()]


def _terms_in(terms: Sequence[Term]) -> dict[str, int]:
    """How many terms stand in each inline expression."""
    names = [enclosing.name for term in terms for enclosing in term.path]
    return {name: names.count(name) for name in names}


def _name(membrane: Membrane, term: Term, counts: Mapping[str, int]) -> str | None:
    """The name of a term's current: its inline expression's, its variable's, or its input's."""
    equations = membrane.equations
    whole = [enclosing.name for enclosing in term.path if counts[enclosing.name] == 1]
    if whole:
        return whole[0]
    lone = term.lone(equations)
    if lone is not None and lone[0] != membrane.voltage and equations.units.get(lone[0]) != "nS":
        return lone[0]
    others = sorted(equations.variables(*term.nodes) - {membrane.voltage})
    if not others:
        return None
    outer = term.path[-1].name if term.path else ""
    return _of_variable(equations, others, outer)


def _of_variable(equations: Equations, names: Sequence[str], outer: str) -> str:
    for name in names:
        port = name_of_port(name.partition("__X__")[2]) or _port_of(equations, name)
        if port:
            return f"{outer or 'I_syn'}_{port}"
    plain, before = names[0].removeprefix("g_"), outer.removeprefix("I_")
    return f"I_{plain}" if not outer or plain.startswith(before) else f"{outer}_{plain}"


def _port_of(equations: Equations, name: str) -> str:
    """The input that a state is changed by, itself or its slope."""
    ports = [made.port for made in equations.assignments if made.variable.startswith(name) and made.port]
    return name_of_port(ports[0]) if ports else ""


def _is_linear(membrane: Membrane, terms: Sequence[Term]) -> bool:
    """Whether the sum of terms that rest on V alone is a leak, in a range in which no V is bounded."""
    equations = membrane.equations
    known = equations.with_defaults({})
    v = np.array([-80.0, -70.0, -60.0])
    try:
        total = sum(value_of(equations, t, {**known, membrane.voltage: v}) for t in terms) + 0 * v
    except Untold:
        return False
    slope = total[1] - total[0]
    return bool(slope < 0 and abs(total[2] - total[1] - slope) < 1e-6 * abs(slope))


def _with_recordable(membrane: Membrane, flow: Flow, equations: Equations) -> Flow:
    """Find the variable that holds the current, and its direction."""
    if len(flow.terms) != 1:
        return flow
    term = flow.terms[0]
    candidates = [
        (enclosing.name, Term(enclosing.sign, enclosing.factors))
        for enclosing in reversed(term.path)
        if enclosing.name == flow.name and enclosing.name in equations.recordable
    ]
    lone = term.lone(equations)
    if lone is not None and lone[0] in equations.states and lone[0] != membrane.voltage:
        candidates.append((lone[0], Term(term.sign, lone[1])))
    for name, rest in candidates:
        direction = direction_of(membrane, rest)
        if direction is not None:
            return Flow(flow.name, flow.terms, name, direction)
    return flow


def direction_of(membrane: Membrane, rest: Term) -> str | None:
    """Where positive values flow of what dV/dt holds with a factor; None where that is not 1 / C."""
    equations = membrane.equations
    given = {n: x for n, x in equations.with_defaults({}).items() if n in equations.parameters}
    # With two sets of parameters, so that 1 is no chance.
    others = {name: x * 1.37 ** (1 + at % 7) for at, (name, x) in enumerate(given.items())}
    found = set()
    for known in (equations.with_defaults(given), equations.with_defaults(others)):
        try:
            factor = float(value_of(equations, rest, known) * membrane.capacitance(known))
        except (Untold, TypeError, ZeroDivisionError):
            return None
        if abs(abs(factor) - 1) > _ROUNDING:
            return None
        found.add("inward" if factor > 0 else "outward")
    return found.pop() if len(found) == 1 else None


def derived(membrane: Membrane, flow: Flow) -> Derived:
    """The current of a flow, computed from recorded variables.

    Where one synapse scales it, its mean is that of a product; else it is that of its values at both ends
    of the step.
    """
    equations, voltage = membrane.equations, membrane.voltage
    needs = tuple(sorted(flow.variables(equations) - {voltage}))

    def outward(values: Values, p: Values) -> np.ndarray:
        with np.errstate(over="ignore", divide="ignore"):
            rate: Any = sum(value_of(equations, term, {**p, **values}) for term in flow.terms)
        return np.asarray(-rate * p[CAPACITANCE] + 0.0 * values[voltage])

    def formula(means: Means, p: Values) -> np.ndarray:
        begin = {name: means.values[name] for name in needs}
        begin[voltage] = means.values[VOLTAGE]
        end = {name: means.at_end(name) for name in needs}
        end[voltage] = means.ends(begin[voltage])
        scaling = [name for name in needs if name in means.courses and name not in means.jumping]
        if len(scaling) == 1:
            product = _of_product(outward, begin, end, p, scaling[0], means)
            if product is not None:
                return product
        if means.smooth:
            return steps.of_smooth(outward(begin, p))
        return (outward(begin, p) + outward(end, p)) / 2

    parameters = (CAPACITANCE, *sorted(flow.parameters(equations)))
    return Derived(flow.name, (VOLTAGE, *needs), parameters, formula)


def _of_product(
    outward: Any, begin: Values, end: Values, p: Values, name: str, means: Means
) -> np.ndarray | None:
    """The mean of a current that a variable scales; None where it does not only scale it."""
    one = np.ones_like(begin[name])
    drive, later = outward({**begin, name: one}, p), outward({**end, name: one}, p)
    if not np.allclose(outward({**begin, name: 2 * one}, p), 2 * drive, rtol=_ROUNDING, atol=0.0):
        return None
    return means.courses[name].product(begin[name], drive, later)
