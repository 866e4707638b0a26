"""What a NEURON mechanism says of its currents: read from the MOD source that NEURON keeps.

``i = g*(v - e)`` in the source tells the slope di/dv = g, which is needed to bring a current that
NEURON evaluated at the voltage before a step to the voltage after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_COMMENTS = re.compile(r"COMMENT.*?ENDCOMMENT|[:?][^\n]*", re.DOTALL)
_USEION = re.compile(r"USEION\s+(\w+)([^\n]*)")
_WRITE = re.compile(r"WRITE\s+([\w\s,]+?)(?=\bREAD\b|\bVALENCE\b|\bREPRESENTS\b|$)")
_NAME = re.compile(r"[A-Za-z_]\w*")
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
    source = _COMMENTS.sub("", source)
    head = _block(source, "NEURON")
    written = {
        current: ion
        for ion, rest in _USEION.findall(head)
        for names in _WRITE.findall(rest)
        for current in _NAME.findall(names)
        if current == f"i{ion}"
    }
    nonspecific = tuple(_declared(head, "NONSPECIFIC_CURRENT"))
    states = frozenset(_NAME.findall(re.sub(r"\([^)]*\)", "", _block(source, "STATE"))))
    parameters = frozenset(
        re.findall(r"(?:^|\n|\))\s*([A-Za-z_]\w*)\s*=", "\n" + _block(source, "PARAMETER"))
    )
    constant = {
        current: form
        for current in (*written, *nonspecific)
        if (form := _ohmic(current, _block(source, "BREAKPOINT"), states | parameters)) is not None
    }
    ranges = frozenset((*_declared(head, "RANGE"), *states, *nonspecific))
    return Mechanism(name, is_point, written, nonspecific, ranges, parameters, constant)


def _block(source: str, keyword: str) -> str:
    """The text between the braces of a block; empty where there is none."""
    found = re.search(rf"\b{keyword}\b[^{{}}]*{{", source)
    if found is None:
        return ""
    depth, at = 1, found.end()
    while depth and at < len(source):
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
    return source[found.end() : at - 1]


_KEYWORDS = (
    "SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL|USEION|NONSPECIFIC_CURRENT|ELECTRODE_CURRENT|RANGE|GLOBAL|POINTER"
    "|BBCOREPOINTER|EXTERNAL|THREADSAFE|REPRESENTS|RANDOM"
)


def _declared(head: str, keyword: str) -> list[str]:
    """The names that a statement of the NEURON block lists."""
    listed = re.findall(rf"\b{keyword}\b(.*?)(?=\b(?:{_KEYWORDS})\b|$)", head, re.DOTALL)
    return [name for names in listed for name in _NAME.findall(names)]


def _ohmic(current: str, breakpoint: str, fixed: frozenset[str]) -> Ohmic | None:
    """Recognise ``current = g*(v - e)`` with a g that the voltage reaches only through states."""
    assigned: dict[str, list[str]] = {}
    for name, expression in re.findall(r"([A-Za-z_]\w*)\s*=\s*([^\n=]+)", breakpoint):
        assigned.setdefault(name, []).append(expression)
    expressions = assigned.get(current, [])
    found = _OHMIC.match(re.sub(r"\s", "", expressions[0])) if len(expressions) == 1 else None
    calls = re.sub(r"\bSOLVE\b[^\n]*", "", breakpoint)
    # A condition on v, or a function of it, could make the conductance depend on v: then say nothing.
    if found is None or re.search(r"[A-Za-z_]\w*\s*\([^\n]*\bv\b", calls):
        return None
    names, seen = set(_NAME.findall(found["g"])), set(fixed)
    while names:
        name = names.pop()
        if name == "v":
            return None
        if name not in seen:
            names |= {part for text in assigned.get(name, []) for part in _NAME.findall(text)}
        seen.add(name)
    plain = found["g"] if _NAME.fullmatch(found["g"]) else None
    return Ohmic(plain, found["e"])
