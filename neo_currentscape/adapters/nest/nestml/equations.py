"""What a model of NESTML says: its names, their units, its equations, and what sets its variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from neo_currentscape.adapters.nest.nestml.evaluate import Evaluation, Untold, names_in, recordable
from neo_currentscape.conventions.errors import ArgumentError

#: NEST's unit of each physical quantity; what is none of them has none.
UNITS = {
    "electrical potential": "mV",
    "electrical current": "pA",
    "electrical conductance": "nS",
    "electrical capacitance": "pF",
    "electrical resistance": "Gohm",
    "time": "ms",
}


@dataclass(frozen=True)
class Assignment:
    """What a statement makes of a state variable.

    Attributes
    ----------
    variable : str
        By NEST's name.
    expression : node
    direct : bool
        Whether it sets it, and does not add to it.
    port : str
        The spiking input that it is for; empty at a condition and in each step.
    """

    variable: str
    expression: Any
    direct: bool
    port: str = ""


@dataclass(frozen=True)
class Equations:
    """One model of NESTML. All names are NEST's (``g__d`` for ``g'``).

    Attributes
    ----------
    name : str
    units : dict of str to str
        Of states, parameters, internals and inlines; "" for what is not in a unit of `UNITS`.
    parameters : tuple of str
    defaults : dict of str to node
        Of parameters and internals, in the order in which they can be computed.
    states : dict of str to node
        With their initial values.
    inlines : dict of str to node
    recordable : frozenset of str
        Inlines that can be recorded.
    rates : dict of str to node
        Right-hand sides; of an equation of second order by the derivative (``g__d``).
    kernels : dict of str to node
        Functions of t, and right-hand sides of systems, which are named with a ``'``.
    functions : dict of str to node
    inputs : tuple of str
        Continuous ports.
    assignments : tuple of Assignment
    unrecordable : frozenset of str
        States that are no real numbers, which NEST does not record.
    integrated : tuple of frozenset of str
        What each call of integrate_odes moves; empty where it is everything.
    """

    name: str
    units: Mapping[str, str]
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any]
    states: Mapping[str, Any]
    inlines: Mapping[str, Any]
    recordable: frozenset[str]
    rates: Mapping[str, Any]
    kernels: Mapping[str, Any]
    functions: Mapping[str, Any]
    inputs: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    unrecordable: frozenset[str]
    integrated: tuple[frozenset[str], ...]

    def evaluation(self, known: Mapping[str, Any]) -> Evaluation:
        """Computes expressions of the model with known numbers."""
        return Evaluation(known, self.inlines, self.functions)

    def names(self, *nodes: Any) -> set[str]:
        """All that expressions rest on: states, convolutions, parameters and inputs, without inlines."""
        found: set[str] = set()
        todo = [name for node in nodes for name in names_in(node)]
        while todo:
            name = todo.pop()
            if name in found:
                continue
            found.add(name)
            if name in self.inlines:
                todo += names_in(self.inlines[name])
        return {name for name in found if name not in self.inlines}

    def variables(self, *nodes: Any) -> set[str]:
        """What of that changes in time and may be recorded."""
        return {name for name in self.names(*nodes) if name in self.states or "__X__" in name}

    def is_constant(self, node: Any) -> bool:
        """Whether an expression holds nothing that changes in time."""
        names = self.names(node)
        return not self.variables(node) and not names & {*self.inputs, "t"}

    def with_defaults(self, given: Mapping[str, Any], step: float | None = None) -> dict[str, Any]:
        """All parameters and internals: those that are given, and of the others the model's values."""
        known: dict[str, Any] = dict(given)
        if step is not None:
            known["resolution()"] = step
        for name, node in self.defaults.items():
            if name not in given:
                try:
                    known[name] = self.evaluation({**known, **self._initial(node, known)}).of(node)
                except Untold:
                    continue
        return known

    def _initial(self, node: Any, known: Mapping[str, Any]) -> dict[str, Any]:
        # Parameters may be made of the initial value of a state.
        names = [name for name in self.variables(node) if self.states.get(name) is not None]
        found = {}
        for name in names:
            try:
                found[name] = self.evaluation(known).of(self.states[name])
            except Untold:
                continue
        return found


def of_model(tree: Any) -> Equations:
    """Collect what a tree of PyNESTML says."""
    equations = list(tree.get_equations_blocks())
    inlines = [inline for block in equations for inline in block.get_inline_expressions()]
    states = _declared(tree.get_state_blocks())
    parameters = _declared(tree.get_parameters_blocks())
    internals = _declared(tree.get_internals_blocks())
    ports = [port for block in tree.get_input_blocks() for port in block.get_input_ports()]
    units = {name: unit for block in (states, parameters, internals) for name, (_, unit) in block.items()}
    return Equations(
        tree.get_name(),
        {**units, **{i.get_variable_name(): _unit(i.get_data_type()) for i in inlines}},
        tuple(parameters),
        {name: node for block in (parameters, internals) for name, (node, _) in block.items() if node},
        {name: node for name, (node, _) in states.items()},
        {i.get_variable_name(): i.get_expression() for i in inlines},
        frozenset(i.get_variable_name() for i in inlines if i.is_recordable),
        {_name(o.get_lhs())[: -len("__d")]: o.get_rhs() for b in equations for o in b.get_ode_equations()},
        {
            v.get_complete_name(): e
            for b in equations
            for k in b.get_kernels()
            for v, e in zip(k.get_variables(), k.get_expressions(), strict=True)
        },
        {f.get_name(): f for f in tree.get_functions()},
        tuple(port.get_name() for port in ports if port.is_continuous()),
        tuple(_assignments(tree)),
        _unrecordable(tree),
        tuple(_integrated([block.get_stmts_body() for block in tree.get_update_blocks()])),
    )


def _unrecordable(tree: Any) -> frozenset[str]:
    return frozenset(
        _name(variable)
        for block in tree.get_state_blocks()
        for declaration in block.get_declarations()
        for variable in declaration.get_variables()
        if any(
            getattr(declaration.get_data_type(), f"is_{kind}") for kind in ("boolean", "integer", "string")
        )
    )


def _name(variable: Any) -> str:
    return recordable(variable.get_complete_name())


def _declared(blocks: Any) -> dict[str, tuple[Any, str]]:
    return {
        _name(variable): (declaration.get_expression(), _unit(declaration.get_data_type()))
        for block in blocks
        for declaration in block.get_declarations()
        for variable in declaration.get_variables()
    }


def _unit(data_type: Any) -> str:
    """NEST's unit of what is declared."""
    symbol = data_type.get_type_symbol()
    unit = getattr(symbol, "astropy_unit", None)
    return "" if unit is None else UNITS.get(str(unit.physical_type).partition("/")[0], "")


def _assignments(tree: Any) -> Iterator[Assignment]:
    for block in tree.get_on_receive_blocks():
        yield from _of_statements(block.get_stmts_body(), str(block.get_port_name()))
    for block in (*tree.get_on_condition_blocks(), *tree.get_update_blocks()):
        yield from _of_statements(block.get_stmts_body(), "")


def _of_statements(body: Any, port: str) -> Iterator[Assignment]:
    for small in _statements(body):
        if small.is_assignment():
            made = small.get_assignment()
            yield Assignment(
                _name(made.get_variable()), made.get_expression(), bool(made.is_direct_assignment), port
            )


def _integrated(bodies: list[Any]) -> Iterator[frozenset[str]]:
    for small in (small for body in bodies for small in _statements(body)):
        if small.is_function_call() and small.get_function_call().get_name() == "integrate_odes":
            yield frozenset(recordable(str(part)) for part in small.get_function_call().get_args())


def _statements(body: Any) -> Iterator[Any]:
    """All statements of a body and of its branches."""
    for statement in body.get_stmts():
        if statement.is_small_stmt():
            yield statement.small_stmt
        elif statement.compound_stmt.is_if_stmt():
            branches = statement.compound_stmt.get_if_stmt()
            clauses = [branches.get_if_clause(), *branches.get_elif_clauses(), branches.get_else_clause()]
            for clause in clauses:
                if clause is not None:
                    yield from _statements(clause.get_stmts_body())


def voltage_of(equations: Equations) -> str:
    """The state that is the membrane potential.

    Raises
    ------
    ArgumentError
        When none or several may be it.
    """
    in_volt = [name for name in equations.rates if equations.units.get(name) == "mV"]
    if "V_m" in in_volt:
        return "V_m"
    # A threshold or a filtered voltage takes no current.
    driven = [name for name in in_volt if _takes_current(equations, name)]
    found = driven or [name for name in in_volt if name.lower() in ("v", "vm", "u")]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ArgumentError(
            f"Model {equations.name!r} has no equation of a membrane potential (V_m' = ...), so its file "
            "tells no currents: leave nestml= out for it."
        )
    raise ArgumentError(
        f"Model {equations.name!r} has several potentials that currents charge ({', '.join(found)}): only "
        "models with one membrane can be read from NESTML."
    )


def _takes_current(equations: Equations, name: str) -> bool:
    rests_on = {*equations.names(equations.rates[name])}
    return any(equations.units.get(other) in ("pA", "pF", "nS") for other in rests_on) or bool(
        rests_on & set(equations.inputs)
    )
