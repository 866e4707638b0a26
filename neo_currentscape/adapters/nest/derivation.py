"""The signals of currents that NEST does not record, computed from what it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.nest import left_out, remainder
from neo_currentscape.adapters.nest.derived import Derived
from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.adapters.nest.left_out import LeftOut
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions.errors import ArgumentError, unknown_name


def add_derived(writer: Writer, group: Group, wanted: bool | Sequence[str] | None) -> list[LeftOut]:
    """Add the currents that NEST does not record.

    Parameters
    ----------
    writer : Writer
    group : Group
    wanted : bool, sequence of str or None
        All, none, or those named; None for all that can be computed.

    Returns
    -------
    list of LeftOut
        The currents that could not be computed.

    Raises
    ------
    SelectionError, ArgumentError
        When a current that was asked for cannot be computed; says what to record or give.
    """
    if group.model is None or wanted is False:
        if not isinstance(wanted, bool) and wanted:
            raise ArgumentError(
                f"Currents can be derived for models of the table only, not for {group.name!r}: leave "
                "derived=... out."
            )
        return []
    possible = group.model.derivable(left_out.possible_variables(group))
    if wanted is not None and wanted is not True:
        possible = _named(possible, [wanted] if isinstance(wanted, str) else list(wanted), group)
    missing = []
    for current in possible:
        reason = left_out.of_derived(group, current)
        if reason is None:
            _add_current(writer, group, current)
        elif wanted:
            raise reason.error()
        else:
            missing.append(reason)
    return missing


def add_rest(
    writer: Writer, group: Group, wanted: bool | Sequence[str] | None, known: bool
) -> list[LeftOut]:
    """Add the synaptic current of which NEST records nothing, after all others.

    Parameters
    ----------
    writer, group, wanted
        As for `add_derived`.
    known : bool
        Whether it is known what electrodes inject.

    Returns
    -------
    list of LeftOut
        With it, where it cannot be told.
    """
    if group.model is None or not group.model.unrecorded or wanted is False:
        return []
    if wanted is not None and wanted is not True and remainder.NAME not in wanted:
        return []
    reason = remainder.reason_against(writer, group, known)
    if reason is None:
        remainder.add_remainder(writer, group)
        return []
    return [LeftOut(str(group.name), remainder.NAME, sentence=reason)]


def _named(possible: Sequence[Derived], names: Sequence[str], group: Group) -> list[Derived]:
    by_name = {current.name for current in possible}
    assert group.model is not None
    if group.model.unrecorded:
        names = [name for name in names if name != remainder.NAME]
    for name in names:
        if name not in by_name:
            raise unknown_name(f"derived current of {group.name}", name, sorted(by_name))
    return [current for current in possible if current.name in names]


def _add_current(writer: Writer, group: Group, current: Derived) -> None:
    assert group.model is not None
    recorded = group.recorded
    names = [*current.needs, *(name for name in current.optional if name in recorded)]
    nodes = recorded[names[0]]
    for name in names[1:]:
        nodes = np.intersect1d(nodes, recorded[name]) if recorded[name] is not nodes else nodes
    writer.add(
        current.name,
        current.formula(group.means(names, nodes), group.of(nodes, current.parameters)),
        group.model.currents,
        current.role,
        "inward" if current.role == "axial" else "outward",
        neurons=nodes,
        site=current.site,
        derived=True,
    )


def add_gaps(writer: Writer, group: Group, current: np.ndarray | None) -> None:
    """Add the current through gap junctions, outward positive; nothing where it is None."""
    if current is not None:
        current = steps.of_smooth(current) if group.sampling.number == 1 else steps.straight().mean(current)
        writer.add("I_gap", current, "pA", "current", "outward", neurons=group.nodes, derived=True)
