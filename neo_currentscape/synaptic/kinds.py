"""Which currents are excitatory and which inhibitory.

The first of these that tells decides.

1. What the caller says: ``excitatory=`` and ``inhibitory=``, names or glob patterns. Where both are given
   nothing else counts.
2. The annotation ``reversal`` of the signal (a Quantity): excitatory from -40 mV upwards, between the
   reversal potentials of chloride and potassium and those of excitatory synapses (about 0 mV).
3. The name: "excitatory", "exc", "ex", "AMPA", "NMDA", "glutamate"; "inhibitory", "inh", "GABA", "glycine",
   and a last part "in", "e" or "i" beside "syn" ("I_syn_in", "syn_e").
4. Of what is a synapse by name ("syn", "ExpSyn", "receptor" ...), the direction: excitatory where at least
   99 % of the charge flows inward, inhibitory where at least 99 % flows outward.

Everything else (leak, channels) is left out. A synapse of which none of them tells is asked for.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions import units
from neo_currentscape.conventions.errors import ArgumentError, SelectionError

EXCITATORY, INHIBITORY, NET = "excitatory", "inhibitory", "net"

#: From this reversal potential upwards (mV) a synapse is excitatory.
REVERSAL = -40.0

#: The part of the charge in one direction that tells the kind of a synapse.
ONE_WAY = 0.99

# Whole parts of a name, as "in" stands in many words.
_PARTS = re.compile(r"[A-Za-z][a-z]+|[A-Z]+(?![a-z])|[A-Za-z]")
_EXCITATORY = re.compile(r"exc|excit\w*|ex|ampa\w*|nmda\w*|glu|glut\w*|nach\w*|kainate", re.IGNORECASE)
_INHIBITORY = re.compile(r"inh|inhib\w*|gaba\w*|gly|glyc\w*", re.IGNORECASE)
_SYNAPTIC = re.compile(r"[ieg]?syn\w*|(exp\d?|alpha|tmg)syn\w*|\w*synapse|receptor\w*", re.IGNORECASE)
#: Short last parts that tell something beside the name of a synapse only.
_BESIDE = {"in": INHIBITORY, "i": INHIBITORY, "e": EXCITATORY}


def by_name(name: str) -> str | None:
    """The kind that a name tells.

    Returns
    -------
    "excitatory", "inhibitory", "synaptic" (one of the two) or None
        None for what is no synapse by name.

    Examples
    --------
    >>> [by_name(name) for name in ("I_syn_ex", "GABA_A[0].i", "ExpSyn[0].i", "I_Na", "inhibitory")]
    ['excitatory', 'inhibitory', 'synaptic', None, 'inhibitory']
    """
    words = [word for word in re.split(r"[^A-Za-z0-9]+", name) if word]
    parts = [*words, *(part for word in words for part in _PARTS.findall(word))]
    kinds = {
        kind
        for kind, pattern in ((EXCITATORY, _EXCITATORY), (INHIBITORY, _INHIBITORY))
        if any(pattern.fullmatch(part) for part in parts)
    }
    is_synaptic = any(_SYNAPTIC.fullmatch(part) for part in parts)
    if is_synaptic:
        # Not what stands after a dot, as the "i" of "ExpSyn[0].i" is every current's.
        last = "" if "." in name else name.rpartition("_")[2].lower()
        kinds |= {_BESIDE[last]} if last in _BESIDE else set()
    if len(kinds) == 1:
        return kinds.pop()
    return "synaptic" if is_synaptic or kinds else None


def by_reversal(reversal: Any) -> str | None:
    """The kind that an annotated reversal potential tells; None without one.

    Examples
    --------
    >>> import quantities as pq
    >>> by_reversal(-70 * pq.mV), by_reversal(0 * pq.V), by_reversal(None)
    ('inhibitory', 'excitatory', None)
    """
    if reversal is None:
        return None
    return EXCITATORY if units.scalar(reversal, "mV", "The annotation reversal") >= REVERSAL else INHIBITORY


def said(names: Sequence[str], excitatory: Any, inhibitory: Any) -> dict[str, str]:
    """The kinds that the caller says.

    Parameters
    ----------
    names : sequence of str
        Of all currents.
    excitatory, inhibitory : str, sequence of str, or None
        Names and glob patterns.

    Returns
    -------
    dict of str to str

    Raises
    ------
    SelectionError
        When a pattern matches no current.
    ArgumentError
        When a current is said to be both.

    Examples
    --------
    >>> said(["syn_1", "syn_2", "leak"], "syn_1", ["*_2"])
    {'syn_1': 'excitatory', 'syn_2': 'inhibitory'}
    """
    found: dict[str, str] = {}
    for kind, patterns in ((EXCITATORY, excitatory), (INHIBITORY, inhibitory)):
        for pattern in _listed(kind, patterns):
            matched = _matching(names, pattern)
            if not matched:
                raise SelectionError(
                    f"{kind}={pattern!r} matches no current: there are {', '.join(map(repr, names))}."
                )
            for name in matched:
                if found.setdefault(name, kind) != kind:
                    raise ArgumentError(
                        f"Current {name!r} is matched by excitatory= and by inhibitory=: name it in one of "
                        "the two."
                    )
    return found


def _listed(kind: str, patterns: Any) -> list[str]:
    if patterns is None:
        return []
    listed = [patterns] if isinstance(patterns, str) else list(patterns)
    if not all(isinstance(pattern, str) for pattern in listed):
        raise ArgumentError(
            f"{kind}={patterns!r} names no currents: write names or patterns, e.g. {kind}=['*_ex']."
        )
    return listed


def _matching(names: Sequence[str], pattern: str) -> list[str]:
    if pattern in names:
        return [pattern]
    # Brackets mean themselves ("ExpSyn[0].i") before they mean a set of characters.
    literal = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
    found = [name for name in names if literal.fullmatch(name)]
    return found or [name for name in names if fnmatch.fnmatchcase(name, pattern)]


def known(
    names: Sequence[str], reversals: dict[str, Any], excitatory: Any = None, inhibitory: Any = None
) -> dict[str, str]:
    """The kinds that are known before the values are looked at.

    Parameters
    ----------
    names : sequence of str
        Of all currents.
    reversals : dict of str to Quantity
        Of those that have one annotated.
    excitatory, inhibitory
        As for `said`.

    Returns
    -------
    dict of str to str
        "excitatory", "inhibitory", or "synaptic" where the direction decides; others are left out.

    Raises
    ------
    SelectionError
        When no current is a synapse.
    """
    found = said(names, excitatory, inhibitory)
    if excitatory is None or inhibitory is None:
        for name in names:
            kind = by_reversal(reversals.get(name)) or by_name(name)
            if kind is not None:
                found.setdefault(name, kind)
    if not found:
        raise SelectionError(
            f"No current is a synapse by its name (there are {', '.join(map(repr, names))}): say which, "
            "e.g. excitatory=['AMPA*'], inhibitory=['GABA*']."
        )
    return found


def by_direction(name: str, outward: float, inward: float) -> str | None:
    """The kind that the charges of a synapse tell.

    Parameters
    ----------
    name : str
        For the error.
    outward, inward : float
        Charges in one unit, both of 0 or more.

    Returns
    -------
    "excitatory", "inhibitory", or None where nothing flows

    Raises
    ------
    SelectionError
        When it flows both ways.
    """
    total = outward + inward
    if total == 0:
        return None
    part = inward / total
    if min(part, 1 - part) > 1 - ONE_WAY:
        raise SelectionError(
            f"The name of current {name!r} does not tell whether it is excitatory, and {part:.0%} of its "
            f"charge flows inward: write excitatory=[{name!r}] or inhibitory=[{name!r}], or name others in "
            "both to leave it out."
        )
    return EXCITATORY if part > 0.5 else INHIBITORY


def of_kind(kinds: dict[str, str], names: Sequence[str], kind: str) -> np.ndarray:
    """The places among some names of the currents of a kind."""
    return np.array([k for k, name in enumerate(names) if kinds.get(name) == kind], dtype=int)
