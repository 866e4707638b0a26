"""What a NEURON mechanism says of its currents: read from the MOD source that NEURON keeps.

``i = g*(v - e)`` in the source tells the slope di/dv = g, which is needed to bring a current that
NEURON evaluated at the voltage before a step to the voltage after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from neo_currentscape.adapters.neuron.nmodl import Source, assignments, names

_SOLVE = re.compile(r"\bSOLVE\s+\w+(\s+(METHOD|STEADYSTATE)\s+\w+)?")
_OHMIC = re.compile(r"^\(?(?P<g>[^()+-]+)\)?\*\(v-(?P<e>\w+)\)$")


@dataclass(frozen=True)
class Ohmic:
    """A current of the form ``conductance * (v - reversal)``, where the first does not depend on v.

    Attributes
    ----------
    conductance : str or None
        Name of the conductance, where it is a plain name.
    reversal : str
        Name of the reversal potential.
    """

    conductance: str | None
    reversal: str


@dataclass(frozen=True)
class Mechanism:
    """The currents of a density mechanism or point process.

    Attributes
    ----------
    name : str
        E.g. "hh", "ExpSyn".
    is_point : bool
        Whether it is a point process.
    ions : dict of str to str
        ``{current: ion}`` for the ion currents that it writes, e.g. ``{"ina": "na"}``.
    nonspecific : tuple of str
        Names of its nonspecific currents.
    ranges : frozenset of str
        The names that can be recorded in each compartment.
    parameters : frozenset of str
        The names that stay as they are during a simulation.
    ohmic : dict of str to Ohmic
        The currents whose slope is known.
    """

    name: str
    is_point: bool = False
    ions: dict[str, str] = field(default_factory=dict)
    nonspecific: tuple[str, ...] = ()
    ranges: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    ohmic: dict[str, Ohmic] = field(default_factory=dict)


def mechanism(name: str, is_point: bool, h: Any) -> Mechanism:
    """Read a mechanism from the source that NEURON keeps of it.

    Parameters
    ----------
    name : str
        E.g. "hh", "ExpSyn".
    is_point : bool
        Whether it is a point process.
    h : hoc interpreter
        ``neuron.h``.

    Returns
    -------
    Mechanism
        Without currents where NEURON has no source (ions, "capacitance" ...).
    """
    types = h.MechanismType(int(is_point))
    types.select(name)
    return parse(name, is_point, types.code() or "")


@lru_cache(maxsize=256)
def parse(name: str, is_point: bool, source: str) -> Mechanism:
    """Read the source of a mechanism.

    Examples
    --------
    >>> leak = parse("leak", False, '''NEURON { SUFFIX leak NONSPECIFIC_CURRENT i RANGE g }
    ...     PARAMETER { g = 1 (S/cm2) e = -70 (mV) } BREAKPOINT { i = g*(v - e) }''')
    >>> leak.nonspecific, leak.ohmic["i"].conductance, leak.ohmic["i"].reversal
    (('i',), 'g', 'e')
    """
    read = Source(source)
    written = {current: ion for current, ion, _ in read.currents if ion is not None}
    # Some declare the voltage and what they read of ions as parameters, too.
    parameters = read.parameters - {"v"}.union(*(use.reads for use in read.ions))
    ohmic = {
        current: form
        for current in (*written, *read.nonspecific)
        if (form := _ohmic(current, read, read.states | parameters)) is not None
    }
    ranges = read.ranges | read.states | set(read.nonspecific)
    return Mechanism(name, is_point, written, read.nonspecific, ranges, parameters, ohmic)


def _ohmic(current: str, read: Source, fixed: frozenset[str]) -> Ohmic | None:
    """Recognise ``current = g*(v - e)`` with a g that the voltage reaches only through states."""
    assigned: dict[str, list[str]] = {}
    for name, expression in assignments(read.at_breakpoint):
        assigned.setdefault(name, []).append(expression)
    expressions = assigned.get(current, [])
    found = _OHMIC.match(expressions[0].replace(" ", "")) if len(expressions) == 1 else None
    calls = _SOLVE.sub("", read.breakpoint)
    # A condition on v, or a function of it, could make the conductance depend on v: then say nothing.
    if found is None or re.search(r"[A-Za-z_]\w*\s*\([^\n]*\bv\b", calls):
        return None
    reached, seen = names(found["g"]), set(fixed)
    while reached:
        name = reached.pop()
        if name == "v":
            return None
        if name not in seen:
            reached |= {part for text in assigned.get(name, []) for part in names(text)}
        seen.add(name)
    plain = found["g"] if found["g"].isidentifier() else None
    return Ohmic(plain, found["e"])
