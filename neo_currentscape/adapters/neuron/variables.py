"""What decides a current besides the voltage, where NEURON has it, and whether a copy can be given it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from neo_currentscape.adapters.neuron.nmodl import Source

#: Variables that every mechanism is given by its compartment or by NEURON, also a copy.
_GIVEN = frozenset({"v", "t", "area", "diam"})
#: Variables of NEURON itself that a MOD file can read.
_OF_NEURON = ("celsius", "dt")
_RANDOM = (
    "scop_random",
    "normrand",
    "exprand",
    "poisrand",
    "gauss",
    "nrn_random_pick",
    "nrnran123_dblpick",
)


@dataclass(frozen=True)
class Needs:
    """What a copy of a mechanism has to be given, so that its currents are those of the original.

    Attributes
    ----------
    ranges : tuple of (str, int or None)
        RANGE variables that the code of the currents names; those of arrays element by element.
    ions : tuple of str
        Reversal potentials and concentrations.
    shared : tuple of str
        GLOBAL variables and parameters, which original and copy share.
    pointers : tuple of str
        Variables that belong to something else.
    timed, stepped, sized : bool
        Whether the time counts, the step, and the size of the compartment.
    reason : str or None
        Why no copy can be given everything.
    """

    ranges: tuple[tuple[str, int | None], ...]
    ions: tuple[str, ...]
    shared: tuple[str, ...]
    pointers: tuple[str, ...]
    timed: bool
    stepped: bool
    sized: bool
    reason: str | None


def needs_of(source: Source, visible: dict[str, int], name: str, h: Any) -> Needs:
    """Find what decides the currents of a kind of mechanism.

    Parameters
    ----------
    source : Source
    visible : dict of str to int
        RANGE variables, and how many elements each has.
    name : str
        Of the mechanism.
    h : HocObject
        NEURON.

    Returns
    -------
    Needs
    """
    own = {current for current, _, _ in source.currents}
    ranges = tuple(
        (variable, element)
        for variable, size in visible.items()
        if variable in source.used and variable not in own | source.pointers | source.of_ions
        for element in (range(size) if size > 1 else (None,))
    )
    shared = tuple(
        variable
        for variable in sorted(source.used - set(visible) - source.of_ions - source.set_at_breakpoint)
        if variable != "dt" and is_shared(h, variable, name)
    )
    return Needs(
        ranges=ranges,
        ions=tuple(sorted(source.of_ions - {f"i{use.ion}" for use in source.ions})),
        shared=shared,
        pointers=tuple(sorted(source.used & source.pointers)),
        timed=bool(source.used & {"t", "at_time"}),
        stepped="dt" in source.used,
        sized=bool(source.used & {"area", "diam"}),
        reason=_hindrance(source, visible, shared),
    )


def _hindrance(source: Source, visible: dict[str, int], shared: tuple[str, ...]) -> str | None:
    c_code = source.c_code(source.at_breakpoint)
    if source.used & source.randoms or any(word in source.used for word in _RANDOM):
        return "it draws random numbers"
    if source.used & source.set_before_breakpoint:
        return f"BEFORE BREAKPOINT sets {sorted(source.used & source.set_before_breakpoint)[0]}"
    if "LAG" in source.used:
        return "it remembers, by LAG"
    for pointer in source.pointers:
        if f"_p_{pointer}" in c_code:
            return f"its C code uses the POINTER {pointer}"
    for use in source.ions:
        if f"i{use.ion}" in use.reads and source.reads_first(f"i{use.ion}"):
            return f"it reads the total i{use.ion}"
    declared = source.assigned | source.parameters | source.statics
    hidden = (source.used & declared) - set(visible) - set(shared) - _GIVEN - set(_OF_NEURON)
    hidden -= source.set_at_breakpoint | source.of_ions | source.pointers
    return f"it uses {sorted(hidden)[0]}, which is not RANGE" if hidden else None


def is_shared(h: Any, variable: str, mechanism: str) -> bool:
    """Whether a variable is one and the same for all copies of a mechanism, and NEURON shows it."""
    return variable in _OF_NEURON or hasattr(h, f"{variable}_{mechanism}")


def shared_name(variable: str, mechanism: str) -> str:
    """What NEURON calls a shared variable.

    Examples
    --------
    >>> shared_name("tadj", "kv"), shared_name("celsius", "kv")
    ('tadj_kv', 'celsius')
    """
    return variable if variable in _OF_NEURON else f"{variable}_{mechanism}"
