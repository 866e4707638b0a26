"""Roles, signs and names: what a recorded variable is, from its unit and then its name.

Membrane currents are outward positive inside this package (a cation leaving the cell is
positive); electrode currents are inward positive, as they are injected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from neo_currentscape.conventions.families import family_of

#: What a signal can be; written into the Neo annotation ``role``.
ROLES = (
    "voltage",
    "current",
    "ion",
    "conductance",
    "electrode",
    "capacitive",
    "axial",
    "membrane",
    "command",
    "gate",
    "noise",
    "other",
)

#: Names of what is no recorded current: the bundle that ``top=n`` makes of the smaller ones, what flows
#: along the cable, and what no known current explains.
OTHER, AXIAL, UNEXPLAINED = "other", "axial", "unexplained"

#: Directions in which a stored positive value may flow; the Neo annotation ``positive``.
DIRECTIONS = ("outward", "inward")

#: The direction that is positive inside this package, for every role that is a current.
CANONICAL = {
    "current": "outward",
    "capacitive": "outward",
    "membrane": "outward",
    "axial": "inward",
    "electrode": "inward",
}

_ELECTRODE = re.compile(
    r"(^|[._\s])((stim|iclamp|seclamp|vclamp|electrode|clamp|amplifier|dcsource|stimulus)\w*"
    r"|i_?(stim|inj|app|clamp|ext|electrode|dc)\w*|injected\w*)([\[(].*?[\])])?([._\s]|$)",
    re.IGNORECASE,
)
# Case matters: "I_CaP" is a calcium current of P type, and "IM" the muscarinic potassium current.
_CAPACITIVE = re.compile(r"(^|[._\s])([iI]_?(cap|Cap|CAP)(acitive)?|[iI][cC]|[cC]apacitive(_current)?)_?$")
_MEMBRANE = re.compile(
    r"(^|[._\s])([iI]_?[mM]embrane_?|[iI]_?mem|[iI]m|[iI]_?tot(al)?|total(_(ion|membrane))?_current)$"
)
_AXIAL = re.compile(r"(^|[._\s])i?_?axial\w*", re.IGNORECASE)
_CURRENT = re.compile(r"(^|[._\s])(i[A-Z_]?\w*|I_?\w*|w)$")
_CONDUCTANCE = re.compile(r"(^|[._\s])(g_?\w*|gsyn_\w+)$")
#: What is a current by its name, whatever letter follows: "I_h" is no gate.
_SAYS_CURRENT = re.compile(r"(^|[._\s])[iI]_\w+$|current$", re.IGNORECASE)
#: "m_Na", "hNa": gates and what they gate.
_GATE_OF = re.compile(
    r"(^|[.\s])([mhnsrlqp](_(?P<small>\w+)|(?P<large>[A-Z]\w*))|[mhn](?P<ion>(na|k|ca)\w*))$"
)
_GATE = re.compile(r"(^|[._\s])(m|h|n|s|p|q|r|u|l|Act_\w+|Inact_\w+)$")
#: A letter says too little, and these are of something else that is named after a current.
_NO_CURRENT = re.compile(
    r"(^|[._\s])[A-HJL-Za-hj-vx-z]$|(^|[.\s])[eEvV](_\w+|Na|K|Ca|Cl|_?rev\w*)$"
    r"|(?i:noise|rate|spike|time|index|number|temperature)"
)
_VOLTAGE = re.compile(
    r"(^|[._\s])(v|vm|v_m|v_soma|v_comp\d+|voltage|potential|membrane[ _]?(potential|voltage))$",
    re.IGNORECASE,
)
# Not the reversal potentials, thresholds and commands that are in mV too.
_MAYBE_VOLTAGE = re.compile(
    r"(^|[._\s])(v|u)(?!_?(th|reset|rest|peak|half|shift|noise|clamp|cmd|command|ext|rev|cut|spike|min|max|inf|c$))"
    r"\w*$|voltage|potential",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(soma|somatic|dends?|dendrites?|dendritic|apic|apical|basal|oblique|tuft|trunk|axon|axonal|ais|hillock"
    r"|iseg|myelin|neurite|primneurite|spine|neck)(_?\w*|[._]?\d+)(\[\d+\])*(\(.*\))?",
    re.IGNORECASE,
)
_ION = re.compile(
    r"(^|[._\s])((ca|na|k|cl|mg|h)[io]|\[(ca|na|k|cl|mg)\d?[+-]*\]_?[io]?|[cC]alcium)$", re.IGNORECASE
)

#: A signal's name after Neo wrote it into an NWB file.
_OF_NWB = re.compile(r"segment\d+ (?P<name>.+?)(?: \d+)?")


#: Letters of a name that are looked at: what tells of a signal stands at its end, and patterns take a time
#: that grows as the square of the letters.
LOOKED_AT = 200


def end_of(name: str) -> str:
    """The end of a name, by which its signal is told.

    Examples
    --------
    >>> end_of("soma.ina"), len(end_of("_" * 100_000 + "ina"))
    ('soma.ina', 200)
    """
    return name[-LOOKED_AT:]


def is_all_of(pattern: re.Pattern[str], name: str) -> bool:
    """Whether a pattern describes a whole name; no name of more letters than are looked at."""
    return len(name) <= LOOKED_AT and bool(pattern.fullmatch(name))


@dataclass(frozen=True)
class Reading:
    """What was decided for a signal, and why.

    Attributes
    ----------
    role : str
        One of `ROLES`.
    reason : str
        Half a sentence that says what decided it.
    """

    role: str
    reason: str


def role_from_current_name(name: str) -> Reading:
    """Tell the membrane currents from the other currents by name.

    Parameters
    ----------
    name : str
        Name of a signal whose unit is that of a current or a current density.

    Returns
    -------
    Reading
        Role "electrode", "capacitive", "membrane" (the total), "axial", or "current".

    Examples
    --------
    >>> role_from_current_name("stim.i").role, role_from_current_name("soma(0.5).ina").role
    ('electrode', 'current')
    """
    for role, pattern in (
        ("electrode", _ELECTRODE),
        ("capacitive", _CAPACITIVE),
        ("membrane", _MEMBRANE),
        ("axial", _AXIAL),
    ):
        if pattern.search(end_of(name)):
            return Reading(role, f"its unit is that of a current and its name that of {_ARTICLE[role]}")
    return Reading("current", "its unit is that of a current")


_ARTICLE = {
    "electrode": "an electrode current",
    "capacitive": "a capacitive current",
    "membrane": "a total membrane current",
    "axial": "an axial current",
    "gate": "a gate",
    "conductance": "a conductance",
    "ion": "an ion concentration",
}

_ROLE_OF_KIND = {
    "voltage": "voltage",
    "concentration": "ion",
    "conductance": "conductance",
    "conductance density": "conductance",
}


def read_role(name: str, kind: str) -> Reading:
    """Decide the role of a signal from the kind of its unit, then from its name.

    Parameters
    ----------
    name : str
        The signal's name.
    kind : str
        What `neo_currentscape.conventions.units.kind` says of its unit.

    Returns
    -------
    Reading

    Examples
    --------
    >>> read_role("V_m", "voltage").role, read_role("Act_m", "dimensionless").role
    ('voltage', 'gate')
    """
    if kind in ("current", "current density", "current per capacitance"):
        return role_from_current_name(name)
    if kind in _ROLE_OF_KIND:
        return Reading(_ROLE_OF_KIND[kind], f"its unit is that of a {kind}")
    if kind == "dimensionless":
        return _read_dimensionless(name)
    return Reading("other", "neither its unit nor its name says that it is a membrane variable")


def _read_dimensionless(name: str) -> Reading:
    end = end_of(name)
    if _SAYS_CURRENT.search(end):
        return _unsaid(name)
    if _is_gate_of(end):
        return Reading("gate", f"it has no unit and its name is that of {_ARTICLE['gate']}")
    for role, pattern in (("gate", _GATE), ("conductance", _CONDUCTANCE), ("ion", _ION)):
        if pattern.search(end):
            return Reading(role, f"it has no unit and its name is that of {_ARTICLE[role]}")
    if reads_like_a_current(name):
        return _unsaid(name)
    return Reading("other", "it has no unit and its name is not that of a membrane variable")


def _unsaid(name: str) -> Reading:
    return Reading("other", f"it has no unit: if it is a current, write units={{{name!r}: 'pA'}}")


def _is_gate_of(end: str) -> bool:
    found = _GATE_OF.search(end)
    return found is not None and family_of(found["small"] or found["large"] or found["ion"]) is not None


def reads_like_a_current(name: str) -> bool:
    """Whether a name is one that is given to a membrane current.

    Examples
    --------
    >>> [reads_like_a_current(name) for name in ("I_h", "ina", "Na", "h", "m_Na", "g_Na", "cai", "t")]
    [True, True, True, False, False, False, False, False]
    """
    end = end_of(name)
    if _SAYS_CURRENT.search(end):
        return True
    others = (_GATE, _CONDUCTANCE, _ION, _NO_CURRENT)
    if _is_gate_of(end) or any(pattern.search(end) for pattern in others):
        return False
    return bool(_CURRENT.search(end)) or family_of(end) is not None


def says_current(name: str) -> bool:
    """Whether a name says that it is a current, more than whose: "I_Na", and not "Na".

    Examples
    --------
    >>> says_current("I_Na"), says_current("soma.ina"), says_current("Na")
    (True, True, False)
    """
    end = end_of(name)
    return bool(_SAYS_CURRENT.search(end) or (_CURRENT.search(end) and reads_like_a_current(name)))


def is_of_something_else(name: str) -> bool:
    """Whether a name is one of times, counts and rates, or says nothing.

    Examples
    --------
    >>> [is_of_something_else(name) for name in ("time", "trial number", "x", "Foo")]
    [True, True, True, False]
    """
    return bool(_NO_CURRENT.search(end_of(name))) or not name


def looks_like_a_section(prefix: str) -> bool:
    """Whether what stands before the dot of a name is one of the usual names of a section.

    Examples
    --------
    >>> [looks_like_a_section(word) for word in ("dend", "apical_1", "apic[3]", "esyn", "na")]
    [True, True, True, False, False]
    """
    return is_all_of(_SECTION, prefix)


def looks_like_membrane_potential(name: str) -> bool:
    """Whether a name is one that simulators give to the membrane potential.

    Examples
    --------
    >>> looks_like_membrane_potential("soma.v"), looks_like_membrane_potential("e_rev")
    (True, False)
    """
    return bool(_VOLTAGE.search(end_of(name)))


def may_be_membrane_potential(name: str) -> bool:
    """Whether a voltage could be a membrane potential by its name, that of another place for example.

    Examples
    --------
    >>> [may_be_membrane_potential(name) for name in ("vdend", "V_th", "ek", "soma voltage")]
    [True, False, False, True]
    """
    end = end_of(name)
    return bool(_MAYBE_VOLTAGE.search(end)) and not re.search("(?i)rever|resting|equil|thresh", end)


def plain_name(name: str) -> str:
    """The name that a signal had before Neo wrote it into an NWB file.

    Examples
    --------
    >>> plain_name("segment000 gsyn_exc 0"), plain_name("w")
    ('gsyn_exc', 'w')
    """
    match = _OF_NWB.fullmatch(name)
    return match["name"] if match else name
