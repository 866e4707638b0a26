"""Reading MOD files: which currents a mechanism writes, and how each depends on the voltage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from neo_currentscape.adapters.neuron.nmodl_text import (
    assignments,
    blocks,
    closing,
    conditions,
    identifiers,
    locals_of,
    names,
    outside_blocks,
    renamed,
    set_in_c,
    without_comments,
)

__all__ = ["Source", "UseIon", "assignments", "names"]

_SOLVE = re.compile(r"\bSOLVE\s+(\w+)(\s+(METHOD|USING|STEADYSTATE)\s+\w+)?")
_CONDUCTANCE = re.compile(r"\bCONDUCTANCE\s+(\w+)(?:\s+USEION\s+(\w+))?")
_JUMP = re.compile(r"\bstate_discontinuity\s*\(\s*(\w+)")
#: Blocks whose variables are ordinary code; the others declare.
_CODE = ("DERIVATIVE", "KINETIC", "LINEAR", "NONLINEAR", "DISCRETE", "PROCEDURE", "FUNCTION")
#: Blocks that NEURON runs after the currents of a step were evaluated, besides what is solved.
_LATE = ("AFTER BREAKPOINT", "AFTER SOLVE", "BEFORE STEP")
_LISTS = ("NONSPECIFIC_CURRENT", "ELECTRODE_CURRENT", "RANGE", "POINTER", "BBCOREPOINTER", "RANDOM")
_NAMED = ("SUFFIX", "POINT_PROCESS", "ARTIFICIAL_CELL")
_KEYWORDS = frozenset(
    (*_LISTS, *_NAMED, "USEION", "READ", "WRITE", "VALENCE", "REPRESENTS", "EXTERNAL", "THREADSAFE")
    + ("GLOBAL", "NONTHREADSAFE")
)


@dataclass(frozen=True)
class UseIon:
    """One USEION statement: the ion, and the variables that are read and written."""

    ion: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


class Source:
    """What a MOD file says of a mechanism.

    Parameters
    ----------
    text : str
        The MOD file.

    Attributes
    ----------
    name : str or None
        What the NEURON block calls it; None without a NEURON block, "" where it gives no name.
    ions : tuple of UseIon
    nonspecific, electrode : tuple of str
        Currents that belong to no ion, and currents that an electrode injects.
    pointers, randoms, states, parameters, assigned, ranges, statics : frozenset of str
        Declared variables; `statics` are declared LOCAL outside of all blocks.
    conductances : tuple of (str, str or None)
        Variables that CONDUCTANCE statements declare to be di/dv, each with its ion.
    has_events : bool
        Whether a NET_RECEIVE block can change the variables between two steps.

    Examples
    --------
    >>> pas = Source("NEURON { SUFFIX pas NONSPECIFIC_CURRENT i RANGE g, e } BREAKPOINT { i = g*(v - e) }")
    >>> pas.nonspecific, list(assignments(pas.breakpoint))
    (('i',), [('i', 'g * ( v - e )')])
    """

    def __init__(self, text: str) -> None:
        self.plain, self.verbatim = without_comments(text)
        self._blocks = list(blocks(self.plain))
        headers = dict(_arguments(self.plain))
        self.code, self._arguments = dict[str, str](), dict[str, set[str]]()
        for kind, name, body in self._blocks:
            if kind in _CODE:
                own = headers.get(name, set())
                self.code[name] = renamed(body, own | locals_of(body), name)
                self._arguments[name] = {f"{argument}__{name}" for argument in own}
        statements = list(_statements(self._body("NEURON")))
        self.name = _name(statements) if any(kind == "NEURON" for kind, _, _ in self._blocks) else None
        self.ions = tuple(_use_ions(statements))
        self.nonspecific = _listed(statements, "NONSPECIFIC_CURRENT")
        self.electrode = _listed(statements, "ELECTRODE_CURRENT")
        self.ranges = frozenset(_listed(statements, "RANGE"))
        self._moved: dict[str, str | None] = {}
        self.pointers = frozenset(_listed(statements, "POINTER") + _listed(statements, "BBCOREPOINTER"))
        self.randoms = frozenset(_listed(statements, "RANDOM"))
        self.states = frozenset(_declared(self._body("STATE")))
        self.parameters = frozenset(_declared(self._body("PARAMETER")))
        self.assigned = frozenset(_declared(self._body("ASSIGNED")))
        self.statics = frozenset(locals_of(outside_blocks(self.plain)))
        whole = self._body("BREAKPOINT")
        self.conductances = tuple((found[1], found[2]) for found in _CONDUCTANCE.finditer(whole))
        self.breakpoint = _CONDUCTANCE.sub(" ", whole)
        self.has_events = any(kind == "NET_RECEIVE" for kind, _, _ in self._blocks)

    def _body(self, *kinds: str) -> str:
        return "\n".join(body for found, _, body in self._blocks if found in kinds)

    @property
    def currents(self) -> list[tuple[str, str | None, bool]]:
        """Every current that is written: (variable, ion or None, injected by an electrode)."""
        ionic = [
            (name, use.ion, False) for use in self.ions for name in use.writes if name == f"i{use.ion}"
        ]
        plain = [(name, None, False) for name in self.nonspecific]
        return [*ionic, *plain, *((name, None, True) for name in self.electrode)]

    @property
    def concentrations(self) -> set[str]:
        """Names of the ion concentrations that are read or written, e.g. {"cai"}."""
        return set(self.of_ions) & {f"{use.ion}{side}" for use in self.ions for side in "io"}

    @cached_property
    def of_ions(self) -> frozenset[str]:
        """Variables of an ion, as they are read or written; any other ``ek`` is the mechanism's own."""
        return frozenset(name for use in self.ions for name in (*use.reads, *use.writes))

    @cached_property
    def totals(self) -> frozenset[str]:
        """Currents that are read as well as written: what is read is the total of the ion."""
        return frozenset(name for use in self.ions for name in use.writes if name in use.reads)

    @cached_property
    def at_breakpoint(self) -> str:
        """The code that NEURON evaluates for the currents: BREAKPOINT and all that it calls."""
        return self._with_called(_SOLVE.sub(" ", self.breakpoint))

    @cached_property
    def set_before_breakpoint(self) -> frozenset[str]:
        """Variables that are set once, before the currents are evaluated at two voltages."""
        return self._set_in(self._with_called(self._body("BEFORE BREAKPOINT")))

    @cached_property
    def set_at_breakpoint(self) -> frozenset[str]:
        """Variables that are set while the currents are evaluated."""
        return self._set_in(self.at_breakpoint)

    def moved_for(self, current: str) -> str | None:
        """A variable that decides a current, and that each of two evaluations in a step makes anew."""
        if current not in self._moved:
            self._moved[current] = min(self._decisive({current}) & self.moved_at_breakpoint, default=None)
        return self._moved[current]

    @cached_property
    def moved_at_breakpoint(self) -> frozenset[str]:
        """Variables that every evaluation of the currents makes from what they were."""
        # What moves within an array, as in a queue of spikes, is no other value for that.
        arrays = set(re.findall(r"\b(\w+)\s*\[", self.at_breakpoint))
        first = dict(reversed([a for a in assignments(self.at_breakpoint) if a[0] not in arrays]))
        grown = {name for name, text in first.items() if name in self._decisive(names(text))}
        return frozenset(grown & (self.assigned | self.parameters | self.states | self.statics))

    def _decisive(self, wanted: set[str]) -> set[str]:
        """Variables that decide some others while the currents are evaluated, with these."""
        found, size = set(wanted), 0
        while size != len(found):
            size = len(found)
            texts = (text for name, text in assignments(self.at_breakpoint) if name in found)
            found |= set().union(*map(names, texts))
        return found

    @cached_property
    def solved(self) -> str:
        """The code that runs when the voltage was advanced: what BREAKPOINT solves, with all it calls."""
        solved = [match[1] for match in _SOLVE.finditer(self.breakpoint)]
        return self._with_called("\n".join([*(self.code.get(n, "") for n in solved), self._body(*_LATE)]))

    @cached_property
    def set_after_breakpoint(self) -> frozenset[str]:
        """Variables that are set when the voltage was advanced, by what BREAKPOINT solves."""
        return self._set_in(self.solved)

    @cached_property
    def set_by_events(self) -> frozenset[str]:
        """Variables that NET_RECEIVE sets, between two steps."""
        body = self._with_called(self._body("NET_RECEIVE"))
        return self._set_in(body) | frozenset(_JUMP.findall(body))

    @cached_property
    def lagging(self) -> frozenset[str]:
        """Variables that a step changes after its currents were evaluated; others are as they were then."""
        return self.states | self.set_after_breakpoint | self.set_at_breakpoint

    @cached_property
    def used(self) -> frozenset[str]:
        """Every name in the code that the currents come from, C code included."""
        return frozenset(names(self.at_breakpoint) | names(self.c_code(self.at_breakpoint)))

    @cached_property
    def initially(self) -> dict[str, str]:
        """What INITIAL sets once and nothing sets again: the variable and its expression."""
        body = self._body("INITIAL")
        elsewhere = self._set_in("\n".join(code for kind, _, code in self._blocks if kind != "INITIAL"))
        found = list(assignments(body))
        once = [name for name, _ in found]
        return {
            name: text.replace("^", "**")
            for name, text in found
            if once.count(name) == 1 and name not in elsewhere and not list(conditions(body))
        }

    @cached_property
    def hides(self) -> frozenset[str]:
        """Currents whose variable shows something else than what flowed, although it is RANGE."""
        read = self.totals if _SOLVE.search(self.breakpoint) else frozenset()
        anew = self.set_after_breakpoint & {f"i{use.ion}" for use in self.ions}
        return read | anew | frozenset(locals_of(self.breakpoint))

    def reads_first(self, name: str) -> bool:
        """Whether the currents' code may read a variable before it sets it."""
        first = re.search(rf"\b{name}\b(\s*=(?!=))?", _SOLVE.sub(" ", self.breakpoint))
        return (name in self.used) if first is None else first[1] is None

    def c_code(self, body: str) -> str:
        """The C code that stands in a block."""
        found = re.findall(r"\bVERBATIM_(\d+)\b", body)
        return "\n".join(self.verbatim[int(number)] for number in found)

    @cached_property
    def is_opaque(self) -> bool:
        """Whether C code has a part in the currents: it sets something, or calls what the file defines."""
        code = self.c_code(self.at_breakpoint)
        return bool(set_in_c(code) or names(code) & set(self.code))

    def _set_in(self, body: str) -> frozenset[str]:
        return frozenset(target for target, _ in assignments(body)) | set_in_c(self.c_code(body))

    def arguments_given(self, values: set[str]) -> set[str]:
        """Arguments of procedures and functions that some call at BREAKPOINT gives one of `values`."""
        text, found = self.at_breakpoint, set[str]()
        for name, arguments in self._arguments.items():
            for call in re.finditer(rf"\b{name}\s*\(", text):
                if names(text[call.end() : closing(text, call.end())]) & values:
                    found |= arguments
        return found

    def _with_called(self, body: str) -> str:
        seen: set[str] = set()
        text, fresh = body, body
        while fresh:
            called = ((names(fresh) | names(self.c_code(fresh))) & set(self.code)) - seen
            seen |= called
            fresh = "\n".join(self.code[name] for name in sorted(called))
            text += "\n" + fresh
        return text


def _arguments(text: str) -> Iterator[tuple[str, set[str]]]:
    for header in re.finditer(r"\b(?:PROCEDURE|FUNCTION)\s+(\w+)\s*\(([^{]*)\{", text):
        # Their units stand in parentheses of their own.
        yield header[1], names(re.sub(r"\([^()]*\)", " ", header[2]))


def _name(statements: Iterable[tuple[str, list[str]]]) -> str:
    found = [listed[0] for keyword, listed in statements if keyword in _NAMED and listed]
    # Of several the last one counts.
    return found[-1] if found else ""


def _statements(body: str) -> Iterator[tuple[str, list[str]]]:
    keyword, listed = "", list[str]()
    for word in identifiers(body):
        if word in _KEYWORDS:
            yield keyword, listed
            keyword, listed = word, []
        else:
            listed.append(word)
    yield keyword, listed


def _use_ions(statements: Iterable[tuple[str, list[str]]]) -> Iterator[UseIon]:
    ion, parts = "", dict[str, tuple[str, ...]]()
    for keyword, listed in [*statements, ("USEION", [])]:
        if keyword == "USEION":
            if ion:
                yield UseIon(ion, parts.get("READ", ()), parts.get("WRITE", ()))
            ion, parts = (listed or [""])[0], {}
        elif keyword in ("READ", "WRITE"):
            parts[keyword] = tuple(listed)


def _listed(statements: Iterable[tuple[str, list[str]]], wanted: str) -> tuple[str, ...]:
    return tuple(name for keyword, listed in statements if keyword == wanted for name in listed)


def _declared(body: str) -> Iterator[str]:
    # Units, limits, array sizes and default values are no variables.
    body = re.sub(r"\([^()]*\)|<[^<>]*>|\[[^\]]*\]", " ", body)
    body = re.sub(r"=\s*-?\s*\w+(\.\w*)?([-+]\d+)?", " ", body)
    yield from (name for name in identifiers(body) if name not in ("FROM", "TO", "START", "WITH"))
