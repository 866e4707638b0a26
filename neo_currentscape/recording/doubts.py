"""Warnings about what a user may not know of a choice that was made by unit and name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from neo_currentscape.conventions.amplifier import is_by_clamp, is_unsaid
from neo_currentscape.conventions.errors import warn
from neo_currentscape.conventions.roles import end_of
from neo_currentscape.recording import unit_doubts
from neo_currentscape.recording.choices import Choice
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.stored_columns import said_direction

#: Names that some simulators give to synaptic currents which they store inward positive.
_OFTEN_INWARD = re.compile(r"(^|[._\s])(I_?syn(_\w+)?|isyn)$", re.IGNORECASE)


def warn_of(
    choices: Mapping[str, Sequence[Choice]],
    here: Sequence[Variable],
    is_named: bool,
    sign: Any,
) -> None:
    """Warn of all that a caller may not know of a choice.

    Parameters
    ----------
    choices : mapping of str to sequence of Choice
        By part, "currents" among them.
    here : sequence of Variable
        Those at the site.
    is_named : bool
        Whether the caller named the currents.
    sign : str, mapping or None
        What the caller said of the direction.
    """
    everything = [choice for part in choices.values() for choice in part]
    currents = {id(choice.variable) for choice in choices["currents"]}
    unit_doubts.warn_of_other_kinds(here, currents, is_named)
    if is_named:
        unit_doubts.warn_of_chosen_unitless([choice.variable for choice in choices["currents"]])
    else:
        unit_doubts.warn_of_unitless(here, {id(choice.variable) for choice in everything})
        warn_of_amplifiers(here, everything)
    warn_of_a_lone_command(choices["currents"])
    warn_of_direction(choices["currents"], sign)
    warn_of_contradiction(everything, sign)


def warn_of_amplifiers(variables: Sequence[Variable], chosen: Sequence[Choice]) -> None:
    """Warn of an amplifier's current that was left out.

    Parameters
    ----------
    variables : sequence of Variable
        Those at the site.
    chosen : sequence of Choice
        All that something was made of.
    """
    left = [v for v in variables if is_unsaid(v) and not any(c.variable is v for c in chosen)]
    if left:
        warn(
            f"Left out {left[0].name!r}: {left[0].reason}; only if it is one of the membrane's, name all "
            "currents with currents=[...]."
        )


def warn_of_a_lone_command(currents: Sequence[Choice]) -> None:
    """Warn of a command, or of what an amplifier injects, that alone is named as the membrane's current.

    Parameters
    ----------
    currents : sequence of Choice
        What was taken for the membrane's.
    """
    if len(currents) != 1:
        return
    alone = currents[0].variable
    if alone.role == "command" or (alone.role == "electrode" and is_by_clamp(alone)):
        warn(
            f"{alone.name!r} is drawn as the membrane's only current, as currents= says, though "
            f"{alone.reason}: what is injected does not flow through the membrane alone, so record the "
            "membrane's currents."
        )


def warn_of_direction(currents: Sequence[Choice], sign: Any) -> None:
    """Warn of synaptic currents whose direction is assumed, and that are often stored the other way.

    Parameters
    ----------
    currents : sequence of Choice
    sign : str, mapping or None
        What the caller said of the direction.
    """
    if isinstance(sign, str):
        return
    said = set(sign) if isinstance(sign, Mapping) else set()
    for choice in currents:
        variable = choice.variable
        told = said & {variable.name, variable.short_name, choice.label}
        if variable.positive is None and not told and is_often_inward(variable.name):
            warn(
                f"Current {variable.name!r} is taken to be outward positive, but NEST and others store "
                f"such currents inward positive: write sign={{{variable.name!r}: 'inward'}} (or "
                "'outward'), or use the source's adapter."
            )
            return


def is_often_inward(name: str) -> bool:
    """Whether a name is one of currents that some simulators store inward positive."""
    return bool(_OFTEN_INWARD.search(end_of(name)))


def warn_of_contradiction(chosen: Sequence[Choice], sign: Any) -> None:
    """Warn where the caller's direction is not the one that is annotated, which gives way to it.

    Parameters
    ----------
    chosen : sequence of Choice
        Currents of every kind.
    sign : str, mapping or None
        What the caller said of the direction.
    """
    turned: dict[str, tuple[str, str]] = {}
    for choice in chosen:
        said, variable = said_direction(choice, sign), choice.variable
        if said is not None and variable.positive not in (None, said):
            turned[variable.name] = (variable.positive or "", said)
    if not turned:
        return
    (annotated, said), count = next(iter(turned.values())), len(turned)
    names = ", ".join(repr(name) for name in list(turned)[:5]) + (", ..." if count > 5 else "")
    are = "is" if count == 1 else "are"
    warn(
        f"sign= says {said!r} of {names}, which {are} annotated positive={annotated!r}: sign= was "
        "followed, so leave it out if the annotation is right."
    )
