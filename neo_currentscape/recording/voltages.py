"""Which of several recorded voltages is the membrane potential of the place that the currents are of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neo_currentscape.conventions import roles
from neo_currentscape.conventions.errors import SelectionError, warn
from neo_currentscape.recording.inventory import Variable
from neo_currentscape.recording.match import describe
from neo_currentscape.recording.regions import section_of


def membrane_potential(
    variables: Sequence[Variable], site: str | None, everything: Sequence[Variable]
) -> list[Variable]:
    """Choose the membrane potential where the caller does not name it.

    What is annotated with the site of the currents goes before what names no site; then what is named
    after the site ("vdend" for "dend"), and then what has one of the usual names.

    Parameters
    ----------
    variables : sequence of Variable
        Those at the site, without those that are currents.
    site : str or None
        Where the currents were recorded.
    everything : sequence of Variable
        For the error, what there is.

    Returns
    -------
    list of Variable
        Several only where they hold one variable of different neurons.

    Raises
    ------
    SelectionError
        When there is none, or nothing tells which.

    Warns
    -----
    CurrentscapeWarning
        When another voltage could be meant as well.
    """
    found = [v for v in variables if v.role == "voltage"]
    if not found:
        raise SelectionError(
            f"No signal has the unit of a voltage ({describe(everything)}): name it with voltage=..., "
            "or write voltage=False to do without."
        )
    if site is not None:
        found = [v for v in found if v.site == site] or found
        found = [v for v in found if _is_named_after(v, section_of(site))] or found
    if _is_one(found):
        return found
    usual = [v for v in found if roles.looks_like_membrane_potential(v.short_name)]
    if not _is_one(usual):
        _refuse(usual or found)
    _warn_of_others(usual[0], [v for v in found if not any(v is one for one in usual)], site)
    return usual


def _is_one(found: Sequence[Variable]) -> bool:
    return len({(v.name, v.site) for v in found}) == 1


def _is_named_after(variable: Variable, section: str) -> bool:
    pattern = rf"(v|vm|v_m|voltage|potential)[_ ]?{re.escape(section)}"
    return bool(re.fullmatch(pattern, variable.short_name, re.IGNORECASE))


def _refuse(found: Sequence[Variable]) -> None:
    place = ", or the place with site=..." if len({v.site for v in found}) > 1 else ""
    raise SelectionError(
        f"Several signals could be the membrane potential ({describe(found)}): name it with "
        f"voltage=...{place}."
    )


def _warn_of_others(taken: Variable, left: Sequence[Variable], site: str | None) -> None:
    doubtful = [v.name for v in left if roles.may_be_membrane_potential(v.short_name)]
    if not doubtful:
        return
    place = "name no site" if site is None else f"are of site {site!r}"
    warn(
        f"The membrane potential is taken to be {taken.name!r}, though "
        f"{', '.join(map(repr, doubtful[:5]))} could be it as well and the currents {place}: write "
        f"voltage={taken.name!r} or voltage={doubtful[0]!r}."
    )
