"""The signals of currents that NEST does not record, computed from what it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neo_currentscape.adapters import steps
from neo_currentscape.adapters.nest.derived import Derived
from neo_currentscape.adapters.nest.group import Group
from neo_currentscape.adapters.signals import Writer
from neo_currentscape.conventions.errors import ArgumentError, SelectionError, unknown_name, warn


def add_derived(writer: Writer, group: Group, wanted: bool | Sequence[str] | None) -> list[str]:
    """Add the currents that NEST does not record.

    Parameters
    ----------
    writer : Writer
    group : Group
    wanted : bool, sequence of str or None
        All, none, or those named; None for all that can be computed.

    Returns
    -------
    list of str
        A sentence for each current that could not be computed.

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
    possible = group.model.derivable(group.recorded)
    if wanted is not None and wanted is not True:
        possible = _named(possible, [wanted] if isinstance(wanted, str) else list(wanted), group)
    missing = []
    for current in possible:
        reason = _not_derivable(group, current)
        if reason is None:
            _add_current(writer, group, current)
        elif wanted:
            raise reason
        else:
            missing.append((str(reason), isinstance(reason, SelectionError)))
    _warn(group, missing)
    return [text for text, _ in missing]


def _named(possible: Sequence[Derived], names: Sequence[str], group: Group) -> list[Derived]:
    by_name = {current.name for current in possible}
    for name in names:
        if name not in by_name:
            raise unknown_name(f"derived current of {group.name}", name, sorted(by_name))
    return [current for current in possible if current.name in names]


def _not_derivable(group: Group, current: Derived) -> SelectionError | ArgumentError | None:
    absent = [name for name in current.needs if name not in group.recorded]
    if absent:
        listed = ", ".join(repr(name) for name in absent)
        return SelectionError(
            f"{current.name} of {group.name} needs {listed}, which was not recorded: create the multimeter "
            f"with record_from=[..., {listed}]."
        )
    unknown = [name for name in current.parameters if name not in group.parameters]
    if unknown:
        listed = ", ".join(repr(name) for name in unknown)
        return ArgumentError(
            f"{current.name} of {group.name} needs the parameters {listed}: pass the live multimeter, "
            f"or write parameters=neurons.get([{listed}])."
        )
    return None


def _warn(group: Group, missing: Sequence[tuple[str, bool]]) -> None:
    if not group.told or not missing:
        return
    others = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    warn(
        f"A current of the model is left out: {missing[0][0]}{others} Write derived=False, or name those "
        "wanted with derived=[...], if that is what you want."
    )


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
